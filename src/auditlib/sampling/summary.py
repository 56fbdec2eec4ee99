"""The record of the stage `sampling`: frame, sizes, quotas wanted and met, the draw."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from auditlib.plan.sample import Sampling as Provisions
from auditlib.sampling.commitment import Draw
from auditlib.sampling.county import Sample
from auditlib.sampling.design import DIRECT, Design
from auditlib.sampling.direct import chances_of_villages
from auditlib.sampling.facts import (
    BlindSpot,
    Facts,
    Share,
    blind_spots,
    compare_households,
    compare_villages,
)
from auditlib.sampling.frame import Frame
from auditlib.sampling.left_out import LeftOut
from auditlib.sampling.notes import Note, note
from auditlib.sampling.operating import DesignOperating, operating_of_design
from auditlib.sampling.plan import Sizes
from auditlib.sampling.quotas import nearest, up
from auditlib.sampling.releases import Linkage, Release, compared_lists, follow_releases


@dataclass(frozen=True)
class TownshipCount:
    """Villages of a township: listed by kind, and expected and drawn in the sample.

    `drawn` is None while the round is sealed, `expected` where the office drew.
    """

    township: str
    villages: int
    poor: int
    remote: int
    lifted_households: int
    expected: float | None
    drawn: int | None


@dataclass(frozen=True)
class Quota:
    """One quota: what is wanted at least (or at most) and what the design or draw reaches."""

    quota: str
    clause: str
    wanted: int
    at_most: int | None
    reached: int | None
    kept: bool | None


@dataclass(frozen=True)
class VillageChance:
    """A village of the frame: its type, its exact probability, and whether it was drawn.

    Under a direct draw (A25): the chance that it is met, in whole millionths.
    `probability` is None where the office drew and stated none; `drawn` is None while
    the round is sealed. `latitude` and `longitude` are None where not known.
    """

    village: str
    township: str
    kind: str
    probability: Fraction | None
    drawn: bool | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Sampling:
    """Record of the stage.

    `state` is `committed`, `sealed` or `revealed`; `notes` say what gave way; `source`
    names the office that drew the villages, and is empty where the evaluator drew.
    `method` is `two_stage` or `direct` (A25), `groups_from` where groups are drawn (A33).
    Under a direct draw `villages` are those met, or expected to be while that is sealed.
    """

    version: int
    phase: str
    level: str
    state: str
    draw: int
    frame_digest: str
    design_digest: str
    nonce_digest: str
    source: str
    method: str
    groups_from: str
    villages_listed: int
    villages: int
    sizes: Sizes
    townships: tuple[TownshipCount, ...]
    left_out: LeftOut
    quotas: tuple[Quota, ...]
    chances: tuple[VillageChance, ...]
    least_probability: Fraction
    makeup: tuple[Share, ...]
    blind_spots: tuple[BlindSpot, ...]
    operating: DesignOperating | None
    linkage: tuple[Linkage, ...]
    releases: tuple[Release, ...]
    notes: tuple[Note, ...]


def summarise(
    frame: Frame,
    design: Design,
    sample: Sample | None,
    sizes: Sizes,
    *,
    draw: Draw,
    plan: Provisions,
    sealed: bool,
    limit: Fraction,
    facts: Facts,
    level: str,
    left_out: LeftOut,
    releases: pd.DataFrame,
    batches: pd.DataFrame,
    linkage: pd.DataFrame,
) -> Sampling:
    """Return the record of a county's sampling; of a sealed draw only counts and quotas.

    Parameters
    ----------
    frame, design, sample, sizes
        As drawn; `sample` is None before the draw, or where the nonce is not at hand.
    draw
        The entry of the register.
    plan
        Quotas with their clauses.
    sealed
        Whether drawn units must not be told.
    limit
        Threshold of the wrong-exit rate.
    facts
        What is known of villages and households beyond the frame.
    level
        Whose round it is: `county`, `municipal` or `provincial`.
    left_out
        Units that are no village of the frame.
    releases, batches, linkage
        Input tables of that name.
    """
    shown = None if sealed else sample
    phase = "recheck" if design.phase.endswith("recheck-") else "first"
    told = design.rules.get("imported")
    source = str(told["source"]) if isinstance(told, dict) else ""
    chances = _chances(frame, design, shown, imported=bool(source))
    expected = {c.village: c.probability or Fraction(0) for c in chances}
    villages = int(str(told["villages"])) if isinstance(told, dict) else design.villages
    told_of = sample  # counts tell nothing, but for the villages that a direct draw met
    if design.direct:
        told_of = shown
        villages = len(shown.villages) if shown else nearest(sum(expected.values(), Fraction(0)))
    confidence = float(plan.precision.level)
    of_sample = sample.notes if sample else ()
    if source and sealed:
        of_sample = (*of_sample, note("list_sealed", source=source))
    return Sampling(
        version=4,
        phase=phase,
        level=level,
        state=("sealed" if sample or draw.public_number else draw.state) if sealed else draw.state,
        draw=draw.number,
        frame_digest=draw.frame_digest,
        design_digest=draw.design_digest,
        nonce_digest=draw.nonce_digest,
        source=source,
        method=DIRECT if design.direct else "two_stage",
        groups_from=design.groups_from,
        villages_listed=len(frame.villages),
        villages=villages,
        sizes=sizes,
        townships=_townships(frame, design, shown, expected, imported=bool(source)),
        left_out=left_out,
        quotas=tuple(_quotas(frame, design, told_of, plan, villages=villages)),
        chances=tuple(
            VillageChance(
                c.village,
                c.township,
                c.kind,
                c.probability,
                c.drawn,
                facts.villages[c.village].latitude,
                facts.villages[c.village].longitude,
            )
            for c in chances
        ),
        least_probability=min(expected.values())
        if design.direct
        else min(cell.probability for cell in design.cells),
        makeup=(
            *compare_villages(frame, facts, expected, shown),
            *compare_households(frame, facts, shown),
        ),
        blind_spots=blind_spots(facts, expected, near_km=plan.blind_spots.near_km, sample=shown),
        operating=None
        if source
        else operating_of_design(frame, design, limit=limit, level=confidence),
        linkage=compared_lists(linkage, committed=draw.committed),
        releases=follow_releases(releases, batches, phase=phase, drawn=draw.drawn),
        notes=(*design.notes, *(n for n in of_sample if not (sealed and _tells(n)))),
    )


def _chances(
    frame: Frame, design: Design, sample: Sample | None, *, imported: bool
) -> tuple[VillageChance, ...]:
    """Return every village of the frame with its probability."""
    cells = {(c.township, c.kind): c.probability for c in design.cells}
    met = chances_of_villages(frame, design.quotas.lifted) if design.direct else {}
    drawn = {v.code for v in sample.villages} if sample else set()
    stated: dict[str, Fraction | None] = {}
    if imported and sample and sample.imported:
        stated = {e.village.code: e.probability for e in sample.imported.villages}
    return tuple(
        VillageChance(
            v.code,
            v.township,
            v.kind,
            stated.get(v.code) if imported else met.get(v.code, cells[v.township, v.kind]),
            v.code in drawn if sample else None,
            None,
            None,
        )
        for v in frame.villages
    )


def _tells(told: Note) -> bool:
    """Say whether a note would tell a drawn unit, or a township without one, while sealed."""
    names = any(str(value)[1:2] == "-" for value in told.values.values())
    return names or told.code == "townships_missing"


def _townships(
    frame: Frame,
    design: Design,
    sample: Sample | None,
    chances: Mapping[str, Fraction],
    *,
    imported: bool,
) -> tuple[TownshipCount, ...]:
    drawn = [v.village.township for v in sample.villages] if sample else []
    rows = []
    for township in sorted({v.township for v in frame.villages}):
        own = [v for v in frame.villages if v.township == township]
        expected = sum(c.expected for c in design.cells if c.township == township) / 1_000_000
        if design.direct:
            expected = float(sum((chances[v.code] for v in own), Fraction(0)))
        rows.append(
            TownshipCount(
                township=township,
                villages=len(own),
                poor=sum(v.poor for v in own),
                remote=sum(v.remote for v in own),
                lifted_households=sum(len(frame.lifted.get(v.code, ())) for v in own),
                expected=None if imported else expected,
                drawn=drawn.count(township) if sample else None,
            )
        )
    return tuple(rows)


def _quotas(
    frame: Frame, design: Design, sample: Sample | None, plan: Provisions, *, villages: int
) -> Iterable[Quota]:
    """Return every quota of chapter four; counts tell no drawn unit.

    Without a sample only what is wanted is told. A direct draw keeps no quota on
    villages: those are set beside the villages that it met, as they fell out.
    """
    n = len(sample.villages) if sample else villages
    reached = _reached(sample, design) if sample else {}
    poor = up((plan.poor_villages.share or Fraction(0)) * n - Fraction(1, 2))
    tolerance = plan.poor_villages.tolerance
    lifted = reached.get("lifted", design.quotas.lifted)
    share = plan.remote.share or Fraction(0)
    listed = sum(len(units) for units in frame.still_poor.values())

    def quota(name: str, clause: str, wanted: int, at_most: int | None = None) -> Quota:
        got = reached.get(name)
        kept = None
        if got is not None:
            kept = got >= wanted and (at_most is None or got <= at_most)
        return Quota(name, clause, wanted, at_most, got, kept)

    yield quota("villages", plan.villages.clause, plan.villages.minimum, plan.villages.maximum)
    yield quota("townships", plan.townships.clause, len({v.township for v in frame.villages}))
    yield quota("poor_villages", plan.poor_villages.clause, poor - tolerance, poor + tolerance)
    yield quota("remote_villages", plan.remote.clause, up(share * n) - plan.remote.tolerance)
    yield quota("lifted", plan.lifted.clause, design.quotas.lifted)
    yield quota("remote_lifted", plan.remote.clause, up(share * lifted))
    yield quota("groups", plan.groups.clause, plan.groups.least, plan.groups.most)
    yield quota("unregistered", plan.unregistered.clause, design.quotas.unregistered)
    available = sample.still_poor.listed if sample else listed
    yield quota(
        "still_poor",
        plan.still_poor.clause,
        min(plan.still_poor.least, available),
        plan.still_poor.most,
    )


def _reached(sample: Sample, design: Design) -> Mapping[str, int]:
    """Return what the sample holds, by quota."""
    villages = [v.village for v in sample.villages]
    remote = {v.code for v in villages if v.remote}
    lifted = {s.village: len(s.drawn) for s in sample.lifted}
    met = sum(g.group.unregistered for g in sample.groups)
    return {
        "villages": len(villages),
        "townships": len({v.township for v in villages}),
        "poor_villages": sum(v.poor for v in villages),
        "remote_villages": len(remote),
        "lifted": sum(lifted.values()),
        "remote_lifted": sum(m for village, m in lifted.items() if village in remote),
        "groups": len(sample.groups),
        "unregistered": min(design.quotas.unregistered, met),
        "still_poor": len(sample.still_poor.drawn),
    }
