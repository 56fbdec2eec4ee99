"""The four indicators: counts, exact rates, verdict and readings."""

from auditlib.indicators.rates import Counts, Incidence, composite_incidence
from auditlib.indicators.verdict import Decision, Judgement, decide, judge, kept, with_open_cases

__all__ = [
    "Counts",
    "Decision",
    "Incidence",
    "Judgement",
    "composite_incidence",
    "decide",
    "judge",
    "kept",
    "with_open_cases",
]
