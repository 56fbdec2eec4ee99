"""The room for office documents: what is put in comes out as it stands, the same every time."""

import io
import zipfile
from datetime import date

import pytest
from docx import Document
from jinja2 import UndefinedError

from auditlib.report.documents import (
    Facts,
    Grid,
    Heading,
    OfficeDocument,
    Text,
    docx_bytes,
    writing,
)
from auditlib.report.page import SYNTHETIC
from auditlib.report.tables import Shown

MARKUP = "<b>R&D</b> {{ 7 * 7 }} {% raw %} 《镇赉》 “引号”"


def _document(*blocks: object, mark: str = SYNTHETIC) -> OfficeDocument:
    return OfficeDocument(
        "标题\n第二行", "〔2019〕　号", "镇赉县", mark, "演示机构", "zh", date(2019, 4, 20), blocks
    )


def _words(content: bytes) -> str:
    body = Document(io.BytesIO(content))
    cells = (cell.text for table in body.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(p.text for p in body.paragraphs), *cells])


def test_what_looks_like_markup_is_printed_as_it_stands() -> None:
    shown = Shown("表", ("甲", "乙"), ((MARKUP, "1"),), (False, True))

    words = _words(docx_bytes(_document(Heading(MARKUP), Text(MARKUP), Grid(shown))))

    assert words.count(MARKUP) == 3


def test_a_document_has_the_same_bytes_every_time_and_no_date_but_the_round_s() -> None:
    document = _document(Text("正文"), Facts((("结论", "拟退出"),)))

    content = docx_bytes(document)

    assert content == docx_bytes(document)
    parts = zipfile.ZipFile(io.BytesIO(content))
    assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = parts.read("docProps/core.xml").decode()
    assert core.count("2019-04-20T00:00:00Z") >= 2
    assert "2013" not in core


@pytest.mark.parametrize("part", ["header", "footer"])
def test_synthetic_data_bear_their_mark_at_head_and_foot_of_every_page(part: str) -> None:
    content = docx_bytes(_document(Text("正文")))

    parts = zipfile.ZipFile(io.BytesIO(content))
    runners = [parts.read(n).decode() for n in parts.namelist() if n.startswith(f"word/{part}")]
    assert len(runners) == 2  # odd and even pages
    assert all(SYNTHETIC in runner for runner in runners)


def test_real_data_bear_no_mark() -> None:
    content = docx_bytes(_document(Text("正文"), mark=""))

    parts = zipfile.ZipFile(io.BytesIO(content))
    assert not any(SYNTHETIC.encode() in parts.read(name) for name in parts.namelist())


def test_a_name_that_the_template_lacks_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_filled", lambda *_: {"kind": "text"})

    with pytest.raises(UndefinedError):
        docx_bytes(_document(Text("正文")))


def test_columns_fill_the_width_between_the_margins() -> None:
    rows = [("长白朝鲜族自治县", "1.00 %（790.5 / 78,000）", "很长的说明" * 30)]

    widths = writing.column_widths(("县", "数值", "说明"), rows)

    assert sum(widths) == round(156 * writing.TWIPS)
    assert widths[2] > widths[1] > 0
