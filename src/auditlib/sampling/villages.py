"""Draw the villages: the quotas are met, and every village has a known probability.

The expected table is rounded by chance (`rounding`); of every cell the villages
with the smallest tickets are drawn: simple random sampling of fixed size. So the
probability of a village is expected ÷ listed villages of its cell, exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from auditlib.errors import SelectionError
from auditlib.sampling.design import Design
from auditlib.sampling.draw import draw, ticket
from auditlib.sampling.expected import MILLION
from auditlib.sampling.frame import Frame, Village, village_counts
from auditlib.sampling.rounding import round_table


@dataclass(frozen=True)
class DrawnVillage:
    """A drawn village, its ticket, and its probability in (0, 1]."""

    village: Village
    ticket: str
    probability: Fraction

    @property
    def code(self) -> str:
        """The village's code."""
        return self.village.code


def draw_villages(frame: Frame, design: Design, seed: str) -> tuple[DrawnVillage, ...]:
    """Return the drawn villages, in ticket order.

    Raises
    ------
    SelectionError
        The design counts other villages than the frame.
    """
    require_same_villages(frame, design)
    cells = {(cell.township, cell.kind): cell for cell in design.cells}
    left = round_table(
        {key: cell.expected for key, cell in cells.items()},
        whole=MILLION,
        seed=seed,
        stage=f"{design.phase}round",
    )
    stage = f"{design.phase}village"
    known = {village.code: village for village in frame.villages}
    drawn = []
    for code in draw(known, len(known), stage=stage, stratum="county", seed=seed):
        village = known[code]
        key = village.township, village.kind
        if left[key]:
            left[key] -= 1
            chances = cells[key].probability
            drawn.append(DrawnVillage(village, ticket(seed, stage, code), chances))
    return tuple(drawn)


def relative_weights(drawn: Sequence[DrawnVillage]) -> dict[str, int]:
    """Return whole numbers proportional to 1/π, by village code."""
    common = lcm(*(village.probability.numerator for village in drawn))
    return {v.code: int(common / v.probability) for v in drawn}


def require_same_villages(frame: Frame, design: Design) -> None:
    """Raise if the design was made from other villages."""
    for cell, wanted, listed in other_villages(frame, design):
        raise SelectionError.design_differs(cell, wanted=wanted, listed=listed)


def other_villages(frame: Frame, design: Design) -> list[tuple[str, int, int]]:
    """Return every cell whose villages differ: its name, those of the design, of the frame."""
    listed = {
        (township, kind): n
        for township, row in village_counts(frame).items()
        for kind, n in row.items()
        if n
    }
    wanted = {(cell.township, cell.kind): cell.listed for cell in design.cells}
    return [
        (" ".join(cell), wanted.get(cell, 0), listed.get(cell, 0))
        for cell in sorted(listed.keys() | wanted.keys())
        if wanted.get(cell, 0) != listed.get(cell, 0)
    ]
