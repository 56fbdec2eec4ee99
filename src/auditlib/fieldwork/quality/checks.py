"""Checks of the answers as a sheet asks for them; the team edits it, the code only compares.

After the high-frequency checks of Innovations for Poverty Action and of UNHCR;
`docs/quality.md` compares the lists.

Source of the outliers: Iglewicz and Hoaglin (1993), How to Detect and Handle
Outliers, ASQC, modified z-score.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

import pandas as pd

from auditlib.estimation.intervals import binomial_interval
from auditlib.fieldwork.quality.timing import TIMED

DERIVED = ("minutes", "hour", "date", "nights", "kilometres", "position", *TIMED)
"""Columns of `household_visits` that are made from others, and may be checked like them."""

EARTH = 6371.0088  # km, mean radius, IUGG


@dataclass(frozen=True)
class QualityCheck:
    """One line of the sheet.

    Attributes
    ----------
    check, says
        Its name, and what it asks in words.
    table, column
        What is looked at: `household_visits`, `visit_persons` or `recognition`.
    kind
        `missing`, `range`, `outlier`, `holds`, `logic`, `repeated`, `version` or `share`.
    values
        Codes that the kind looks for, blanks between.
    low, high
        Limits in the column's unit; `high` of an outlier is its modified z-score, of a
        share the largest, with `low` the fewest rows of an interviewer.
    when, equals
        Only rows in which that column holds one of these codes; empty for all.
    severity
        `hard`: must be mended; `soft`: must be explained; `watch`: for those who supervise.
    """

    check: str
    says: str
    table: str
    column: str
    kind: str
    values: str = ""
    low: float | None = None
    high: float | None = None
    when: str = ""
    equals: str = ""
    severity: str = "soft"


@dataclass(frozen=True)
class Flag:
    """One visit that the team should look at again; `value` is what was found."""

    visit_id: str
    check: str
    value: str


@dataclass(frozen=True)
class CheckResult:
    """What became of a check: `flagged` of `rows` looked at.

    `upper` is the upper limit of the true share at 95 % confidence, one-sided, had the
    visits been a random sample of the team's work; 1 where nothing was looked at.
    `interviewers` are those whose share passes the limit.
    """

    check: str
    says: str
    severity: str
    rows: int
    flagged: int
    upper: float
    interviewers: tuple[str, ...] = ()


def derive(visits: pd.DataFrame, villages: Mapping[str, tuple[float, float]]) -> pd.DataFrame:
    """Return the visits with the derived columns.

    Parameters
    ----------
    visits
        Table `household_visits`.
    villages
        Latitude and longitude of the villages that have them, in degrees.
    """
    positions = [
        None if pd.isna(lat) or pd.isna(lon) else (float(lat), float(lon))
        for lat, lon in zip(visits["latitude"], visits["longitude"], strict=True)
    ]
    return visits.assign(
        minutes=minutes(visits),
        hour=pd.array([s.hour + s.minute / 60 for s in visits["started"]], dtype="Float64"),
        date=pd.array([int(f"{s:%Y%m%d}") for s in visits["started"]], dtype="Int64"),
        nights=pd.array(
            [
                None if e is None else (e.date() - s.date()).days
                for s, e in zip(visits["started"], visits["ended"], strict=True)
            ],
            dtype="Int64",
        ),
        kilometres=pd.array(
            [
                kilometres(place, villages[village]) if place and village in villages else None
                for place, village in zip(positions, visits["village"], strict=True)
            ],
            dtype="Float64",
        ),
        position=["" if p is None else f"{p[0]:.5f},{p[1]:.5f}" for p in positions],
    )


def minutes(visits: pd.DataFrame) -> pd.Series:
    """Return the duration of every visit in minutes; missing where an end is missing."""
    pairs = zip(visits["started"], visits["ended"], strict=True)
    values = [
        (end - start).total_seconds() / 60 if end is not None and start is not None else None
        for start, end in pairs
    ]
    return pd.Series(values, index=visits.index, dtype="Float64")


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance of two places, given by latitude and longitude in degrees."""
    (y1, x1), (y2, x2) = ((radians(lat), radians(lon)) for lat, lon in (a, b))
    h = sin((y2 - y1) / 2) ** 2 + cos(y1) * cos(y2) * sin((x2 - x1) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(h)))


