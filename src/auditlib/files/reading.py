"""Read the input tables: what can be used, what is set aside, and every problem.

Accepted rows and quarantined rows add up to the rows read, for every table.
Names, identity numbers and telephones are left behind here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from auditlib.files import cells, layout, privacy, workbooks
from auditlib.files.cells import Fault
from auditlib.files.duplicates import Decisions, Duplicate, decide, repeated_keys
from auditlib.files.headings import heading_row, match_headings, one_delimiter
from auditlib.files.structure import LARGEST
from auditlib.problems import InputError, Place, Problem, note, problem, shown
from auditlib.problems.personal import hide
from auditlib.tables import CodeList, Column, Kind, Table

ROW = "_row"
"""Column of an accepted table that tells the row of the source."""


@dataclass(frozen=True)
class Source:
    """Where a table stands: a file below the county's folder, and a sheet of it."""

    file: str
    sheet: str = ""


@dataclass(frozen=True)
class Reading:
    """One table as read: `read` rows, of which `accepted` are used and `quarantined` are not."""

    table: Table
    source: Source
    read: int
    accepted: pd.DataFrame
    quarantined: pd.DataFrame
    problems: tuple[Problem, ...]
    duplicates: tuple[Duplicate, ...] = ()
    decided: frozenset[tuple[str, str]] = frozenset()
    corrected: frozenset[tuple[str, str]] = frozenset()

    def __post_init__(self) -> None:
        if self.read != len(self.accepted) + len(self.quarantined):
            raise AssertionError(f"{self.table.name}: rows read and rows kept differ")

    @property
    def place(self) -> Place:
        """File and sheet of the table."""
        return Place(self.source.file, self.source.sheet)


@dataclass(frozen=True)
class Understanding:
    """What is needed to understand cells: code lists, the round's day, corrections, county."""

    codelists: Mapping[str, CodeList]
    as_of: date
    corrections: Mapping[tuple[str, str], Mapping[str, tuple[str, str]]]
    decisions: Decisions = field(default_factory=dict)
    county: str = ""


def empty(table: Table) -> pd.DataFrame:
    """Return the table without rows."""
    kept = [column.name for column in table.columns if column.kind is not Kind.PRIVATE]
    return pd.DataFrame({name: pd.Series(dtype=object) for name in (*kept, ROW)})


def read_sheets(folder: Path, file: str, table: str) -> Mapping[str, workbooks.Sheet]:
    """Return the sheets of a workbook by name, or of a CSV file under the name ''.

    `table` is what an error calls the content.

    Raises
    ------
    InputError
        If the file is missing or cannot be read.
    """
    path = folder / file
    if path.is_dir():
        raise InputError([problem("folder_as_file", Place(file))])
    if not path.is_file():
        raise InputError([problem("missing_file", Place(file), table=table)])
    if path.stat().st_size > LARGEST:
        raise InputError([problem("too_large", Place(file), limit="1 GiB")])
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError([problem("unreadable_file", Place(file))]) from error
    match path.suffix.lower():
        case ".csv":
            return {"": workbooks.read_csv(content, file)}
        case ".xlsx" | ".xlsm":
            return workbooks.Workbook(content, file)
        case _:
            raise InputError([problem("old_workbook", Place(file))])


def read_table(
    table: Table,
    source: Source,
    sheets: Mapping[str, workbooks.Sheet],
    understanding: Understanding,
) -> Reading:
    """Return the table as read from its sheet; problems are collected, not raised.

    Raises
    ------
    InputError
        If the sheet or a required column is missing, or two headings name one column.
    """
    place = Place(source.file, source.sheet)
    sheet = sheets.get(source.sheet)
    if sheet is None:
        names = "、".join(hide(name) for name in sheets) or "–"
        raise InputError([problem("missing_sheet", place, found=names, wanted=source.sheet)])
    start = heading_row(sheet.rows, table)
    if start is None:
        raise InputError([problem("empty_file", place)])
    one_delimiter(table, sheet.rows[start : start + 20], place)
    columns, notes = match_headings(table, sheet.rows[start], place)
    rows = [
        (i + 1, row)
        for i, row in enumerate(sheet.rows[start + 1 :], start + 1)
        if any(map(str.strip, row))
    ]
    whole, of_rows = layout.rows_at_fault(sheet, rows, start, columns, place)
    notes += layout.notes_on(sheet, rows, start, columns, place)
    faulty: dict[int, list[Problem]] = {row: list(found) for row, found in of_rows.items()}
    data: dict[str, list[Any]] = {ROW: [number for number, _ in rows]}
    texts = _texts(table, columns, [row for _, row in rows], width=len(sheet.rows[start]))
    corrected = _correct(table, texts, understanding)
    decided = decide(table, texts, understanding.decisions, data[ROW], place)
    notes += decided.notes
    whole |= {row: [found] for row, found in decided.dropped.items()}
    numbers = _by_column(sheet.numbers)
    for column in table.columns:
        j = columns.get(column.name)
        heading = sheet.rows[start][j].strip() if j is not None else column.zh
        numeric = (
            {i for i, number in enumerate(data[ROW]) if number - 1 in numbers[j]}
            if j in numbers and column.kind in (Kind.IDENTIFIER, Kind.INTEGER, Kind.NUMBER)
            else set()
        )
        at = partial(_cell, replace(place, column=heading), data[ROW])
        if numeric and column.kind is not Kind.IDENTIFIER:
            notes += layout.mixed_types(texts[column.name], numeric, at)
            numeric = set()
        data[column.name] = _column(
            column, texts[column.name], numeric, understanding, at, faulty, notes
        )
    duplicates = repeated_keys(
        table, data[ROW], data, texts, place, faulty, dropped=set(whole), kept=decided.kept
    )
    for row, found in whole.items():  # no row of the table at all: its cells say nothing more
        faulty[row] = list(found)
    kept = [column for column in table.columns if column.kind is not Kind.PRIVATE]
    typed = {column.name: _typed(column, data[column.name]) for column in kept}
    accepted = pd.DataFrame({**typed, ROW: data[ROW]})
    bad = {number for number, found in faulty.items() if found}
    quarantined = [number for number in data[ROW] if number in bad]
    if quarantined:
        accepted = accepted[~accepted[ROW].isin(quarantined)].reset_index(drop=True)
    return Reading(
        table,
        source,
        read=len(rows),
        accepted=accepted,
        quarantined=pd.DataFrame({ROW: quarantined}, dtype="int64"),
        problems=tuple(notes) + tuple(p for number in sorted(faulty) for p in faulty[number]),
        duplicates=duplicates,
        decided=frozenset(decided.used),
        corrected=frozenset(corrected),
    )


