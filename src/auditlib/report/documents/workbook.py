"""The annexes of a county's report as a workbook: one sheet a table, to be sorted and filtered."""

from collections.abc import Mapping

from auditlib.files.writing import SheetOut, workbook_bytes
from auditlib.report import (
    cases,
    checks,
    county,
    fieldwork,
    findings,
    procedure,
    rectification,
    sampling,
)
from auditlib.report.documents.annexes import arithmetic
from auditlib.report.documents.county import verdicts
from auditlib.report.documents.dossier import Dossier
from auditlib.report.left_out import left_out_tables
from auditlib.report.page import Page
from auditlib.report.tables import Shown


def annex_workbook(file: Dossier) -> bytes:
    """Return the workbook `annexes.xlsx` of a county."""
    page = file.page
    tables = {
        ("指标", "indicators"): verdicts(file),
        ("算式", "arithmetic"): arithmetic(file),
        ("逐级核实", "ladder"): cases.ladder_table(page, file.findings),
        ("样本配额", "quotas"): sampling.quota_table(page, file.sampling),
        ("抽样框", "frame"): sampling.frame_table(page, file.sampling),
        ("完成情况", "response"): fieldwork.reach_table(page, file.fieldwork),
        ("读入核对", "rows"): fieldwork.reconciliation_table(page, file.fieldwork),
        ("两不愁三保障", "standards"): findings.standard_table(page, file.findings),
        ("核实结果", "cases"): cases.case_table(page, file.findings),
        ("文件资料", "documents"): checks.document_table(page, file.checks),
        ("政策落实", "policies"): checks.policy_table(page, file.checks),
        ("公共服务", "services"): checks.service_table(page, file.checks),
        ("检查问题", "check problems"): checks.problem_table(page, file.checks),
        ("座谈访谈", "interviews"): checks.interview_table(page, file.checks),
        ("程序", "procedure"): procedure.step_table(page, file.procedure),
        ("整改", "rectification"): rectification.order_table(page, file.rectification),
        ("读法", "readings"): county.readings_table(page, file.report),
    }
    left_out = left_out_tables(page, file.sampling.left_out)
    names = (("框外单位", "left out"), ("框外单位类别", "left out by kind"))
    tables |= dict(zip(names, reversed(left_out), strict=False))
    return tables_workbook(page, tables, title=page.name[page.language])


def tables_workbook(page: Page, tables: Mapping[tuple[str, str], Shown], *, title: str) -> bytes:
    """Return tables as a workbook; the keys are the sheets' names in Chinese and English."""
    sheets = [
        SheetOut(
            page.says(*names),
            shown.headings,
            shown.rows,
            widths=[_width(shown, j) for j in range(len(shown.headings))],
        )
        for names, shown in tables.items()
    ]
    return workbook_bytes(sheets, mark=page.mark, title=title)


def _width(shown: Shown, j: int) -> int:
    cells = [shown.headings[j], *(row[j] for row in shown.rows)]
    return max(sum(2 if ord(c) > 0x2E7F else 1 for c in cell) for cell in cells) + 2
