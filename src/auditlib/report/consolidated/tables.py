"""The counties side by side, from the scraps of their notebooks alone."""

from collections import Counter

from auditlib.report.consolidated.attention import by_attention, folded, many, names
from auditlib.report.consolidated.record import Consolidated, Line, standing, standpoint
from auditlib.report.county import STANDPOINTS
from auditlib.report.indicators import KEPT, figure_text
from auditlib.report.page import Page, Sentence, percent, say
from auditlib.report.tables import Shown, table

SENTENCES = 12  # on counties that failed or wait, in a large round


def county_table(page: Page, record: Consolidated) -> Shown:
    """Return the counties by indicators, with the list each belongs to."""
    indicators = [rule.name[page.language] for _, rule in page.plan.indicators.items()]
    lines = by_attention(page, record).lines
    rows: list[list[str | None]] = []
    marks: list[tuple[int, int, str]] = []
    for i, line in enumerate(lines):
        words, tone = standing(page, line)
        if tone:
            marks.append((i, 2, tone))
        kind = page.plan.classes[line.report.class_].name[page.language] if line.report else None
        row: list[str | None] = [f"{line.name[page.language]} {line.county}", kind, words]
        for j, (name, _) in enumerate(page.plan.indicators.items()):
            judgement = line.report.judgements[name] if line.report else None
            row.append(
                figure_text(page, judgement, line.report.assurance.get(name))
                if line.report and judgement
                else None
            )
            if judgement and judgement.kept is not True:
                marks.append((i, 3 + j, KEPT[judgement.kept][2]))
        row.append(_agreement(page, line))
        if line.report and line.report.flips:
            marks.append((i, len(row) - 1, "warn"))
        row.append(page.label("steps", line.report.step) if line.report else None)
        rows.append(row)
    shown = table(
        page,
        page.says(
            "各县指标与结论（分子 / 分母见括号）",
            "Counties by indicators (numerator / denominator)",
        ),
        [
            *page.says("县|类别|结论", "county|class|conclusion").split("|"),
            *indicators,
            page.says("读法一致", "readings that agree"),
            page.says("所在步骤", "at step"),
        ],
        rows,
        clause="三（一）（二）、六（六）",
        marks=marks,
    )
    return folded(page, record, shown, lines)


def _agreement(page: Page, line: Line) -> str | None:
    if line.report is None:
        return None
    share = percent(line.report.agree / line.report.combinations, digits=0)
    return page.says("脆弱 ", "fragile ") + share if line.report.flips else share


def lists_table(page: Page, record: Consolidated) -> Shown:
    """Return the proposed list, the rectification list, the others."""
    rows = []
    for each, (zh, en, _) in STANDPOINTS.items():
        listed = [line for line in record.lines if standpoint(line) is each and not line.failure]
        rows.append((page.says(zh, en), len(listed), names(page, record, listed) or "–"))
    failed = [line for line in record.lines if line.failure]
    if failed:
        words = page.says("运行失败", "run failed")
        rows.append((words, len(failed), names(page, record, failed)))
    return table(
        page,
        page.says("名单", "Lists"),
        page.says("名单|县数|县", "list|counties|names").split("|"),
        rows,
        clause="六（五）、六（六）",
    )


def spot_check_table(page: Page, record: Consolidated) -> Shown:
    """Return the base of the national spot check."""
    bases = page.plan.readings["A03"].options
    name = {line.county: line.name[page.language] for line in record.lines}
    return table(
        page,
        page.says("国家抽查基数", "Base of the national spot check"),
        page.says(
            "基数|县数|比例|抽查县数|抽中县|采用",
            "base|counties|share|to be drawn|drawn|reading taken",
        ).split("|"),
        [
            (
                bases[s.base][page.language],
                len(s.counties),
                percent(page.plan.spot_check.share, digits=0),
                s.number,
                page.says("、", ", ").join(name[code] for code in s.drawn) or None,
                "✓" if s.taken else "",
            )
            for s in record.spot_checks
        ],
        clause="六（七）",
    )


def failures(page: Page, record: Consolidated) -> Sentence:
    """Say which counties failed or wait, and why."""
    lines = [
        page.says(
            f"{line.name.zh}：{line.failure.stage} 第{line.failure.cell or '–'}格失败：{line.failure.reason}",
            f"{line.name.en}: {line.failure.stage}, cell {line.failure.cell or '–'}: {line.failure.reason}",
        )
        for line in record.lines
        if line.failure
    ]
    lines += [
        page.says(f"{line.name.zh}：等待实地调查。", f"{line.name.en}: awaiting field work.")
        for line in record.lines
        if line.waiting not in ("", "terminated", "vetoed") and not line.failure
    ]
    lines += [
        page.says(
            f"{line.name.zh}：评估已终止，不出结果（七（二））。",
            f"{line.name.en}: the evaluation was terminated; there is no result (七（二）).",
        )
        for line in record.lines
        if line.waiting == "terminated" and not line.failure
    ]
    lines += [
        page.says(
            f"{line.name.zh}：一票否决，当年不予退出（五（四））。",
            f"{line.name.en}: vetoed, no exit this year (五（四）).",
        )
        for line in record.lines
        if line.waiting == "vetoed" and not line.failure
    ]
    if not lines:
        return say(page.says("各县均已完成运行。", "Every county's run is complete."), tone="good")
    if many(page, record) and len(lines) > SENTENCES:
        more = len(lines) - SENTENCES
        lines = [
            *lines[:SENTENCES],
            page.says(f"另有{more}县，见县表。", f"{more} more: see the table."),
        ]
    return say(*lines, tone="bad")


def summary(page: Page, record: Consolidated) -> Sentence:
    """Say how many counties are on which list."""
    counts = Counter(standing(page, line)[0] for line in record.lines)
    total = sum(line.report.persons for line in record.lines if line.report)
    return say(
        page.says(f"{len(record.lines)} 个县：", f"{len(record.lines)} counties: ")
        + page.says("，", ", ").join(f"{words} {number}" for words, number in counts.items())
        + page.says("。", "."),
        page.says(
            f"涉及农业户籍人口 {total:,} 人。",
            f"{total:,} agricultural-hukou persons are concerned.",
        ),
    )
