"""Figures from samples, with how sure they are, for any design of any survey."""

from auditlib.estimation.design import LONELY_RULES, Design
from auditlib.estimation.intervals import METHODS, SIDES, Estimate, binomial_interval, interval
from auditlib.estimation.limits import CORRELATION
from auditlib.estimation.linearisation import (
    STATISTICS,
    estimate_by,
    estimate_mean,
    estimate_ratio,
    estimate_share,
    estimate_statistic,
    estimate_total,
    weighted_ratio,
)
from auditlib.estimation.mover import combine, difference
from auditlib.estimation.operating import chances_of_at_most
from auditlib.estimation.table import estimate

__all__ = [
    "CORRELATION",
    "LONELY_RULES",
    "METHODS",
    "SIDES",
    "STATISTICS",
    "Design",
    "Estimate",
    "binomial_interval",
    "chances_of_at_most",
    "combine",
    "difference",
    "estimate",
    "estimate_by",
    "estimate_mean",
    "estimate_ratio",
    "estimate_share",
    "estimate_statistic",
    "estimate_total",
    "interval",
    "weighted_ratio",
]
