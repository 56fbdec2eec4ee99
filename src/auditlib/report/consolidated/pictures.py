"""Pictures of the counties side by side: their figures against the limits, their steps."""

from collections import Counter
from collections.abc import Sequence
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from auditlib.indicators.assurance import Assurance
from auditlib.indicators.verdict import Judgement
from auditlib.plan import Bound
from auditlib.procedure.steps import StepState
from auditlib.report.charts import (
    BELOW,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    RED,
    Picture,
    canvas,
    drawn_once,
    finish,
)
from auditlib.report.consolidated.attention import by_attention, many
from auditlib.report.consolidated.record import Consolidated, Line, incidence
from auditlib.report.indicators import figure_text
from auditlib.report.page import Page, counted
from auditlib.report.procedure import STATES


@drawn_once
def rates_picture(page: Page, record: Consolidated) -> Picture:
    """Return a picture of the counties' deciding figures against the limits.

    Of many counties it shows how the figures spread, and the counties to look at first.
    """
    if many(page, record):
        return spread_picture(page, record)
    lines = [line for line in record.lines if line.report]
    lines.sort(key=incidence, reverse=True)
    figure, axes = canvas(13, 1.8 + 0.62 * max(len(lines), 3), columns=4)
    draw_counties(page, axes, lines)
    return finish(
        page,
        figure,
        title=page.says("各县四项指标是否达标？", "Do the counties keep the four indicators?"),
        note=page.says(
            f"n = {len(lines)}县，按综合贫困发生率排列；{MARKS[0]}",
            f"n = {len(lines)} counties by composite incidence; {MARKS[1]}",
        ),
    )


MARKS = (
    "点为据以认定的数值（有复核的为复核，不加权），圆点达标、叉未达标；"
    "灰线为加权值和95%区间，黑线为各县限值；“脆弱”指改变一项读法即改变首轮结论；三（一）（二）",
    "deciding figure (of the re-check where there was one, "
    "unweighted): dot kept, cross not; grey: weighted figure and 95 % interval; black: limit of the county; "
    "fragile: one other reading changes the first decision; 三（一）（二）",
)


def draw_counties(page: Page, axes: Sequence[Axes], lines: Sequence[Line]) -> None:
    """Draw the counties' figures into four axes, a row each."""
    for axis, (name, rule) in zip(axes, page.plan.indicators.items(), strict=True):
        rows = [
            (i, line.report.judgements[name], line.report.assurance[name])
            for i, line in enumerate(lines)
            if line.report
        ]
        if rows:
            _draw_rows(axis, rows)
        for i, j, sure in rows:
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


def _draw_rows(axis: Axes, rows: Sequence[tuple[int, Judgement, Assurance]]) -> None:
    """Draw one figure of the counties, with its interval and its limit, each in its row."""
    at = [i for i, _, _ in rows]
    ends = [100 * sure.low for *_, sure in rows], [100 * sure.high for *_, sure in rows]
    axis.hlines(at, *ends, color=GREY, lw=2.4, capstyle="projecting")
    weighted = [(100 * sure.value, i) for i, _, sure in rows if sure.value is not None]
    axis.plot(*_columns(weighted), "|", color=GREY, ms=11, mew=2)
    limits = [100 * float(j.limit) for _, j, _ in rows]
    spans = [i - 0.2 for i in at], [i + 0.3 for i in at]
    axis.vlines(limits, *spans, color="black", lw=1.8, capstyle="projecting")
    known = [(100 * float(j.value), i, bool(j.kept)) for i, j, _ in rows if j.value is not None]
    for keeps, sign, colour in ((True, "o", BLUE), (False, "X", RED)):
        own = [(value, i) for value, i, kept in known if kept is keeps]
        if own:  # the layout gives room even to an empty line, unless it is clipped
            axis.plot(*_columns(own), sign, color=colour, ms=8.5, clip_on=False, zorder=3)


def _columns(points: Sequence[tuple[float, int]]) -> tuple[list[float], list[int]]:
    """Return the points across and along."""
    return [x for x, _ in points], [y for _, y in points]


ROW, SPREAD = 0.5, 3.4  # inches of a county, and of the distributions above them


def spread_picture(page: Page, record: Consolidated) -> Picture:
    """Return how the figures of many counties spread, and the counties to look at first."""
    every = [line for line in record.lines if line.report]
    ordered = by_attention(page, record)
    first = [line for line in ordered.lines if line.report][: page.plan.consolidated.side_by_side]
    tall = ROW * max(len(first), 3)
    figure, axes = canvas(13, 1.8 + SPREAD + tall, rows=2, columns=4, heights=(SPREAD, tall))
    for axis, (name, rule) in zip(axes[:4], page.plan.indicators.items(), strict=True):
        _draw_spread(page, axis, [line.report.judgements[name] for line in every if line.report])
        axis.set_title(rule.name[page.language], fontsize=10)
    axes[0].set_ylabel(page.says("县数", "counties"))
    axes[0].legend(fontsize=8, loc="upper right")
    draw_counties(page, axes[4:], first)
    for axis in axes[4:]:
        axis.set_title(
            page.says("最须先看的县", "to look at first") if axis is axes[4] else "", fontsize=10
        )
    return finish(
        page,
        figure,
        title=page.says("各县四项指标是否达标？", "Do the counties keep the four indicators?"),
        note=page.says(
            f"上：n = {len(every)}县据以认定的数值的分布，黑线为限值（各县不同的分别画出）；下：最须先看的{len(first)}县\n{MARKS[0]}",
            f"above: deciding figures of n = {len(every)} counties, black: their limits; below: the {len(first)} "
            f"counties to look at first\n{MARKS[1]}",
        ),
    )


