"""Estimate one figure from anyone's table: the figure behind `auditlib estimate`.

Columns are named by their headings; cells may be numbers or text. Nothing is
filled in or left out unasked: a cell that cannot be used is refused by its row.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from auditlib.errors import EstimationError
from auditlib.estimation.columns import IDENTIFIER, NUMBER, Column, Marks
from auditlib.estimation.design import WEIGHT, Design
from auditlib.estimation.intervals import Estimate
from auditlib.estimation.intervals import interval as set_limits
from auditlib.estimation.limits import CORRELATION
from auditlib.estimation.linearisation import estimate_statistic
from auditlib.estimation.stages import PROBABILITY, UNITS
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
        Conditions `COLUMN=VALUE` or `COLUMN!=VALUE`, compared as text. Conditions on
        different columns must all hold, and so must those with `!=`; of several with `=`
        on the same column, one. `COLUMN!=` leaves out rows with an empty cell.
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


def named_columns(
    *,
    variable: str,
    per: str | None = None,
    weights: str | None = None,
    strata: Names = (),
    units: Names = (),
    populations: Names = (),
    probabilities: Names = (),
    where: Names = (),
) -> Iterator[tuple[str, str]]:
    """Yield every heading that the options of `estimate` name, after its option."""
    conditions = [where] if isinstance(where, str) else where
    named: dict[str, list[str | None] | list[str]] = {
        "variable": [variable],
        "per": [per],
        "weights": [weights],
        "strata": _listed(strata),
        "units": _listed(units),
        "populations": _listed(populations),
        "probabilities": _listed(probabilities),
        "where": [_condition(condition)[0] for condition in conditions],
    }
    for option, headings in named.items():
        yield from ((option, name) for name in headings if name)


def unusable_cells(
    table: pd.DataFrame, **options: Names | None
) -> Iterator[tuple[str, Words, list[int]]]:
    """Yield what cannot be used: heading, what its cells must be, numbers of the rows.

    Parameters
    ----------
    table, options
        As of `estimate`; every column named is there. The variable and its denominator
        are looked at where the conditions hold, the columns of the design everywhere.
    """
    met = _rows(table, options.get("where") or ())
    everywhere = np.ones(len(table), dtype=bool)
    kinds = {
        "variable": (NUMBER, -np.inf, np.inf),
        "per": (NUMBER, -np.inf, np.inf),
        "weights": (WEIGHT, 0.0, np.inf),
        "populations": (UNITS, 0.0, None),
        "probabilities": (PROBABILITY, 0.0, 1.0),
    }
    for option, name in named_columns(**options):  # type: ignore[arg-type]
        cells = pd.Series(np.asarray(table[name]))
        looked = met if option in ("variable", "per") and met is not None else everywhere
        if option in ("strata", "units"):
            bad, expected = cells.isna() | (cells.astype(str).str.strip() == ""), IDENTIFIER
        elif option in kinds:
            expected, least, most = kinds[option]
            values = pd.to_numeric(cells, errors="coerce")
            bad = values.isna() | (values < least) | (most is not None and values.abs() == np.inf)
            bad |= (option == "probabilities") & ((values <= 0) | (values > 1))
        else:
            continue
        if rows := list(table.index[np.asarray(bad) & looked]):
            yield name, expected, [int(row) for row in rows]


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
    return [_column(table, name) for name in _listed(names)]


def _listed(names: Names) -> list[str]:
    """Return the headings of the stages, empty where a stage has none."""
    listed = names.split(",") if isinstance(names, str) else list(names)
    return [] if listed == [""] else [name.strip() for name in listed]


def _rows(table: pd.DataFrame, conditions: Names) -> Marks | None:
    """Return which rows meet the conditions; none for no condition."""
    listed = [conditions] if isinstance(conditions, str) else conditions
    allowed: dict[str, Marks] = {}
    kept = []
    for name, value, equal in map(_condition, listed):
        met = _equal(_named(table, name), value)
        if equal:
            allowed[name] = allowed.get(name, np.zeros(len(table), dtype=bool)) | met
        else:
            kept.append(~met)
    parts = [*allowed.values(), *kept]
    return np.logical_and.reduce(parts) if parts else None


def _condition(condition: str) -> tuple[str, str, bool]:
    """Return column and value, and whether they must be equal."""
    name, equals, value = condition.partition("=")
    if not equals or not name.strip("! "):
        raise EstimationError.bad_condition(condition)
    return name.removesuffix("!").strip(), value.strip(), not name.endswith("!")


def _equal(column: Column, value: str) -> Marks:
    """Say which cells have the value, as text or, in a column of numbers, as a number."""
    cells = pd.Series(np.asarray(column))
    if not value:
        return np.asarray(cells.isna() | (cells.astype(str).str.strip() == ""))
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        return np.asarray(cells == pd.to_numeric(pd.Series([value]), errors="coerce")[0])
    return np.asarray(cells.astype(str).str.strip() == value)


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
