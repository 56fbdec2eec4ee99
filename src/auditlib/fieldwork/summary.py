"""The record of the stage `fieldwork`."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from auditlib.fieldwork.quality import EnumeratorWork, Flag
from auditlib.fieldwork.reach import Reach, VillageReach


@dataclass(frozen=True)
class TableCount:
    """Rows of an input table: `read` is `accepted` plus `quarantined`."""

    table: str
    read: int
    accepted: int
    quarantined: int


@dataclass(frozen=True)
class Screening:
    """Groups screened: complete or not, and unregistered persons and households in them."""

    wanted: int
    complete: int
    incomplete: tuple[str, ...]
    persons: int
    households: int
    met: int
    suspected: int
    risk_groups: Mapping[str, int]


@dataclass(frozen=True)
class Fieldwork:
    """Record of the stage: what was read, reached and flagged."""

    version: int
    phase: str
    tables: tuple[TableCount, ...]
    reach: tuple[Reach, ...]
    villages: tuple[VillageReach, ...]
    screening: Screening
    outside_sample: tuple[str, ...]
    out_of_order: tuple[str, ...]
    repeated: tuple[str, ...]
    flags: Mapping[str, int]
    enumerators: tuple[EnumeratorWork, ...]
    median_minutes: float


def screening(
    units: pd.DataFrame,
    households: pd.DataFrame,
    *,
    wanted: int,
    risk_groups: Iterable[str],
) -> Screening:
    """Return what the screening covered.

    Parameters
    ----------
    units, households
        Tables `screening_units` and `screening_households` of one phase.
    wanted
        Groups to be screened.
    risk_groups
        Codes of the plan's risk groups.
    """
    complete = units[units["complete"] == "yes"]
    risks = Counter(code for text in households["risks"] for code in text.split())
    return Screening(
        wanted=wanted,
        complete=len(complete),
        incomplete=tuple(sorted(units.loc[units["complete"] != "yes", "unit"])),
        persons=int(complete["population"].sum()),
        households=int(complete["households"].sum()),
        met=len(households),
        suspected=int((households["suspected"] == "yes").sum()),
        risk_groups={code: risks.get(code, 0) for code in risk_groups},
    )


def count_flags(flags: Iterable[Flag]) -> dict[str, int]:
    """Return the number of visits under every check."""
    return dict(Counter(flag.check for flag in flags))
