"""Tables and pictures of the stage `procedure`."""

from datetime import date
from typing import Any

from matplotlib import dates

from auditlib.procedure.steps import StepState, StepStatus
from auditlib.procedure.summary import Procedure
from auditlib.report.charts import BLUE, GREEN, GREY, ORANGE, PINK, RED, Picture, canvas, finish
from auditlib.report.duties import (
    earlier_table,
    housekeeping_table,
    provenance_table,
    readiness_table,
    roles_table,
)
from auditlib.report.page import Page, Sentence, counted, say
from auditlib.report.tables import Shown, Stack, table

__all__ = [
    "earlier_table",
    "housekeeping_table",
    "provenance_table",
    "readiness_table",
    "roles_table",
]

DATES: Any = dates  # its functions carry no types

STATES = {
    StepState.CLOSED: ("按时完成", "closed in time", "good"),
    StepState.CLOSED_LATE: ("逾期完成", "closed late", "warn"),
    StepState.OPEN: ("进行中", "open", ""),
    StepState.OVERDUE: ("逾期未完成", "overdue", "bad"),
    StepState.WAITING: ("未开始", "not begun", ""),
    StepState.BLOCKED: ("前序未完成，不得进行", "blocked: predecessors open", "bad"),
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
                _papers(page, s),
                _waits_for(page, s),
            )
        )
    return table(
        page,
        page.says(
            f"八个步骤（截至 {record.as_of.isoformat()}）",
            f"The eight steps on {record.as_of.isoformat()}",
        ),
        page.says(
            "序|步骤|条款|时限（从严读法）|开始|完成|状态（逾期日）|缺文件或内容|尚待事项或提前理由",
            "no.|step|clause|due (strict reading)|opened|closed|state (days late)|"
            "documents or parts missing|waits for, or reason to begin early",
        ).split("|"),
        rows,
        marks=[
            (i, 6, STATES[s.state][2]) for i, s in enumerate(record.steps) if STATES[s.state][2]
        ],
    )


LEVELS = {
    "county": (
        "本轮为县级自查，结果只供对照，不是省级评估结果。",
        "This round is the county's self-check; it is not the province's result.",
    ),
    "municipal": (
        "本轮为市级初审，结果只供对照，不是省级评估结果。",
        "This round is the city's review; it is not the province's result.",
    ),
    "provincial": (
        "本轮为省级评估验收；国家抽查结果另列。",
        "This round is the province's evaluation; the State's spot check is kept apart.",
    ),
}

HINDRANCES = {
    "no_notice": ("尚未公示", "no public notice yet"),
    "notice_short": ("公示期不足", "the notice was too short"),
    "notice_running": ("公示期未满", "the notice is not over"),
    "objection_open": ("有异议未办结", "an objection is open"),
}


def _papers(page: Page, s: StepStatus) -> str:
    """Return the documents that a step lacks, and the parts that its documents lack."""
    names = [page.label("documents", d) for d in s.documents_missing]
    names += [page.label("document_sections", part) for part in s.sections_missing]
    return page.says("、", ", ").join(names) or "–"


def _waits_for(page: Page, s: StepStatus) -> str:
    """Return what keeps a step from opening or closing, or the reason to begin early."""
    open_ = () if s.closed and s.state is not StepState.BLOCKED else s.waits_for
    names = [
        page.says(*HINDRANCES[w]) if w in HINDRANCES else page.label("steps", w)
        for w in dict.fromkeys((*s.out_of_order, *open_))
    ]
    return s.override or page.says("、", ", ").join(names) or "–"


def step_picture(page: Page, record: Procedure) -> Picture:
    """Return a picture of plan and fact of the eight steps."""
    figure, (axis,) = canvas(9.5, 5)
    colours = {
        StepState.CLOSED: GREEN,
        StepState.CLOSED_LATE: ORANGE,
        StepState.OPEN: BLUE,
        StepState.OVERDUE: RED,
        StepState.WAITING: GREY,
        StepState.BLOCKED: PINK,
    }
    for i, s in enumerate(record.steps):
        planned = min(s.planned, s.due)
        axis.barh(
            i - 0.2,
            _n(s.due) - _n(planned) + 1,
            left=_n(planned),
            color="#DDDDDD",
            edgecolor=GREY,
            height=0.3,
        )
        axis.plot(_n(s.due), i - 0.2, "D", color="black", ms=5, zorder=3)
        if s.opened:
            end = s.closed or record.as_of
            width = max(_n(end) - _n(s.opened) + 1, 1)
            axis.barh(i + 0.18, width, left=_n(s.opened), color=colours[s.state], height=0.34)
        if s.state not in (StepState.CLOSED, StepState.WAITING):
            late = f" +{s.days_late}" if s.days_late else ""
            axis.text(
                _n(max(s.due, s.closed or s.due)) + 3,
                i,
                page.says(*STATES[s.state][:2]) + late,
                fontsize=8,
                va="center",
            )
    axis.axvline(_n(record.as_of), color=RED, lw=1, ls="--")
    axis.text(_n(record.as_of) + 1, -0.75, record.as_of.isoformat(), color=RED, fontsize=8)
    names = [f"{s.number} {page.label('steps', s.step)}" for s in record.steps]
    axis.set_yticks(range(len(names)), names)
    axis.set_ylim(len(names) - 0.4, -1)
    axis.use_sticky_edges = False
    axis.autoscale_view(scaley=False)
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
            f"n = {len(record.steps)}步；上为计划（灰，菱形为时限），下为实际：绿按时、橙逾期完成、蓝进行中、"
            "红逾期未完成、粉红不得进行；红虚线为基准日；六",
            f"n = {len(record.steps)} steps; above: plan (grey, diamond: deadline); below: fact: green in time, "
            "orange late, blue open, red overdue, pink blocked; dashed: the day of the report; chapter 六",
        ),
    )


