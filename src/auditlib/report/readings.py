"""How a decision stands under all readings of the plan, in words, table and picture."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from auditlib.indicators.readings import Curve, Flip
from auditlib.indicators.summary import Indicators
from auditlib.indicators.verdict import Decision, Judgement, kept
from auditlib.plan import Reading
from auditlib.report.charts import BLUE, RED, Picture, canvas, finish
from auditlib.report.page import Page, percent, waits
from auditlib.report.tables import Shown, table

SWITCHES = ListedColormap([BLUE, "#E5E5E5"])

DECISIONS = {
    Decision.EXIT: ("可以退出", "exit"),
    Decision.RECTIFY: ("整改复核", "rectify"),
    Decision.NO_EXIT: ("不得退出", "no exit"),
    Decision.UNDECIDED: ("未定", "undecided"),
    Decision.NO_RESULT: ("不出结果", "no result"),
}


def reading_of(page: Page, switch: str) -> tuple[str, Reading]:
    """Return number and text of the reading that a switch changes."""
    return next((n, r) for n, r in page.plan.readings.items() if r.switch == switch)


def option_name(page: Page, switch: str, option: str) -> str:
    """Return the name of a switch's option."""
    return reading_of(page, switch)[1].options[option][page.language]


def fragility(page: Page, *, combinations: int, agree: int, flips: Iterable[Flip]) -> str:
    """Say whether a single other reading would change the decision, and which."""
    share = percent(agree / combinations, digits=1)
    flips = tuple(flips)
    start = page.says(
        f"在 {combinations:,} 种读法组合中，{share} 的结论相同",
        f"Of {combinations:,} combinations of readings, {share} decide the same",
    )
    if not flips:
        return start + page.says(
            "；没有哪一项读法单独改变结论。", "; no single reading changes it."
        )
    names = [
        f"{reading_of(page, f.switch)[1].about[page.language]}（{reading_of(page, f.switch)[0]}）"
        f"→ {option_name(page, f.switch, f.option)}：{page.says(*DECISIONS[f.decision])}"
        for f in flips
    ]
    return (
        start
        + page.says(
            "。结论脆弱，改变下列任一读法即改变结论：",
            ". The decision is fragile; any of these changes it: ",
        )
        + page.says("；", "; ").join(names)
        + page.says("。", ".")
    )


@waits
def readings_table(page: Page, record: Indicators) -> Shown:
    """Return every switch with its options, and what each decides alone."""
    flips = {(f.switch, f.option): f.decision for f in record.readings.flips}
    taken = record.switches
    rows: list[tuple[str, str, str, str]] = []
    marks = []
    for switch, options in page.plan.options(varied=True).items():
        number, reading = reading_of(page, switch)
        for option in options:
            flip = flips.get((switch, option))
            words = (
                page.says("采用", "taken") if option == taken[switch] else page.says("同", "same")
            )
            if flip:
                words = page.says(*DECISIONS[flip])
                marks.append((len(rows), 3, "bad"))
            rows.append(
                (number, reading.about[page.language], option_name(page, switch, option), words)
            )
    share = percent(record.readings.agree / record.readings.combinations, digits=1)
    return table(
        page,
        page.says(
            f"单独改变一项读法时的结论（全部组合 {record.readings.combinations:,} 种，{share} 相同）",
            f"The decision when one reading alone is changed ({record.readings.combinations:,} "
            f"combinations, {share} the same)",
        ),
        page.says("编号|问题|读法|结论", "no.|question|reading|decision").split("|"),
        rows,
        marks=marks,
    )


