"""A small input table of every kind of column, and readers of it from rows, CSV and workbooks."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from auditlib.files.reading import Reading, Source, Understanding, read_table
from auditlib.files.workbooks import Sheet, read_csv, read_workbook
from auditlib.language import Words
from auditlib.tables import CODES
from auditlib.tables.columns import (
    Table,
    code,
    identifier,
    integer,
    number,
    private,
    several,
    text,
    time,
)
from auditlib.tables.columns import (
    date as day,
)

SMALL = Table(
    "small",
    "小表",
    Words("一户", "a household"),
    key=("unit",),
    columns=(
        identifier("unit", "编号"),
        identifier("village", "村", required=False, pattern=r"\d{12}"),
        number("income", "收入", required=False),
        integer("members", "人数", required=False),
        day("day", "日期", required=False),
        time("started", "开始", required=False),
        code("water", "水量", "met", required=False),
        several("sources", "来源", "source_of_goods"),
        text("note", "备注"),
        private("name", "姓名"),
    ),
)
HEADINGS = [column.zh for column in SMALL.columns]
UNDERSTANDING = Understanding(CODES, date(2019, 4, 20), {})


def row(unit: str = "A1", **values: str) -> list[str]:
    """Return the cells of a row of the small table by column name."""
    return [{"unit": unit, **values}.get(column.name, "") for column in SMALL.columns]


def of_sheet(sheet: Sheet, file: str = "small.xlsx") -> Reading:
    return read_table(SMALL, Source(file, sheet.name), {sheet.name: sheet}, UNDERSTANDING)


def of_rows(*rows: Sequence[str]) -> Reading:
    return of_sheet(Sheet("小表", [HEADINGS, *rows]))


def of_csv(content: bytes) -> Reading:
    return of_sheet(read_csv(content, "small.csv"), "small.csv")


def workbook(*rows: Sequence[Any], change: Any = None) -> bytes:
    """Return a workbook of one sheet; `change` gets book and sheet before they are closed."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("小表")
        for i, cells in enumerate([HEADINGS, *rows]):
            sheet.write_row(i, 0, cells)
        if change:
            change(book, sheet)
    return buffer.getvalue()


def of_workbook(content: bytes) -> Reading:
    return of_sheet(read_workbook(content, "small.xlsx")["小表"])
