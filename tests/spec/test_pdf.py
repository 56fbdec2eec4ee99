"""Papers as PDF, where LibreOffice is installed: Chinese shows on a machine without Chinese fonts."""

import shutil
from pathlib import Path

import pytest
from docx import Document

from auditlib.cli.pdf import FONTS, convert

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed: no PDF can be made")
def test_a_pdf_has_the_package_s_font_where_the_machine_has_no_chinese_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R103. Only the package's fonts are offered, so a box instead of a character would show."""
    only = FONTS.replace("/etc/fonts/fonts.conf", str(tmp_path / "none"))
    monkeypatch.setattr("auditlib.cli.pdf.FONTS", only)
    paper = Document()
    paper.add_paragraph("评估检查结论：建议当年不予退出。")
    paper.save(str(tmp_path / "paper.docx"))

    assert convert(str(OFFICE), tmp_path / "paper.docx", tmp_path / "out" / "paper.pdf")
    # The subset keeps its source's name inside: see report/fonts/README.md.
    assert b"NotoSansCJK" in (tmp_path / "out" / "paper.pdf").read_bytes()
