"""Write taken-in rows into the files and sheets that the round names for the tables.

Other sheets of a workbook stay as they are. What was written is noted by digest, so
that a later change by hand is noticed before it would be overwritten.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from openpyxl import Workbook, load_workbook

from auditlib.files.imports import FOLDER
from auditlib.files.packing import repack
from auditlib.files.reading import Source, read_sheets
from auditlib.files.workbooks import Sheet
from auditlib.files.writing import SheetOut, workbook_bytes, write_text
from auditlib.problems import InputError, Place, problem
from auditlib.tables import TABLES

WRITTEN = "written.json"

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Content:
    """A table as it is written: headings and rows of text."""

    headings: tuple[str, ...]
    rows: Rows


def standing(folder: Path, table: str, source: Source) -> Sheet | None:
    """Return the sheet in which a table stands now; None if the file or sheet is not there."""
    if not (folder / source.file).is_file():
        return None
    return read_sheets(folder, source.file, TABLES[table].zh).get(source.sheet)


def heading_row(sheet: Sheet) -> int:
    """Return the place of the headings, from 0: the first row with two cells or more."""
    for i, row in enumerate(sheet.rows):
        if sum(bool(cell.strip()) for cell in row) > 1:
            return i
    return len(sheet.rows)


def digest_of(sheet: Sheet) -> str:
    """Return the SHA-256 of what a sheet says, whatever the order of rows and columns."""
    start = heading_row(sheet)
    if start >= len(sheet.rows):
        return ""
    headings = [cell.strip() for cell in sheet.rows[start]]
    lines = sorted(
        "\x1f".join(
            sorted(f"{h}={cell.strip()}" for h, cell in zip(headings, row, strict=False) if cell)
        )
        for row in sheet.rows[start + 1 :]
        if any(cell.strip() for cell in row)
    )
    return sha256("\x1e".join(lines).encode()).hexdigest() if lines else ""


def noted(folder: Path) -> dict[str, str]:
    """Return the digest of every table as intake last wrote it."""
    path = folder / FOLDER / WRITTEN
    if not path.is_file():
        return {}
    found: dict[str, str] = json.loads(path.read_text("utf-8"))
    return found


def require_unedited(folder: Path, sources: Mapping[str, Source]) -> None:
    """Raise if a table that intake wrote has been changed by hand since.

    Raises
    ------
    InputError
        With every table that was changed.
    """
    problems = []
    for table, digest in noted(folder).items():
        source = sources.get(table)
        sheet = standing(folder, table, source) if source else None
        if source and sheet is not None and digest_of(sheet) != digest:
            problems.append(problem("edited_after_intake", Place(source.file, source.sheet)))
    if problems:
        raise InputError(problems)


def write_tables(
    folder: Path,
    contents: Mapping[str, Content],
    sources: Mapping[str, Source],
    *,
    mark: str,
    title: str,
) -> dict[str, int]:
    """Write tables where the round names them, and return the first row of each.

    Parameters
    ----------
    folder
        The county's folder of inputs.
    contents
        Tables to write.
    sources
        File and sheet of every table that the county has; a new workbook gets all of its
        sheets, those without rows with their headings.
    mark, title
        Stands above every new sheet; title of a new workbook.
    """
    files = {sources[table].file for table in contents}
    first: dict[str, int] = {}
    for file in sorted(files):
        path = folder / file
        own = {t: s for t, s in sources.items() if s.file == file}
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() == ".csv":
            (table,) = own
            path.write_bytes(_csv(contents[table], mark))
            first[table] = 3 if mark else 2
        elif path.is_file():
            written = {t: c for t, c in contents.items() if t in own}
            content, rows = _replaced(path.read_bytes(), written, own)
            path.write_bytes(content)
            first |= rows
        else:
            path.write_bytes(_new(contents, own, mark=mark, title=title))
            first |= {table: 3 if mark else 2 for table in own if table in contents}
    notes = noted(folder)
    for table in contents:
        sheet = standing(folder, table, sources[table])
        notes[table] = digest_of(sheet) if sheet else ""
    text = json.dumps(dict(sorted(notes.items())), indent=1)
    write_text(folder / FOLDER / WRITTEN, text + "\n")
    return first


def _csv(content: Content, mark: str) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    if mark:
        writer.writerow([mark])
    writer.writerow(content.headings)
    writer.writerows(content.rows)
    return buffer.getvalue().encode("utf-8-sig")


def _new(
    contents: Mapping[str, Content], own: Mapping[str, Source], *, mark: str, title: str
) -> bytes:
    sheets = []
    for table, source in own.items():
        empty = Content(tuple(column.zh for column in TABLES[table].columns), ())
        content = contents.get(table, empty)
        sheets.append(SheetOut(source.sheet, content.headings, content.rows))
    return workbook_bytes(sheets, mark=mark, title=title)


def _replaced(
    content: bytes, contents: Mapping[str, Content], own: Mapping[str, Source]
) -> tuple[bytes, dict[str, int]]:
    """Return a workbook with the rows of some sheets replaced, and their first rows."""
    book = load_workbook(io.BytesIO(content))
    first = {}
    for table, written in contents.items():
        first[table] = _replace(book, own[table].sheet, written)
    buffer = io.BytesIO()
    book.save(buffer)
    return repack(buffer.getvalue()), first


def _replace(book: Workbook, name: str, content: Content) -> int:
    """Write headings and rows into a sheet, below its title rows; return the first row."""
    if name not in book.sheetnames:
        book.create_sheet(name)
    sheet = book[name]
    start = 1
    for row in sheet.iter_rows(values_only=True):
        if sum(cell not in (None, "") for cell in row) > 1:
            break
        start += 1
    start = min(start, sheet.max_row + 1) if sheet.max_row > 1 or start == 1 else start
    width = max(sheet.max_column, len(content.headings))
    for i, line in enumerate((content.headings, *content.rows), start):
        for j in range(1, width + 1):
            text = line[j - 1] if j <= len(line) else ""
            cell = sheet.cell(i, j)
            cell.value = text or None
            if text:
                cell.data_type = "s"
                if i > start:
                    cell.number_format = "@"
    last = start + len(content.rows)
    if sheet.max_row > last:
        sheet.delete_rows(last + 1, sheet.max_row - last)
    return start + 1
