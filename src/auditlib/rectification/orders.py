"""Rectification orders: deadline, evidence, who closed them, and what is still wanted.

Every reference indicator that is not kept, and every prominent problem, needs an
order. Closing an order settles the cases found and says nothing of those not
found; that is what the re-check is for.

Source: plan, 三（二）, 三（三）, 六（五）; readings A18, A52.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd


class OrderState(StrEnum):
    """How an order stands on a day."""

    MISSING = "missing"
    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"
    CLOSED_LATE = "closed_late"


@dataclass(frozen=True)
class OrderStatus:
    """One order, or a problem for which none was issued."""

    order: str
    problem: str
    issued: date | None
    deadline: date | None
    state: OrderState
    actions: int
    with_evidence: int
    closed: date | None
    closed_by: str
    after_latest: bool


def follow_orders(
    problems: Iterable[str],
    orders: pd.DataFrame,
    actions: pd.DataFrame,
    *,
    evaluated_side: Iterable[str],
    latest: date,
    as_of: date,
) -> tuple[OrderStatus, ...]:
    """Return every order, and every problem without one, as they stand on a day.

    Parameters
    ----------
    problems
        Indicators not kept and prominent problems: each needs an order.
    orders, actions
        Tables of the same name; an action closes only if evidence is named and
        someone outside the evaluated side found it closed.
    evaluated_side
        Roles whose word does not close an order.
    latest
        Last day that a deadline may name.
    as_of
        The round's day.
    """
    statuses = [
        _status(
            row, actions[actions["order"] == row["order"]], tuple(evaluated_side), latest, as_of
        )
        for _, row in orders.sort_values("order").iterrows()
    ]
    ordered = {status.problem for status in statuses}
    return tuple(statuses) + tuple(
        OrderStatus("", p, None, None, OrderState.MISSING, 0, 0, None, "", after_latest=False)
        for p in problems
        if p not in ordered
    )


def _status(
    row: pd.Series,
    actions: pd.DataFrame,
    evaluated_side: tuple[str, ...],
    latest: date,
    as_of: date,
) -> OrderStatus:
    known = actions[(actions["date"] <= as_of).astype(bool)].sort_values("number")
    closing = known[
        (known["closed"] == "yes")
        & (known["evidence"] != "")
        & (known["closed_by"] != "")
        & ~known["closed_by"].isin(evaluated_side)
    ]
    closed = closing["date"].iloc[-1] if len(closing) else None
    if closed is not None:
        state = OrderState.CLOSED if closed <= row["deadline"] else OrderState.CLOSED_LATE
    else:
        state = OrderState.OPEN if as_of <= row["deadline"] else OrderState.OVERDUE
    return OrderStatus(
        order=row["order"],
        problem=row["problem"],
        issued=row["issued"],
        deadline=row["deadline"],
        state=state,
        actions=len(known),
        with_evidence=int((known["evidence"] != "").sum()),
        closed=closed,
        closed_by=closing["closed_by"].iloc[-1] if len(closing) else "",
        after_latest=row["deadline"] > latest,
    )
