"""`auditlib pdf`: the papers of a round as PDF, where LibreOffice is installed.

PDF files stand apart from the results and are never compared: LibreOffice writes its
version and the time into them, and breaks lines by the fonts of the machine.
"""

import argparse
import os
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from auditlib.cli.options import add_counties, add_places, find_project
from auditlib.errors import AuditError
from auditlib.language import Words

LONGEST = 180  # seconds for one paper

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}</dir>
</fontconfig>
"""
"""The fonts of the machine, and the package's own where the machine has no Chinese one."""


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    add_places(parser)
    add_counties(parser)


def run(options: argparse.Namespace) -> int:
    """Write a PDF of every paper into the folder `pdf` of the round, and name each."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise AuditError(
            Words(
                "没有找到 LibreOffice。请安装后再运行，或在 Word 中另存为 PDF；Word 文件不受影响。",
                "LibreOffice was not found. Install it, or save as PDF in Word; "
                "the Word files are complete without it.",
            )
        )
    folder = find_project(options.params) / options.outputs / options.round
    papers = [p for p in sorted(folder.rglob("*.docx")) if _wanted(p, folder, options.county)]
    if not papers:
        raise AuditError(
            Words(
                f"{folder.name} 没有 Word 文件。请先运行 auditlib run。",
                f"{folder.name} has no Word files yet. Run `auditlib run` first.",
            )
        )
    failed = 0
    for paper in papers:
        out = folder / "pdf" / paper.relative_to(folder).with_suffix(".pdf")
        if convert(office, paper, out):
            print(out)
        else:
            failed += 1
            print(f"✗ {paper}", file=sys.stderr)
    return 1 if failed else 0


def _wanted(paper: Path, folder: Path, counties: list[str]) -> bool:
    return not counties or paper.relative_to(folder).parts[0] in counties


def convert(office: str, paper: Path, out: Path) -> bool:
    """Convert one paper with a profile of its own, so that an open LibreOffice is no hindrance."""
    with TemporaryDirectory() as scratch:
        command = [
            office,
            f"-env:UserInstallation={Path(scratch).as_uri()}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            scratch,
            str(paper),
        ]
        fonts = Path(scratch) / "fonts.conf"
        fonts.write_text(FONTS.format(folder=escape(str(files("auditlib.report") / "fonts"))))
        own = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
        try:
            subprocess.run(command, capture_output=True, timeout=LONGEST, check=False, env=own)
        except subprocess.TimeoutExpired:
            return False
        made = Path(scratch) / out.name
        if not made.is_file():
            return False
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, out)
    return True
