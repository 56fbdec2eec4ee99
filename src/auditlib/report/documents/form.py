"""The page that offices use, as a template that docxtpl fills.

Layout after GB/T 9704-2012: A4, margins 37, 26, 35 and 28 mm, title in 小标宋 22 pt,
body in 仿宋 16 pt on lines of 28 pt, headings 黑体, 楷体 and bold 仿宋, page number
between dashes, at the right on odd and at the left on even pages. Where a machine
lacks a font, Word takes the one named beside it in the font table.

The template is made by this code at run time and not kept as a file: a reviewer
reads it as text, and it cannot fall behind the blocks.
"""

import io
from functools import cache
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from auditlib.language import Language

TEXT_WIDTH = 156
"""Width between the margins, in millimetres."""

FONTS = {
    "title": ("方正小标宋简体", "华文中宋"),
    "body": ("仿宋_GB2312", "仿宋"),
    "heading": ("黑体", "SimHei"),
    "second": ("楷体_GB2312", "楷体"),
    "song": ("宋体", "SimSun"),
}
"""Fonts by use: the office's own, and the one that comes with Word, taken in its place."""

LATIN = "Times New Roman"
RED = RGBColor(0xC0, 0x00, 0x00)


@cache
def template(language: Language) -> bytes:
    """Return the template in the sizes of a language: Chinese type is larger."""
    document = Document()
    large = language == "zh"
    _page(document)
    _styles(document, large=large)
    _fonts(document)
    _running(document)
    _body(document, large=large)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(20), Mm(22)
    document.settings.odd_and_even_pages_header_footer = True


def _styles(document: Any, *, large: bool) -> None:
    """Set every style: name, font, size, spacing before and after, alignment."""
    body, line = (16, 28) if large else (12, 18)
    centre, left = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
    right, both = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
    normal = _style(document, "Normal", "body", body, align=left)
    normal.paragraph_format.widow_control = True
    title = 22 if large else 18
    _style(document, "Title", "title", title, align=centre, line=title + 11, after=6)
    _style(document, "Number", "body", body, align=centre, line=line, after=10)
    text = _style(document, "Body Text", "body", body, align=both if large else left, line=line)
    _indent(text, "firstLineChars", 200)
    for level, use in ((1, "heading"), (2, "second"), (3, "body")):
        heading = _style(
            document, f"Heading {level}", use, body, align=left, line=line, before=4, after=2
        )
        heading.font.bold = level == 3
        heading.paragraph_format.keep_with_next = True
        _indent(heading, "firstLineChars", 200 if large else 0)
    caption = _style(document, "Caption", "heading", 11, align=centre, line=16, before=6, after=4)
    caption.font.bold = False
    _style(
        document, "Picture", "song", 10.5, align=centre, before=4
    ).paragraph_format.keep_with_next = True
    _style(document, "Cell", "song", 10, align=left)
    _style(document, "Cell Centred", "song", 10, align=centre)
    _style(document, "Small Cell", "song", 8.5, align=left)
    _style(document, "Small Cell Centred", "song", 8.5, align=centre)
    _style(document, "Remark", "second", 11, align=left, line=17, before=3, after=5)
    signature = _style(document, "Signature", "body", body, align=right, line=line + 4)
    signature.paragraph_format.keep_together = True
    _style(document, "Mark", "song", 9, align=centre).font.color.rgb = RED
    _style(document, "Page Number", "song", 14, align=right)


def _style(
    document: Any,
    name: str,
    use: str,
    size: float,
    *,
    align: Any,
    line: float = 0,
    before: float = 0,
    after: float = 0,
) -> Any:
    """Return a paragraph style, new or as Word knows it, with one font for every script."""
    known = {style.name for style in document.styles}
    style = (
        document.styles[name]
        if name in known
        else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    )
    if name != "Normal":
        style.base_style = document.styles["Normal"]
    style.font.size, style.font.italic, style.font.bold = Pt(size), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for script, font in (
        ("ascii", LATIN),
        ("hAnsi", LATIN),
        ("cs", LATIN),
        ("eastAsia", FONTS[use][0]),
    ):
        fonts.set(qn(f"w:{script}"), font)
    layout = style.paragraph_format
    layout.alignment, layout.space_before, layout.space_after = align, Pt(before), Pt(after)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY if line else WD_LINE_SPACING.SINGLE
    if line:
        layout.line_spacing = Pt(line)
    for border in style.element.findall(".//" + qn("w:pBdr")):
        border.getparent().remove(border)
    return style


