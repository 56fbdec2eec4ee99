"""The counties side by side, from the scraps of their notebooks alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from matplotlib.colors import ListedColormap

from auditlib.language import Words
from auditlib.plan import Bound
from auditlib.procedure.spot_check import draw_spot_check, spot_check_size
from auditlib.procedure.steps import StepState
from auditlib.report.charts import BLUE, GREEN, GREY, ORANGE, PINK, RED, Picture, canvas, finish
from auditlib.report.county import STANDPOINTS
from auditlib.report.indicators import figure_text
from auditlib.report.page import Page, Sentence, percent, say
from auditlib.report.procedure import STATES
from auditlib.report.record import CountyReport, Standpoint
from auditlib.report.tables import Shown, table


@dataclass(frozen=True)
class Failure:
    """A county whose notebooks did not finish: the stage, the cell, and why."""

    stage: str
    cell: int | None
    reason: str


@dataclass(frozen=True)
class Line:
    """One county in the consolidated report; `report` is None if it failed or waits."""

    county: str
    name: Words
    report: CountyReport | None
    waiting: str
    failure: Failure | None


@dataclass(frozen=True)
class SpotCheck:
    """Base of the national spot check, how many counties it takes (A03), and which.

    `drawn` is empty as long as no seed was made known.
    """

    base: str
    counties: tuple[str, ...]
    number: int
    taken: bool
    drawn: tuple[str, ...] = ()


@dataclass(frozen=True)
class Consolidated:
    """Record of the consolidated report."""

    version: int
    round: str
    lines: tuple[Line, ...]
    spot_checks: tuple[SpotCheck, ...]


def spot_checks(
    page: Page, lines: Sequence[Line], *, taken: str, seed: str = ""
) -> tuple[SpotCheck, ...]:
    """Return the spot check on the national base and on all counties; shares round up.

    Counties are drawn by tickets from `seed`, the text made known in public; none without it.
    """
    share = page.plan.spot_check.share
    national = tuple(
        line.county
        for line in lines
        if line.report and page.plan.classes[line.report.class_].spot_check
    )
    bases = {"national": national, "all": tuple(line.county for line in lines)}
    return tuple(
        SpotCheck(
            base,
            counties,
            spot_check_size(len(counties), share=share),
            base == taken,
            draw_spot_check(counties, share=share, seed=seed) if seed else (),
        )
        for base, counties in bases.items()
    )


def _standing(page: Page, line: Line) -> tuple[str, str]:
    if line.failure:
        return page.says("运行失败", "run failed"), "bad"
    zh, en, tone = STANDPOINTS[standpoint(line)]
    return page.says(zh, en), tone


def standpoint(line: Line) -> Standpoint:
    """Return the list a county belongs to; a terminated evaluation has no result to show."""
    if line.report is not None:
        return line.report.standpoint
    ended = {"terminated": Standpoint.NO_RESULT, "vetoed": Standpoint.NOT_THIS_YEAR}
    return ended.get(line.waiting, Standpoint.AWAITING)


def county_table(page: Page, record: Consolidated) -> Shown:
    """Return the counties by indicators, with the list each belongs to."""
    names = [rule.name[page.language] for _, rule in page.plan.indicators.items()]
    rows: list[list[str | None]] = []
    marks: list[tuple[int, int, str]] = []
    for i, line in enumerate(record.lines):
        words, tone = _standing(page, line)
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
            if judgement and not judgement.kept:
                marks.append((i, 3 + j, "bad"))
        row.append(_agreement(page, line))
        if line.report and line.report.flips:
            marks.append((i, len(row) - 1, "warn"))
        row.append(page.label("steps", line.report.step) if line.report else None)
        rows.append(row)
    return table(
        page,
        page.says(
            "各县指标与结论（分子 / 分母见括号）",
            "Counties by indicators (numerator / denominator)",
        ),
        [
            *page.says("县|类别|结论", "county|class|conclusion").split("|"),
            *names,
            page.says("读法一致", "readings that agree"),
            page.says("所在步骤", "at step"),
        ],
        rows,
        clause="三（一）（二）、六（六）",
        marks=marks,
    )


def _agreement(page: Page, line: Line) -> str | None:
    if line.report is None:
        return None
    share = percent(line.report.agree / line.report.combinations, digits=0)
    return page.says("脆弱 ", "fragile ") + share if line.report.flips else share


def lists_table(page: Page, record: Consolidated) -> Shown:
    """Return the proposed list, the rectification list, the others."""
    rows = []
    for each, (zh, en, _) in STANDPOINTS.items():
        names = [
            line.name[page.language]
            for line in record.lines
            if standpoint(line) is each and not line.failure
        ]
        rows.append((page.says(zh, en), len(names), page.says("、", ", ").join(names) or "–"))
    failed = [line.name[page.language] for line in record.lines if line.failure]
    if failed:
        words = page.says("运行失败", "run failed")
        rows.append((words, len(failed), page.says("、", ", ").join(failed)))
    return table(
        page,
        page.says("名单", "Lists"),
        page.says("名单|县数|县", "list|counties|names").split("|"),
        rows,
        clause="六（五）、六（六）",
    )


def _incidence(line: Line) -> Fraction:
    return line.report.judgements["composite_incidence"].value if line.report else Fraction(0)


def rates_picture(page: Page, record: Consolidated) -> Picture:
    """Return a picture of every county's deciding figures against the limits."""
    lines = [line for line in record.lines if line.report]
    lines.sort(key=_incidence, reverse=True)
    figure, axes = canvas(13, 1.8 + 0.62 * max(len(lines), 3), columns=4)
    for axis, (name, rule) in zip(axes, page.plan.indicators.items(), strict=True):
        for i, line in enumerate(lines):
            j = line.report.judgements[name] if line.report else None
            if j is None:
                continue
            sure = line.report.assurance[name] if line.report else None
            if sure:
                axis.plot([100 * sure.low, 100 * sure.high], [i, i], color=GREY, lw=2.4)
                axis.plot(100 * sure.value, i, "|", color=GREY, ms=11, mew=2)
            axis.plot([100 * float(j.limit)] * 2, [i - 0.2, i + 0.3], color="black", lw=1.8)
            axis.plot(
                100 * float(j.value),
                i,
                "o" if j.kept else "X",
                color=BLUE if j.kept else RED,
                ms=8.5,
                clip_on=False,
                zorder=3,
            )
            axis.text(
                0.01,
                i - 0.32,
                figure_text(page, j, sure),
                va="center",
                fontsize=7.5,
                transform=axis.get_yaxis_transform(),
            )
        axis.set_title(rule.name[page.language], fontsize=10)
        axis.set_ylim(len(lines) - 0.4, -0.65)
        axis.set_xlabel("%")
        low, top = axis.get_xlim()
        axis.set_xlim(low if rule.must_be is Bound.ABOVE else min(0, low), top + 0.15 * (top - low))
        names = [_picture_name(page, line) for line in lines]
        axis.set_yticks(range(len(lines)), names if axis is axes[0] else [""] * len(lines))
        axis.tick_params(axis="y", length=0)
        axis.grid(visible=False, axis="y")
    return finish(
        page,
        figure,
        title=page.says("各县四项指标是否达标？", "Do the counties keep the four indicators?"),
        note=page.says(
            f"n = {len(lines)}县，按综合贫困发生率排列；点为据以认定的数值（有复核的为复核，不加权），圆点达标、叉未达标；"
            "灰线为加权值和95%区间，黑线为各县限值；“脆弱”指改变一项读法即改变首轮结论；三（一）（二）",
            f"n = {len(lines)} counties by composite incidence; deciding figure (of the re-check where there was one, "
            "unweighted): dot kept, cross not; grey: weighted figure and 95 % interval; black: limit of the county; "
            "fragile: one other reading changes the first decision; 三（一）（二）",
        ),
    )


