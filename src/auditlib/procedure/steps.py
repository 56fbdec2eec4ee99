"""The eight steps with their deadlines and documents, as they stand on a day.

A step opens only when its predecessors are closed, or with a written reason.
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


@dataclass(frozen=True)
class StepStatus:
    """One step of one county.

    `days_late` counts calendar days after the deadline; `working_days_left` those
    that remain on the day of the report; `out_of_order` names predecessors that were
    still open when the step was opened without a reason.
    """

    step: str
    number: int
    clause: str
    state: StepState
    due_early: date
    due: date
    opened: date | None
    closed: date | None
    days_late: int
    late_by_early_reading: int
    working_days_left: int
    out_of_order: tuple[str, ...]
    override: str
    documents_wanted: tuple[str, ...]
    documents_missing: tuple[str, ...]


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
    """
    rows = {row["step"]: row for _, row in facts.iterrows() if row["opened"] <= as_of}
    there = set(documents.loc[documents["found"] != "no", "document"])
    moved = False
    statuses = []
    for name, step in sorted(steps.items(), key=lambda item: item[1].number):
        moved = moved or step.fieldwork is not None
        extra = timedelta(shift if moved else 0)
        early = due.get(name, step.due.early) + extra
        deadline = due.get(name, step.due.early if reading == "early" else step.due.late) + extra
        row = rows.get(name)
        opened = row["opened"] if row is not None else None
        closed = row["closed"] if row is not None and pd.notna(row["closed"]) else None
        closed = closed if closed is not None and closed <= as_of else None
        statuses.append(
            StepStatus(
                step=name,
                number=step.number,
                clause=step.clause,
                state=_state(opened, closed, deadline, as_of),
                due_early=early,
                due=deadline,
                opened=opened,
                closed=closed,
                days_late=max(0, ((closed or as_of) - deadline).days),
                late_by_early_reading=max(0, ((closed or as_of) - early).days),
                working_days_left=working_days(as_of + timedelta(1), deadline) if not closed else 0,
                out_of_order=_out_of_order(_after(step, name, announce_first), row, rows),
                override=row["override"] if row is not None else "",
                documents_wanted=step.documents,
                documents_missing=tuple(d for d in step.documents if d not in there),
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


def _out_of_order(
    step: Step, row: pd.Series | None, rows: Mapping[str, pd.Series]
) -> tuple[str, ...]:
    """Return the predecessors that were open when the step began without a reason.

    Work that may be prepared early (`opens`) is measured by its field work instead.
    """
    if row is None or row["override"]:
        return ()
    began = max(row["opened"], step.fieldwork) if step.opens and step.fieldwork else row["opened"]
    before = {name: rows[name]["closed"] if name in rows else None for name in step.after}
    return tuple(n for n, day in before.items() if day is None or pd.isna(day) or day > began)
