"""Nobody answered, or hardly anybody: the round runs, and says what is not estimable.

R014 R016 R017 R018 R020 R023 R061 R103; plan, 三（一）, 三（二）, 六（四）; readings A17, A31, A51.
"""

import io
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from auditlib import pipeline
from auditlib.cli import main
from auditlib.files.writing import from_json
from auditlib.pipeline import _result
from auditlib.pipeline.papers import papers
from auditlib.report.consolidated import Consolidated
from auditlib.report.record import CountyReport
from tests.conftest import COUNTY, Project, copy_golden

Row = dict[str, object]
Keep = Callable[[list[Row], Row], bool]

LIFTED, VILLAGE = "脱贫户", "行政村代码"


def _one(rows: list[Row], row: Row) -> bool:
    return row is next(r for r in rows if r["调查户类型"] == LIFTED and r["访问结果"] == "完成")


def _one_village(rows: list[Row], row: Row) -> bool:
    return row[VILLAGE] == next(r[VILLAGE] for r in rows if r["调查户类型"] == LIFTED)


ANSWERED: dict[str, Keep] = {
    "nobody": lambda rows, row: False,
    "no lifted household": lambda rows, row: row["调查户类型"] != LIFTED,
    "nobody not registered": lambda rows, row: row["调查户类型"] != "非建档立卡户",
    "nobody on recognition": lambda rows, row: True,
    "one household": _one,
    "one village": _one_village,
}

WRONG, MISSED, KNOWN = "wrong_exit_rate", "missed_rate", "recognition_rate"
WHOLE = "composite_incidence"
BLANK = {
    "nobody": {WHOLE, WRONG, MISSED, KNOWN},
    "no lifted household": {WHOLE, WRONG},
    "nobody not registered": {WHOLE, MISSED},
    "nobody on recognition": {KNOWN},
    "one household": {WHOLE, WRONG, MISSED, KNOWN},
    "one village": {WHOLE, WRONG, MISSED, KNOWN},
}
"""The figures that are not estimable, by who answered."""


def _table(book: object, name: str) -> tuple[list[str], list[Row]]:
    sheet = book[name]  # type: ignore[index]
    headings = [cell.value for cell in sheet[2]]
    values = sheet.iter_rows(min_row=3, values_only=True)
    return headings, [dict(zip(headings, row, strict=True)) for row in values]


def _write(book: object, name: str, headings: list[str], rows: list[Row]) -> None:
    sheet = book[name]  # type: ignore[index]
    sheet.delete_rows(3, sheet.max_row)
    for row in rows:
        sheet.append([row[heading] for heading in headings])


def silence(folder: Path, who: str) -> None:
    """Make every household of a county refuse but those who answer, with all that it said."""
    keep, recognition = ANSWERED[who], who != "nobody on recognition"
    book = load_workbook(folder / "fieldwork.xlsx")
    headings, visits = _table(book, "入户调查")
    said = headings[headings.index("人均纯收入") :]
    gone = [r for r in visits if r["访问结果"] == "完成" and not keep(visits, r)]
    ids, units = {r["调查编号"] for r in gone}, {r["样本编号"] for r in gone}
    for row in gone:
        row |= dict.fromkeys((*said, "在场其他人", "疑似代答或提示")) | {"访问结果": "拒访"}
    _write(book, "入户调查", headings, visits)
    for name in ("家庭成员", "群众认可", "回访复查", "填答时间"):
        headings, rows = _table(book, name)
        left = [r for r in rows if r["调查编号"] not in ids]
        _write(book, name, headings, left if recognition or name != "群众认可" else [])
    book.save(folder / "fieldwork.xlsx")
    book = load_workbook(folder / "cases.xlsx")
    headings, rows = _table(book, "问题核实台账")
    _write(book, "问题核实台账", headings, [r for r in rows if r["样本编号"] not in units])
    book.save(folder / "cases.xlsx")
    record = folder / "case_record.csv"
    record.write_bytes(b"".join(record.read_bytes().splitlines(keepends=True)[:2]))


RUN = "nobody"
"""Of this the whole round is run; of the others the record is made, and of these the papers."""
PAPERS = ("no lifted household", "nobody on recognition")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Project]:
    """Make the golden county where only some answered."""
    sound = copy_golden(tmp_path_factory.mktemp("sound"))

    def make(who: str) -> Project:
        root = tmp_path_factory.mktemp("unanswered") / "project"
        shutil.copytree(sound.root, root, symlinks=True)
        silence(root / "data" / COUNTY, who)
        return Project(root)

    return make


@pytest.fixture(scope="module")
def ran(county: Callable[[str], Project]) -> Project:
    """A round of one county, run as a user runs it: exit code 0."""
    project = county(RUN)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.root)
        assert main(["run", "--round", "golden"]) == 0
    return project


