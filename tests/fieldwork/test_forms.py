"""The questionnaires: valid XLSForms whose answers fill the tables, column by column."""

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pyxform.errors import PyXFormError
from pyxform.validators.odk_validate import ODKValidateError
from pyxform.xls2xform import convert

from auditlib.cli import main
from auditlib.fieldwork.forms import Form, form_sheets, make_forms
from auditlib.files.writing import SheetOut, workbook_bytes
from auditlib.params.reading import read
from auditlib.plan import Plan
from auditlib.tables import TABLES
from tests.conftest import ROOT, Project

VALUES = read(ROOT / "params" / "plan.yaml", "params/plan.yaml").values
PLAN = Plan.model_validate(VALUES)
FORMS = {form.id: form for form in make_forms(PLAN, version="2019022801", year=2018)}

BY_PARENT = {
    ("visit_persons", "visit_id"),
    ("recognition", "visit_id"),
    ("screening_households", "unit"),
    ("screening_households", "phase"),
    ("policy_lines", "village"),
}
BY_POSITION = {("household_visits", "latitude"), ("household_visits", "longitude")}
BY_CODE = {
    ("village_checks", "item"),
    ("policy_lines", "line"),
    ("documents", "document"),
    ("county_services", "service"),
}


def content(form: Form) -> bytes:
    return workbook_bytes([SheetOut(s.name, s.headings, s.rows) for s in form_sheets(form)])


def changed(**values: object) -> Form:
    """Return the household form under a plan with a changed section."""
    plan = Plan.model_validate({**VALUES, **values})
    return make_forms(plan, version="2019022802", year=2018)[0]


@pytest.mark.parametrize("name", FORMS)
def test_odk_validate_accepts_every_questionnaire(name: str, tmp_path: Path) -> None:
    """pyxform converts it without a warning, and ODK Validate finds no fault."""
    if shutil.which("java") is None:
        pytest.skip("no Java on this machine: ODK Validate was NOT run on the questionnaires")
    path = tmp_path / f"{name}.xlsx"
    path.write_bytes(content(FORMS[name]))

    done = convert(str(path), validate=True)

    assert done.warnings == []
    assert 'version="2019022801"' in done.xform


def test_odk_validate_would_refuse_a_broken_condition(tmp_path: Path) -> None:
    if shutil.which("java") is None:
        pytest.skip("no Java on this machine: ODK Validate was NOT run")
    survey, choices, settings = form_sheets(FORMS["interview"])
    at = survey.headings.index("relevant")
    rows = [list(row) for row in survey.rows]
    rows[-1][at] = "nonsense(("
    path = tmp_path / "broken.xlsx"
    sheets = [SheetOut("survey", survey.headings, rows)]
    sheets += [SheetOut(s.name, s.headings, s.rows) for s in (choices, settings)]
    path.write_bytes(workbook_bytes(sheets))

    with pytest.raises((PyXFormError, ODKValidateError)):
        convert(str(path), validate=True)


@pytest.mark.parametrize("name", FORMS)
def test_answers_and_columns_map_one_to_one(name: str) -> None:
    """Each column of a form's tables is filled by one question, or from its parent or position."""
    form = FORMS[name]
    targets = list(form.fields().values())

    assert len(set(targets)) == len(targets)
    for table in form.tables:
        columns = {c.name for c in TABLES[table].columns}
        asked = {t.column for t in targets if t.table == table}
        assert asked <= columns
        known = {c for t, c in BY_PARENT | BY_POSITION | BY_CODE if t == table}
        assert asked | known == columns, table


@pytest.mark.parametrize("name", FORMS)
def test_a_question_is_named_after_its_column(name: str) -> None:
    form = FORMS[name]
    for question, field in form.fields().items():
        key = next((k for k in TABLES[field.table].key if k != "village"), "")
        names = {field.column, f"{field.table}_{field.column}"}
        if field.code:
            names = {f"{key}_{field.code}_{field.column}"}
        assert question in names


