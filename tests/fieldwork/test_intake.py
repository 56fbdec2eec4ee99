"""Exports into tables: every server's way of writing the same, and no row lost on the way."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from auditlib.cli import main
from auditlib.fieldwork.intake import (
    ExportSheet,
    Taken,
    layouts_of,
    mapped_layouts,
    reconcile,
    settle,
    table_layouts,
    take,
)
from auditlib.fieldwork.intake.values import day_of, time_of
from auditlib.files.exports import read_exports
from auditlib.pipeline import open_audit
from auditlib.problems import InputError
from tests.conftest import Project
from tests.fieldwork import servers
from tests.fieldwork.servers import Submission
from tests.fieldwork.test_forms import FORMS, PLAN

LAYOUTS = (*layouts_of(FORMS.values()), *table_layouts())
CODES = PLAN.codelists()
HOUSEHOLD = FORMS["household"]

VISIT = {
    "started": "2019-03-05T09:30:12.123+08:00",
    "ended": "2019-03-05T10:02:00.000+08:00",
    "phase": "first",
    "form_version": "2019022801",
    "enumerator": "E011",
    "village": "990001100200",
    "kind": "lifted",
    "study_id": "H-001122334455",
    "disposition": "completed",
    "location": "45.12345 123.4567 140.0 4.5",
    "income": "5400",
    "income_stable": "yes",
    "protein": "weekly",
    "food_source": "own bought",
    "water_quantity": "met",
    "policies": "health housing water",
    "recognition_policies": "recognise",
    "measures": "basically",
    "results": "not",
    "exit": "no_answer",
    "overall": "recognise",
    "persons": "2",
    "others_present": "none",
    "coached": "no",
    "note": "说明，“引号”；分号\n第二行",
}
MEMBERS = (
    {"line": "1", "age": "40", "registered": "yes", "chronic": "yes", "chronic_aid": "no"},
    {"line": "2", "age": "9", "registered": "no", "school_status": "home_teaching"},
)


def visit(number: int, members: int = 2, **answers: str) -> Submission:
    own = {**VISIT, "visit_id": f"F{number:012d}", **answers}
    return Submission(f"aaaa-{number:04d}", number, own, {"visit_persons": MEMBERS[:members]})


VISITS = [visit(1), visit(2, members=1), visit(3, kind="still_poor", note="")]


def taken(tmp_path: Path, files: dict[str, bytes], source: str = "") -> Taken:
    paths = []
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        paths.append(tmp_path / name)
    return take(read_exports(paths), LAYOUTS, CODES, source=source)


def content(found: Taken) -> dict[str, Any]:
    """Return what the tables say, without where it came from."""
    return {
        name: table[[c for c in table if not c.startswith("_")]].to_dict("records")
        for name, table in found.tables.items()
    }


@pytest.fixture
def expected(tmp_path: Path) -> dict[str, Any]:
    return content(taken(tmp_path, {"odk.zip": servers.zipped(servers.odk(HOUSEHOLD, VISITS))}))


def test_a_central_zip_fills_visits_members_and_recognition(expected: dict[str, Any]) -> None:
    assert {name: len(rows) for name, rows in expected.items()} == {
        "household_visits": 3,
        "visit_persons": 5,
        "recognition": 3,
    }
    first = expected["household_visits"][0]
    assert first["visit_id"] == "F000000000001"
    assert first["started"] == "2019-03-05 09:30:12"
    assert (first["latitude"], first["longitude"]) == ("45.12345", "123.4567")
    assert first["policies"] == "health housing water"
    assert first["note"] == VISIT["note"]
    assert expected["recognition"][0]["policies"] == "recognise"
    member = expected["visit_persons"][1]
    assert (member["visit_id"], member["line"]) == ("F000000000001", "2")


def _kobo(**options: Any) -> Callable[[], dict[str, bytes]]:
    return lambda: {"kobo.xlsx": servers.workbook(servers.kobo_rows(HOUSEHOLD, VISITS, **options))}


def _kobo_csv() -> dict[str, bytes]:
    rows = servers.kobo_rows(HOUSEHOLD, VISITS)
    names = ("household.csv", "visit_persons.csv")
    return {
        name: servers.text_csv(r, ";", bom=True)
        for name, r in zip(names, rows.values(), strict=True)
    }


DIALECTS: dict[str, Callable[[], dict[str, bytes]]] = {
    "odk_without_groups_and_split": lambda: servers.odk(
        HOUSEHOLD, VISITS, groups=False, split=True
    ),
    "kobo_names": _kobo(),
    "kobo_names_without_uuid_and_groups": _kobo(uuid=False, separator=""),
    "kobo_one_column_a_choice": _kobo(select="details"),
    "kobo_choices_in_one_column": _kobo(select="summary"),
    "kobo_chinese_labels": _kobo(labels="zh"),
    "kobo_english_labels_one_column_a_choice": _kobo(labels="en", select="details"),
    "kobo_english_labels_with_blanks_in_one_column": _kobo(labels="en", select="summary"),
    "kobo_korean_labels": _kobo(labels="ko"),
    "kobo_csv_with_semicolons_and_mark": _kobo_csv,
    "surveycto_wide": lambda: {"scto.csv": servers.surveycto(HOUSEHOLD, VISITS)},
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_server_says_the_same(dialect: str, expected: dict[str, Any], tmp_path: Path) -> None:
    """Names or labels, one or many columns for a choice, repeats apart or beside: one result."""
    found = taken(tmp_path, DIALECTS[dialect]())

    assert content(found) == expected
    assert {h.role for h in found.headings} & {"unknown", "private"} == set()
    assert sum(use.set_aside for use in found.sheets) == 0


def test_the_second_form_of_surveycto_dates_is_read(tmp_path: Path) -> None:
    """Month first, as SurveyCTO's own import scripts read it (`MDYhm`)."""
    found = taken(tmp_path, {"s.csv": servers.surveycto(HOUSEHOLD, VISITS, seconds=False)})

    assert set(found.tables["household_visits"]["started"]) == {"2019-03-05 09:30:00"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Jan 5, 2019 3:04:05 PM", "2019-01-05 15:04:05"),
        ("Mar 5, 2019 12:00:01 AM", "2019-03-05 00:00:01"),
        ("2019年3月5日 下午3:04:05", "2019-03-05 15:04:05"),
        ("2019-03-05T23:30:00.000Z", "2019-03-06 07:30:00"),
        ("2019-03-05T09:30:12.123+08", "2019-03-05 09:30:12"),
        ("2019-03-05T09:30:12", "2019-03-05T09:30:12"),
        ("3/13/2019 1:02 PM", "3/13/2019 1:02 PM"),
        ("Jan 35, 2019 3:04:05 PM", "Jan 35, 2019 3:04:05 PM"),
        ("43529.4", "43529.4"),
    ],
)
def test_times_become_one_form_and_none_is_guessed(text: str, wanted: str) -> None:
    assert time_of(text) == wanted


