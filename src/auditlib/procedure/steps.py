"""The eight steps with their deadlines and documents, as they stand on a day.

A step opens only when its predecessors are closed, or with a written reason; opened or
closed otherwise it is blocked until they are.
Deadlines come in an early and a late reading (A43); the day itself is in time.

Source: plan, chapter 六.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import pandas as pd

from auditlib.plan import Step
from auditlib.procedure.calendar import working_days


class StepState(StrEnum):
    """How a step stands on a day."""

    CLOSED = "closed"
    CLOSED_LATE = "closed_late"
    OPEN = "open"
    OVERDUE = "overdue"
    WAITING = "waiting"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class StepStatus:
    """One step of one county.

    `days_late` counts calendar days after the deadline; `working_days_left` those
    that remain on the day of the report; `out_of_order` names predecessors that were
    still open when the step was opened without a reason; `waits_for` those that are
    open on the day, or whatever else keeps the step from being closed. `planned` is the
    day on which the plan lets the step begin. `sections_missing` are parts that the
    step's documents lack.
    """

    step: str
    number: int
    clause: str
    state: StepState
    planned: date
    due_early: date
    due: date
    opened: date | None
    closed: date | None
    days_late: int
    late_by_early_reading: int
    working_days_left: int
    out_of_order: tuple[str, ...]
    waits_for: tuple[str, ...]
    override: str
    documents_wanted: tuple[str, ...]
    documents_missing: tuple[str, ...]
    sections_missing: tuple[str, ...]


def follow(
    steps: Mapping[str, Step],
    facts: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    as_of: date,
    reading: str,
    due: Mapping[str, date],
    shift: int = 0,
    announce_first: bool = False,
    hindered: Mapping[str, str] | None = None,
) -> tuple[StepStatus, ...]:
    """Return every step as it stands at the end of a day.

    Parameters
    ----------
    steps
        The plan's steps.
    facts
        Table `steps`: opened, closed, reason of an early opening.
    documents
        Table `documents`; a document found in full or in part counts as there.
    as_of
        The round's day.
    reading
        `late` or `early` (A43).
    due
        Deadlines of this county's own, by step (A45).
    shift
        Days by which a suspension moved the deadline of the evaluation and what follows it.
    announce_first
        Whether the announcement comes before the national spot check (A47).
    hindered
        Steps that something else keeps from being closed, and what: an open objection.
    """
    rows = {row["step"]: row for _, row in facts.iterrows() if row["opened"] <= as_of}
    closed_on = {name: _day(row["closed"], as_of) for name, row in rows.items()}
    due_on = _deadlines(steps, due, reading=reading, shift=shift)
    papers = _Papers.of(documents)
    statuses = []
    for name, step in _in_order(steps, announce_first=announce_first):
        status = _status(
            name,
            step,
            rows.get(name),
            closed_on=closed_on,
            due_on=due_on,
            papers=papers,
            hindrance=(hindered or {}).get(name, ""),
            as_of=as_of,
        )
        if status.state is StepState.BLOCKED:
            closed_on[name] = None  # a step that is blocked opens none after it
        statuses.append(status)
    return tuple(sorted(statuses, key=lambda status: status.number))


PREPARED = 30
"""Days before its deadline at which the first step is drawn to begin; the plan names none."""

ANNOUNCED_FIRST = {"announcement": ("deliberation",), "spot_check": ("announcement",)}
"""Predecessors where the announcement comes before the spot check (A47)."""


@dataclass(frozen=True)
class _Papers:
    """Documents that are there, in full or in part, and the parts they lack."""

    there: frozenset[str]
    lacking: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, documents: pd.DataFrame) -> "_Papers":
        found = documents[documents["found"] != "no"]
        pairs = zip(found["document"], found["missing"], strict=True)
        return cls(frozenset(found["document"]), {d: tuple(str(m).split()) for d, m in pairs})


def _in_order(steps: Mapping[str, Step], *, announce_first: bool) -> Iterable[tuple[str, Step]]:
    """Return the steps so that each comes after its predecessors."""
    changed = ANNOUNCED_FIRST if announce_first else {}
    left = {
        name: step.model_copy(update={"after": changed.get(name, step.after)})
        for name, step in sorted(steps.items(), key=lambda item: item[1].number)
    }
    while left:
        name = next(n for n, step in left.items() if not set(step.after) & left.keys())
        yield name, left.pop(name)


def _deadlines(
    steps: Mapping[str, Step], own: Mapping[str, date], *, reading: str, shift: int
) -> dict[str, tuple[date, date]]:
    """Return every step's deadline, the early one and the one of the reading, suspension added."""
    found, moved = {}, False
    for name, step in sorted(steps.items(), key=lambda item: item[1].number):
        moved = moved or step.fieldwork is not None
        extra = timedelta(shift if moved else 0)
        late = step.due.early if reading == "early" else step.due.late
        found[name] = (own.get(name, step.due.early) + extra, own.get(name, late) + extra)
    return found