@pytest.mark.parametrize("name", FORMS)
def test_names_are_ascii_and_stand_once(name: str) -> None:
    form = FORMS[name]
    names = [q.name for q in form.questions if not q.type.startswith("end_")]

    assert len(set(names)) == len(names)
    codes = [code for choices in form.choices.values() for code in choices]
    for text in (*names, *codes, *form.choices):
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", text), text


def _labels(form: Form, language: str) -> Iterator[tuple[str, str]]:
    for question in form.questions:
        if question.label and question.type != "note" and not question.type.startswith("begin"):
            yield question.name, question.label[language]


@pytest.mark.parametrize("name", FORMS)
def test_two_questions_never_read_the_same(name: str) -> None:
    """An export with labels for headings can be matched, in every language."""
    form = FORMS[name]
    for language in form.languages:
        labels = [label for _, label in _labels(form, language)]
        assert len(set(labels)) == len(labels), [x for x in labels if labels.count(x) > 1]


@pytest.mark.parametrize("name", ["household", "recheck", "interview"])
def test_korean_stands_beside_chinese_and_english(name: str) -> None:
    """Four of the six counties are Korean-speaking: no word of these forms lacks Korean."""
    form = FORMS[name]
    words = [q.label for q in form.questions] + [q.hint for q in form.questions]
    words += [q.message for q in form.questions]
    words += [label for choices in form.choices.values() for label in choices.values()]
    lacking = [w.en for w in words if w is not None and not re.search("[가-힣]", w.ko)]
    assert lacking == []


def test_members_of_school_age_are_asked_about_school() -> None:
    """R035: who is asked follows the ages of the plan, and excuses call for a proof."""
    household = FORMS["household"]
    assert household.question("school_status").relevant == "${age} >= 6 and ${age} <= 15"
    assert "'home_teaching'" in household.question("school_proof").relevant

    older = {**VALUES["standards"]["schooling"]}
    older["tests"] = {"in_school": {**older["tests"]["in_school"], "ages": [6, 17]}}
    form = changed(standards={**VALUES["standards"], "schooling": older})

    assert form.question("school_status").relevant == "${age} >= 6 and ${age} <= 17"
    assert content(form) != content(FORMS["household"])


def test_housing_questions_follow_the_kind_of_house() -> None:
    """R039, R040: moving in is asked of relocated and renovated households, completion of these."""
    household = FORMS["household"]
    moved = household.question("moved_in").relevant
    assert "'relocated'" in moved
    assert "'renovated'" in moved
    assert household.question("completed").relevant == "${housing_kind} = 'renovated'"


def test_amounts_of_food_are_those_of_the_plan() -> None:
    """R030, R031: 500 g of staple food, 500 g of vegetables, about 100 g of protein foods."""
    food = {**VALUES["standards"]["food"]}
    food["amounts"] = {**food["amounts"], "staple_grams": 450}
    form = changed(standards={**VALUES["standards"], "food": food})

    assert "500克" in FORMS["household"].question("staple").label.zh
    assert "450克" in form.question("staple").label.zh


def test_recognition_is_asked_of_the_kinds_and_objects_of_the_plan() -> None:
    """R025: policies, measures, results and exit, of lifted, still poor and unregistered."""
    form = changed(
        recognition={**VALUES["recognition"], "objects": ["policies", "exit"], "kinds": ["lifted"]}
    )
    names = {q.name for q in form.questions}
    assert {"recognition_policies", "exit", "overall"} <= names
    assert not {"measures", "results"} & names
    border = next(q for q in form.questions if q.type == "begin_group" and q.name == "recognition")
    assert "still_poor" not in border.relevant


def test_an_interview_is_not_dated_before_the_evaluation_opens() -> None:
    """R077, R078: the window opens with step 4 of the plan; six classes, six topics."""
    form = FORMS["interview"]
    assert "date('2018-12-01')" in form.question("date").constraint
    assert set(form.choices["interview_classes"]) == set(PLAN.interviews.classes)
    assert set(form.choices["interview_topics"]) == set(PLAN.interviews.topics)


