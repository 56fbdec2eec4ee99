"""Read the columns of a table: identifiers into codes, cells into numbers.

A cell is used as it stands or refused with its row; nothing is filled in, cut
off or guessed. Rows are counted from 1 below the heading.
"""

from collections.abc import Hashable, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from auditlib.errors import EstimationError
from auditlib.language import Words

Codes: TypeAlias = NDArray[np.intp]
Numbers: TypeAlias = NDArray[np.float64]
Marks: TypeAlias = NDArray[np.bool_]
Column: TypeAlias = ArrayLike  # pandas columns too


NUMBER = Words("为一个数", "a number")
IDENTIFIER = Words("为标识码", "an identifier")
TRUE_OR_FALSE = Words("逐行为真或假", "true or false in every row")


def heading(column: Column, otherwise: Words) -> Words:
    """Return how to call a column in a sentence: by its heading where it has one."""
    name = getattr(column, "name", None)
    return otherwise if name is None else Words(f"“{name}”列", f"Column {name!r}")


def require_length(column: Column, what: Words, *, rows: int) -> None:
    """Refuse a column that has not one value for every row."""
    found = np.shape(column)
    if found != (rows,):
        raise EstimationError.bad_length(what, wanted=rows, found=found[0] if found else 1)


def codes(
    column: Column, what: Words, *, rows: Codes | None = None
) -> tuple[Codes, Sequence[Hashable]]:
    """Return a code from 0 for every row, in order of appearance, and the values coded.

    Parameters
    ----------
    column
        Identifiers.
    what
        What to call the column in a sentence.
    rows
        The rows to read; None: all.

    Raises
    ------
    EstimationError
        If a cell is empty.
    """
    values = column if isinstance(column, pd.Series) else pd.Series(np.asarray(column))
    coded, found = pd.factorize(values if rows is None else values.iloc[rows])
    names = list(found)
    empty = coded == (names.index("") if "" in names else -1)
    empty |= coded < 0
    if empty.any():
        at = int(np.argmax(empty))
        row = at if rows is None else int(rows[at])
        raise EstimationError.bad_cell(what, row + 1, None, expected=IDENTIFIER)
    return np.asarray(coded, dtype=np.intp), names


def paired(parents: Codes, children: Codes) -> Codes:
    """Return one code from 0 for every pair that occurs, in order of appearance."""
    width = int(children.max()) + 1
    return np.asarray(pd.factorize(parents * width + children)[0], dtype=np.intp)


def sums(group: Codes, values: Numbers, *, size: int) -> Numbers:
    """Return the sum of the values of every group from 0 to size - 1."""
    return np.asarray(np.bincount(group, values, minlength=size), dtype=np.float64)


def counts(group: Codes, *, size: int) -> Codes:
    """Return how often every group from 0 to size - 1 occurs."""
    return np.asarray(np.bincount(group, minlength=size), dtype=np.intp)


def numbers(
    column: Column,
    what: Words,
    *,
    expected: Words = NUMBER,
    infinite: bool = False,
    rows: Codes | None = None,
) -> Numbers:
    """Return the cells as numbers: digits with point, sign and exponent, and nothing else.

    Parameters
    ----------
    column
        Numbers, or text to be read as numbers.
    what
        What to call the column in a sentence.
    expected
        What to say a cell must be.
    infinite
        Whether infinity is a number here.
    rows
        The rows to read; None: all.

    Raises
    ------
    EstimationError
        If a cell is empty or no number, such as `1,000`, `12 %` or `n/a`.
    """
    cells = np.asarray(column)
    cells = cells if rows is None else cells[rows]
    match cells.dtype.kind:
        case "b" | "i" | "u" | "f":
            values = np.asarray(cells, dtype=np.float64)
        case "m" | "M" | "c":  # dates, times and complex numbers are no numbers here
            values = np.full(len(cells), np.nan)
        case _:
            read = pd.to_numeric(pd.Series(cells), errors="coerce")
            values = np.asarray(read, dtype=np.float64)
    bad = np.isnan(values) if infinite else ~np.isfinite(values)
    if bad.any():
        at = int(np.argmax(bad))
        row = at if rows is None else int(rows[at])
        raise EstimationError.bad_cell(what, row + 1, cells[at], expected=expected)
    return values


def truths(column: Column, what: Words, *, rows: int) -> Marks:
    """Return a condition that is true or false in every row."""
    require_length(column, what, rows=rows)
    values = np.asarray(column)
    if values.dtype != np.bool_:
        raise EstimationError.bad_option(what, str(values.dtype), expected=TRUE_OR_FALSE)
    return values
