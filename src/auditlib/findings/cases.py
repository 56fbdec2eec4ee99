"""Suspected cases as a ledger of events, and the state of every case at a day.

A case goes from the two village committees to the county to the departments.
It is settled when someone entitled decides it verified or dismissed; anything
else leaves it open, and a suspicion without any event is open at level 0.

Source: plan, 五（二）.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd


class CaseState(StrEnum):
    """How a case stands."""

    OPEN = "open"
    VERIFIED = "verified"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class Case:
    """One suspected problem of one household or member.

    `line` is the member's number, 0 for the household; `level` the last level
    reached, 0 to 3; `persons` the persons a missed case counts, 0 for a wrong exit.
    """

    case_id: str
    phase: str
    study_id: str
    line: int
    kind: str
    item: str
    state: CaseState
    level: int
    opened: date | None
    settled: date | None
    evidence: int
    persons: int


def settle(events: pd.DataFrame, *, as_of: date) -> tuple[Case, ...]:
    """Return every case as it stood at the end of a day.

    Parameters
    ----------
    events
        Ledger: table `cases`, a row for every event.
    as_of
        Events after this day are not yet known.
    """
    known = events[(events["date"] <= as_of).astype(bool)]
    ordered = known.sort_values(["case_id", "event_no"], kind="stable")
    return tuple(_case(case_id, rows) for case_id, rows in ordered.groupby("case_id", sort=True))


def _case(case_id: str, rows: pd.DataFrame) -> Case:
    first = rows.iloc[0]
    state, settled = CaseState.OPEN, None
    for event, outcome, day in zip(rows["event"], rows["outcome"], rows["date"], strict=True):
        if event == "decided" and outcome in (CaseState.VERIFIED, CaseState.DISMISSED):
            state, settled = CaseState(outcome), day
        elif event == "reopened":
            state, settled = CaseState.OPEN, None
    persons = [int(value) for value in rows["persons"].dropna()]
    return Case(
        case_id=case_id,
        phase=first["phase"],
        study_id=first["study_id"],
        line=0 if pd.isna(first["line"]) else int(first["line"]),
        kind=first["kind"],
        item=first["item"],
        state=state,
        level=int(rows["level"].max()),
        opened=first["date"],
        settled=settled,
        evidence=int((rows["evidence"] != "").sum()),
        persons=persons[-1] if persons else 0,
    )


def without_events(
    suspicions: Iterable[tuple[str, int, str, str]], cases: Iterable[Case], *, phase: str
) -> tuple[Case, ...]:
    """Return an open case at level 0 for every suspicion that no case takes up.

    Parameters
    ----------
    suspicions
        `study_id`, line, kind and item of every broken test.
    cases
        The cases of the ledger.
    phase
        Round of the suspicions, `first` or `recheck`.
    """
    taken = {(case.study_id, case.item) for case in cases if case.phase == phase}
    missing = sorted({s for s in suspicions if (s[0], s[3]) not in taken})
    return tuple(
        Case(
            case_id=f"{study_id}-{item}-{line}",
            phase=phase,
            study_id=study_id,
            line=line,
            kind=kind,
            item=item,
            state=CaseState.OPEN,
            level=0,
            opened=None,
            settled=None,
            evidence=0,
            persons=0,
        )
        for study_id, line, kind, item in missing
    )
