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
from auditlib.fieldwork.intake.logs import TABLE as LOGGED
from auditlib.fieldwork.intake.logs import Log, LogUse, figures, owner_of, read_log
from auditlib.fieldwork.intake.parents import (
    Key,
    Neighbours,
    Owner,
    adopt,
    find_owner,
    identity,
    meta_text,
    misplaced,
    names_of,
    refusal,
    unnamed,
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
from auditlib.problems.personal import hide
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
    logs: tuple[LogUse, ...] = ()

    @property
    def horizon(self) -> str:
        """Time of the last submission that the export holds; empty if it tells none."""
        return max(
            (str(t) for table in self.tables.values() for t in table["_submitted"]), default=""
        )


@dataclass(frozen=True)
class _Knowing:
    """What is needed to take in a sheet: the code lists, and the secret of the pseudonyms."""

    codelists: Mapping[str, CodeList]
    key: bytes


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
    key: bytes = b"",
    logs: Iterable[Log] = (),
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
    key
        Secret of the round's pseudonyms.
    logs
        The tablets' logs of the same submissions.
    """
    options = options_of(codelists)
    read = [recognise(sheet, layouts, options, source=source) for sheet in sheets]
    if any(r.source == "surveycto" for r in read):  # its repeats look like those of ODK
        read = [replace(r, source="surveycto") if r.source == "odk" else r for r in read]
    knowing = _Knowing(codelists, key)
    rows = Rows()
    owners: dict[Key, Owner] = {}
    mains: dict[int, _Main] = {}
    uses: dict[int, SheetUse] = {}
    for number, recognised in enumerate(read):
        if recognised.matched is None and not recognised.child:
            uses[number] = _unplaced(recognised, rows, key)
            _own(recognised, number, owners, key)
        elif not recognised.child:
            mains[number] = _main(recognised, number, knowing, rows, owners)
    children = {number: r for number, r in enumerate(read) if r.child}
    neighbours = Neighbours.of(read)
    depth = adopt(children, owners, neighbours) if len(children) > 1 else {}
    said = {number: main.answers for number, main in mains.items()}
    for number in sorted(children, key=lambda n: (depth.get(n, 1), n)):
        uses[number] = _child(
            children[number], number, knowing, rows, owners, mains, said, neighbours
        )
    for number, main in mains.items():
        uses[number] = _finish(main, rows)
    read_logs = tuple(_logged(log, owners, said, rows) for log in logs)
    return Taken(
        logs=read_logs,
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
                hide(heading.text.strip()),
                heading.role,
                target.table,
                target.column if target.table else "",
            )


def _owner(
    recognised: Recognised,
    at: tuple[int, int, int],
    row: Sequence[str],
    named: str,
    why: str,
    key: bytes,
) -> Owner:
    """Return the submission of a main row; without any name it is called by its place.

    `at` is its sheet, its place among the rows, and its number in the file.
    """
    sheet, i, number = at
    record = unnamed(identity(recognised, row) or named, key=key)
    place = f"?{recognised.sheet.file}|{recognised.sheet.sheet}|{number}"
    return Owner(
        record=record or place,
        reason=why or ("" if record else "no_record_key"),
        sheet=sheet,
        row=i,
        version=hide(meta_text(recognised, row, "version")),
        submitted=time_of(meta_text(recognised, row, "submitted"), months_first=True),
        edits=meta_text(recognised, row, "edits"),
    )


def _own(recognised: Recognised, number: int, owners: dict[Key, Owner], key: bytes) -> None:
    """Let the rows of an unknown form be found by their repeats, which are set aside with them."""
    for i, (place, row) in enumerate(recognised.data):
        owner = _owner(recognised, (number, i, place), row, "", "no_table", key)
        owners.update(dict.fromkeys(names_of(recognised, row), owner))


def _unplaced(recognised: Recognised, rows: Rows, key: bytes) -> SheetUse:
    data = recognised.data
    owners = [_owner(recognised, (0, 0, n), row, "", "no_table", key) for n, row in data]
    origin = origin_of(recognised, (n for n, _ in data), owners, ["no_table"] * len(data))
    rows.add(UNPLACED, origin, {})
    sheet = recognised.sheet
    return SheetUse(sheet.file, sheet.sheet, recognised.source, "", UNPLACED, len(data), len(data))


def _main(
    recognised: Recognised,
    number: int,
    knowing: _Knowing,
    rows: Rows,
    owners: dict[Key, Owner],
) -> _Main:
    """Take in a main sheet, or a plain table, and register its submissions as parents."""
    data = recognised.data
    answers = read_answers(recognised, [row for _, row in data], knowing.codelists, key=knowing.key)
    layout = recognised.matched.layout  # type: ignore[union-attr]
    keys = _table_keys(layout.tables[0], answers, len(data))
    mangled = _numbers(recognised, data)
    listed = []
    versions = answers.columns.get(Field("household_visits", "form_version"), ())
    for i, (place, row) in enumerate(data):
        why = refusal(recognised, row)
        why = why or ("two_answers" if i in answers.torn else "")
        why = why or ("number_as_identifier" if place in mangled else "")
        why = why or misplaced(recognised, row)
        owner = _owner(recognised, (number, i, place), row, keys[i], why, knowing.key)
        if versions and versions[i]:  # the form's own name of its version tells more
            owner = replace(owner, version=hide(versions[i]))
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


def _named(table: str, answers: Answers, owners: Sequence[Owner]) -> Answers:
    """Return the answers with the identifier of the submission where the form has none of its own.

    A form of one's own has no `visit_id`; its members must find their visit all the same.
    """
    key = TABLES[table].key
    column = TABLES[table].column(key[0])
    if len(key) > 1 or column.kind is not Kind.IDENTIFIER:
        return answers
    if not any(f.table == table for f in answers.columns):  # it stands beside, line by line
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
    number: int,
    knowing: _Knowing,
    rows: Rows,
    owners: Mapping[Key, Owner],
    mains: Mapping[int, _Main],
    said: dict[int, Answers],
    neighbours: Neighbours,
) -> SheetUse:
    """Take in the sheet of a repeat; a row without its submission is set aside."""
    data = recognised.data
    sheet = recognised.sheet
    table = recognised.matched.layout.tables[0] if recognised.matched else UNPLACED
    listed: list[Owner] = []
    reasons: list[str] = []
    counts: dict[tuple[str, int, int], int] = {}
    siblings = []
    answers = None
    if recognised.matched is not None:
        answers = read_answers(
            recognised, [row for _, row in data], knowing.codelists, key=knowing.key
        )
    for i, (place, row) in enumerate(data):
        owner = find_owner(recognised, row, owners, beside=neighbours)
        why = "no_parent" if owner is None else "parent_set_aside" if owner.reason else ""
        why = why or ("no_table" if answers is None else "")
        why = why or ("two_answers" if answers is not None and i in answers.torn else "")
        why = why or misplaced(recognised, row)
        if owner is None:
            called = meta_text(recognised, row, "parent_key").removeprefix("uuid:").split("/")[0]
            record = unnamed(f"{ORPHAN}{called}", key=knowing.key)
            record = record if called else f"?{sheet.file}|{sheet.sheet}|{place}"
            owner = Owner(record, why, -1, -1, hide(meta_text(recognised, row, "version")), "", "")
        elif owner.root.sheet in mains:
            mains[owner.root.sheet].given.add(owner.root.row)
        family = (owner.record, owner.sheet, owner.row)
        counts[family] = counts.get(family, 0) + 1
        siblings.append(str(counts[family]))
        listed.append(owner)
        reasons.append(why)
    origin = origin_of(recognised, (n for n, _ in data), listed, reasons)
    columns: dict[str, list[str]] = {}
    if answers:
        columns = columns_of_child(table, answers, listed, siblings, said)
        said[number] = replace(
            answers, columns={**answers.columns, **{Field(table, n): c for n, c in columns.items()}}
        )
    rows.add(table, origin, columns)
    aside = sum(map(bool, reasons))
    form = recognised.matched.layout.form if recognised.matched else ""
    return SheetUse(sheet.file, sheet.sheet, recognised.source, form, table, len(data), aside)


def _logged(
    log: Log, owners: Mapping[Key, Owner], said: Mapping[int, Answers], rows: Rows
) -> LogUse:
    """Take in a log: a row for every question; one whose submission is missing is set aside."""
    times, use = read_log(log)
    listed, reasons, visits = [], [], []
    for each in times:
        owner = owner_of(each.submission, owners)
        reasons.append("no_parent" if owner is None else "parent_set_aside" if owner.reason else "")
        owner = owner or Owner(f"?{log.file}||{each.row}", "no_parent", -1, -1, "", "", "")
        listed.append(owner)
        told = said[owner.sheet].columns if owner.sheet in said else {}
        names = told.get(Field("household_visits", "visit_id"))
        visits.append(names[owner.row] if names else "")
    origin: dict[str, list[str]] = {
        "_file": [log.file] * len(times),
        "_sheet": [""] * len(times),
        "_row": [str(each.row) for each in times],
        "_record": [owner.record for owner in listed],
        "_version": [owner.version for owner in listed],
        "_submitted": [""] * len(times),
        "_edits": [owner.edits for owner in listed],
        "_reason": reasons,
    }
    columns: dict[str, list[str]] = {"visit_id": visits}
    for each in times:
        for name, text in figures(each).items():
            columns.setdefault(name, []).append(text)
    rows.add(LOGGED, origin, columns)
    return use
