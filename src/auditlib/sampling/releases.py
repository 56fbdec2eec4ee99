"""The log of batches opened and of what the county was told, and the lists compared before.

Batches are opened by their team leaders after arrival, each on its day; what the county
is told, and why, is logged like an opening (四（三）). Linkage with other lists comes
before the commitment and gives leads only (四（一）).
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd


@dataclass(frozen=True)
class Release:
    """An entry of the release log.

    `opened` says whether a sealed batch was opened (else something was told); `fault` is
    empty, or `before_draw`, `early`, `unknown_batch`, `other_file`.
    """

    release: str
    batch: str
    released: date
    to: str
    by: str
    reason: str
    opened: bool
    fault: str


@dataclass(frozen=True)
class Linkage:
    """A comparison with another list; `in_time` says that it came before the commitment."""

    linkage: str
    list: str
    fields: str
    rule: str
    compared: int
    hits: int
    use: str
    in_time: bool


def follow_releases(
    releases: pd.DataFrame, batches: pd.DataFrame, *, phase: str, drawn: date | None
) -> tuple[Release, ...]:
    """Return the log of one phase in its order, with what is wrong with an entry.

    Parameters
    ----------
    releases, batches
        Input tables of that name; a batch that is not planned belongs to the first phase.
    phase
        `first` or `recheck`.
    drawn
        Day of the draw.
    """
    planned = {row.batch: row for row in batches[batches["phase"] == phase].itertuples()}
    others = set(batches.loc[batches["phase"] != phase, "batch"]) - set(planned)
    found = []
    for row in releases.itertuples():
        if row.batch in others or (phase != "first" and row.batch not in planned):
            continue
        batch = planned.get(row.batch)
        if drawn is None or row.released < drawn:
            fault = "before_draw"
        elif batch is None:
            fault = "unknown_batch"
        elif row.released < batch.opens:
            fault = "early"
        elif row.digest and row.digest != batch.digest:
            fault = "other_file"
        else:
            fault = ""
        found.append(
            Release(
                row.release,
                row.batch,
                row.released,
                row.to,
                row.by,
                row.reason,
                bool(row.digest),
                fault,
            )
        )
    return tuple(found)


def compared_lists(linkage: pd.DataFrame, *, committed: date) -> tuple[Linkage, ...]:
    """Return the comparisons with other lists, and whether each came before the commitment."""
    return tuple(
        Linkage(
            row.linkage,
            row.list,
            row.fields,
            row.rule,
            int(row.compared),
            int(row.hits),
            row.use,
            row.date <= committed,
        )
        for row in linkage.itertuples()
    )
