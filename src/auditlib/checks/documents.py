"""Deployment and follow-up: documents, the leaders' visits, funds and staff.

Source: plan, 三（三）3 and 6, 七（六）.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from auditlib.plan.procedure import Document


@dataclass(frozen=True)
class DocumentCheck:
    """One document of the list: `found` is yes, partly, no, or unchecked where nobody looked."""

    document: str
    chapter: str
    clause: str
    found: str
    sections_missing: tuple[str, ...]
    evidence: str
    problem: str


def check_documents(
    wanted: Mapping[str, Document], found: pd.DataFrame, *, chapters: Iterable[str]
) -> tuple[DocumentCheck, ...]:
    """Return every document of some chapters of the plan's list, in its order.

    Parameters
    ----------
    wanted
        The plan's documents.
    found
        Table `documents`.
    chapters
        Chapters of the list.
    """
    rows = {row["document"]: row for _, row in found.iterrows()}
    names = [n for n, document in wanted.items() if document.chapter in tuple(chapters)]
    return tuple(
        DocumentCheck(
            document=name,
            chapter=wanted[name].chapter,
            clause=wanted[name].clause,
            found=rows[name]["found"] if name in rows else "unchecked",
            sections_missing=tuple(rows[name]["missing"].split()) if name in rows else (),
            evidence=rows[name]["evidence"] if name in rows else "",
            problem=rows[name]["problem"] if name in rows else "",
        )
        for name in names
    )


@dataclass(frozen=True)
class LeaderVisits:
    """Poor villages that a principal leader has visited, of all poor villages."""

    leader: str
    visited: int
    poor_villages: int
    not_visited: tuple[str, ...]


def leader_visits(
    visits: pd.DataFrame, villages: pd.DataFrame, *, leaders: Iterable[str]
) -> tuple[LeaderVisits, ...]:
    """Return for every principal leader how many poor villages were visited.

    Parameters
    ----------
    visits
        Table `leader_visits`.
    villages
        Table `villages`: all villages of the county, drawn or not.
    leaders
        Codes of the leaders.
    """
    poor = sorted(villages.loc[villages["ever_poor"] == "yes", "village"])
    found = []
    for leader in leaders:
        visited = set(visits.loc[visits["leader"] == leader, "village"])
        missing = tuple(village for village in poor if village not in visited)
        found.append(LeaderVisits(leader, len(poor) - len(missing), len(poor), missing))
    return tuple(found)


@dataclass(frozen=True)
class Input:
    """Funds (10,000 yuan) or staff (persons) of a year, beside those they serve."""

    year: int
    item: str
    amount: float
    per_poor_person: float
    per_poor_village: float
    source: str


def inputs_per_head(
    funds: pd.DataFrame, *, registered_persons: int, poor_villages: int
) -> tuple[Input, ...]:
    """Return funds and staff with their simple ratios; no threshold is applied."""
    ordered = funds.sort_values(["item", "year"], kind="stable")
    return tuple(
        Input(
            year=int(row["year"]),
            item=row["item"],
            amount=float(row["amount"]),
            per_poor_person=float(row["amount"]) / registered_persons if registered_persons else 0,
            per_poor_village=float(row["amount"]) / poor_villages if poor_villages else 0,
            source=row["source"],
        )
        for _, row in ordered.iterrows()
    )
