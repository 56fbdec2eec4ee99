"""One report and one result sheet for every county, in the form that offices sign.

R001 R002 R003 R004 R010 R103
"""

import io
import re
from dataclasses import replace

import pytest
from docx import Document
from openpyxl import load_workbook

from auditlib import pipeline
from auditlib.cli import main
from auditlib.language import Language
from auditlib.pipeline import _result
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.papers import papers
from auditlib.pipeline.store import Result
from auditlib.report.page import SYNTHETIC, Awaiting
from auditlib.report.record import CountyReport
from tests.conftest import copy_golden

CHAPTERS = ("一、", "二、", "三、", "四、", "五、", "六、", "七、")


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    root = tmp_path_factory.mktemp("papers")
    project = copy_golden(root)
    return pipeline.open_audit(project.county, project.round, root=root)


@pytest.fixture(scope="module")
def made(audit: Audit) -> dict[str, bytes]:
    return _papers(audit)


def _papers(audit: Audit, record: object = None) -> dict[str, bytes]:
    reported = Result(record) if record else _result(audit, "report")
    return papers(audit, reported, lambda name: _result(audit, name))


def _words(content: bytes) -> str:
    body = Document(io.BytesIO(content))
    cells = (cell.text for table in body.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(p.text for p in body.paragraphs), *cells])


def _headings(content: bytes) -> list[str]:
    paragraphs = Document(io.BytesIO(content)).paragraphs
    return [p.text for p in paragraphs if p.style.name == "Heading 1"]


def test_every_county_has_its_own_report_result_sheet_and_annexes(made: dict[str, bytes]) -> None:
    """R103: one report, one result, never merged."""
    assert {"report.docx", "result_sheet.docx", "annexes.xlsx"} <= set(made)


def test_the_report_has_seven_chapters_and_five_annexes(made: dict[str, bytes]) -> None:
    headings = _headings(made["report.docx"])

    assert [h[:2] for h in headings[:7]] == list(CHAPTERS)
    assert [h[:3] for h in headings[7:]] == [f"附件{n}" for n in range(1, 6)]


def test_the_report_names_basis_status_and_purpose(made: dict[str, bytes], audit: Audit) -> None:
    """R001 R002 R003 R004, A01, A02, A07: and the slip of 六（五） as a corrected error."""
    words = _words(made["report.docx"])

    plan = audit.params.plan.plan
    for basis in plan.basis.values():
        assert basis.zh in words
    assert f"{plan.status.zh}，版本{plan.version}" in words
    assert plan.purpose.zh in words
    assert plan.corrections["six_five"].printed in words


@pytest.mark.parametrize("name", ["report.docx", "result_sheet.docx"])
def test_the_first_table_tells_conclusion_open_cases_and_fragility(
    made: dict[str, bytes], name: str
) -> None:
    facts = Document(io.BytesIO(made[name])).tables[0]

    labels = [row.cells[0].text for row in facts.rows]
    assert {"评估检查结论", "未结事项", "读法", "样本把握"} <= set(labels)


def test_the_arithmetic_of_every_indicator_stands_in_the_annex(
    made: dict[str, bytes], audit: Audit
) -> None:
    words = _words(made["report.docx"])

    for j in _result(audit, "indicators").record.official.judgements.values():
        if j.numerator.denominator == 1:
            assert f"{int(j.numerator):,} / {j.denominator:,}" in words


def test_no_person_is_named_in_any_paper(made: dict[str, bytes]) -> None:
    book = load_workbook(io.BytesIO(made["annexes.xlsx"]), read_only=True)
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value]
    everything = "\n".join([_words(made["report.docx"]), _words(made["result_sheet.docx"]), *cells])

    assert not re.search(r"(?<!\d)(1\d{10}|\d{17}[\dXx])(?!\d)", everything)


def test_a_paper_in_english_is_english(audit: Audit) -> None:
    english: Language = "en"
    params = replace(
        audit.params, round=audit.params.round.model_copy(update={"language": english})
    )

    words = _words(_papers(Audit(params, audit.root, audit.outputs))["report.docx"])

    assert "I. The work" in words
    assert "结论" not in words


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("awaiting_fieldwork", "尚无结果"),
        ("sealed", "尚无结果"),
        ("terminated", "不出结果"),
        ("vetoed", "当年不予退出"),
    ],
)
def test_a_county_without_a_result_says_so_and_shows_no_figure(
    audit: Audit, reason: str, expected: str
) -> None:
    """A41: terminated is not failed; nothing of the indicators is published."""
    made = _papers(audit, Awaiting(1, "report", reason))

    for content in made.values():
        words = _words(content)
        assert expected in words
        assert "%" not in words


def test_the_papers_are_the_same_bytes_when_made_again(
    made: dict[str, bytes], audit: Audit
) -> None:
    record: CountyReport = _result(audit, "report").record

    assert _papers(audit, record) == made


def test_every_sheet_of_the_annexes_bears_the_mark(made: dict[str, bytes]) -> None:
    book = load_workbook(io.BytesIO(made["annexes.xlsx"]))

    assert all(sheet["A1"].value == SYNTHETIC for sheet in book)


def test_pdf_is_offered_and_never_required(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without LibreOffice a sentence says what to do."""
    monkeypatch.setattr("shutil.which", lambda name: None)

    assert main(["pdf"]) == 2
    assert "save as PDF in Word" in capsys.readouterr().err
