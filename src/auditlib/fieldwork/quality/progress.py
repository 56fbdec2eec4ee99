"""How far the field work has come: completed visits by village, team and day."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Progress:
    """Completed visits, and visits in all, under one village, team or day."""

    of: str
    visits: int
    completed: int
    days: Mapping[str, int]


def count_progress(
    visits: pd.DataFrame, teams: Mapping[str, str]
) -> dict[str, tuple[Progress, ...]]:
    """Return the progress by `village`, `team` and `day`.

    Parameters
    ----------
    visits
        Table `household_visits` of one phase.
    teams
        Team of every interviewer; `–` stands for one who is not listed.
    """
    told = visits[["village", "disposition"]].assign(
        day=[f"{s:%Y-%m-%d}" for s in visits["started"]],
        team=[teams.get(e, "–") for e in visits["enumerator"]],
    )
    return {by: _count(told, by) for by in ("village", "team", "day")}


def _count(visits: pd.DataFrame, by: str) -> tuple[Progress, ...]:
    names = visits[by].tolist()
    made = Counter(names)
    days: dict[str, Counter[str]] = {name: Counter() for name in sorted(made)}
    lines = zip(names, visits["day"].tolist(), visits["disposition"].tolist(), strict=True)
    for name, day, disposition in lines:
        if disposition == "completed":
            days[name][day] += 1
    return tuple(
        Progress(name, made[name], done.total(), dict(sorted(done.items())))
        for name, done in days.items()
    )
