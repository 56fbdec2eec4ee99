"""Which part of the sample was reached, and what became of the rest.

Response is completed households of those eligible. Replacement cures the number
and not a refusal that depends on the answer, so response is shown by village.

Source: AAPOR, Standard Definitions, response rate 1; reading A53.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Reach:
    """One kind of household: wanted, opened, and the result of the last visit to each.

    `eligible` leaves out households that no longer exist or have moved away;
    `completed` of `eligible` is the response.
    """

    kind: str
    wanted: int
    opened: int
    eligible: int
    completed: int
    replaced: int
    dispositions: Mapping[str, int]


@dataclass(frozen=True)
class VillageReach:
    """The same for the lifted households of one village."""

    village: str
    opened: int
    eligible: int
    completed: int
    replaced: int


def last_visits(visits: pd.DataFrame) -> pd.DataFrame:
    """Return one visit a household: the completed one, else the last.

    A purposive visit never stands in the place of the visit for which the household was
    drawn: it would take a household out of the rates, or cure a refusal (A24).
    """
    ranked = visits.assign(
        _drawn=(visits["kind"] != "purposive").astype(int),
        _done=(visits["disposition"] == "completed").astype(int),
    )
    order = ["study_id", "_drawn", "_done", "started", "visit_id"]
    ordered = ranked.sort_values(order, kind="stable")
    return ordered.drop_duplicates("study_id", keep="last").drop(columns=["_drawn", "_done"])


def reach_by_kind(
    visits: pd.DataFrame, wanted: Mapping[str, int], *, ineligible: Iterable[str]
) -> tuple[Reach, ...]:
    """Return how far every kind of household was reached.

    Parameters
    ----------
    visits
        One visit a household (`last_visits`) of one phase.
    wanted
        Households to be completed, by kind; the result follows its order.
    ineligible
        Dispositions that show a household is no longer one of the frame.
    """
    out = tuple(ineligible)
    found = []
    for kind, number in wanted.items():
        rows = visits[visits["kind"] == kind]
        results = rows["disposition"].value_counts()
        found.append(
            Reach(
                kind=kind,
                wanted=number,
                opened=len(rows),
                eligible=int((~rows["disposition"].isin(out)).sum()),
                completed=int(results.get("completed", 0)),
                replaced=int((rows["replaces"] != "").sum()),
                dispositions={name: int(results[name]) for name in sorted(results.index)},
            )
        )
    return tuple(found)


def reach_by_village(
    visits: pd.DataFrame, *, ineligible: Iterable[str]
) -> tuple[VillageReach, ...]:
    """Return the reach of every village for visits of one kind and phase, one a household."""
    out = tuple(ineligible)
    told = visits[["village", "disposition", "replaces"]]
    return tuple(
        VillageReach(
            village=village,
            opened=len(rows),
            eligible=int((~rows["disposition"].isin(out)).sum()),
            completed=int((rows["disposition"] == "completed").sum()),
            replaced=int((rows["replaces"] != "").sum()),
        )
        for village, rows in told.groupby("village", sort=True)
    )
