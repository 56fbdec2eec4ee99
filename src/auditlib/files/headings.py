"""Which row holds the headings, and which heading names which column."""

from collections.abc import Sequence
from dataclasses import replace

from auditlib.files import cells
from auditlib.language import Words
from auditlib.problems import InputError, Place, Problem, nearest, note, problem
from auditlib.problems.personal import hide
from auditlib.tables import Table


def heading_row(rows: Sequence[Sequence[str]], table: Table) -> int | None:
    """Return the row of the headings: the one of the first twenty with most of them.

    If none has half of those required, the first row with more than one cell serves,
    so that what is missing from it can be told.
    """
    known = {_plain(h): column.name for column in table.columns for h in column.headings}
    needed = sum(column.required for column in table.columns)
    met = [len({known[_plain(h)] for h in row if _plain(h) in known}) for row in rows[:20]]
    if met and 2 * max(met) >= max(needed, 1):
        return met.index(max(met))
    for i, row in enumerate(rows):
        if sum(bool(cell.strip()) for cell in row) > 1:
            return i
    return next((i for i, row in enumerate(rows) if any(cell.strip() for cell in row)), None)


def one_delimiter(table: Table, rows: Sequence[Sequence[str]], place: Place) -> None:
    """Refuse a table whose columns are parted by something else than commas."""
    known = {_plain(h) for column in table.columns for h in column.headings}
    for row in rows:
        filled = [cell for cell in row if cell.strip()]
        for mark, name in _DELIMITERS.items():
            if len(filled) == 1 and sum(_plain(p) in known for p in filled[0].split(mark)) > 1:
                raise InputError([problem("other_delimiter", place, found=name)])


_DELIMITERS = {
    ";": Words("分号", "semicolons"),
    "\t": Words("制表符", "tabs"),
    "|": Words("竖线", "bars"),
    "，": Words("全角逗号", "full-width commas"),
}


def match_headings(
    table: Table, headings: Sequence[str], place: Place
) -> tuple[dict[str, int], list[Problem]]:
    """Return where every column stands, and notes on headings that are not known."""
    known = {_plain(h): column.name for column in table.columns for h in column.headings}
    columns: dict[str, int] = {}
    problems: list[Problem] = []
    notes: list[Problem] = []
    for j, heading in enumerate(headings):
        name = known.get(_plain(heading))
        here = replace(place, column=hide(heading.strip()))
        if name is None:
            if heading.strip():
                near = nearest(heading.strip(), [c.zh for c in table.columns])
                notes.append(note("unknown_heading", here, near=near))
        elif name in columns:
            first = headings[columns[name]].strip()
            problems.append(problem("duplicate_heading", here, first=first, second=heading.strip()))
        else:
            columns[name] = j
    for column in table.columns:
        if column.required and column.name not in columns:
            near = nearest(column.zh, [h.strip() for h in headings if _plain(h) not in known])
            here = replace(place, column=column.zh)
            problems.append(
                problem("missing_column", here, zh=column.zh, en=column.name, near=near)
            )
    if problems:
        raise InputError(problems)
    return columns, notes


def _plain(heading: str) -> str:
    """Return a heading without blanks and marks, so that small differences do not matter."""
    return heading.strip().casefold().translate(_SMALL)


_SMALL = str.maketrans(
    {"（": "(", "）": ")"}
    | dict.fromkeys(("*", "＊", " ", "\u3000", "\n", "\r", "\t", *cells.HIDDEN), "")
)
