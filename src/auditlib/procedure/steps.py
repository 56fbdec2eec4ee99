"""The eight steps with their deadlines and documents, as they stand on a day.

A step opens only when its predecessors are closed, or with a written reason; opened or
closed otherwise it is blocked until they are.
Deadlines come in an early and a late reading (A43); the day itself is in time.

Source: plan, chapter 六.
"""

from collections.abc import Mapping
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
    there = set(documents.loc[documents["found"] != "no", "document"])
    lacking = _lacking(documents)
    closed_on = {name: _day(row["closed"], as_of) for name, row in rows.items()}
    moved = False
    statuses = []
    last = min(step.due.early for step in steps.values())
    ordered = sorted(steps.items(), key=lambda item: item[1].number)
    for name, each in ordered:
        step = _after(each, name, announce_first)
        moved = moved or step.fieldwork is not None
        extra = timedelta(shift if moved else 0)
        early = due.get(name, step.due.early) + extra
        deadline = due.get(name, step.due.early if reading == "early" else step.due.late) + extra
        row = rows.get(name)
        opened = row["opened"] if row is not None else None
        closed = closed_on.get(name)
        waits = tuple(n for n in step.after if closed_on.get(n) is None)
        waits += (hindered[name],) if hindered and name in hindered else ()
        early_opening = _out_of_order(step, row, closed_on)
        stuck = bool(waits) and (bool(early_opening) or closed is not None) and not _excused(row)
        planned = step.opens or max(
            (steps[n].due.late for n in step.after), default=last - timedelta(PREPARED)
        )
        statuses.append(
            StepStatus(
                step=name,
                number=step.number,
                clause=step.clause,
                state=StepState.BLOCKED if stuck else _state(opened, closed, deadline, as_of),
                planned=planned,
                due_early=early,
                due=deadline,
                opened=opened,
                closed=closed,
                days_late=max(0, ((closed or as_of) - deadline).days),
                late_by_early_reading=max(0, ((closed or as_of) - early).days),
                working_days_left=working_days(as_of + timedelta(1), deadline) if not closed else 0,
                out_of_order=early_opening,
                waits_for=waits,
                override=row["override"] if row is not None else "",
                documents_wanted=step.documents,
                documents_missing=tuple(d for d in step.documents if d not in there),
                sections_missing=tuple(s for d in step.documents for s in lacking.get(d, ())),
            )
        )
    return tuple(statuses)


def _after(step: Step, name: str, announce_first: bool) -> Step:
    """Return the step with its predecessors in the order that the reading has."""
    order = {"announcement": ("deliberation",), "spot_check": ("announcement",)}
    if announce_first and name in order:
        return step.model_copy(update={"after": order[name]})
    return step


def _state(opened: date | None, closed: date | None, due: date, as_of: date) -> StepState:
    if closed is not None:
        return StepState.CLOSED if closed <= due else StepState.CLOSED_LATE
    if as_of > due:
        return StepState.OVERDUE
    return StepState.OPEN if opened is not None else StepState.WAITING


PREPARED = 30
"""Days before its deadline at which the first step is drawn to begin; the plan names none."""


def _day(value: date | None, as_of: date) -> date | None:
    """Return a day that has come, else None."""
    return value if value is not None and pd.notna(value) and value <= as_of else None


def _excused(row: pd.Series | None) -> bool:
    return row is not None and bool(row["override"])


def _lacking(documents: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    if "missing" not in documents:
        return {}
    pairs = zip(documents["document"], documents["missing"], strict=True)
    return {document: tuple(str(missing).split()) for document, missing in pairs}


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