def test_days_become_one_form() -> None:
    assert day_of("Feb 28, 2019") == "2019-02-28"
    assert day_of("2/28/2019", months_first=True) == "2019-02-28"
    assert day_of("2/3/2019") == "2/3/2019"


def test_a_column_with_days_first_is_not_read_with_months_first(tmp_path: Path) -> None:
    rows = servers.surveycto(HOUSEHOLD, VISITS, seconds=False).decode()
    rows = rows.replace("3/5/2019 9:30 AM", "25/3/2019 9:30 AM", 1)

    found = taken(tmp_path, {"s.csv": rows.encode()})

    started = list(found.tables["household_visits"]["started"])
    assert started == ["25/3/2019 9:30 AM", "3/5/2019 9:30 AM", "3/5/2019 9:30 AM"]


def test_several_form_versions_stand_side_by_side(tmp_path: Path) -> None:
    """A question moved to another group, one added, one dropped: matched by heading."""
    old = (
        "KEY,FormVersion,cover-visit_id,phase,study_id,kind,village,disposition,enumerator,started"
    )
    old += ",food-staple,diet-staple"
    row = ",first,H-1,lifted,990001100200,completed,E011,2019-03-05T09:00:00.000+08:00"
    lines = [
        old,
        f"uuid:1,2019022801,V1{row},yes,",
        f"uuid:2,2019022802,V2{row},,no",
        f"uuid:3,2019022802,V3{row},yes,no",
    ]
    found = taken(tmp_path, {"h.csv": "\n".join(lines).encode()})

    table = found.tables["household_visits"]
    assert list(table["staple"][:2]) == ["yes", "no"]
    assert list(table["_version"]) == ["2019022801", "2019022802", "2019022802"]
    assert list(table["_reason"]) == ["", "", "two_answers"]


