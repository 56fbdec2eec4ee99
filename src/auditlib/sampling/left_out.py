"""Units that are no village of the frame: declared one by one, and held against the divisions.

Farms, forest bureaus and pure residents' districts have no villagers' committee. Nobody there
can be drawn, while their people count in the county's total. So they are listed, each with its
reason, and a unit of the divisions that stands neither in the frame nor on the list is told.

Source: the plan's reading A35 (out, but listed).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Division:
    """A unit below the township, as the statistics bureau codes it.

    `kind` and `township_kind` are the bureau's own words; `village` says that the unit is an
    administrative village, which belongs in the frame.
    """

    county: str
    unit: str
    name: str
    kind: str
    township: str
    township_name: str
    township_kind: str
    village: bool


@dataclass(frozen=True)
class LeftOutUnit:
    """A unit that the county declares out of the frame.

    `population` are its agricultural-hukou persons, None where not given.
    """

    unit: str
    name: str
    township_name: str
    kind: str
    reason: str
    population: int | None


@dataclass(frozen=True)
class LeftOut:
    """What is left out of a county's frame, and what the divisions say of it.

    Attributes
    ----------
    units
        As declared; none where no list was given.
    kinds
        Number of units by kind, the commonest first.
    divisions
        Units that the carried divisions have of the county; 0 where they do not know it, and
        nothing could be compared.
    untold
        Units of the divisions that stand neither in the frame nor on the list.
    unknown
        Codes of the frame or the list that the divisions do not have.
    """

    units: tuple[LeftOutUnit, ...]
    kinds: Mapping[str, int]
    divisions: int
    untold: tuple[Division, ...]
    unknown: tuple[str, ...]

    @property
    def given(self) -> bool:
        """Whether a list of left-out units was given."""
        return bool(self.units)

    @property
    def persons(self) -> int:
        """Agricultural-hukou persons of the units for which they are given."""
        return sum(each.population or 0 for each in self.units)

    @property
    def without_persons(self) -> int:
        """Units for which their agricultural-hukou persons are not given."""
        return sum(each.population is None for each in self.units)


def compare_left_out(
    listed: pd.DataFrame, frame: Iterable[str], divisions: Iterable[Division]
) -> LeftOut:
    """Return the units left out of a frame, compared with the divisions.

    Parameters
    ----------
    listed
        Table `left_out`.
    frame
        Twelve-digit codes of the villages of the frame.
    divisions
        Units of the county in the divisions; none where they do not know the county.
    """
    units = tuple(
        LeftOutUnit(
            row.unit,
            row.unit_name,
            row.township_name,
            row.kind,
            row.reason,
            None if pd.isna(row.population) else int(row.population),
        )
        for row in listed.sort_values("unit").itertuples()
    )
    known = {each.unit: each for each in divisions}
    told = {*frame, *(each.unit for each in units)}
    return LeftOut(
        units=units,
        kinds=dict(Counter(each.kind for each in units).most_common()),
        divisions=len(known),
        untold=tuple(known[code] for code in sorted(set(known) - told)),
        unknown=tuple(sorted(told - set(known))) if known else (),
    )
