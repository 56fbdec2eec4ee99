"""The two rounds beside each other: by how much, and how surely, a rate has changed.

Source: Zou & Donner (2008), Statistics in Medicine 27:1693-1702 (MOVER). Villages
drawn in both rounds make the rates alike; leaving that out widens the interval.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot

from auditlib.indicators.assurance import Assurance


@dataclass(frozen=True)
class Comparison:
    """One weighted rate in both rounds, and their difference with its interval (shares)."""

    indicator: str
    first: float
    recheck: float
    difference: float
    low: float
    high: float


def compare_rounds(
    first: Mapping[str, Assurance], recheck: Mapping[str, Assurance]
) -> tuple[Comparison, ...]:
    """Return every indicator's change from the first round to the re-check."""
    return tuple(_compare(name, before, recheck[name]) for name, before in first.items())


def _compare(name: str, before: Assurance, after: Assurance) -> Comparison:
    change = after.value - before.value
    return Comparison(
        indicator=name,
        first=before.value,
        recheck=after.value,
        difference=change,
        low=change - hypot(after.value - after.low, before.high - before.value),
        high=change + hypot(after.high - after.value, before.value - before.low),
    )