def _indent(style: Any, kind: str, value: int) -> None:
    """Indent by hundredths of a letter, as Chinese offices count it."""
    properties = style.element.get_or_add_pPr()
    indent = properties.get_or_add_ind()
    indent.set(qn(f"w:{kind}"), str(value))
    if not value:
        indent.set(qn("w:firstLine"), "0")


def _fonts(document: Any) -> None:
    """Name beside every font the one to take where it is missing."""
    part = next(
        rel.target_part
        for rel in document.part.rels.values()
        if rel.reltype == RELATIONSHIP_TYPE.FONT_TABLE
    )
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        f'<w:family w:val="auto"/></w:font>'
        for name, other in FONTS.values()
    )
    part._blob = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f"<w:fonts {nsdecls('w')}>{entries}</w:fonts>"
    ).encode()


def _running(document: Any) -> None:
    """Set head and foot of odd and even pages: what it is, the mark, the page number."""
    section = document.sections[0]
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        header.paragraphs[0].style = "Mark"
        header.paragraphs[0].add_run("{{ running }}")
    sides = (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    )
    for footer, side in sides:
        footer.is_linked_to_previous = False
        number = footer.paragraphs[0]
        number.style, number.alignment = "Page Number", side
        number.add_run("— ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        field.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>1</w:t></w:r>"))
        number._p.append(field)
        number.add_run(" —")
        footer.add_paragraph("{{ mark }}", style="Mark")


def _body(document: Any, *, large: bool) -> None:
    """Write the skeleton: title, number, and what becomes of every kind of block."""
    add = document.add_paragraph
    add("{%p for line in title %}")
    add("{{ line }}", style="Title")
    add("{%p endfor %}")
    add("{%p if number %}")
    add("{{ number }}", style="Number")
    add("{%p endif %}")
    add("{%p for block in blocks %}")
    for level in (1, 2, 3):
        _when(document, f"block.kind == 'heading' and block.level == {level}")
        add("{{ block.text }}", style=f"Heading {level}")
        add("{%p endif %}")
    _when(document, "block.kind == 'heading' and block.level == 'new page'")
    add("{{ block.text }}", style="Heading 1").paragraph_format.page_break_before = True
    add("{%p endif %}")
    for kind, style in (("text", "Body Text"), ("note", "Remark")):
        _when(document, f"block.kind == '{kind}'")
        add("{{ block.text }}", style=style)
        add("{%p endif %}")
    _when(document, "block.kind == 'signature'")
    add("{%p if block.above %}")
    add("{{ block.above }}", style="Body Text").paragraph_format.keep_with_next = True
    add("{%p endif %}")
    add("{{ block.text }}", style="Signature")
    add("{%p endif %}")
    _when(document, "block.kind == 'figure'")
    add("{{ block.image }}", style="Picture")
    add("{{ block.caption }}", style="Caption")
    add("{%p endif %}")
    for size, kind in (("", "grid"), ("Small ", "small grid")):
        _when(document, f"block.kind == '{kind}'")
        add("{{ block.caption }}", style="Caption").paragraph_format.keep_with_next = True
        _table(document, size, headed=True)
        add("{%p endif %}")
    _when(document, "block.kind == 'facts'")
    _table(document, "", headed=False)
    add("{%p endif %}")
    add("{%p endfor %}")


def _when(document: Any, condition: str) -> None:
    document.add_paragraph(f"{{%p if {condition} %}}")


def _table(document: Any, size: str, *, headed: bool) -> None:
    """Add a table whose rows and cells are loops; `writing` sets widths and colours."""
    table = document.add_table(rows=4 if headed else 3, cols=3)
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    rows = list(table.rows)
    if headed:
        head = rows.pop(0)
        _cells(head, "block.headings", f"{size}Cell Centred")
        head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    rows[0].cells[0].paragraphs[0].add_run("{%tr for row in block.rows %}")
    _cells(rows[1], "row", f"{size}Cell")
    rows[1]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    rows[2].cells[0].paragraphs[0].add_run("{%tr endfor %}")


def _cells(row: Any, values: str, style: str) -> None:
    """Make the three cells of a row a loop over values."""
    begin, middle, end = row.cells
    begin.paragraphs[0].add_run(f"{{%tc for cell in {values} %}}")
    middle.paragraphs[0].add_run("{{ cell }}")
    middle.paragraphs[0].style = style
    end.paragraphs[0].add_run("{%tc endfor %}")
