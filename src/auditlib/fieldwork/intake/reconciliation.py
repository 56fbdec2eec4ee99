"""Nothing is lost: exported rows are accepted, quarantined or superseded, every one of them.

Counted by table and form version over all exports, each row once; rows that came again
unchanged stand beside.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from auditlib.fieldwork.intake.rows import UNPLACED
from auditlib.fieldwork.intake.settling import IMPORT, STATE, Settled
from auditlib.fieldwork.intake.taking import Taken
from auditlib.language import Words
from auditlib.problems import Place, Problem, problem
from auditlib.tables import TABLES

HIDDEN = Words("（不重复显示）", "(not repeated)")

REASONS = (
    "no_parent",
    "parent_set_aside",
    "no_record_key",
    "two_answers",
    "number_as_identifier",
    "rejected_review",
    "not_decrypted",
    "no_table",
    "no_answers",
    "cells_beyond_headings",
    "repeated_heading",
)
"""Why intake itself sets a row aside; each is a kind of problem with its sentence."""


@dataclass(frozen=True)
class Line:
    """One table and form version: `exported` = `accepted` + `quarantined` + `superseded`.

    `again` counts rows that were in an earlier export, unchanged; the files hold
    `exported` + `again` rows. `set_aside` of the quarantined were set aside by intake;
    the others stand in the table with a cell that cannot be used.
    """

    table: str
    version: str
    exported: int
    accepted: int
    quarantined: int
    superseded: int
    again: int
    set_aside: int

    def __post_init__(self) -> None:
        if self.exported != self.accepted + self.quarantined + self.superseded:
            raise AssertionError(f"{self.table} {self.version}: rows exported and kept differ")


def reconcile(settled: Settled, accepted: Mapping[str, Sequence[bool]]) -> tuple[Line, ...]:
    """Return a line for every table and form version.

    Parameters
    ----------
    settled
        Every row with its state.
    accepted
        For every table, whether the reader of the tables can use each current row, in
        the order of `Settled.current`.
    """
    found = []
    for table, rows in settled.rows.items():
        states = Counter(zip(rows["_version"], rows[STATE], strict=True))
        used: Counter[str] = Counter()
        if table != UNPLACED:
            versions = settled.current(table)["_version"]
            used.update(
                version for version, fine in zip(versions, accepted[table], strict=True) if fine
            )
        for version in sorted({version for version, _ in states}):
            current = states[version, "current"]
            aside = states[version, "quarantined"]
            superseded = states[version, "superseded"]
            found.append(
                Line(
                    table=table,
                    version=version,
                    exported=current + aside + superseded,
                    accepted=used[version],
                    quarantined=aside + current - used[version],
                    superseded=superseded,
                    again=states[version, "again"],
                    set_aside=aside,
                )
            )
    return tuple(found)


def set_aside(settled: Settled) -> list[tuple[str, str, Problem]]:
    """Return table, submission and problem of every row that intake set aside."""
    found = []
    for table, rows in settled.rows.items():
        kept = rows[rows[STATE] == "quarantined"]
        for row in kept.to_dict("records"):
            place = Place(row["_file"], row["_sheet"], int(row["_row"]))
            words = {"found": HIDDEN} if row["_reason"] == "number_as_identifier" else {}
            found.append((table, row["_record"], problem(row["_reason"], place, **words)))
    return found


def by_import(imports: Sequence[Taken], settled: Settled) -> pd.DataFrame:
    """Return what became of every sheet of every export, one row each."""
    lines = []
    for number, taken in enumerate(imports, 1):
        for use in taken.sheets:
            lines.append(
                {
                    "import": number,
                    "file": use.file,
                    "sheet": use.sheet,
                    "source": use.source,
                    "form": use.form,
                    "table": use.table,
                    "read": use.read,
                    "placed": use.read - use.set_aside,
                    "set_aside": use.set_aside,
                }
            )
    return pd.DataFrame(lines)


def history(settled: Settled) -> pd.DataFrame:
    """Return every superseded row: its submission, the export it came with, and its place."""
    parts = [
        rows.loc[
            rows[STATE] == "superseded", [IMPORT, "_file", "_sheet", "_row", "_record"]
        ].assign(table=table)
        for table, rows in settled.rows.items()
        if table in TABLES
    ]
    empty = pd.DataFrame(columns=[IMPORT, "_file", "_sheet", "_row", "_record", "table"])
    return pd.concat([empty, *parts], ignore_index=True)
