"""The record of the stage `rectification`."""

from dataclasses import dataclass
from enum import StrEnum

from auditlib.indicators.summary import Indicators
from auditlib.rectification.compare import Comparison
from auditlib.rectification.orders import OrderStatus


class Outcome(StrEnum):
    """What rectification and re-check come to."""

    NOT_NEEDED = "not_needed"
    NO_REMEDY = "no_remedy"
    AWAITING_ORDERS = "awaiting_orders"
    AWAITING_RECHECK = "awaiting_recheck"
    UNDECIDED = "undecided"
    PASSED = "passed"
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
    found: Indicators


@dataclass(frozen=True)
class Rectification:
    """Record of the stage: orders, what the re-check found, and what follows."""

    version: int
    needed: tuple[str, ...]
    orders: tuple[OrderStatus, ...]
    recheck: Recheck | None
    compared: tuple[Comparison, ...]
    outcome: Outcome