def test_a_row_without_its_parent_is_set_aside_not_dropped(tmp_path: Path) -> None:
    files = servers.odk(HOUSEHOLD, VISITS)
    lines = files["household.csv"].decode().split("\r\n")
    files["household.csv"] = servers.text_csv([])
    import csv

    rows = list(csv.reader("\r\n".join(lines).splitlines(keepends=True)))
    files["household.csv"] = servers.text_csv([r for r in rows if "F000000000002" not in r])

    found = taken(tmp_path, files)

    members = found.tables["visit_persons"]
    assert len(members) == 5
    assert list(members["_reason"]).count("no_parent") == 1
    lines_ = reconcile(settle([found]), _all_fine([found]))
    line = next(x for x in lines_ if x.table == "visit_persons" and x.quarantined)
    assert (line.quarantined, line.set_aside) == (1, 1)


def test_an_orphan_neither_supersedes_a_good_row_nor_stays_when_its_visit_comes(
    tmp_path: Path,
) -> None:
    whole = taken(tmp_path, servers.odk(HOUSEHOLD, VISITS[:1]))
    files = servers.odk(HOUSEHOLD, VISITS[:1])
    files["household.csv"] = files["household.csv"].split(b"\r\n")[0] + b"\r\n"
    orphans = taken(tmp_path, files)

    for order in ([whole, orphans], [orphans, whole]):
        settled = settle(order)
        assert len(settled.current("visit_persons")) == 2
        states = list(settled.rows["visit_persons"]["_state"])
        assert sorted(states) == ["current", "current", "superseded", "superseded"]


def _all_fine(imports: list[Taken]) -> dict[str, list[bool]]:
    settled = settle(imports)
    return {t: [True] * len(settled.current(t)) for t in settled.rows if t != "unplaced"}


def test_members_of_a_filtered_kobo_sheet_find_their_visit_by_its_id(tmp_path: Path) -> None:
    """`_index` lies after sorting or filtering in Excel; `_submission__id` does not."""
    rows = servers.kobo_rows(HOUSEHOLD, VISITS)
    main_rows = next(iter(rows.values()))
    main_rows[1], main_rows[3] = main_rows[3], main_rows[1]
    at = main_rows[0].index("_index")
    for i, row in enumerate(main_rows[1:], 1):
        row[at] = str(i)

    found = taken(tmp_path, {"k.xlsx": servers.workbook(rows)})

    members = found.tables["visit_persons"]
    assert list(members["visit_id"].value_counts().sort_index()) == [2, 1, 2]


def test_rejected_and_encrypted_submissions_are_set_aside_with_their_members(
    tmp_path: Path,
) -> None:
    visits = [replace(VISITS[0], review="rejected"), VISITS[1]]
    found = taken(tmp_path, servers.odk(HOUSEHOLD, visits))

    assert list(found.tables["household_visits"]["_reason"]) == ["rejected_review", ""]
    assert list(found.tables["visit_persons"]["_reason"]) == ["parent_set_aside"] * 2 + [""]


