"""The quarantine workbook: every row set aside, where it stands and what to do."""

from collections.abc import Iterable

from auditlib.files.writing import SheetOut
from auditlib.problems import Problem
from auditlib.report.page import Page


def quarantine_sheet(page: Page, problems: Iterable[Problem]) -> SheetOut:
    """Return a sheet with a line for every problem and note; found values are masked already."""
    language = page.language
    return SheetOut(
        page.says("隔离", "quarantine"),
        page.says(
            "文件|工作表|行|列|发现|应为|处理|性质",
            "file|sheet|row|column|found|expected|what to do|kind",
        ).split("|"),
        [
            (
                p.place.file,
                p.place.sheet,
                p.place.row,
                p.place.column,
                p.found[language],
                p.expected[language],
                p.repair[language],
                page.says("提示", "note")
                if p.severity == "note"
                else page.says("隔离", "set aside"),
            )
            for p in problems
        ],
        (18, 16, 6, 20, 34, 34, 40, 8),
    )
