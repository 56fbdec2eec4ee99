"""The wrong-exit rate in parts of the county, village by village, and the funnel of screening."""

from collections import Counter
from dataclasses import replace

from matplotlib.axes import Axes
from scipy.optimize import brentq
from scipy.special import betainc

from auditlib.indicators.domains import Domain
from auditlib.indicators.summary import Indicators
from auditlib.report.charts import BLUE, GREY, RED, Picture, canvas, drawn_once, finish
from auditlib.report.disclosure import (
    explain,
    hidden_cells,
    hides,
    published,
    team_only,
    unless,
    withheld,
)
from auditlib.report.page import Page, Sentence, counted, percent, say, waits
from auditlib.report.tables import HIDDEN, Cell, Shown, table

PARTS = {
    "township": ("乡镇", "township"),
    "poor": ("贫困村或非贫困村", "poor or other village"),
    "remote": ("偏远或其他", "remote or other"),
    "exit_year": ("脱贫年度", "exit year"),
    "cause": ("致贫原因", "cause"),
}
VALUES = {
    "poor": ("贫困村", "poor villages"),
    "nonpoor": ("非贫困村", "other villages"),
    "remote": ("偏远", "remote"),
    "other": ("其他", "other"),
}


def _part(page: Page, by: str, value: str) -> str:
    if by == "township":
        return page.place(value)
    if by == "cause":
        return page.label("cause", value)
    return page.says(*VALUES[value]) if value in VALUES else value


def _few(page: Page, record: Indicators) -> frozenset[tuple[str, str]]:
    """Return the parts whose count of wrong households is hidden; the county's own is known."""
    cells = {(d.by, d.value): d.wrong_households or 0 for d in record.domains}
    small = {(d.by, d.value) for d in record.domains if d.persons is None}
    kinds = [[key for key in cells if key[0] == by] for by in PARTS]
    return hidden_cells(page, cells, totals=kinds, unsafe=small)


@published
@waits
def domain_table(page: Page, record: Indicators) -> Shown:
    """Return the wrong-exit rate in parts of the county; small parts are suppressed."""
    fewest = page.plan.privacy.fewest_households
    few = _few(page, record)
    rows = []
    for d in record.domains:
        hidden, rare = d.persons is None, (d.by, d.value) in few
        rows.append(
            (
                page.says(*PARTS[d.by]),
                _part(page, d.by, d.value),
                None if hidden else _of(d.wrong or 0, d.persons or 0, rare),
                None if hidden else _of(d.wrong_households or 0, d.households or 0, rare),
                None if hidden else unless(rare, percent(d.rate)),
                unless(rare and not hidden, _limits(page, d)),
            )
        )
    return table(
        page,
        page.says(
            f"错退率分组（少于{fewest}户的不显示；只有一组不足时，连同次小的一组）",
            f"Wrong-exit rate in parts (under {fewest} households hidden; where one is, the next with it)",
        )
        + explain(page, few),
        page.says(
            "分组|值|错退 / 抽样脱贫人口|错退 / 完成户|加权错退率|95%区间",
            "by|value|wrong / sampled persons|wrong / completed households|weighted rate|95 % interval",
        ).split("|"),
        rows,
        clause="三（二）1",
    )


def _of(count: int, base: int, hidden: bool) -> str:
    """Return count / base, the count hidden where it must be."""
    return f"{HIDDEN} / {base:,}" if hidden else counted(count, base)


def _limits(page: Page, d: Domain) -> str | None:
    """Return the interval of a part; in words where its villages are too few for one."""
    if d.low is None:
        return None
    if _blind(d):
        return page.says("样本村太少，无从估计", "too few villages for one")
    return f"{percent(d.low)} – {percent(d.high)}"


WIDEST = 4  # times the limit that the forest shows at the least


@published
@waits
def forest_picture(page: Page, record: Indicators) -> Picture | Sentence:
    """Return a forest of the wrong-exit rate by township, with the county's own."""
    if not record.domains:
        return _untold(page, record)
    few = _few(page, record)
    parts = tuple(
        replace(d, rate=None) if d.rate is not None and (d.by, d.value) in few else d
        for d in record.domains
        if d.by == "township"
    )
    if few and all(d.rate is None for d in parts):
        return withheld(
            page,
            "各乡镇的错退户均不足下限，图由评估组保管；全县数值见上。",
            "Every township has too few wrong households to be shown; the team keeps the picture.",
        )
    hidden = parts != tuple(d for d in record.domains if d.by == "township")
    return _forest(page, replace(record, domains=parts) if hidden else record)