BINS = 32


def _draw_spread(page: Page, axis: Axes, judged: Sequence[Judgement]) -> None:
    """Draw how many counties have which figure, those that do not keep the limit in red."""
    known = [(100 * float(j.value), j.kept) for j in judged if j.value is not None]
    kept = [value for value, keeps in known if keeps]
    broken = [value for value, keeps in known if not keeps]
    limits = [100 * float(limit) for limit in sorted({j.limit for j in judged})]
    values = (
        [*kept, *broken, *limits, 0.0] if min(limits, default=0) < 50 else [*kept, *broken, *limits]
    )
    low, high = min(values), max(values)
    # a limit is an edge, so that no bar holds both sides of it
    below = max(1, round(BINS * (limits[0] - low) / (high - low))) if limits and high > low else 1
    step = (limits[0] - low) / below if limits and limits[0] > low else (high - low or 1) / BINS
    axis.hist(
        [kept, broken],
        bins=[low + step * i for i in range(int((high - low) / step) + 2)],
        stacked=True,
        color=[BLUE, RED],
        label=[page.says("达标", "kept"), page.says("未达标", "not kept")],
    )
    for limit in limits:
        axis.axvline(limit, color="black", lw=1.8)
    unknown = len(judged) - len(known)
    blank = page.says(f"，不能估计 {unknown}", f", not estimable {unknown}") if unknown else ""
    axis.set_xlabel(
        page.says(
            f"%　　达标 {counted(len(kept), len(judged))}{blank}",
            f"%    kept {counted(len(kept), len(judged))}{blank}",
        )
    )


def _picture_name(page: Page, line: Line) -> str:
    fragile = line.report is not None and line.report.flips
    return line.name[page.language] + (page.says("\n（脆弱）", "\n(fragile)") if fragile else "")


COLOURS = {
    StepState.CLOSED: GREEN,
    StepState.CLOSED_LATE: ORANGE,
    StepState.OPEN: BLUE,
    StepState.OVERDUE: RED,
    StepState.WAITING: "#DDDDDD",
    StepState.BLOCKED: PINK,
}


@drawn_once
def steps_picture(page: Page, record: Consolidated) -> Picture:
    """Return a map of where each county stands in the eight steps; of many, how many stand where."""
    lines = [line for line in record.lines if line.report]
    if many(page, record):
        figure, (axis,) = canvas(9.5, 5.2)
        _draw_step_counts(page, axis, lines)
    else:
        figure, (axis,) = canvas(9.5, 1.7 + 0.42 * max(len(lines), 2))
        _draw_step_map(page, axis, lines)
    for state in StepState:
        axis.plot([], [], "s", color=COLOURS[state], label=page.says(*STATES[state][:2]))
    axis.legend(
        loc="upper center", bbox_to_anchor=(0.5, 0), borderaxespad=BELOW + 1, ncols=5, fontsize=8
    )
    return finish(
        page,
        figure,
        title=page.says("各县走到哪一步？", "At which step does each county stand?"),
        note=page.says(
            f"n = {len(lines)}县，截至 {page.as_of.isoformat()}；六",
            f"n = {len(lines)} counties on {page.as_of.isoformat()}; chapter 六",
        ),
    )


def _draw_step_map(page: Page, axis: Axes, lines: Sequence[Line]) -> None:
    states = list(StepState)
    grid = [
        [states.index(line.report.steps[step]) for step in page.plan.steps]
        for line in lines
        if line.report
    ]
    if grid:
        axis.imshow(
            grid,
            cmap=ListedColormap([COLOURS[s] for s in states]),
            vmin=-0.5,
            vmax=len(states) - 0.5,
            aspect="auto",
        )
    steps = [f"{s.number}\n{fill(s.name[page.language], 16)}" for s in page.plan.steps.values()]
    axis.set_xticks(range(len(steps)), steps, fontsize=8)
    axis.set_yticks(range(len(lines)), [line.name[page.language] for line in lines])
    axis.grid(visible=False)
    for edge in range(1, len(steps)):
        axis.axvline(edge - 0.5, color="white", lw=2)
    for edge in range(1, len(lines)):
        axis.axhline(edge - 0.5, color="white", lw=2)


def _draw_step_counts(page: Page, axis: Axes, lines: Sequence[Line]) -> None:
    """Draw one bar a step: the counties by the state of the step, with their number."""
    least = len(lines) / 40  # a narrower part has no room for its number
    for i, step in enumerate(page.plan.steps):
        counts = Counter(line.report.steps[step] for line in lines if line.report)
        left = 0
        for state in StepState:
            number = counts[state]
            axis.barh(i, number, left=left, color=COLOURS[state], edgecolor="white", height=0.8)
            if number > least:
                light = state in (StepState.WAITING, StepState.CLOSED_LATE, StepState.BLOCKED)
                colour = "black" if light else "white"
                axis.text(
                    left + number / 2, i, f"{number:,}", ha="center", va="center", color=colour
                )
            left += number
    steps = [f"{s.number} {s.name[page.language]}" for s in page.plan.steps.values()]
    axis.set_yticks(range(len(steps)), steps)
    axis.set_ylim(len(steps) - 0.5, -0.5)
    axis.set_xlim(0, max(len(lines), 1))
    axis.set_xlabel(page.says("县数", "counties"))
    axis.grid(visible=False, axis="y")
