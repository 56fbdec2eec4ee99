"""A run is signed, and the next one names every past event that was changed since (R082, R086).

Altered, removed, inserted in the past, reordered; the record edited with it; the signed
run itself edited, exchanged or taken away.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from docx import Document
from openpyxl import load_workbook

from auditlib import pipeline
from auditlib.cli import main
from auditlib.files.stages import numbered
from auditlib.findings.signed import (
    FIRST,
    SignedRun,
    compare_signed,
    is_genuine,
    plain_events,
    read_run,
    sealed,
)
from tests.conftest import COUNTY, Project, copy_golden

KEY = b"a key of the round"


def events(*rows: tuple[str, int, str, str]) -> pd.DataFrame:
    names = ("case_id", "event_no", "date", "event")
    table = pd.DataFrame(rows, columns=list(names))
    table["date"] = [date.fromisoformat(day) for day in table["date"]]
    return table.assign(outcome="", note=pd.NA)


LEDGER = (
    ("C1", 1, "2019-03-01", "opened"),
    ("C1", 2, "2019-03-02", "put_to_village"),
    ("C1", 3, "2019-03-03", "decided"),
    ("C2", 1, "2019-03-04", "opened"),
)


def signed(*rows: tuple[str, int, str, str]) -> SignedRun:
    run = SignedRun(
        1, 1, "r", "990001", date(2019, 4, 1), FIRST, "", "", {}, plain_events(events(*rows))
    )
    return sealed(run, KEY)


def changes(*rows: tuple[str, int, str, str]) -> list[tuple[str, int, str]]:
    found = compare_signed(signed(*LEDGER), events(*rows))
    return [(c.case_id, c.event_no, c.kind) for c in found]


def test_a_ledger_that_only_grew_has_no_changes_whatever_the_order_of_its_rows() -> None:
    later = ("C1", 4, "2019-04-02", "appeal")
    assert changes(*reversed(LEDGER), later, ("C3", 1, "2019-04-03", "opened")) == []


def test_each_kind_of_change_is_named_by_case_and_number() -> None:
    one, two, three, other = LEDGER
    late = ("C1", 2, "2019-03-02", "evidence")

    assert changes(one, (*two[:2], "2019-03-05", two[3]), three, other) == [("C1", 2, "altered")]
    assert changes(one, two, three) == [("C2", 1, "removed")]
    assert changes(one, two, other) == [("C1", 3, "removed")]
    assert changes(*LEDGER, ("C2", 2, "2019-03-31", "evidence")) == [("C2", 2, "inserted")]
    assert changes(*LEDGER, ("C9", 1, "2019-04-01", "opened")) == [("C9", 1, "inserted")]
    swapped = (one, ("C1", 3, *two[2:]), ("C1", 2, *three[2:]), other)
    assert changes(*swapped) == [("C1", 2, "moved"), ("C1", 3, "moved")]
    between = (one, late, ("C1", 3, *two[2:]), ("C1", 4, *three[2:]), other)
    assert changes(*between) == [("C1", 2, "inserted"), ("C1", 2, "moved"), ("C1", 3, "moved")]
    without = (one, ("C1", 2, *three[2:]), other)
    assert changes(*without) == [("C1", 2, "removed"), ("C1", 3, "moved")]


def test_what_was_changed_is_named_with_what_stood_there() -> None:
    (found,) = compare_signed(
        signed(*LEDGER), events(*LEDGER[:3], ("C2", 1, "2019-03-09", "opened"))
    )
    assert found.columns == (("date", "2019-03-04", "2019-03-09"),)


def test_a_signed_run_is_read_back_and_its_seal_holds_for_its_content_and_key_only() -> None:
    run = signed(*LEDGER)

    assert read_run(run.text()) == run
    assert is_genuine(run, KEY)
    assert not is_genuine(run, b"another key")
    assert not is_genuine(read_run(run.text().replace("2019-03-03", "2019-03-04")), KEY)
    for text in ("", "[]", "{}", '{"events": 3}', run.text().replace('"day"', '"tag"')):
        with pytest.raises(ValueError, match=r".*"):
            read_run(text)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose county has been run through all stages and signed once."""
    root = tmp_path_factory.mktemp("signed")
    project = copy_golden(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        audit = pipeline.open_audit(COUNTY, "golden")
        for stage in pipeline.STAGES:
            getattr(pipeline, stage)(audit)
        assert main(["sign", "--round", "golden", "--county", COUNTY]) == 0
    return project


@pytest.fixture
def once(finished: Project, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The signed project with its inputs put back afterwards."""
    monkeypatch.chdir(finished.root)
    kept = {p: p.read_bytes() for p in finished.data.rglob("*") if p.is_file()}
    yield finished
    for path in [p for p in finished.data.rglob("*") if p.is_file()]:
        path.unlink()
    for path, content in kept.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


def told() -> str:
    record = pipeline.open_audit(COUNTY, "golden").read("cases", "case_record", "declarations")
    return "\n".join(p.says("zh") for p in record.errors)


def edit(project: Project, change: Callable[[Any, list[str]], None]) -> None:
    book = load_workbook(project.data / "cases.xlsx")
    sheet = book["问题核实台账"]
    change(sheet, [cell.value for cell in sheet[2]])
    book.save(project.data / "cases.xlsx")


def test_an_untouched_ledger_agrees_and_the_report_s_first_page_says_with_which_run(
    once: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told() == ""
    audit = pipeline.open_audit(COUNTY, "golden")
    record = pipeline.findings(audit)
    run = read_run((once.data / "signed/run-0001.json").read_text("utf-8"))

    assert (record.recorded.signed, record.recorded.signed_digest) == (1, run.digest)
    assert any(name == f"{numbered('report')}/report.docx" for name in run.results)
    for stage in pipeline.STAGES:
        getattr(pipeline, stage)(audit)
    page = Document(str(audit.folder / numbered("report") / "report.docx")).tables[0]
    first = "".join(cell.text for row in page.rows for cell in row.cells)
    assert f"该次签署摘要 {run.digest}" in first
    assert "过去的环节无改动、增删" in first


def test_altered_removed_inserted_and_reordered_events_are_named_even_if_the_record_is_edited_too(
    once: Project,
) -> None:
    """The record is written anew to fit: the signed run still tells."""

    def change(sheet: Any, headings: list[str]) -> None:
        sheet.cell(4, headings.index("日期") + 1).value = "2019-03-28"
        sheet.delete_rows(sheet.max_row)

    edit(once, change)
    record = once.data / "case_record.csv"
    record.write_text("\n".join(record.read_text("utf-8-sig").splitlines()[:2]) + "\n", "utf-8")
    assert "由“" in told()
    assert "改为“2019-03-28”" in told()
    assert "已没有或无法读入" in told()
    found = pipeline.findings(pipeline.open_audit(COUNTY, "golden"))
    assert len(found.altered) == 2
    assert main(["check", "--round", "golden", "--county", COUNTY]) == 2


def test_an_event_entered_late_needs_a_reason_before_the_next_run_is_signed(
    once: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(sheet: Any, headings: list[str]) -> None:
        opened = [cell.value for cell in sheet[3]]
        row = sheet.max_row + 1
        for i, value in enumerate(opened, 1):
            sheet.cell(row, i).value = value
        sheet.cell(row, headings.index("问题编号") + 1).value = "C-LATE"

    edit(once, change)
    assert "问题 “C-LATE” 第 1 环节的日期不晚于" in told()
    assert main(["sign", "--round", "golden", "--county", COUNTY]) == 2  # not run since
    assert "auditlib run" in capsys.readouterr().err
    audit = pipeline.open_audit(COUNTY, "golden")
    for stage in pipeline.STAGES:
        getattr(pipeline, stage)(audit)
    assert main(["sign", "--round", "golden", "--county", COUNTY]) == 2
    assert main(["sign", "--round", "golden", "--county", COUNTY, "--reason", "纸质表补录"]) == 0
    second = read_run((once.data / "signed/run-0002.json").read_text("utf-8"))
    assert second.reason == "纸质表补录"
    assert second.before == read_run((once.data / "signed/run-0001.json").read_text()).digest
    assert told() == ""


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace('"level": "1"', '"level": "2"', 1), "签署后被改动"),
        (lambda text: "", "不是签署记录"),
        (lambda text: text.replace(COUNTY, "990002"), "县代码或次序不符"),
    ],
)
def test_a_signed_run_that_was_edited_is_named(
    once: Project, change: Callable[[str], str], sentence: str
) -> None:
    path = once.data / "signed/run-0001.json"
    path.write_text(change(path.read_text("utf-8")), "utf-8")

    assert sentence in told()
    assert pipeline.findings(pipeline.open_audit(COUNTY, "golden")).altered


def test_a_signed_run_taken_out_of_the_middle_is_named(once: Project) -> None:
    first = once.data / "signed/run-0001.json"
    values = json.loads(first.read_text("utf-8"))
    (once.data / "signed/run-0003.json").write_text(json.dumps(values), "utf-8")

    assert "次序不符" in told()


def test_the_signed_run_holds_no_name_and_stays_beside_the_data(finished: Project) -> None:
    assert not list((finished.root / "outputs").rglob("run-*.json"))
    assert not list(Path(finished.root / "outputs").rglob("signed"))
