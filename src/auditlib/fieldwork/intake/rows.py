"""Rows of the tables as they come out of a sheet, each with its origin.

One answered form may give a row of several tables, a row for every code of a table's
key, and rows of a repeat that stand beside the main columns.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from auditlib.fieldwork.forms import Field
from auditlib.fieldwork.intake.answers import Answers
from auditlib.fieldwork.intake.exports import Recognised
from auditlib.fieldwork.intake.parents import Owner
from auditlib.tables import TABLES, Kind

ORIGIN = ("_file", "_sheet", "_row", "_record", "_version", "_submitted", "_edits", "_reason")
"""Where a row came from: place, submission, form version, times, and why it is set aside."""

UNPLACED = "unplaced"
"""Rows of sheets that fit no table: only their origin is kept."""

ORPHAN = "orphan "
"""Begins the name of a row whose submission is not in its export; the key follows."""

INHERITED = ("visit_id", "unit", "phase", "village")
"""Keys that a row of a repeat, or of a second table, takes from its submission."""

Columns = dict[str, list[str]]


@dataclass
class Rows:
    """Rows of the tables as they are collected, column by column."""

    parts: dict[str, list[pd.DataFrame]] = field(default_factory=dict)

    def add(self, table: str, origin: Columns, columns: Mapping[str, Sequence[str]]) -> None:
        """Add rows of a table; columns that are not given are empty."""
        if not origin["_row"]:
            return
        size = len(origin["_row"])
        names = [c.name for c in TABLES[table].columns] if table in TABLES else []
        kept = {name: columns.get(name) or [""] * size for name in names}
        self.parts.setdefault(table, []).append(pd.DataFrame({**origin, **kept}, dtype=object))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all rows by table, in the order of the tables."""
        order = [name for name in (*TABLES, UNPLACED) if name in self.parts]
        return {name: pd.concat(self.parts[name], ignore_index=True) for name in order}


def origin_of(
    recognised: Recognised, numbers: Iterable[int], owners: Iterable[Owner], reasons: Iterable[str]
) -> Columns:
    """Return the origin of rows of one sheet: places, submissions, and why they are set aside."""
    listed = list(owners)
    return {
        "_file": [recognised.sheet.file] * len(listed),
        "_sheet": [recognised.sheet.sheet] * len(listed),
        "_row": [str(number) for number in numbers],
        "_record": [owner.record for owner in listed],
        "_version": [owner.version for owner in listed],
        "_submitted": [owner.submitted for owner in listed],
        "_edits": [owner.edits for owner in listed],
        "_reason": list(reasons),
    }


def spread(
    recognised: Recognised,
    table: str,
    answers: Answers,
    places: Sequence[int],
    owners: Sequence[Owner],
    rows: Rows,
) -> set[int]:
    """Add the rows of one table: one a submission, or one for every code of its key.

    Returns which submissions gave a row.
    """
    found: set[int] = set()
    fields = [f for f in answers.columns if f.table == table]
    codes = list(dict.fromkeys(f.code for f in fields))
    first = recognised.matched.layout.tables[0] if recognised.matched else table
    for code in codes:
        columns = {f.column: answers.columns[f] for f in fields if f.code == code}
        shared = [f for f in fields if f.code == ""]
        if code == "" and len(codes) > 1:
            continue
        given = [c for c, texts in columns.items()]
        kept = (
            range(len(places))
            if table == first and not code
            else [i for i in range(len(places)) if any(columns[c][i] for c in given)]
        )
        columns |= {f.column: answers.columns[f] for f in shared}
        for name in INHERITED:
            source = answers.columns.get(Field(first, name))
            if source and name not in columns:
                columns[name] = source
        picked = {name: [texts[i] for i in kept] for name, texts in columns.items()}
        if code:
            key = next(name for name in TABLES[table].key if name != "village")
            picked[key] = [code] * len(picked[next(iter(picked))])
        chosen = [owners[i] for i in kept]
        reasons = [owner.reason for owner in chosen]
        rows.add(table, origin_of(recognised, [places[i] for i in kept], chosen, reasons), picked)
        found.update(kept)
    return found


