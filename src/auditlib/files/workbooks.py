"""Workbooks and CSV files as plain text, cell by cell, with nothing left out.

Workbooks are read by calamine, after their structure was looked at. It turns
formula errors into empty cells, so these are put back.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook

from auditlib.files.structure import Structure, look, open_archive, refuse_other_formats
from auditlib.problems import InputError, Place, problem

LONGEST_CELL = 1 << 24  # characters of one cell of a CSV file


@dataclass(frozen=True)
class Sheet:
    """Cells as text: `rows[i]` is row `i + 1`; `numbers` holds (row, column) of number cells.

    A CSV file is the sheet without a name.
    """

    name: str
    rows: Sequence[Sequence[str]]
    numbers: frozenset[tuple[int, int]] = field(default=frozenset())
    structure: Structure = field(default=Structure())


class Workbook(Mapping[str, Sheet]):
    """The sheets of an .xlsx workbook by name; cells are read when a sheet is asked for.

    Raises
    ------
    InputError
        If the workbook is empty, cut short, protected, of another format or too large;
        if a sheet is broken, when it is asked for.
    """

    def __init__(self, content: bytes, file: str) -> None:
        refuse_other_formats(content, file)
        self._file = file
        self._read: dict[str, Sheet] = {}
        with _whole(file):
            self._looks = look(open_archive(content, file), file)
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(content))

    def __iter__(self) -> Iterator[str]:
        return iter(self._book.sheet_names)

    def __len__(self) -> int:
        return len(self._book.sheet_names)

    def __getitem__(self, name: str) -> Sheet:
        if name not in self._read:
            if name not in self._book.sheet_names:
                raise KeyError(name)
            with _whole(self._file):
                structure = self._looks.get(name, Structure)()
                cells = self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                self._read[name] = _sheet(name, cells, structure)
        return self._read[name]


def read_workbook(content: bytes, file: str) -> dict[str, Sheet]:
    """Return all sheets of an .xlsx workbook by name; raises as `Workbook`."""
    return dict(Workbook(content, file))


@contextmanager
def _whole(file: str) -> Iterator[None]:
    """Say that the workbook is broken, whatever its readers say."""
    broken = InputError([problem("truncated_workbook", Place(file))])
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        zipfile.LargeZipFile,
        CalamineError,
        LookupError,  # a part or an encoding that does not exist
        ElementTree.ParseError,
        NotImplementedError,  # a way of packing that zipfile does not know
        OSError,
        ValueError,
        EOFError,
    ) as error:
        raise broken from error
    except BaseException as error:  # the reader's own panic, which is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise broken from error


def _sheet(name: str, cells: Sequence[Sequence[object]], structure: Structure) -> Sheet:
    numbers: set[tuple[int, int]] = set()
    rows: list[list[str]] = [list(line) for line in cells]  # type: ignore[arg-type]
    for j, column in enumerate(zip(*cells, strict=True)):
        if set(map(type, column)) == {str}:  # most columns are text, and stay as they are
            continue
        numbers.update((i, j) for i, cell in enumerate(column) if cell.__class__ in (float, int))
        known: dict[float, str] = {}
        for i, cell in enumerate(column):
            if cell.__class__ is str:
                continue
            if isinstance(cell, float):
                rows[i][j] = known.get(cell) or known.setdefault(cell, _text(cell))
            else:
                rows[i][j] = _text(cell)
    for (i, j), error in structure.errors.items():
        while len(rows) <= i:
            rows.append([])
        rows[i] += [""] * (j + 1 - len(rows[i]))
        rows[i][j] = error
    return Sheet(name, rows, frozenset(numbers), structure)


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case datetime():
            return cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell)


def read_csv(content: bytes, file: str) -> Sheet:
    """Return a CSV file as a sheet; its encoding is UTF-8, with or without mark, or GB18030.

    Raises
    ------
    InputError
        If the file is empty, no CSV file, in another encoding, or its quotation marks
        do not pair.
    """
    return Sheet("", _lines(content.decode(csv_encoding(content, file)), file))


def csv_encoding(content: bytes, file: str, *, unicode_text: bool = False) -> str:
    """Return the encoding of a CSV file: UTF-8, GB18030, or if allowed Excel's "Unicode text".

    Raises
    ------
    InputError
        If the file is empty, no CSV file, or in another encoding.
    """
    where = Place(file)
    if not content.strip():
        raise InputError([problem("empty_file", where)])
    if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise InputError([problem("workbook_as_text", where)])
    if content[:2048].lstrip().lower().startswith((b"<html", b"<!doctype html", b"<table")):
        raise InputError([problem("web_page", where)])
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    if marked and not unicode_text:
        raise InputError([problem("wrong_encoding", where)])
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            row = text[: text.index("\x00")].count("\n") + 1
            raise InputError([problem("nul_character", Place(file, row=row))])
        return encoding
    raise InputError([problem("wrong_encoding", where)])


def _lines(text: str, file: str) -> list[list[str]]:
    """Return the records at the line where each begins, so that rows count as an editor does."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    start = 0
    try:
        for record in reader:
            rows += [[] for _ in range(start - len(rows))]
            rows.append(record)
            start = reader.line_num
    except csv.Error as error:
        unclosed = "unexpected end" in str(error) or "field limit" in str(error)
        kind, row = ("unclosed_quote", start + 1) if unclosed else ("stray_quote", reader.line_num)
        raise InputError([problem(kind, Place(file, row=row))]) from error
    return rows
