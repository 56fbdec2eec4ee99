"""One sheet of an export as it was read, and which layout it has.

Source: ODK Central and Briefcase (CSV, a file for every repeat), KoboToolbox (XLSX, a
sheet for every repeat), SurveyCTO (CSV, repeats beside the main columns), workbooks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from auditlib.fieldwork.intake.headings import Matched, match, meta_of
from auditlib.fieldwork.intake.layouts import Layout, plain
from auditlib.fieldwork.intake.values import labels_of
from auditlib.tables import TABLES, CodeList, Kind

SOURCES = ("odk", "kobo", "surveycto", "excel")


@dataclass(frozen=True)
class ExportSheet:
    """Cells of one sheet as text; a CSV file is a sheet without a name.

    `numbers` holds row and column, from 0, of cells that were numbers in the workbook.
    """

    file: str
    sheet: str
    rows: Sequence[Sequence[str]]
    numbers: frozenset[tuple[int, int]] = field(default=frozenset())


@dataclass(frozen=True)
class Recognised:
    """A sheet with its headings understood; `matched` is None if it fits no layout."""

    sheet: ExportSheet
    source: str
    start: int
    meta: Mapping[str, int]
    matched: Matched | None

    @cached_property
    def log(self) -> int | None:
        """Column that names the log of each submission, where logs are named one by one."""
        if self.source != "surveycto" or self.child or not self.sheet.rows:
            return None
        heads = [plain(h) for h in self.sheet.rows[self.start]]
        return next((j for j, h in enumerate(heads) if h.endswith("text_audit")), None)

    @property
    def data(self) -> list[tuple[int, Sequence[str]]]:
        """Rows below the headings that hold anything, with their number in the file."""
        return [
            (number, row)
            for number, row in enumerate(self.sheet.rows[self.start + 1 :], self.start + 2)
            if any(map(str.strip, row))
        ]

    @property
    def child(self) -> bool:
        """Whether the sheet holds the rows of a repeat."""
        return bool(
            self.meta.keys()
            & {"parent_key", "parent_index", "parent_id", "parent_uuid", "parent_root_uuid"}
        )


def options_of(codelists: Mapping[str, CodeList]) -> dict[str, dict[str, str]]:
    """Return the names and labels of the choices of every column that takes several."""
    return {
        f"{table.name}.{column.name}": {
            plain(text): code for text, code in labels_of(column, codelists).items()
        }
        for table in TABLES.values()
        for column in table.columns
        if column.kind is Kind.CODES
    }


def recognise(
    sheet: ExportSheet,
    layouts: Iterable[Layout],
    options: Mapping[str, Mapping[str, str]],
    *,
    source: str = "",
) -> Recognised:
    """Return what a sheet is: the server it comes from, its headings, its layout.

    Parameters
    ----------
    sheet
        The sheet as read.
    layouts
        Every layout that it may have.
    options
        Choices of the columns that take several (`options_of`).
    source
        One of `SOURCES`, or empty to find out.
    """
    start = _heading_row(sheet.rows)
    headings = list(sheet.rows[start]) if sheet.rows else []
    meta = meta_of(headings)
    found = source or _source(headings, meta)
    if found == "excel":
        meta = {}
    best: Matched | None = None
    for layout in layouts:
        if not _possible(layout, meta, found):
            continue
        tried = match(headings, layout, options)
        if _enough(tried) and (best is None or _better(tried, best, sheet, found)):
            best = tried
    return Recognised(sheet, found, start, meta, best)


def _heading_row(rows: Sequence[Sequence[str]]) -> int:
    """Return the first row with two cells or more; a title above fills only one."""
    for i, row in enumerate(rows):
        if sum(bool(cell.strip()) for cell in row) > 1:
            return i
    return 0


def _source(headings: Sequence[str], meta: Mapping[str, int]) -> str:
    texts = {plain(h) for h in headings}
    if "formdef_version" in texts or {"key", "starttime"} <= texts:
        return "surveycto"
    if {"_index", "_parent_index", "_uuid", "_submission_time", "_submission__id"} & texts:
        return "kobo"
    if {"key", "instanceid", "parent_key"} & texts or "meta-instanceid" in texts:
        return "odk"
    return "excel"


def _possible(layout: Layout, meta: Mapping[str, int], source: str) -> bool:
    if layout.plain:
        return source == "excel"
    child = {"parent_key", "parent_index", "parent_id", "parent_uuid"} & meta.keys()
    if layout.form == "map" and child:  # whatever a form of one's own asks in a repeat
        return source != "excel" and len(layout.tables) == 1
    return bool(child) == bool(layout.repeat) and (source != "excel" or not layout.repeat)


def _enough(tried: Matched) -> bool:
    """Say whether half of the columns that the first table must have are there."""
    if tried.layout.form == "map":
        return tried.score >= 1
    table = TABLES[tried.layout.tables[0]]
    required = {column.name for column in table.columns if column.required}
    found = {
        heading.target.column
        for heading in tried.headings
        if heading.target.table == table.name and heading.role != "unknown"
    }
    return len(required & found) * 2 >= len(required) and tried.score >= 1


def _better(tried: Matched, best: Matched, sheet: ExportSheet, source: str) -> bool:
    """Prefer more columns filled, then the layout that the sheet or file is named after."""

    def rank(matched: Matched) -> tuple[int, int]:
        layout = matched.layout
        names = [layout.form, layout.repeat]
        if layout.plain:
            names = [layout.repeat, TABLES[layout.repeat].zh]
        named = sum(bool(n) and plain(n) in plain(f"{sheet.sheet} {sheet.file}") for n in names)
        return matched.score + (1000 if layout.form == "map" else 0), named

    return rank(tried) > rank(best)
