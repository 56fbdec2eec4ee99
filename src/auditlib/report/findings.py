"""Tables and pictures of the stage `findings`."""

from matplotlib.ticker import MaxNLocator

from auditlib.findings.summary import Findings
from auditlib.report.charts import BLUE, GREEN, ORANGE, RED, SKY, Picture, canvas, finish
from auditlib.report.page import Page, Sentence, say, waits
from auditlib.report.tables import Shown, table


@waits
def standard_table(page: Page, record: Findings) -> Shown:
    """Return every standard over the lifted households, each counted by its worst answer."""
    standards = page.plan.standards
    return table(
        page,
        page.says(
            "脱贫户“两不愁三保障”和收入（疑似，未核实）",
            "Standards of lifted households (suspected)",
        ),
        page.says(
            "标准|条款|户数|达标|有正当理由|缺证据|疑似问题",
            "standard|clause|households|kept|excused|evidence missing|suspected",
        ).split("|"),
        [
            (
                standards[s.standard].name[page.language],
                standards[s.standard].clause,
                s.households,
                s.kept,
                s.excused,
                s.missing,
                s.broken,
            )
            for s in record.standards
        ],
        marks=[(i, 6, "warn") for i, s in enumerate(record.standards) if s.broken],
    )


@waits
def standard_picture(page: Page, record: Findings) -> Picture:
    """Return a picture of suspected problems and missing evidence by standard."""
    figure, (axis,) = canvas(9, 3.8)
    rows = list(reversed(record.standards))
    places = range(len(rows))
    broken = [s.broken for s in rows]
    axis.barh(places, broken, color=RED, height=0.6, label=page.says("疑似问题", "suspected"))
    missing = [s.missing for s in rows]
    axis.barh(
        places,
        missing,
        left=broken,
        color=ORANGE,
        height=0.6,
        label=page.says("缺证据", "evidence missing"),
    )
    excused = [s.excused for s in rows]
    axis.barh(
        places,
        excused,
        left=[b + m for b, m in zip(broken, missing, strict=True)],
        color=SKY,
        height=0.6,
        label=page.says("有正当理由", "excused"),
    )
    for i, s in enumerate(rows):
        axis.text(
            s.broken + s.missing + s.excused + 0.15, i, f"/ {s.households}", va="center", fontsize=9
        )
    axis.set_yticks(places, [page.plan.standards[s.standard].name[page.language] for s in rows])
    axis.set_xlabel(page.says("户数", "households"))
    axis.set_xlim(0, max(3, *(s.broken + s.missing + s.excused for s in rows)) * 1.15)
    axis.grid(visible=False, axis="y")
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, fontsize=9)
    n = max((s.households for s in record.standards), default=0)
    return finish(
        page,
        figure,
        title=page.says("哪些标准疑似未达到？", "Which standards seem not to be met?"),
        note=page.says(
            f"n = {n}户脱贫户；疑似问题须核实后才计入；三（三）1–2",
            f"n = {n} lifted households; only verified cases count; 三（三）1–2",
        ),
    )


@waits
def case_table(page: Page, record: Findings) -> Shown:
    """Return cases by kind and item."""
    return table(
        page,
        page.says("疑似问题的核实结果", "How suspected cases were settled"),
        page.says("类型|问题项|核实|排除|未结", "kind|item|verified|dismissed|open").split("|"),
        [
            (
                page.label("case_kind", c.kind),
                page.label("standards", c.item),
                c.verified,
                c.dismissed,
                c.open,
            )
            for c in record.cases
        ],
        clause="五（二）",
        marks=[(i, 4, "bad") for i, c in enumerate(record.cases) if c.open],
    )


