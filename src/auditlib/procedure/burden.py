"""Expenses, requests, training and independence: what the evaluator owes.

Source: plan, 六（四）, 七（一）-（三）.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Housekeeping:
    """Counts of what is in order and names of what is not.

    `county_paid` lists expenses someone else than the evaluator paid, `tables_asked`
    requests that made the grass roots fill in tables, `untrained` people below the
    pass mark or without training, `undeclared` those without a declaration,
    `conflicts` those who declared one. Amounts are in yuan.
    """

    expenses: int
    amount: float
    county_paid: tuple[str, ...]
    requests: int
    tables_asked: tuple[str, ...]
    staff: int
    untrained: tuple[str, ...]
    undeclared: tuple[str, ...]
    conflicts: tuple[str, ...]


def review_housekeeping(
    *,
    expenses: pd.DataFrame,
    requests: pd.DataFrame,
    enumerators: pd.DataFrame,
    trainings: pd.DataFrame,
    declarations: pd.DataFrame,
    payers: Iterable[str],
    allowed_requests: Iterable[str],
    pass_mark: float,
) -> Housekeeping:
    """Return the evaluator's own record; tables are those of the same name."""
    staff = list(enumerators["enumerator"])
    passed = set(trainings.loc[(trainings["score"] >= pass_mark).fillna(False), "enumerator"])
    declared = set(declarations["enumerator"])
    return Housekeeping(
        expenses=len(expenses),
        amount=float(expenses["amount"].sum()),
        county_paid=tuple(expenses.loc[~expenses["payer"].isin(list(payers)), "expense"]),
        requests=len(requests),
        tables_asked=tuple(requests.loc[~requests["kind"].isin(list(allowed_requests)), "request"]),
        staff=len(staff),
        untrained=tuple(sorted(e for e in staff if e not in passed)),
        undeclared=tuple(sorted(e for e in staff if e not in declared)),
        conflicts=tuple(sorted(declarations.loc[declarations["conflict"] == "yes", "enumerator"])),
    )
