"""Tables and pictures of villages and public services: before and now, and beside the nation."""

import seaborn

from auditlib.checks.summary import Checks
from auditlib.report.charts import BLUE, GREY, ORANGE, SKY, Picture, canvas, finish
from auditlib.report.page import Page, counted, percent, waits
from auditlib.report.tables import Shown, Stack, table


@waits
def village_picture(page: Page, record: Checks) -> Picture:
    """Return a picture of infrastructure and services before and now."""
    figure, (axis,) = canvas(9, 3.8)
    items = list(reversed(record.villages))
    before = [100 * item.met_before / max(item.villages, 1) for item in items]
    now = [100 * item.met_now / max(item.villages, 1) for item in items]
    axis.hlines(
        range(len(items)), before, now, color="#BBBBBB", lw=3, capstyle="projecting", zorder=1
    )
    axis.plot(before, range(len(items)), "o", color=SKY, ms=8)
    for all_met, colour in ((True, BLUE), (False, ORANGE)):
        own = [i for i, item in enumerate(items) if (item.met_now == item.villages) is all_met]
        axis.plot([now[i] for i in own], own, "o", color=colour, ms=10)
    for i, item in enumerate(items):
        axis.text(101.5, i, counted(item.met_now, item.villages), va="center", fontsize=9)
    names = [page.label("village_items", i.item) for i in items]
    axis.set_yticks(range(len(items)), names)
    axis.set_xlim(0, 112)
    axis.set_xlabel(
        page.says("达标（含基本达标）村比例（%）", "villages that meet it, basically included (%)")
    )
    axis.grid(visible=False, axis="y")
    n = max((i.villages for i in items), default=0)
    return finish(
        page,
        figure,
        title=page.says(
            "基础设施和公共服务改善了吗？", "Have infrastructure and services improved?"
        ),
        note=page.says(
            f"n = {n}个村；浅蓝为此前，深蓝为现在全部达标，橙色为现在仍有村未达标；三（三）5",
            f"n = {n} villages; light: before; dark: all meet it now; orange: some do not; 三（三）5",
        ),
    )


@waits
def village_table(page: Page, record: Checks) -> Shown:
    """Return the gaps of every village as a heat table, those with most gaps first."""
    signs = {"met": "●", "basic": "◐", "unmet": "○", "": None}
    tones = {"met": "good", "basic": "warn", "unmet": "bad"}
    items = list(page.plan.village_items)
    return table(
        page,
        page.says(
            "各村基础设施和公共服务短板（此前→现在；●达标 ◐基本达标 ○未达标）",
            "Gaps of infrastructure and services by village (before → now; ● met ◐ basically ○ not)",
        ),
        [
            *page.says("村|贫困村", "village|poor").split("|"),
            *(page.label("village_items", item) for item in items),
            page.says("未达标", "not met"),
        ],
        [
            (
                page.place(v.village),
                page.says("是", "yes") if v.poor else None,
                *(
                    f"{signs[before] or '–'}→{signs[now] or '–'}"
                    for before, now in zip(v.before, v.now, strict=True)
                ),
                v.now.count("unmet"),
            )
            for v in record.lines
        ],
        clause="三（三）5",
        marks=[
            (i, 2 + j, tones[now])
            for i, v in enumerate(record.lines)
            for j, now in enumerate(v.now)
            if now
        ],
    )


@waits
def improvement_table(page: Page, record: Checks) -> Shown:
    """Return the three judgements on poor villages, with their evidence."""
    kinds = {
        "infrastructure": ("基础设施是否明显改善", "infrastructure clearly improved"),
        "services": ("公共服务是否明显提升", "public services clearly improved"),
        "appearance": ("村容村貌是否整洁", "village tidy"),
    }
    return table(
        page,
        page.says("贫困村前后对比：三项判断", "Poor villages before and now: three judgements"),
        page.says(
            "判断|贫困村|明显改善|有所改善|未改善|现已达标|无照片等佐证",
            "judgement|poor villages|clearly|somewhat|not|met now|without photograph or paper",
        ).split("|"),
        [
            (
                page.says(*kinds[x.kind]),
                x.villages,
                counted(x.clear, x.judged),
                counted(x.some, x.judged),
                counted(x.none, x.judged),
                counted(x.met_now, x.judged),
                x.without_evidence,
            )
            for x in record.improvement
        ],
        clause="三（三）5",
        marks=[(i, 6, "warn") for i, x in enumerate(record.improvement) if x.without_evidence],
    )


@waits
def service_table(page: Page, record: Checks) -> Shown:
    """Return the county's services beside the national averages."""
    words = {None: "–", True: page.says("接近", "close"), False: page.says("有差距", "a gap")}
    return table(
        page,
        page.says(
            "县级公共服务与全国平均（不自动判定）", "County services beside the national average"
        ),
        page.says(
            "指标|本县（年度）|全国（年度）|差距|“接近”的参数|判断|全国数据来源",
            "indicator|county (year)|nation (year)|gap|what counts as close|judgement|"
            "source of the average",
        ).split("|"),
        [
            (
                page.label("county_services", s.service),
                f"{s.value:g} {s.unit}（{s.year}）" if s.value is not None else "–",
                f"{s.average:g} {s.unit}（{s.average_year}）",
                percent(s.gap, digits=1),
                f"−{percent(s.close_within, digits=0)}",
                words[s.close],
                s.average_source,
            )
            for s in record.services
        ],
        clause="三（三）5",
        marks=[
            (i, 5, "good" if s.close else "warn")
            for i, s in enumerate(record.services)
            if s.close is not None
        ],
    )


@waits
def service_picture(page: Page, record: Checks) -> Picture:
    """Return a picture of the gaps to the national averages."""
    known = [s for s in record.services if s.gap is not None]
    figure, (axis,) = canvas(9, 3.4)
    gaps = [100 * (s.gap or 0) for s in known]
    names = [page.label("county_services", s.service) for s in known]
    close = -100 * float(page.plan.services_rule.close_within)
    near = ["close" if s.close else "gap" for s in known]
    seaborn.barplot(
        x=gaps,
        y=names,
        ax=axis,
        hue=near,
        palette={"close": BLUE, "gap": ORANGE},
        legend=False,
        orient="h",
        saturation=1,
    )
    axis.axvline(0, color="black", lw=1)
    axis.axvline(close, color=GREY, ls="--", lw=1.2)
    axis.set_xlabel(
        page.says("与全国平均的差距（占全国平均的%）", "gap to the national average (% of it)")
    )
    axis.grid(visible=False, axis="y")
    return finish(
        page,
        figure,
        title=page.says("公共服务接近全国平均吗？", "Are services close to the national average?"),
        note=page.says(
            f"n = {len(known)}项；虚线为“接近”的参数 {close:.0f}%（外部设定）；三（三）5",
            f"n = {len(known)} indicators; dashed: what counts as close, {close:.0f} % (external); 三（三）5",
        ),
    )


@waits
def village_tables(page: Page, record: Checks) -> Stack:
    """Return the three judgements on poor villages, and below them the gaps of every village."""
    return Stack((improvement_table(page, record), village_table(page, record)))
