"""Write records, tables and workbooks so that the same content gives the same bytes.

Workbooks carry a fixed date of creation, and cells are never formulas or links.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import file_digest
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import xlsxwriter
from pydantic import TypeAdapter

T = TypeVar("T")

CREATED = datetime(2019, 1, 1)


@dataclass(frozen=True)
class SheetOut:
    """A sheet to write: headings and rows of text or numbers; `widths` in characters.

    `grid` is for sheets that are filled in by hand: lines between cells, high rows, and
    at the top of every printed page the workbook's title, the sheet's name, the `legend`
    and the page's number. The first columns, as many as are `frozen`, stay in sight.
    `choices` give columns, by their number, a drop-down list; it goes `spare` rows
    below the last. A `locked` sheet cannot be edited by mistake.
    """

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[str | int | float | None]]
    widths: Sequence[int] = ()
    landscape: bool = True
    grid: bool = False
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    spare: int = 0
    frozen: int = 0
    legend: str = ""
    locked: bool = False


_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)
"""To build one costs more than to use it."""


def prepare(kind: type) -> None:
    """Build what is needed to write and read a record, which is kept for the next time."""
    _adapter(kind)


def to_json(record: object) -> str:
    """Return a record as JSON text: fields in their order, fractions as `2/100`."""
    content = _adapter(type(record)).dump_json(record, indent=1, ensure_ascii=False)
    return content.decode() + "\n"


def plain(record: object) -> Any:
    """Return a record as plain values: mappings, lists, text and numbers."""
    return _adapter(type(record)).dump_python(record, mode="json")


def from_json(kind: type[T], text: str) -> T:
    """Return the record of a JSON text.

    Raises
    ------
    pydantic.ValidationError
        The text is no such record.
    """
    record: T = _adapter(kind).validate_json(text)
    return record


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


UNREADABLE = "unreadable"
"""Stands for the digest of a file that the system does not let be read."""


def digest_if_any(path: Path) -> str:
    """Return the SHA-256 of a file; empty if there is none, `UNREADABLE` if it cannot be read."""
    try:
        return digest(path) if path.is_file() else ""
    except OSError:
        return UNREADABLE


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with LF line ends, making the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def csv_text(table: pd.DataFrame) -> str:
    """Return a table as CSV text: comma, LF, empty cells for what is missing."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.columns)
    columns = (
        [cell if isinstance(cell, str) or not pd.isna(cell) else "" for cell in column.tolist()]
        for _, column in table.items()
    )
    writer.writerows(zip(*columns, strict=True))
    return buffer.getvalue()


def read_csv_text(source: Path | io.BytesIO) -> pd.DataFrame:
    """Return a table written by `csv_text`, every cell as text."""
    return pd.read_csv(source, dtype=str, keep_default_na=False, na_filter=False)


def workbook_bytes(sheets: Sequence[SheetOut], *, mark: str = "", title: str = "") -> bytes:
    """Return an .xlsx workbook, the same bytes for the same content.

    Parameters
    ----------
    sheets
        Text stays text, so that identifiers keep their zeros; numbers are numbers.
    mark
        Stands above every sheet and at the foot of every printed page.
    title
        Title in the properties of the file.
    """
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": title, "created": CREATED})
        head = book.add_format(
            {"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True}
        )
        words = book.add_format({"num_format": "@"})
        warn = book.add_format({"font_color": "#C00000", "italic": True})
        for sheet in sheets:
            out = book.add_worksheet(sheet.name[:31])
            cells = words
            if sheet.grid:
                _to_be_filled_in(out, sheet, title)
                cells = book.add_format({"num_format": "@", "valign": "vcenter"})
            last = _write_sheet(out, sheet, mark, head, cells, warn)
            if sheet.grid:
                _offer_inline(out, sheet, first=2 if mark else 1, last=last)
            elif sheet.choices:
                _offer(book, out, sheet, first=2 if mark else 1, last=last)
    return buffer.getvalue()


def write_workbook(
    path: Path, sheets: Sequence[SheetOut], *, mark: str = "", title: str = ""
) -> None:
    """Write an .xlsx workbook (`workbook_bytes`), making the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(workbook_bytes(sheets, mark=mark, title=title))


HIGH = 24  # points of a row to be written into, 8 mm


def _to_be_filled_in(out: Any, sheet: SheetOut, title: str) -> None:
    """Make a sheet fit to be printed and written into; no page is without its place."""
    out.hide_gridlines(0)
    out.set_default_row(HIGH)
    named = " · ".join(filter(None, (title, sheet.name))).replace("&", "&&")
    legend = sheet.legend.replace("&", "&&")
    out.set_header(f"&L&B{named}&C&8{legend}&R&P / &N")


def _offer_inline(out: Any, sheet: SheetOut, *, first: int, last: int) -> None:
    """Give columns drop-down lists of few words; whatever else is written stays allowed."""
    for column, choices in sorted(sheet.choices.items()):
        rule = {"validate": "list", "source": list(choices), "error_type": "information"}
        out.data_validation(first, column, last + sheet.spare, column, rule)


def _offer(book: Any, out: Any, sheet: SheetOut, *, first: int, last: int) -> None:
    """Give columns their drop-down lists; the choices stand on a hidden sheet of their own."""
    name = f"{sheet.name[:24]}_选项"
    hidden = book.add_worksheet(name)
    for k, (column, choices) in enumerate(sorted(sheet.choices.items())):
        hidden.write_column(0, k, choices)
        source = f"='{name}'!${_letter(k)}$1:${_letter(k)}${len(choices)}"
        rule = {"validate": "list", "source": source, "ignore_blank": True}
        out.data_validation(first, column, last + sheet.spare, column, rule)
    hidden.hide()


def _letter(column: int) -> str:
    """Return the letters of a column, `A` for 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _write_sheet(out: Any, sheet: SheetOut, mark: str, head: Any, words: Any, warn: Any) -> int:
    """Write the cells of a sheet and return its last row."""
    last = 0
    start = 0
    if mark:
        out.write_string(0, 0, mark, warn)
        out.set_footer(f"&C{mark}")
        start = 1
    for j, heading in enumerate(sheet.headings):
        out.write_string(start, j, heading, head)
    for i, row in enumerate(sheet.rows, start + 1):
        last = i
        for j, cell in enumerate(row):
            if isinstance(cell, int | float):
                out.write_number(i, j, cell)
            elif cell is not None and cell != "":
                out.write_string(i, j, str(cell), words)
    out.freeze_panes(start + 1, sheet.frozen)
    for j, heading in enumerate(sheet.headings):
        width = sheet.widths[j] if j < len(sheet.widths) else max(8, 2 * len(heading) + 2)
        out.set_column(j, j, min(width, 40))
    if sheet.landscape:
        out.set_landscape()
    out.fit_to_pages(1, 0)
    out.repeat_rows(start)
    out.set_paper(9)
    if sheet.locked:
        out.protect()
    return max(last, start)


def records_schema(kind: type) -> Mapping[str, Any]:
    """Return the JSON Schema of a record."""
    return _adapter(kind).json_schema(mode="serialization")