def _n(day: date) -> float:
    return float(DATES.date2num(day))


def discipline_table(page: Page, record: Procedure) -> Stack:
    """Return the twelve prohibitions with their entries, and the ledger itself."""
    ledger, own = record.discipline, record.housekeeping
    leads = {"D04": own.accompanied, "D08": own.coached}
    prohibitions = table(
        page,
        page.says("评估纪律台账：十二项禁止", "Discipline ledger: the twelve prohibitions"),
        page.says(
            "编号|禁止事项|记录数|问卷线索（户）", "code|prohibition|entries|leads of visits"
        ).split("|"),
        [
            (
                code,
                page.label("prohibitions", code),
                number,
                counted(leads[code], own.visits) if code in leads else None,
            )
            for code, number in ledger.by_prohibition.items()
        ],
        clause="七（二）",
        marks=[(i, 2, "bad") for i, n in enumerate(ledger.by_prohibition.values()) if n],
    )
    log = table(
        page,
        page.says("台账记录（情况见所列文件）", "Entries (what happened stands in the document)"),
        page.says(
            "编号|日期|禁止事项|程度|处理|决定机关|文件|效力",
            "entry|day|prohibition|grade|action|authority|document|in force",
        ).split("|"),
        [
            (
                e.entry,
                e.day.isoformat(),
                e.code or None,
                page.label("severity", e.severity),
                page.label("discipline_action", e.action),
                page.label("authority", e.authority),
                e.document or None,
                page.says("无权决定，不生效", "without authority, void")
                if e.entry in ledger.without_authority
                else page.says("有效", "yes"),
            )
            for e in ledger.log
        ],
        clause="七（二）、五（四）",
        marks=[
            (i, 7, "bad") for i, e in enumerate(ledger.log) if e.entry in ledger.without_authority
        ],
    )
    return Stack((prohibitions, log))


def notice_table(page: Page, record: Procedure) -> Stack:
    """Return public notices with their working days and objections, and the approval."""
    notices = table(
        page,
        page.says(
            f"公示（不少于{page.plan.notice.working_days}个工作日，最迟 {record.latest_notice.isoformat()} 刊出）",
            f"Public notices (at least {page.plan.notice.working_days} working days, at the latest on "
            f"{record.latest_notice.isoformat()})",
        ),
        page.says(
            "编号|刊出|截止|媒体|工作日|期满|异议（未办结）",
            "notice|published|last day|media|working days|complete on|objections (open)",
        ).split("|"),
        [
            (
                n.notice,
                n.published.isoformat(),
                n.last_day.isoformat(),
                n.media,
                n.working_days,
                n.complete_on.isoformat(),
                f"{n.objections}（{n.objections_open}）",
            )
            for n in record.notices
        ],
        clause="六（六）",
        marks=[(i, 4, "good" if n.long_enough else "bad") for i, n in enumerate(record.notices)]
        + [(i, 6, "bad") for i, n in enumerate(record.notices) if n.objections_open],
    )
    a = record.approval
    approval = table(
        page,
        page.says("国家抽查、批准与公告", "Spot check, approval and announcement"),
        page.says(
            "国家抽查|日期|省政府决定|日期|文件|公告日期|媒体|无效记录",
            "spot check|day|decision|day|document|announced|media|void entries",
        ).split("|"),
        [
            (
                page.label("approval_kind", a.spot_check) if a.spot_check else None,
                a.spot_checked.isoformat() if a.spot_checked else None,
                page.label("approval_kind", a.decision) if a.decision else None,
                a.decided.isoformat() if a.decided else None,
                a.document or None,
                a.announced.isoformat() if a.announced else None,
                a.media or None,
                page.says("、", ", ").join(a.void) or None,
            )
        ],
        clause="六（七）、六（八）",
        marks=[(0, 0, "bad")] if a.spot_check == "spot_failed" else [],
    )
    return Stack((notices, approval))


def summary(page: Page, record: Procedure) -> Sentence:
    """Say how the county stands in procedure and discipline."""
    ledger, own = record.discipline, record.housekeeping
    late = [s for s in record.steps if s.state in (StepState.OVERDUE, StepState.CLOSED_LATE)]
    lines = [
        page.says(*LEVELS[record.level]),
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
    lines.append(
        page.says(
            f"实地评估至时限共有 {record.field_days} 个工作日（按{_reading(page, record)}读法）。",
            f"{record.field_days} working days from the first day in the field to the deadline "
            f"({_reading(page, record)} reading).",
        )
    )
    if record.hindrance:
        zh, en = HINDRANCES[record.hindrance]
        lines.append(
            page.says(
                f"向国务院扶贫办报告尚不能提交：{zh}（六（六））。",
                f"The report to the State Council office is held back: {en} (六（六）).",
            )
        )
    if ledger.unreferred:
        lines.append(
            page.says(
                "一票否决尚未登记移交追责（五（四））。",
                "The veto has no referral to the discipline inspection yet (五（四）).",
            )
        )
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


def _reading(page: Page, record: Procedure) -> str:
    return page.plan.readings["A43"].options[record.reading][page.language]
