"""Workbooks to be filled in: a sheet for every table, with headings, drop-downs and notes.

A note on every heading says what belongs below it. What must be filled in has a
darker heading. Whatever is written, `auditlib check` decides; Excel only warns.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from auditlib.files.writing import CREATED
from auditlib.language import Language, Words
from auditlib.tables import CodeList, Column, Kind, Table

ROWS = 5_000
"""Rows below the headings that have drop-downs and formats."""

GUIDE, CHOICES = "填写说明", "选项"
MUST, MAY = "#F8CBAD", "#E7E6E6"

KINDS: Mapping[Kind, Words] = {
    Kind.TEXT: Words("文字", "text"),
    Kind.IDENTIFIER: Words("编号，文本格式", "identifier, as text"),
    Kind.INTEGER: Words("整数", "whole number"),
    Kind.NUMBER: Words("数字", "number"),
    Kind.DATE: Words("日期，如 2019-03-01", "date, 2019-03-01"),
    Kind.TIME: Words("日期时间，如 2019-03-01 09:30", "time, 2019-03-01 09:30"),
    Kind.CODE: Words("从下拉选项中选一个", "one of the choices"),
    Kind.CODES: Words(
        "选项中的一个或几个，用分号隔开", "one or more of the choices, with semicolons"
    ),
    Kind.PRIVATE: Words("个人信息，只供核对，读后不保留", "private: read to be checked, not kept"),
}
FORMATS = {
    Kind.INTEGER: "0",
    Kind.NUMBER: "General",
    Kind.DATE: "yyyy-mm-dd",
    Kind.TIME: "yyyy-mm-dd hh:mm",
}


def blank_workbook(
    tables: Sequence[Table], codelists: Mapping[str, CodeList], *, language: Language
) -> bytes:
    """Return a workbook with an empty sheet for every table, the same bytes every time.

    Parameters
    ----------
    tables
        In the order of the sheets; each has its Chinese name.
    codelists
        Choices by the name of their list.
    language
        Of the guide and the notes; headings and choices are Chinese in any case, as
        the office that fills them in is.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": CREATED})
        lists = _lists(tables, codelists)
        _write_guide(book, tables, language)
        for table in tables:
            _write_blank(book, table, lists, codelists, language)
        _write_choices(book, lists, codelists)
    return buffer.getvalue()


def explain(column: Column, codelists: Mapping[str, CodeList], language: Language) -> str:
    """Return what belongs below a heading: kind, unit, range, choices, whether it must be there."""
    zh = language == "zh"
    lines = [KINDS[column.kind][language]]
    if column.unit:
        lines.append(f"单位：{column.unit}" if zh else f"unit: {column.unit}")
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        lines.append(f"{low:g}–{high:g}")
    elif low is not None:
        lines.append(f"≥ {low:g}")
    if column.codes:
        labels = [words[language] for words in codelists[column.codes].values()]
        listed = "；".join(labels[:12]) + (" …" if len(labels) > 12 else "")
        lines.append(listed)
    must = ("必填", "must be filled in") if column.required else ("可空", "may be empty")
    lines += [must[0] if zh else must[1], f"({column.name})"]
    return "\n".join(lines)


def _lists(tables: Sequence[Table], codelists: Mapping[str, CodeList]) -> dict[str, int]:
    """Return the lists that the tables use, each with its column on the sheet of choices."""
    used = [c.codes for t in tables for c in t.columns if c.kind is Kind.CODE and c.codes]
    return {name: j for j, name in enumerate(dict.fromkeys(used)) if name in codelists}


