"""The workbook that the team works with: what is wrong, what is to be decided, how far it is."""

from collections.abc import Iterable

import pandas as pd

from auditlib.fieldwork.quality import QualityCheck
from auditlib.fieldwork.summary import Fieldwork
from auditlib.files.inputs import Inputs
from auditlib.files.writing import SheetOut
from auditlib.report.page import Page
from auditlib.report.quality import check_name, checks_table, enumerator_table, tests_table
from auditlib.report.tables import Shown
from auditlib.tables import TABLES


def quality_workbook(
    page: Page,
    record: Fieldwork,
    checks: Iterable[QualityCheck],
    *,
    flags: pd.DataFrame,
    duplicates: pd.DataFrame,
    times: pd.DataFrame,
    variables: pd.DataFrame,
    purposive: pd.DataFrame,
    inputs: Inputs,
) -> list[SheetOut]:
    """Return the sheets of the one workbook: what is wrong, what is to be decided, how far we are.

    The sheets of checks and of repeated rows have the headings of the input tables: filled
    in and put among the inputs, they are read in the next run.
    """
    words = {
        c.check: (check_name(page, c.check, c.says), c.severity) for c in record.quality.checks
    }
    shown: list[Shown] = [
        checks_table(page, record),
        enumerator_table(page, record),
        tests_table(page, record),
    ]
    names = page.says("检查结果|调查员|检验", "results|interviewers|tests").split("|")
    sheets = [
        SheetOut(name, each.headings, each.rows, (34, *[16] * 12))
        for name, each in zip(names, shown, strict=True)
    ]
    sheets.insert(
        1,
        SheetOut(
            page.says("需复看", "to look at"),
            page.says(
                "调查编号|样本编号|调查员|行政村|检查|性质|发现",
                "visit|study id|interviewer|village|check|kind|found",
            ).split("|"),
            [
                (
                    row.visit_id,
                    row.study_id,
                    row.enumerator,
                    page.place(row.village),
                    words[row.check][0],
                    page.label("quality_severity", words[row.check][1]),
                    row.value,
                )
                for row in flags.itertuples()
            ],
            (20, 24, 12, 26, 30, 12, 18),
        ),
    )
    return [
        *sheets,
        _duplicates_sheet(page, duplicates, inputs),
        _progress_sheet(page, record),
        _purposive_sheet(page, purposive),
        _times_sheet(page, times),
        _variables_sheet(page, variables),
        _checks_sheet(checks, page),
    ]


def _duplicates_sheet(page: Page, duplicates: pd.DataFrame, inputs: Inputs) -> SheetOut:
    """Return the repeated rows to be settled, and below them what was settled already."""
    made = inputs["duplicates"]
    rows = [
        (row.table, row.row_key, row.fingerprint, "", "", "", "", "", str(row.row), row.differs)
        for row in duplicates.itertuples()
    ]
    rows += [
        (
            row.table,
            row.row_key,
            row.fingerprint,
            page.label("duplicate_decision", row.decision),
            row.new_id,
            row.who,
            row.when.isoformat(),
            row.why,
            "",
            "",
        )
        for row in made.itertuples()
    ]
    own = _headings(page, "duplicates")
    more = page.says("原表行号|不同的列", "row in the source|columns that differ").split("|")
    widths = (20, 26, 16, 12, 14, 14, 12, 30, 10, 40)
    return SheetOut(_title(page, "duplicates"), [*own, *more], rows, widths)


def _purposive_sheet(page: Page, purposive: pd.DataFrame) -> SheetOut:
    """Return the purposive visits, which enter no rate: their weight is 0 (A24)."""
    return SheetOut(
        page.label("visit_kind", "purposive"),
        page.says(
            "调查编号|样本编号|行政村|调查员|结果|疑似问题|权数",
            "visit|study id|village|interviewer|result|suspected|weight",
        ).split("|"),
        [
            (
                row.visit_id,
                row.study_id,
                page.place(row.village),
                row.enumerator,
                page.label("disposition", row.disposition),
                page.says("、", ", ").join(
                    page.plan.standards[name].name[page.language] for name in row.suspected.split()
                ),
                0,
            )
            for row in purposive.itertuples()
        ],
        (20, 24, 26, 12, 14, 34, 8),
    )


def _headings(page: Page, table: str) -> list[str]:
    """Return the headings of an input table, under which it can be read again."""
    return [c.zh if page.language == "zh" else c.name for c in TABLES[table].columns]


def _title(page: Page, table: str) -> str:
    return TABLES[table].zh if page.language == "zh" else table


def _progress_sheet(page: Page, record: Fieldwork) -> SheetOut:
    quality = record.quality
    parts = (
        (page.says("行政村", "village"), quality.by_village),
        (page.says("组", "team"), quality.by_team),
        (page.says("日", "day"), quality.by_day),
    )
    return SheetOut(
        page.says("进度", "progress"),
        page.says("按|名称|访问|完成", "by|name|visits|completed").split("|"),
        [
            (by, page.place(p.of) if p.of.isdigit() else p.of, p.visits, p.completed)
            for by, counts in parts
            for p in counts
        ],
        (12, 30, 10, 10),
    )


def _times_sheet(page: Page, times: pd.DataFrame) -> SheetOut:
    """Return the time of every question by the tablets' logs; one line says so if there are none."""
    rows: list[tuple[str | float, ...]] = [
        (name, *map(_figure, figures)) for name, *figures in times.itertuples(index=False)
    ]
    none = page.says("导出中没有平板日志（audit）", "no log of the tablets (audit) in the exports")
    return SheetOut(
        page.says("各题用时", "times"),
        page.says(
            "题名|调查数|中位（秒）|最长（秒）|每百次打开|每百次改动",
            "question|visits|median (s)|longest (s)|opened per 100|changed per 100",
        ).split("|"),
        rows or [(none, "", "", "", "", "")],
        (30, *[12] * 5),
    )


def _variables_sheet(page: Page, variables: pd.DataFrame) -> SheetOut:
    columns = {column.name: column for column in TABLES["household_visits"].columns}
    return SheetOut(
        page.says("变量", "variables"),
        page.says(
            "列|调查数|已答|空白|不同值|其他|最小|中位|最大",
            "column|visits|answered|missing|distinct|other|least|median|most",
        ).split("|"),
        [
            (columns[name].zh if page.language == "zh" else name, *map(_figure, values))
            for name, *values in variables.itertuples(index=False)
        ],
        (26, *[10] * 8),
    )


def _figure(text: str | float) -> float | str:
    """Return a figure of a table that was kept as text."""
    return float(text) if text != "" else ""


def _checks_sheet(checks: Iterable[QualityCheck], page: Page) -> SheetOut:
    rows = [
        (
            c.check,
            check_name(page, c.check, c.says),
            c.table,
            c.column,
            page.label("quality_kind", c.kind),
            c.values,
            c.low,
            c.high,
            c.when,
            c.equals,
            page.label("quality_severity", c.severity),
        )
        for c in checks
    ]
    widths = (16, 34, 18, 16, 12, 28, 10, 10, 14, 14, 10)
    return SheetOut(_title(page, "quality_checks"), _headings(page, "quality_checks"), rows, widths)
