"""A large round in counts: by list and area, and by indicator against its limits."""

from collections.abc import Sequence
from statistics import median

from auditlib.indicators.assurance import Surety
from auditlib.report.consolidated.attention import attention_table, many
from auditlib.report.consolidated.record import Consolidated, Line, standpoint
from auditlib.report.consolidated.tables import county_table
from auditlib.report.indicators import name_of
from auditlib.report.page import Page, counted, percent
from auditlib.report.record import CountyReport, Standpoint
from auditlib.report.tables import Shown, Stack, table

PREFECTURE, PROVINCE = 4, 2  # digits of a code that name the area (GB/T 2260)
AREAS = 40  # the most areas of one table; beyond, provinces stand for prefectures


def counties(page: Page, record: Consolidated) -> Shown | Stack:
    """Return the table of counties; of a large round counts come before it."""
    shown = county_table(page, record)
    if not many(page, record):
        return shown
    tables = (group_table, indicator_table, attention_table)
    return Stack((*(view(page, record) for view in tables), shown))


def group_table(page: Page, record: Consolidated) -> Shown:
    """Return the counties by list: all, by class, and by area."""
    classes: dict[str, list[Line]] = {}
    areas: dict[str, list[Line]] = {}
    prefectures = {line.county[:PREFECTURE] for line in record.lines}
    digits = PREFECTURE if len(prefectures) <= AREAS else PROVINCE
    for line in record.lines:
        if line.report:
            name = page.plan.classes[line.report.class_].name[page.language]
            classes.setdefault(name, []).append(line)
        areas.setdefault(line.county[:digits], []).append(line)
    what = page.says("地区 {}", "area {}")
    groups = [
        (page.says("全部", "all"), record.lines),
        *sorted(classes.items()),
        *((what.format(code.ljust(6, "0")), lines) for code, lines in sorted(areas.items())),
    ]
    return table(
        page,
        page.says(
            "各类、各地区的县（地区为行政区划代码，只计数，不比较）",
            "Counties by class and area (areas by division code; counted, not compared)",
        ),
        page.says(
            "类别或地区|县数|拟退出|整改复核中|当年不予退出|未定|无结果|改变一项读法即不同|有指标样本不足以保证",
            "class or area|counties|proposed|in rectification|not this year|undecided|without result|"
            "one other reading changes it|an indicator not secured",
        ).split("|"),
        [(name, *_counts(lines)) for name, lines in groups],
        clause="六（五）、六（六）",
    )


def _counts(lines: Sequence[Line]) -> tuple[int, ...]:
    listed = [Standpoint.NO_RESULT if line.failure else standpoint(line) for line in lines]
    ours = (
        Standpoint.PROPOSED,
        Standpoint.RECTIFYING,
        Standpoint.NOT_THIS_YEAR,
        Standpoint.UNDECIDED,
    )
    reports = [line.report for line in lines if line.report]
    return (
        len(lines),
        *(listed.count(each) for each in ours),
        sum(each not in ours for each in listed),
        sum(bool(report.flips) for report in reports),
        sum(_unsure(report) for report in reports),
    )


def _unsure(report: CountyReport) -> bool:
    return any(sure.surety is not Surety.SECURE for sure in report.assurance.values())


def indicator_table(page: Page, record: Consolidated) -> Shown:
    """Return for every indicator how many counties keep it, and how its figures spread."""
    reports = [line.report for line in record.lines if line.report]
    rows: list[tuple[str | int | None, ...]] = []
    for name, _ in page.plan.indicators.items():
        judged = [r.judgements[name] for r in reports]
        sure = [r.assurance[name] for r in reports]
        pairs = zip(judged, sure, strict=True)
        zero = [s.bound for j, s in pairs if j.numerator == 0 and j.value is not None]
        values = sorted(j.value for j in judged if j.value is not None)
        bound = page.says("，上限最高 ", ", bound at most ") + percent(max(zero)) if zero else ""
        limits = sorted({j.limit for j in judged})
        rows.append(
            (
                name_of(page, name),
                page.says("、", ", ").join(percent(limit) for limit in limits),
                counted(sum(j.kept is True for j in judged), len(judged)),
                sum(j.kept is False for j in judged),
                sum(j.kept is None for j in judged),
                sum(s.surety is not Surety.SECURE for s in sure),
                f"{len(zero)}{bound}",
                f"{percent(values[0])} / {percent(median(values))} / {percent(values[-1])}"
                if values
                else None,
            )
        )
    return table(
        page,
        page.says(
            "各指标达标的县和数值的分布（不是平均，各县样本不同）",
            "Counties that keep each indicator, and how the figures spread (no averages: samples differ)",
        ),
        page.says(
            "指标|限值|达标 / 有结果县|未达标|不能估计|样本不足以保证|零发现的县|最小 / 中位 / 最大",
            "indicator|limit|kept / with result|not kept|not estimable|not secured|nothing found|"
            "least / median / most",
        ).split("|"),
        rows,
        clause="三（一）（二）",
    )
