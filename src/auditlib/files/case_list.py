"""Read the workbook 问题清单 in again: the new events in it, refused wherever they touch the past.

Nothing is taken unless everything can be: the list must be of the ledger as it is,
its second sheet unaltered, and every new event one that the ladder allows.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import load_workbook

from auditlib.files.reading import ROW, Reading, Source, Understanding, read_table
from auditlib.files.rules import refusals
from auditlib.files.workbooks import Sheet, read_workbook
from auditlib.findings.record import event_digest
from auditlib.language import Words
from auditlib.plan import Ladder
from auditlib.problems import InputError, Place, Problem, problem, shown
from auditlib.tables import TABLES, CodeList, Column, Kind, Table
from auditlib.tables.columns import integer

LIST, PAST = "问题清单", "已登记环节"
SPARE = 50
"""Empty rows below the list, for cases that the team opens itself."""

GIVEN = ("case_id", "phase", "study_id", "line", "kind", "item")
FILLED = (
    "event",
    "level",
    "role",
    "by",
    "date",
    "evidence_kind",
    "evidence",
    "evidence_digest",
    "outcome",
    "disclosed_to",
    "disclosed",
    "persons",
    "note",
)
NEEDED = ("level", "role", "date")

CASE_LIST = Table(
    "case_list",
    LIST,
    Words("一个问题及其新环节", "a case with its new event"),
    key=("case_id",),
    columns=(
        *(TABLES["cases"].column(name) for name in GIVEN),
        integer("recorded", "已登记环节数", required=False),
        *(replace(TABLES["cases"].column(name), required=False) for name in FILLED),
    ),
)


def labelled(column: Column, value: Any, codes: Mapping[str, CodeList]) -> str | int:
    """Return a value as the office writes it: Chinese labels, days, whole numbers."""
    if value is None or (not isinstance(value, str) and pd.isna(value)) or value == "":
        return ""
    if column.kind in (Kind.CODE, Kind.CODES):
        return "；".join(codes[column.codes][code].zh for code in str(value).split())
    return int(value) if column.kind is Kind.INTEGER else str(value)


def new_events(
    content: bytes,
    file: str,
    *,
    ledger: pd.DataFrame,
    ladder: Ladder,
    understanding: Understanding,
) -> pd.DataFrame:
    """Return the events that a filled list adds to the ledger.

    Parameters
    ----------
    content, file
        The workbook, and what errors call it.
    ledger
        Table `cases` as it is.
    ladder
        Which event may follow which.
    understanding
        Codes, day of the round, county.

    Raises
    ------
    InputError
        With everything wrong: cells, edits of the past, an old list, events refused.
    """
    sheets = read_workbook(content, file)
    listed = _table(CASE_LIST, sheets, file, LIST, understanding)
    past = _table(TABLES["cases"], sheets, file, PAST, understanding)
    problems = [p for r in (listed, past) for p in r.problems if p.severity == "error"]
    problems += _edits_of_the_past(past, ledger)
    filled = listed.accepted[listed.accepted["event"] != ""]
    lacking = [p for row in filled.to_dict("records") for p in _lacking(row, listed, ledger)]
    problems += lacking
    whole = filled[~filled[ROW].isin([p.place.row for p in lacking])]
    added = _numbered(whole, ledger)
    problems += refusals(added, listed, before=ledger, ladder=ladder)
    if problems:
        raise InputError(problems)
    return added.drop(columns=ROW)


def _table(
    table: Table,
    sheets: Mapping[str, Sheet],
    file: str,
    name: str,
    understanding: Understanding,
) -> Reading:
    return read_table(table, Source(file, name), sheets, understanding)


def _numbered(filled: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Return the filled rows as events, each numbered after the last of its case."""
    last = ledger.groupby("case_id")["event_no"].max().to_dict() if len(ledger) else {}
    events = filled.drop(columns="recorded").copy()
    events["event_no"] = [int(last.get(case, 0)) + 1 for case in events["case_id"]]
    return events[[*(c.name for c in TABLES["cases"].columns), ROW]]