def _picture_name(page: Page, line: Line) -> str:
    fragile = line.report is not None and line.report.flips
    return line.name[page.language] + (page.says("\n（脆弱）", "\n(fragile)") if fragile else "")


def steps_picture(page: Page, record: Consolidated) -> Picture:
    """Return a map of where each county stands in the eight steps."""
    lines = [line for line in record.lines if line.report]
    states = list(StepState)
    colours = {
        StepState.CLOSED: GREEN,
        StepState.CLOSED_LATE: ORANGE,
        StepState.OPEN: BLUE,
        StepState.OVERDUE: RED,
        StepState.WAITING: "#DDDDDD",
        StepState.BLOCKED: PINK,
    }
    figure, (axis,) = canvas(9.5, 1.7 + 0.42 * max(len(lines), 2))
    grid = [
        [states.index(line.report.steps[step]) for step in page.plan.steps]
        for line in lines
        if line.report
    ]
    if grid:
        axis.imshow(
            grid,
            cmap=ListedColormap([colours[s] for s in states]),
            vmin=-0.5,
            vmax=len(states) - 0.5,
            aspect="auto",
        )
    steps = [f"{s.number}\n{s.name[page.language]}" for s in page.plan.steps.values()]
    axis.set_xticks(range(len(steps)), steps, fontsize=8)
    axis.set_yticks(range(len(lines)), [line.name[page.language] for line in lines])
    axis.grid(visible=False)
    for edge in range(1, len(steps)):
        axis.axvline(edge - 0.5, color="white", lw=2)
    for edge in range(1, len(lines)):
        axis.axhline(edge - 0.5, color="white", lw=2)
    for state in states:
        axis.plot([], [], "s", color=colours[state], label=page.says(*STATES[state][:2]))
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=5, fontsize=8)
    return finish(
        page,
        figure,
        title=page.says("各县走到哪一步？", "At which step does each county stand?"),
        note=page.says(
            f"n = {len(lines)}县，截至 {page.as_of.isoformat()}；六",
            f"n = {len(lines)} counties on {page.as_of.isoformat()}; chapter 六",
        ),
    )


def spot_check_table(page: Page, record: Consolidated) -> Shown:
    """Return the base of the national spot check."""
    bases = page.plan.readings["A03"].options
    names = {line.county: line.name[page.language] for line in record.lines}
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
                page.says("、", ", ").join(names[code] for code in s.drawn) or None,
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
    return say(*lines, tone="bad")


def summary(page: Page, record: Consolidated) -> Sentence:
    """Say how many counties are on which list."""
    counts = Counter(_standing(page, line)[0] for line in record.lines)
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