@pytest.fixture(scope="module")
def reports(ran: Project, county: Callable[[str], Project]) -> dict[str, CountyReport]:
    """The record of every county."""
    path = ran.root / f"outputs/golden/{COUNTY}/08_report/report.json"
    found = {RUN: from_json(CountyReport, path.read_text("utf-8"))}
    for who in ANSWERED.keys() - {RUN}:
        project = county(who)
        audit = pipeline.open_audit(project.county, project.round, root=project.root)
        result = _result(audit, "report")
        if who in PAPERS:
            made = papers(audit, result, lambda name, audit=audit: _result(audit, name))
            assert {"report.docx", "result_sheet.docx", "annexes.xlsx"} <= set(made)
        found[who] = result.record
    return found


@pytest.mark.parametrize("who", ANSWERED)
def test_what_nobody_answered_is_neither_kept_nor_broken_and_decides_nothing(
    reports: dict[str, CountyReport], who: str
) -> None:
    report = reports[who]

    assert {name for name, j in report.first.items() if j.value is None} == BLANK[who]
    for name in BLANK[who]:
        j, sure = report.first[name], report.first_assurance[name]
        assert j.kept is None
        assert (sure.value, sure.se, sure.p_value) == (None, None, None)
        assert sure.surety == "not_estimable"
        assert j.least < j.limit < j.most
    assert (report.decision, report.standpoint) == ("undecided", "undecided")
    assert {r.subject for r in report.reasons if r.kind == "not_estimable"} == BLANK[who]
    assert not {r.subject for r in report.reasons if r.kind == "indicator"} & BLANK[who]


def test_nobody_of_nobody_is_printed_as_it_stands_with_all_that_the_figure_can_be(
    reports: dict[str, CountyReport],
) -> None:
    """0 / 0, 0 to 100 %, and the clause; the incidence is no less than what is still poor."""
    report = reports["nobody"]

    wrong, whole = report.first[WRONG], report.first[WHOLE]
    assert (wrong.numerator, wrong.denominator) == (0, 0)
    assert (wrong.least, wrong.most, wrong.clause) == (0, 1, "三（二）1")
    assert (report.first_assurance[WRONG].low, report.first_assurance[WRONG].high) == (0, 1)
    assert 0 < whole.least < Fraction(1, 100)
    assert whole.most == 1
    assert report.operating.rates == ()
    told = {note.code for note in report.inference}
    assert told == {"no_lifted", "none_visited", "no_recognition"}


def test_what_is_known_is_told_beside_what_is_not(reports: dict[str, CountyReport]) -> None:
    """Other figures stand; a part that is not estimable widens the incidence by itself alone."""
    report = reports["no lifted household"]

    assert report.first[MISSED].value is not None
    assert report.first[KNOWN].value is not None
    assert report.first_assurance[KNOWN].surety == "not_estimable"  # lifted households alone
    assert Fraction(2, 100) < report.first[WHOLE].most < Fraction(20, 100)
    assert report.first_assurance[WHOLE].high > report.first[WHOLE].most


def test_one_village_shows_its_counts_and_nothing_of_the_county(
    reports: dict[str, CountyReport],
) -> None:
    """Cochran (1977), section 10.3: one first-stage unit has no variance between units."""
    for who in ("one household", "one village"):
        wrong = reports[who].first[WRONG]
        assert wrong.denominator > 0
        assert wrong.value is None


@pytest.mark.parametrize("paper", ["report.docx", "result_sheet.docx", "annexes.xlsx"])
def test_the_papers_to_sign_say_so_and_call_nothing_kept_or_broken(
    ran: Project, paper: str
) -> None:
    """R103: the result sheet of a county where nobody answered."""
    path = ran.root / f"outputs/golden/{COUNTY}/08_report/{paper}"

    words = _sheets(path) if path.suffix == ".xlsx" else _words(path)

    assert "不能估计，0.00% – 100.00%" in words.replace(" %", "%")
    assert "0 / 0" in words
    assert "nan" not in words.lower()
    if paper == "result_sheet.docx":
        assert not {"达标", "未达标"} & set(words.splitlines())


def test_the_pages_and_the_consolidated_report_say_so_too(ran: Project) -> None:
    outputs = ran.root / "outputs/golden"
    record = from_json(Consolidated, (outputs / "consolidated.json").read_text("utf-8"))
    document, book = outputs / "consolidated.docx", outputs / "consolidated.xlsx"

    assert all(line.report and not line.failure for line in record.lines)
    for words in (_words(document), _sheets(book)):
        assert "不能估计，0.00% – 100.00%（0 / 0）" in words.replace(" %", "%")
    for stage in ("04_indicators", "08_report"):
        page = (outputs / f"site/{COUNTY}/{stage}.html").read_text("utf-8")
        assert "没有一户脱贫户完成调查（0 / 0）" in page
        assert "不能估计，0.00 % – 100.00 %" in page
    page = (outputs / "site/consolidated.html").read_text("utf-8")
    assert "不能估计，0.00 % – 100.00 %（0 / 0）" in page


def _words(path: Path) -> str:
    body = Document(io.BytesIO(path.read_bytes()))
    cells = (cell.text for table in body.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(p.text for p in body.paragraphs), *cells, ""])


def _sheets(path: Path) -> str:
    book = load_workbook(path)
    rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
    return "\n".join(str(cell) for row in rows for cell in row if cell is not None) + "\n"
