"""All input tables of a county at once: accepted rows, counts, and every problem."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from auditlib.files import rules, workbooks
from auditlib.files.drawer import Drawer, label
from auditlib.files.duplicates import Decision, Duplicate
from auditlib.files.reading import (
    ROW,
    Reading,
    Source,
    Understanding,
    empty,
    quarantine,
    read_sheets,
    read_table,
)
from auditlib.files.signed import NONE, SignedRuns
from auditlib.files.writing import digest_if_any
from auditlib.findings.signed import SignedRun
from auditlib.language import Words
from auditlib.plan import Ladder
from auditlib.problems import InputError, Place, Problem, problem, shown
from auditlib.tables import TABLES, CodeList


@dataclass
class Desk:
    """Files opened and tables read so far, so that none is read twice.

    Where a `drawer` is given, the notebooks of one run share what they have read.
    `codelists` is the digest of the code lists, once it was asked for, `digests` are those
    of files, each with the state in which the file had it.
    """

    sheets: dict[str, Mapping[str, workbooks.Sheet] | InputError] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    drawer: Drawer | None = None
    codelists: str = ""
    digests: dict[Path, tuple[tuple[int, ...], str]] = field(default_factory=dict)

    def digest(self, path: Path) -> str:
        """Return the digest of a file as `digest_if_any` does, read anew once it changes."""
        try:
            status = path.stat()
        except OSError:
            return digest_if_any(path)
        state = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
        if path not in self.digests or self.digests[path][0] != state:
            self.digests[path] = state, digest_if_any(path)
        return self.digests[path][1]


@dataclass(frozen=True)
class Count:
    """Rows of a table: `read` is always `accepted` plus `quarantined`."""

    table: str
    read: int
    accepted: int
    quarantined: int


@dataclass(frozen=True)
class Inputs:
    """The tables of a county that were asked for, and all that is wrong with them.

    `signed` is the last signed run, with which the ledger of cases was compared.
    """

    tables: Mapping[str, pd.DataFrame]
    counts: tuple[Count, ...]
    problems: tuple[Problem, ...]
    unreadable: tuple[str, ...]
    duplicates: tuple[Duplicate, ...] = ()
    signed: SignedRun | None = None

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return the accepted rows of a table; no rows where the round has none.

        Raises
        ------
        InputError
            If the table could not be read at all.
        """
        if table in self.unreadable:
            raise InputError(self.errors)
        return self.tables[table]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Problems that keep a row or a file out; notes are left out."""
        return tuple(p for p in self.problems if p.severity == "error")


def read_inputs(
    folder: Path,
    sources: Mapping[str, Source],
    wanted: Iterable[str],
    *,
    county: str,
    as_of: date,
    codelists: Mapping[str, CodeList],
    exit_years: Mapping[str, int],
    ladder: Ladder | None = None,
    desk: Desk | None = None,
    signed: SignedRuns = NONE,
) -> Inputs:
    """Read tables of a county, and those they refer to, and check them together.

    Parameters
    ----------
    folder
        The county's folder of inputs.
    sources
        File and sheet of every table that the county has; a table without one is empty.
    wanted
        Names of the tables wanted.
    county
        Six-digit code with which every village code must start.
    as_of
        No date may be later.
    codelists
        Codes of every list that the columns name.
    exit_years
        First and last year in which a household can have been lifted.
    ladder
        Which event of a case may follow which; events are not checked without it.
    desk
        What was read before, with the same other arguments.
    signed
        The county's signed runs, with which the ledger of cases is compared.
    """
    desk = desk or Desk()
    names = with_references(wanted)
    problems: list[Problem] = []
    readings: dict[str, Reading] = {}
    unreadable = []
    understanding = Understanding(codelists, as_of, {}, county=county)
    first = [name for name in ("corrections", "duplicates") if name in sources]
    names = [*first, *(name for name in names if name not in first)]
    told: set[str] = set()
    for name in names:
        source = sources.get(name)
        if source is None:
            continue
        try:
            if name not in desk.readings:
                desk.readings[name] = _reading(folder, name, source, understanding, desk)
        except InputError as error:
            unreadable.append(name)
            if error is not desk.sheets.get(source.file) or source.file not in told:
                problems += error.problems
            told.add(source.file)
            continue
        readings[name] = desk.readings[name]
        if name == "corrections":
            corrections = _corrections(readings[name].accepted)
            understanding = replace(understanding, corrections=corrections)
        if name == "duplicates":
            decisions = _decisions(readings[name].accepted)
            understanding = replace(understanding, decisions=decisions)
    readings = rules.apply(
        readings, county=county, exit_years=exit_years, ladder=ladder, signed=signed
    )
    for name in first:
        if name in readings:
            readings[name] = _unused(readings, name)
    for reading in readings.values():
        problems += reading.problems
    return Inputs(
        tables={
            name: readings[name].accepted if name in readings else empty(TABLES[name])
            for name in names
        },
        counts=tuple(
            Count(name, r.read, len(r.accepted), len(r.quarantined)) for name, r in readings.items()
        ),
        problems=tuple(problems),
        unreadable=tuple(unreadable),
        duplicates=tuple(d for reading in readings.values() for d in reading.duplicates),
        signed=signed.last,
    )


def _reading(
    folder: Path, name: str, source: Source, understanding: Understanding, desk: Desk
) -> Reading:
    """Return a table as read, from the drawer if a notebook before read the same content."""
    path = folder / source.file
    if desk.drawer is None or not path.is_file():
        sheets = _sheets(folder, source, desk, TABLES[name].zh)
        return read_table(TABLES[name], source, sheets, understanding)
    content = desk.digest(path)
    desk.codelists = desk.codelists or label(understanding.codelists)
    name_of = label(name, source, content, desk.codelists, replace(understanding, codelists={}))
    kept = desk.drawer.find(name_of)
    if isinstance(kept, Reading):
        return kept
    sheets = _sheets(folder, source, desk, TABLES[name].zh)
    reading = read_table(TABLES[name], source, sheets, understanding)
    if desk.digest(path) == content:  # else the file changed while it was read
        desk.drawer.keep(name_of, reading)
    return reading


def _sheets(folder: Path, source: Source, desk: Desk, table: str) -> Mapping[str, workbooks.Sheet]:
    """Return the sheets of a file, one of them read; what is wrong with the file is told once."""
    file = source.file
    try:
        opened = desk.sheets[file] if file in desk.sheets else read_sheets(folder, file, table)
        if not isinstance(opened, InputError):
            opened.get(source.sheet)
    except InputError as error:
        opened = error
    desk.sheets[file] = opened
    if isinstance(opened, InputError):
        raise opened
    return opened


def with_references(wanted: Iterable[str]) -> list[str]:
    """Return the tables and those they refer to, in the order of the work."""
    names = set(wanted)
    while True:
        more = {r.table for name in names for r in TABLES[name].references} - names
        if not more:
            return [name for name in TABLES if name in names]
        names |= more


def sheet_digest(folder: Path, source: Source, desk: Desk) -> str:
    """Return the SHA-256 of one sheet as text, or of what is wrong with its file."""
    path = folder / source.file
    content = desk.digest(path)
    name_of = label("sheet", source, content)
    kept = desk.drawer.find(name_of) if desk.drawer else None
    if isinstance(kept, str):
        return kept
    try:
        sheet = _sheets(folder, source, desk, source.sheet).get(source.sheet)
        told = repr(sheet and sheet.rows)
    except InputError as error:
        told = error.says("en")
    found = sha256(told.encode()).hexdigest()
    if desk.drawer:
        desk.drawer.keep(name_of, found)
    return found


def _corrections(accepted: pd.DataFrame) -> dict[tuple[str, str], dict[str, tuple[str, str]]]:
    found: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    columns = ("table", "row_key", "column", "old", "new")
    for table, key, column, old, new in _rows(accepted, columns):
        found.setdefault((table, key), {})[column] = (old, new)
    return found


def _decisions(accepted: pd.DataFrame) -> dict[tuple[str, str], dict[str, Decision]]:
    found: dict[tuple[str, str], dict[str, Decision]] = {}
    columns = ("table", "row_key", "fingerprint", "decision", "new_id", "who")
    for table, key, fingerprint, *decided in _rows(accepted, columns):
        found.setdefault((table, key), {})[fingerprint] = Decision(*decided)
    return found


def _unused(readings: Mapping[str, Reading], name: str) -> Reading:
    """Return corrections or decisions, those that fit no row of a table read set aside."""
    kind, column, done = _FITTING[name]
    reading = readings[name]
    found = {}
    for row, name_of, key, what in _rows(reading.accepted, (ROW, "table", "row_key", column)):
        table = readings.get(name_of)
        if table is None and name_of in TABLES:
            continue  # not read this time
        if table is None or (key, what) not in getattr(table, done):
            known = TABLES.get(name_of)
            words = Words(known.zh, known.name) if known else shown(name_of)
            place = replace(reading.place, row=int(row), column="行主键")
            found[int(row)] = [problem(kind, place, table=words)]
    return quarantine(reading, found)


def _rows(accepted: pd.DataFrame, columns: Iterable[str]) -> Iterable[tuple[Any, ...]]:
    """Return some columns row by row; a table's own iterators take far longer."""
    return zip(*(accepted[name].tolist() for name in columns), strict=True)


_FITTING = {
    "corrections": ("unused_correction", "column", "corrected"),
    "duplicates": ("unused_decision", "fingerprint", "decided"),
}
"""Kind of problem, column beside the key, and what a reading tells of those carried out."""


def check_registry(inputs: Inputs, *, registered: int, file: str) -> list[Problem]:
    """Return a problem if the registry does not add up to the county's registered persons."""
    households = inputs["registry_households"]
    listed = int(households.loc[households["excluded"] == "", "members"].sum())
    if (
        listed == registered
        or households.empty
        or any(p.place.sheet == TABLES["registry_households"].zh for p in inputs.errors)
    ):
        return []
    place = Place(file, column="populations.registered")
    return [problem("registry_total", place, registered=registered, listed=listed)]
