"""Round a table of expected counts to whole ones, by chance and without bias.

Controlled rounding: every cell becomes its lower or upper whole number, with its
expectation kept; the columns stay exact; a row becomes its lower or upper whole
number. Each choice comes from the SHA-256 of seed, stage and step, and only
whole numbers are used, so anyone can repeat it.

Source: Cox (1987), J. Amer. Statist. Assoc. 82:520; Causey, Cox & Ernst (1985),
J. Amer. Statist. Assoc. 80:903. Systematic rounding: Madow (1949), Ann. Math.
Statist. 20:333.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise

from auditlib.errors import SelectionError
from auditlib.sampling.draw import ticket

SPACE = 2**256  # a SHA-256 is a whole number below this
SLACK = ""  # the column that makes rows whole; no type has this name

Cells = Mapping[tuple[str, str], int]
Line = tuple[str, str]  # ("row", name) or ("column", name)


def chance(seed: str, *words: str) -> int:
    """Return the SHA-256 of seed and words, joined by commas, as a whole number."""
    return int(sha256(",".join((seed, *words)).encode()).hexdigest(), 16)


def round_table(cells: Cells, *, whole: int, seed: str, stage: str) -> dict[tuple[str, str], int]:
    """Return a whole number for every cell, its expectation kept.

    Parameters
    ----------
    cells
        Expected counts by (row, column) in units of 1/`whole`; every column adds
        up to a whole number.
    whole
        Units that make one: a million for millionths.
    seed, stage
        The words of the hashes: `seed,stage,step` for choices, and
        `seed,stage-row,name`, `seed,stage-column,name` for the order of lines.

    Raises
    ------
    SelectionError
        A column does not add up to a whole number.

    Source: Cox (1987), section 2, on a table completed by a slack column.
    """
    table = _completed(cells, whole)
    part = {cell: units % whole for cell, units in table.items()}
    lines = _fractional_lines(part, seed=seed, stage=stage)
    step = 0
    start = 0
    rows = [line for line in lines if line[0] == "row"]
    while start < len(rows):
        if not lines[rows[start]]:
            start += 1
            continue
        cycle = _cycle(lines, rows[start])
        up, down = cycle[::2], cycle[1::2]
        p = min([whole - part[c] for c in up] + [part[c] for c in down])
        q = min([part[c] for c in up] + [whole - part[c] for c in down])
        rises = chance(seed, stage, str(step)) * (p + q) < q * SPACE
        move = p if rises else -q
        for cell, change in [(c, move) for c in up] + [(c, -move) for c in down]:
            table[cell] += change
            part[cell] += change
            if part[cell] in (0, whole):
                _forget(lines, cell)
        step += 1
    return {cell: table[cell] // whole for cell in cells}


def systematic(parts: Sequence[Fraction], *, seed: str, stage: str) -> list[int]:
    """Round parts of a whole total, one after the other, with a single chance.

    Each part becomes its lower or upper whole number, with its expectation kept,
    and the total stays. The chance is the SHA-256 of `seed,stage`.
    """
    so_far = Fraction(chance(seed, stage), SPACE)
    rounded = []
    for part in parts:
        before, so_far = so_far, so_far + part
        rounded.append(so_far // 1 - before // 1)
    return rounded


def _completed(cells: Cells, whole: int) -> dict[tuple[str, str], int]:
    """Add the slack column, which makes every row whole; refuse columns that are not."""
    rows: dict[str, int] = {}
    columns: dict[str, int] = {}
    for (row, column), units in cells.items():
        rows[row] = rows.get(row, 0) + units
        columns[column] = columns.get(column, 0) + units
    for column, units in columns.items():
        if units % whole:
            raise SelectionError.not_whole(column, units % whole)
    return dict(cells) | {(row, SLACK): -units % whole for row, units in rows.items()}


def _fractional_lines(
    part: Mapping[tuple[str, str], int], *, seed: str, stage: str
) -> dict[Line, list[Line]]:
    """Return for every row its fractional columns and the reverse, all in ticket order."""
    rows = sorted({row for row, _ in part}, key=lambda r: ticket(seed, f"{stage}-row", r))
    columns = sorted(
        {column for _, column in part} - {SLACK},
        key=lambda c: ticket(seed, f"{stage}-column", c),
    )
    lines: dict[Line, list[Line]] = {("row", r): [] for r in rows}
    lines |= {("column", c): [] for c in (*columns, SLACK)}
    for _, row in [line for line in lines if line[0] == "row"]:
        for _, column in [line for line in lines if line[0] == "column"]:
            if part.get((row, column)):
                lines["row", row].append(("column", column))
                lines["column", column].append(("row", row))
    return lines


def _cycle(lines: Mapping[Line, list[Line]], start: Line) -> list[tuple[str, str]]:
    """Walk to the first other fractional cell of each line, until a line comes again."""
    walk = [start, lines[start][0]]
    while walk[-1] not in walk[:-1]:
        walk.append(next(line for line in lines[walk[-1]] if line != walk[-2]))
    walk = walk[walk.index(walk[-1]) :]
    return [(a[1], b[1]) if a[0] == "row" else (b[1], a[1]) for a, b in pairwise(walk)]


def _forget(lines: Mapping[Line, list[Line]], cell: tuple[str, str]) -> None:
    row, column = ("row", cell[0]), ("column", cell[1])
    lines[row].remove(column)
    lines[column].remove(row)
