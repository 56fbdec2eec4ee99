"""How many villages of every type: all quotas at once, or the order of giving way.

Types are poor × remote. For a number of villages n, every table of column totals
is tried. Hard are: each type that exists is drawn from, no type gives more than
it has, every township can be reached and every village can be drawn. Among the
tables that fit, the quotas count in this order: `per_kind` villages a type, the
remote share, the poor share; last, the least Σ N_k²/c_k, which serves the
county's estimate. So the poor share gives way first. Where no table fits, n
moves: up to the most, then down to the fewest, then above the most.

Source: Hall (1935), J. London Math. Soc. 10:26, for the townships; Cochran
(1977), section 5.5, for Σ N_k²/c_k (equal variances and costs).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

from auditlib.sampling.frame import KINDS
from auditlib.sampling.notes import Note, note
from auditlib.sampling.quotas import Quotas, nearest, up

Counts = Mapping[str, Mapping[str, int]]
"""Villages by township and type, as `village_counts` returns them."""

Columns = tuple[int, ...]
"""Villages to draw of every type, in the order of `KINDS`."""


@dataclass(frozen=True)
class Allocation:
    """Villages to draw of every type, and what gave way to make them fit."""

    columns: Columns
    gave_way: tuple[Note, ...]

    @property
    def villages(self) -> int:
        """Number of villages to draw."""
        return sum(self.columns)


def allocate(counts: Counts, quotas: Quotas) -> Allocation:
    """Return the villages to draw of every type for the first number that fits.

    A county of no more than `quotas.fewest` villages is visited whole.
    """
    listed = _listed(counts)
    if sum(listed) <= quotas.fewest:
        return census(counts, quotas, note("census", listed=sum(listed), least=quotas.fewest))
    columns = next(filter(None, (best_columns(counts, n, quotas) for n in _sizes(listed, quotas))))
    allocation = describe(counts, columns, quotas)
    if allocation.villages == quotas.villages:
        return allocation
    moved = note("villages", wanted=quotas.villages, got=allocation.villages)
    return Allocation(columns, (moved, *allocation.gave_way))


def census(counts: Counts, quotas: Quotas, why: Note) -> Allocation:
    """Return the allocation that visits every village, with the reason first."""
    listed = _listed(counts)
    return Allocation(listed, (why, *describe(counts, listed, quotas).gave_way))


def describe(counts: Counts, columns: Columns, quotas: Quotas) -> Allocation:
    """Return the allocation with a note for every share that these columns miss."""
    listed = _listed(counts)
    poor, remote = targets(listed, sum(columns), quotas)
    gave_way = []
    if _poor(columns) != poor:
        gave_way.append(note("poor", wanted=poor, got=_poor(columns)))
    if _remote_gap(_remote(columns), remote, quotas):
        gave_way.append(note("remote", wanted=remote, got=_remote(columns)))
    gave_way += [
        note("per_kind", kind=kind, wanted=min(quotas.per_kind, N_k), got=c_k)
        for kind, c_k, N_k in zip(KINDS, columns, listed, strict=True)
        if c_k < min(quotas.per_kind, N_k)
    ]
    return Allocation(columns, tuple(gave_way))


def best_columns(counts: Counts, n: int, quotas: Quotas) -> Columns | None:
    """Return the best column totals for n villages, or None if no table fits."""
    listed = _listed(counts)
    poor, remote = targets(listed, n, quotas)
    needs = township_needs(counts)

    def misses(columns: Columns) -> tuple[int, int, int]:
        few = sum(
            max(0, min(quotas.per_kind, N_k) - c_k)
            for c_k, N_k in zip(columns, listed, strict=True)
        )
        gap = _remote_gap(_remote(columns), remote, quotas)
        return few, gap, abs(_poor(columns) - poor)

    tables = {c: misses(c) for c in _tables(listed, n) if fits(c, needs)}
    if not tables:
        return None
    least = min(tables.values())
    equals = (columns for columns, missed in tables.items() if missed == least)
    return min(equals, key=lambda columns: (spread(listed, columns), columns))


def targets(listed: Columns, n: int, quotas: Quotas) -> tuple[int, int]:
    """Return the poor and the remote villages wanted among n.

    Poor: the share by largest remainder, a half in favour of poor villages.
    Remote: the share rounded up; read literally, to it comes what the rest is
    expected to hold when drawn from all villages that are left.
    """
    remote = up(quotas.remote * n)
    if quotas.literal_halves:
        remote = min(remote, _remote(listed))
        left = Fraction(_remote(listed) - remote, max(1, sum(listed) - remote))
        remote += nearest((n - remote) * left)
    return nearest(quotas.poor * n), remote


def township_needs(counts: Counts) -> dict[frozenset[int], int]:
    """Return for every set S of types the villages it must give at least.

    Townships with villages only in S need one each. If some other township has
    villages in S too, one more is needed, or those could never be drawn: this is
    the condition under which expected cells with every π > 0 exist.
    """
    rows = [frozenset(k for k, N in enumerate(row.values()) if N) for row in counts.values()]
    needs = {}
    for size in range(1, len(KINDS) + 1):
        for members in combinations(range(len(KINDS)), size):
            S = frozenset(members)
            inside = sum(row <= S for row in rows)
            needs[S] = inside + any(row & S and not row <= S for row in rows)
    return needs


def fits(columns: Columns, needs: Mapping[frozenset[int], int]) -> bool:
    """Say whether these totals reach every township and leave no village out."""
    return all(sum(map(columns.__getitem__, S)) >= need for S, need in needs.items())


def spread(listed: Columns, columns: Columns) -> Fraction:
    """Return Σ N_k²/c_k, to which the variance of the county's estimate is proportional."""
    pairs = zip(listed, columns, strict=True)
    return sum((Fraction(N_k**2, c_k) for N_k, c_k in pairs if N_k), Fraction(0))


def _sizes(listed: Columns, quotas: Quotas) -> Iterator[int]:
    """Give the numbers of villages in the order in which they are tried."""
    yield from range(quotas.villages, quotas.most + 1)
    yield from range(quotas.villages - 1, quotas.fewest - 1, -1)
    yield from range(quotas.most + 1, sum(listed) + 1)


def _tables(listed: Columns, n: int) -> Iterator[Columns]:
    """Give every c with 0 < c_k ≤ N_k and Σ c_k = n; c_k = 0 where N_k = 0."""
    *first, last = listed
    for c in product(*(range(min(1, N_k), min(N_k, n) + 1) for N_k in first)):
        rest = n - sum(c)
        if min(1, last) <= rest <= last:
            yield *c, rest


def _listed(counts: Counts) -> Columns:
    return tuple(sum(row[kind] for row in counts.values()) for kind in KINDS)


_POOR, _REMOTE = (
    [k for k, kind in enumerate(KINDS) if word in kind.split("-")] for word in ("poor", "remote")
)


def _poor(columns: Columns) -> int:
    return sum(columns[k] for k in _POOR)


def _remote(columns: Columns) -> int:
    return sum(columns[k] for k in _REMOTE)


def _remote_gap(got: int, wanted: int, quotas: Quotas) -> int:
    return abs(got - wanted) if quotas.literal_halves else max(0, wanted - got)
