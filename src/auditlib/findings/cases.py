"""Suspected cases as a ledger of events, and the state of every case at any day.

A case goes from the two village committees to the county to the departments.
It is settled when someone entitled decides it verified or dismissed; anything
else leaves it open, and a suspicion without any event is open at level 0.

Source: plan, 五（二）.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any

import pandas as pd


class CaseState(StrEnum):
    """How a case stands."""

    OPEN = "open"
    VERIFIED = "verified"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class Case:
    """One suspected problem of one household or member.

    `line` is the member's number, 0 for the household; `level` where the case stands,
    0 to 3; `persons` the persons a missed case counts, 0 for a wrong exit; `due` the
    day by which its present level must end, while it is open; `late` the levels that
    took longer than they may; `appealed` tells of an appeal not yet answered.
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
    due: date | None = None
    overdue: bool = False
    late: tuple[int, ...] = ()
    appealed: bool = False
    reopened: int = 0


@dataclass(frozen=True)
class Term:
    """A level's event, its number and the working days it may take."""

    level: int
    days: int


Calendar = Callable[[date, int], date]
"""From a day and a number of working days to the day on which they are complete."""


def settle(
    events: pd.DataFrame,
    *,
    as_of: date,
    terms: Mapping[str, Term] | None = None,
    calendar: Calendar | None = None,
    barred: Iterable[str] = (),
) -> tuple[Case, ...]:
    """Return every case as it stood at the end of a day.

    Parameters
    ----------
    events
        Ledger: table `cases`, a row for every event that the ladder allows.
    as_of
        Events after this day are not yet known.
    terms
        By event that puts a case to a level: the level and its working days.
    calendar
        Counts working days; no deadline is known without it.
    barred
        People who declared a conflict of interest; what they decide settles nothing.
    """
    known = events[(events["date"] <= as_of).astype(bool)]
    known_terms = (terms or {}) if calendar else {}
    return tuple(
        _case(
            case_id,
            rows,
            as_of=as_of,
            terms=known_terms,
            calendar=calendar,
            barred=frozenset(barred),
        )
        for case_id, rows in _by_case(known)
    )


def _by_case(events: pd.DataFrame) -> Iterator[tuple[str, list[dict[Any, Any]]]]:
    """Yield every case with its events in their order."""
    rows = events.sort_values(["case_id", "event_no"], kind="stable").to_dict("records")
    for case_id, own in groupby(rows, key=lambda row: row["case_id"]):
        yield str(case_id), list(own)


def _case(
    case_id: str,
    rows: list[dict[Any, Any]],
    *,
    as_of: date,
    terms: Mapping[str, Term],
    calendar: Calendar | None,
    barred: frozenset[str],
) -> Case:
    first = rows[0]
    state, settled, appealed = CaseState.OPEN, None, False
    due: dict[int, date] = {}
    late: set[int] = set()
    for row in rows:
        event, day, level = row["event"], row["date"], int(row["level"])
        if event in terms and calendar:
            due[level] = calendar(day, terms[event].days)
        elif event == "decided":
            if day > due.pop(level, day):
                late.add(level)
            if row["outcome"] in (CaseState.VERIFIED, CaseState.DISMISSED) and (
                row.get("by", "") not in barred or not row.get("by")
            ):
                state, settled = CaseState(row["outcome"]), day
        elif event == "appeal":
            appealed = True
        elif event == "reopened":
            state, settled, appealed = CaseState.OPEN, None, False
    persons = [int(row["persons"]) for row in rows if not pd.isna(row["persons"])]
    level = int(rows[-1]["level"])
    until = due.get(level) if state is CaseState.OPEN else None
    overdue = until is not None and as_of > until
    return Case(
        case_id=case_id,
        phase=first["phase"],
        study_id=first["study_id"],
        line=0 if pd.isna(first["line"]) else int(first["line"]),
        kind=first["kind"],
        item=first["item"],
        state=state,
        level=level,
        opened=first["date"],
        settled=settled,
        evidence=sum(row["evidence"] != "" for row in rows),
        persons=persons[-1] if persons else 0,
        due=until,
        overdue=overdue,
        late=tuple(sorted(late | ({level} if overdue else set()))),
        appealed=appealed,
        reopened=sum(row["event"] == "reopened" for row in rows),
    )


def without_events(
    suspicions: Iterable[tuple[str, int, str, str]], cases: Iterable[Case], *, phase: str
) -> tuple[Case, ...]:
    """Return an open case at level 0 for every suspicion that no case takes up.

    A case of the whole household takes up what is suspected of its members; a case of
    one member does not take up another's.

    Parameters
    ----------
    suspicions
        `study_id`, line, kind and item of every broken test.
    cases
        The cases of the ledger.
    phase
        Round of the suspicions, `first` or `recheck`.
    """
    taken = {(case.study_id, case.item, case.line) for case in cases if case.phase == phase}
    missing = sorted({s for s in suspicions if not {(s[0], s[3], s[1]), (s[0], s[3], 0)} & taken})
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


@dataclass(frozen=True)
class DayCount:
    """Cases of the ledger at the end of a day, by state."""

    day: date
    open: int
    verified: int
    dismissed: int


def states_by_day(
    events: pd.DataFrame, *, as_of: date, barred: Iterable[str] = ()
) -> tuple[DayCount, ...]:
    """Return the cases by state at the end of every day on which something happened.

    See `settle` for the parameters.
    """
    known = events[(events["date"] <= as_of).astype(bool)]
    days = sorted(set(known["date"]))
    change = {day: Counter[CaseState]() for day in days}
    for case_id, rows in _by_case(known):
        before = None
        for day in sorted({row["date"] for row in rows}):
            told = [row for row in rows if row["date"] <= day]
            case = _case(
                case_id, told, as_of=day, terms={}, calendar=None, barred=frozenset(barred)
            )
            change[day].update({case.state: 1})
            if before:
                change[day].update({before: -1})
            before = case.state
    counts: Counter[CaseState] = Counter()
    found = []
    for day in days:
        counts.update(change[day])
        found.append(
            DayCount(
                day,
                open=counts[CaseState.OPEN],
                verified=counts[CaseState.VERIFIED],
                dismissed=counts[CaseState.DISMISSED],
            )
        )
    return tuple(found)
