"""The re-check's wrong-exit rate with the households of the first round told apart.

Source: statistics of the project, section 6; reading A52.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from auditlib.estimation import Design, Estimate, combine, estimate_ratio, interval
from auditlib.indicators.drawn import drawn_directly, lifted_design
from auditlib.indicators.rates import Counts
from auditlib.sampling.direct import COUNTY


@dataclass(frozen=True)
class FirstRound:
    """What the first round knows of the lifted households that it visited: persons.

    `still_wrong` are those of verified households whose cases are not all settled, and of
    households that the re-check met again and found wrong.
    """

    persons: int
    still_wrong: int


def first_round(
    members: Mapping[str, int],
    wrong: Mapping[str, Iterable[str]],
    *,
    settled: frozenset[str],
    wrong_again: frozenset[str] = frozenset(),
) -> FirstRound:
    """Return what the first round knows.

    Parameters
    ----------
    members
        Registered members of every lifted household completed in the first round.
    wrong
        Verified cases of every household found wrong.
    settled
        Cases closed or withdrawn under an order.
    wrong_again
        Households that the re-check found wrong.
    """
    left = {h for h, cases in wrong.items() if not settled.issuperset(cases)}
    left |= wrong_again & members.keys()
    return FirstRound(sum(members.values()), sum(members.get(h, 0) for h in sorted(left)))


@dataclass(frozen=True)
class Limited:
    """A rate with its two-sided limits (shares), at a level, by a method, from n households."""

    value: float
    low: float
    high: float
    level: float
    method: str
    rows: int

    @classmethod
    def of(cls, e: Estimate) -> "Limited":
        """Return the figure and limits of an estimate."""
        return cls(e.value, e.low, e.high, e.level, e.method, e.n)


@dataclass(frozen=True)
class Fresh:
    """The wrong-exit rate of the re-check by whom it stands for.

    Attributes
    ----------
    again, again_wrong
        Households that were completed in the first round as well, and wrong ones of them.
    counts
        Persons wrong of persons, in households no first round has visited.
    not_yet_visited
        Their weighted rate, standing for all lifted households not visited before.
    own_stratum
        The whole county: the first round's households by themselves, the fresh ones for
        all the others.
    first
        What the first round knows of its own.
    """

    again: int
    again_wrong: int
    counts: Counts
    not_yet_visited: Limited
    own_stratum: Limited
    first: FirstRound


def tell_apart(
    lifted: pd.DataFrame,
    wrong: pd.Series,
    *,
    earlier: Mapping[str, frozenset[str]],
    first: FirstRound,
    lifted_persons: int,
    level: float,
) -> Fresh | None:
    """Return the re-check's wrong-exit rate by whom it stands for; None without fresh households.

    Parameters
    ----------
    lifted
        Completed lifted households of the re-check, as `Evidence.lifted` has them.
    wrong
        Wrong persons of every row.
    earlier
        Households completed in the first round, by village.
    first
        What the first round knows of its own.
    lifted_persons
        Lifted persons of the county.
    level
        Confidence level.
    """
    visited = frozenset[str]().union(*earlier.values())
    again = lifted["study_id"].isin(visited)
    rows = lifted[~again].reset_index(drop=True)
    if rows.empty or not (rows["weight"] > 0).any():
        return None
    own = wrong[~again].reset_index(drop=True)
    estimate = estimate_ratio(
        _not_visited(rows, earlier), own.astype(float), rows["members"].astype(float)
    )
    limited = interval(estimate, method="beta-capped", level=level)
    others = max(lifted_persons - first.persons, 0) / lifted_persons
    known = first.still_wrong / lifted_persons
    whole = limited
    if others > 0:
        whole = combine([(others, limited)], constant=known, level=level)
    return Fresh(
        again=int(again.sum()),
        again_wrong=int((wrong[again] > 0).sum()),
        counts=Counts(int(own.sum()), int(rows["members"].sum())),
        not_yet_visited=Limited.of(limited),
        own_stratum=Limited.of(whole),
        first=first,
    )


def _not_visited(rows: pd.DataFrame, earlier: Mapping[str, frozenset[str]]) -> Design:
    """Return the design of the fresh households: each village counts those not visited before.

    Under a direct draw (A25) the county does, as a whole.

    A household's chance in its village is that of the whole re-check sample there, so its
    weight stays; only the number of households it is drawn from is smaller.
    """
    before = {village: len(visited) for village, visited in earlier.items()}
    within = "village"
    if drawn_directly(rows):
        within, before = "within", {COUNTY: sum(before.values())}
    left = [
        max(int(listed) - before.get(place, 0), n)
        for place, listed, n in zip(
            rows[within],
            rows["listed"],
            rows.groupby(within)["study_id"].transform("size"),
            strict=True,
        )
    ]
    return lifted_design(rows.assign(listed=np.asarray(left, dtype=int)))
