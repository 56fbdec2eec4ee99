"""The reconciliation workbook of the intakes: what was exported, and what became of it."""

from collections.abc import Iterable, Sequence

import pandas as pd

from auditlib.fieldwork.intake import UNPLACED, HeadingUse, Line, Settled, history
from auditlib.files.writing import SheetOut
from auditlib.language import Words
from auditlib.problems import Problem
from auditlib.tables import TABLES

ROLES = {
    "answer": Words("读入", "read"),
    "option": Words("多选项，读入", "one choice of several, read"),
    "part": Words("位置，读入", "part of a position, read"),
    "number": Words("重复组，读入", "answer of a repeat, read"),
    "meta": Words("提交信息", "about the submission"),
    "left": Words("留在导出文件中", "stays in the export"),
    "private": Words("个人信息，不读入", "personal, not read"),
    "unknown": Words("不认识的标题，未读入", "not known, not read"),
}


def intake_sheets(
    lines: Sequence[Line],
    exports: pd.DataFrame,
    problems: Iterable[tuple[str, str, Problem]],
    headings: Iterable[HeadingUse],
    settled: Settled,
) -> list[SheetOut]:
    """Return the sheets of the workbook, headings and words in both languages.

    Parameters
    ----------
    lines
        Rows by table and form version.
    exports
        Sheets of every export, a row each.
    problems
        Table, submission and problem of every row that is set aside.
    headings
        What became of every heading of every export.
    settled
        Rows of all exports, for those that were superseded and those that are gone.
    """
    return [
        _lines(lines),
        _exports(exports),
        _quarantine(problems),
        _superseded(settled),
        _gone(settled),
        _headings(headings),
    ]


def _table(name: str) -> str:
    if name == UNPLACED:
        return "不属于任何表 no table"
    return f"{TABLES[name].zh} {name}" if name in TABLES else name


def _lines(lines: Sequence[Line]) -> SheetOut:
    headings = (
        "表 table",
        "问卷版本 form version",
        "导出 exported",
        "采用 accepted",
        "隔离 quarantined",
        "被替代 superseded",
        "其中导入时隔离 set aside by intake",
        "重复收到 received again",
    )
    rows: list[tuple[str | int, ...]] = [
        (
            _table(line.table),
            line.version or "–",
            line.exported,
            line.accepted,
            line.quarantined,
            line.superseded,
            line.set_aside,
            line.again,
        )
        for line in lines
    ]
    sums = [sum(int(row[j]) for row in rows) for j in range(2, 8)]
    rows.append(("合计 total", "", *sums))
    note = "导出＝采用＋隔离＋被替代 exported = accepted + quarantined + superseded"
    rows.append((note, "", "", "", "", "", "", ""))
    return SheetOut("对账 reconciliation", headings, rows, (34, 20, 14, 14, 16, 16, 34, 24))


def _exports(exports: pd.DataFrame) -> SheetOut:
    headings = (
        "次 import",
        "文件 file",
        "工作表 sheet",
        "来源 source",
        "问卷 form",
        "表 table",
        "读入行 rows",
        "入表 placed",
        "隔离 set aside",
    )
    rows = [
        (*row[:5], _table(str(row[5])), *row[6:])
        for row in exports.itertuples(index=False, name=None)
    ]
    return SheetOut("导出文件 exports", headings, rows, (8, 34, 24, 12, 14, 34, 10, 10, 10))


def _quarantine(problems: Iterable[tuple[str, str, Problem]]) -> SheetOut:
    headings = (
        "表 table",
        "提交 submission",
        "文件 file",
        "工作表 sheet",
        "行 row",
        "列 column",
        "问题与处理 what and what to do",
        "English",
    )
    rows = [
        (
            _table(table),
            record,
            p.place.file,
            p.place.sheet,
            p.place.row or "",
            p.place.column,
            f"{p.found.zh}；应为{p.expected.zh}。{p.repair.zh}。",
            f"{p.found.en}; expected {p.expected.en}. {p.repair.en}.",
        )
        for table, record, p in problems
    ]
    return SheetOut("隔离 quarantine", headings, rows, (30, 40, 24, 20, 8, 16, 60, 60))


def _superseded(settled: Settled) -> SheetOut:
    rows = [
        (
            _table(row["table"]),
            row["_record"],
            row["_import"],
            row["_file"],
            row["_sheet"],
            row["_row"],
        )
        for row in history(settled).to_dict("records")
    ]
    headings = (
        "表 table",
        "提交 submission",
        "次 import",
        "文件 file",
        "工作表 sheet",
        "行 row",
    )
    return SheetOut("被替代 superseded", headings, rows, (30, 40, 8, 34, 24, 8))


def _gone(settled: Settled) -> SheetOut:
    rows = [
        (_table(table), record)
        for table, records in settled.gone.items()
        if table in TABLES
        for record in records
    ]
    headings = ("表 table", "最近一次导出中没有，仍计入 no longer exported, still counted")
    return SheetOut("后来缺失 gone", headings, rows, (34, 60))


def _headings(headings: Iterable[HeadingUse]) -> SheetOut:
    rows = [
        (
            use.file,
            use.sheet,
            use.heading,
            f"{ROLES[use.role].zh} {ROLES[use.role].en}",
            use.table,
            use.column,
        )
        for use in headings
    ]
    names = (
        "文件 file",
        "工作表 sheet",
        "标题 heading",
        "去向 what became of it",
        "表 table",
        "列 column",
    )
    return SheetOut("列 columns", names, rows, (34, 24, 50, 36, 22, 24))
