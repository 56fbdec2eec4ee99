"""Fill the template, so that the same document gives the same bytes.

docxtpl fills it with every value escaped and every name required. What it leaves
to the machine is set here: widths and colours of tables, the properties of the
file, and the order, dates and packing of its parts.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from typing import Any, cast

from docx.opc.packuri import PackURI
from docx.opc.pkgwriter import PackageWriter
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import Environment, StrictUndefined, Template

from auditlib.language import Language
from auditlib.report.documents.blocks import (
    Facts,
    Figure,
    Grid,
    Heading,
    Note,
    OfficeDocument,
    Signature,
    Text,
)
from auditlib.report.documents.form import TEXT_WIDTH, template
from auditlib.report.page import SYNTHETIC

PACKED = (1980, 1, 1, 0, 0, 0)
"""Date of every part in the file: the first that a ZIP file can hold."""

MOST = 6  # columns of a table in the ordinary size; wider ones are set smaller
TWIPS = 1440 / 25.4  # to the millimetre
LETTERS, SMALL_LETTERS = 72, 86  # Latin letters in a line of 10 and of 8.5 points
SHORT = 14  # letters that a cell should hold in one line
SHORTEST = 9  # letters down to which a column gives way where the page is too narrow
PAD = 3  # letters that the room beside a cell's words takes
WITH_COUNTS = re.compile(r"^(\S+ %)\s?（(.+)）$")
CHINESE = re.compile(r"[\u2e80-\U0010ffff]")
UNBROKEN = re.compile(r"[^ \n\u2e80-\U0010ffff]+|[\u2e80-\U0010ffff]")
PARAGRAPH = re.compile(r"<w:p(?: [^>]*)?>.*?</w:p>", re.DOTALL)
SIGNS = re.compile(r"[\t\a\n\f]")
SHADES = {"good": "E2F0D9", "warn": "FFF2CC", "bad": "FBE3D6"}
HEAD = "DDEBF7"


@dataclass(frozen=True)
class _Table:
    """What `_dress` must know of one table in the order of the document."""

    widths: tuple[int, ...]
    headed: bool
    right: tuple[bool, ...]
    shades: dict[tuple[int, int], str]


def docx_bytes(document: OfficeDocument) -> bytes:
    """Return the document as the bytes of a .docx file."""
    made = _Form(io.BytesIO(template(document.language)))
    tables: list[_Table] = []
    context = {
        "title": document.title.split("\n"),
        "number": document.number,
        "running": " · ".join(filter(None, (document.running, document.mark))),
        "mark": document.mark,
        "blocks": [_filled(block, made, tables) for block in document.blocks],
    }
    made.render(context, jinja_env=_environment(document.language), autoescape=True)
    for element, table in zip(made.docx.element.body.iter(_name("w:tbl")), tables, strict=True):
        _dress(element, table)
    _describe(made.docx.core_properties, document)
    return _packed(_parts(made.docx.part.package))


def rehearse(language: Language) -> None:
    """Write a small document with all kinds of blocks but pictures, so that the next is faster."""
    blocks = (Heading("一"), Text("1 %"), Note("注"), Facts((("甲", "乙"),)), Signature(("日期",)))
    docx_bytes(OfficeDocument("题目", "", "", "", "", language, date(2019, 1, 1), blocks))


class _Form(DocxTemplate):  # type: ignore[misc]
    """The template; looks for signs of a new line or a tab in paragraphs that have any."""

    def resolve_listing(self, xml: str) -> str:
        resolved = super().resolve_listing
        return PARAGRAPH.sub(
            lambda found: resolved(found[0]) if SIGNS.search(found[0]) else found[0], xml
        )


class _Environment(Environment):
    """Compiles a text once: all documents of a language fill the same template."""

    @cache  # noqa: B019 - lives as long as the process, like the template
    def from_string(self, source: str) -> Template:  # type: ignore[override]
        return super().from_string(source)


@cache
def _environment(language: Language) -> Environment:
    # jinja2 asks `finalize` of every value that it prints
    spaced = partial(_spaced, language=language)
    return _Environment(undefined=StrictUndefined, autoescape=True, finalize=spaced)


def _spaced(value: Any, *, language: Language) -> Any:
    """Keep a number and its sign of per cent together; Chinese type sets them without a space."""
    if not isinstance(value, str) or "%" not in value:
        return value
    return re.sub(r"(?<=\d) %", "%" if language == "zh" else "\u00a0%", value)


def _filled(block: Any, made: DocxTemplate, tables: list[_Table]) -> dict[str, Any]:
    """Return a block as the template takes it."""
    match block:
        case Heading():
            level = "new page" if block.new_page else block.level
            return {"kind": "heading", "level": level, "text": block.text}
        case Text():
            return {"kind": "text", "text": block.text}
        case Note():
            return {"kind": "note", "text": block.text}
        case Signature():
            return {"kind": "signature", "text": "\n".join(block.lines), "above": block.above}
        case Figure():
            image = InlineImage(made, io.BytesIO(block.picture.png), width=Mm(TEXT_WIDTH))
            return {"kind": "figure", "image": image, "caption": block.caption}
        case Facts():
            shades = {(i, 1): SHADES[tone] for i, tone in enumerate(block.tones) if tone in SHADES}
            width = round(TEXT_WIDTH * TWIPS)
            widths = (round(width * 0.24), width - round(width * 0.24))
            tables.append(_Table(widths, False, (False, False), shades))
            return {"kind": "facts", "rows": block.rows}
        case Grid():
            return _grid(block, tables)
    raise TypeError(type(block))


def _grid(block: Grid, tables: list[_Table]) -> dict[str, Any]:
    """Return a table: the columns wanted, as wide as their words ask for."""
    table = block.table
    columns = block.columns or tuple(range(len(table.headings)))
    headings = [table.headings[j] for j in columns]
    rows = [[_broken(row[j]) for j in columns] for row in table.rows]
    place = {j: k for k, j in enumerate(columns)}
    shades = {
        (i + 1, place[j]): SHADES[tone]
        for i, j, tone in table.marks
        if j in place and tone in SHADES
    }
    shades |= {(0, k): HEAD for k in range(len(columns))}
    right = tuple(table.numeric[j] and bool(rows) for j in columns)
    small = len(columns) > MOST
    widths = column_widths(headings, rows, letters=SMALL_LETTERS if small else LETTERS)
    tables.append(_Table(widths, True, right, shades))
    kind = "small grid" if small else "grid"
    return {"kind": kind, "headings": headings, "rows": rows, "caption": table.caption}


def _broken(cell: str) -> str:
    """Break a cell where a reader would: before the counts behind a share."""
    return WITH_COUNTS.sub("\\1\n（\\2）", cell)


def column_widths(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, letters: int = LETTERS
) -> tuple[int, ...]:
    """Return the width of every column in twentieths of a point; they fill the page.

    Every column gets what its shortest form needs: a short cell in one line, a long
    text its longest word. What is left goes to the columns whose cells are longer.

    Parameters
    ----------
    headings, rows
        Words of the table.
    letters
        Latin letters that a line of the page holds in the table's size.
    """
    total = round(TEXT_WIDTH * TWIPS)
    needs, wishes = [], []
    for j, heading in enumerate(headings):
        cells = [line for row in rows for line in row[j].split("\n")]
        longest = max(map(_letters, cells), default=0)
        word = max((_letters(w) for cell in (*cells, heading) for w in _words(cell)), default=0)
        need = max(word, longest if longest <= SHORT else SHORT, min(_letters(heading), 8)) + PAD
        needs.append(float(need))
        wishes.append(float(max(need, longest + PAD, min(_letters(heading), SHORT) + PAD)))
    room = letters - sum(needs)
    more = [wish - need for wish, need in zip(wishes, needs, strict=True)]
    if room > 0 and sum(more) > 0:
        share = min(1.0, room / sum(more))
        needs = [need + share * extra for need, extra in zip(needs, more, strict=True)]
    long = [max(need - SHORTEST, 0) for need in needs]
    if room < 0 < sum(long):  # the page is too narrow: long columns give way, short ones do not
        less = min(1.0, -room / sum(long))
        needs = [need - less * extra for need, extra in zip(needs, long, strict=True)]
    widths = [round(total * need / sum(needs)) for need in needs]
    widths[-1] += total - sum(widths)
    return tuple(widths)


def _letters(text: str) -> int:
    """Return the width of a text in Latin letters; a Chinese one counts two."""
    return len(text) + len(CHINESE.findall(text))


def _words(text: str) -> list[str]:
    """Return what cannot be broken over two lines: a Latin word, a number; two Chinese letters."""
    return [part * 2 if CHINESE.match(part) else part for part in UNBROKEN.findall(text)]


def _dress(element: Any, table: _Table) -> None:
    """Set the widths of a filled table, the colours of its cells, and numbers to the right."""
    properties = element.find(_name("w:tblPr"))
    for name in ("w:tblW", "w:tblLayout", "w:tblCellMar"):
        for old in properties.findall(_name(name)):
            properties.remove(old)
    width = _made("w:tblW", w=str(sum(table.widths)), type="dxa")
    properties.find(_name("w:tblStyle")).addnext(width)
    _after(properties, _made("w:tblLayout", type="fixed"))
    margins = _made("w:tblCellMar")
    for side, room in (("top", "30"), ("left", "70"), ("bottom", "30"), ("right", "70")):
        _add(margins, f"w:{side}", w=room, type="dxa")
    _after(properties, margins)
    grid = element.find(_name("w:tblGrid"))
    for old in list(grid):
        grid.remove(old)
    for each in table.widths:
        _add(grid, "w:gridCol", w=str(each))
    for i, row in enumerate(element.findall(_name("w:tr"))):
        for j, cell in enumerate(row.findall(_name("w:tc"))):
            _dress_cell(cell, table, i, j)


def _dress_cell(cell: Any, table: _Table, i: int, j: int) -> None:
    properties = cell.find(_name("w:tcPr"))
    for old in list(properties):
        properties.remove(old)
    _add(properties, "w:tcW", w=str(table.widths[j]), type="dxa")
    if (i, j) in table.shades:
        _add(properties, "w:shd", val="clear", color="auto", fill=table.shades[i, j])
    _add(properties, "w:vAlign", val="center")
    if table.right[j] and (i or not table.headed):
        for paragraph in cell.findall(_name("w:p")):
            _add(paragraph.get_or_add_pPr(), "w:jc", val="right")


def _after(properties: Any, new: Any) -> None:
    """Put a property where the order of the format wants it: before the look of the table."""
    look = properties.find(_name("w:tblLook"))
    if look is None:
        properties.append(new)
    else:
        look.addprevious(new)


def _made(name: str, **values: str) -> Any:
    return OxmlElement(name, {_name(f"w:{key}"): value for key, value in values.items()})


def _add(parent: Any, name: str, **values: str) -> None:
    given = {_name(f"w:{key}"): value for key, value in values.items()}
    parent.append(parent.makeelement(_name(name), given))


_name = cache(qn)
"""The name of an element or attribute with its namespace."""


def _describe(properties: Any, document: OfficeDocument) -> None:
    """Set the properties of the file; the only date is the round's day."""
    day = datetime.combine(document.as_of, datetime.min.time())
    properties.author = properties.last_modified_by = document.author[:255]
    properties.title = document.title.replace("\n", " ")[:255]
    properties.subject = (document.mark or document.running)[:255]
    properties.keywords = "auditlib"
    properties.comments = SYNTHETIC if document.mark else ""
    properties.language = "zh-CN" if document.language == "zh" else "en"
    properties.created = properties.modified = day
    properties.last_printed = day
    properties.revision = 1


class _Parts(dict[str, bytes]):
    """Takes the parts of a document as python-docx writes them into a zip, but unpacked."""

    def write(self, uri: PackURI, content: bytes) -> None:
        self[uri.membername] = content


def _parts(package: Any) -> dict[str, bytes]:
    """Return the parts of a document by name, as `package.save` would pack them."""
    for part in package.parts:
        part.before_marshal()
    parts, writer = _Parts(), cast(Any, PackageWriter)
    writer._write_content_types_stream(parts, package.parts)
    writer._write_pkg_rels(parts, package.rels)
    writer._write_parts(parts, package.parts)
    return parts


def _packed(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts in a fixed order, under one date, packed in one way; pictures are already."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            part = zipfile.ZipInfo(name, PACKED)
            part.compress_type = (
                zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            )
            part.create_system, part.external_attr = 3, 0
            packed.writestr(part, parts[name])
    return buffer.getvalue()