def test_personal_columns_are_recognised_and_left_behind(tmp_path: Path) -> None:
    """R119, A50: a name, a number or a telephone in an export reaches no table."""
    files = servers.odk(HOUSEHOLD, VISITS[:1])
    text = files["household.csv"].decode()
    head, row = text.split("\r\n")[:2]
    extra = "户主姓名,respondent_name,phone_number,id_card,cover-head_name"
    row = text[len(head) + 2 :].rstrip("\r\n")
    files["household.csv"] = (
        f"{head},{extra}\r\n{row},王大明,王大明,13912345678,110101,王二\r\n".encode()
    )

    found = taken(tmp_path, files)

    roles = {h.heading: h.role for h in found.headings}
    for heading in extra.split(","):
        assert roles[heading] == "private"
    told = "".join(table.to_csv() for table in found.tables.values())
    assert not {"王大明", "王二", "13912345678"} & set(told.replace("\n", ",").split(","))


def test_a_form_of_ones_own_goes_where_the_map_says(tmp_path: Path) -> None:
    text = "q1;q2;GPS spot;_id;_index;_uuid\nV-9;lifted;45.1 123.4 0 0;77;1;\n"
    (tmp_path / "own.csv").write_text(text, "utf-8")
    mapped = mapped_layouts(
        [
            ("q1", "household_visits", "study_id"),
            ("q2", "household_visits", "kind"),
            ("GPS spot", "household_visits", "location"),
        ]
    )

    found = take(read_exports([tmp_path / "own.csv"]), (*mapped, *LAYOUTS), CODES)

    row = found.tables["household_visits"].iloc[0]
    assert (row["study_id"], row["kind"], row["latitude"]) == ("V-9", "lifted", "45.1")


def test_village_and_county_forms_give_a_row_for_every_item(tmp_path: Path) -> None:
    """R047, R048: eight items and eleven policy lines, each a row of its table."""
    form = FORMS["village"]
    answers = {"village": "990001100200"}
    for code in PLAN.village_items:
        answers |= {f"item_{code}_before": "unmet", f"item_{code}_after": "met"}
        answers |= {f"item_{code}_change": "clear"}
    answers |= {"line_health_site_seen": "yes", "line_health_eligible": "9"}
    answers |= {"line_health_covered": "8"}

    found = taken(tmp_path, servers.odk(form, [Submission("v1", 1, answers)]))

    checks, lines = found.tables["village_checks"], found.tables["policy_lines"]
    assert set(checks["item"]) == set(PLAN.village_items)
    assert set(checks["after"]) == {"met"}
    assert list(lines["line"]) == ["health"]
    assert set(lines["village"]) == {"990001100200"}


def test_a_submission_without_an_answer_is_kept_and_counted(tmp_path: Path) -> None:
    form = FORMS["village"]
    found = taken(tmp_path, servers.odk(form, [Submission("v1", 1, {"village": "990001100200"})]))

    assert list(found.tables["unplaced"]["_reason"]) == ["no_answers"]
    assert [use.set_aside for use in found.sheets] == [1]


def test_screened_households_take_unit_and_phase_from_their_group(tmp_path: Path) -> None:
    form = FORMS["screening"]
    answers = {"phase": "first", "village": "990001100200", "unit": "G-990001100200-01"}
    answers |= {"group": "01", "population": "80", "households": "30", "source": "公安"}
    answers |= {"complete": "yes", "method": "census"}
    homes = [{"study_id": "U-990001100200-01-001", "persons": "2", "risks": "disabled no_labour"}]
    submission = Submission("s1", 1, answers, {"screening_households": homes})

    for files in (
        servers.odk(form, [submission]),
        {"s.csv": servers.surveycto(form, [submission])},
    ):
        found = taken(tmp_path, files)
        home = found.tables["screening_households"].iloc[0]
        assert (home["unit"], home["phase"]) == ("G-990001100200-01", "first")
        assert home["risks"] == "disabled no_labour"


def _sheets(found: dict[str, bytes], tmp_path: Path) -> Taken:
    return taken(tmp_path, found)


