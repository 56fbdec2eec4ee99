"""The design: all that is fixed before the seed, and digested with the frame.

Quotas, the expected villages of every cell, the rules of remoteness and
replacement, and what gave way. Whoever redraws needs frame, design and seed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from auditlib.sampling.allocation import (
    Allocation,
    Columns,
    Counts,
    allocate,
    best_columns,
    census,
    describe,
)
from auditlib.sampling.expected import MILLION, expected_cells
from auditlib.sampling.frame import KINDS, Frame, village_counts
from auditlib.sampling.notes import Note, note
from auditlib.sampling.quotas import Quotas, up

DIRECT = "direct"
INSIDE, OUTSIDE, ANYWHERE = "inside", "outside", "anywhere"
SWITCHES: Mapping[str, tuple[str, ...]] = {
    "draw": ("two_stage", DIRECT),
    "groups": (INSIDE, OUTSIDE, ANYWHERE),
}
"""Rules by which households and groups are drawn, the plan's own first (A25, A33).

The first options stand in no design file, so that a design that keeps to them has the
digest it always had.
"""

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True)
class Cell:
    """Villages of one township and type: listed, and expected in millionths."""

    township: str
    kind: str
    listed: int
    expected: int

    @property
    def probability(self) -> Fraction:
        """The probability of each of its villages, exact, above 0 and at most 1."""
        return Fraction(self.expected, self.listed * MILLION)


@dataclass(frozen=True)
class Design:
    """One county's design.

    Attributes
    ----------
    quotas
        What was asked.
    cells
        Every township and type that has villages.
    notes
        What gave way, and what follows from it.
    rules
        Rules kept with the design, as JSON values without floats: limits of
        remoteness, dispositions that call for replacement, …
    phase
        Begins the stage's name in every ticket: empty, or `recheck-`, so that a
        re-check with the same seed draws others.
    """

    quotas: Quotas
    cells: tuple[Cell, ...]
    notes: tuple[Note, ...]
    rules: Mapping[str, Json]
    phase: str = ""

    @property
    def villages(self) -> int:
        """Number of villages to draw."""
        return sum(cell.expected for cell in self.cells) // MILLION

    @property
    def direct(self) -> bool:
        """Whether households are drawn from the whole county, no villages first (A25)."""
        return self.rules.get("draw") == DIRECT

    @property
    def groups_from(self) -> str:
        """Where groups are drawn: `inside` or `outside` the drawn villages, or `anywhere` (A33).

        A direct draw has no drawn villages: its groups come from the whole county.
        """
        return ANYWHERE if self.direct else str(self.rules.get("groups", INSIDE))


def make_design(
    frame: Frame, quotas: Quotas, *, rules: Mapping[str, Json] | None = None, phase: str = ""
) -> Design:
    """Return the design of a county: numbers of villages, and every probability.

    The number of villages rises, up to `quotas.most`, until the drawn villages are
    expected to hold `quotas.reach` times the lifted households wanted. A county with no more
    lifted households than are wanted is visited whole, whatever its number of villages (A30).
    Under a direct draw (A25) no village is chosen: every one counts as certain, and no quota
    binds it.

    Raises
    ------
    SelectionError
        The frame lists no village.
    """
    counts = village_counts(frame)
    fixed = dict(rules or {})
    if fixed.get("draw") == DIRECT:
        return Design(quotas, _whole(counts), _direct_notes(frame, quotas), fixed, phase)
    allocation = allocate(counts, quotas)
    lifted = sum(map(len, frame.lifted.values()))
    every = len(frame.villages)
    if 0 < lifted <= quotas.lifted and allocation.villages < every:
        why = note("census_of_lifted", listed=lifted, villages=every)
        allocation = census(counts, quotas, why)
    cells = _cells(counts, allocation.columns)
    if frame.lifted and allocation.villages < every:
        allocation, cells = _reach(frame, quotas, counts, allocation, cells)
    notes = (*allocation.gave_way, *_rare(cells, quotas), *_groups_notes(frame, cells, fixed))
    return Design(quotas, cells, notes, fixed, phase)


def lifted_expected(frame: Frame, cells: tuple[Cell, ...]) -> Fraction:
    """Return the lifted households that the drawn villages are expected to hold."""
    chances = {(cell.township, cell.kind): cell.probability for cell in cells}
    return sum(
        (chances[v.township, v.kind] * len(frame.lifted.get(v.code, ())) for v in frame.villages),
        Fraction(0),
    )


def _reach(
    frame: Frame, quotas: Quotas, counts: Counts, first: Allocation, cells: tuple[Cell, ...]
) -> tuple[Allocation, tuple[Cell, ...]]:
    """Raise the number of villages until enough lifted households are expected."""
    wanted = up(quotas.reach * quotas.lifted)
    allocation = first
    for n in range(first.villages + 1, min(quotas.most, len(frame.villages)) + 1):
        if lifted_expected(frame, cells) >= wanted:
            break
        columns = best_columns(counts, n, quotas)
        if columns:
            allocation = describe(counts, columns, quotas)
            cells = _cells(counts, columns)
    told = allocation.gave_way
    n = allocation.villages
    if n > first.villages:
        told += (note("reach", wanted=wanted, before=first.villages, got=n),)
    expected = lifted_expected(frame, cells)
    if expected < wanted:
        told += (note("out_of_reach", villages=n, wanted=wanted, got=int(expected)),)
    return Allocation(allocation.columns, told), cells


def _rare(cells: tuple[Cell, ...], quotas: Quotas) -> list[Note]:
    """Warn of every type with villages that are hardly ever drawn."""
    notes = []
    for kind in KINDS:
        few = [c for c in cells if c.kind == kind and c.probability < quotas.rare]
        if few:
            least = f"{float(min(cell.probability for cell in few)):.4f}"
            villages = sum(cell.listed for cell in few)
            notes.append(
                note(
                    "rare",
                    kind=kind,
                    villages=villages,
                    limit=str(quotas.rare),
                    probability=least,
                )
            )
    return notes


def _whole(counts: Counts) -> tuple[Cell, ...]:
    """Return the cells of a design that chooses no village: all of them count."""
    return tuple(
        Cell(township, kind, listed[kind], listed[kind] * MILLION)
        for township, listed in counts.items()
        for kind in KINDS
        if listed[kind]
    )


def _direct_notes(frame: Frame, quotas: Quotas) -> tuple[Note, ...]:
    N = sum(len(units) for units in frame.lifted.values())
    return note("direct", got=min(quotas.lifted, N)), note(
        "groups_direct", listed=len(frame.groups)
    )


def _groups_notes(
    frame: Frame, cells: tuple[Cell, ...], rules: Mapping[str, Json]
) -> tuple[Note, ...]:
    """Say where groups are drawn if not inside the drawn villages, and which can never be."""
    where = rules.get("groups", INSIDE)
    if where == INSIDE:
        return ()
    told = [note(f"groups_{where}", listed=len(frame.groups))]
    certain = {(c.township, c.kind) for c in cells if c.probability == 1}
    villages = {v.code for v in frame.villages if (v.township, v.kind) in certain}
    never = sum(group.village in villages for group in frame.groups)
    if where == OUTSIDE and never:
        told.append(note("groups_never", villages=len(villages), groups=never))
    return tuple(told)


def _cells(counts: Counts, columns: Columns) -> tuple[Cell, ...]:
    table = expected_cells([list(row.values()) for row in counts.values()], columns)
    return tuple(
        Cell(township, kind, listed[kind], expected)
        for (township, listed), row in zip(counts.items(), table, strict=True)
        for kind, expected in zip(KINDS, row, strict=True)
        if expected
    )
