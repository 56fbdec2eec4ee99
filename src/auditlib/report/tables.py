"""Tables as people read them: a caption with clause and n, headings, plain cells.

A table shows itself as HTML in a notebook and as text in a terminal, the same
every time; nothing in it depends on the machine.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from auditlib.report.page import Page, for_both

Cell = str | int | float | None

PAGE_ROWS = 100  # of a table that folds, unfolded at once
HIDDEN = "*"
"""Stands for a figure that does not leave the team."""


@dataclass(frozen=True)
class Shown:
    """A table for display.

    `marks` colours cells: (row, column, `good`, `bad`, `warn` or `info`); `links` leads from cells to
    other pages: (row, column, address). Of a table with more rows than `fold` so many are
    shown, and the others can be unfolded by the hundred.
    `public` is what the site shows instead, None where that is the same.
    """

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    marks: tuple[tuple[int, int, str], ...] = ()
    mark: str = ""
    links: tuple[tuple[int, int, str], ...] = ()
    fold: int = 0

    public: Any = field(default=None, repr=False)

    @property
    def top(self) -> "Shown":
        """The rows that are shown before anything is unfolded."""
        return replace(self, rows=self.rows[: self.fold]) if self.folds else self

    @property
    def folds(self) -> bool:
        """Whether there are more rows than are shown at first."""
        return 0 < self.fold < len(self.rows)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return for_both({"text/html": self._repr_html_(), "text/plain": repr(self)}, self.public)

    def _repr_html_(self) -> str:
        styles = {(i, j): style for i, j, style in self.marks}
        links = {(i, j): href for i, j, href in self.links}
        head = "".join(f"<th>{escape(h)}</th>" for h in self.headings)
        rows = [
            "<tr>"
            + "".join(
                f'<td class="{self._style(i, j, styles)}">{_linked(cell, links.get((i, j)))}</td>'
                for j, cell in enumerate(row)
            )
            + "</tr>"
            for i, row in enumerate(self.rows)
        ]
        note = f'<span class="mark">{escape(self.mark)}</span>' if self.mark else ""
        first = self.fold if self.folds else len(rows)
        return (
            f'<table class="audit"><caption>{escape(self.caption)} {note}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows[:first])}</tbody></table>"
        ) + "".join(
            f'<details class="rows"><summary>{i + 1}–{min(i + PAGE_ROWS, len(rows))} / {len(rows)}</summary>'
            f'<table class="audit"><caption>{note}</caption><thead><tr>{head}</tr></thead>'
            f"<tbody>{''.join(rows[i : i + PAGE_ROWS])}</tbody></table></details>"
            for i in range(first, len(rows), PAGE_ROWS)
        )

    def _style(self, i: int, j: int, styles: dict[tuple[int, int], str]) -> str:
        return " ".join(filter(None, ("n" if self.numeric[j] else "", styles.get((i, j), ""))))

    def __repr__(self) -> str:
        top = self.top.rows
        lines = [self.caption, " | ".join(self.headings), *(" | ".join(row) for row in top)]
        if self.folds:
            lines.append(f"… {len(self.rows) - len(top):,}")
        return "\n".join([*lines, self.mark] if self.mark else lines)


def _linked(cell: str, href: str | None) -> str:
    return f'<a href="{escape(href)}">{escape(cell)}</a>' if href else escape(cell)


@dataclass(frozen=True)
class Stack:
    """Several tables that answer one question, one below the other.

    `public` is what the site shows instead, None where that is the same.
    """

    tables: tuple[Shown, ...]
    public: Any = field(default=None, repr=False)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return for_both({"text/html": self._repr_html_(), "text/plain": repr(self)}, self.public)

    def _repr_html_(self) -> str:
        return "".join(each._repr_html_() for each in self.tables)

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self.tables))


def table(
    page: Page,
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    clause: str = "",
    marks: Iterable[tuple[int, int, str]] = (),
) -> Shown:
    """Return a table for display.

    Parameters
    ----------
    page
        Language and the mark of synthetic data.
    caption
        What the table shows.
    headings
        One for every column.
    rows
        Cells: text, whole numbers (with thousands marked), decimals (two digits), None (–).
    clause
        Clause of the plan, added to the caption.
    marks
        (row, column, `good` | `bad` | `warn` | `info`).
    """
    given = [tuple(row) for row in rows]
    numeric = tuple(
        all(isinstance(row[j], int | float) or row[j] is None or _numeric(row[j]) for row in given)
        for j in range(len(headings))
    )
    source = page.says(f"（{clause}）", f" ({clause})") if clause else ""
    return Shown(
        caption + source,
        tuple(headings),
        tuple(tuple(_text(cell) for cell in row) for row in given),
        numeric,
        tuple(marks),
        page.mark,
    )


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return "–"
        case bool():
            return "✓" if cell else "✗"
        case int():
            return f"{cell:,}"
        case float():
            return f"{cell:,.2f}"
        case _:
            return str(cell)


def _numeric(cell: Cell) -> bool:
    text = str(cell)
    return bool(text) and (text[0].isdigit() or text in ("–", "✓", "✗", HIDDEN)) and len(text) < 30