@drawn_once
def _forest(page: Page, record: Indicators) -> Picture:
    """Draw the townships whose rate is known."""
    limit = 100 * float(record.official.judgements["wrong_exit_rate"].limit)
    parts = [d for d in record.domains if d.by == "township"]
    shown = [d for d in parts if d.rate is not None]
    shown.sort(key=lambda d: (-(d.rate or 0), d.high or 0, d.value))
    sure = record.assurance["wrong_exit_rate"]
    middle = sure.value or 0.0  # there is one wherever there are parts
    edge = max(WIDEST * limit, 115 * sure.high, *(130 * (d.rate or 0) for d in shown), 0.0)
    figure, (axis,) = canvas(9, 2.1 + 0.3 * len(shown))
    axis.axvline(limit, color=RED, lw=1.4, ls="--")
    for i, d in enumerate(shown):
        _interval(axis, i, (d.low or 0, d.high or 0), edge=edge, blind=_blind(d), color=GREY)
        axis.plot(100 * (d.rate or 0), i, "s", color=BLUE, ms=6, clip_on=False, zorder=3)
        limits = (None, None) if _blind(d) else (d.low, d.high)
        _beside(axis, i, counted(d.wrong or 0, d.persons or 0), *limits)
    whole = len(shown) + 0.3
    axis.axhline(whole - 0.65, color=GREY, lw=0.8)
    _interval(axis, whole, (sure.low, sure.high), edge=edge, blind=False, color="black")
    axis.plot(100 * middle, whole, "D", color="black", ms=7, clip_on=False, zorder=3)
    wrong = record.official.judgements["wrong_exit_rate"]
    _beside(axis, whole, counted(wrong.numerator, wrong.denominator), sure.low, sure.high)
    names = [page.place(d.value).split()[0] for d in shown] + [page.says("全县", "county")]
    axis.set_yticks([*range(len(shown)), whole], names)
    axis.set_ylim(whole + 0.7, -0.7)
    axis.set_xlim(0, edge)
    axis.set_xlabel(
        page.says("加权错退率与95%区间（%）", "weighted wrong-exit rate with 95 % interval (%)")
    )
    axis.grid(visible=False, axis="y")
    hidden = len(parts) - len(shown)
    return finish(
        page,
        figure,
        title=page.says("各乡镇错退率差别大吗？", "Do the townships differ in wrong exits?"),
        note=page.says(
            f"右侧为错退人口 / 抽样脱贫人口（不加权）和95%区间；箭头表示超出图幅；虚线表示样本村太少，区间无从估计；"
            f"红虚线为限值 {limit:g} %；因户数太少未显示 {hidden} 个乡镇；三（二）1",
            "right: wrong / sampled persons (unweighted) and 95 % interval; arrow: off the picture; dotted: too few "
            f"villages for an interval; red: limit {limit:g} %; {hidden} townships hidden as too small; 三（二）1",
        ),
    )


def _untold(page: Page, record: Indicators) -> Sentence:
    """Say why no part of the county and no village can be held against the others."""
    wrong = record.official.judgements["wrong_exit_rate"]
    counts = counted(wrong.numerator, wrong.denominator)
    return say(
        page.says(
            f"错退率不能估计（{counts}；{wrong.clause}），不作各乡镇、各村的比较。",
            f"The wrong-exit rate is not estimable ({counts}; {wrong.clause}); townships and villages "
            "are not compared.",
        ),
        tone="warn",
    )


def _blind(d: Domain) -> bool:
    """Say whether the villages of a part are too few for an interval."""
    return d.low == 0 and d.high == 1


def _interval(
    axis: Axes, y: float, limits: tuple[float, float], *, edge: float, blind: bool, color: str
) -> None:
    """Draw an interval in per cent, cut with an arrow where it passes the edge."""
    low, high = 100 * limits[0], 100 * limits[1]
    axis.plot([low, min(high, edge)], [y, y], color=color, lw=2, ls=":" if blind else "-")
    if high > edge:
        axis.plot(edge, y, ">", color=color, ms=7, clip_on=False)


def _beside(axis: Axes, y: float, counts: str, low: float | None, high: float | None) -> None:
    """Write counts and interval to the right of a row."""
    limits = "–" if low is None or high is None else f"{100 * low:.1f}–{100 * high:.1f} %"
    axis.text(
        1.02,
        y,
        f"{counts}   {limits}",
        va="center",
        fontsize=8,
        transform=axis.get_yaxis_transform(),
    )


def chance_limit(n: float, p: float, level: float) -> float:
    """Return the share of n households that chance alone reaches with (1 - level)/2.

    The binomial tail, continued between whole numbers, so that the limit is smooth.

    Source: Spiegelhalter (2005), Statistics in Medicine 24:1185-1202, section 3.
    """
    tail = (1 - level) / 2
    if p**n >= tail:
        return 1.0
    return float(brentq(lambda x: betainc(x, n - x + 1, p) - tail, 1e-9, n)) / n