@waits
def readings_picture(page: Page, record: Indicators) -> Picture:
    """Return specification curves: every value of each figure, with the switches below."""
    curves = record.readings.curves
    figure, axes = canvas(12, 6.2, rows=2, columns=len(curves), heights=(3, 2))
    judgements = record.official.judgements
    for k, curve in enumerate(curves):
        top, below = axes[k], axes[len(curves) + k]
        values = [100 * v for v in curve.values]
        known = judgements[curve.indicator].value
        if known is None or not values:
            _blank(page, top, below, curve)
            continue
        official = 100 * float(known)
        limit = 100 * float(judgements[curve.indicator].limit)
        top.axhline(limit, color="black", lw=1.4)
        for colour, spots in _spots(curve, judgements[curve.indicator]).items():
            top.scatter([x for x, _ in spots], [y for _, y in spots], s=6, color=colour)
        top.axhline(
            official, color=BLUE if judgements[curve.indicator].kept else RED, lw=1.2, ls="--"
        )
        spread = max(max(values) - min(values), abs(limit - official), 0.2)
        top.set_ylim(min([*values, limit]) - 0.1 * spread, max([*values, limit]) + 0.15 * spread)
        rule = dict(page.plan.indicators.items())[curve.indicator]
        top.set_title(f"{rule.name[page.language]} ({len(values)})", fontsize=10)
        top.set_xticks([])
        top.tick_params(labelsize=8)
        if k == 0:
            top.set_ylabel("%")
        _switches(page, below, curve, record.switches)
    share = percent(record.readings.agree / record.readings.combinations, digits=1)
    return finish(
        page,
        figure,
        title=page.says("换一种读法，结论会变吗？", "Would another reading decide otherwise?"),
        note=page.says(
            f"上：各读法下的数值由小到大，蓝达标、红未达标，黑线为限值，虚线为采用的读法；下：蓝格为采用的选项；"
            f"{record.readings.combinations:,} 种组合中 {share} 结论相同；三（一）（二）",
            "top: the figure under every reading, rising, blue kept, red not; black: limit; dashed: reading taken; "
            f"below: blue where the option taken is used; {share} of {record.readings.combinations:,} combinations "
            "agree; 三（一）（二）",
        )
        + "\n"
        + _legend(page, curves),
    )


def _blank(page: Page, top: Axes, below: Axes, curve: Curve) -> None:
    """Say in the place of a curve that the figure is not estimable."""
    rule = dict(page.plan.indicators.items())[curve.indicator]
    top.set_title(f"{rule.name[page.language]} (0)", fontsize=10)
    words = page.says("不能估计", "not estimable")
    top.text(0.5, 0.5, words, ha="center", va="center", transform=top.transAxes)
    for axis in (top, below):
        axis.set_xticks([])
        axis.set_yticks([])


def _spots(curve: Curve, judgement: Judgement) -> dict[str, list[tuple[int, float]]]:
    """Return place and value in per cent of every reading, by the colour of its result."""
    limit = Fraction(float(judgement.limit))  # as the values are kept
    spots: dict[str, list[tuple[int, float]]] = {BLUE: [], RED: []}
    for x, value in enumerate(curve.values):
        holds = kept(Fraction(value), judgement.must_be, limit)
        spots[BLUE if holds else RED].append((x, 100 * value))
    return spots


def _legend(page: Page, curves: Iterable[Curve]) -> str:
    """Return what each number below the curves stands for, in two lines."""
    switches = list(dict.fromkeys(switch for curve in curves for switch in curve.switches))
    readings = [reading_of(page, switch) for switch in switches]
    words = [f"{number} {reading.about[page.language]}" for number, reading in readings]
    half = (len(words) + 1) // 2
    join = page.says("；", "; ")
    return "\n".join(join.join(part) for part in (words[:half], words[half:]))


def _switches(page: Page, axis: Axes, curve: Curve, taken: Mapping[str, str]) -> None:
    """Draw under a curve which switches have the option taken."""
    grid = [
        [0.0 if options[i] == taken[switch] else 1.0 for options in curve.options]
        for i, switch in enumerate(curve.switches)
    ]
    axis.imshow(grid, aspect="auto", cmap=SWITCHES, vmin=0, vmax=1, interpolation="nearest")
    names = [reading_of(page, switch)[0] for switch in curve.switches]
    axis.set_yticks(range(len(names)), names, fontsize=8)
    axis.set_xticks([])
    axis.grid(visible=False)
