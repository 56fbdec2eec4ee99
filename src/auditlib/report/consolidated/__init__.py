"""The counties of a round, from the scraps of their notebooks alone.

Few stand side by side; of many (`attention`) counts and distributions come first.
"""

from auditlib.report.consolidated.attention import (
    RANKS,
    attention,
    attention_table,
    by_attention,
    folded,
    many,
    names,
)
from auditlib.report.consolidated.counts import counties, group_table, indicator_table
from auditlib.report.consolidated.pictures import rates_picture, steps_picture
from auditlib.report.consolidated.record import (
    Consolidated,
    Failure,
    Line,
    SpotCheck,
    spot_checks,
    standpoint,
)
from auditlib.report.consolidated.tables import (
    county_table,
    failures,
    lists_table,
    spot_check_table,
    summary,
)

__all__ = [
    "RANKS",
    "Consolidated",
    "Failure",
    "Line",
    "SpotCheck",
    "attention",
    "attention_table",
    "by_attention",
    "counties",
    "county_table",
    "failures",
    "folded",
    "group_table",
    "indicator_table",
    "lists_table",
    "many",
    "names",
    "rates_picture",
    "spot_check_table",
    "spot_checks",
    "standpoint",
    "steps_picture",
    "summary",
]
