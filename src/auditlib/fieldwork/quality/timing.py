"""How long the questions took: active time, questions too fast, pauses, answers changed.

After `ipachecktextaudit` and `ipachecktimeuse` of Innovations for Poverty Action.
"""

import pandas as pd

TIMED = ("active_minutes", "fast_questions", "longest_pause", "answers_changed")
"""Columns of a visit that are made from the tablet's log; empty for a visit without one."""


def time_visits(visits: pd.DataFrame, times: pd.DataFrame, *, fast: float) -> pd.DataFrame:
    """Return the visits with what their logs tell.

    Parameters
    ----------
    visits
        Table `household_visits`.
    times
        Table `question_times`: `seconds` a question, `pause` in minutes before it.
    fast
        Seconds below which nobody can have read a question aloud.

    Returns
    -------
    pandas.DataFrame
        The visits with `active_minutes`, `fast_questions`, `longest_pause` (minutes: away
        from the tablet, or on one question) and `answers_changed`.
    """
    seconds = times["seconds"].astype(float)
    whole = pd.DataFrame(
        {
            "visit_id": times["visit_id"],
            "active_minutes": seconds / 60,
            "fast_questions": (seconds < fast).astype(int),
            "longest_pause": pd.concat(
                [times["pause"].astype("Float64").fillna(0).astype(float), seconds / 60], axis=1
            ).max(axis=1),
            "answers_changed": times["changed"].astype("Int64").fillna(0).astype(int),
        }
    )
    sums = dict.fromkeys(("active_minutes", "fast_questions", "answers_changed"), "sum")
    made = whole.groupby("visit_id").agg({**sums, "longest_pause": "max"})
    columns = {name: visits["visit_id"].map(made[name]).astype("Float64") for name in TIMED}
    return visits.assign(**{name: column.round(2) for name, column in columns.items()})


def time_questions(times: pd.DataFrame) -> pd.DataFrame:
    """Return a row for every question, the slowest first.

    Returns
    -------
    pandas.DataFrame
        `question`, `visits`, `median` and `most` in seconds, `opened` and `changed` a
        hundred visits.
    """
    if times.empty:
        return pd.DataFrame(columns=["question", "visits", "median", "most", "opened", "changed"])
    told = times.assign(
        seconds=times["seconds"].astype(float),
        opened=times["opened"].astype("Int64").fillna(0).astype(int),
        changed=times["changed"].astype("Int64").fillna(0).astype(int),
    )
    by = told.groupby("question", sort=True)
    table = pd.DataFrame(
        {
            "visits": by.size(),
            "median": by["seconds"].median().round(1),
            "most": by["seconds"].max().round(1),
            "opened": (100 * by["opened"].mean()).round().astype(int),
            "changed": (100 * by["changed"].mean()).round().astype(int),
        }
    ).reset_index()
    return table.sort_values(["median", "question"], ascending=[False, True], ignore_index=True)
