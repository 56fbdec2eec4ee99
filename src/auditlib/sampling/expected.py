"""The expected number of villages of every township and type, in whole millionths.

Within a type, every village has the same probability π = min(1, a_k·b_t): a_k
fixes the type's total, and b_t is 1 except in townships that would otherwise
expect less than one village. Of all tables with these margins it is the one
nearest to equal probabilities (least Kullback-Leibler distance); a_k and b_t are
found in turn, each exactly for the others. Only + - × ÷ and correctly rounded
sums are used, so every machine finds the same table.

Millionths: cells are rounded to the nearest, townships below one village are
filled up, and single millionths then move between types along shortest paths
until every type's total is exact. The millionths stand in the published design;
whoever redraws takes them from there.

Source: Deming & Stephan (1940), Ann. Math. Statist. 11:427; Bregman (1967), USSR
Comput. Math. Math. Phys. 7:200, for bounds; Ford & Fulkerson (1956) for the paths.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from math import fsum

from auditlib.errors import SelectionError

MILLION = 1_000_000
ROUNDS = 10_000  # far more than any frame needs; the millionths are exact in any case
STILL = 1e-13
UNBOUNDED = 1e15  # townships that ask for more than the types' totals drive b_t up for ever

Table = list[list[int]]


def expected_cells(counts: Sequence[Sequence[int]], columns: Sequence[int]) -> Table:
    """Return the expected villages of every cell, in millionths.

    Parameters
    ----------
    counts
        Villages in the frame, a row for each township and a column for each type.
    columns
        Villages to draw of every type; they must fit (`allocation.fits`).

    Returns
    -------
    list of list of int
        Above 0 and at most `counts` wherever there are villages; columns add up
        exactly, rows to one village or more.
    """
    real = rake(counts, columns)
    cells = [
        [
            min(max(round(e * MILLION), 1), N * MILLION) if N else 0
            for e, N in zip(*row, strict=True)
        ]
        for row in zip(real, counts, strict=True)
    ]
    for row, N in zip(cells, counts, strict=True):
        _fill(row, N)
    _settle(cells, counts, [c * MILLION for c in columns])
    return cells


def rake(counts: Sequence[Sequence[int]], columns: Sequence[int]) -> list[list[float]]:
    """Return N·min(1, a_k·b_t) with the columns wanted and rows of one or more."""
    by_column = list(zip(*counts, strict=True))
    b = [1.0] * len(counts)
    for _ in range(ROUNDS):
        a = [_factor(N, b, c) for N, c in zip(by_column, columns, strict=True)]
        before, b = b, [max(1.0, _factor(N, a, 1)) for N in counts]
        if max(b) > UNBOUNDED:
            raise SelectionError.columns_do_not_fit()
        if all(abs(new - old) <= STILL * new for new, old in zip(b, before, strict=True)):
            break
    return [
        [N * min(1.0, a_k * b_t) for N, a_k in zip(row, a, strict=True)]
        for row, b_t in zip(counts, b, strict=True)
    ]


def _factor(counts: Sequence[int], others: Sequence[float], total: int) -> float:
    """Return f with Σ N·min(1, f·other) = total; the largest reach 1 first."""
    pairs = sorted(((other, N) for other, N in zip(others, counts, strict=True) if N), reverse=True)
    taken = 0
    for i, (other, N) in enumerate(pairs):
        f = (total - taken) / fsum(o * M for o, M in pairs[i:])
        if f * other <= 1:
            return f
        taken += N
    return 1 / pairs[-1][0] if pairs else 0.0


def _fill(row: list[int], counts: Sequence[int]) -> None:
    """Raise a township to one village, its largest cells first."""
    for k in sorted(range(len(row)), key=lambda k: -row[k]):
        row[k] += max(0, min(MILLION - sum(row), counts[k] * MILLION - row[k]))


def _settle(cells: Table, counts: Sequence[Sequence[int]], wanted: Sequence[int]) -> None:
    """Move single millionths until every column is exact; rows stay at one or above.

    A millionth moves from a column to another inside a township, or enters or
    leaves a township that can bear it (`outside`, the last number).
    """
    outside = len(wanted)
    while True:
        over = [sum(column) - w for column, w in zip(zip(*cells, strict=True), wanted, strict=True)]
        over.append(-sum(over))
        if not any(over):
            return
        path = _shortest(cells, counts, over)
        for source, target, t in path:
            if source != outside:
                cells[t][source] -= 1
            if target != outside:
                cells[t][target] += 1


def _shortest(
    cells: Table, counts: Sequence[Sequence[int]], over: Sequence[int]
) -> list[tuple[int, int, int]]:
    """Return the moves (from, to, township) from a column in excess to one in want."""
    start = next(k for k, o in enumerate(over) if o > 0)
    came: dict[int, tuple[int, int, int]] = {}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        if over[here] < 0:
            return _back(came, start, here)
        for there in range(len(over)):
            if there != start and there not in came:
                t = _bearer(cells, counts, here, there)
                if t is not None:
                    came[there] = (here, there, t)
                    queue.append(there)
    raise SelectionError.columns_do_not_fit()


def _back(
    came: Mapping[int, tuple[int, int, int]], start: int, here: int
) -> list[tuple[int, int, int]]:
    path = []
    while here != start:
        path.append(came[here])
        here = came[here][0]
    return path


def _bearer(cells: Table, counts: Sequence[Sequence[int]], here: int, there: int) -> int | None:
    """Return the first township that can bear a move between two columns."""
    outside = len(cells[0])
    for t, (row, N) in enumerate(zip(cells, counts, strict=True)):
        gives = here == outside or row[here] > 1
        takes = there == outside or row[there] < N[there] * MILLION
        if gives and takes and (there != outside or sum(row) > MILLION):
            return t
    return None
