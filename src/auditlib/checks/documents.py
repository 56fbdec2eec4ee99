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

    def lacks(self, document: Document) -> tuple[int, int] | None:
        """Return how many parts of how many are missing; None if nobody looked.

        A document without parts of its own that is there in part lacks one half.
        """
        parts = max(len(document.sections), 1)
        match self.found:
            case "no":
                return parts, parts
            case "partly" if document.sections:
                return max(len(self.sections_missing), 1), parts
            case "partly":
                return 1, 2
            case "yes":
                return 0, parts
        return None


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
    """Poor villages that a principal leader has visited, of all poor villages.

    `leader` is `all` for the villages that every one of them has visited;
    `without_evidence` counts visited villages for which no visit names evidence.
    """

    leader: str
    visited: int
    poor_villages: int
    not_visited: tuple[str, ...]
    without_evidence: int = 0


EVERY = "all"
"""The leader under whose name the villages stand that every leader has visited."""


def leader_visits(
    visits: pd.DataFrame, villages: pd.DataFrame, *, leaders: Iterable[str]
) -> tuple[LeaderVisits, ...]:
    """Return how many poor villages each principal leader visited, and all of them together.

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
    names = tuple(leaders)
    own = {name: visits[visits["leader"] == name] for name in names}
    seen = {name: set(rows["village"]) for name, rows in own.items()}
    shown = {name: set(r.loc[r["evidence"] != "", "village"]) for name, r in own.items()}
    seen[EVERY] = set(poor).intersection(*seen.values())
    shown[EVERY] = set(poor).intersection(*(shown[name] for name in names))
    found = []
    for name, visited in seen.items():
        missing = tuple(village for village in poor if village not in visited)
        bare = len(visited.intersection(poor) - shown[name])
        found.append(LeaderVisits(name, len(poor) - len(missing), len(poor), missing, bare))
    return tuple(found)


@dataclass(frozen=True)
class Input:
    """Funds (10,000 yuan) or staff (persons) of a year, beside those they serve.

    `change` is the growth on the year before, as a share, None for the first year;
    `judgement` the evaluator's: suited, partly, not_suited, or empty where none is recorded.
    """

    year: int
    item: str
    amount: float
    per_poor_person: float
    per_poor_village: float
    source: str
    change: float | None
    judgement: str
    basis: str


def inputs_per_head(
    funds: pd.DataFrame, *, registered_persons: int, poor_villages: int
) -> tuple[Input, ...]:
    """Return funds and staff with their simple ratios and the judgement; no threshold applies."""
    ordered = funds.sort_values(["item", "year"], kind="stable")
    before = ordered.groupby("item")["amount"].shift()
    return tuple(
        Input(
            year=int(row["year"]),
            item=row["item"],
            amount=float(row["amount"]),
            per_poor_person=float(row["amount"]) / registered_persons if registered_persons else 0,
            per_poor_village=float(row["amount"]) / poor_villages if poor_villages else 0,
            source=row["source"],
            change=None if pd.isna(last) or not last else float(row["amount"]) / float(last) - 1,
            judgement=row["judgement"],
            basis=row["basis"],
        )
        for (_, row), last in zip(ordered.iterrows(), before, strict=True)
    )


def unjudged(inputs: Iterable[Input]) -> tuple[str, ...]:
    """Return the items whose latest year has no judgement, or one without its reasons."""
    latest = {x.item: x for x in sorted(inputs, key=lambda x: x.year)}
    return tuple(sorted(n for n, x in latest.items() if not (x.judgement and x.basis)))
