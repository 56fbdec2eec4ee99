"""Tables and pictures of the stage `rectification`."""

from auditlib.rectification.orders import OrderState
from auditlib.rectification.summary import Outcome, Rectification
from auditlib.report.charts import BLUE, GREY, RED, Picture, canvas, finish
from auditlib.report.indicators import name_of, rule_text, verdict_table
from auditlib.report.page import Page, Sentence, percent, say, waits
from auditlib.report.tables import Shown, table

OUTCOMES = {
    Outcome.NOT_NEEDED: ("无须整改", "nothing to rectify", "good"),
    Outcome.NO_REMEDY: (
        "综合贫困发生率超限，不适用整改复核",
        "no remedy: the incidence vetoes",
        "bad",
    ),
    Outcome.AWAITING_ORDERS: ("尚未下达整改通知", "orders still to be issued", "bad"),
    Outcome.AWAITING_RECHECK: ("整改中，等待复核", "in rectification, re-check to come", "warn"),
    Outcome.UNDECIDED: ("未结问题会改变复核结论", "open cases would change the re-check", "warn"),
    Outcome.PASSED: ("复核通过", "the re-check passes", "good"),
    Outcome.FAILED: ("复核未通过", "the re-check fails", "bad"),
}

STATES = {
    OrderState.MISSING: ("未下达", "not issued", "bad"),
    OrderState.OPEN: ("整改中", "open", ""),
    OrderState.OVERDUE: ("逾期未销号", "overdue", "bad"),
    OrderState.CLOSED: ("按期销号", "closed in time", "good"),
    OrderState.CLOSED_LATE: ("逾期销号", "closed late", "warn"),
}


def problem_name(page: Page, problem: str) -> str:
    """Return the name of an indicator, document or policy line."""
    if problem in dict(page.plan.indicators.items()):
        return name_of(page, problem)
    if problem in page.plan.documents:
        return page.label("documents", problem)
    return page.label("policy_lines", problem)


@waits
def outcome(page: Page, record: Rectification) -> Sentence:
    """Say what rectification and re-check come to."""
    zh, en, tone = OUTCOMES[record.outcome]
    lines = [page.says(zh + "。", en + ".")]
    if record.needed:
        lines.append(
            page.says(
                "销号只说明已发现的问题解决了，未发现的要靠重新抽样复核。",
                "Closing an order settles the cases found; those not found need a fresh sample.",
            )
        )
    return say(*lines, tone=tone)


@waits
def order_table(page: Page, record: Rectification) -> Shown:
    """Return orders and problems without one."""
    return table(
        page,
        page.says("整改要求", "Rectification orders"),
        page.says(
            "编号|问题|下达|期限|状态|措施（有证据）|销号|认定角色",
            "order|problem|issued|deadline|state|actions (with evidence)|closed|found closed by",
        ).split("|"),
        [
            (
                o.order or None,
                problem_name(page, o.problem),
                o.issued.isoformat() if o.issued else None,
                o.deadline.isoformat() if o.deadline else None,
                page.says(*STATES[o.state][:2]),
                f"{o.actions}（{o.with_evidence}）",
                o.closed.isoformat() if o.closed else None,
                page.label("role", o.closed_by) if o.closed_by else None,
            )
            for o in record.orders
        ],
        clause="三（二）、六（五）",
        marks=[
            (i, 4, STATES[o.state][2]) for i, o in enumerate(record.orders) if STATES[o.state][2]
        ],
    )


@waits
def recheck_table(page: Page, record: Rectification) -> Shown | Sentence:
    """Return the indicators of the re-check, or say that there was none."""
    if record.recheck is None:
        return say(page.says("没有复核样本。", "There is no re-check sample."))
    return verdict_table(
        page, record.recheck.found.official.judgements, record.recheck.found.assurance
    )


@waits
def overlap(page: Page, record: Rectification) -> Sentence:
    """Say how many households of the re-check were in the first round as well."""
    if record.recheck is None:
        return say(page.says("", ""))
    r = record.recheck
    return say(
        page.says(
            f"复核用新种子重新抽取 {r.villages} 个村、完成 {r.lifted_households} 户脱贫户；"
            f"其中 {r.both_rounds} 户首轮也在样本中（核实错退 {r.both_wrong} 户），单列（A52）。",
            f"The re-check drew {r.villages} villages by a new seed and completed {r.lifted_households} "
            f"lifted households; {r.both_rounds} of them were in the first round as well "
            f"({r.both_wrong} wrong), tabulated apart (A52).",
        )
    )


@waits
def picture(page: Page, record: Rectification) -> Picture | Sentence:
    """Return a picture of the indicators in both rounds."""
    if record.recheck is None:
        return say(page.says("没有可比较的复核结果。", "There is no re-check to compare."))
    figure, axes = canvas(9, 3.8, rows=len(record.compared))
    for axis, c in zip(axes, record.compared, strict=True):
        j = record.recheck.found.official.judgements[c.indicator]
        first, second, limit = (100 * float(x) for x in (c.first, c.recheck, j.limit))
        axis.axvline(limit, color="black", lw=1.4)
        axis.annotate(
            "", (second, 0), (first, 0), arrowprops={"arrowstyle": "->", "color": GREY, "lw": 1.5}
        )
        axis.plot(first, 0, "o", mfc="white", mec=GREY, ms=9, mew=2)
        axis.plot(second, 0, "o", color=BLUE if j.kept else RED, ms=9)
        low, high = min(first, second, limit), max(first, second, limit)
        pad = max(0.25 * (high - low), 0.2)
        axis.set_xlim(max(0, low - pad), min(100, high + pad))
        axis.set_ylim(-1, 1)
        axis.set_yticks([])
        axis.tick_params(labelsize=8)
        axis.grid(visible=False, axis="y")
        axis.set_title(
            f"{name_of(page, c.indicator)}  {percent(c.first)} → {percent(c.recheck)}"
            f"  ({rule_text(page, j)})",
            fontsize=9.5,
        )
    axes[-1].set_xlabel("%")
    r = record.recheck
    return finish(
        page,
        figure,
        title=page.says(
            "复核与首轮相比如何？", "How does the re-check compare with the first round?"
        ),
        note=page.says(
            f"空心为首轮，实心为复核（n = {r.lifted_households}户脱贫户），黑线为限值；三（二）、六（五）",
            f"hollow: first round; solid: re-check (n = {r.lifted_households} lifted households); "
            "black: limit; 三（二）、六（五）",
        ),
    )
