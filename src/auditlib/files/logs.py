"""Find the tablets' logs among the files of an export: in a zip, a folder, or given alone.

ODK Central and Briefcase put all logs into `form - audit.csv`; KoboToolbox's zip of media
has a folder for every submission, with its `audit.csv`; SurveyCTO one `TA_….csv` each.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from auditlib.fieldwork.intake import Log, is_log
from auditlib.problems import InputError, Place, problem
from auditlib.problems.personal import hide

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,  # a way of packing that zipfile does not know
    EOFError,
    OSError,
    RuntimeError,  # a password is asked for
    ValueError,
)
"""What reading a damaged zip may raise."""

LARGEST = 1 << 28  # bytes that the logs of an export may have when unpacked
NAMED = re.compile(r"( - audit|^audit.*|^TA_.+)\.csv$", re.IGNORECASE)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def is_log_file(name: str) -> bool:
    """Say whether a file is named as logs are, in whatever folder."""
    return bool(NAMED.search(PurePosixPath(name.replace("\\", "/")).name))


def read_logs(paths: Iterable[Path]) -> list[Log]:
    """Return every log in the files; what is named like one and is none is left out.

    Raises
    ------
    InputError
        A zip or a log is damaged, or the logs are too large.
    """
    found = []
    for path in paths:
        for name, content in _members(path):
            rows = _rows(content, PurePosixPath(name).name)
            if rows and is_log(rows[0]):
                found.append(Log(hide(PurePosixPath(name).name), rows, _whose(name)))
    return found


def _whose(name: str) -> str:
    """Return the submission that the folder or the name of a log tells; empty if neither does."""
    path = PurePosixPath(name)
    found = list(UUID.finditer(path.parent.name)) or list(UUID.finditer(path.name))
    return found[-1][0] if found and not path.name.upper().startswith("TA_") else ""


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        for inner in sorted(path.rglob("*.csv")):
            if is_log_file(inner.name):
                yield inner.relative_to(path).as_posix(), inner.read_bytes()
    elif path.suffix.lower() == ".zip" and path.is_file():
        try:
            with zipfile.ZipFile(path) as archive:
                yield from _zipped(archive, Place(path.name))
        except DAMAGED as error:
            raise InputError([problem("truncated_workbook", Place(path.name))]) from error
    elif is_log_file(path.name) and path.is_file():
        yield path.name, path.read_bytes()


def _zipped(archive: zipfile.ZipFile, place: Place) -> Iterator[tuple[str, bytes]]:
    members = [m for m in archive.infolist() if is_log_file(m.filename) and not m.is_dir()]
    if sum(m.file_size for m in members) > LARGEST:
        raise InputError([problem("too_large", place, limit="256 MiB")])
    for member in sorted(members, key=lambda m: m.filename):
        yield member.filename.replace("\\", "/"), archive.read(member)


def _rows(content: bytes, name: str) -> list[list[str]]:
    """Return the rows of a log."""
    text = content.decode("utf-8-sig", "replace").replace("\x00", "")
    csv.field_size_limit(1 << 24)
    try:
        return [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    except csv.Error as error:
        raise InputError([problem("broken_csv", Place(name))]) from error
