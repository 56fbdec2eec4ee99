"""Tables and pictures of the stage `findings`."""

from collections.abc import Iterable

from matplotlib.ticker import MaxNLocator

from auditlib.findings.summary import Findings, NearLine, StandardCount, TestCount
from auditlib.report.cases import ledger_state
from auditlib.report.charts import BELOW, ORANGE, RED, SKY, Picture, canvas, finish
from auditlib.report.disclosure import (
    explain,
    hidden_cells,
    hides,
    published,
    unless,
    withheld,
)
from auditlib.report.page import Page, Sentence, say, waits
from auditlib.report.tables import HIDDEN, Shown, table

ANSWERS = ("kept", "flagged", "excused", "missing", "broken")
"""How the households of a standard, or the answers to a test, fall apart; they add up."""


def _hidden(page: Page, counts: Iterable[StandardCount | TestCount]) -> frozenset[tuple[int, str]]:
    """Return which answers of which row are hidden; the sum of every row is known."""
    cells = {(i, name): getattr(row, name) for i, row in enumerate(counts) for name in ANSWERS}
    rows = sorted({i for i, _ in cells})
    return hidden_cells(page, cells, totals=[[(i, name) for name in ANSWERS] for i in rows])


@published
@waits
def standard_table(page: Page, record: Findings) -> Shown:
    """Return every standard over the lifted households, each counted by its worst answer."""
    standards = page.plan.standards
    hidden = _hidden(page, record.standards)
    return table(
        page,
        page.says(
            "脱贫户“两不愁三保障”和收入（疑似，未核实）",
            "Standards of lifted households (suspected)",
        )
        + explain(page, hidden),
        page.says(
            "标准|条款|户数|达标|来源待核|有正当理由|缺证据|疑似问题",
            "standard|clause|households|kept|source flagged|excused|evidence missing|suspected",
        ).split("|"),
        [
            (
                standards[s.standard].name[page.language],
                standards[s.standard].clause,
                s.households,
                *(unless((i, name) in hidden, getattr(s, name)) for name in ANSWERS),
            )
            for i, s in enumerate(record.standards)
        ],
        marks=[
            (i, 7, "warn")
            for i, s in enumerate(record.standards)
            if s.broken and (i, "broken") not in hidden
        ],
    )


@published
@waits
def standard_picture(page: Page, record: Findings) -> Picture | Sentence:
    """Return a picture of suspected problems and missing evidence by standard."""
    rows = list(reversed(record.standards))
    hidden = _hidden(page, rows)
    broken, missing, excused = (
        [0 if (i, name) in hidden else getattr(s, name) for i, s in enumerate(rows)]
        for name in ("broken", "missing", "excused")
    )
    lengths = [sum(parts) for parts in zip(broken, missing, excused, strict=True)]
    if hidden and not any(lengths):
        return withheld(
            page,
            "各项数字均不足下限，图由评估组保管；见上表。",
            "Every figure is too small to be shown; the team keeps the picture. See the table above.",
        )
    figure, (axis,) = canvas(9, 3.8)
    places = range(len(rows))
    axis.barh(places, broken, color=RED, height=0.6, label=page.says("疑似问题", "suspected"))
    axis.barh(
        places,
        missing,
        left=broken,
        color=ORANGE,
        height=0.6,
        label=page.says("缺证据", "evidence missing"),
    )
    axis.barh(
        places,
        excused,
        left=[b + m for b, m in zip(broken, missing, strict=True)],
        color=SKY,
        height=0.6,
        label=page.says("有正当理由", "excused"),
    )
    for i, s in enumerate(rows):
        signs = {n for n in ("broken", "missing", "excused") if (i, n) in hidden}
        star = f" {HIDDEN}" if signs else ""
        axis.text(lengths[i], i, f"{star} / {s.households}", va="center", fontsize=9)
    axis.set_yticks(places, [page.plan.standards[s.standard].name[page.language] for s in rows])
    axis.set_xlabel(page.says("户数", "households"))
    axis.set_xlim(0, max(3, *lengths) * 1.15)
    axis.grid(visible=False, axis="y")
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.legend(
        loc="upper center", bbox_to_anchor=(0.5, 0), borderaxespad=BELOW, ncols=3, fontsize=8
    )
    n = max((s.households for s in record.standards), default=0)
    return finish(
        page,
        figure,
        title=page.says("哪些标准疑似未达到？", "Which standards seem not to be met?"),
        note=page.says(
            f"n = {n}户脱贫户；疑似问题须核实后才计入；三（三）1–2",
            f"n = {n} lifted households; only verified cases count; 三（三）1–2",
        )
        + explain(page, hidden),
    )


