"""What was ordered, what is closed, and whether a fresh sample confirms it."""

from auditlib.rectification.orders import OrderState, OrderStatus, follow_orders

__all__ = ["OrderState", "OrderStatus", "follow_orders"]
