"""The record of the stage `findings`, and the outcome of every household."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from auditlib.findings.cases import Case, CaseState
from auditlib.findings.standards import Answer


@dataclass(frozen=True)
class StandardCount:
    """One standard over the lifted households visited: households by worst answer."""

    standard: str
    households: int
    kept: int
    broken: int
    missing: int
    excused: int


@dataclass(frozen=True)
class CaseCount:
    """Cases of one kind and item, by state."""

    kind: str
    item: str
    open: int
    verified: int
    dismissed: int


@dataclass(frozen=True)
class NearLine:
    """A household just above the line; income in yuan per person and year."""

    study_id: str
    village: str
    income: float


@dataclass(frozen=True)
class Findings:
    """Record of the stage: standards, cases, open cases, households near the line."""

    version: int
    phase: str
    income_line: float
    standards: tuple[StandardCount, ...]
    suspected_households: int
    verified_households: int
    cases: tuple[CaseCount, ...]
    by_level: Mapping[str, int]
    open_cases: tuple[Case, ...]
    near_line: tuple[NearLine, ...]


def count_standards(answers: pd.DataFrame, standards: Iterable[str]) -> tuple[StandardCount, ...]:
    """Return every standard with its households, each counted by its worst answer."""
    found = []
    for name in standards:
        rows = answers[answers["standard"] == name]
        seen = rows.groupby("visit_id")["answer"].agg(set)
        broken = seen.map(lambda s: str(Answer.BROKEN) in s)
        missing = seen.map(lambda s: str(Answer.MISSING) in s) & ~broken
        excused = seen.map(lambda s: str(Answer.EXCUSED) in s) & ~broken & ~missing
        found.append(
            StandardCount(
                standard=name,
                households=len(seen),
                kept=int((~broken & ~missing & ~excused).sum()),
                broken=int(broken.sum()),
                missing=int(missing.sum()),
                excused=int(excused.sum()),
            )
        )
    return tuple(found)


def count_cases(cases: Iterable[Case]) -> tuple[CaseCount, ...]:
    """Return cases by kind and item."""
    counts = Counter((case.kind, case.item, case.state) for case in cases)
    return tuple(
        CaseCount(
            kind,
            item,
            counts[kind, item, CaseState.OPEN],
            counts[kind, item, CaseState.VERIFIED],
            counts[kind, item, CaseState.DISMISSED],
        )
        for kind, item in sorted({(kind, item) for kind, item, _ in counts})
    )


def outcomes(
    visits: pd.DataFrame, answers: pd.DataFrame, cases: Iterable[Case], members: Mapping[str, int]
) -> pd.DataFrame:
    """Return the outcome of every completed lifted household of the probability sample.

    Parameters
    ----------
    visits
        Completed visits of kind `lifted`, one a household.
    answers
        Result of `standards.judge` for these visits.
    cases
        Cases of the phase; those of kind `wrong_exit` count here.
    members
        Registered members by study identifier.

    Returns
    -------
    DataFrame
        `study_id`, `village`, `members` (registered persons), `verified` and `open`
        (items with cases in that state, blank between), `lines` (members with a
        verified case of their own), `missing` and `excused` (1 where any answer is so).
    """
    own: dict[str, list[Case]] = {}
    for case in cases:
        if case.kind == "wrong_exit":
            own.setdefault(case.study_id, []).append(case)
    missing = set(answers.loc[answers["answer"] == str(Answer.MISSING), "study_id"])
    excused = set(answers.loc[answers["answer"] == str(Answer.EXCUSED), "study_id"])
    rows = []
    for study_id, village in zip(visits["study_id"], visits["village"], strict=True):
        by_state = {
            state: sorted({c.item for c in own.get(study_id, ()) if c.state == state})
            for state in (CaseState.VERIFIED, CaseState.OPEN)
        }
        lines = {c.line for c in own.get(study_id, ()) if c.state == CaseState.VERIFIED and c.line}
        rows.append(
            (
                study_id,
                village,
                members.get(study_id, 0),
                " ".join(by_state[CaseState.VERIFIED]),
                " ".join(by_state[CaseState.OPEN]),
                len(lines),
                int(study_id in missing),
                int(study_id in excused),
            )
        )
    columns = [
        "study_id",
        "village",
        "members",
        "verified",
        "open",
        "lines",
        "missing",
        "excused",
    ]
    return pd.DataFrame(rows, columns=columns).sort_values("study_id").reset_index(drop=True)