def run_checks(
    checks: Iterable[QualityCheck], tables: Mapping[str, pd.DataFrame]
) -> tuple[tuple[CheckResult, ...], tuple[Flag, ...]]:
    """Return what became of every check, and every visit it flags.

    Parameters
    ----------
    checks
        Lines of the sheet, in its order.
    tables
        Visits with the derived columns, and the tables of their members and answers;
        every table has `visit_id`, `enumerator` and `disposition`.

    Raises
    ------
    KeyError
        A check names a table, column or kind that does not exist; the sheet is checked
        for that when it is read.
    """
    results, flags = [], []
    done = {name: rows[rows["disposition"] == "completed"] for name, rows in tables.items()}
    for check in checks:
        ended = tables if check.column == "disposition" else done
        rows = _looked_at(check, ended[check.table])
        if check.kind == "share":
            results.append(_share(check, rows))
            continue
        found = KINDS[check.kind](check, rows)
        flags += [
            Flag(visit, check.check, value)
            for visit, value in zip(
                rows.loc[found.index, "visit_id"], found.map(_plain), strict=True
            )
        ]
        results.append(_result(check, len(rows), len(found)))
    return tuple(results), tuple(flags)


def _looked_at(check: QualityCheck, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the visits under the condition, with the columns that are needed."""
    names = {"visit_id", "enumerator", "disposition", "date", check.column, check.when} - {""}
    rows = rows[[name for name in rows if name in names]]  # of some sixty columns
    if check.when:
        rows = rows[_holds(rows[check.when], check.equals)]
    return (
        rows if check.kind in ("missing", "logic", "share") else rows[~_empty(rows[check.column])]
    )


def _result(check: QualityCheck, rows: int, flagged: int) -> CheckResult:
    upper = binomial_interval(flagged, rows, side="upper")[1] if rows else 1.0
    return CheckResult(check.check, check.says, check.severity, rows, flagged, upper)


def _holds(column: pd.Series, values: str) -> pd.Series:
    wanted = set(values.split())
    return column.map(lambda cell: not wanted.isdisjoint(_plain(cell).split())).astype(bool)


def _empty(column: pd.Series) -> pd.Series:
    return (column.isna() | column.isin([""])).astype(bool)


def _plain(cell: object) -> str:
    if cell is None or pd.isna(cell):
        return ""
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _missing(check: QualityCheck, rows: pd.DataFrame) -> pd.Series:
    column = rows[check.column]
    return column[_empty(column)]


def _range(check: QualityCheck, rows: pd.DataFrame) -> pd.Series:
    column = rows[check.column].dropna().astype(float)
    low = float("-inf") if check.low is None else check.low
    high = float("inf") if check.high is None else check.high
    return column[(column < low) | (column > high)]


def _outlier(check: QualityCheck, rows: pd.DataFrame) -> pd.Series:
    column = rows[check.column].dropna().astype(float)
    distance = (column - column.median()).abs()
    spread = distance.median()
    if not spread > 0:  # more than half of the values are the same: none is far from them
        return column.iloc[:0]
    return column[0.6745 * distance / spread > (check.high or 3.5)]


def _held(check: QualityCheck, rows: pd.DataFrame) -> pd.Series:
    column = rows[check.column]
    return column[_holds(column, check.values)]


def _logic(check: QualityCheck, rows: pd.DataFrame) -> pd.Series:
    """Where the condition holds, the column must hold one of the values; any, if none is named."""
    column = rows[check.column]
    return column[~_holds(column, check.values) if check.values else _empty(column)]


def _repeated(check: QualityCheck, rows: pd.DataFrame) -> pd.Series:
    column = rows[check.column]
    filled = column[~_empty(column)]
    return filled[filled.duplicated(keep=False)]


def _version(check: QualityCheck, rows: pd.DataFrame) -> pd.Series:
    """A version older than one that was in use on an earlier day already."""
    column = rows[check.column]
    filled = rows[~_empty(column)]
    newest = filled.groupby("date")[check.column].max().sort_index().cummax().shift(fill_value="")
    return column.loc[filled.index[filled[check.column] < filled["date"].map(newest)]]


KINDS: Mapping[str, Callable[[QualityCheck, pd.DataFrame], pd.Series]] = {
    "missing": _missing,
    "range": _range,
    "outlier": _outlier,
    "holds": _held,
    "logic": _logic,
    "repeated": _repeated,
    "version": _version,
}


def _share(check: QualityCheck, rows: pd.DataFrame) -> CheckResult:
    """Name the interviewers with a larger share than allowed, of few rows none."""
    held = _holds(rows[check.column], check.values) if check.values else _empty(rows[check.column])
    by = held.groupby(rows["enumerator"])
    shares, sizes = by.mean(), by.size()
    passed = shares.index[(shares > (check.high or 0)) & (sizes >= (check.low or 1))]
    result = _result(check, len(rows), int(held.sum()))
    return CheckResult(
        result.check,
        result.says,
        result.severity,
        result.rows,
        result.flagged,
        result.upper,
        tuple(sorted(passed)),
    )
