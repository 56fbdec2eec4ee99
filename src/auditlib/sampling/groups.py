"""Groups to be screened in full, and the unregistered households to be visited there.

Groups are drawn systematically from villages in ticket order, with size G_v/π_v. The
villages are the drawn ones; or, where that is the reading (A33), those outside, π_v
then being the chance to lie outside; or all of the county, each certain. In all three
each group that can be met has the same probability, given the villages, and weighted
equals unweighted. Inside a village the smallest tickets are taken; a village may be
hit more than once. How many groups are drawn depends on the frame
of these villages only, never on which groups come out; so the probability
stays exact.

Source: Madow (1949), Ann. Math. Statist. 20:333; Särndal, Swensson & Wretman
(1992), section 3.6.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from auditlib.sampling.design import ANYWHERE, OUTSIDE, Design
from auditlib.sampling.direct import all_villages
from auditlib.sampling.draw import draw, ticket
from auditlib.sampling.frame import Frame, Group, Village
from auditlib.sampling.imported import OfficeList
from auditlib.sampling.notes import Note, note
from auditlib.sampling.quotas import Quotas
from auditlib.sampling.rounding import systematic
from auditlib.sampling.villages import DrawnVillage, relative_weights


@dataclass(frozen=True)
class DrawnGroup:
    """A group to be screened, and its probability (given which villages were drawn)."""

    group: Group
    probability: Fraction


def draw_groups(
    frame: Frame,
    design: Design,
    drawn: Sequence[DrawnVillage],
    seed: str,
    *,
    office: OfficeList | None = None,
) -> tuple[tuple[DrawnGroup, ...], tuple[Note, ...]]:
    """Return the groups to be screened: villages in ticket order, then tickets.

    `office` is the list from which `drawn` comes, where the office drew.
    """
    listed: dict[str, list[Group]] = {}
    for group in frame.groups:
        listed.setdefault(group.village, []).append(group)
    villages = [village for village in drawn if village.code in listed]
    told: tuple[Note, ...] = ()
    if design.groups_from == ANYWHERE:
        villages = [v for v in all_villages(frame, design, seed) if v.code in listed]
    elif design.groups_from == OUTSIDE:
        others = [v for v in _outside(frame, design, drawn, seed, office) if v.code in listed]
        villages, told = (others, ()) if others else (villages, (note("groups_no_outside"),))
    k, notes = number_of_groups(villages, listed, design.quotas)
    hits = _expected_hits(villages, listed, k)
    rounded = systematic(list(hits.values()), seed=seed, stage=f"{design.phase}round-g")
    stage = f"{design.phase}group"
    chosen = []
    for village, n in zip(villages, rounded, strict=True):
        code = village.code
        known = {group.unit: group for group in listed[code]}
        chances = village.probability * hits[code] / len(known)
        order = draw(known, n, stage=stage, stratum=code, seed=seed)
        chosen += [DrawnGroup(known[unit], chances) for unit in order]
    return tuple(chosen), (*told, *notes, *_told(chosen, hits, listed, design.quotas))


def _outside(
    frame: Frame,
    design: Design,
    drawn: Sequence[DrawnVillage],
    seed: str,
    office: OfficeList | None,
) -> list[DrawnVillage]:
    """Return the villages that were not drawn, in ticket order, with their chance of that.

    On a list of the office a village counts as it states it, and as certain to lie
    outside where it states nothing.
    """
    cells = {(cell.township, cell.kind): cell.probability for cell in design.cells}
    stated = {c: Fraction(p) for c, p in office.probabilities.items()} if office else {}
    inside = {village.code for village in drawn}

    def left_out(village: Village) -> Fraction:
        if office is None:
            return 1 - cells[village.township, village.kind]
        return (1 - stated.get(village.code, Fraction(0))) or Fraction(1)

    return [
        DrawnVillage(v.village, v.ticket, left_out(v.village))
        for v in all_villages(frame, design, seed)
        if v.code not in inside
    ]


def number_of_groups(
    drawn: Sequence[DrawnVillage], listed: Mapping[str, Sequence[Group]], quotas: Quotas
) -> tuple[int, tuple[Note, ...]]:
    """Return the groups to draw: more, up to the most, where few households are expected.

    So many groups of these villages should hold, on average, `quotas.reach` times
    the unregistered households wanted.
    """
    available = sum(len(listed[village.code]) for village in drawn)
    k = min(quotas.groups, available)
    while k < min(quotas.most_groups, available):
        hits = _expected_hits(drawn, listed, k)
        households = sum(
            hits[code] * Fraction(sum(g.unregistered for g in listed[code]), len(listed[code]))
            for code in hits
        )
        if households >= quotas.reach * quotas.unregistered:
            break
        k += 1
    notes = []
    if k < quotas.fewest_groups:
        notes.append(note("groups_short", wanted=quotas.fewest_groups, got=k))
    if k > quotas.groups:
        notes.append(note("more_groups", wanted=quotas.unregistered, before=quotas.groups, got=k))
    return k, tuple(notes)


def _expected_hits(
    drawn: Sequence[DrawnVillage], listed: Mapping[str, Sequence[Group]], k: int
) -> dict[str, Fraction]:
    """Return k·G_v/π_v ÷ Σ G_v/π_v by village, and G_v where that would pass G_v."""
    weights = relative_weights(drawn)
    G = {village.code: len(listed[village.code]) for village in drawn}
    whole: set[str] = set()
    while True:
        left = k - sum(G[code] for code in whole)
        total = sum(G[code] * weights[code] for code in G if code not in whole)
        passing = {c for c in G if c not in whole and left * weights[c] > total}
        if not passing:
            break
        whole |= passing
    return {
        code: Fraction(G[code])
        if code in whole
        else Fraction(left * G[code] * weights[code], total)
        for code in G
    }


def _told(
    chosen: Sequence[DrawnGroup],
    hits: Mapping[str, Fraction],
    listed: Mapping[str, Sequence[Group]],
    quotas: Quotas,
) -> list[Note]:
    """Say where few households are met, and where a village is screened whole."""
    equal = len({group.probability for group in chosen}) <= 1
    notes = [
        note("whole_villages", village=code)
        for code, hit in hits.items()
        if hit == len(listed[code]) and not equal
    ]
    households = sum(drawn.group.unregistered for drawn in chosen)
    if households < quotas.unregistered:
        wanted = quotas.unregistered
        notes.append(note("unregistered_short", groups=len(chosen), wanted=wanted, got=households))
    return notes


@dataclass(frozen=True)
class Screened:
    """An unregistered household met in screening: its risk codes, and whether suspected."""

    unit: str
    group: str
    risks: frozenset[str]
    suspected: bool


@dataclass(frozen=True)
class Visits:
    """Unregistered households to visit, in order, with how many by risk and by group."""

    units: tuple[str, ...]
    by_risk: Mapping[str, int]
    by_group: Mapping[str, int]
    notes: tuple[Note, ...]


def choose_visits(
    screened: Iterable[Screened], wanted: int, *, seed: str, stage: str = "unregistered"
) -> Visits:
    """Return the unregistered households to visit after screening.

    Suspected households come first, then those of a risk group, then the others;
    among equals the smallest ticket. These visits have no probability of their own
    and enter no rate; screening itself does.
    """
    order = sorted(
        screened, key=lambda s: (not s.suspected, not s.risks, ticket(seed, stage, s.unit))
    )
    chosen = order[:wanted]
    short = note("visits_short", wanted=wanted, got=len(chosen))
    return Visits(
        tuple(household.unit for household in chosen),
        Counter(risk for household in chosen for risk in sorted(household.risks)),
        Counter(household.group for household in chosen),
        (short,) if len(chosen) < wanted else (),
    )
