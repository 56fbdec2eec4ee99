"""The two rounds beside each other: by how much, and how surely, a rate has changed.

Three figures of the re-check are told apart. The fresh sample as it was drawn stands for
the whole county. The households that no first round has visited are what the orders did
not reach: they tell whether the county itself has changed. Households of the first
round form a stratum of their own with weight 1: each stands for itself alone, wrong
as long as its case is not closed, and the fresh ones for all the others.

Source: Zou & Donner (2008), Statistics in Medicine 27:1693-1702 (MOVER). Villages
drawn in both rounds make the rates alike; leaving that out widens the interval.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import hypot
from typing import Protocol


class Rate(Protocol):
    """A rate with its two-sided interval; shares from 0 to 1."""

    @property
    def value(self) -> float | None:
        """The rate, None where it is not estimable."""

    @property
    def low(self) -> float:
        """Its lower limit."""

    @property
    def high(self) -> float:
        """Its upper limit."""


class Target(StrEnum):
    """What the re-check's figure stands for."""

    FRESH_SAMPLE = "fresh_sample"
    NOT_YET_VISITED = "not_yet_visited"
    OWN_STRATUM = "own_stratum"


class Change(StrEnum):
    """What the interval of the difference says."""

    BETTER = "better"
    WORSE = "worse"
    NOT_SHOWN = "not_shown"
    NOT_ESTIMABLE = "not_estimable"


@dataclass(frozen=True)
class Comparison:
    """One weighted rate in both rounds, and their difference with its interval (shares).

    A rate that is not estimable is None, and so is the difference.
    """

    indicator: str
    target: Target
    first: float | None
    recheck: float | None
    recheck_low: float
    recheck_high: float
    difference: float | None
    low: float
    high: float
    change: Change


def compare_rounds(
    first: Mapping[str, Rate], recheck: Mapping[str, Rate], *, more_is_better: frozenset[str]
) -> tuple[Comparison, ...]:
    """Return every indicator's change from the first round to the re-check."""
    return tuple(
        compare(name, before, recheck[name], more_is_better=name in more_is_better)
        for name, before in first.items()
    )


def compare(
    indicator: str,
    before: Rate,
    after: Rate,
    *,
    more_is_better: bool,
    target: Target = Target.FRESH_SAMPLE,
) -> Comparison:
    """Return the change of one rate; it is shown only where the interval leaves 0 out.

    Parameters
    ----------
    indicator
        Its name.
    before, after
        The rate of the first round and of the re-check, from independent samples.
    more_is_better
        Whether a rise is for the better, as of recognition.
    target
        What the re-check's figure stands for.
    """
    if after.value is None or before.value is None:
        change, shown = None, Change.NOT_ESTIMABLE
        low, high = after.low - before.high, after.high - before.low
    else:
        change, shown = after.value - before.value, Change.NOT_SHOWN
        low = change - hypot(after.value - after.low, before.high - before.value)
        high = change + hypot(after.high - after.value, before.value - before.low)
        rise, fall = low > 0, high < 0
        if rise or fall:
            shown = Change.BETTER if rise == more_is_better else Change.WORSE
    return Comparison(
        indicator=indicator,
        target=target,
        first=before.value,
        recheck=after.value,
        recheck_low=after.low,
        recheck_high=after.high,
        difference=change,
        low=low,
        high=high,
        change=shown,
    )
