"""Invented back-checks, positions, presence of others and logs, and the sheet of checks.

Villages and households lie on a grid in the Gulf of Guinea, around 0° north and 0° east,
where there is no land: nobody can take them for places in Jilin.

All have sources of chance of their own, and are made from what is there already, so that
adding them moves no other figure.
"""

from collections.abc import Iterable, Mapping, Sequence
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


def village_points(villages: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Return latitude and longitude of the villages on the grid, ten to a row."""
    codes = enumerate(sorted(villages))
    return {code: (round(0.05 + 0.02 * (i // 10), 4), round(0.05 + 0.02 * (i % 10), 4))
            for i, code in codes}  # fmt: skip


def observe(visits: Iterable[Row], points: Mapping[str, tuple[float, float]], seed: str) -> None:
    """Add position, coaching, and now and then the cadre who was there, to completed visits.

    One of 150 is far from its village, one of 150 has the position of the visit before,
    one of 200 was coached; in one of 300 the presence of others was not recorded.
    """
    before: tuple[float, float] | None = None
    for visit in visits:
        if visit["disposition"] != "completed":
            continue
        random = Random(f"{seed} observed {visit['visit_id']}")
        y, x = points[visit["village"]]
        far = 0.2 if random.random() < 1 / 150 else 0.0
        here = (
            round(y + far + random.uniform(-0.006, 0.006), 6),
            round(x + random.uniform(-0.006, 0.006), 6),
        )
        if before and random.random() < 1 / 150:
            here = before
        visit["latitude"], visit["longitude"] = before = here
        visit["coached"] = "yes" if random.random() < 1 / 200 else "no"
        if random.random() < 1 / 300:
            visit["others_present"] = ""


LOGGED = {
    "income": 95, "income_stable": 14, "staple": 6, "vegetables": 6, "protein": 9,
    "water_quantity": 8, "water_access": 9, "seasonal_clothes": 7, "care_afforded": 12,
    "housing_kind": 10, "housing_grade": 22, "policies": 40, "overall": 11, "members": 640,
}  # fmt: skip
"""Questions in the invented logs, with their usual seconds; `members` is the whole repeat."""


def make_question_times(visits: Iterable[Row], seed: str) -> list[Row]:
    """Return the tablets' logs of every eighth completed visit.

    One interviewer in forty logs hurries through, one leaves the tablet for long.
    """
    rows: list[Row] = []
    for visit in visits:
        random = Random(f"{seed} log {visit['visit_id']}")
        if visit["disposition"] != "completed" or random.random() > 1 / 8:
            continue
        pace = 0.12 if random.random() < 1 / 40 else random.uniform(0.8, 1.3)
        away = random.choice(list(LOGGED)) if random.random() < 1 / 40 else ""
        for question, usual in LOGGED.items():
            rows.append(
                {
                    "visit_id": visit["visit_id"],
                    "question": question,
                    "seconds": round(usual * pace * random.lognormvariate(0, 0.25), 1),
                    "opened": 1 + (random.random() < 0.06),
                    "changed": int(random.random() < 0.04),
                    "pause": round(random.uniform(24, 55), 1) if question == away else 0.0,
                }
            )
    return rows


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
