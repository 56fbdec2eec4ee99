"""Draw one county from frame, design and seed: every row of the published sample."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from auditlib.errors import SelectionError
from auditlib.sampling.design import Design
from auditlib.sampling.direct import (
    COUNTY,
    DirectSample,
    all_villages,
    by_village,
    draw_direct,
    met_villages,
)
from auditlib.sampling.draw import ticket
from auditlib.sampling.frame import Frame, Village
from auditlib.sampling.groups import DrawnGroup, draw_groups
from auditlib.sampling.households import (
    StillPoorSample,
    VillageSample,
    draw_lifted,
    draw_still_poor,
)
from auditlib.sampling.imported import ImportedList, OfficeList, listed_villages
from auditlib.sampling.notes import Note
from auditlib.sampling.villages import DrawnVillage, draw_villages, require_same_villages


@dataclass(frozen=True)
class Selected:
    """A row of the published sample.

    Attributes
    ----------
    stage
        The word in the ticket: `village`, `group`, `household`, `still-poor`.
    within
        What it was drawn from: a township and type, a village, or `county`.
    rank
        1 for the smallest ticket within, and so on; reserves go on counting.
    role
        `drawn` or `reserve`.
    unit, ticket
        The unit, and the SHA-256 of seed, stage and unit.
    probability
        Of the unit, exact, in (0, 1]; for households given the number drawn in their
        village, for groups and households still poor given the villages. A direct draw
        (A25) gives nothing: households n/N, groups k/G. None for reserves.
    """

    stage: str
    within: str
    rank: int
    role: str
    unit: str
    ticket: str
    probability: Fraction | None

    @property
    def weight(self) -> Fraction | None:
        """The design weight 1/π, before response; None for reserves."""
        return None if self.probability is None else 1 / self.probability


@dataclass(frozen=True)
class Sample:
    """One county's sample, and what its reader must be told.

    Attributes
    ----------
    villages
        Drawn villages in ticket order; under a direct draw those that it met, with the
        chance of that.
    groups, lifted, still_poor
        Units by stage; `lifted` by village, reserves too.
    rows
        As published.
    imported
        The list that the office drew, None where the villages were drawn here.
    direct
        The households drawn from the whole county (A25), None where villages came first.
    places
        Every village to which a team may have to go, by code: drawn ones, and those of
        groups, households still poor and reserves, which may lie elsewhere.
    """

    villages: tuple[DrawnVillage, ...]
    groups: tuple[DrawnGroup, ...]
    lifted: tuple[VillageSample, ...]
    still_poor: StillPoorSample
    rows: tuple[Selected, ...]
    notes: tuple[Note, ...]
    imported: ImportedList | None = None
    direct: DirectSample | None = None
    places: tuple[Village, ...] = ()

    @property
    def orders(self) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """Return lifted households drawn, and their reserves: by village, or of the county."""
        if self.direct:
            return ((self.direct.drawn, self.direct.reserves),)
        return tuple((part.drawn, part.reserves) for part in self.lifted)

    @property
    def ranks(self) -> dict[str, int]:
        """Return the place of every lifted household in its order, reserves from 1 again."""
        return {
            unit: i
            for pair in self.orders
            for order in pair
            for i, unit in enumerate(order, start=1)
        }


def draw_county(
    frame: Frame, design: Design, seed: str, *, office: OfficeList | None = None
) -> Sample:
    """Return the sample that frame, design and seed determine, on any machine.

    Parameters
    ----------
    frame, design, seed
        As published.
    office
        The villages that the office drew, taken instead of a draw of our own (A38).

    Raises
    ------
    SelectionError
        The design counts other villages than the frame, or the list cannot be used, or
        there is a list and households are to be drawn directly.
    """
    if design.direct:
        if office is not None:
            raise SelectionError.list_and_direct(office.source)
        return _draw_directly(frame, design, seed)
    imported: ImportedList | None = None
    if office is None:
        villages = draw_villages(frame, design, seed)
    else:
        villages, imported = listed_villages(office, frame, design, seed)
    groups, of_groups = draw_groups(frame, design, villages, seed, office=office)
    lifted, of_lifted = draw_lifted(frame, design, villages, seed)
    still_poor, of_poor = draw_still_poor(frame, design, villages, seed)
    rows = (
        *_village_rows(villages, design, listed=office is not None),
        *_group_rows(groups, design, seed),
        *_lifted_rows(lifted, design, seed),
        *_still_poor_rows(still_poor, villages, frame, design, seed),
    )
    notes = (*(imported.notes if imported else ()), *of_lifted, *of_groups, *of_poor)
    places = _places(frame, villages, groups, lifted, still_poor)
    return Sample(villages, groups, lifted, still_poor, rows, notes, imported, None, places)


def _draw_directly(frame: Frame, design: Design, seed: str) -> Sample:
    """Return the sample of a county whose households are drawn without villages first (A25)."""
    require_same_villages(frame, design)
    everywhere = all_villages(frame, design, seed)
    direct = draw_direct(frame, design, seed)
    lifted = by_village(frame, direct)
    villages = met_villages(frame, design, lifted, seed)
    groups, of_groups = draw_groups(frame, design, everywhere, seed)
    still_poor, of_poor = draw_still_poor(frame, design, everywhere, seed)
    chances = [direct.probability] * len(direct.drawn)
    stage = f"{design.phase}household"
    rows = (
        *_group_rows(groups, design, seed),
        *_rows(stage, COUNTY, direct.drawn, direct.reserves, chances, seed),
        *_still_poor_rows(still_poor, everywhere, frame, design, seed),
    )
    notes = (*direct.notes, *of_groups, *of_poor)
    places = _places(frame, villages, groups, lifted, still_poor)
    return Sample(villages, groups, lifted, still_poor, rows, notes, None, direct, places)


def _places(
    frame: Frame,
    villages: Iterable[DrawnVillage],
    groups: Iterable[DrawnGroup],
    lifted: Iterable[VillageSample],
    still_poor: StillPoorSample,
) -> tuple[Village, ...]:
    """Return every village in which something was drawn or stands in reserve."""
    codes = {v.code for v in villages} | {g.group.village for g in groups}
    codes |= {part.village for part in lifted} | set(still_poor.homes.values())
    return tuple(sorted(v for v in frame.villages if v.code in codes))


def cutoffs(rows: Iterable[Selected]) -> dict[tuple[str, str], str]:
    """Return the largest drawn ticket by stage and stratum: all above were not drawn."""
    last: dict[tuple[str, str], str] = {}
    for row in rows:
        if row.role == "drawn":
            key = row.stage, row.within
            last[key] = max(last.get(key, ""), row.ticket)
    return last


def _rows(
    stage: str,
    within: str,
    drawn: Sequence[str],
    reserves: Sequence[str],
    chances: Sequence[Fraction],
    seed: str,
) -> list[Selected]:
    """Return the rows of one stratum, drawn ones with their probabilities."""
    given = [*chances, *(None for _ in reserves)]
    return [
        Selected(
            stage,
            within,
            rank,
            "drawn" if rank <= len(drawn) else "reserve",
            unit,
            ticket(seed, stage, unit),
            probability,
        )
        for rank, (unit, probability) in enumerate(
            zip((*drawn, *reserves), given, strict=True), start=1
        )
    ]


def _village_rows(
    villages: Sequence[DrawnVillage], design: Design, *, listed: bool
) -> list[Selected]:
    rows = []
    rank: dict[str, int] = {}
    for drawn in villages:
        cell = "imported" if listed else f"{drawn.village.township} {drawn.village.kind}"
        rank[cell] = rank.get(cell, 0) + 1
        rows.append(
            Selected(
                f"{design.phase}village",
                cell,
                rank[cell],
                "drawn",
                drawn.code,
                drawn.ticket,
                drawn.probability,
            )
        )
    return rows


def _group_rows(groups: Sequence[DrawnGroup], design: Design, seed: str) -> list[Selected]:
    by_village: dict[str, list[DrawnGroup]] = {}
    for drawn in groups:
        by_village.setdefault(drawn.group.village, []).append(drawn)
    rows = []
    for village, chosen in by_village.items():
        units = [drawn.group.unit for drawn in chosen]
        chances = [drawn.probability for drawn in chosen]
        rows += _rows(f"{design.phase}group", village, units, (), chances, seed)
    return rows


def _lifted_rows(lifted: Sequence[VillageSample], design: Design, seed: str) -> list[Selected]:
    rows = []
    for sample in lifted:
        chances = [sample.probability] * len(sample.drawn)
        stage = f"{design.phase}household"
        rows += _rows(stage, sample.village, sample.drawn, sample.reserves, chances, seed)
    return rows


def _still_poor_rows(
    sample: StillPoorSample,
    villages: Sequence[DrawnVillage],
    frame: Frame,
    design: Design,
    seed: str,
) -> list[Selected]:
    home = {unit: v for v in villages for unit in frame.still_poor.get(v.code, ())}
    chances = [home[unit].probability * sample.probability for unit in sample.drawn]
    stage = f"{design.phase}still-poor"
    return _rows(stage, "county", sample.drawn, sample.reserves, chances, seed)
