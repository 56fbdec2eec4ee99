"""The workbook 问题清单 goes out and comes in again; the ledger's past stays as it was recorded.

R082 R085 R086
"""

from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from auditlib import pipeline
from auditlib.cli import main
from auditlib.files.case_list import LIST, PAST
from auditlib.pipeline import ledger
from auditlib.problems import InputError
from auditlib.report.county import conclusion
from tests.conftest import COUNTY, Project

DIGEST = "a" * 64


def open_audit() -> pipeline.Audit:
    return pipeline.open_audit(COUNTY, "golden")


def cases(*task: str) -> int:
    return main(
        ["--language", "zh", "cases", task[0], *task[1:], "--round", "golden", "--county", COUNTY]
    )


def fill(path: Path, row: int, sheet: str = LIST, **values: object) -> None:
    book = load_workbook(path)
    cells = book[sheet]
    headings = [cell.value for cell in cells[2]]
    for heading, value in values.items():
        cells.cell(row, headings.index(heading) + 1).value = value
    book.save(path)


@pytest.fixture
def listed(project: Project) -> Path:
    path = project.root / "list.xlsx"
    assert cases("list", "--out", str(path)) == 0
    return path


REOPEN = {
    "环节": "重新核查",
    "核实层级": 1,
    "经办角色": "评估队长",
    "经办人编号": "D01",
    "日期": "2019-04-01",
}
DECIDE = {"环节": "认定", "核实层级": 1, "经办角色": "带队专家", "经办人编号": "Z01", "日期": "2019-04-02",
          "证据类型": "现场查看", "证据编号": "ZX-1", "证据摘要": DIGEST, "认定结果": "核实"}  # fmt: skip


def first_settled_at_village(path: Path) -> int:
    sheet = load_workbook(path)[LIST]
    headings = [cell.value for cell in sheet[2]]
    levels = [row[headings.index("目前层级")].value for row in sheet.iter_rows(min_row=3)]
    return 3 + levels.index(1)


def test_every_case_has_a_row_with_lists_to_choose_from_and_no_name(listed: Path) -> None:
    book = load_workbook(listed)

    sheet = book[LIST]
    assert sheet.max_row == 2 + len(ledger.state_at(open_audit(), open_audit().params.round.as_of))
    assert sheet["A1"].value.startswith("合成数据")
    assert "姓名" not in [cell.value for cell in sheet[2]]
    assert len(sheet.data_validations.dataValidation) >= 7
    assert book[PAST].protection.sheet
    assert book[f"{LIST}_选项"].sheet_state == "hidden"


def test_the_same_ledger_gives_the_same_workbook(project: Project) -> None:
    assert pipeline.case_list(open_audit()) == pipeline.case_list(open_audit())


def test_an_untouched_list_adds_nothing(project: Project, listed: Path) -> None:
    before = (project.data / "cases.xlsx").read_bytes()

    assert ledger.take(open_audit(), listed) == 0
    assert open_audit().read("cases").errors == ()
    assert len(before) > 0


def test_what_the_team_fills_in_becomes_an_event_and_the_case_is_open_again(listed: Path) -> None:
    row = first_settled_at_village(listed)
    before = ledger.state_at(open_audit(), open_audit().params.round.as_of).set_index("case_id")
    case = load_workbook(listed)[LIST].cell(row, 1).value
    fill(listed, row, **REOPEN)

    assert cases("take", str(listed)) == 0

    after = ledger.state_at(open_audit(), open_audit().params.round.as_of).set_index("case_id")
    assert (before.loc[case, "state"], after.loc[case, "state"]) == ("dismissed", "open")
    assert len(after) == len(before)
    record = pipeline.findings(open_audit())
    assert [c.case_id for c in record.open_cases] == [case]
    assert record.altered == ()


def test_the_team_may_open_a_case_of_its_own(listed: Path) -> None:
    given = {"问题编号": "C-NEW1", "调查阶段": "首轮", "样本编号": "H-0123456789ab", "问题类型": "疑似错退",
             "问题项": "饮水安全", "环节": "提出", "核实层级": 0, "经办角色": "调查员", "日期": "2019-04-01"}  # fmt: skip
    fill(listed, load_workbook(listed)[LIST].max_row + 1, **given)

    assert ledger.take(open_audit(), listed) == 1
    assert "C-NEW1" in set(
        ledger.state_at(open_audit(), open_audit().params.round.as_of)["case_id"]
    )


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        ledger.take(open_audit(), path)
    return caught.value.says("zh")


