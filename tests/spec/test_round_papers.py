"""The papers of a round: what the leading group decides from, and the draft of the public notice.

R005 R012 R013 R108 R109 R112 R139 R140
"""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from auditlib import pipeline
from auditlib.language import Words
from auditlib.pipeline import _result
from auditlib.pipeline.consolidate import Round, papers
from auditlib.report import review
from auditlib.report.consolidated import Consolidated, Line, spot_checks
from auditlib.report.record import CountyReport, Standpoint
from tests.conftest import copy_golden
from tests.spec.test_county_papers import _words

Made = tuple[Round, Consolidated]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A round of four counties: proposed, not this year, terminated, waiting."""
    root: Path = tmp_path_factory.mktemp("round")
    project = copy_golden(root)
    audit = pipeline.open_audit(project.county, project.round, root=root)
    report: CountyReport = _result(audit, "report").record
    opened = pipeline.open_round(project.round, root=root)
    lines = (
        _line("990001", replace(report, standpoint=Standpoint.PROPOSED)),
        _line("990002", replace(report, standpoint=Standpoint.NOT_THIS_YEAR)),
        Line("990003", Words("丙县", "C"), None, "terminated", None),
        Line("990004", Words("丁县", "D"), None, "awaiting_fieldwork", None),
    )
    checks = spot_checks(opened.page, lines, taken="national")
    return opened, Consolidated(1, "golden", lines, checks)


def _line(code: str, report: CountyReport) -> Line:
    name = {"990001": Words("甲县", "A"), "990002": Words("乙县", "B")}[code]
    return Line(code, name, report, "", None)


def _table(content: bytes, heading: str) -> list[list[str]]:
    tables = Document(io.BytesIO(content)).tables
    found = next(t for t in tables if heading in [cell.text for cell in t.rows[0].cells])
    return [[cell.text for cell in row.cells] for row in found.rows]


def test_the_leading_group_has_a_table_with_room_for_its_decision(made: Made) -> None:
    """A terminated county is on it without a figure (A41)."""
    rows = _table(papers(*made)["consolidated.docx"], "审议意见")

    assert [row[0][:2] for row in rows[1:]] == ["甲县", "乙县", "丙县", "丁县"]
    assert {row[-1] for row in rows[1:]} == {""}
    assert not any("%" in cell for row in rows[3:] for cell in row)


def test_every_county_is_on_one_list_and_one_only(made: Made) -> None:
    rows = _table(papers(*made)["consolidated.docx"], "名单")[1:]

    named = [name for row in rows for name in row[2].split("、") if name != "–"]
    assert sorted(named) == sorted(line.name.zh for line in made[1].lines)


def test_the_notice_names_the_proposed_counties_alone(made: Made) -> None:
    """R108 R109: five working days, days of publication left blank, last day for the drafter."""
    words = _words(papers(*made)["public_notice.docx"])

    assert "甲县" in words
    assert not {"乙县", "丙县", "丁县"} & set(words.split())
    assert "不少于5个工作日，公布当日不计" in words
    assert "2019-04-23" in words


def test_no_proposed_county_no_notice(made: Made) -> None:
    opened, record = made

    words = _words(papers(opened, replace(record, lines=record.lines[1:]))["public_notice.docx"])

    assert "不公示" in words


def test_problems_of_several_counties_are_told_from_those_of_one(made: Made) -> None:
    """R139: 苗头性、倾向性问题."""
    opened, record = made

    both = review.problem_table(opened.page, record)
    alone = review.problem_table(opened.page, replace(record, lines=record.lines[:1]))

    assert {row[4] for row in both.rows} == {"倾向性"}
    assert {row[4] for row in alone.rows} == {"个别"}


def test_the_method_is_evaluated_with_margin_response_and_cost(made: Made) -> None:
    """R140: and what it cannot see is said."""
    opened, record = made
    report = record.lines[0].report
    assert report is not None
    sure = report.assurance["wrong_exit_rate"]

    rows = review.method_table(opened.page, record).rows
    said = "\n".join(review.lessons(opened.page, record).lines)

    assert len(rows) == 2
    assert rows[0][2].startswith(f"±{100 * (sure.high - sure.low) / 2:.2f}")
    assert "看不到" in said


def test_the_papers_of_a_round_are_the_same_bytes_when_made_again(made: Made) -> None:
    assert papers(*made) == papers(*made)


def test_a_round_without_any_result_has_papers_too(made: Made) -> None:
    opened, record = made

    content = papers(opened, replace(record, lines=record.lines[2:]))["consolidated.docx"]

    assert "尚无有结果的县" in _words(content)
