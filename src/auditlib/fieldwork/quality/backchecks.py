"""Back-checks: the same question asked again by someone else, and how often the answers differ.

Type 1 variables are facts that do not change, type 2 depend on the interviewer's skill,
type 3 are hard to measure. Numbers that differ by no more than the tolerance agree.

Source: Innovations for Poverty Action, back-check manual (types and rates);
interval of Clopper and Pearson (1934).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from auditlib.estimation.intervals import binomial_interval


@dataclass(frozen=True)
class BackcheckRate:
    """Answers compared and differing, under a type, variable or interviewer; limits at 95 %."""

    of: str
    compared: int
    differing: int
    low: float
    high: float


@dataclass(frozen=True)
class Backchecks:
    """What the back-checks found: `visits` checked of `completed` ones.

    `unusable` answers cannot be compared: an unknown variable, an answer that is not
    understood, no first answer, or the same person asking twice.
    """

    visits: int
    completed: int
    by_type: tuple[BackcheckRate, ...]
    by_variable: tuple[BackcheckRate, ...]
    by_interviewer: tuple[BackcheckRate, ...]
    differing: tuple[tuple[str, str], ...]
    unusable: tuple[tuple[str, str], ...]


def compare_backchecks(
    backchecks: pd.DataFrame,
    visits: pd.DataFrame,
    understand: Callable[[str, str], Any],
    *,
    tolerance: float,
) -> Backchecks:
    """Return how often the answers differ.

    Parameters
    ----------
    backchecks
        Table `backchecks`.
    visits
        Completed visits of one phase.
    understand
        From the name of a variable and the text of an answer to its value; None where
        there is no such variable or the text is not understood.
    tolerance
        Share of the first answer by which a number may differ.
    """
    first = visits.set_index("visit_id")
    own = backchecks[backchecks["visit_id"].isin(first.index)]
    rows, unusable = [], []
    for row in own.itertuples():
        again = understand(row.variable, row.value)
        before = first.at[row.visit_id, row.variable] if row.variable in first else None
        asked_by = first.at[row.visit_id, "enumerator"]
        if (
            again is None
            or before is None
            or pd.isna(before)
            or before == ""
            or asked_by == row.enumerator
        ):
            unusable.append((row.visit_id, row.variable))
        else:
            differs = not _agree(before, again, tolerance)
            rows.append((row.visit_id, row.variable, row.type, asked_by, differs))
    table = pd.DataFrame(rows, columns=["visit_id", "variable", "type", "interviewer", "differs"])
    differing = table[table["differs"].astype(bool)]
    return Backchecks(
        visits=own["visit_id"].nunique(),
        completed=len(first),
        by_type=_rates(table, "type"),
        by_variable=_rates(table, "variable"),
        by_interviewer=_rates(table, "interviewer"),
        differing=tuple(zip(differing["visit_id"], differing["variable"], strict=True)),
        unusable=tuple(unusable),
    )


def _agree(before: Any, again: Any, tolerance: float) -> bool:
    if isinstance(before, int | float) and isinstance(again, int | float):
        return abs(float(again) - float(before)) <= tolerance * abs(float(before))
    return str(before) == str(again)


def _rates(table: pd.DataFrame, by: str) -> tuple[BackcheckRate, ...]:
    counts: Mapping[str, pd.Series] = dict(list(table.groupby(by, sort=True)["differs"]))
    found = []
    for name, differs in counts.items():
        limits = binomial_interval(int(differs.sum()), len(differs))
        found.append(BackcheckRate(name, len(differs), int(differs.sum()), *limits))
    return tuple(found)