def _write_guide(book: Any, tables: Sequence[Table], language: Language) -> None:
    """Write the first sheet: how to fill in, and what every sheet is for."""
    zh = language == "zh"
    out = book.add_worksheet(GUIDE)
    bold = book.add_format({"bold": True, "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    lines = (
        (
            "第1行是标题，从第2行起填写；标题可以换次序，不要改名。",
            "橙色标题必填，灰色可空。把鼠标移到标题上看该列的说明。",
            "编号列是文本格式，保留前面的0。没有的内容留空，不要写“无”或0。",
            "填好后运行 auditlib check，所有问题会一次列出，写明文件、工作表、行和列。",
        )
        if zh
        else (
            "Row 1 holds the headings; begin in row 2. Columns may change places, not names.",
            "Orange headings must be filled in, grey ones may be empty; every heading has a note.",
            "Identifiers are text and keep their zeros. Leave empty what is not known.",
            "Then run auditlib check: it lists every problem with file, sheet, row and column.",
        )
    )
    for i, line in enumerate(lines):
        out.write_string(i, 0, line)
    start = len(lines) + 1
    heads = (
        ("工作表", "每行是", "每行各不相同的列")
        if zh
        else ("sheet", "a row is", "no two rows share")
    )
    for j, head in enumerate(heads):
        out.write_string(start, j, head, bold)
    for i, table in enumerate(tables, start + 1):
        key = "、".join(table.column(name).zh for name in table.key)
        for j, cell in enumerate((table.zh, table.row[language], key)):
            out.write_string(i, j, cell, wrap)
    out.set_column(0, 0, 24)
    out.set_column(1, 2, 40)


def _write_blank(
    book: Any,
    table: Table,
    lists: Mapping[str, int],
    codelists: Mapping[str, CodeList],
    language: Language,
) -> None:
    out = book.add_worksheet(table.zh[:31])
    for j, column in enumerate(table.columns):
        colour = MUST if column.required else MAY
        head = book.add_format({"bold": True, "bg_color": colour, "border": 1, "text_wrap": True})
        out.write_string(0, j, column.zh, head)
        note = explain(column, codelists, language)
        out.write_comment(0, j, note, {"author": "auditlib", "x_scale": 1.6, "y_scale": 1.2})
        cells = book.add_format({"num_format": FORMATS.get(column.kind, "@")})
        out.set_column(j, j, min(max(2 * len(column.zh) + 2, 10), 30), cells)
        rule = _rule(column, lists, codelists)
        if rule:
            title = column.zh[:32]
            out.data_validation(
                1,
                j,
                ROWS,
                j,
                {
                    **rule,
                    "error_type": "warning",
                    "input_title": title,
                    "input_message": note[:255],
                },
            )
    out.freeze_panes(1, 0)
    out.set_landscape()
    out.set_paper(9)
    out.fit_to_pages(1, 0)
    out.repeat_rows(0)


def _rule(
    column: Column, lists: Mapping[str, int], codelists: Mapping[str, CodeList]
) -> dict[str, Any]:
    """Return Excel's rule for a column; none where any text will do."""
    match column.kind:
        case Kind.CODE if column.codes in lists:
            j = lists[column.codes]
            letter = xlsxwriter.utility.xl_col_to_name(j)
            last = len(codelists[column.codes]) + 1
            return {"validate": "list", "source": f"={CHOICES}!${letter}$2:${letter}${last}"}
        case Kind.INTEGER | Kind.NUMBER:
            low = column.minimum if column.minimum is not None else -1e12
            high = column.maximum if column.maximum is not None else 1e12
            kind = "integer" if column.kind is Kind.INTEGER else "decimal"
            limits = (int(low), int(high)) if kind == "integer" else (low, high)
            return {
                "validate": kind,
                "criteria": "between",
                "minimum": limits[0],
                "maximum": limits[1],
            }
        case _:
            return {}


def _write_choices(book: Any, lists: Mapping[str, int], codelists: Mapping[str, CodeList]) -> None:
    """Write the choices on a hidden sheet, a column for every list."""
    if not lists:
        return
    out = book.add_worksheet(CHOICES)
    for name, j in lists.items():
        out.write_string(0, j, name)
        for i, words in enumerate(codelists[name].values(), 1):
            out.write_string(i, j, words.zh)
    out.hide()
