"""Tables and the picture of suspected cases: how they went up the ladder, and who saw what."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from auditlib.findings.summary import CaseCount, Findings
from auditlib.report.charts import BLUE, GREEN, ORANGE, RED, Picture, canvas, drawn_once, finish
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

STATES = (
    ("verified", RED, "核实", "verified"),
    ("dismissed", GREEN, "排除", "dismissed"),
    ("open", ORANGE, "未结", "open"),
)
BREACHES = {
    "not_recorded": ("告知内容未登记", "what was disclosed is not on record"),
    "other_recipient": ("告知了其他对象", "disclosed to someone else"),
    "too_much": ("超出本问题的告知", "more than this case was disclosed"),
    "unnamed": ("认定人无编号", "the decider has no number"),
    "undeclared": ("认定时尚无独立性声明", "no declaration of independence at that time"),
    "conflict": ("声明有利益冲突，认定不算", "declared a conflict; the decision does not count"),
}
WIDTH = 0.14  # of a level's bar; levels stand 1 apart


def hidden_cases(page: Page, cases: Iterable[CaseCount]) -> frozenset[tuple[int, str]]:
    """Return which states of which item are hidden; the sum of every state is known."""
    cells = {(i, s): getattr(c, s) for i, c in enumerate(cases) for s, *_ in STATES}
    columns = [[key for key in cells if key[1] == state] for state, *_ in STATES]
    return hidden_cells(page, cells, totals=columns)


@published
@waits
def case_table(page: Page, record: Findings) -> Shown:
    """Return cases by kind and item."""
    hidden = hidden_cases(page, record.cases)
    return table(
        page,
        page.says("疑似问题的核实结果", "How suspected cases were settled") + explain(page, hidden),
        page.says("类型|问题项|核实|排除|未结", "kind|item|verified|dismissed|open").split("|"),
        [
            (
                page.label("case_kind", c.kind),
                page.label("standards", c.item),
                *(unless((i, s) in hidden, getattr(c, s)) for s, *_ in STATES),
            )
            for i, c in enumerate(record.cases)
        ],
        clause="五（二）",
        marks=[
            (i, 4, "bad")
            for i, c in enumerate(record.cases)
            if c.open and (i, "open") not in hidden
        ],
    )


def _hidden_levels(page: Page, record: Findings) -> frozenset[tuple[int, str]]:
    """Return which states at which level are hidden; the sum of every state is known."""
    cells = {(k, s): getattr(step, s) for k, step in enumerate(record.flow) for s, *_ in STATES}
    columns = [[key for key in cells if key[1] == state] for state, *_ in STATES]
    return hidden_cells(page, cells, totals=columns)


@published
@waits
def ladder_table(page: Page, record: Findings) -> Shown:
    """Return every level with its deadline, the cases asked there, and how they stand.

    Where a cell is hidden, so is how many reached a level: their difference would tell.
    """
    levels = list(page.plan.ladder.levels.values())
    hidden = _hidden_levels(page, record)
    reached = [sum(s.verified + s.dismissed + s.open for s in record.flow[k:]) for k in range(4)]
    rows = []
    for level in levels:
        k, step = level.level, record.flow[level.level]
        rows.append(
            (
                level.name[page.language],
                page.label("role", level.role),
                level.days,
                unless(bool(hidden), reached[k]),
                *(unless((k, s) in hidden, getattr(step, s)) for s, *_ in STATES),
                unless(hides(page, step.late), step.late),
            )
        )
    return table(
        page,
        page.says(
            f"逐级核实（截至 {page.as_of.isoformat()}；期限为本轮参数，方案未列）",
            f"Level by level (as of {page.as_of.isoformat()}; deadlines are parameters)",
        )
        + explain(page, hidden),
        page.says(
            "层级|负责|期限（工作日）|到达|在此核实|在此排除|在此未结|超期",
            "level|led by|working days|reached|verified here|dismissed here|open here|late",
        ).split("|"),
        rows,
        clause="五（二）",
        marks=[(i, 7, "warn") for i, row in enumerate(rows) if row[7] not in (0, HIDDEN)],
    )


@published
@waits
def flow_picture(page: Page, record: Findings) -> Picture | Sentence:
    """Return the flow of cases up the ladder: where each ended, and how."""
    if _hidden_levels(page, record):
        return withheld(
            page,
            "问题流向图含有不足下限的数字，由评估组保管；各级数字见上表。",
            "The picture of the flow has figures too small to be shown; the team keeps it. "
            "The table above has the levels.",
        )
    return _flow(page, record)


@drawn_once
def _flow(page: Page, record: Findings) -> Picture:
    """Draw the bands between the levels and the ends."""
    figure, (axis,) = canvas(9, 4.6)
    steps = record.flow
    whole = _total(record)
    names = [page.says("提出", "opened")]
    names += [level.name[page.language] for level in page.plan.ladder.levels.values()]
    gap = max(whole, 1) * 0.12
    ends = _ends(steps, top=whole * 0.62, gap=gap)
    left = whole
    for k, step in enumerate(steps):
        axis.add_patch(Rectangle((k, whole - left), WIDTH, left, color=BLUE, lw=0))
        axis.text(k + WIDTH / 2, whole + gap * 0.25, f"{names[k]}\n{left}", ha="center")
        bottom = whole - left
        for state, colour, _, _ in reversed(STATES):
            number = getattr(step, state)
            target = ends[state, k]
            _band(axis, (k + WIDTH, bottom), (4, target), number, colour)
            bottom += number
        left -= step.verified + step.dismissed + step.open
        if k < 3 and left:
            _band(axis, (k + WIDTH, whole - left), (k + 1, whole - left), left, BLUE)
    for state, colour, zh, en in STATES:
        number = sum(getattr(step, state) for step in steps)
        axis.add_patch(Rectangle((4, ends[state, 0]), WIDTH, number, color=colour, lw=0))
        label = f"{page.says(zh, en)} {number}"
        axis.text(4 + WIDTH * 1.4, ends[state, 0] + number / 2, label, va="center")
    axis.set_xlim(-0.35, 4.95)
    axis.set_ylim(min(ends.values()) - gap * 0.4, whole + gap * 1.5)
    axis.axis("off")
    late = sum(step.late for step in steps)
    return finish(
        page,
        figure,
        title=page.says("每个疑似问题走到哪一级、结果如何？", "Where did each suspected case end?"),
        note=page.says(
            f"n = {_total(record)}个问题，截至 {page.as_of.isoformat()}；超期 {late} 次；五（二）",
            f"n = {_total(record)} cases as of {page.as_of.isoformat()}; {late} times late; 五（二）",
        ),
    )


def _total(record: Findings) -> int:
    return sum(step.verified + step.dismissed + step.open for step in record.flow)


def _ends(steps: Any, *, top: float, gap: float) -> dict[tuple[str, int], float]:
    """Return where the band of every state and level ends, the highest level on top."""
    places: dict[tuple[str, int], float] = {}
    for state, _, _, _ in STATES:
        for k in reversed(range(4)):
            top -= getattr(steps[k], state)
            places[state, k] = top
        top -= gap
    return places


def _band(
    axis: Any, start: tuple[float, float], end: tuple[float, float], height: int, colour: str
) -> None:
    """Draw a band of cases; both places are its lower corners."""
    if not height:
        return
    (x0, y0), (x1, y1) = start, end
    mid = (x0 + x1) / 2
    points = [(x0, y0), (mid, y0), (mid, y1), (x1, y1), (x1, y1 + height)]
    points += [(mid, y1 + height), (mid, y0 + height), (x0, y0 + height), (x0, y0)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    axis.add_patch(PathPatch(Path(points, codes), color=colour, alpha=0.45, lw=0))


@published
@waits
def open_table(page: Page, record: Findings) -> Shown | Sentence:
    """Return the cases that are not settled, and those whose appeal is not answered."""
    if page.public:
        overdue = sum(c.overdue for c in record.open_cases)
        return withheld(
            page,
            f"未结问题 {len(record.open_cases)} 个，其中超过本层期限 {overdue} 个；逐个清单只有样本编号，"
            "仍由评估组保管（03_findings/case_list.xlsx），不公开。",
            f"{len(record.open_cases)} cases are open, {overdue} of them overdue; the list case by case "
            "stays with the team (03_findings/case_list.xlsx).",
        )
    return table(
        page,
        page.says("未结问题", "Open cases"),
        page.says(
            "编号|样本|类型|问题项|层级|提出日期|本层期限",
            "case|unit|kind|item|level|opened|due at this level",
        ).split("|"),
        [
            (
                c.case_id,
                c.study_id,
                page.label("case_kind", c.kind),
                page.label("standards", c.item),
                c.level,
                c.opened.isoformat() if c.opened else None,
                c.due.isoformat() if c.due else None,
            )
            for c in record.open_cases
        ],
        clause="五（二）",
        marks=[(i, 6, "bad") for i, c in enumerate(record.open_cases) if c.overdue],
    )


@published
@waits
def independence_table(page: Page, record: Findings) -> Shown | Sentence:
    """Return departures from minimum disclosure and from independent decisions."""
    if not record.breaches:
        return say(
            page.says(
                "每次核实都登记了告知对象和内容，未超出本问题；每个认定人都有独立性声明。（五（二），A39）",
                "Every disclosure is on record and no wider than its case; every decider declared "
                "independence. (五（二）, A39)",
            ),
            tone="good",
        )
    counts = Counter(b.kind for b in record.breaches)
    return table(
        page,
        page.says("最小告知与独立认定", "Minimum disclosure and independent decisions"),
        page.says("情形|次数|环节", "what|times|events").split("|")[: 2 if page.public else 3],
        [
            (
                page.says(*words),
                counts[kind],
                page.says("、", ", ").join(
                    f"{b.case_id} #{b.event_no}" for b in record.breaches if b.kind == kind
                ),
            )[: 2 if page.public else 3]
            for kind, words in BREACHES.items()
            if counts[kind]
        ],
        clause="五（二）",
        marks=[(i, 1, "warn") for i in range(sum(map(bool, counts.values())))],
    )


def signed_run(page: Page, record: Findings) -> str:
    """Return the sentence on the signed run with which the ledger was compared."""
    r = record.recorded
    if not r.signed:
        return page.says(
            "尚无签署的运行可比；本轮完成后由组长签署（auditlib sign）。",
            "No signed run to compare with; the team leader signs a finished run (auditlib sign).",
        )
    number = len(record.altered)
    return page.says(
        f"与 {r.signed_day} 第 {r.signed} 次签署的运行相比，"
        + (f"过去的环节有 {number} 处不同" if number else "过去的环节无改动、增删")
        + f"；该次签署摘要 {r.signed_digest}。",
        f"Compared with signed run {r.signed} of {r.signed_day}: "
        + (f"{number} differences in past events" if number else "no past event was changed")
        + f"; its digest is {r.signed_digest}.",
    )


def ledger_state(page: Page, record: Findings) -> Sentence:
    """Say whether the ledger's past is as it was recorded, and name every event that is not."""
    r = record.recorded
    if not r.events and not r.signed:
        return say(
            page.says(
                "台账尚未存证，无从核对过去的环节是否被改动；请运行 auditlib cases record。",
                "The ledger was never put on record, so nothing tells whether its past was "
                "altered; run `auditlib cases record`.",
            ),
            tone="warn",
        )
    lines = [
        page.says(
            f"与存证核对：{r.events} 个环节（存至 {r.last}），被改动、删去或不衔接的 "
            f"{len(record.altered)} 处；链尾 {r.head}。",
            f"Compared with the record: {r.events} events (up to {r.last}); "
            f"{len(record.altered)} altered, removed or out of the chain; last link {r.head}.",
        ),
        signed_run(page, record),
        *(() if page.public else record.altered),
    ]
    if record.refused:
        lines.append(
            page.says(
                f"另有 {record.refused} 个环节不合核实程序，已隔离，见隔离表。",
                f"{record.refused} further events break the ladder's rules and are set aside.",
            )
        )
    return say(*lines, tone="bad" if record.altered else "warn" if record.refused else "good")
