"""Which cells of a table of counts must be hidden, so that nobody is recognised in it.

A count of 1 to `fewest` - 1 is hidden. So are as many more as it takes that a total
gives none of them back: at least two cells, and together no fewer than `fewest`, for
the sum of what is hidden can be had by subtraction, and is a cell itself. The smallest
counts are hidden first, and zeros last: a zero tells of nobody.

Source: Hundepool et al. (2012), Statistical Disclosure Control, Wiley, sections 5.2
and 5.3.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=object)


def is_small(count: int, fewest: int) -> bool:
    """Say whether a count is one in which somebody could be recognised: not zero, and too few."""
    return 0 < count < fewest


def cells_to_hide(
    counts: Mapping[K, int],
    *,
    fewest: int,
    totals: Iterable[Collection[K]] = (),
    unsafe: Collection[K] = (),
) -> frozenset[K]:
    """Return the cells that must not be shown.

    Parameters
    ----------
    counts
        Persons or households by cell, zero or more.
    fewest
        The smallest count that may be shown, zero apart.
    totals
        Sets of cells whose sum the reader has, because it stands in the table or anywhere
        else. They must not overlap: no cell is then found but from its own total.
    unsafe
        Cells that are hidden whatever they count, because their base is too small.

    Raises
    ------
    ValueError
        Two totals hold the same cell.
    """
    sets = [list(total) for total in totals]
    if sum(map(len, sets)) != len({key for cells in sets for key in cells}):
        raise ValueError("totals overlap")
    hidden = {key for key, count in counts.items() if is_small(count, fewest)} | set(unsafe)
    for cells in sets:
        found = [key for key in cells if key in hidden]
        if not found:
            continue
        rest = sorted((k for k in cells if k not in hidden), key=lambda k: _order(counts[k]))
        while rest and (len(found) < 2 or sum(counts[k] for k in found) < fewest):
            found.append(rest.pop(0))
        hidden |= set(found)
    return frozenset(hidden)


def _order(count: int) -> tuple[bool, int]:
    return count == 0, count
