"""From all exports taken in so far to the rows that count now, with the history kept.

A submission comes again in every later export. What is the same counts once; what has
changed supersedes what was there; nothing is taken out because an export lacks it. An
older export that is taken in late supersedes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import pandas as pd

from auditlib.fieldwork.intake.rows import ORIGIN, ORPHAN
from auditlib.fieldwork.intake.taking import Taken

STATE = "_state"
"""State of a settled row: `current`, `quarantined`, `superseded`, or `again` (had before)."""

IMPORT = "_import"
"""Number of the export that a settled row came with, from 1, in the order of taking in."""

Age = tuple[int, str, int]


@dataclass(frozen=True)
class Settled:
    """Every row of every export with its state, by table; and what later exports lack.

    `gone` names submissions that the last export of their table no longer holds, as when
    they were deleted on the server; they still count.
    """

    rows: Mapping[str, pd.DataFrame]
    gone: Mapping[str, tuple[str, ...]]

    def current(self, table: str) -> pd.DataFrame:
        """Return the rows of a table that count, submissions in the order of their coming."""
        rows = self.rows[table]
        first = {record: i for i, record in reversed(list(enumerate(rows["_record"])))}
        kept = rows[rows[STATE] == "current"]
        order = kept["_record"].map(first)
        return kept.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def settle(imports: Sequence[Taken]) -> Settled:
    """Return the state of every row after all imports, in the order in which they came."""
    names = list(dict.fromkeys(name for taken in imports for name in taken.tables))
    horizons = [taken.horizon for taken in imports]
    rows = {name: _settled(name, imports, horizons) for name in names}
    return Settled(rows, {name: _gone(rows[name], imports, name) for name in names})


def _settled(name: str, imports: Sequence[Taken], horizons: Sequence[str]) -> pd.DataFrame:
    table = pd.concat(
        [
            taken.tables[name].assign(**{IMPORT: number})
            for number, taken in enumerate(imports, 1)
            if name in taken.tables
        ],
        ignore_index=True,
    )
    lines = _lines(table)
    units = _units(table, lines)
    newest = _newest(table, units, imports, horizons)
    seen: set[tuple[str, str, str]] = set()
    states = []
    columns = (table["_record"], units, lines, table["_reason"])
    for record, unit, line, reason in zip(*columns, strict=True):
        kept = newest.get(record)
        if (record, unit, line) in seen:
            states.append("again")
        elif kept is None or kept != unit:
            states.append("superseded")
        else:
            states.append("quarantined" if reason else "current")
        seen.add((record, unit, line))
    return table.assign(**{STATE: states})


def _lines(table: pd.DataFrame) -> list[str]:
    """Return everything that a row says, without the place where it stood."""
    origin = {*ORIGIN, IMPORT} - {"_version", "_edits", "_reason"}
    columns = [table[c] for c in table.columns if c not in origin]
    return ["\x1f".join(row) for row in zip(*columns, strict=True)]


def _units(table: pd.DataFrame, lines: Sequence[str]) -> list[str]:
    """Return the digest of what a submission says in this table, for every row of it."""
    whole: dict[tuple[str, int], set[str]] = {}
    keys = list(zip(table["_record"], table[IMPORT], strict=True))
    for key, line in zip(keys, lines, strict=True):
        whole.setdefault(key, set()).add(line)
    digests = {
        key: sha256("\x1e".join(sorted(texts)).encode()).hexdigest() for key, texts in whole.items()
    }
    return [digests[key] for key in keys]


def _newest(
    table: pd.DataFrame, units: Sequence[str], imports: Sequence[Taken], horizons: Sequence[str]
) -> dict[str, str]:
    """Return, for every submission, the digest of what counts.

    It is that with the most edits, then of the export with the latest submission, then
    of the last export taken in.
    """
    ages: dict[str, dict[str, Age]] = {}
    columns = (table["_record"], units, table[IMPORT], table["_edits"])
    for record, unit, number, edits in zip(*columns, strict=True):
        age = (int(edits) if edits.isdecimal() else 0, horizons[number - 1], int(number))
        known = ages.setdefault(record, {})
        known[unit] = max(known.get(unit, age), age)
    came = _came_again(imports)
    newest = {}
    for record, known in ages.items():
        unit = max(known, key=lambda u: known[u])
        place = record.rsplit("|", 1)[0]
        if record.startswith("?") and came.get(place, 0) > known[unit][2]:
            continue  # a row without a name, in a sheet that has come again without it
        if record.startswith(ORPHAN) and record.replace(ORPHAN, "key ", 1) in ages:
            continue  # a row without its submission, which has come with it in another export
        newest[record] = unit
    return newest


def _came_again(imports: Sequence[Taken]) -> dict[str, int]:
    """Return the last import that had each sheet, by the beginning of the names of places."""
    return {
        f"?{use.file}|{use.sheet}": number
        for number, taken in enumerate(imports, 1)
        for use in taken.sheets
    }


def _gone(table: pd.DataFrame, imports: Sequence[Taken], name: str) -> tuple[str, ...]:
    """Return the submissions that count and that no export since the last of its kind has."""
    last: dict[str, int] = {}
    for number, taken in enumerate(imports, 1):
        for use in taken.sheets:
            if use.table == name and use.source != "excel":
                last[use.form] = number
    if len(last) != 1 or name not in imports[next(iter(last.values())) - 1].tables:
        return ()
    there = set(table.loc[table[IMPORT] == next(iter(last.values())), "_record"])
    current = table.loc[table[STATE] == "current", "_record"]
    return tuple(sorted(set(current) - there))
