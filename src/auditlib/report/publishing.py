"""What leaves the team is made ready: pages without the team's figures, files looked through.

Before anything is copied, every public file is searched for the identifiers of the
round's households, visits and cases; the files of the draw apart, which must list units.
"""

import csv
import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from nbformat import NotebookNode

from auditlib.report.audience import Audience, output_of
from auditlib.report.page import PUBLIC

_UNIT = re.compile(r"\bH-[0-9a-f]{12}\b|\bU-\d{12}-\d+-\d+\b")
"""Study identifiers of registered and of unregistered households."""

_LISTED = ("study_id", "case_id", "visit_id")


def for_the_public(notebook: NotebookNode) -> NotebookNode:
    """Return an executed notebook with every output as anybody may see it.

    Identifiers of households in the message of a cell that failed are struck out.
    """
    made = deepcopy(notebook)
    for cell in made.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if PUBLIC in data:
                output["data"] = data[PUBLIC]
            if output.get("output_type") == "error":
                output["traceback"] = [_UNIT.sub("…", line) for line in output["traceback"]]
    return made


def public_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the public files of a round: path below its outputs, and where it stands."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        declared = output_of(name)
        if path.is_file() and declared and declared.audience is Audience.PUBLIC:
            yield name, path


def undeclared(folder: Path) -> list[str]:
    """Return the files of a round for which no audience is declared."""
    paths = (p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*")) if p.is_file())
    return [name for name in paths if output_of(name) is None]


def leaks(folder: Path) -> dict[str, int]:
    """Return the public files that hold identifiers they must not, with how many."""
    known = _identifiers(folder)
    found = {}
    for name, path in public_files(folder):
        declared = output_of(name)
        if declared and declared.lists_units:
            continue
        text = _text(path)
        words = set(re.findall(r"[\w-]+", text))
        hits = (known & words) | set(_UNIT.findall(text))
        if hits:
            found[name] = len(hits)
    return found


def publish(folder: Path, to: Path) -> int:
    """Copy the public files of a round, and nothing else, paths as they are; return how many."""
    number = 0
    for name, path in public_files(folder):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to / name)
        number += 1
    return number


def _identifiers(folder: Path) -> set[str]:
    """Return the identifiers of households, visits and cases that the team's tables hold."""
    known: set[str] = set()
    for path in folder.glob("*/03_findings/*.csv"):
        for row in csv.DictReader(io.StringIO(path.read_text("utf-8"))):
            known |= {row[name] for name in _LISTED if row.get(name)}
    return known


def _text(path: Path) -> str:
    content = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            content = b"\n".join(archive.read(part) for part in archive.namelist())
    return content.decode("utf-8", "replace")