def _status(
    name: str,
    step: Step,
    row: pd.Series | None,
    *,
    closed_on: Mapping[str, date | None],
    due_on: Mapping[str, tuple[date, date]],
    papers: _Papers,
    hindrance: str,
    as_of: date,
) -> StepStatus:
    early, due = due_on[name]
    closed = closed_on.get(name)
    too_early = _out_of_order(step, row, closed_on)
    open_ = tuple(n for n in step.after if closed_on.get(n) is None)
    reason = row["override"] if row is not None else ""
    begun_wrongly = bool(open_) and (bool(too_early) or closed is not None) and not reason
    blocked = begun_wrongly or (closed is not None and bool(hindrance))
    first = min(day for day, _ in due_on.values()) - timedelta(PREPARED)
    return StepStatus(
        step=name,
        number=step.number,
        clause=step.clause,
        state=StepState.BLOCKED if blocked else _state(row, closed, due, as_of),
        planned=step.opens or max((due_on[n][1] for n in step.after), default=first),
        due_early=early,
        due=due,
        opened=row["opened"] if row is not None else None,
        closed=closed,
        days_late=max(0, ((closed or as_of) - due).days),
        late_by_early_reading=max(0, ((closed or as_of) - early).days),
        working_days_left=0 if closed else working_days(as_of + timedelta(1), due),
        out_of_order=too_early,
        waits_for=open_ + ((hindrance,) if hindrance else ()),
        override=reason,
        documents_wanted=step.documents,
        documents_missing=tuple(d for d in step.documents if d not in papers.there),
        sections_missing=tuple(s for d in step.documents for s in papers.lacking.get(d, ())),
    )


def _state(row: pd.Series | None, closed: date | None, due: date, as_of: date) -> StepState:
    if closed is not None:
        return StepState.CLOSED if closed <= due else StepState.CLOSED_LATE
    if as_of > due:
        return StepState.OVERDUE
    return StepState.WAITING if row is None else StepState.OPEN


def _day(value: date | None, as_of: date) -> date | None:
    """Return a day that has come, else None."""
    return value if value is not None and pd.notna(value) and value <= as_of else None


def _out_of_order(
    step: Step, row: pd.Series | None, closed_on: Mapping[str, date | None]
) -> tuple[str, ...]:
    """Return the predecessors that were open when the step began without a reason.

    Work that may be prepared early (`opens`) is measured by its field work instead.
    """
    if row is None or row["override"]:
        return ()
    began = max(row["opened"], step.fieldwork) if step.opens and step.fieldwork else row["opened"]
    before = {name: closed_on.get(name) for name in step.after}
    return tuple(n for n, day in before.items() if day is None or day > began)


def field_days(step: Step, *, due: date) -> int:
    """Return the working days from the first day in the field to the deadline, both included."""
    return working_days(step.fieldwork, due) if step.fieldwork else 0
