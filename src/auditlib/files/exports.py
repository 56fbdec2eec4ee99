"""Open the exports of ODK, KoboToolbox, SurveyCTO and Excel: every sheet as text.

A zip is opened to its tables; pictures and logs in it stay closed. CSV files may have
commas, semicolons or tabs, a byte order mark, and line ends inside a cell.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path, PurePosixPath

from auditlib.fieldwork.intake import ExportSheet
from auditlib.files import workbooks
from auditlib.files.logs import DAMAGED, is_log_file
from auditlib.problems import InputError, Place, Problem, problem
from auditlib.problems.personal import hide

LARGEST = 1 << 30  # bytes that the tables of an export may have when unpacked
LONGEST_CELL = 1 << 24  # characters
DELIMITERS = (",", ";", "\t", "|")
TABLES = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm"}


def read_exports(paths: Iterable[Path]) -> list[ExportSheet]:
    """Return every sheet of the files, in the order given.

    Raises
    ------
    InputError
        With everything that is wrong with any of the files.
    """
    sheets: list[ExportSheet] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            for name, content in _files(path):
                sheets += (_unnamed(sheet, sheets) for sheet in _sheets(name, content))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return sheets


def _unnamed(sheet: ExportSheet, before: Sequence[ExportSheet]) -> ExportSheet:
    """Return the sheet without persons in the names of file and sheet, told apart by a number."""
    file, name = hide(sheet.file), hide(sheet.sheet)
    if (file, name) == (sheet.file, sheet.sheet):
        return sheet
    taken = {(other.file, other.sheet) for other in before}
    names = (name if n == 1 else f"{name}{n}" for n in count(1))
    name = next(each for each in names if (file, each) not in taken)
    return replace(sheet, file=file, sheet=name)


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Return name and content of the tables in a file: itself, or what a zip holds."""
    place = Place(path.name)
    if path.is_dir():
        for inner in sorted(path.iterdir()):
            if inner.suffix.lower() in TABLES and not is_log_file(inner.name):
                yield from _files(inner)
        return
    if not path.is_file():
        raise InputError([problem("no_such_file", place, expected=".zip, .csv, .xlsx")])
    if path.suffix.lower() == ".zip":
        yield from _unpacked(path.read_bytes(), path.name)
    elif is_log_file(path.name):
        return
    elif path.suffix.lower() in TABLES:
        yield path.name, path.read_bytes()
    else:
        raise InputError([problem("not_an_export", place)])


def _unpacked(content: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    place = Place(name)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = [m for m in archive.infolist() if _is_table(m)]
        if sum(m.file_size for m in members) > LARGEST:
            raise InputError([problem("too_large", place, limit="1 GiB")])
        if not members and not any(is_log_file(m.filename) for m in archive.infolist()):
            raise InputError([problem("not_an_export", place)])
        for member in sorted(members, key=lambda m: m.filename):
            if member.flag_bits & 1:
                raise InputError([problem("protected_workbook", place)])
            yield PurePosixPath(member.filename.replace("\\", "/")).name, archive.read(member)
    except DAMAGED as error:
        raise InputError([problem("truncated_workbook", place)]) from error


def _is_table(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    hidden = any(part.startswith((".", "__")) for part in path.parts)
    media = "media" in path.parts[:-1] or "attachments" in path.parts[:-1]
    table = path.suffix.lower() in TABLES and not is_log_file(path.name)
    return table and not hidden and not media and not member.is_dir()


def _sheets(name: str, content: bytes) -> list[ExportSheet]:
    """Return the sheets of one table file; empty sheets of a workbook are left out."""
    if Path(name).suffix.lower() in {".xlsx", ".xlsm"}:
        sheets = workbooks.read_workbook(content, name).values()
        return [
            ExportSheet(name, sheet.name, sheet.rows, sheet.numbers)
            for sheet in sheets
            if any(cell.strip() for row in sheet.rows for cell in row)
        ]
    return [ExportSheet(name, "", _delimited(content, name))]


def _delimited(content: bytes, name: str) -> list[list[str]]:
    """Return the records of a CSV file at the line where each begins."""
    text = _decoded(content, name)
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text, start = first.strip()[4], rest, 1
    else:
        delimiter, start = _delimiter(first), 0
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = [[] for _ in range(start)]
    try:
        for record in reader:
            rows.append(record)
            rows += [[] for _ in range(reader.line_num + start - len(rows))]
    except csv.Error as error:
        raise InputError(
            [problem("broken_csv", Place(name, row=reader.line_num + start))]
        ) from error
    return rows


def _decoded(content: bytes, name: str) -> str:
    if not content.strip():
        raise InputError([problem("empty_file", Place(name))])
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")  # type: ignore[assignment]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InputError([problem("wrong_encoding", Place(name))])


def _delimiter(heading: str) -> str:
    """Return the delimiter that the heading row has most of, outside quotation marks."""
    outside = "".join(heading.split('"')[::2])
    return max(DELIMITERS, key=lambda mark: (outside.count(mark), -DELIMITERS.index(mark)))
