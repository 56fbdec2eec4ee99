"""The workbook 问题清单: one row a case, the next event to be filled in, the past beside it.

The team fills the right half of the first sheet, with drop-down lists; the second
sheet holds every event entered so far and is locked. `auditlib cases take` reads the
workbook in again. No name stands in it: units bear their study identifiers.
"""

from collections.abc import Mapping

import pandas as pd

from auditlib.files.case_list import FILLED, GIVEN, LIST, PAST, SPARE, labelled
from auditlib.files.writing import SheetOut
from auditlib.report.page import Page
from auditlib.tables import TABLES, Kind

STATES = {"open": "未结", "verified": "核实", "dismissed": "排除"}
STANDING = ("状态", "目前层级", "提出日期", "本层期限", "是否超期")
"""Headings that tell how a case stands; they are not read in again."""


def case_sheets(
    page: Page, cases: pd.DataFrame, events: pd.DataFrame, *, phase: str
) -> list[SheetOut]:
    """Return the two sheets of the list.

    Parameters
    ----------
    page
        Codes and the mark of synthetic data.
    cases
        The table `cases` of the stage `findings`: every case as text.
    events
        Ledger of the phase, every event that the ladder allows.
    phase
        `first` or `recheck`.
    """
    counts = events.groupby("case_id").size().to_dict() if len(events) else {}
    columns = [TABLES["cases"].column(name) for name in FILLED]
    headings = [
        *(TABLES["cases"].column(name).zh for name in GIVEN),
        *STANDING,
        "已登记环节数",
        *(column.zh for column in columns),
    ]
    start = len(headings) - len(columns)
    choices = {
        start + i: tuple(words.zh for words in page.codes[column.codes].values())
        for i, column in enumerate(columns)
        if column.kind is Kind.CODE
    }
    choices |= {
        i: tuple(words.zh for words in page.codes[TABLES["cases"].column(name).codes].values())
        for i, name in enumerate(GIVEN)
        if TABLES["cases"].column(name).kind is Kind.CODE
    }
    rows = [_case_row(page, row, phase, counts) for row in cases.to_dict("records")]
    past = [
        [labelled(column, row[column.name], page.codes) for column in TABLES["cases"].columns]
        for row in events.sort_values(["case_id", "event_no"]).to_dict("records")
    ]
    return [
        SheetOut(LIST, headings, rows, choices=choices, spare=SPARE),
        SheetOut(PAST, [c.zh for c in TABLES["cases"].columns], past, locked=True),
    ]


def _case_row(
    page: Page, row: Mapping[str, str], phase: str, counts: Mapping[str, int]
) -> list[str | int]:
    line = "" if row["line"] == "0" else int(row["line"])
    known: dict[str, str | int] = {**row, "phase": phase, "line": line}
    given = [labelled(TABLES["cases"].column(name), known[name], page.codes) for name in GIVEN]
    standing: list[str | int] = [
        STATES[row["state"]],
        int(row["level"]),
        row["opened"],
        row["due"],
        "是" if row["overdue"] == "True" else "",
    ]
    return [*given, *standing, counts.get(row["case_id"], 0)]
