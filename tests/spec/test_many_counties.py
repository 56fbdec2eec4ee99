"""A round of more counties than a page can show is counted first, and no county is lost.

R005 R012 R013 R112 R139
"""

import io
from collections import Counter
from dataclasses import replace
from pathlib import Path
from struct import unpack

import pytest
import yaml
from docx import Document
from openpyxl import load_workbook

from auditlib import pipeline
from auditlib.cli import main
from auditlib.demo.county import make_county
from auditlib.demo.frame import places
from auditlib.demo.invented import demo_codes, demo_counties, further_county
from auditlib.demo.scenarios import JILIN
from auditlib.indicators.readings import Flip
from auditlib.language import Words
from auditlib.params import load_round
from auditlib.pipeline import _result
from auditlib.pipeline.consolidate import Round, papers
from auditlib.report import consolidated as view
from auditlib.report import review
from auditlib.report.charts import Picture, canvas
from auditlib.report.consolidated import Consolidated, Failure, Line, spot_checks
from auditlib.report.consolidated.pictures import draw_counties
from auditlib.report.record import CountyReport, Standpoint
from auditlib.report.site import SiteRound, write_index
from auditlib.report.tables import PAGE_ROWS, Shown, Stack
from tests.conftest import copy_golden

NUMBER = 240  # unfolds more than once
FIRST = 25  # of the plan's `consolidated.side_by_side`

Made = tuple[Round, Consolidated]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A round of many counties: the golden one's record under many names, in every state."""
    project = copy_golden(tmp_path_factory.mktemp("round"))
    audit = pipeline.open_audit(project.county, project.round, root=project.root)
    report: CountyReport = _result(audit, "report").record
    opened = pipeline.open_round(project.round, root=project.root)
    lines = tuple(_line(report, i) for i in range(NUMBER))
    checks = spot_checks(opened.page, lines, taken="national")
    return opened, Consolidated(1, "golden", lines, checks)


def _line(report: CountyReport, i: int) -> Line:
    code, name = f"99{i + 7:04d}", Words(f"演示县{i + 7:04d}", f"Demo County {i + 7:04d}")
    listed = list(Standpoint)[i % 4]
    flips = (Flip("incidence", "raw", report.decision),) if i % 8 == 0 else ()
    own = replace(report, county=code, standpoint=listed, flips=flips, final=i % 3 > 0)
    match i:
        case 100:
            return Line(code, name, None, "", Failure("fieldwork", 3, "It broke."))
        case 101:
            return Line(code, name, None, "awaiting_fieldwork", None)
        case 102:
            return Line(code, name, None, "terminated", None)
    return Line(code, name, own, "", None)


def test_few_counties_stand_side_by_side_in_their_own_order(made: Made) -> None:
    opened, record = made
    few = replace(record, lines=record.lines[:FIRST])

    shown = view.counties(opened.page, few)

    assert isinstance(shown, Shown)
    assert not shown.folds
    assert not shown.links
    assert [row[0][-6:] for row in shown.rows] == [line.county for line in few.lines]


def test_many_counties_are_counted_first_and_none_is_lost(made: Made) -> None:
    opened, record = made

    shown = view.counties(opened.page, record)

    assert isinstance(shown, Stack)
    groups, indicators, kinds, counties = shown.tables
    assert int(groups.rows[0][1]) == NUMBER
    assert sum(int(cell) for cell in groups.rows[0][2:7]) == NUMBER
    areas = [row for row in groups.rows if row[0].startswith("地区")]
    assert sum(int(row[1]) for row in areas) == NUMBER
    with_result = sum(line.report is not None for line in record.lines)
    assert {row[2].split(" / ")[1] for row in indicators.rows} == {str(with_result)}
    assert sum(int(row[1]) for row in kinds.rows) == NUMBER
    assert {row[0][-6:] for row in counties.rows} == {line.county for line in record.lines}


def test_what_needs_attention_comes_first(made: Made) -> None:
    opened, record = made

    ordered = view.by_attention(opened.page, record).lines
    kinds = [view.attention(line) for line in ordered]

    assert ordered[0].failure is not None
    assert kinds == sorted(kinds, key=list(view.RANKS).index)
    assert Counter(kinds) == Counter(view.attention(line) for line in record.lines)
    assert kinds[1] == "undecided"
    assert kinds.index("fragile") < kinds.index("rectifying") < kinds.index("awaiting")


