"""The record of the stage `rectification`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auditlib.indicators.assurance import Assurance, Surety
from auditlib.indicators.summary import Indicators
from auditlib.indicators.verdict import Decision, Judgement
from auditlib.rectification.compare import Comparison
from auditlib.rectification.fresh import Fresh
from auditlib.rectification.orders import SETTLED, OrderState, OrderStatus


class Outcome(StrEnum):
    """What rectification and re-check come to.

    `not_secured` passes by the plan's point rule (A51), but the sample of the re-check
    does not make sure of it.
    """

    NOT_NEEDED = "not_needed"
    NO_REMEDY = "no_remedy"
    AWAITING_ORDERS = "awaiting_orders"
    AWAITING_RECHECK = "awaiting_recheck"
    AWAITING_CLOSURE = "awaiting_closure"
    UNDECIDED = "undecided"
    PASSED = "passed"
    NOT_SECURED = "not_secured"
    FAILED = "failed"


class Verdict(StrEnum):
    """What the re-check says of one indicator that was to be rectified."""

    PASSED = "passed"
    NOT_SECURED = "not_secured"
    NOT_ESTIMABLE = "not_estimable"
    FAILED = "failed"


@dataclass(frozen=True)
class Recheck:
    """The fresh sample of the re-check.

    `both_rounds` counts lifted households that were in the first sample as well, and
    `both_wrong` those of them found wrong again; they are tabulated apart (A52).
    """

    draw: int
    design_digest: str
    villages: int
    lifted_households: int
    both_rounds: int
    both_wrong: int
    fresh: Fresh | None
    found: Indicators


@dataclass(frozen=True)
class Rectification:
    """Record of the stage: orders, what the re-check found, and what follows.

    Attributes
    ----------
    needed
        Indicators not kept and prominent problems.
    orders
        With the state of each and of every case under it.
    verdicts
        What the re-check says of every indicator that was to be rectified.
    compared
        The rounds beside each other.
    after_refusal
        The order to verify and rectify that a county which may not exit must get,
        None for the others (六（八）).
    latest
        Last day that a deadline may name.
    """

    version: int
    needed: tuple[str, ...]
    orders: tuple[OrderStatus, ...]
    recheck: Recheck | None
    verdicts: Mapping[str, Verdict]
    compared: tuple[Comparison, ...]
    after_refusal: OrderStatus | None
    latest: date
    outcome: Outcome


def verdict_on(judgement: Judgement, assurance: Assurance) -> Verdict:
    """Return what the re-check says of one indicator: the point decides, the bound makes sure."""
    if judgement.kept is None:
        return Verdict.NOT_ESTIMABLE
    if not judgement.kept:
        return Verdict.FAILED
    sure = assurance.surety is Surety.SECURE
    return Verdict.PASSED if sure else Verdict.NOT_SECURED


def conclude_rectification(
    decision: Decision,
    *,
    needed: tuple[str, ...],
    broken: tuple[str, ...],
    orders: tuple[OrderStatus, ...],
    recheck: Recheck | None,
    verdicts: Mapping[str, Verdict],
) -> Outcome:
    """Return what rectification comes to: an order closed is not yet a rate that is kept.

    Parameters
    ----------
    decision
        Of the first round.
    needed, broken
        All that needs an order; the indicators among it.
    orders
        As they stand.
    recheck, verdicts
        The fresh sample, None before it, and what it says of the broken indicators.
    """
    if decision is Decision.NO_EXIT:
        return Outcome.NO_REMEDY
    if recheck is not None and recheck.found.decision is not Decision.EXIT:
        undecided = recheck.found.decision is Decision.UNDECIDED
        return Outcome.UNDECIDED if undecided else Outcome.FAILED
    if not needed:
        return Outcome.UNDECIDED if decision is Decision.UNDECIDED else Outcome.NOT_NEEDED
    own = [order for order in orders if order.problem in needed]
    if any(order.state is OrderState.MISSING for order in own):
        return Outcome.AWAITING_ORDERS
    if broken and recheck is None:
        return Outcome.AWAITING_RECHECK
    if any(order.state not in SETTLED for order in own):
        return Outcome.AWAITING_CLOSURE if recheck else Outcome.AWAITING_RECHECK
    unsure = Verdict.NOT_SECURED in verdicts.values()
    return Outcome.NOT_SECURED if unsure else Outcome.PASSED
