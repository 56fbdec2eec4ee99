"""What a workbook is made of, seen in its XML before any cell is read.

Readers give values only. Merged and hidden cells, formulas without a result and
formula errors are lost on the way, and a sheet with one cell in its last corner
fills the memory; so the sheet's own XML is looked at first.

Source: ECMA-376, Office Open XML, part 1, sections 18.2 and 18.3.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from xml.etree import ElementTree

from auditlib.problems import InputError, Place, problem

LARGEST = 1 << 30  # bytes that a file may have, packed and unpacked
DENSEST = 300  # bytes that a packed byte may stand for in a part of a hundred MiB and more
MOST_CELLS = 20_000_000  # of a sheet, empty ones between the first and the last included
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Cell = tuple[int, int]
"""Row and column of a cell, both from 0."""


@dataclass(frozen=True)
class Structure:
    """What is known of a sheet beside its values; rows and columns from 0.

    Attributes
    ----------
    merged
        First row, first column, last row, last column of every merged range.
    hidden_rows, hidden_columns, hidden
        What Excel does not show; `hidden` is the sheet itself.
    errors
        Text of every formula error.
    unfinished
        Cells with a formula that has no result.
    linked
        Whether a formula takes a value from another workbook.
    macros
        Whether the workbook carries macros.
    """

    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False
    errors: Mapping[Cell, str] = field(default_factory=dict)
    unfinished: frozenset[Cell] = frozenset()
    linked: bool = False
    macros: bool = False


def refuse_other_formats(content: bytes, file: str) -> None:
    """Refuse what is not an .xlsx workbook, and say what it is.

    Raises
    ------
    InputError
        Old, protected or web-page workbook, text, another archive, or nothing.
    """
    where = Place(file)
    start = content[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if not content:
        raise InputError([problem("empty_file", where)])
    if content[:4] == b"\xd0\xcf\x11\xe0":
        kind = "protected_workbook" if b"E\0n\0c\0r\0y\0p\0t" in content else "old_workbook"
        raise InputError([problem(kind, where)])
    if content[:4] == b"PK\x03\x04":
        if b"mimetypeapplication/vnd.oasis" in content[:128]:
            raise InputError([problem("other_format", where, found="OpenDocument (.ods)")])
        return
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head")):
        raise InputError([problem("web_page", where)])
    if start.startswith(b"<?xml"):
        raise InputError([problem("other_format", where, found="XML")])
    if content[:2] == b"\x1f\x8b" or content[:6] in (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07"):
        raise InputError([problem("other_format", where, found="gzip, 7z, rar")])
    if not re.search(rb"[\x00-\x08\x0e-\x1f]", content[:4096]) and b"," in content[:4096]:
        raise InputError([problem("text_as_workbook", where)])
    raise InputError([problem("truncated_workbook", where)])


_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
"""Parts that are read by `look`, in whole, before any other reader sees them."""


def open_archive(content: bytes, file: str) -> zipfile.ZipFile:
    """Return the workbook's parts, if they are sound and of ordinary size when unpacked.

    Whether a sheet is sound shows itself when it is read.

    Raises
    ------
    InputError
        A part is larger than it may be, or far larger than its packed form.
    zipfile.BadZipFile
        The archive is cut short, or a part is not what the list of parts says.
    """
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = archive.infolist()
    where = Place(file)
    if sum(part.file_size for part in parts) > LARGEST or len(parts) > 10_000:
        raise InputError([problem("too_large", where, limit="1 GiB")])
    for part in parts:
        dense = part.file_size > DENSEST * max(part.compress_size, 1)
        if dense and part.file_size > 100 << 20:
            raise InputError([problem("zip_bomb", where, found=part.file_size >> 20)])
        if part.flag_bits & 1:
            raise InputError([problem("protected_workbook", where)])
        if not _SHEET.fullmatch(part.filename):
            with archive.open(part) as stream:  # a false size shows itself as a false checksum
                while stream.read(1 << 20):
                    pass
    if "[Content_Types].xml" not in archive.namelist():
        raise InputError([problem("other_format", where, found="zip")])
    if "xl/workbook.bin" in archive.namelist():
        raise InputError([problem("other_format", where, found=".xlsb")])
    return archive


def look(archive: zipfile.ZipFile, file: str) -> dict[str, Callable[[], Structure]]:
    """Return by the name of every sheet how to look at its structure.

    Raises
    ------
    InputError
        When it is looked at: the sheet spans more cells than can be read.
    KeyError, xml.etree.ElementTree.ParseError
        A part that the workbook names is missing or broken, a sheet when it is looked at.
    """
    macros = any(name.endswith("vbaProject.bin") for name in archive.namelist())

    def at(name: str, part: str, *, hidden: bool) -> Structure:
        return _structure(archive.read(part), Place(file, name), hidden=hidden, macros=macros)

    return {name: partial(at, name, part, hidden=hidden) for name, part, hidden in _sheets(archive)}


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str, bool]]:
    """Yield name, part and hiddenness of every sheet."""
    relations = {
        item.get("Id"): item.get("Target", "")
        for item in _xml(archive.read("xl/_rels/workbook.xml.rels"))
    }
    for sheet in _xml(archive.read("xl/workbook.xml")).iter():
        if sheet.tag.endswith("}sheet"):
            target = relations.get(sheet.get(_RELATION), "").removeprefix("/").removeprefix("xl/")
            hidden = sheet.get("state", "visible") != "visible"
            yield sheet.get("name", ""), f"xl/{target}", hidden


def _xml(part: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in part:  # no workbook declares one; it can only make the part grow
        raise ElementTree.ParseError("document type declared")
    return ElementTree.fromstring(part)


def _structure(xml: bytes, where: Place, *, hidden: bool, macros: bool) -> Structure:
    rows, columns = _extent(xml)
    if rows > LAST_ROW or columns > LAST_COLUMN or rows * columns > MOST_CELLS:
        words = {"rows": rows, "columns": columns, "limit": MOST_CELLS}
        raise InputError([problem("enormous_sheet", where, **words)])
    formulas = b"<f" in xml or b":f" in xml
    return Structure(
        merged=tuple(_merged(xml)) if b"mergeCell" in xml else (),
        hidden_rows=frozenset(int(r) - 1 for r in _attributes(_HIDDEN_ROW, xml, b"r"))
        if b"hidden=" in xml
        else frozenset(),
        hidden_columns=frozenset(_hidden_columns(xml)) if b"hidden=" in xml else frozenset(),
        hidden=hidden,
        errors=dict(_errors(xml)) if b't="e"' in xml else {},
        unfinished=frozenset(_unfinished(xml)) if formulas else frozenset(),
        linked=bool(formulas and re.search(rb"<(?:\w+:)?f\b[^>]*>[^<]*\[\d+\]", xml)),
        macros=macros,
    )


_ROW = re.compile(rb"""<row\b[^>]*?\br=["'](\d{1,12})["']""")
_PREFIXED_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br=["'](\d{1,12})["']""")
_LETTERS = rb"""r=["'][A-Za-z]{%d,}\d"""
_FAR = re.compile(rb"""r=["'](?:[A-Za-z]{3,}\d|[A-Za-z]+\d{7,})""")
"""What may be a cell in a far column or row: most sheets have none, and need one look only."""

_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*\bhidden=["'](?:1|true)["'][^>]*>""")
_HIDDEN_COLUMN = re.compile(rb"""<(?:\w+:)?col\b[^>]*\bhidden=["'](?:1|true)["'][^>]*>""")
_MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\b[^>]*\bref=["']\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)["']"""
)
_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Za-z]+)(\d+)["']""")
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]+)(\d+)["'][^>]*\bt="e"[^>]*>(.*?)</(?:\w+:)?c>""",
    re.DOTALL,
)
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>/]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