@published
@waits
def test_table(page: Page, record: Findings) -> Shown:
    """Return every test that an answer did not keep: which item, which answer, which clause."""
    standards = page.plan.standards
    shown = [t for t in record.tests if t.asked != t.kept]
    hidden = _hidden(page, shown)
    return table(
        page,
        page.says("逐项核对（未达标的项）", "Test by test (those not kept throughout)")
        + explain(page, hidden),
        page.says(
            "标准|检查项|问卷题目|条款|回答数|来源待核|有正当理由|缺证据|疑似问题",
            "standard|test|answer|clause|answers|source flagged|excused|evidence missing|suspected",
        ).split("|"),
        [
            (
                standards[t.standard].name[page.language],
                standards[t.standard].tests[t.test].name[page.language],
                standards[t.standard].tests[t.test].answer,
                standards[t.standard].clause,
                t.asked,
                *(unless((i, name) in hidden, getattr(t, name)) for name in ANSWERS[1:]),
            )
            for i, t in enumerate(shown)
        ],
        marks=[
            (i, 8, "warn") for i, t in enumerate(shown) if t.broken and (i, "broken") not in hidden
        ],
    )


MISSED = ("verified", "open", "dismissed", "persons_verified", "persons_open")


@published
@waits
def missed_table(page: Page, record: Findings) -> Shown:
    """Return missed cases of whole households and of members, apart (A14)."""
    met = unless(hides(page, record.unregistered_met), record.unregistered_met)
    cells = {(i, name): getattr(m, name) for i, m in enumerate(record.missed) for name in MISSED}
    columns = [[(i, name) for i in range(len(record.missed))] for name in MISSED]
    hidden = hidden_cells(page, cells, totals=columns)
    persons = {(i, f"persons_{name}") for i, name in hidden} & set(cells)
    hidden = hidden_cells(page, cells, totals=columns, unsafe=persons)
    return table(
        page,
        page.says(
            f"疑似漏评：整户与户内漏人分列（建档立卡户中见到未登记成员 {met} 人）",
            f"Missed: whole households and members apart ({met} unregistered members were met)",
        )
        + explain(page, hidden),
        page.says(
            "类别|核实|未结|排除|核实人数|未结人数",
            "kind|verified|open|dismissed|persons verified|persons open",
        ).split("|"),
        [
            (
                page.says("户内漏人", "member of a registered household")
                if m.within
                else page.says("整户漏评", "whole household"),
                *(unless((i, name) in hidden, getattr(m, name)) for name in MISSED),
            )
            for i, m in enumerate(record.missed)
        ],
        clause="三（二）2",
    )


@published
@waits
def near_line_table(page: Page, record: Findings) -> Shown:
    """Return how many households lie just above the line, by village.

    The lowest income of a village is one household's own: it does not leave the team.
    """
    fewest = page.plan.privacy.fewest_households

    def named(near: NearLine) -> str:
        if near.village:
            return page.place(near.village)
        return page.says(
            f"其余 {near.villages} 个村（每村不足{fewest}户，不分列）",
            f"{near.villages} other villages (fewer than {fewest} households each)",
        )

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
            (
                named(near),
                unless(hides(page, near.households), near.households),
                unless(page.public, None if near.lowest is None else round(near.lowest)),
            )
            for near in record.near_line
        ],
        clause=page.plan.near_line.clause,
    )


@published
@waits
def summary(page: Page, record: Findings) -> Sentence:
    """Say how many households are suspected, verified and open, and whether the past stands."""
    state = ledger_state(page, record)
    suspected = unless(hides(page, record.suspected_households), record.suspected_households)
    return say(
        page.says(
            f"疑似问题脱贫户 {suspected} 户，核实错退 "
            f"{record.verified_households} 户，未结问题 {len(record.open_cases)} 个。",
            f"{suspected} lifted households are suspected, "
            f"{record.verified_households} verified as wrongly exited; "
            f"{len(record.open_cases)} cases are open.",
        ),
        *state.lines,
        tone="bad" if record.altered else "warn" if record.open_cases else state.tone,
    )
