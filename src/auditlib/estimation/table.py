"""Estimate one figure from anyone's table: the figure behind `auditlib estimate`.

Columns are named by their headings; cells may be numbers or text. Nothing is
filled in or left out unasked: a cell that cannot be used is refused by its row.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from auditlib.errors import EstimationError
from auditlib.estimation.columns import Column, Marks
from auditlib.estimation.design import Design
from auditlib.estimation.intervals import Estimate
from auditlib.estimation.intervals import interval as set_limits
from auditlib.estimation.limits import CORRELATION
from auditlib.estimation.linearisation import estimate_statistic
from auditlib.language import Words

Names = str | Sequence[str]
DF = Words("为 design、inf 或大于0的数", "design, inf or a number above 0")


def estimate(
    table: pd.DataFrame,
    *,
    statistic: str,
    variable: str,
    per: str | None = None,
    weights: str | None = None,
    strata: Names = (),
    units: Names = (),
    populations: Names = (),
    probabilities: Names = (),
    where: Names = (),
    interval: str | None = None,
    level: float = 0.95,
    side: str = "both",
    df: str | float = "design",
    lonely: str = "adjust",
    nest: bool = False,
    correlation: float = CORRELATION,
) -> Estimate:
    """Estimate one figure from a table of a sample.

    Parameters
    ----------
    table
        The sample, a row for each observation; numbers, or text as in a CSV file.
    statistic
        `total`, `mean`, `ratio` or `share` of the variable.
    variable, per
        Heading of the variable, and of a ratio's denominator.
    weights
        Heading of the weights; None: from populations or probabilities, or else equal.
    strata, units, populations, probabilities
        Headings, first stage first, in a list or with commas between; an empty one
        where a stage has none. See `Design.from_columns`.
    where
        Conditions `COLUMN=VALUE`, compared as text. Conditions on different columns must
        all hold; of several on the same column, one.
    interval
        Limits, one of `METHODS`; None: `beta-capped` for a rate, and `wald`.
    level, side, correlation
        See `interval`.
    df
        `design`, `inf`, or a number above 0.
    lonely, nest
        See `Design.from_columns`.

    Returns
    -------
    Estimate
        The figure, in the unit of its column.

    Raises
    ------
    EstimationError
        If a column is missing, a cell cannot be used, or an option is wrong.
    """
    design = Design.from_columns(
        units=_columns(table, units),
        strata=_columns(table, strata),
        populations=_columns(table, populations),
        probabilities=_columns(table, probabilities),
        weights=_column(table, weights),
        rows=len(table),
        nest=nest,
        lonely=lonely,
    )
    y, x = _named(table, variable), _column(table, per)
    found = estimate_statistic(design, statistic, y, x, where=_rows(table, where))
    return set_limits(
        found,
        method=interval,
        level=level,
        side=side,
        df=_degrees(df, found.df),
        correlation=correlation,
    )


def _named(table: pd.DataFrame, name: str) -> Column:
    """Return the column of that heading."""
    if name not in table.columns:
        raise EstimationError.no_column(name, columns=table.columns)
    column: Column = table[name]
    return column


def _column(table: pd.DataFrame, name: str | None) -> Column | None:
    """Return the column of that heading; none for no heading."""
    return _named(table, name) if name else None


def _columns(table: pd.DataFrame, names: Names) -> list[Column | None]:
    """Return the columns of the stages."""
    listed = names.split(",") if isinstance(names, str) else names
    if list(listed) == [""]:
        return []
    return [_column(table, name.strip()) for name in listed]


def _rows(table: pd.DataFrame, conditions: Names) -> Marks | None:
    """Return which rows meet the conditions; none for no condition."""
    listed = [conditions] if isinstance(conditions, str) else conditions
    allowed: dict[str, Marks] = {}
    for condition in listed:
        name, equals, value = condition.partition("=")
        if not equals:
            raise EstimationError.bad_condition(condition)
        met = _equal(_named(table, name.strip()), value.strip())
        allowed[name.strip()] = allowed.get(name.strip(), np.zeros(len(table), dtype=bool)) | met
    return np.logical_and.reduce(list(allowed.values())) if allowed else None


def _equal(column: Column, value: str) -> Marks:
    """Say which cells have the value, as text or, in a column of numbers, as a number."""
    cells = pd.Series(np.asarray(column))
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        return np.asarray(cells == pd.to_numeric(pd.Series([value]), errors="coerce")[0])
    return np.asarray(cells.astype(str) == value)


def _degrees(df: str | float, of_design: float) -> float:
    """Return the degrees of freedom asked for."""
    if df == "design":
        return of_design
    try:
        number = float(df)
    except ValueError:
        number = 0.0
    if not number > 0:
        raise EstimationError.bad_option(Words("自由度", "The degrees of freedom"), df, expected=DF)
    return number