def test_a_list_that_edits_the_past_is_refused_and_nothing_is_added(
    project: Project, listed: Path
) -> None:
    before = (project.data / "cases.xlsx").read_bytes()
    fill(listed, first_settled_at_village(listed), **REOPEN)
    fill(listed, 4, PAST, 日期="2019-03-01")

    told = refused(listed)

    assert "工作表 已登记环节 · 第4行" in told
    assert "环节与台账不同" in told
    assert (project.data / "cases.xlsx").read_bytes() == before


def test_a_list_older_than_the_ledger_is_refused(listed: Path) -> None:
    row = first_settled_at_village(listed)
    fill(listed, row, **REOPEN)
    ledger.take(open_audit(), listed)
    fill(listed, row, **DECIDE)

    assert "按当前台账导出的清单" in refused(listed)


def test_an_event_that_the_ladder_does_not_allow_is_refused_with_its_row(listed: Path) -> None:
    row = first_settled_at_village(listed)
    fill(listed, row, **DECIDE)

    told = refused(listed)

    assert f"工作表 问题清单 · 第{row}行" in told
    assert "先登记“重新核查”" in told


def test_a_filled_row_without_its_day_is_refused(listed: Path) -> None:
    fill(listed, first_settled_at_village(listed), **{**REOPEN, "日期": None})

    assert "列 日期：空白" in refused(listed)


def test_recording_goes_on_where_it_ended_and_names_what_was_altered_since(
    project: Project, listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(listed, first_settled_at_village(listed), **REOPEN)
    ledger.take(open_audit(), listed)
    before = (project.data / "case_record.csv").read_text("utf-8-sig")

    assert cases("record") == 0
    assert "1 events put on record" in capsys.readouterr().err
    assert cases("record") == 0
    assert (project.data / "case_record.csv").read_text("utf-8-sig").startswith(before.rstrip())
    assert pipeline.findings(open_audit()).recorded.events == len(before.splitlines()) - 1

    project.edit("cases.xlsx", "问题核实台账", 4, "告知内容", "问题项")
    assert main(["--language", "zh", "check", "--round", "golden"]) == 2
    assert "之后在 cases.xlsx 中被改动" in capsys.readouterr().err
    assert cases("record") == 2
    record = pipeline.findings(open_audit())
    assert len(record.altered) == 1
    assert "#" not in record.altered[0]


def test_a_past_event_that_was_deleted_is_named(project: Project) -> None:
    book = load_workbook(project.data / "cases.xlsx")
    book["问题核实台账"].delete_rows(5)
    book.save(project.data / "cases.xlsx")

    assert any("已没有或无法读入" in told for told in pipeline.findings(open_audit()).altered)


def test_the_state_of_every_case_at_a_day_is_printed(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cases("state", "--day", "2019-03-02") == 0
    early = capsys.readouterr().out.splitlines()
    assert cases("state") == 0
    late = capsys.readouterr().out.splitlines()

    assert len(early) <= len(late)
    assert "open" in "".join(early) or len(early) == 1
    assert all(line.split(",")[6] == "dismissed" for line in late[1:])


def test_an_open_case_keeps_the_report_from_being_final_and_both_results_are_told(
    project: Project, listed: Path
) -> None:
    """R086: no final report while a case is open, or it is reported with both bounds."""
    before = pipeline.report(open_audit())
    fill(listed, first_settled_at_village(listed), **REOPEN)
    ledger.take(open_audit(), listed)
    audit = open_audit()

    after = pipeline.report(audit)

    assert (before.final, dict(before.unsettled)) == (True, {})
    assert (after.final, dict(after.unsettled)) == (False, {"open_cases": 1})
    kept, other = after.judgements["wrong_exit_rate"], after.with_open["wrong_exit_rate"]
    assert other.numerator > kept.numerator
    told = repr(conclusion(audit.page, after))
    assert "非最终报告：未结问题 1 个" in told
    assert f"计入未结 {float(other.value) * 100:.2f} %" in told
    assert "非最终报告" not in repr(conclusion(audit.page, before))
    (sheet,) = (project.root / "outputs").rglob("result_sheet.docx")
    facts = Document(str(sheet)).tables[0]
    assert "非最终报告：未结问题 1 个" in "".join(c.text for row in facts.rows for c in row.cells)
