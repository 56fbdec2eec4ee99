"""Lifted households: how many in each drawn village, and which.

The households wanted are divided between remote and other villages, remote ones
getting their share at least, and inside each part in proportion to M_v/π_v, the
households that the village stands for, within the range wanted for one village.
One chance rounds them all. Of each village the smallest tickets are drawn, and
the next are reserves, in order.

Source: Särndal, Swensson & Wretman (1992), sections 4.2-4.3; Madow (1949).
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from auditlib.sampling.design import Design
from auditlib.sampling.draw import draw
from auditlib.sampling.frame import Frame
from auditlib.sampling.notes import Note, note
from auditlib.sampling.quotas import Quotas, nearest, up
from auditlib.sampling.rounding import systematic
from auditlib.sampling.villages import DrawnVillage, relative_weights


@dataclass(frozen=True)
class VillageSample:
    """Households of one drawn village.

    Attributes
    ----------
    village
        Code of the village.
    listed
        Households in the frame, M_v.
    drawn, reserves
        Households in the order of their tickets.
    probability
        Of every listed household, given the number drawn here: π_v·m_v/M_v.
    """

    village: str
    listed: int
    drawn: tuple[str, ...]
    reserves: tuple[str, ...]
    probability: Fraction


def draw_lifted(
    frame: Frame, design: Design, drawn: Sequence[DrawnVillage], seed: str
) -> tuple[tuple[VillageSample, ...], tuple[Note, ...]]:
    """Return the lifted households of every drawn village, in village ticket order."""
    stage = f"{design.phase}household"
    listed = {v.code: len(frame.lifted.get(v.code, ())) for v in drawn}
    numbers, notes = share_out(
        drawn, listed, design.quotas, seed=seed, stage=f"{design.phase}round-m"
    )
    samples = []
    for village in drawn:
        code = village.code
        M, m = listed[code], numbers[code]
        spare = min(M - m, up(design.quotas.reserves * m))
        order = draw(frame.lifted.get(code, ()), m + spare, stage=stage, stratum=code, seed=seed)
        chances = village.probability * Fraction(m, max(M, 1))
        samples.append(VillageSample(code, M, tuple(order[:m]), tuple(order[m:]), chances))
    return tuple(samples), notes


@dataclass(frozen=True)
class StillPoorSample:
    """Households still poor, drawn from all drawn villages together, or from the county.

    `probability` is that of a listed household given the villages: n/N; `homes` are the
    villages of those drawn and of the reserves.
    """

    listed: int
    drawn: tuple[str, ...]
    reserves: tuple[str, ...]
    probability: Fraction
    homes: Mapping[str, str]


def draw_still_poor(
    frame: Frame, design: Design, drawn: Sequence[DrawnVillage], seed: str
) -> tuple[StillPoorSample, tuple[Note, ...]]:
    """Return the households still poor that are visited for their recognition."""
    homes = {unit: v.code for v in drawn for unit in frame.still_poor.get(v.code, ())}
    units = list(homes)
    n = min(design.quotas.still_poor, len(units))
    spare = min(len(units) - n, up(design.quotas.reserves * n))
    stage = f"{design.phase}still-poor"
    order = draw(units, n + spare, stage=stage, stratum="county", seed=seed)
    word = "direct_still_poor_short" if design.direct else "still_poor_short"
    short = note(word, wanted=design.quotas.still_poor, got=n)
    chances = Fraction(n, max(len(units), 1))
    sample = StillPoorSample(
        len(units),
        tuple(order[:n]),
        tuple(order[n:]),
        chances,
        {unit: homes[unit] for unit in order},
    )
    return sample, (short,) if n < design.quotas.still_poor else ()


def share_out(
    drawn: Sequence[DrawnVillage],
    listed: Mapping[str, int],
    quotas: Quotas,
    *,
    seed: str,
    stage: str,
) -> tuple[dict[str, int], tuple[Note, ...]]:
    """Return the lifted households to draw in every village.

    Parameters
    ----------
    drawn
        Drawn villages, in ticket order.
    listed
        Lifted households in the frame, M_v, by village code.
    quotas
        Households wanted, range for a village, share of remote villages.
    seed, stage
        The rounding's chance is the SHA-256 of `seed,stage`.

    Returns
    -------
    tuple
        Households by village, adding up to min(wanted, listed); and what fell short.
    """
    weights = relative_weights(drawn)
    notes = [note("no_household", village=v.code) for v in drawn if not listed[v.code]]
    total = min(quotas.lifted, sum(listed[v.code] for v in drawn))
    if total < quotas.lifted:
        notes.append(note("lifted_short", wanted=quotas.lifted, got=total))
    remote = [v.code for v in drawn if v.village.remote and listed[v.code]]
    other = [v.code for v in drawn if not v.village.remote and listed[v.code]]
    m_remote = _remote_part(total, remote, other, listed, weights, quotas)
    if m_remote < up(quotas.remote * total):
        notes.append(note("remote_households", wanted=up(quotas.remote * total), got=m_remote))
    parts = []
    for name, codes, m in (("remote", remote, m_remote), ("other", other, total - m_remote)):
        M = [listed[code] for code in codes]
        low, high = _range(m, M, quotas)
        if codes and (low, high) != (quotas.least, quotas.upmost):
            wished = {"least": quotas.least, "most": quotas.upmost}
            notes.append(note("per_village", part=name, low=low, high=high, **wished))
        sizes = [listed[code] * weights[code] for code in codes]
        parts += within(
            m, sizes, low=[min(low, M_v) for M_v in M], high=[min(high, M_v) for M_v in M]
        )
    rounded = systematic(parts, seed=seed, stage=stage)
    numbers = dict(zip(remote + other, rounded, strict=True))
    return {v.code: numbers.get(v.code, 0) for v in drawn}, tuple(notes)


def _remote_part(
    total: int,
    remote: Sequence[str],
    other: Sequence[str],
    listed: Mapping[str, int],
    weights: Mapping[str, int],
    quotas: Quotas,
) -> int:
    """Return the remote villages' households: their quota or their due, whichever is more.

    Their due is proportional to the households they stand for, as far as the range
    for a village allows on both sides; neither side can give more than it lists.
    """

    def room(codes: Sequence[str]) -> int:
        return sum(min(listed[code], quotas.upmost) for code in codes)

    def all_of(codes: Sequence[str]) -> int:
        return sum(listed[code] for code in codes)

    stands_for = [sum(listed[c] * weights[c] for c in codes) for codes in (remote, other)]
    quota = up(quotas.remote * total)
    due = nearest(Fraction(total * stands_for[0], max(sum(stands_for), 1)))
    due = max(min(due, room(remote)), min(total - room(other), room(remote)))
    return max(min(max(quota, due), all_of(remote)), total - all_of(other))


def _range(total: int, listed: Sequence[int], quotas: Quotas) -> tuple[int, int]:
    """Return the range for a village, widened no more than the total needs."""
    low, high = quotas.least, quotas.upmost
    while low and sum(min(low, M) for M in listed) > total:
        low -= 1
    while sum(min(high, M) for M in listed) < total:
        high += 1
    return low, high


def within(
    total: int, sizes: Sequence[int], *, low: Sequence[int], high: Sequence[int]
) -> list[Fraction]:
    """Divide a total in proportion to sizes, no part outside its bounds.

    Each part is λ·size, or the bound it would pass; λ is exact. The bounds must
    allow the total, and sizes are above 0.
    """
    if not sizes:
        return []
    bounds = list(zip(sizes, low, high, strict=True))

    def parts(factor: Fraction) -> list[Fraction]:
        return [min(max(factor * s, Fraction(lo)), Fraction(hi)) for s, lo, hi in bounds]

    def reached(factor: Fraction) -> Fraction:
        return sum(parts(factor), Fraction(0))

    turns = sorted({Fraction(b, s) for s, lo, hi in bounds for b in (lo, hi)})
    turn = turns[bisect_left(turns, Fraction(total), key=reached)]
    free = [s for s, lo, hi in bounds if Fraction(lo, s) < turn <= Fraction(hi, s)]
    held = sum(
        hi if Fraction(hi, s) < turn else lo
        for s, lo, hi in bounds
        if not Fraction(lo, s) < turn <= Fraction(hi, s)
    )
    return parts(Fraction(total - held, sum(free)) if free else turn)