@team_only(
    "各村错退户的图每点只有几户，由评估组保管，不公开。",
    "The picture of wrong households by village stays with the team: a dot is a few households.",
)
@waits
def funnel_picture(page: Page, record: Indicators) -> Picture | Sentence:
    """Return a funnel plot: every village's share of wrong households against its households.

    Households, not persons: the members of one household are wrong together, and a
    single household would look like a cluster.
    """
    if not record.domains:
        return _untold(page, record)
    figure, (axis,) = canvas(9, 4)
    villages = [v for v in record.villages if v.households]
    wrong = sum(v.wrong_households for v in villages)
    households = sum(v.households for v in villages)
    limit = float(record.official.judgements["wrong_exit_rate"].limit)
    p = wrong / households if wrong else limit
    most = max([v.households for v in villages] + [10])
    grid = [most * 1.1 * i / 100 for i in range(5, 101)]
    for level, style in ((0.95, "--"), (0.998, ":")):
        edge = [100 * chance_limit(n, p, level) for n in grid]
        axis.plot(grid, edge, ls=style, color=GREY, lw=1.2, label=f"{100 * level:g} %")
    axis.axhline(100 * p, color=GREY, lw=1)
    axis.axhline(100 * limit, color=RED, lw=1.3, ls="--")
    spots = Counter((v.households, v.wrong_households) for v in villages)
    for (size, broken), times in sorted(spots.items()):
        outside = broken and betainc(broken, size - broken + 1, p) < 0.001
        share = 100 * broken / size
        axis.plot(size, share, "o", color=RED if outside else BLUE, ms=5 + 1.5 * times**0.5)
        below = [(f"×{times}", -12)] if times > 1 else []
        above = [(f"{broken}/{size}", 5)] if broken else []
        for words, offset in (*above, *below):
            axis.annotate(
                words,
                (size, share),
                xytext=(0, offset),
                textcoords="offset points",
                ha="center",
                fontsize=7,
            )
    middle = sorted(v.households for v in villages)[len(villages) // 2]
    top = max(
        130 * chance_limit(middle, p, 0.998),
        *(100 * v.wrong_households / v.households for v in villages),
    )
    axis.set_ylim(-0.07 * top, 1.1 * top)
    axis.set_xlim(0, most * 1.1)
    axis.set_xlabel(
        page.says("村内完成的脱贫户（户）", "completed lifted households of the village")
    )
    axis.set_ylabel(page.says("错退户占比（%）", "share of wrong households (%)"))
    axis.legend(
        fontsize=8,
        title=page.says("纯随机波动上界", "upper limits of chance"),
        loc="upper right",
    )
    return finish(
        page,
        figure,
        title=page.says("有没有异常集中的村？", "Does any village stand out?"),
        note=_funnel_note(page, record, wrong=wrong, households=households, villages=len(villages)),
    )


def _funnel_note(
    page: Page, record: Indicators, *, wrong: int, households: int, villages: int
) -> str:
    """Return n, the centre of the funnel, and the limit."""
    rate = record.official.judgements["wrong_exit_rate"]
    centre = page.says(
        "灰线为全县占比" if wrong else "没有错退户，波动界以限值为中心",
        "grey: the county's share" if wrong else "no wrong household: centred on the limit",
    )
    return page.says(
        f"n = {villages}个村，错退户 {counted(wrong, households)}（按人 {counted(rate.numerator, rate.denominator)}）；"
        f"{centre}；红点超出99.8%界；红虚线为限值（按人）；×为重合的村数；三（二）1",
        f"n = {villages} villages, wrong households {counted(wrong, households)} (persons "
        f"{counted(rate.numerator, rate.denominator)}); {centre}; red dot: beyond 99.8 %; red line: limit "
        "(of persons); ×: villages in one spot; 三（二）1",
    )


@published
@waits
def funnel_table(page: Page, record: Indicators) -> Shown:
    """Return the way from screened to verified missed, and groups whose counts differ."""
    f = record.funnel
    units = record.unequal_units
    rows: list[tuple[str, Cell]] = [
        (page.says("普查排查人口", "persons screened"), f.persons_screened),
        (page.says("排查户", "households screened"), f.households_screened),
        (
            page.says("疑似漏评户", "suspected households"),
            unless(hides(page, f.suspected), f.suspected),
        ),
        (
            page.says("入户调查的非建档立卡户", "unregistered households visited"),
            unless(hides(page, f.visited), f.visited),
        ),
        (page.says("核实漏评（户或成员）", "verified missed (households or members)"), f.verified),
        (page.says("核实漏评人口", "persons missed"), f.persons_missed),
        (
            page.says(
                "排查到的人口与登记不符的村组", "groups where persons met differ from the claim"
            ),
            len(units)
            if page.public or not units
            else page.says("、", ", ").join(f"{u.unit}（{u.met} / {u.claimed}）" for u in units),
        ),
    ]
    return table(
        page,
        page.says("排查漏斗", "The funnel of screening"),
        page.says("环节|数量", "step|number").split("|"),
        rows,
        clause="三（二）1、2",
    )