def test_a_folded_table_holds_every_row_and_leads_to_every_county(made: Made) -> None:
    opened, record = made

    for shown in (
        view.county_table(opened.page, record),
        review.weakness_table(opened.page, record),
        review.method_table(opened.page, record),
    ):
        html = shown._repr_html_()
        first, *others = html.split("<details")
        assert first.count("<tr>") == 1 + FIRST
        assert len(others) == -(-(len(shown.rows) - FIRST) // PAGE_ROWS)
        assert html.count("<a href=") == len(shown.rows)
        assert html.count("合成数据，仅供演示") == 1 + len(others)
        assert len(repr(shown).splitlines()) < FIRST + 6
    assert 'href="990107/02_fieldwork.html"' in view.county_table(opened.page, record)._repr_html_()


def test_a_picture_of_many_counties_does_not_grow_with_them(made: Made) -> None:
    opened, record = made
    half = replace(record, lines=record.lines[: NUMBER // 2])

    for draw in (view.rates_picture, view.steps_picture):
        sizes = {_size(draw(opened.page, each)) for each in (half, record)}
        assert len(sizes) == 1
        assert max(sizes.pop()) < 2400


def test_where_no_county_has_reported_the_axes_of_rates_begin_at_nothing(made: Made) -> None:
    opened, record = made
    waiting = [replace(line, report=None) for line in record.lines[:2]]
    _, axes = canvas(13, 4, columns=4)

    for lines in ([], waiting):
        draw_counties(opened.page, axes, lines)
        assert all(axis.get_xlim()[0] >= 0 for axis in axes)


def _size(picture: Picture) -> tuple[int, int]:
    """Width and height of a PNG, from its header."""
    wide, tall = unpack(">II", picture.png[16:24])
    return wide, tall


def test_the_report_shows_the_first_counties_and_the_workbook_has_all(made: Made) -> None:
    """R108: the notice names every proposed county all the same."""
    opened, record = made

    files = papers(opened, record)

    tables = Document(io.BytesIO(files["consolidated.docx"])).tables
    decided = next(t for t in tables if "审议意见" in [c.text for c in t.rows[0].cells])
    assert len(decided.rows) == 1 + FIRST
    book = load_workbook(io.BytesIO(files["consolidated.xlsx"]))
    assert book["审议表"].max_row == 2 + NUMBER  # below the mark and the headings
    proposed = sum(
        line.report is not None and line.report.standpoint is Standpoint.PROPOSED
        for line in record.lines
    )
    notice = Document(io.BytesIO(files["public_notice.docx"])).tables
    assert len(notice[0].rows) == 1 + proposed


def test_the_start_page_of_many_counties_unfolds_by_conclusion(tmp_path: Path) -> None:
    names = {code: Words("演示县", "Demo County") for code in demo_codes(FIRST + 5)}

    def page(number: int) -> str:
        some = dict(list(names.items())[:number])
        about = SiteRound("r", "zh", "", Words("题", "title"), some, FIRST)
        return write_index(tmp_path, about).read_text("utf-8")

    assert "<details" not in page(FIRST)
    assert page(FIRST + 5).count("<details") == 1
    assert "运行失败（30）" in page(FIRST + 5)
    assert all(code in page(FIRST + 5) for code in names)


def test_further_counties_cannot_be_taken_for_real_ones() -> None:
    """No division of the country begins with 99 (GB/T 2260)."""
    made = list(demo_counties(20))

    assert [scenario.code for scenario, _ in made[:6]] == list(JILIN)
    assert all(where is None for _, where in made[:6])
    assert [scenario.code for scenario, _ in made] == demo_codes(20)
    for i, (scenario, where) in enumerate(made[6:], 7):
        model = list(JILIN.values())[(i - 1) % 6]
        assert scenario.code == f"99{i:04d}"
        assert scenario.name == Words(f"演示县{i:04d}", f"Demo County {i:04d}")
        assert where is not None
        assert len(where) == len(places(model.code))
        assert {place.village[:6] for place in where} == {scenario.code}
        assert all(place.village_name.startswith("演示村") for place in where)
    assert further_county(12) == further_county(12)
    assert further_county(12)[0].first != further_county(18)[0].first


def test_a_further_county_is_drawn_and_found_as_its_scenario_says(tmp_path: Path) -> None:
    scenario, where = further_county(12)
    assert main(["demo", "--out", str(tmp_path), "--counties", "1"]) == 0
    plan, of_round, _ = load_round(tmp_path / "params", "jilin-2018-demo-1")

    county = make_county(
        scenario, plan, seed="jilin-2018-demo", key=b"k", income_line=2995, places=where
    )

    assert of_round.counties == ("220821",)
    visited = county.tables["household_visits"]
    assert len(visited) > 500
    wrong = county.truth["phases"]["first"]["wrong_exit"]
    assert bool(wrong) == bool(scenario.first and scenario.first.wrong)
    text = (tmp_path / "params/counties/220821.yaml").read_text("utf-8")
    assert text.startswith("# 合成数据，仅供演示")
    assert yaml.safe_load(text)["code"] == "220821"


@pytest.mark.parametrize("number", ["0", "-1", "10000", "six", "2.5", ""])
def test_a_number_of_counties_that_cannot_be_is_told(
    number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--out", str(tmp_path), f"--counties={number}"]) == 2
    told = capsys.readouterr().err
    assert "from 1 to 9999" in told
    assert repr(number) in told
    assert not list(tmp_path.iterdir())
