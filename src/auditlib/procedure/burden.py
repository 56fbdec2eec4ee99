"""Expenses, requests, training, independence, help and safety: what the evaluator owes.

Source: plan, 六（四）, 七（一）-（四）; readings A48, A49.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd


@dataclass(frozen=True)
class Housekeeping:
    """Counts of what is in order and names of what is not.

    Attributes
    ----------
    amount
        Of all expenses, yuan.
    county_paid
        Expenses that someone else than the evaluator paid.
    requests, tables_asked
        Things asked of the locality; those that made the grass roots fill in tables.
    untrained
        People below the pass mark or without training.
    untrained_visits
        Visits made by someone who had not passed by that day.
    undeclared, declared_late, conflicts
        People without a declaration of independence, with one later than their first
        visit, and with a conflict declared.
    helps, helps_paid
        Help of the locality, and those of it that the evaluator did not pay for.
    incidents, incidents_open, days_lost
        Safety incidents, those not settled, and working days lost.
    accompanied, coached
        Completed visits with a cadre present, and with coached answers: leads for D04
        and D08, not entries.
    """

    expenses: int
    amount: float
    county_paid: tuple[str, ...]
    requests: int
    tables_asked: tuple[str, ...]
    staff: int
    untrained: tuple[str, ...]
    untrained_visits: int
    undeclared: tuple[str, ...]
    declared_late: tuple[str, ...]
    conflicts: tuple[str, ...]
    helps: int
    helps_paid: tuple[str, ...]
    incidents: int
    incidents_open: tuple[str, ...]
    days_lost: float
    visits: int
    accompanied: int
    coached: int


def review_housekeeping(
    *,
    expenses: pd.DataFrame,
    requests: pd.DataFrame,
    enumerators: pd.DataFrame,
    trainings: pd.DataFrame,
    declarations: pd.DataFrame,
    logistics: pd.DataFrame,
    safety: pd.DataFrame,
    visits: pd.DataFrame,
    payers: Iterable[str],
    allowed_requests: Iterable[str],
    pass_mark: float,
) -> Housekeeping:
    """Return the evaluator's own record.

    Parameters
    ----------
    expenses, requests, enumerators, trainings, declarations, logistics, safety
        Tables of the same name.
    visits
        Table `household_visits`; no rows before the field work.
    payers
        Who may pay.
    allowed_requests
        What may be asked of the locality.
    pass_mark
        Score from which a training is passed.
    """
    staff = list(enumerators["enumerator"])
    passing = trainings[(trainings["score"] >= pass_mark).fillna(False)]
    passed = _first(passing)
    declared = _first(declarations)
    began = {e: min(days).date() for e, days in visits.groupby("enumerator")["started"]}
    paid_by = tuple(payers)
    done = visits[visits["disposition"] == "completed"]
    present = [set(text.split()) & CADRES for text in done["others_present"]]
    late = [e for e, day in began.items() if e in declared and declared[e] > day]
    return Housekeeping(
        expenses=len(expenses),
        amount=float(expenses["amount"].sum()),
        county_paid=tuple(expenses.loc[~expenses["payer"].isin(paid_by), "expense"]),
        requests=len(requests),
        tables_asked=tuple(requests.loc[~requests["kind"].isin(list(allowed_requests)), "request"]),
        staff=len(staff),
        untrained=tuple(sorted(e for e in staff if e not in passed)),
        untrained_visits=sum(
            e not in passed or passed[e] > moment.date()
            for e, moment in zip(visits["enumerator"], visits["started"], strict=True)
        ),
        undeclared=tuple(sorted(e for e in staff if e not in declared)),
        declared_late=tuple(sorted(late)),
        conflicts=tuple(sorted(declarations.loc[declarations["conflict"] == "yes", "enumerator"])),
        helps=len(logistics),
        helps_paid=tuple(logistics.loc[~logistics["payer"].isin(paid_by), "help"]),
        incidents=len(safety),
        incidents_open=tuple(safety.loc[safety["closed"].isna(), "incident"]),
        days_lost=float(safety["days_lost"].sum()),
        visits=len(done),
        accompanied=sum(bool(cadres) for cadres in present),
        coached=int((done["coached"] == "yes").sum()),
    )


CADRES = {"village_cadre", "township_cadre"}


def _first(table: pd.DataFrame) -> dict[str, date]:
    """Return everybody's first day in a table of people and dates."""
    return {str(e): min(days) for e, days in table.groupby("enumerator")["date"]}
