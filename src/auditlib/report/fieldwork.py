"""Tables and pictures of the stage `fieldwork`."""

from itertools import pairwise

from auditlib.fieldwork.summary import Fieldwork
from auditlib.report.charts import (
    BELOW,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    RED,
    SKY,
    Picture,
    canvas,
    finish,
)
from auditlib.report.disclosure import explain, hides, published, unless
from auditlib.report.page import Page, Sentence, counted, percent, say, waits
from auditlib.report.tables import Shown, table
from auditlib.tables import TABLES

RESPONSE = ("各村脱贫户应答如何？", "How did lifted households respond, by village?")

COLOURS = {
    "completed": GREEN,
    "partial": SKY,
    "refused": RED,
    "absent": ORANGE,
    "moved": GREY,
    "extinct": "#BBBBBB",
    "not_found": PINK,
}


def table_name(page: Page, name: str) -> str:
    """Return an input table's name in the page's language."""
    return TABLES[name].zh if page.language == "zh" else name


@waits
def reconciliation_table(page: Page, record: Fieldwork) -> Shown:
    """Return rows read, accepted and quarantined, by input table."""
    return table(
        page,
        page.says("读入核对：读入＝采用＋隔离", "Rows read = accepted + quarantined"),
        page.says("表|读入|采用|隔离", "table|read|accepted|quarantined").split("|"),
        [(table_name(page, t.table), t.read, t.accepted, t.quarantined) for t in record.tables],
        marks=[(i, 3, "bad") for i, t in enumerate(record.tables) if t.quarantined],
    )


@waits
def reach_table(page: Page, record: Fieldwork) -> Shown:
    """Return how far every kind of household was reached."""
    return table(
        page,
        page.says("样本完成情况", "How far the sample was reached"),
        page.says(
            "类型|应完成|已访问|合格|完成|应答率（完成 / 合格）|替换",
            "kind|wanted|opened|eligible|completed|response (completed / eligible)|replacements",
        ).split("|"),
        [
            (
                page.label("visit_kind", r.kind),
                r.wanted,
                r.opened,
                r.eligible,
                r.completed,
                f"{percent(r.completed / r.eligible if r.eligible else None)}"
                f"（{counted(r.completed, r.eligible)}）",
                r.replaced,
            )
            for r in record.reach
        ],
        clause="四（一）",
        marks=[
            (i, 4, "good" if r.completed >= r.wanted else "warn")
            for i, r in enumerate(record.reach)
        ],
    )


@waits
def reach_picture(page: Page, record: Fieldwork) -> Picture:
    """Return a picture of what became of every household opened."""
    figure, (axis,) = canvas(9, 3.4)
    longest = max((r.opened for r in record.reach), default=0)
    for i, reach in enumerate(reversed(record.reach)):
        left = 0
        if reach.opened < 0.06 * longest:  # too short for a figure inside
            words = str(reach.dispositions.get("completed", 0))
            axis.text(reach.opened + 0.01 * longest, i, words, va="center", color=GREEN)
        for name, colour in COLOURS.items():
            number = reach.dispositions.get(name, 0)
            axis.barh(i, number, left=left, color=colour, height=0.55)
            if number >= max(12, 0.02 * longest) and reach.opened >= 0.06 * longest:
                axis.text(
                    left + number / 2, i, str(number), ha="center", va="center", color="white"
                )
            left += number
        axis.plot([reach.wanted, reach.wanted], [i - 0.4, i + 0.4], color="black", lw=2)
    kinds = [page.label("visit_kind", r.kind) for r in reversed(record.reach)]
    axis.set_yticks(range(len(kinds)), kinds)
    axis.set_xlabel(page.says("户数（黑线为应完成数）", "households (black line: wanted)"))
    axis.grid(visible=False, axis="y")
    seen = [n for n in COLOURS if any(r.dispositions.get(n) for r in record.reach)]
    for name in seen:
        axis.barh(0, 0, color=COLOURS[name], label=page.label("disposition", name))
    axis.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, 0),
        borderaxespad=BELOW,
        ncols=len(seen),
        fontsize=8,
    )
    total = sum(r.opened for r in record.reach)
    return finish(
        page,
        figure,
        title=page.says("样本完成了吗？", "Was the sample reached?"),
        note=page.says(
            f"n = {total}户（已访问）；四（一）", f"n = {total} households opened; 四（一）"
        ),
    )


@published
@waits
def village_picture(page: Page, record: Fieldwork) -> Picture:
    """Return a picture of the response of lifted households, village by village.

    What leaves the team names no village: few are not met in each, and neighbours know whom.
    """
    return _by_share(page, record) if page.public else _by_village(page, record)