def _texts(
    table: Table, columns: Mapping[str, int], rows: Sequence[Sequence[str]], *, width: int
) -> dict[str, list[str]]:
    """Return the cells of every column; a column or cell that is not there is empty."""
    whole = [row if len(row) >= width else [*row, *[""] * (width - len(row))] for row in rows]
    read = list(zip(*whole, strict=False))  # as far as the shortest row, which has the width
    return {
        column.name: list(read[columns[column.name]])
        if whole and column.name in columns
        else [""] * len(rows)
        for column in table.columns
    }


def _by_column(numbers: Iterable[tuple[int, int]]) -> dict[int | None, set[int]]:
    """Return the rows of number cells, by column."""
    found: dict[int | None, set[int]] = {}
    for row, column in numbers:
        found.setdefault(column, set()).add(row)
    return found


def quarantine(reading: Reading, found: Mapping[int, Sequence[Problem]]) -> Reading:
    """Return the reading with further rows set aside, each with its problems."""
    if not found:
        return reading
    bad = reading.accepted[ROW].isin(list(found))
    return replace(
        reading,
        accepted=reading.accepted[~bad].reset_index(drop=True),
        quarantined=pd.concat(
            [reading.quarantined, reading.accepted.loc[bad, [ROW]]], ignore_index=True
        ),
        problems=reading.problems + tuple(p for row in sorted(found) for p in found[row]),
    )


def _correct(
    table: Table, texts: dict[str, list[str]], understanding: Understanding
) -> set[tuple[str, str]]:
    """Put new texts in place of the old ones; return key and column of each correction made."""
    made: set[tuple[str, str]] = set()
    if not any(name == table.name for name, _ in understanding.corrections):
        return made
    keys = zip(*(texts[name] for name in table.key), strict=True)
    for i, key in enumerate(keys):
        whole = "|".join(part.strip() for part in key)
        for column, (old, new) in understanding.corrections.get((table.name, whole), {}).items():
            if column in texts and texts[column][i].strip() == old:
                texts[column][i] = new
                made.add((whole, column))
    return made


def _cell(place: Place, rows: Sequence[int], i: int) -> Place:
    """Return the place of the i-th cell of a column."""
    return replace(place, row=rows[i])


def _column(
    column: Column,
    texts: list[str],
    numeric: set[int],
    understanding: Understanding,
    at: Callable[[int], Place],
    faulty: dict[int, list[Problem]],
    notes: list[Problem],
) -> list[Any]:
    """Return the values of a column; add what is wrong to `faulty`, by row."""
    parse = cells.parser(column, understanding.codelists, understanding.as_of)
    expected = cells.expectation(column, understanding.codelists)
    known: dict[str, Any] = {}
    for text in set(texts):
        trimmed = text.strip()
        known[text] = (
            None
            if not trimmed
            else (
                cells.unusable(trimmed, column.kind)
                or privacy.refuse(trimmed, column)
                or privacy.without_persons(parse(trimmed), column)
            )
        )
    notes += privacy.notes_on(column, texts, at, county=understanding.county)
    values = [known[text] for text in texts]
    plain = {
        text
        for text, value in known.items()
        if not isinstance(value, Fault)
        and not (value is None and column.required)
        and (text == text.strip() or column.kind is Kind.TEXT)
    }
    if len(plain) == len(known) and not numeric:
        return values
    odd = (i for i, text in enumerate(texts) if text not in plain or i in numeric)
    trimmed_rows = 0
    for i in odd:
        text, value = texts[i], values[i]
        fault: Fault | None = value if isinstance(value, Fault) else None
        if value is None and column.required:
            fault = Fault("empty_cell", {"expected": expected})
        elif i in numeric and value is not None and not fault and not column.pattern:
            fault = Fault("number_as_identifier", {"found": shown(text)})
        if fault:
            faulty.setdefault(at(i).row or 0, []).append(
                problem(fault.kind, at(i), **dict(fault.words))
            )
            values[i] = None
        elif text != text.strip() and column.kind is not Kind.TEXT:
            trimmed_rows += 1
            if trimmed_rows == 1:
                notes.append(note("blank_around", at(i)))
    return values


def _typed(column: Column, values: list[Any]) -> Any:
    """Return the values as the pandas type of the column; a missing text is ''."""
    match column.kind:
        case Kind.INTEGER:
            return pd.array(values, dtype="Int64")
        case Kind.NUMBER:
            return pd.array(values, dtype="Float64")
        case Kind.DATE | Kind.TIME:
            return pd.array(values, dtype=object)
        case _:
            return pd.array(["" if value is None else value for value in values], dtype=object)


def tables_of(readings: Iterable[Reading]) -> dict[str, pd.DataFrame]:
    """Return the accepted rows of every table by name."""
    return {reading.table.name: reading.accepted for reading in readings}