def test_a_later_export_adds_and_supersedes_and_keeps_history(tmp_path: Path) -> None:
    first = _sheets(servers.odk(HOUSEHOLD, VISITS[:2]), tmp_path)
    edited = replace(VISITS[0], answers={**VISITS[0].answers, "income": "1"}, edits=1)
    later = [edited, VISITS[1], replace(VISITS[2], submitted="2019-03-07T02:11:12.345Z")]
    second = _sheets(servers.odk(HOUSEHOLD, later), tmp_path)

    settled = settle([first, second])

    assert list(settled.current("household_visits")["income"]) == ["1", "5400", "5400"]
    lines = {x.table: x for x in reconcile(settled, _all_fine([first, second]))}
    visits = lines["household_visits"]
    assert (visits.exported, visits.accepted, visits.superseded, visits.again) == (4, 3, 1, 1)
    assert len(settled.current("visit_persons")) == 5


def test_an_older_export_taken_in_late_supersedes_nothing(tmp_path: Path) -> None:
    changed = {**VISITS[0].answers, "income": "1"}
    old = _sheets(servers.odk(HOUSEHOLD, [VISITS[0]]), tmp_path)
    new = _sheets(
        servers.odk(
            HOUSEHOLD,
            [
                replace(VISITS[0], answers=changed),
                replace(VISITS[1], submitted="2019-03-09T01:00:00.000Z"),
            ],
        ),
        tmp_path,
    )

    for order in ([old, new], [new, old]):
        assert list(settle(order).current("household_visits")["income"]) == ["1", "5400"]


def test_a_deleted_submission_still_counts_and_is_named(tmp_path: Path) -> None:
    first = _sheets(servers.odk(HOUSEHOLD, VISITS), tmp_path)
    second = _sheets(servers.odk(HOUSEHOLD, VISITS[1:]), tmp_path)

    settled = settle([first, second])

    assert settled.gone["household_visits"] == ("key aaaa-0001",)
    assert len(settled.current("household_visits")) == 3


def test_two_submissions_of_one_visit_are_left_for_people_to_settle(tmp_path: Path) -> None:
    twice = [VISITS[0], replace(VISITS[0], uuid="bbbb", number=9)]

    settled = settle([_sheets(servers.odk(HOUSEHOLD, twice), tmp_path)])

    assert len(settled.current("household_visits")) == 2


TEXT = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=12
)
CELLS = st.sampled_from(
    ["", "uuid:1", "uuid:2", "uuid:1/visit_persons[1]", "1", "2", "yes", "lifted", "F1", "n/a"]
)
HEADS = st.sampled_from(
    [
        "KEY",
        "PARENT_KEY",
        "_index",
        "_parent_index",
        "_id",
        "_uuid",
        "_submission__id",
        "visit_id",
        "cover-kind",
        "study_id",
        "phase",
        "village",
        "disposition",
        "enumerator",
        "started",
        "age",
        "age_1",
        "registered",
        "line",
        "policies/health",
        "location-Latitude",
        "姓名",
    ]
)


@st.composite
def sheets(draw: st.DrawFn) -> ExportSheet:
    heads = draw(st.lists(HEADS | TEXT, max_size=14))
    rows = draw(st.lists(st.lists(CELLS | TEXT, max_size=16), max_size=8))
    return ExportSheet(draw(TEXT), draw(TEXT), [heads, *rows])


@given(st.lists(sheets(), min_size=1, max_size=3), st.sampled_from(["", "odk", "kobo", "excel"]))
@settings(max_examples=200, deadline=None)
def test_no_sheet_loses_a_row(export: list[ExportSheet], source: str) -> None:
    """Whatever a sheet holds: rows read are rows in a table, set aside, or unplaced."""
    found = take(export, LAYOUTS, CODES, source=source)

    for use in found.sheets:
        own = found.tables.get(use.table)
        places = set() if own is None else set(own.loc[own["_file"] == use.file, "_row"])
        assert use.read == 0 or places
    held = sum(use.read for use in found.sheets)
    filled = [sum(map(bool, map(str.strip, row))) for s in export for row in s.rows]
    wide = sum(cells > 1 for cells in filled)  # a row of one cell may be a title
    assert wide - len(export) <= held <= sum(cells > 0 for cells in filled)
    settled = settle([found, found])
    for line in reconcile(settled, _all_fine([found, found])):
        assert line.exported == line.accepted + line.quarantined + line.superseded


