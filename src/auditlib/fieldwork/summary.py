"""The record of the stage `fieldwork`."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from auditlib.fieldwork.quality import (
    Backchecks,
    CheckResult,
    EnumeratorWork,
    InterviewerEffect,
    Likeness,
    Progress,
)
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
    risk_visited: Mapping[str, int]
    methods: Mapping[str, int]


@dataclass(frozen=True)
class Quality:
    """How well the field work was done.

    `purposive` visits enter no rate (四); `undecided` rows are repeated and not settled;
    `drawn` are the lifted households of the sample, by village; `logged` visits have the
    tablet's log of the times of questions.
    """

    checks: tuple[CheckResult, ...]
    undecided: int
    effects: tuple[InterviewerEffect, ...]
    likeness: Likeness
    backchecks: Backchecks
    by_team: tuple[Progress, ...]
    by_day: tuple[Progress, ...]
    by_village: tuple[Progress, ...]
    drawn: Mapping[str, int]
    purposive: int
    logged: int


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
    quality: Quality
    enumerators: tuple[EnumeratorWork, ...]
    median_minutes: float


def screened_in_full(units: pd.DataFrame) -> "pd.Series[bool]":
    """Return which groups were screened in full: records linked alone are only leads (A26)."""
    return (units["complete"] == "yes") & (units["method"] != "linkage")


def screening(
    units: pd.DataFrame,
    households: pd.DataFrame,
    *,
    visited: frozenset[str],
    wanted: int,
    risk_groups: Iterable[str],
) -> Screening:
    """Return what the screening covered.

    Parameters
    ----------
    units, households
        Tables `screening_units` and `screening_households` of one phase.
    visited
        Study identifiers of the households visited to the end.
    wanted
        Groups to be screened.
    risk_groups
        Codes of the plan's risk groups.
    """
    groups = tuple(risk_groups)
    whole = screened_in_full(units)
    complete = units[whole]
    risks = Counter(code for text in households["risks"] for code in text.split())
    seen = households[households["study_id"].isin(visited)]
    risks_seen = Counter(code for text in seen["risks"] for code in text.split())
    methods = Counter(units["method"])
    return Screening(
        wanted=wanted,
        complete=len(complete),
        incomplete=tuple(sorted(units.loc[~whole, "unit"])),
        persons=int(complete["population"].sum()),
        households=int(complete["households"].sum()),
        met=len(households),
        suspected=int((households["suspected"] == "yes").sum()),
        risk_groups={code: risks.get(code, 0) for code in groups},
        risk_visited={code: risks_seen.get(code, 0) for code in groups},
        methods={code: methods[code] for code in sorted(methods)},
    )
