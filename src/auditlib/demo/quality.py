"""Invented back-checks, with a source of chance of their own, and the sheet of checks.

They are made from what is there already, so that adding them moves no other figure.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from auditlib.plan import Plan

Row = dict[str, Any]

ASKED = {
    "housing_kind": "type1",
    "water_access": "type1",
    "protein": "type2",
    "seasonal_clothes": "type2",
    "income": "type3",
}
OTHER = {
    "housing_kind": ("ordinary", "renovated"),
    "water_access": ("met", "basic"),
    "protein": ("daily", "weekly"),
    "seasonal_clothes": ("yes", "no"),
}
DIFFER = {"type1": 0.01, "type2": 0.05, "type3": 0.16}


def make_backchecks(visits: Iterable[Row], seed: str) -> list[Row]:
    """Return a tenth of the completed visits asked again, by an interviewer of another team."""
    rows: list[Row] = []
    for visit in visits:
        random = Random(f"{seed} back-check {visit['visit_id']}")
        if visit["disposition"] != "completed" or random.random() > 0.1:
            continue
        day = datetime.fromisoformat(visit["ended"]) + timedelta(days=2)
        team = int(visit["enumerator"][1:3]) % 6 + 1
        for variable, type_ in ASKED.items():
            rows.append(
                {
                    "visit_id": visit["visit_id"],
                    "variable": variable,
                    "type": type_,
                    "value": _again(visit[variable], variable, random.random() < DIFFER[type_]),
                    "enumerator": f"E{team:02d}1",
                    "date": f"{day:%Y-%m-%d}",
                }
            )
    return rows


def _again(first: Any, variable: str, differs: bool) -> str:
    if variable == "income":
        return f"{round(first * (1.4 if differs else 1.02))}"
    others: Sequence[str] = [v for v in OTHER[variable] if v != first]
    return others[0] if differs else str(first)


def make_quality_sheet(plan: Plan) -> list[Row]:
    """Return the plan's own checks as the sheet that the team edits."""
    return [
        {
            "check": name,
            "says": line.name.zh,
            **line.model_dump(include={"table", "column", "kind", "values", "low", "high"}),
            **line.model_dump(include={"when", "equals", "severity"}),
        }
        for name, line in plan.quality_checks.items()
    ]
