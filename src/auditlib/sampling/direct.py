"""Households drawn from the whole county at once, no villages first (A25).

Every lifted household has the same chance, and villages are only where the drawn
households happen to live: how many there are, and of which kind, nobody fixes. So no
quota on villages can hold; what came out is reported beside it.

Reserves follow in the order of their tickets over the whole county, and may live in
another village than the household they stand in for.

Source: Cochran (1977), Sampling Techniques, 3rd ed., chapter 2; the chance that a
village is met is hypergeometric, section 2.3.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from auditlib.sampling.design import Design
from auditlib.sampling.draw import draw, ticket
from auditlib.sampling.expected import MILLION
from auditlib.sampling.frame import Frame
from auditlib.sampling.households import VillageSample
from auditlib.sampling.notes import Note, note
from auditlib.sampling.quotas import up
from auditlib.sampling.villages import DrawnVillage

COUNTY = "county"
"""What a household drawn directly was drawn from, in the published rows."""


@dataclass(frozen=True)
class DirectSample:
    """Lifted households drawn from the whole county at once; `probability` is n/N of each."""

    listed: int
    drawn: tuple[str, ...]
    reserves: tuple[str, ...]
    probability: Fraction
    notes: tuple[Note, ...]


def draw_direct(frame: Frame, design: Design, seed: str) -> DirectSample:
    """Return a simple random sample of all lifted households, without villages first."""
    units = [unit for listed in frame.lifted.values() for unit in listed]
    n = min(design.quotas.lifted, len(units))
    spare = min(len(units) - n, up(design.quotas.reserves * n))
    stage = f"{design.phase}household"
    order = draw(units, n + spare, stage=stage, stratum=COUNTY, seed=seed)
    short = note("direct_lifted_short", wanted=design.quotas.lifted, got=n)
    return DirectSample(
        len(units),
        tuple(order[:n]),
        tuple(order[n:]),
        Fraction(n, max(len(units), 1)),
        (short,) if n < design.quotas.lifted else (),
    )


def by_village(frame: Frame, sample: DirectSample) -> tuple[VillageSample, ...]:
    """Return the same households by village, for those that have one drawn or in reserve."""
    drawn, reserves = frozenset(sample.drawn), frozenset(sample.reserves)
    rank = {unit: i for i, unit in enumerate((*sample.drawn, *sample.reserves))}
    parts = []
    for village, units in frame.lifted.items():
        order = sorted((u for u in units if u in rank), key=rank.__getitem__)
        if order:
            own = tuple(u for u in order if u in drawn), tuple(u for u in order if u in reserves)
            parts.append(VillageSample(village, len(units), *own, sample.probability))
    return tuple(parts)


def chances_of_villages(frame: Frame, wanted: int) -> dict[str, Fraction]:
    """Return the chance of every village that a direct draw meets it, in whole millionths.

    A village with M of the county's N households is met by n of them with chance
    1 - C(N-M, n)/C(N, n). It is 0 where M is 0, and at least a millionth elsewhere.
    """
    listed = {v.code: len(frame.lifted.get(v.code, ())) for v in frame.villages}
    N = sum(listed.values())
    n = min(wanted, N)
    return {code: _chance_met(M, n, N) for code, M in listed.items()}


def _chance_met(M: int, n: int, N: int) -> Fraction:
    if not M or not n:
        return Fraction(0)
    missed, all_ways = 1, 1
    for i in range(M):
        missed *= max(N - n - i, 0)
        all_ways *= N - i
    return Fraction(max(MILLION * (all_ways - missed) // all_ways, 1), MILLION)


def met_villages(
    frame: Frame, design: Design, parts: Iterable[VillageSample], seed: str
) -> tuple[DrawnVillage, ...]:
    """Return the villages in which a household was drawn, in ticket order, with their chance."""
    chances = chances_of_villages(frame, design.quotas.lifted)
    met = {part.village for part in parts if part.drawn}
    return tuple(
        DrawnVillage(v.village, v.ticket, chances[v.code])
        for v in all_villages(frame, design, seed)
        if v.code in met
    )


def all_villages(frame: Frame, design: Design, seed: str) -> tuple[DrawnVillage, ...]:
    """Return every village of the county as certain, in ticket order."""
    stage = f"{design.phase}village"
    known = {village.code: village for village in frame.villages}
    order = draw(known, len(known), stage=stage, stratum=COUNTY, seed=seed)
    return tuple(
        DrawnVillage(known[code], ticket(seed, stage, code), Fraction(1)) for code in order
    )
