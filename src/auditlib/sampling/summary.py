"""The record of the stage `sampling`: frame, sizes, quotas wanted and met, the draw."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from auditlib.plan.sample import Sampling as Provisions
from auditlib.sampling.commitment import Draw
from auditlib.sampling.county import Sample
from auditlib.sampling.design import Design
from auditlib.sampling.frame import Frame
from auditlib.sampling.notes import Note
from auditlib.sampling.plan import Sizes
from auditlib.sampling.quotas import up


@dataclass(frozen=True)
class TownshipCount:
    """Villages of a township: listed by kind, and expected and drawn in the sample.

    `drawn` is None while the round is sealed.
    """

    township: str
    villages: int
    poor: int
    remote: int
    lifted_households: int
    expected: float
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
class Sampling:
    """Record of the stage.

    `state` is `committed`, `sealed` or `revealed`; `notes` say what gave way.
    """

    version: int
    phase: str
    state: str
    draw: int
    frame_digest: str
    design_digest: str
    nonce_digest: str
    villages_listed: int
    villages: int
    sizes: Sizes
    townships: tuple[TownshipCount, ...]
    quotas: tuple[Quota, ...]
    least_probability: Fraction
    notes: tuple[Note, ...]


def summarise(
    frame: Frame,
    design: Design,
    sample: Sample,
    sizes: Sizes,
    *,
    draw: Draw,
    plan: Provisions,
    sealed: bool,
) -> Sampling:
    """Return the record of a county's sampling; of a sealed draw only counts and quotas.

    Parameters
    ----------
    frame, design, sample, sizes
        As drawn.
    draw
        The entry of the register.
    plan
        Quotas with their clauses.
    sealed
        Whether drawn units must not be told.
    """
    return Sampling(
        version=1,
        phase="recheck" if design.phase else "first",
        state="sealed" if sealed else draw.state,
        draw=draw.number,
        frame_digest=draw.frame_digest,
        design_digest=draw.design_digest,
        nonce_digest=draw.nonce_digest,
        villages_listed=len(frame.villages),
        villages=design.villages,
        sizes=sizes,
        townships=_townships(frame, design, None if sealed else sample),
        quotas=tuple(_quotas(frame, design, sample, plan)),
        least_probability=min(cell.probability for cell in design.cells),
        notes=(*design.notes, *(n for n in sample.notes if not (sealed and _names_a_unit(n)))),
    )


def _names_a_unit(note: Note) -> bool:
    """Say whether a note would tell a drawn unit while the round is sealed."""
    return any(str(value)[1:2] == "-" for value in note.values.values())


def _townships(frame: Frame, design: Design, sample: Sample | None) -> tuple[TownshipCount, ...]:
    drawn = [v.village.township for v in sample.villages] if sample else []
    rows = []
    for township in sorted({v.township for v in frame.villages}):
        own = [v for v in frame.villages if v.township == township]
        expected = sum(c.expected for c in design.cells if c.township == township) / 1_000_000
        rows.append(
            TownshipCount(
                township=township,
                villages=len(own),
                poor=sum(v.poor for v in own),
                remote=sum(v.remote for v in own),
                lifted_households=sum(len(frame.lifted.get(v.code, ())) for v in own),
                expected=expected,
                drawn=drawn.count(township) if sample else None,
            )
        )
    return tuple(rows)


def _quotas(frame: Frame, design: Design, sample: Sample, plan: Provisions) -> Iterable[Quota]:
    """Return every quota of chapter four; counts tell no drawn unit."""
    villages = [v.village for v in sample.villages]
    n = len(villages)
    remote = {v.code for v in villages if v.remote}
    lifted = {s.village: len(s.drawn) for s in sample.lifted}
    townships = len({v.township for v in frame.villages})
    poor = up((plan.poor_villages.share or Fraction(0)) * n - Fraction(1, 2))
    tolerance = plan.poor_villages.tolerance

    def quota(
        name: str, clause: str, wanted: int, reached: int | None, at_most: int | None = None
    ) -> Quota:
        kept = None
        if reached is not None:
            kept = reached >= wanted and (at_most is None or reached <= at_most)
        return Quota(name, clause, wanted, at_most, reached, kept)

    yield quota("villages", plan.villages.clause, plan.villages.minimum, n, plan.villages.maximum)
    yield quota("townships", plan.townships.clause, townships, len({v.township for v in villages}))
    yield quota(
        "poor_villages",
        plan.poor_villages.clause,
        poor - tolerance,
        sum(v.poor for v in villages),
        poor + tolerance,
    )
    yield quota(
        "remote_villages",
        plan.remote.clause,
        up((plan.remote.share or Fraction(0)) * n) - plan.remote.tolerance,
        len(remote),
    )
    yield quota("lifted", plan.lifted.clause, design.quotas.lifted, sum(lifted.values()))
    yield quota(
        "remote_lifted",
        plan.remote.clause,
        up((plan.remote.share or Fraction(0)) * sum(lifted.values())),
        sum(m for village, m in lifted.items() if village in remote),
    )
    yield quota(
        "groups", plan.groups.clause, plan.groups.least, len(sample.groups), plan.groups.most
    )
    yield quota(
        "unregistered",
        plan.unregistered.clause,
        design.quotas.unregistered,
        min(design.quotas.unregistered, sum(g.group.unregistered for g in sample.groups)),
    )
    yield quota(
        "still_poor",
        plan.still_poor.clause,
        min(plan.still_poor.least, sample.still_poor.listed),
        len(sample.still_poor.drawn),
        plan.still_poor.most,
    )
