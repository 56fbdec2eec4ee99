"""What was ordered, what is closed, and whether a fresh sample confirms it."""

from auditlib.rectification.compare import Change, Comparison, Target, compare, compare_rounds
from auditlib.rectification.fresh import Fresh, first_round, tell_apart
from auditlib.rectification.orders import OrderState, OrderStatus, follow_orders

__all__ = [
    "Change",
    "Comparison",
    "Fresh",
    "OrderState",
    "OrderStatus",
    "Target",
    "compare",
    "compare_rounds",
    "first_round",
    "follow_orders",
    "tell_apart",
]
