"""The wrong-exit rate in parts of the county, village by village, and the funnel of screening."""

from scipy.stats import binom

from auditlib.indicators.summary import Indicators
from auditlib.report.charts import BLUE, GREY, RED, Picture, canvas, finish
from auditlib.report.page import Page, counted, percent, waits
from auditlib.report.tables import Shown, table

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


@waits
def domain_table(page: Page, record: Indicators) -> Shown:
    """Return the wrong-exit rate in parts of the county; small parts are suppressed."""
    fewest = page.plan.privacy.fewest_households
    rows = []
    for d in record.domains:
        hidden = d.persons is None
        rows.append(
            (
                page.says(*PARTS[d.by]),
                _part(page, d.by, d.value),
                f"< {fewest}" if hidden else d.households,
                None if hidden else counted(d.wrong or 0, d.persons or 0),
                None if hidden else percent(d.rate),
                None if hidden else f"{percent(d.low)} – {percent(d.high)}",
            )
        )
    return table(
        page,
        page.says(
            f"错退率分组（少于{fewest}户的不显示）",
            f"Wrong-exit rate in parts (under {fewest} households hidden)",
        ),
        page.says(
            "分组|值|户数|错退 / 抽样脱贫人口|加权错退率|95%区间",
            "by|value|households|wrong / sampled persons|weighted rate|95 % interval",
        ).split("|"),
        rows,
        clause="三（二）1",
    )


@waits
def forest_picture(page: Page, record: Indicators) -> Picture:
    """Return a forest of the wrong-exit rate by township, with the county's own."""
    limit = 100 * float(record.official.judgements["wrong_exit_rate"].limit)
    shown = [d for d in record.domains if d.by == "township" and d.rate is not None]
    shown.sort(key=lambda d: (-(d.rate or 0), d.value))
    figure, (axis,) = canvas(9, 1.9 + 0.3 * len(shown))
    for i, d in enumerate(shown):
        axis.plot([100 * (d.low or 0), 100 * (d.high or 0)], [i, i], color=GREY, lw=2)
        axis.plot(100 * (d.rate or 0), i, "s", color=BLUE, ms=6)
        axis.text(
            1.01,
            i,
            counted(d.wrong or 0, d.persons or 0),
            va="center",
            fontsize=8.5,
            transform=axis.get_yaxis_transform(),
        )
    sure = record.assurance["wrong_exit_rate"]
    whole = len(shown)
    axis.plot([100 * sure.low, 100 * sure.high], [whole, whole], color="black", lw=2.4)
    axis.plot(100 * sure.value, whole, "D", color="black", ms=7)
    wrong = record.official.judgements["wrong_exit_rate"]
    axis.text(
        1.01,
        whole,
        counted(wrong.numerator, wrong.denominator),
        va="center",
        fontsize=8.5,
        transform=axis.get_yaxis_transform(),
    )
    axis.axvline(limit, color=RED, lw=1.4, ls="--")
    names = [page.place(d.value).split()[0] for d in shown] + [page.says("全县", "county")]
    axis.set_yticks(range(len(names)), names)
    axis.invert_yaxis()
    axis.set_xlabel(
        page.says("加权错退率与95%区间（%）", "weighted wrong-exit rate with 95 % interval (%)")
    )
    axis.grid(visible=False, axis="y")
    return finish(
        page,
        figure,
        title=page.says("各乡镇错退率差别大吗？", "Do the townships differ in wrong exits?"),
        note=page.says(
            "右侧为错退人口 / 抽样脱贫人口；零发现也有上限，箭头表示超出图幅；红虚线为限值；三（二）1",
            "right: wrong / sampled persons; zero findings have an upper bound too; arrow: off the picture; red: limit; 三（二）1",
        ),
    )


@waits
def funnel_picture(page: Page, record: Indicators) -> Picture:
    """Return a funnel plot: every village's wrong-exit rate against its sampled persons."""
    figure, (axis,) = canvas(9, 3.8)
    rate = record.official.judgements["wrong_exit_rate"]
    most = max([v.persons for v in record.villages] + [10])
    grid = list(range(2, int(most * 1.15) + 2))
    p = float(rate.value)
    for level, style in ((0.95, "--"), (0.998, ":")):
        upper = [100 * binom.ppf((1 + level) / 2, n, p) / n if p > 0 else 0 for n in grid]
        axis.plot(grid, upper, ls=style, color=GREY, lw=1, label=f"{level:.1%}")
    axis.axhline(100 * p, color=GREY, lw=1)
    axis.axhline(100 * float(rate.limit), color=RED, lw=1.3, ls="--")
    for v in record.villages:
        outside = p > 0 and v.wrong > binom.ppf(0.999, v.persons, p)
        axis.plot(
            v.persons, 100 * v.wrong / max(v.persons, 1), "o", color=RED if outside else BLUE, ms=6
        )
    axis.set_xlabel(page.says("村抽样脱贫人口（人）", "sampled lifted persons of the village"))
    axis.set_ylabel(page.says("错退率（%）", "wrong-exit rate (%)"))
    axis.legend(fontsize=8, title=page.says("纯随机波动界", "limits of chance"), loc="upper right")
    return finish(
        page,
        figure,
        title=page.says("有没有异常集中的村？", "Does any village stand out?"),
        note=page.says(
            f"n = {len(record.villages)}个村，合计 {counted(rate.numerator, rate.denominator)}；红虚线为限值；三（二）1",
            f"n = {len(record.villages)} villages, in all {counted(rate.numerator, rate.denominator)}; red: limit; 三（二）1",
        ),
    )


@waits
def funnel_table(page: Page, record: Indicators) -> Shown:
    """Return the way from screened to verified missed, and groups whose counts differ."""
    f = record.funnel
    rows: list[tuple[str, int | str]] = [
        (page.says("普查排查人口", "persons screened"), f.persons_screened),
        (page.says("排查户", "households screened"), f.households_screened),
        (page.says("疑似漏评户", "suspected households"), f.suspected),
        (page.says("入户调查的非建档立卡户", "unregistered households visited"), f.visited),
        (page.says("核实漏评（户或成员）", "verified missed (households or members)"), f.verified),
        (page.says("核实漏评人口", "persons missed"), f.persons_missed),
        (
            page.says(
                "排查到的人口与登记不符的村组", "groups where persons met differ from the claim"
            ),
            page.says("、", ", ").join(
                f"{u.unit}（{u.met} / {u.claimed}）" for u in record.unequal_units
            )
            or 0,
        ),
        (
            page.says("错退户 / 完成的脱贫户", "wrong / completed lifted households"),
            counted(record.households.numerator, record.households.denominator),
        ),
    ]
    return table(
        page,
        page.says("排查漏斗与户数口径", "The funnel of screening, and households"),
        page.says("环节|数量", "step|number").split("|"),
        rows,
        clause="三（二）1、2",
    )
