"""Workbooks and CSV files as plain text, cell by cell, with nothing left out.

Workbooks are read by calamine. It turns formula errors into empty cells, so
these are looked up in the sheet's own XML and put back.
"""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook

from auditlib.problems import InputError, Place, problem

LARGEST = 1 << 30  # bytes that a workbook may have when unpacked

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Sheet:
    """Cells as text: `rows[i]` is row `i + 1`; `numbers` holds (row, column) of number cells."""

    name: str
    rows: Sequence[Sequence[str]]
    numbers: frozenset[tuple[int, int]] = field(default=frozenset())


def read_workbook(content: bytes, file: str) -> dict[str, Sheet]:
    """Return the sheets of an .xlsx workbook by name.

    Raises
    ------
    InputError
        If the workbook is empty, cut short, protected, of an old format or too large.
    """
    where = Place(file)
    if not content:
        raise InputError([problem("empty_file", where)])
    if content[:4] == b"\xd0\xcf\x11\xe0":
        kind = "protected_workbook" if b"E\0n\0c\0r\0y\0p\0t" in content else "old_workbook"
        raise InputError([problem(kind, where)])
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        if sum(part.file_size for part in archive.infolist()) > LARGEST:
            raise InputError([problem("too_large", where, limit="1 GiB")])
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        errors = _error_cells(archive)
        return {
            name: _sheet(
                name, book.get_sheet_by_name(name).to_python(skip_empty_area=False), errors
            )
            for name in book.sheet_names
        }
    except (zipfile.BadZipFile, CalamineError, KeyError, ElementTree.ParseError, OSError) as error:
        raise InputError([problem("truncated_workbook", where)]) from error


def _sheet(
    name: str, cells: Sequence[Sequence[object]], errors: dict[str, dict[tuple[int, int], str]]
) -> Sheet:
    numbers = set()
    rows: list[list[str]] = []
    for i, line in enumerate(cells):
        row = []
        for j, cell in enumerate(line):
            if isinstance(cell, float | int) and not isinstance(cell, bool):
                numbers.add((i, j))
            row.append(_text(cell))
        rows.append(row)
    for (i, j), error in errors.get(name, {}).items():
        while len(rows) <= i:
            rows.append([])
        rows[i] += [""] * (j + 1 - len(rows[i]))
        rows[i][j] = error
    return Sheet(name, rows, frozenset(numbers))


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case float():
            return repr(cell)
        case datetime():
            return cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell)


def _error_cells(archive: zipfile.ZipFile) -> dict[str, dict[tuple[int, int], str]]:
    """Return place and text of every formula error, by sheet."""
    relations = {
        item.get("Id"): item.get("Target", "")
        for item in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    found: dict[str, dict[tuple[int, int], str]] = {}
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if not sheet.tag.endswith("}sheet"):
            continue
        target = relations.get(sheet.get(_RELATION), "").removeprefix("/xl/")
        xml = archive.read(f"xl/{target}")
        if b't="e"' in xml:
            cells = re.finditer(rb'<c r="([A-Z]+)(\d+)"[^>]*t="e"[^>]*>(.*?)</c>', xml, re.DOTALL)
            found[sheet.get("name", "")] = {
                (int(cell[2]) - 1, _column_number(cell[1].decode())): _error_text(cell[3])
                for cell in cells
            }
    return found


def _error_text(inner: bytes) -> str:
    value = re.search(rb"<v>(.*?)</v>", inner)
    return value[1].decode() if value else "#VALUE!"


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def read_csv(content: bytes, file: str) -> Sheet:
    """Return a CSV file as a sheet; its encoding is UTF-8, with or without mark, or GB18030.

    Raises
    ------
    InputError
        If the file is empty or in another encoding.
    """
    return Sheet("", _lines(content.decode(csv_encoding(content, file))))


def csv_encoding(content: bytes, file: str, *, unicode_text: bool = False) -> str:
    """Return the encoding of a CSV file: UTF-8, GB18030, or if allowed Excel's "Unicode text".

    Raises
    ------
    InputError
        If the file is empty or in another encoding.
    """
    if not content.strip():
        raise InputError([problem("empty_file", Place(file))])
    marked = unicode_text and content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            if "\x00" not in content.decode(encoding):
                return encoding
        except UnicodeDecodeError:
            continue
    raise InputError([problem("wrong_encoding", Place(file))])


def _lines(text: str) -> list[list[str]]:
    """Return the records at the line where each begins, so that rows count as an editor does."""
    reader = csv.reader(io.StringIO(text, newline=""))
    csv.field_size_limit(1 << 24)
    rows: list[list[str]] = []
    start = 0
    for record in reader:
        rows += [[] for _ in range(start - len(rows))]
        rows.append(record)
        start = reader.line_num
    return rows