def _attributes(pattern: re.Pattern[bytes], xml: bytes, name: bytes) -> Iterator[bytes]:
    """Yield an attribute of every tag that the pattern finds."""
    wanted = re.compile(rb"""\b%s=["'](\d{1,9})["']""" % name)
    for tag in pattern.finditer(xml):
        if value := wanted.search(tag[0]):
            yield value[1]


def _extent(xml: bytes) -> tuple[int, int]:
    """Return the number of rows and columns up to the last cell.

    The quick look at row numbers and letters serves as a rule; every cell is
    looked at only where it finds too much.
    """
    row = _PREFIXED_ROW if b":row" in xml else _ROW
    rows = max(map(int, row.findall(xml)), default=0)
    far = _FAR.search(xml)
    tried = (4, 3, 2, 0) if far else (2, 0)
    columns = next(n for n in tried if not n or re.search(_LETTERS % n, xml))
    columns = {4: LAST_COLUMN + 1, 3: LAST_COLUMN, 2: 702, 0: 26}[columns]
    if columns > LAST_COLUMN:
        return rows, columns
    stray = far and re.search(rb"""<(?:\w+:)?c\b[^>]*?\br=["'][A-Za-z]+\d{7,}""", xml)
    if not stray and columns == 702:  # AA to ZZ, of which mostly few are there
        beyond = rb"""r=["'][%c-Z%c-z][A-Za-z]\d"""
        few = (n for n in (1, 2, 4, 8) if not re.search(beyond % (65 + n, 97 + n), xml))
        columns = 26 * (1 + next(few, 26))
    if not stray and rows * columns <= MOST_CELLS:
        return rows, columns
    rows = columns = 0
    for cell in _CELL.finditer(xml):
        rows = max(rows, int(cell[2]))
        columns = max(columns, column_number(cell[1].decode().upper()) + 1)
    return rows, columns


def _merged(xml: bytes) -> Iterator[tuple[int, int, int, int]]:
    for found in _MERGED.finditer(xml):
        left, top, right, bottom = (part.decode() for part in found.groups())
        yield int(top) - 1, column_number(left), int(bottom) - 1, column_number(right)


def _hidden_columns(xml: bytes) -> Iterator[int]:
    firsts = _attributes(_HIDDEN_COLUMN, xml, b"min")
    lasts = _attributes(_HIDDEN_COLUMN, xml, b"max")
    for first, last in zip(firsts, lasts, strict=False):
        yield from range(int(first) - 1, min(int(last), LAST_COLUMN))


def _errors(xml: bytes) -> Iterator[tuple[Cell, str]]:
    for cell in _ERROR.finditer(xml):
        value = re.search(rb"<(?:\w+:)?v>(.*?)</", cell[3])
        text = value[1].decode("utf-8", "replace") if value else "#VALUE!"
        yield (int(cell[2]) - 1, column_number(cell[1].decode())), text


def _unfinished(xml: bytes) -> Iterator[Cell]:
    """Yield cells whose formula was never computed; an empty text is a result."""
    for cell in _FORMULA.finditer(xml):
        place = re.search(rb"""\br=["']([A-Z]+)(\d+)["']""", cell[1])
        if place and b't="str"' not in cell[1]:
            yield int(place[2]) - 1, column_number(place[1].decode())


def column_number(letters: str) -> int:
    """Return the number of a column from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """Return the letters of a column counted from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
