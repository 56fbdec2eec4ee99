"""What sheets an export can have: the main sheet of a form, and one for every repeat.

A layout says which table and column a heading fills. Headings are names of questions,
labels in any language of the form, or headings of the tables themselves.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from auditlib.fieldwork.forms import Field, Form
from auditlib.tables import TABLES, Table
from auditlib.tables.frame import FRAME_TABLES

POINT = Field("", "location")
"""A position: latitude, longitude, altitude and accuracy in one cell, or in columns."""

LEFT = Field("", "left")
"""A question whose answer stays in the export: photographs, notes, aids of the interview."""

ALSO = {"started": ("starttime", "start"), "ended": ("endtime", "end")}
"""Headings under which servers put the times that the form calls otherwise."""


@dataclass(frozen=True)
class Layout:
    """One kind of sheet: the form and repeat that it belongs to, and its headings.

    `repeat` is the table of a repeat, or empty for the main sheet; `tables` are those
    that its rows fill; `wide` holds the headings of the form's repeats, which some
    exports put beside the main ones with a number behind.
    """

    form: str
    repeat: str
    tables: tuple[str, ...]
    headings: Mapping[str, Field]
    wide: Mapping[str, Field] = field(default_factory=dict)
    plain: bool = False


def layouts_of(forms: Iterable[Form]) -> tuple[Layout, ...]:
    """Return the sheets that exports of these forms can have, main sheets first."""
    found = []
    for form in forms:
        repeats = {name: _headings(form, name) for name in form.repeats}
        wide = {h: f for headings in repeats.values() for h, f in headings.items()}
        main = tuple(t for t in form.tables if t not in form.repeats)
        found.append(Layout(form.id, "", main, _headings(form, ""), wide))
        found += [Layout(form.id, name, (name,), repeats[name]) for name in form.repeats]
    return tuple(found)


def table_layouts() -> tuple[Layout, ...]:
    """Return one layout for every table of field work and offices, for plain workbooks.

    The frame is left out: it comes from the registry, and holds names.
    """
    frame = {table.name for table in FRAME_TABLES}
    return tuple(_of_table(table) for table in TABLES.values() if table.name not in frame)


def _of_table(table: Table) -> Layout:
    headings = {
        plain(heading): Field(table.name, column.name)
        for column in table.columns
        for heading in column.headings
    }
    return Layout("", table.name, (table.name,), headings, plain=True)


def mapped_layouts(rows: Iterable[tuple[str, str, str]]) -> tuple[Layout, ...]:
    """Return layouts of a form of one's own: heading, table and column, row by row."""
    by_table: dict[str, dict[str, Field]] = {}
    for heading, table, column in rows:
        by_table.setdefault(table, {})[plain(heading)] = (
            POINT if column == POINT.column else Field(table, column)
        )
    return tuple(
        Layout("map", table if _is_child(table) else "", (table,), headings)
        for table, headings in by_table.items()
    )


def _is_child(table: str) -> bool:
    return table in ("visit_persons", "screening_households")


def _headings(form: Form, section: str) -> dict[str, Field]:
    """Return the headings of one section of a form; names win over labels."""
    names: dict[str, Field] = {}
    labels: dict[str, Field] = {}
    inside = ""
    for question in form.questions:
        if question.type == "begin_repeat":
            inside = question.name
        elif question.type == "end_repeat":
            inside = ""
        elif inside == section and not question.type.startswith(("begin", "end_")):
            target = question.target or (POINT if question.type == "geopoint" else LEFT)
            names[plain(question.name)] = target
            if question.label is not None:
                labels |= {plain(question.label[code]): target for code in form.languages}
    for name, others in ALSO.items():
        if name in names:
            labels |= dict.fromkeys(others, names[name])
    return {**labels, **names}


def plain(heading: str) -> str:
    """Return a heading without blanks, case and marks, so that small differences do not matter."""
    text = unicodedata.normalize("NFKC", heading.replace("\ufeff", ""))
    return re.sub(r"[\s*\u200b-\u200d\u2060]+", "", text).casefold()
