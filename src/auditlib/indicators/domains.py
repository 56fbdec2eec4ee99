"""The wrong-exit rate in parts of the county: as informative as their sample, no more.

A part with few households is not shown, so that nobody can be recognised in it, nor is
as much beside it as would give it back (`estimation.disclosure`).
"""

from dataclasses import dataclass

from auditlib.estimation import Design, estimate_by, interval
from auditlib.estimation.disclosure import cells_to_hide
from auditlib.indicators.measure import Evidence, Switches, wrong_persons


@dataclass(frozen=True)
class Domain:
    """One part: households and persons sampled, wrong ones, weighted rate and interval.

    Everything but `by` and `value` is None where the part is suppressed.
    """

    by: str
    value: str
    households: int | None
    wrong_households: int | None
    persons: int | None
    wrong: int | None
    rate: float | None
    low: float | None
    high: float | None


PARTS = ("township", "poor", "remote", "exit_year", "cause")
"""Columns of the lifted households by which parts are made."""


def wrong_exit_by_part(
    evidence: Evidence, switches: Switches, design: Design | None, *, fewest: int, level: float
) -> tuple[Domain, ...]:
    """Return the wrong-exit rate in every part of every kind.

    Parameters
    ----------
    evidence, switches
        What counts as wrong.
    design
        Of the lifted households; None where they tell nothing of the county, nor of its parts.
    fewest
        A part with fewer households is suppressed, and the next with it where it is alone.
    level
        Confidence level of the intervals.
    """
    if design is None:
        return ()
    rows = evidence.lifted
    wrong = wrong_persons(evidence, switches).astype(float)
    members = rows["members"].astype(float)
    found = []
    for by in PARTS:
        column = rows[by].astype(str)
        estimates = estimate_by(design, column, statistic="ratio", y=wrong, x=members)
        sizes = column.value_counts().sort_index().to_dict()
        hidden = cells_to_hide(sizes, fewest=fewest, totals=[list(sizes)])
        for value, estimate in estimates.items():
            here = column == value
            shown = value not in hidden
            limits = interval(estimate, method="beta-capped", level=level) if shown else None
            found.append(
                Domain(
                    by=by,
                    value=str(value),
                    households=int(here.sum()) if limits else None,
                    wrong_households=int((wrong[here] > 0).sum()) if limits else None,
                    persons=int(members[here].sum()) if limits else None,
                    wrong=int(wrong[here].sum()) if limits else None,
                    rate=limits.value if limits else None,
                    low=limits.low if limits else None,
                    high=limits.high if limits else None,
                )
            )
    return tuple(found)


@dataclass(frozen=True)
class Funnel:
    """From all screened to verified missed, in households and persons."""

    households_screened: int
    persons_screened: int
    suspected: int
    visited: int
    verified: int
    persons_missed: int


@dataclass(frozen=True)
class ScreenedUnit:
    """A group's population as claimed beside the persons met there; they should agree."""

    unit: str
    claimed: int
    met: int


def compare_screened(evidence: Evidence) -> tuple[ScreenedUnit, ...]:
    """Return the screened groups whose persons met differ from the population claimed."""
    met = evidence.households.groupby("unit")["persons"].sum()
    rows = zip(evidence.screened["unit"], evidence.screened["population"], strict=True)
    found = [ScreenedUnit(unit, int(claimed), int(met.get(unit, 0))) for unit, claimed in rows]
    return tuple(unit for unit in found if unit.claimed != unit.met)


@dataclass(frozen=True)
class VillageRate:
    """Wrong of sampled lifted persons, and of households, in one village."""

    village: str
    persons: int
    wrong: int
    households: int
    wrong_households: int


def wrong_exit_by_village(evidence: Evidence, switches: Switches) -> tuple[VillageRate, ...]:
    """Return the counts of every village."""
    wrong = wrong_persons(evidence, switches)
    rows = evidence.lifted.assign(wrong=wrong, one=1, broken=(wrong > 0).astype(int))
    sums = rows.groupby("village")[["members", "wrong", "one", "broken"]].sum()
    return tuple(VillageRate(str(row[0]), *map(int, row[1:])) for row in sums.itertuples())