def _by_share(page: Page, record: Fieldwork) -> Picture:
    """Return a picture of how many villages reached which response."""
    low = 100 * float(page.plan.fieldwork.low_response)
    shares = [100 * v.completed / max(v.eligible, 1) for v in record.villages]
    edges = [0, low / 3, 2 * low / 3, low, (low + 100) / 2, 100]
    counts = [sum(a <= s < b for s in shares) for a, b in pairwise(edges)]
    counts.append(sum(s >= 100 for s in shares))
    names = [f"{a:.0f}–{b:.0f}" for a, b in pairwise(edges)] + ["100"]
    figure, (axis,) = canvas(9, 3.2)
    colours = [ORANGE] * 3 + [BLUE] * 3
    axis.bar(range(len(counts)), counts, color=colours, width=0.7)
    for i, number in enumerate(counts):
        axis.text(i, number, str(number), ha="center", va="bottom", fontsize=9)
    axis.set_xticks(range(len(names)), names)
    axis.set_ylim(0, max(*counts, 1) * 1.15)
    axis.set_xlabel(page.says("应答率（%）", "response (%)"))
    axis.set_ylabel(page.says("行政村数", "villages"))
    axis.grid(visible=False, axis="x")
    return finish(
        page,
        figure,
        title=page.says(*RESPONSE),
        note=page.says(
            f"n = {len(shares)}个村；低于{low:.0f}%为橙色；不列村名（A50）",
            f"n = {len(shares)} villages; below {low:.0f} % orange; no village is named (A50)",
        ),
    )


def _by_village(page: Page, record: Fieldwork) -> Picture:
    rows = sorted(
        record.villages, key=lambda v: (v.completed / max(v.eligible, 1), -v.eligible, v.village)
    )
    figure, (axis,) = canvas(9, 3.6)
    low = 100 * float(page.plan.fieldwork.low_response)
    shares = [100 * v.completed / max(v.eligible, 1) for v in rows]
    axis.bar(range(len(rows)), shares, color=[BLUE if s >= low else ORANGE for s in shares])
    axis.set_ylim(0, 112)
    for i, village in enumerate(rows):
        axis.text(
            i,
            4,
            f"{village.completed}/{village.eligible}",
            rotation=90,
            ha="center",
            fontsize=7.5,
            color="white",
        )
    names = [page.place(v.village).split()[0] for v in rows]
    axis.set_xticks(range(len(rows)), names, rotation=90, fontsize=7.5)
    axis.set_ylabel(page.says("应答率（%）", "response (%)"))
    axis.grid(visible=False, axis="x")
    return finish(
        page,
        figure,
        title=page.says(*RESPONSE),
        note=page.says(
            f"n = {len(rows)}个村；柱内为完成 / 合格户数，低于{low:.0f}%为橙色",
            f"n = {len(rows)} villages; completed / eligible in the bar, below {low:.0f} % orange",
        ),
    )


@published
@waits
def screening_table(page: Page, record: Fieldwork) -> Shown:
    """Return what the screening covered."""
    s = record.screening
    rows: list[tuple[str, int, int | None]] = [
        (page.says("应普查排查村组", "groups wanted"), s.wanted, None),
        (page.says("完成村组", "groups complete"), s.complete, None),
        (page.says("未完成村组", "groups incomplete"), len(s.incomplete), None),
        (page.says("完成村组未建档立卡人口", "unregistered persons in them"), s.persons, None),
        (page.says("完成村组未建档立卡户", "unregistered households in them"), s.households, None),
        (page.says("排查到户数", "households met"), s.met, None),
        (page.says("疑似漏评户", "suspected"), s.suspected, None),
    ]
    rows += [
        (
            page.says("重点群体：", "risk group: ") + page.label("risk_groups", code),
            number,
            s.risk_visited[code],
        )
        for code, number in s.risk_groups.items()
    ]
    rows += [
        (page.says("方式：", "method: ") + page.label("screening_method", code), number, None)
        for code, number in s.methods.items()
    ]
    rows.append(
        (
            page.says("重点核查户（不进入任何比率）", "purposive visits (in no rate)"),
            record.quality.purposive,
            None,
        )
    )
    units = (0, 1, 2, *range(7 + len(s.risk_groups), 7 + len(s.risk_groups) + len(s.methods)))
    hidden = {
        (i, j)
        for i, row in enumerate(rows)
        for j, number in enumerate(row[1:], 1)
        if i not in units and isinstance(number, int) and hides(page, number)
    }
    return table(
        page,
        page.says("村组普查排查", "Screening of groups") + explain(page, hidden),
        page.says("项目|数量|其中已入户", "item|number|of which visited").split("|"),
        [tuple(unless((i, j) in hidden, c) for j, c in enumerate(r)) for i, r in enumerate(rows)],
        clause="四、四（一）、四（二）",
    )


@waits
def summary(page: Page, record: Fieldwork) -> Sentence:
    """Say in a sentence or two whether the sample was reached."""
    short = [r for r in record.reach if r.completed < r.wanted]
    quarantined = sum(t.quarantined for t in record.tables)
    lines = [
        page.says("各类样本均已完成。", "Every kind of household was reached.")
        if not short
        else page.says("未完成：", "Not reached: ")
        + "；".join(
            f"{page.label('visit_kind', r.kind)} {counted(r.completed, r.wanted)}" for r in short
        ),
        page.says(f"隔离 {quarantined} 行，见隔离工作簿。", f"{quarantined} rows are set aside.")
        if quarantined
        else page.says("没有隔离的行。", "No row is set aside."),
    ]
    return say(*lines, tone="warn" if short or quarantined else "good")