@waits
def case_picture(page: Page, record: Findings) -> Picture:
    """Return a picture of how many cases reached each level, and how they ended."""
    figure, (left, right) = canvas(9, 3.2, columns=2)
    names = [page.says("未提交核实", "not put to anyone")]
    names += [level.name[page.language] for level in page.plan.ladder.levels.values()]
    numbers = [record.by_level.get(str(i), 0) for i in range(len(names))]
    left.barh(range(len(names)), numbers, color=BLUE, height=0.6)
    for i, number in enumerate(numbers):
        left.text(number + 0.2, i, str(number), va="center")
    left.set_yticks(range(len(names)), names)
    left.invert_yaxis()
    left.set_title(page.says("最后到达的层级", "last level reached"), fontsize=10)
    left.set_xlabel(page.says("问题数", "cases"))
    states = ("verified", "dismissed", "open")
    for i, (kind, zh, en) in enumerate(
        (("wrong_exit", "疑似错退", "wrong exit"), ("missed", "疑似漏评", "missed"))
    ):
        start = 0
        for state, colour in zip(states, (RED, GREEN, ORANGE), strict=True):
            number = sum(getattr(c, state) for c in record.cases if c.kind == kind)
            label = page.says(
                *{"verified": ("核实", "verified"), "dismissed": ("排除", "dismissed")}.get(
                    state, ("未结", "open")
                )
            )
            right.barh(
                i, number, left=start, color=colour, height=0.5, label=label if i == 0 else None
            )
            if number:
                right.text(
                    start + number / 2, i, str(number), ha="center", va="center", color="white"
                )
            start += number
        right.text(start + 0.3, i, page.says(zh, en), va="center", fontsize=9)
    right.set_yticks([])
    right.set_xlim(0, max(4, right.get_xlim()[1] * 1.35))
    right.set_title(page.says("认定结果", "outcome"), fontsize=10)
    right.set_xlabel(page.says("问题数", "cases"))
    for axis in (left, right):
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    right.legend(fontsize=8, loc="upper right")
    total = sum(numbers)
    return finish(
        page,
        figure,
        title=page.says("每个疑似问题都结清了吗？", "Is every suspected case settled?"),
        note=page.says(f"n = {total}个问题；五（二）", f"n = {total} cases; clause 五（二）"),
    )


@waits
def open_table(page: Page, record: Findings) -> Shown:
    """Return the cases that are not settled."""
    return table(
        page,
        page.says("未结问题", "Open cases"),
        page.says("编号|样本|类型|问题项|层级|提出日期", "case|unit|kind|item|level|opened").split(
            "|"
        ),
        [
            (
                c.case_id,
                c.study_id,
                page.label("case_kind", c.kind),
                page.label("standards", c.item),
                c.level,
                c.opened.isoformat() if c.opened else None,
            )
            for c in record.open_cases
        ],
        clause="五（二）",
    )


@waits
def near_line_table(page: Page, record: Findings) -> Shown:
    """Return how many households lie just above the line, by village."""
    villages: dict[str, list[float]] = {}
    for near in record.near_line:
        villages.setdefault(near.village, []).append(near.income)
    share = page.plan.near_line.within or 0
    limit = (1 + float(share)) * record.income_line
    return table(
        page,
        page.says(
            f"收入略高于标准的脱贫户（{record.income_line:,.0f}–{limit:,.0f}元），按村",
            f"Lifted households just above the line ({record.income_line:,.0f}–{limit:,.0f} yuan)",
        ),
        page.says(
            "行政村|户数|最低人均纯收入（元）", "village|households|lowest income (yuan)"
        ).split("|"),
        [
            (page.place(village), len(incomes), round(min(incomes)))
            for village, incomes in sorted(villages.items())
        ],
        clause=page.plan.near_line.clause,
    )


@waits
def summary(page: Page, record: Findings) -> Sentence:
    """Say how many households are suspected, verified and open."""
    return say(
        page.says(
            f"疑似问题脱贫户 {record.suspected_households} 户，核实错退 "
            f"{record.verified_households} 户，未结问题 {len(record.open_cases)} 个。",
            f"{record.suspected_households} lifted households are suspected, "
            f"{record.verified_households} verified as wrongly exited; "
            f"{len(record.open_cases)} cases are open.",
        ),
        tone="warn" if record.open_cases else "plain",
    )
