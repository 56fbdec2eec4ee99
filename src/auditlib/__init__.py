"""Reproducible audit notebooks that check whether a poverty county may exit."""

__version__ = "0.1.0"
