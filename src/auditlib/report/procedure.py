"""Tables and pictures of the stage `procedure`."""

from datetime import date
from typing import Any

from matplotlib import dates

from auditlib.procedure.steps import StepState
from auditlib.procedure.summary import Procedure
from auditlib.report.charts import BLUE, GREEN, GREY, ORANGE, RED, Picture, canvas, finish
from auditlib.report.page import Page, Sentence, say
from auditlib.report.tables import Shown, table

DATES: Any = dates  # its functions carry no types

STATES = {
    StepState.CLOSED: ("按时完成", "closed in time", "good"),
    StepState.CLOSED_LATE: ("逾期完成", "closed late", "warn"),
    StepState.OPEN: ("进行中", "open", ""),
    StepState.OVERDUE: ("逾期未完成", "overdue", "bad"),
    StepState.WAITING: ("未开始", "not begun", ""),
}

STANDINGS = {
    "normal": ("正常", "normal"),
    "suspended": ("暂停评估", "suspended"),
    "terminated": ("终止评估，不出结果", "terminated: no result"),
    "vetoed": ("一票否决", "vetoed"),
}


def step_table(page: Page, record: Procedure) -> Shown:
    """Return the eight steps."""
    rows = []
    for s in record.steps:
        zh, en, _ = STATES[s.state]
        rows.append(
            (
                s.number,
                page.label("steps", s.step),
                s.clause,
                s.due.isoformat()
                + ("" if s.due == s.due_early else f"（{s.due_early.isoformat()}）"),
                s.opened.isoformat() if s.opened else None,
                s.closed.isoformat() if s.closed else None,
                page.says(zh, en) + (f" +{s.days_late}" if s.days_late else ""),
                page.says("、", ", ").join(page.label("documents", d) for d in s.documents_missing)
                or "–",
                page.says("、", ", ").join(page.label("steps", d) for d in s.out_of_order)
                or s.override
                or "–",
            )
        )
    return table(
        page,
        page.says(
            f"八个步骤（截至 {record.as_of.isoformat()}）",
            f"The eight steps on {record.as_of.isoformat()}",
        ),
        page.says(
            "序|步骤|条款|时限（从严读法）|开始|完成|状态（逾期日）|缺文件|前序未完成或理由",
            "no.|step|clause|due (strict reading)|opened|closed|state (days late)|documents missing|"
            "open predecessors or reason",
        ).split("|"),
        rows,
        marks=[
            (i, 6, STATES[s.state][2]) for i, s in enumerate(record.steps) if STATES[s.state][2]
        ],
    )


def step_picture(page: Page, record: Procedure) -> Picture:
    """Return a picture of plan and fact of the eight steps."""
    figure, (axis,) = canvas(9, 4)
    colours = {
        StepState.CLOSED: GREEN,
        StepState.CLOSED_LATE: ORANGE,
        StepState.OPEN: BLUE,
        StepState.OVERDUE: RED,
        StepState.WAITING: GREY,
    }
    for i, s in enumerate(record.steps):
        axis.plot(_n(s.due), i, "D", color="black", ms=6, zorder=3)
        if s.opened:
            end = s.closed or record.as_of
            axis.barh(
                i, _n(end) - _n(s.opened) + 1, left=_n(s.opened), color=colours[s.state], height=0.5
            )
    axis.axvline(_n(record.as_of), color=RED, lw=1, ls="--")
    axis.text(_n(record.as_of) + 1, -0.75, record.as_of.isoformat(), color=RED, fontsize=8)
    names = [f"{s.number} {page.label('steps', s.step)}" for s in record.steps]
    axis.set_yticks(range(len(names)), names)
    axis.set_ylim(len(names) - 0.5, -1)
    axis.xaxis.axis_date()
    axis.xaxis.set_major_locator(DATES.MonthLocator())
    axis.xaxis.set_major_formatter(DATES.DateFormatter("%Y-%m"))
    axis.tick_params(axis="x", labelsize=8)
    axis.grid(visible=False, axis="y")
    return finish(
        page,
        figure,
        title=page.says("各步骤是否按时？", "Are the steps in time?"),
        note=page.says(
            "菱形为时限；绿按时、橙逾期完成、蓝进行中、红逾期未完成；红虚线为基准日；六",
            "diamond: deadline; green in time, orange late, blue open, red overdue; chapter 六",
        ),
    )


def _n(day: date) -> float:
    return float(DATES.date2num(day))


def discipline_table(page: Page, record: Procedure) -> Shown:
    """Return the ledger by prohibition."""
    ledger = record.discipline
    return table(
        page,
        page.says("评估纪律台账：十二项禁止", "Discipline ledger: the twelve prohibitions"),
        page.says("编号|禁止事项|记录数", "code|prohibition|entries").split("|"),
        [
            (code, page.label("prohibitions", code), number)
            for code, number in ledger.by_prohibition.items()
        ],
        clause="七（二）",
        marks=[(i, 2, "bad") for i, n in enumerate(ledger.by_prohibition.values()) if n],
    )


def summary(page: Page, record: Procedure) -> Sentence:
    """Say how the county stands in procedure and discipline."""
    ledger, own = record.discipline, record.housekeeping
    late = [s for s in record.steps if s.state in (StepState.OVERDUE, StepState.CLOSED_LATE)]
    lines = [
        page.says("评估状态：", "Standing: ")
        + page.says(*STANDINGS[ledger.standing])
        + page.says(
            f"；纪律记录 {ledger.entries} 条，暂停 {ledger.days_suspended} 日。",
            f"; {ledger.entries} entries, suspended for {ledger.days_suspended} days.",
        ),
        page.says(
            f"公示最迟于 {record.latest_notice.isoformat()} 刊出（不少于{page.plan.notice.working_days}个工作日，六（六））。",
            f"The public notice must appear by {record.latest_notice.isoformat()} (六（六）).",
        ),
        page.says(
            f"费用 {own.expenses} 笔 {own.amount:,.0f} 元，非评估方支付 {len(own.county_paid)} 笔；"
            f"要求填报的报表 {len(own.tables_asked)} 份；未培训合格 {len(own.untrained)} 人；"
            f"未声明独立 {len(own.undeclared)} 人。",
            f"{own.expenses} expenses, {own.amount:,.0f} yuan, {len(own.county_paid)} not paid by the "
            f"evaluator; {len(own.tables_asked)} tables asked of the grass roots; "
            f"{len(own.untrained)} untrained; {len(own.undeclared)} undeclared.",
        ),
    ]
    if record.unknown_years:
        years = ", ".join(map(str, record.unknown_years))
        lines.append(
            page.says(
                f"日历中没有 {years} 年的节假日，按周一至周五计算。",
                f"The calendar has no holidays for {years}; Monday to Friday are counted.",
            )
        )
    bad = late or ledger.standing != "normal" or own.county_paid or own.tables_asked
    return say(*lines, tone="warn" if bad else "good")
