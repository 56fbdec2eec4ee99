"""How the interviews were done: duration, time of day, repeats, who was present.

A flag is a question to the team, never a result by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Flag:
    """One visit that the team should look at again; `value` in the unit of the check."""

    visit_id: str
    check: str
    value: float


@dataclass(frozen=True)
class EnumeratorWork:
    """One interviewer: visits, completed, refused, median minutes, suspicions found."""

    enumerator: str
    visits: int
    completed: int
    refused: int
    median_minutes: float
    suspected: int
    cadres_present: int


def minutes(visits: pd.DataFrame) -> pd.Series:
    """Return the duration of every visit in minutes; missing where an end is missing."""
    pairs = zip(visits["started"], visits["ended"], strict=True)
    values = [
        (end - start).total_seconds() / 60 if end is not None and start is not None else None
        for start, end in pairs
    ]
    return pd.Series(values, index=visits.index, dtype="Float64")


def flag_visits(
    visits: pd.DataFrame, *, shortest: float, longest: float, earliest: int, latest: int
) -> tuple[Flag, ...]:
    """Return the completed visits that the team should look at again.

    Parameters
    ----------
    visits
        Table `household_visits` of one phase.
    shortest, longest
        Minutes that an interview ordinarily takes at least and at most.
    earliest, latest
        Hours of the day between which interviews begin.
    """
    done = visits[visits["disposition"] == "completed"]
    length = minutes(done)
    hour = pd.Series([start.hour for start in done["started"]], index=done.index)
    repeated = done[done.duplicated("study_id", keep=False)]
    parts: Mapping[str, pd.Series] = {
        "short": length[length < shortest],
        "long": length[length > longest],
        "hour": hour[(hour < earliest) | (hour >= latest)],
        "repeated": pd.Series(1, index=repeated.index),
        "coached": pd.Series(1, index=done.index[done["coached"] == "yes"]),
        "cadre_present": pd.Series(1, index=done.index[_cadres(done)]),
    }
    return tuple(
        Flag(str(done.at[i, "visit_id"]), check, float(value))
        for check, values in parts.items()
        for i, value in values.items()
    )


def compare_enumerators(
    visits: pd.DataFrame, suspected: frozenset[str]
) -> tuple[EnumeratorWork, ...]:
    """Return the work of every interviewer.

    Parameters
    ----------
    visits
        Table `household_visits` of one phase.
    suspected
        `visit_id` of the visits whose answers break a standard.
    """
    found = []
    for enumerator, rows in visits.groupby("enumerator", sort=True):
        done = rows[rows["disposition"] == "completed"]
        median = minutes(done).median()
        found.append(
            EnumeratorWork(
                enumerator=enumerator,
                visits=len(rows),
                completed=len(done),
                refused=int((rows["disposition"] == "refused").sum()),
                median_minutes=0.0 if pd.isna(median) else float(median),
                suspected=int(done["visit_id"].isin(suspected).sum()),
                cadres_present=int(_cadres(done).sum()),
            )
        )
    return tuple(found)


def _cadres(visits: pd.DataFrame) -> pd.Series:
    return visits["others_present"].str.contains("cadre")
