"""Take in the sheets of one export: rows of the tables as text, each with its origin.

Every row of every sheet ends in a table or among the unplaced, with the reason if it
is set aside. None is dropped: a row of a repeat without its submission, a rejected
submission, a sheet of an unknown form are all kept and counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from auditlib.fieldwork.forms import Field
from auditlib.fieldwork.intake.answers import Answers, read_answers
from auditlib.fieldwork.intake.exports import ExportSheet, Recognised, options_of, recognise
from auditlib.fieldwork.intake.layouts import Layout
from auditlib.fieldwork.intake.parents import (
    Key,
    Owner,
    find_owner,
    identity,
    meta_text,
    names_of,
    refusal,
)
from auditlib.fieldwork.intake.rows import (
    ORPHAN,
    UNPLACED,
    Rows,
    beside,
    columns_of_child,
    origin_of,
    spread,
)
from auditlib.fieldwork.intake.values import time_of
from auditlib.tables import TABLES, CodeList, Kind


@dataclass(frozen=True)
class SheetUse:
    """One sheet of an export: what it was taken for, and its rows, all of which are kept."""

    file: str
    sheet: str
    source: str
    form: str
    table: str
    read: int
    set_aside: int


@dataclass(frozen=True)
class HeadingUse:
    """One heading of an export: the column that it fills, or why it stays in the export."""

    file: str
    sheet: str
    heading: str
    role: str
    table: str
    column: str


@dataclass(frozen=True)
class Taken:
    """One export taken in: rows by table, with what became of its sheets and headings."""

    tables: Mapping[str, pd.DataFrame]
    sheets: tuple[SheetUse, ...]
    headings: tuple[HeadingUse, ...]

    @property
    def horizon(self) -> str:
        """Time of the last submission that the export holds; empty if it tells none."""
        return max(
            (str(t) for table in self.tables.values() for t in table["_submitted"]), default=""
        )


@dataclass(frozen=True)
class _Main:
    """A main sheet taken in; `given` collects the submissions that gave a row of a table."""

    recognised: Recognised
    answers: Answers
    places: tuple[int, ...]
    owners: tuple[Owner, ...]
    given: set[int]


def take(
    sheets: Iterable[ExportSheet],
    layouts: Sequence[Layout],
    codelists: Mapping[str, CodeList],
    *,
    source: str = "",
) -> Taken:
    """Return the rows that the sheets of an export hold.

    Parameters
    ----------
    sheets
        Every sheet of every file that belongs together: main sheets with their repeats.
    layouts
        What a sheet can be: of the round's forms, of a form of one's own, of the tables.
    codelists
        Codes of every list.
    source
        `odk`, `kobo`, `surveycto` or `excel`; empty to find out, sheet by sheet.
    """
    options = options_of(codelists)
    read = [recognise(sheet, layouts, options, source=source) for sheet in sheets]
    rows = Rows()
    owners: dict[Key, Owner] = {}
    mains: dict[int, _Main] = {}
    uses: dict[int, SheetUse] = {}
    for number, recognised in enumerate(read):
        if recognised.matched is None and not recognised.child:
            uses[number] = _unplaced(recognised, rows)
            _own(recognised, number, owners)
        elif not recognised.child:
            mains[number] = _main(recognised, number, codelists, rows, owners)
    files = {r.sheet.file for r in read if not r.child}
    single = files.pop() if len(files) == 1 else ""
    for number, recognised in enumerate(read):
        if recognised.child:
            nested = sum(r.child for r in read) > 1
            uses[number] = _child(recognised, codelists, rows, owners, mains, single, nested)
    for number, main in mains.items():
        uses[number] = _finish(main, rows)
    return Taken(
        tables=rows.tables(),
        sheets=tuple(uses[number] for number in sorted(uses)),
        headings=tuple(use for recognised in read for use in _headings(recognised)),
    )


def _headings(recognised: Recognised) -> Iterable[HeadingUse]:
    sheet = recognised.sheet
    if recognised.matched is None:
        return
    for heading in recognised.matched.headings:
        if heading.role != "empty":
            target = heading.target
            yield HeadingUse(
                sheet.file,
                sheet.sheet,
                heading.text.strip(),
                heading.role,
                target.table,
                target.column if target.table else "",
            )


def _owner(
    recognised: Recognised, sheet: int, i: int, number: int, row: Sequence[str], key: str, why: str
) -> Owner:
    """Return the submission of a main row; without any name it is called by its place."""
    record = identity(recognised, row) or key
    place = f"?{recognised.sheet.file}|{recognised.sheet.sheet}|{number}"
    return Owner(
        record=record or place,
        reason=why or ("" if record else "no_record_key"),
        sheet=sheet,
        row=i,
        version=meta_text(recognised, row, "version"),
        submitted=time_of(meta_text(recognised, row, "submitted"), months_first=True),
        edits=meta_text(recognised, row, "edits"),
    )


def _own(recognised: Recognised, number: int, owners: dict[Key, Owner]) -> None:
    """Let the rows of an unknown form be found by their repeats, which are set aside with them."""
    for i, (place, row) in enumerate(recognised.data):
        owner = _owner(recognised, number, i, place, row, "", "no_table")
        owners.update(dict.fromkeys(names_of(recognised, row), owner))


def _unplaced(recognised: Recognised, rows: Rows) -> SheetUse:
    data = recognised.data
    owners = [_owner(recognised, 0, 0, n, row, "", "no_table") for n, row in data]
    origin = origin_of(recognised, (n for n, _ in data), owners, ["no_table"] * len(data))
    rows.add(UNPLACED, origin, {})
    sheet = recognised.sheet
    return SheetUse(sheet.file, sheet.sheet, recognised.source, "", UNPLACED, len(data), len(data))


def _main(
    recognised: Recognised,
    number: int,
    codelists: Mapping[str, CodeList],
    rows: Rows,
    owners: dict[Key, Owner],
) -> _Main:
    """Take in a main sheet, or a plain table, and register its submissions as parents."""
    data = recognised.data
    answers = read_answers(recognised, [row for _, row in data], codelists)
    layout = recognised.matched.layout  # type: ignore[union-attr]
    keys = _table_keys(layout.tables[0], answers, len(data))
    mangled = _numbers(recognised, data)
    listed = []
    versions = answers.columns.get(Field("household_visits", "form_version"), ())
    for i, (place, row) in enumerate(data):
        why = refusal(recognised, row)
        why = why or ("two_answers" if i in answers.torn else "")
        why = why or ("number_as_identifier" if place in mangled else "")
        why = why or _beyond(recognised, row)
        owner = _owner(recognised, number, i, place, row, keys[i], why)
        if versions and versions[i]:  # the form's own name of its version tells more
            owner = replace(owner, version=versions[i])
        listed.append(owner)
        owners.update(dict.fromkeys(names_of(recognised, row), owner))
    answers = _named(layout.tables[0], answers, listed)
    places = [place for place, _ in data]
    given = beside(recognised, answers, places, listed, rows)
    for table in layout.tables:
        given |= spread(recognised, table, answers, places, listed, rows)
    return _Main(recognised, answers, tuple(places), tuple(listed), given)


def _finish(main: _Main, rows: Rows) -> SheetUse:
    """Keep the submissions that gave no row of any table, and tell what the sheet came to."""
    silent = [i for i in range(len(main.owners)) if i not in main.given]
    chosen = [main.owners[i] for i in silent]
    reasons = [owner.reason or "no_answers" for owner in chosen]
    places = [main.places[i] for i in silent]
    rows.add(UNPLACED, origin_of(main.recognised, places, chosen, reasons), {})
    sheet = main.recognised.sheet
    aside = sum(bool(o.reason) or i not in main.given for i, o in enumerate(main.owners))
    layout = main.recognised.matched.layout  # type: ignore[union-attr]
    return SheetUse(
        sheet.file,
        sheet.sheet,
        main.recognised.source,
        layout.form,
        layout.tables[0],
        len(main.owners),
        aside,
    )


def _beyond(recognised: Recognised, row: Sequence[str]) -> str:
    """Return why a row is set aside that has cells beyond the headings; empty if it has none."""
    width = len(recognised.sheet.rows[recognised.start])
    return "cells_beyond_headings" if any(map(str.strip, row[width:])) else ""


def _named(table: str, answers: Answers, owners: Sequence[Owner]) -> Answers:
    """Return the answers with the identifier of the submission where the form has none of its own.

    A form of one's own has no `visit_id`; its members must find their visit all the same.
    """
    key = TABLES[table].key
    column = TABLES[table].column(key[0])
    if len(key) > 1 or column.kind is not Kind.IDENTIFIER:
        return answers
    target = Field(table, key[0])
    own = answers.columns.get(target, [""] * len(owners))
    names = [
        text or ("" if owner.record.startswith("?") else owner.record.partition(" ")[2])
        for text, owner in zip(own, owners, strict=True)
    ]
    return replace(answers, columns={**answers.columns, target: names})


def _table_keys(table: str, answers: Answers, size: int) -> list[str]:
    """Return the key of the table for every row; empty where a part of it is missing."""
    parts = [answers.columns.get(Field(table, name)) for name in TABLES[table].key]
    if any(part is None for part in parts):
        return [""] * size
    joined = zip(*(part for part in parts if part is not None), strict=True)
    return [f"{table} {'|'.join(key)}" if all(key) else "" for key in joined]


def _numbers(recognised: Recognised, data: Sequence[tuple[int, Sequence[str]]]) -> set[int]:
    """Return the rows of a plain workbook in which an identifier was turned into a number."""
    if recognised.source != "excel" or not recognised.sheet.numbers or recognised.matched is None:
        return set()
    columns = {
        j
        for j, heading in enumerate(recognised.matched.headings)
        if heading.target.table
        and (column := TABLES[heading.target.table].column(heading.target.column)).kind
        is Kind.IDENTIFIER
        and not column.pattern
    }
    return {i + 1 for i, j in recognised.sheet.numbers if j in columns}


def _child(
    recognised: Recognised,
    codelists: Mapping[str, CodeList],
    rows: Rows,
    owners: dict[Key, Owner],
    mains: Mapping[int, _Main],
    single: str,
    nested: bool,
) -> SheetUse:
    """Take in the sheet of a repeat; a row without its submission is set aside."""
    data = recognised.data
    sheet = recognised.sheet
    table = recognised.matched.layout.tables[0] if recognised.matched else UNPLACED
    listed: list[Owner] = []
    reasons: list[str] = []
    counts: dict[str, int] = {}
    siblings = []
    answers = None
    if recognised.matched is not None:
        answers = read_answers(recognised, [row for _, row in data], codelists)
    for i, (place, row) in enumerate(data):
        owner = find_owner(recognised, row, owners, single=single)
        why = "no_parent" if owner is None else "parent_set_aside" if owner.reason else ""
        why = why or ("no_table" if answers is None else "")
        why = why or ("two_answers" if answers is not None and i in answers.torn else "")
        why = why or _beyond(recognised, row)
        if owner is None:
            called = meta_text(recognised, row, "parent_key").removeprefix("uuid:").split("/")[0]
            record = f"{ORPHAN}{called}" if called else f"?{sheet.file}|{sheet.sheet}|{place}"
            owner = Owner(record, why, -1, -1, meta_text(recognised, row, "version"), "", "")
        else:
            if nested:
                owners.update(dict.fromkeys(names_of(recognised, row), owner))
            if owner.sheet in mains:
                mains[owner.sheet].given.add(owner.row)
        counts[owner.record] = counts.get(owner.record, 0) + 1
        siblings.append(str(counts[owner.record]))
        listed.append(owner)
        reasons.append(why)
    origin = origin_of(recognised, (n for n, _ in data), listed, reasons)
    said = {n: main.answers for n, main in mains.items()}
    columns = columns_of_child(table, answers, listed, siblings, said) if answers else {}
    rows.add(table, origin, columns)
    aside = sum(map(bool, reasons))
    form = recognised.matched.layout.form if recognised.matched else ""
    return SheetUse(sheet.file, sheet.sheet, recognised.source, form, table, len(data), aside)