def _lacking(row: Mapping[str, Any], listed: Reading, ledger: pd.DataFrame) -> list[Problem]:
    """Return what a filled row lacks, or that the ledger has moved on since the list was made."""
    here = replace(listed.place, row=int(row[ROW]))
    found = []
    for name in NEEDED:
        column = TABLES["cases"].column(name)
        if row[name] is None or row[name] == "" or pd.isna(row[name]):
            expected = Words(f"“{column.zh}”", f"a {name}")
            found.append(problem("empty_cell", replace(here, column=column.zh), expected=expected))
    held = int((ledger["case_id"] == row["case_id"]).sum())
    recorded = 0 if pd.isna(row["recorded"]) else int(row["recorded"])
    if held != recorded:
        case = shown(row["case_id"], known=[row["case_id"]])
        found.append(problem("list_too_old", here, case=case, held=held, listed=recorded))
    return found


def _edits_of_the_past(past: Reading, ledger: pd.DataFrame) -> list[Problem]:
    """Return a problem for every past event that the list shows otherwise than the ledger."""
    told: list[Problem] = []
    seen = {
        (row["case_id"], int(row["event_no"])): (event_digest(row), int(row[ROW]))
        for row in past.accepted.to_dict("records")
    }
    held = {
        (row["case_id"], int(row["event_no"])): event_digest(row)
        for row in ledger.to_dict("records")
    }
    for (case_id, number), digest in held.items():
        found, row = seen.get((case_id, number), ("", None))
        if found != digest:
            told.append(_edited(replace(past.place, row=row), case_id, number))
    for (case_id, number), (_, row) in seen.items():
        if (case_id, number) not in held:
            told.append(_edited(replace(past.place, row=row), case_id, number))
    return told


def _edited(place: Place, case_id: str, number: int) -> Problem:
    return problem("list_past_edited", place, case=shown(case_id, known=[case_id]), number=number)


def append_events(
    path: Path, sheet: str, events: pd.DataFrame, codes: Mapping[str, CodeList]
) -> None:
    """Add events below the rows of the ledger's file; nothing that stands there is touched.

    Parameters
    ----------
    path, sheet
        Workbook and sheet, or a CSV file and ''.
    events
        Result of `new_events`.
    codes
        Labels under which the office writes the codes.
    """
    columns = TABLES["cases"].columns
    rows = [
        {column.name: labelled(column, row[column.name], codes) for column in columns}
        for row in events.to_dict("records")
    ]
    beside = path.with_name(path.name + ".new")
    if path.suffix.lower() == ".csv":
        beside.write_bytes(_longer_csv(path.read_bytes(), rows))
    else:
        book = load_workbook(path)
        cells = book[sheet]
        lines = [[str(cell or "").strip() for cell in line] for line in cells.values]
        top, places = _headings(lines)
        for name in (c.name for c in columns if c.name not in places):
            if any(row[name] != "" for row in rows):
                places[name] = max(places.values()) + 1
                cells.cell(top + 1, places[name] + 1).value = TABLES["cases"].column(name).zh
        end = max(i for i, line in enumerate(lines) if any(line)) + 1
        for i, row in enumerate(rows, end + 1):
            for name, place in places.items():
                cells.cell(i, place + 1).value = row[name] if row[name] != "" else None
        book.save(beside)
    beside.replace(path)


def _headings(lines: list[list[str]]) -> tuple[int, dict[str, int]]:
    """Return the row of the headings and where every column stands."""
    known = {h: column.name for column in TABLES["cases"].columns for h in column.headings}
    found = [{known[h]: j for j, h in enumerate(line) if h in known} for line in lines[:20]]
    top = max(range(len(found)), key=lambda i: len(found[i]))
    return top, found[top]


def _longer_csv(content: bytes, rows: list[dict[str, str | int]]) -> bytes:
    encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "gb18030"
        text = content.decode(encoding)
    lines = list(csv.reader(io.StringIO(text, newline="")))
    _, places = _headings([[cell.strip() for cell in line] for line in lines])
    width = max(places.values()) + 1
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        line: list[str | int] = [""] * width
        for name, place in places.items():
            line[place] = row[name]
        writer.writerow(line)
    whole = text if text.endswith("\n") else text + "\n"
    return (whole + out.getvalue()).encode(encoding)