def test_a_document_lacks_only_sections_that_it_must_have() -> None:
    form = FORMS["county"]
    for code, document in PLAN.documents.items():
        assert set(form.choices.get(f"sections_{code}", ())) == set(document.sections)


def test_every_form_logs_its_making_and_asks_no_name() -> None:
    """R009, R119: times, an audit log, a position and pictures; nobody's name or number."""
    for form in FORMS.values():
        types = {q.type for q in form.questions}
        assert {"start", "end", "audit"} <= types
        assert not types & {"username", "phonenumber", "email", "deviceid"}
    household = {q.type for q in FORMS["household"].questions}
    assert {"geopoint", "image", "begin_repeat"} <= household


def test_the_same_plan_gives_the_same_bytes(project: Project, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        assert main(["forms", "--round", project.round, "--out", folder]) == 0
    one, two = (
        {p.relative_to(tmp_path / f): p.read_bytes() for p in (tmp_path / f).rglob("*.*")}
        for f in ("one", "two")
    )
    assert one == two
    assert len([p for p in one if p.suffix == ".xlsx"]) == len(FORMS)
    book = load_workbook(tmp_path / "one" / "household.xlsx")
    assert book.sheetnames == ["survey", "choices", "settings"]
    assert "合成数据，仅供演示" in book["settings"]["A2"].value


def test_a_changed_rule_needs_a_new_version(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["forms", "--round", project.round, "--out", "forms"]
    assert main(command) == 0
    assert main(command) == 0
    schooling = {"tests": {"in_school": {"ages": [6, 16]}}}
    project.change("plan", standards={"schooling": schooling})

    assert main(command) == 2
    assert "--revision 2" in capsys.readouterr().err
    assert main([*command, "--revision", "2"]) == 0
    kept = load_workbook(Path("forms/earlier/2019042001/household.xlsx"))
    now = load_workbook(Path("forms/household.xlsx"))
    assert kept["settings"]["C2"].value == "2019042001"
    assert now["settings"]["C2"].value == "2019042002"
    old = Path("forms/earlier/2019042001/interview.xlsx").read_bytes()
    assert old != Path("forms/interview.xlsx").read_bytes()


def test_lists_bear_study_identifiers_and_no_names(project: Project) -> None:
    """R075: what a tablet carries are study identifiers of the draw, reserves in order."""
    assert main(["forms", "--round", project.round, "--out", "forms"]) == 0
    folder = Path("forms/lists") / project.county / "first"
    with (folder / "households.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert all(re.fullmatch(r"H-[0-9a-f]{12}", row["name"]) for row in rows)
    registry = (project.data / "registry_persons.csv").read_text("utf-8-sig")
    names = {line.split(",")[2] for line in registry.splitlines()[2:]}
    text = "".join(path.read_text("utf-8") for path in folder.iterdir())
    assert not [name for name in names if len(name) > 1 and name in text]
    assert {row["reserve"] for row in rows} == {"yes", "no"}


def test_a_sealed_round_tells_no_drawn_unit(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """R127: while the sample is sealed, questionnaires go out without lists."""
    project.change("rounds/golden", state="sealed")

    assert main(["forms", "--round", project.round, "--out", "forms"]) == 0

    assert not Path("forms/lists").exists()
    assert "sealed" in capsys.readouterr().err


def test_sealed_lists_never_stand_among_published_results(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """R127: a folder under outputs/ is refused, and nothing is written there."""
    project.change("rounds/golden", state="sealed")
    command = ["forms", "--round", project.round, "--sealed-lists", "--out"]

    assert main([*command, "outputs/golden/forms"]) == 2

    assert "no sealed list" in capsys.readouterr().err
    assert not Path("outputs/golden/forms").exists()
    assert main([*command, "team"]) == 0
    assert (Path("team/lists") / project.county / "first/households.csv").is_file()
