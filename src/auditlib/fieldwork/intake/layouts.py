"""What sheets an export can have: the main sheet of a form, and one for every repeat.

A layout says which table and column a heading fills. Headings are names of questions,
labels in any language of the form, or headings of the tables themselves.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from auditlib.fieldwork.forms import Field, Form
from auditlib.tables import TABLES, Table
from auditlib.tables.frame import FRAME_TABLES

POINT = Field("", "location")
"""A position: latitude, longitude, altitude and accuracy in one cell, or in columns."""

LEFT = Field("", "left")
"""A question whose answer stays in the export: photographs, notes, aids of the interview."""

HOUSEHOLD = "household_number"
"""Stands for the number in the registry, which becomes the study identifier at once."""

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
    if any(column.name == "study_id" for column in table.columns):
        headings.setdefault(plain("户编号"), Field(table.name, HOUSEHOLD))
    return Layout("", table.name, (table.name,), headings, plain=True)


def mapped_layouts(rows: Iterable[tuple[str, str, str]]) -> tuple[Layout, ...]:
    """Return layouts of a form of one's own: heading, table and column, row by row.

    A sheet may fill one table, or all those together that have no repeat of their own;
    any of them may stand in a repeat, or beside the main columns with a number behind.
    """
    by_table: dict[str, dict[str, Field]] = {}
    for heading, table, column in rows:
        by_table.setdefault(table, {})[plain(heading)] = (
            POINT if column == POINT.column else Field(table, MAPPED.get(column, column))
        )
    order = [name for name in TABLES if name in by_table]
    wide = {h: f for name in reversed(order) for h, f in by_table[name].items()}
    found = [
        Layout("map", name if name in REPEATED else "", (name,), by_table[name], wide)
        for name in order
    ]
    main = [name for name in order if name not in REPEATED]
    if len(main) > 1:
        together = {h: f for name in reversed(main) for h, f in by_table[name].items()}
        found.append(Layout("map", "", tuple(main), together, wide))
    return tuple(found)


MAPPED = {"household": HOUSEHOLD}
"""Columns that a mapping may name though no table has them, `location` apart."""

REPEATED = ("visit_persons", "screening_households")
"""Tables whose rows hang on a submission and never are one."""


def _headings(form: Form, section: str) -> dict[str, Field]:
    """Return the headings of one section of a form; names win over labels."""
    names: dict[str, Field] = {}
    labels: dict[str, Field] = {}
    inside = ""
    groups: list[str] = []
    for question in form.questions:
        if question.type.startswith("begin"):
            groups.append(question.name)
            inside = question.name if question.type == "begin_repeat" else inside
        elif question.type.startswith("end_"):
            inside = "" if groups.pop() == inside else inside
        elif inside == section and not question.type.startswith(("begin", "end_")):
            target = question.target or (POINT if question.type == "geopoint" else LEFT)
            names[plain(question.name)] = target
            labels |= _underlined(groups, question.name, target)
            if question.label is not None:
                labels |= {plain(question.label[code]): target for code in form.languages}
    for name, others in ALSO.items():
        if name in names:
            labels |= dict.fromkeys(others, names[name])
    return {**labels, **names}


def _underlined(groups: Sequence[str], name: str, target: Field) -> dict[str, Field]:
    """Return the headings that groups give a question if only an underline stands between.

    Statistics packages write `group_question`; a group's name cannot be told from the
    question's there, so only groups of the form itself are taken off.
    """
    return {plain("_".join([*groups[i:], name])): target for i in range(len(groups))}


@lru_cache(maxsize=4096)
def plain(heading: str) -> str:
    """Return a heading without blanks, case and marks, so that small differences do not matter."""
    text = unicodedata.normalize("NFKC", heading.replace("\ufeff", ""))
    return re.sub(r"[\s\u200b-\u200d\u2060]+", "", text).strip("*").casefold()
