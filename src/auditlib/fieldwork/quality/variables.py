"""What stands in every column: answered, missing, distinct values, "other", spread of numbers."""

from collections.abc import Iterable

import pandas as pd


def describe(visits: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Return a row for every column.

    Parameters
    ----------
    visits
        Completed visits.
    columns
        Answers to describe; free text and identifiers left out by the caller.

    Returns
    -------
    pandas.DataFrame
        `column`, `rows`, `answered`, `missing`, `distinct`, `other` (answers that hold the
        code `other`), and `least`, `median`, `most` of numbers, empty for choices.
    """
    rows = []
    for name in columns:
        column = visits[name]
        told = column[~(column.isna() | column.isin([""])).astype(bool)]
        numbers = told.astype(float) if pd.api.types.is_numeric_dtype(column) else None
        spread = (
            ("", "", "")
            if numbers is None or numbers.empty
            else tuple(f"{v:g}" for v in (numbers.min(), numbers.median(), numbers.max()))
        )
        other = 0 if numbers is not None else sum("other" in str(c).split() for c in told.tolist())
        rows.append(
            (name, len(column), len(told), len(column) - len(told), told.nunique(), other, *spread)
        )
    headings = ("column", "rows", "answered", "missing", "distinct", "other")
    return pd.DataFrame(rows, columns=[*headings, "least", "median", "most"])
