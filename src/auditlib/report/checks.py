"""Tables and pictures of the stage `checks`."""

import seaborn

from auditlib.checks.summary import Checks
from auditlib.report.charts import BLUE, GREY, ORANGE, SKY, Picture, canvas, finish
from auditlib.report.page import Page, Sentence, counted, percent, say, waits
from auditlib.report.tables import Shown, table

FOUND = {"yes": ("具备", "yes"), "partly": ("不完整", "in part"), "no": ("没有", "no")}


@waits
def document_table(page: Page, record: Checks) -> Shown:
    """Return the documents on deployment and follow-up."""
    plan = page.plan
    return table(
        page,
        page.says("部署与后续帮扶：文件清单", "Deployment and follow-up: documents"),
        page.says(
            "部分|文件|条款|是否具备|缺少内容|证据|问题",
            "chapter|document|clause|found|missing parts|evidence|problem",
        ).split("|"),
        [
            (
                plan.document_chapters[d.chapter][page.language],
                plan.documents[d.document].name[page.language],
                d.clause,
                page.says(*FOUND.get(d.found, ("未检查", "not checked"))),
                page.labels("document_sections", " ".join(d.sections_missing)),
                d.evidence or None,
                page.label("severity", d.problem) if d.problem else None,
            )
            for d in record.documents
        ],
        marks=[
            (i, 3, "good" if d.found == "yes" else "bad" if d.found == "no" else "warn")
            for i, d in enumerate(record.documents)
        ],
    )


@waits
def leader_table(page: Page, record: Checks) -> Shown:
    """Return how many poor villages each principal leader has visited."""
    return table(
        page,
        page.says("党政主要领导遍访贫困村", "Poor villages visited by the principal leaders"),
        page.says(
            "领导|已访 / 贫困村|比例|未访村", "leader|visited / poor|share|not visited"
        ).split("|"),
        [
            (
                page.label("leader", v.leader),
                counted(v.visited, v.poor_villages),
                percent(v.visited / v.poor_villages if v.poor_villages else None),
                page.says("、", ", ").join(
                    page.place(code).split()[0] for code in v.not_visited[:6]
                )
                + (" …" if len(v.not_visited) > 6 else ""),
            )
            for v in record.leaders
        ],
        clause="三（三）3",
        marks=[
            (i, 2, "good" if not v.not_visited else "warn") for i, v in enumerate(record.leaders)
        ],
    )


@waits
def input_table(page: Page, record: Checks) -> Shown:
    """Return funds and staff with simple ratios."""
    return table(
        page,
        page.says("资金投入与人员配置", "Funds and staff"),
        page.says(
            "年度|项目|数量（万元或人）|每名建档立卡人口|每个贫困村|来源",
            "year|item|amount (10,000 yuan or persons)|per registered person|per poor village|source",
        ).split("|"),
        [
            (
                str(x.year),
                page.label("funds_item", x.item),
                f"{x.amount:,.0f}",
                f"{x.per_poor_person:.3f}",
                f"{x.per_poor_village:.1f}",
                x.source,
            )
            for x in record.inputs
        ],
        clause="三（三）3",
    )


@waits
def policy_table(page: Page, record: Checks) -> Shown:
    """Return the eleven policy lines."""
    return table(
        page,
        page.says("十一项政策落实", "Eleven policy lines"),
        page.says(
            "政策|现场（已看 / 抽查）|覆盖 / 应享受户|受访户称享受|问题",
            "policy|sites seen / chosen|covered / eligible|households that say so|problems",
        ).split("|"),
        [
            (
                page.label("policy_lines", p.line),
                counted(p.sites_seen, p.sites),
                f"{counted(p.covered, p.eligible)}（{percent(p.covered / p.eligible, digits=1)}）"
                if p.eligible
                else "–",
                f"{counted(p.received, p.answered)}（{percent(p.received / p.answered, digits=1)}）"
                if p.answered
                else "–",
                p.problems,
            )
            for p in record.policies
        ],
        clause="三（三）4",
        marks=[
            (i, 4, "bad" if p.prominent else "warn")
            for i, p in enumerate(record.policies)
            if p.problems
        ],
    )


@waits
def village_picture(page: Page, record: Checks) -> Picture:
    """Return a picture of infrastructure and services before and now."""
    figure, (axis,) = canvas(9, 3.8)
    items = list(reversed(record.villages))
    for i, item in enumerate(items):
        n = max(item.villages, 1)
        before, now = 100 * item.met_before / n, 100 * item.met_now / n
        axis.plot([before, now], [i, i], color="#BBBBBB", lw=3, zorder=1)
        axis.plot(before, i, "o", color=SKY, ms=8)
        axis.plot(now, i, "o", color=BLUE if item.met_now == item.villages else ORANGE, ms=10)
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
def service_table(page: Page, record: Checks) -> Shown:
    """Return the county's services beside the national averages."""
    words = {None: "–", True: page.says("接近", "close"), False: page.says("有差距", "a gap")}
    return table(
        page,
        page.says(
            "县级公共服务与全国平均（不自动判定）", "County services beside the national average"
        ),
        page.says(
            "指标|本县（年度）|全国（年度）|差距|判断|全国数据来源",
            "indicator|county (year)|nation (year)|gap|judgement|source of the average",
        ).split("|"),
        [
            (
                page.label("county_services", s.service),
                f"{s.value:g} {s.unit}（{s.year}）" if s.value is not None else "–",
                f"{s.average:g} {s.unit}（{s.average_year}）",
                percent(s.gap, digits=1),
                words[s.close],
                s.average_source,
            )
            for s in record.services
        ],
        clause="三（三）5",
        marks=[(i, 4, "good" if s.close else "warn") for i, s in enumerate(record.services)],
    )


@waits
def service_picture(page: Page, record: Checks) -> Picture:
    """Return a picture of the gaps to the national averages."""
    known = [s for s in record.services if s.gap is not None]
    figure, (axis,) = canvas(9, 3.4)
    gaps = [100 * (s.gap or 0) for s in known]
    names = [page.label("county_services", s.service) for s in known]
    close = -100 * float(page.plan.services_rule.close_within)
    seaborn.barplot(
        x=gaps,
        y=names,
        ax=axis,
        hue=["close" if g >= close else "gap" for g in gaps],
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
def interview_table(page: Page, record: Checks) -> Shown:
    """Return the interviewed by class, with topics and recognition of the exit."""
    topics = [words[page.language] for words in page.plan.interviews.topics.values()]
    return table(
        page,
        page.says(
            "座谈访谈：各类人员对县退出是否认可", "Interviews: recognition of the exit by class"
        ),
        [
            *page.says("类别|人数|认可|比例|不表态", "class|heard|recognise|share|silent").split(
                "|"
            ),
            *topics,
        ],
        [
            (
                page.label("interview_classes", c.respondents),
                c.interviewed,
                c.recognise,
                percent(c.recognise / c.interviewed if c.interviewed else None, digits=1),
                c.silent,
                *c.topics,
            )
            for c in record.interviews
        ],
        clause="四（四）",
    )


@waits
def summary(page: Page, record: Checks) -> Sentence:
    """Say which prominent problems there are."""
    if not record.prominent:
        return say(page.says("未发现突出问题。", "No prominent problem was found."), tone="good")
    names = [
        page.label("documents", name)
        if name in page.plan.documents
        else page.label("policy_lines", name)
        for name in record.prominent
    ]
    return say(
        page.says("突出问题：", "Prominent problems: ")
        + page.says("、", ", ").join(names)
        + page.says("，须反馈、限期整改并复核。", "; to be fed back, rectified and re-checked."),
        tone="bad",
    )