def export(project: Project, name: str, visits: list[Submission]) -> str:
    path = project.root / name
    path.write_bytes(servers.zipped(servers.odk(HOUSEHOLD, visits)))
    return str(path)


def village(project: Project) -> str:
    book = load_workbook(project.data / "frame.xlsx", read_only=True)
    return str(list(book["行政村名单"].iter_rows(values_only=True))[2][0])


def in_county(project: Project, visits: list[Submission]) -> list[Submission]:
    here = village(project)
    return [replace(v, answers={**v.answers, "village": here}) for v in visits]


def tree(project: Project) -> dict[str, bytes]:
    return {
        str(p.relative_to(project.data)): p.read_bytes()
        for p in sorted(project.data.rglob("*"))
        if p.is_file()
    }


def test_an_export_becomes_the_countys_tables(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """R135: what the tablets hold is what `check` reads; rows that stood there before stay."""
    before = len(load_workbook(project.data / "fieldwork.xlsx")["入户调查"]["A"])
    others = load_workbook(project.data / "fieldwork.xlsx")["调查人员"]["A3"].value
    command = ["intake", "--round", project.round, "--county", project.county]

    code = main([*command, export(project, "one.zip", in_county(project, VISITS))])

    out = capsys.readouterr()
    assert code == 0, out.err
    book = load_workbook(project.data / "fieldwork.xlsx")
    assert len(book["入户调查"]["A"]) == before + 3
    assert book["调查人员"]["A3"].value == others
    assert main(["check", "--round", project.round, "--county", project.county]) == 0
    report = load_workbook(project.data / "intake" / "reconciliation.xlsx")
    rows = list(report["对账 reconciliation"].iter_rows(min_row=3, values_only=True))
    for row in rows[:-2]:
        assert row[2] == (row[3] or 0) + (row[4] or 0) + (row[5] or 0)
    assert "合成数据" in report["对账 reconciliation"]["A1"].value


def test_the_same_export_again_changes_nothing(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """R010: byte for byte, also under another name; a later one supersedes."""
    visits = in_county(project, VISITS)
    command = ["intake", "--round", project.round, "--county", project.county]
    assert main([*command, export(project, "one.zip", visits)]) == 0
    once = tree(project)

    assert main([*command, export(project, "one.zip", visits)]) == 0
    assert tree(project) == once
    assert main([*command, export(project, "one (1).zip", visits)]) == 0
    assert tree(project) == once
    assert "taken in before" in capsys.readouterr().err

    visits[0] = replace(visits[0], answers={**visits[0].answers, "income": "4321"}, edits=1)
    assert main([*command, export(project, "two.zip", visits)]) == 0
    later = tree(project)
    assert {name: later[name] for name in once if name.startswith("intake/0")} == {
        name: content_ for name, content_ in once.items() if name.startswith("intake/0")
    }
    incomes = [c.value for c in load_workbook(project.data / "fieldwork.xlsx")["入户调查"]["P"]]
    assert "4321" in incomes


def test_a_faulty_cell_is_quarantined_and_counted(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    visits = in_county(project, VISITS)
    visits[1] = replace(visits[1], answers={**visits[1].answers, "income": "一万"})
    command = ["intake", "--round", project.round, "--county", project.county, "--json"]

    assert main([*command, export(project, "one.zip", visits)]) == 1

    report = load_workbook(project.data / "intake" / "reconciliation.xlsx")
    rows = list(report["隔离 quarantine"].iter_rows(min_row=3, values_only=True))
    assert [row[1] for row in rows if row[0].startswith("入户调查")] == ["key aaaa-0002"]
    assert "一万" not in "".join(str(cell) for row in rows for cell in row)


def test_a_table_changed_by_hand_is_not_overwritten(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    visits = in_county(project, VISITS)
    command = ["intake", "--round", project.round, "--county", project.county]
    assert main([*command, export(project, "one.zip", visits)]) == 0
    project.edit("fieldwork.xlsx", "入户调查", 5, "人均纯收入", "9999")
    kept = tree(project)

    assert main([*command, export(project, "two.zip", visits[:1])]) == 2

    assert "changed by hand" in capsys.readouterr().err
    assert tree(project) == kept


def test_a_foreign_export_is_refused_in_one_sentence(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign = project.root / "foreign.csv"
    foreign.write_text("species,height,KEY\noak,3.4,uuid:1\n", "utf-8")
    kept = tree(project)

    code = main(["intake", "--round", project.round, "--county", project.county, str(foreign)])

    assert code == 2
    assert "--map" in capsys.readouterr().err
    assert tree(project) == kept


def test_a_file_that_cannot_be_opened_has_its_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "a.zip"
    broken.write_bytes(b"PK\x03\x04 cut short")
    word = tmp_path / "b.docx"
    word.write_bytes(b"x")

    with pytest.raises(InputError) as caught:
        read_exports([broken, word, tmp_path / "none.csv"])

    kinds = [p.kind for p in caught.value.problems]
    assert kinds == ["truncated_workbook", "not_an_export", "no_such_file"]


def _emptied(project: Project) -> None:
    """Take the visits, members and recognition out of the county's workbook."""
    book = load_workbook(project.data / "fieldwork.xlsx")
    for name in ("入户调查", "家庭成员", "群众认可"):
        book[name].delete_rows(3, book[name].max_row)
    book.save(project.data / "fieldwork.xlsx")


def _said(project: Project) -> dict[str, Any]:
    audit = open_audit(project.county, project.round)
    inputs = audit.read("household_visits", "visit_persons", "recognition")
    return {
        name: inputs.tables[name].drop(columns="_row").astype(str).to_dict("records")
        for name in ("household_visits", "visit_persons", "recognition")
    }


def _submissions(tables: dict[str, Any]) -> list[Submission]:
    """Return the county's visits as the tablets would have sent them."""

    def text(row: dict[str, Any]) -> dict[str, str]:
        return {k: "" if str(v) in ("<NA>", "None", "nan") else str(v) for k, v in row.items()}

    members: dict[str, list[dict[str, str]]] = {}
    for row in tables["visit_persons"]:
        members.setdefault(row["visit_id"], []).append(text(row))
    answers = {row["visit_id"]: text(row) for row in tables["recognition"]}
    found = []
    for i, row in enumerate(tables["household_visits"], 1):
        own = text(row) | {
            f"recognition_{k}" if k == "policies" else k: v
            for k, v in answers.get(row["visit_id"], {}).items()
        }
        if own["latitude"]:
            own["location"] = f"{own['latitude']} {own['longitude']} 0 0"
        found.append(
            Submission(f"{i:08d}", i, own, {"visit_persons": members.get(row["visit_id"], [])})
        )
    return found


@pytest.mark.parametrize("server", ["odk", "kobo"])
def test_a_whole_county_goes_through_the_tablets_unchanged(project: Project, server: str) -> None:
    """The golden county's visits, written as a server exports them, come back the same."""
    wanted = _said(project)
    submissions = _submissions(wanted)
    _emptied(project)
    if server == "odk":
        content_ = servers.zipped(servers.odk(HOUSEHOLD, submissions))
        path = project.root / "household.csv.zip"
    else:
        content_ = servers.workbook(servers.kobo_rows(HOUSEHOLD, submissions, labels="ko"))
        path = project.root / "household.xlsx"
    path.write_bytes(content_)

    code = main(["intake", "--round", project.round, "--county", project.county, str(path)])

    assert code == 0
    assert _said(project) == wanted
