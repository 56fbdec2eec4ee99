"""The quality of one phase's field work, from the team's own sheet of checks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from auditlib.fieldwork.quality import (
    EnumeratorWork,
    InterviewerEffect,
    QualityCheck,
    compare_backchecks,
    compare_enumerators,
    count_progress,
    derive,
    describe,
    interviewer_effect,
    likeness,
    run_checks,
    time_questions,
    time_visits,
)
from auditlib.fieldwork.summary import Quality
from auditlib.files import cells
from auditlib.files.inputs import Inputs
from auditlib.params import Params
from auditlib.tables import TABLES, Kind


@dataclass(frozen=True)
class Reviewed:
    """The record, the interviewers, and tables: flagged visits, repeated rows, times, columns."""

    quality: Quality
    enumerators: tuple[EnumeratorWork, ...]
    flags: pd.DataFrame
    duplicates: pd.DataFrame
    times: pd.DataFrame
    variables: pd.DataFrame


def sheet_of_checks(inputs: Inputs, params: Params) -> tuple[QualityCheck, ...]:
    """Return the checks of the team's sheet; those of the plan file where the sheet is empty."""
    own = inputs["quality_checks"]
    if own.empty:
        return tuple(
            QualityCheck(check=name, says=line.name.zh, **_fields(line.model_dump()))
            for name, line in params.plan.quality_checks.items()
        )
    return tuple(
        QualityCheck(
            check=row["check"],
            says=row["says"],
            **_fields({name: None if pd.isna(row[name]) else row[name] for name in _FIELDS}),
        )
        for _, row in own.iterrows()
    )


_FIELDS = ("table", "column", "kind", "values", "low", "high", "when", "equals", "severity")


_ANSWERS = (Kind.CODE, Kind.CODES, Kind.NUMBER, Kind.INTEGER)


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in _FIELDS}


def review_quality(
    visits: pd.DataFrame,
    persons: pd.DataFrame,
    recognition: pd.DataFrame,
    inputs: Inputs,
    params: Params,
    *,
    broken: frozenset[str],
    listed: pd.DataFrame,
) -> Reviewed:
    """Return how well the field work of a phase was done.

    Parameters
    ----------
    visits, persons, recognition
        Field tables of the phase.
    inputs
        Sheet of checks, interviewers, back-checks and villages.
    params
        The plan's limits, and the checks for want of a sheet.
    broken
        `visit_id` of the visits whose answers break a standard.
    listed
        Lifted households of the sample: `role` (`drawn` or `reserve`), and `within`, the village.
    """
    limits = params.plan.fieldwork
    times = inputs["question_times"]
    times = times[times["visit_id"].isin(visits["visit_id"])]
    told = time_visits(derive(visits, _places(inputs["villages"])), times, fast=limits.fast)
    done = told[told["disposition"] == "completed"]
    whose = told[["visit_id", "enumerator", "disposition", "date"]]
    tables = {
        "household_visits": told,
        "visit_persons": persons.merge(whose, on="visit_id"),
        "recognition": recognition.merge(whose, on="visit_id"),
    }
    checks = sheet_of_checks(inputs, params)
    results, flags = run_checks(checks, tables)
    members = inputs["enumerators"]
    teams = dict(zip(members["enumerator"], members["team"], strict=True))
    progress = count_progress(visits, teams)
    lifted = done[done["kind"] == "lifted"]
    counts = listed.loc[listed["role"] == "drawn", "within"].value_counts()
    compared = limits.compared
    quality = Quality(
        checks=results,
        undecided=len(inputs.duplicates),
        effects=tuple(_effect(lifted, broken, column) for column in limits.effects),
        likeness=likeness(
            lifted,
            [*compared, "income", "one_off_income"],
            alike=compared,
            level=float(limits.level),
        ),
        backchecks=compare_backchecks(
            inputs["backchecks"], done, _understand(params), tolerance=float(limits.tolerance)
        ),
        by_team=progress["team"],
        by_day=progress["day"],
        by_village=progress["village"],
        drawn={v.removeprefix("V-"): int(counts[v]) for v in sorted(counts.index)},
        purposive=int((visits["kind"] == "purposive").sum()),
        logged=times["visit_id"].nunique(),
    )
    known = (told[name].tolist() for name in ("study_id", "enumerator", "village"))
    of_visit = dict(zip(told["visit_id"].tolist(), zip(*known, strict=True), strict=True))
    rows = [(f.visit_id, *of_visit[f.visit_id], f.check, f.value) for f in flags]
    return Reviewed(
        quality,
        compare_enumerators(visits, broken, recognition=recognition, answers=compared, teams=teams),
        pd.DataFrame(
            rows, columns=["visit_id", "study_id", "enumerator", "village", "check", "value"]
        ),
        pd.DataFrame(
            [
                (d.table, d.row_key, d.fingerprint, d.row, " ".join(d.differs))
                for d in inputs.duplicates
            ],
            columns=["table", "row_key", "fingerprint", "row", "differs"],
        ),
        time_questions(times),
        describe(done, [c.name for c in TABLES["household_visits"].columns if c.kind in _ANSWERS]),
    )


def _effect(lifted: pd.DataFrame, broken: frozenset[str], column: str) -> InterviewerEffect:
    """Return the interviewer effect on a column; `broken` is whether a standard is broken."""
    if column == "broken":
        values = lifted["visit_id"].isin(broken).astype(float)
    else:
        values = lifted[column].astype("Float64")
    told = values.notna()
    return interviewer_effect(
        column, list(values[told].astype(float)), list(lifted.loc[told, "enumerator"])
    )


def _places(villages: pd.DataFrame) -> dict[str, tuple[float, float]]:
    located = villages[villages["latitude"].notna() & villages["longitude"].notna()]
    return {
        row.village: (float(row.latitude), float(row.longitude)) for row in located.itertuples()
    }


def _understand(params: Params) -> Callable[[str, str], Any]:
    """Return the reader of a back-check's answer: the same as that of the first answer."""
    columns = {column.name: column for column in TABLES["household_visits"].columns}
    codelists, as_of = params.plan.codelists(), params.round.as_of

    def understand(variable: str, text: str) -> Any:
        column = columns.get(variable)
        if column is None or column.kind is Kind.PRIVATE or not text.strip():
            return None
        value = cells.parser(column, codelists, as_of)(text.strip())
        return None if isinstance(value, cells.Fault) else value

    return understand