def beside(
    recognised: Recognised,
    answers: Answers,
    places: Sequence[int],
    owners: Sequence[Owner],
    rows: Rows,
) -> set[int]:
    """Add the rows of repeats that stand beside the main columns, line by line.

    Returns which submissions gave a row.
    """
    found: set[int] = set()
    tables = {f.table for columns in answers.lines.values() for f in columns}
    for table in sorted(tables):
        collected: list[tuple[int, int]] = []
        for line, columns in answers.lines.items():
            own = [texts for f, texts in columns.items() if f.table == table]
            collected += [(i, line) for i in range(len(places)) if any(t[i] for t in own)]
        collected.sort()
        columns_of: Columns = {}
        for name in {f.column for c in answers.lines.values() for f in c if f.table == table}:
            target = Field(table, name)
            columns_of[name] = [
                answers.lines[line][target][i] if target in answers.lines[line] else ""
                for i, line in collected
            ]
        if table == "visit_persons":
            given = columns_of.get("line", [""] * len(collected))
            pairs = zip(given, collected, strict=True)
            columns_of["line"] = [text or str(line) for text, (_, line) in pairs]
        first = recognised.matched.layout.tables[0] if recognised.matched else table
        for name in INHERITED:
            source = answers.columns.get(Field(first, name))
            if source and name not in columns_of and _has(table, name):
                columns_of[name] = [source[i] for i, _ in collected]
        chosen = [owners[i] for i, _ in collected]
        if recognised.matched and recognised.matched.layout.form == "map":
            outer = [str(line // 1000 or line) for _, line in collected]
            if table not in recognised.matched.layout.tables:
                columns_of = _of_outer(table, columns_of, chosen, outer, set(tables))
            columns_of = _called(table, columns_of, chosen, outer)
        origin = origin_of(
            recognised, [places[i] for i, _ in collected], chosen, [o.reason for o in chosen]
        )
        rows.add(table, origin, columns_of)
        found.update(i for i, _ in collected)
    return found


def _of_outer(
    table: str, columns: Columns, owners: Sequence[Owner], lines: Sequence[str], tables: set[str]
) -> Columns:
    """Return the columns with the visit that a member belongs to, where visits are numbered too."""
    if "household_visits" not in tables or not _has(table, "visit_id") or columns.get("visit_id"):
        return columns
    names = zip(owners, lines, strict=True)
    return {**columns, "visit_id": [f"{o.record.partition(' ')[2]}-{line}" for o, line in names]}


def _has(table: str, column: str) -> bool:
    return any(c.name == column for c in TABLES[table].columns)


def columns_of_child(
    table: str,
    answers: Answers,
    owners: Sequence[Owner],
    siblings: Sequence[str],
    mains: Mapping[int, Answers],
) -> dict[str, list[str]]:
    """Return the columns of a repeat's rows, with the keys that they take from their parents."""
    columns = {f.column: list(texts) for f, texts in answers.columns.items() if f.table == table}
    if table == "visit_persons":
        given = columns.get("line", [""] * len(owners))
        columns["line"] = [a or b for a, b in zip(given, siblings, strict=True)]
    for name in INHERITED:
        if name in columns or not _has(table, name):
            continue
        sources = {
            number: next(
                (t for f, t in found.columns.items() if f.column == name and not f.code), None
            )
            for number, found in mains.items()
        }
        columns[name] = [_inherited(owner, sources) for owner in owners]
    return _called(table, columns, owners, siblings)


def _inherited(owner: Owner | None, sources: Mapping[int, Sequence[str] | None]) -> str:
    """Return what the nearest row around says of a column; empty if none says anything."""
    while owner is not None:
        source = sources.get(owner.sheet)
        if source and source[owner.row]:
            return source[owner.row]
        owner = owner.above
    return ""


def _called(
    table: str, columns: dict[str, list[str]], owners: Sequence[Owner], lines: Sequence[str]
) -> dict[str, list[str]]:
    """Return the columns with a name for every row of a repeat that has a name of its own to give.

    A form that asks several households in a repeat has no `visit_id` for each.
    """
    key = TABLES[table].key if table in TABLES else ()
    if len(key) != 1 or TABLES[table].column(key[0]).kind is not Kind.IDENTIFIER:
        return columns
    own = columns.get(key[0], [""] * len(owners))
    names = [
        text or ("" if owner.record.startswith("?") else f"{owner.record.partition(' ')[2]}-{line}")
        for text, owner, line in zip(own, owners, lines, strict=True)
    ]
    return {**columns, key[0]: names}
