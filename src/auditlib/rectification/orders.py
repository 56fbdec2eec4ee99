"""Rectification orders: deadline, evidence, who closed them, and what is still wanted.

Every reference indicator that is not kept, and every prominent problem, needs an
order. An order on an indicator is closed case by case: it is closed when every case
verified in the first round is. Closing it settles the cases found and says nothing of
those not found; that is what the re-check is for.

Source: plan, 三（二）, 三（三）, 六（五）, 六（八）; readings A18, A52.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd


class OrderState(StrEnum):
    """How an order, or one case under it, stands on a day."""

    MISSING = "missing"
    OPEN = "open"
    REOPENED = "reopened"
    OVERDUE = "overdue"
    CLOSED = "closed"
    CLOSED_LATE = "closed_late"
    WITHDRAWN = "withdrawn"


SETTLED = (OrderState.CLOSED, OrderState.CLOSED_LATE, OrderState.WITHDRAWN)
"""States in which nothing more is asked."""


@dataclass(frozen=True)
class CaseStatus:
    """One case under an order; `case_id` is empty for an order without cases.

    `refused` counts closings that do not hold: no evidence, found by the evaluated side,
    or naming no case where cases must be closed one by one.
    """

    order: str
    case_id: str
    state: OrderState
    actions: int
    evidence: str
    settled: date | None
    closed_by: str
    refused: int


@dataclass(frozen=True)
class OrderStatus:
    """One order, or a problem for which none was issued."""

    order: str
    problem: str
    demand: str
    issuer: str
    issued: date | None
    deadline: date | None
    state: OrderState
    actions: int
    with_evidence: int
    closed: date | None
    closed_by: str
    after_latest: bool
    cases: tuple[CaseStatus, ...]

    @property
    def cases_settled(self) -> int:
        """Return how many of the cases are closed or withdrawn."""
        return sum(case.state in SETTLED for case in self.cases)


def follow_orders(
    problems: Iterable[str],
    orders: pd.DataFrame,
    actions: pd.DataFrame,
    *,
    evaluated_side: Iterable[str],
    latest: date,
    as_of: date,
    cases: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[OrderStatus, ...]:
    """Return every order, and every problem without one, as they stand on a day.

    Parameters
    ----------
    problems
        Indicators not kept and prominent problems: each needs an order.
    orders, actions
        Tables of the same name; a closing or withdrawal holds only if evidence is named
        and someone outside the evaluated side found it so.
    evaluated_side
        Roles whose word does not close an order.
    latest
        Last day that a deadline may name.
    as_of
        The round's day.
    cases
        Verified cases of a problem that must be closed one by one.
    """
    known = actions[(actions["date"] <= as_of).astype(bool)]
    side, wanted = tuple(evaluated_side), cases or {}
    statuses = [
        _status(
            row,
            known[known["order"] == row["order"]].sort_values("number"),
            wanted.get(row["problem"], ()),
            side=side,
            latest=latest,
            as_of=as_of,
        )
        for _, row in orders.sort_values("order").iterrows()
        if row["issued"] <= as_of
    ]
    ordered = {status.problem for status in statuses if status.state is not OrderState.WITHDRAWN}
    return tuple(statuses) + tuple(missing_order(p) for p in problems if p not in ordered)


def missing_order(problem: str) -> OrderStatus:
    """Return what stands in the place of an order that was not issued."""
    nothing = ("", problem, "", "", None, None, OrderState.MISSING, 0, 0, None, "")
    return OrderStatus(*nothing, after_latest=False, cases=())


def _status(
    row: pd.Series,
    actions: pd.DataFrame,
    wanted: tuple[str, ...],
    *,
    side: tuple[str, ...],
    latest: date,
    as_of: date,
) -> OrderStatus:
    deadline = row["deadline"]
    named = tuple(dict.fromkeys(c for c in actions["case_id"] if c and c not in wanted))
    cases = tuple(
        _case(
            row["order"],
            case_id,
            actions[actions["case_id"].isin({case_id, ""})],
            side=side,
            deadline=deadline,
            as_of=as_of,
        )
        for case_id in (*wanted, *named) or ("",)
    )
    closed = max((c.settled for c in cases if c.settled is not None), default=None)
    state = _together([case.state for case in cases])
    done = state in SETTLED
    return OrderStatus(
        order=row["order"],
        problem=row["problem"],
        demand=row["demand"],
        issuer=row["issuer"],
        issued=row["issued"],
        deadline=deadline,
        state=state,
        actions=len(actions),
        with_evidence=int((actions["evidence"] != "").sum()),
        closed=closed if done else None,
        closed_by=cases[-1].closed_by if done else "",
        after_latest=deadline > latest,
        cases=cases,
    )


def _together(states: list[OrderState]) -> OrderState:
    """Return the state of an order from those of its cases: the least finished one holds."""
    worst = (OrderState.OVERDUE, OrderState.REOPENED, OrderState.OPEN)
    for state in (*worst, OrderState.CLOSED_LATE, OrderState.CLOSED):
        if state in states:
            return state
    return OrderState.WITHDRAWN


def _case(
    order: str,
    case_id: str,
    actions: pd.DataFrame,
    *,
    side: tuple[str, ...],
    deadline: date,
    as_of: date,
) -> CaseStatus:
    """Return how one case stands; a later event overrides an earlier one.

    What names no case concerns them all, but closes none: closing is case by case.
    """
    ending, reopened, refused = None, False, 0
    for _, row in actions.iterrows():
        proven = row["evidence"] and row["closed_by"] not in ("", *side)
        match row["event"]:
            case "closed" if proven and row["case_id"] == case_id:
                ending, reopened = row, False
            case "withdrawn" if proven:
                ending, reopened = row, False
            case "closed" | "withdrawn":
                refused += 1
            case "reopened":
                ending, reopened = None, True
    if ending is None:
        waiting = OrderState.REOPENED if reopened else OrderState.OPEN
        state = waiting if as_of <= deadline else OrderState.OVERDUE
    elif ending["event"] == "withdrawn":
        state = OrderState.WITHDRAWN
    else:
        state = OrderState.CLOSED if ending["date"] <= deadline else OrderState.CLOSED_LATE
    return CaseStatus(
        order=order,
        case_id=case_id,
        state=state,
        actions=len(actions),
        evidence=ending["evidence"] if ending is not None else "",
        settled=ending["date"] if ending is not None else None,
        closed_by=ending["closed_by"] if ending is not None else "",
        refused=refused,
    )
