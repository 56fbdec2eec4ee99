"""Tables and pictures of the stage `rectification`."""

from auditlib.rectification.compare import Change, Target
from auditlib.rectification.orders import OrderState
from auditlib.rectification.summary import Outcome, Rectification, Verdict
from auditlib.report.charts import BLUE, GREY, RED, SKY, Picture, canvas, finish
from auditlib.report.checks import subject_name
from auditlib.report.disclosure import (
    hidden_cells,
    hides,
    published,
    share_of,
    team_only,
    unless,
)
from auditlib.report.indicators import drawn_directly, name_of, rule_text, verdict_table
from auditlib.report.page import Page, Sentence, counted, percent, say, waits
from auditlib.report.tables import HIDDEN, Shown, table

OUTCOMES = {
    Outcome.NOT_NEEDED: ("无须整改", "nothing to rectify", "good"),
    Outcome.NO_REMEDY: (
        "综合贫困发生率超限，不适用整改复核",
        "no remedy: the incidence vetoes",
        "bad",
    ),
    Outcome.AWAITING_ORDERS: ("尚未下达整改通知", "orders still to be issued", "bad"),
    Outcome.AWAITING_RECHECK: ("整改中，等待复核", "in rectification, re-check to come", "warn"),
    Outcome.AWAITING_CLOSURE: (
        "复核达标，尚有整改未销号",
        "the re-check passes, orders still open",
        "warn",
    ),
    Outcome.NOT_SECURED: (
        "复核达标，但样本不足以保证",
        "the re-check passes, not secured by its sample",
        "warn",
    ),
    Outcome.UNDECIDED: (
        "证据未齐（问题未结或有指标不能估计），未定",
        "undecided: cases are open or a figure is not estimable",
        "warn",
    ),
    Outcome.PASSED: ("复核通过", "the re-check passes", "good"),
    Outcome.FAILED: ("复核未通过", "the re-check fails", "bad"),
}

VERDICTS = {
    Verdict.PASSED: ("通过", "passed", "good"),
    Verdict.NOT_SECURED: ("达标但样本不足以保证", "passes, not secured", "warn"),
    Verdict.NOT_ESTIMABLE: ("不能估计", "not estimable", "warn"),
    Verdict.FAILED: ("未通过", "failed", "bad"),
}

STATES = {
    OrderState.MISSING: ("未下达", "not issued", "bad"),
    OrderState.OPEN: ("整改中", "open", ""),
    OrderState.REOPENED: ("重新打开", "reopened", "warn"),
    OrderState.WITHDRAWN: ("已撤销", "withdrawn", ""),
    OrderState.OVERDUE: ("逾期未销号", "overdue", "bad"),
    OrderState.CLOSED: ("按期销号", "closed in time", "good"),
    OrderState.CLOSED_LATE: ("逾期销号", "closed late", "warn"),
}


def problem_name(page: Page, problem: str) -> str:
    """Return the name of an indicator, or of a problem of the checks as orders name it."""
    if problem in dict(page.plan.indicators.items()):
        return name_of(page, problem)
    if problem == page.plan.approval.refused:
        return page.says("不予退出：核查整改", "exit refused: verify and rectify")
    measure, _, subject = problem.rpartition(":")
    if measure in page.plan.severity.measures:
        return (
            page.plan.severity.measures[measure].name[page.language]
            + page.says("：", ": ")
            + subject_name(page, measure, subject)
        )
    lists = ("documents", "policy_lines")
    found = [page.label(name, problem) for name in lists if problem in page.codes[name]]
    return found[0] if found else problem


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


@published
@waits
def order_table(page: Page, record: Rectification) -> Shown:
    """Return orders and problems without one."""
    return table(
        page,
        page.says("整改要求", "Rectification orders"),
        page.says(
            "编号|问题|要求|下达|期限|状态|已销号 / 应销号|环节（有证据）|销号|认定角色",
            "order|problem|demand|issued|deadline|state|settled / all|events (with evidence)|closed|"
            "found closed by",
        ).split("|"),
        [
            (
                o.order or None,
                problem_name(page, o.problem),
                o.demand or None,
                o.issued.isoformat() if o.issued else None,
                o.deadline.isoformat() if o.deadline else None,
                page.says(*STATES[o.state][:2]),
                share_of(page, o.cases_settled, len(o.cases)) if o.cases else None,
                f"{o.actions}（{o.with_evidence}）",
                o.closed.isoformat() if o.closed else None,
                page.label("role", o.closed_by) if o.closed_by else None,
            )
            for o in record.orders
        ],
        clause="三（二）、六（五）",
        marks=[
            (i, 5, STATES[o.state][2]) for i, o in enumerate(record.orders) if STATES[o.state][2]
        ]
        + [(i, 4, "bad") for i, o in enumerate(record.orders) if o.after_latest],
    )


@waits
def recheck_table(page: Page, record: Rectification) -> Shown | Sentence:
    """Return the indicators of the re-check, or say that there was none."""
    if record.recheck is None:
        return say(page.says("没有复核样本。", "There is no re-check sample."))
    found = record.recheck.found
    return verdict_table(
        page, found.official.judgements, found.assurance, direct=drawn_directly(found)
    )


@team_only(
    "逐户销号的清单由评估组保管，不公开；已销号与应销号的数目见整改要求表。",
    "The list of closures case by case stays with the team; the table of orders has the numbers.",
)
@waits
def case_table(page: Page, record: Rectification) -> Shown:
    """Return the orders case by case: what is settled, on which evidence, found by whom."""
    rows = [(o, c) for o in record.orders for c in o.cases]
    return table(
        page,
        page.says("逐项逐户销号", "Closure case by case"),
        page.says(
            "整改编号|问题|问题编号|状态|环节数|认定日期|证据|认定角色|未予认可的销号",
            "order|problem|case|state|events|settled|evidence|found by|closings that do not hold",
        ).split("|"),
        [
            (
                o.order,
                problem_name(page, o.problem),
                c.case_id or None,
                page.says(*STATES[c.state][:2]),
                c.actions,
                c.settled.isoformat() if c.settled else None,
                c.evidence or None,
                page.label("role", c.closed_by) if c.closed_by else None,
                c.refused,
            )
            for o, c in rows
        ],
        clause="三（二）、五（二）",
        marks=[(i, 3, STATES[c.state][2]) for i, (_, c) in enumerate(rows) if STATES[c.state][2]],
    )


@published
@waits
def overlap(page: Page, record: Rectification) -> Sentence:
    """Say how many households of the re-check were in the first round as well."""
    if record.recheck is None:
        return say(page.says("没有复核样本。", "There is no re-check sample."))
    r = record.recheck
    both_wrong = unless(hides(page, r.both_wrong), r.both_wrong)
    direct = drawn_directly(r.found)
    met = (
        ("的脱贫户（全县直抽所涉）", "' households directly from the county")
        if direct
        else ("", "")
    )
    lines = [
        page.says(
            f"复核用新种子重新抽取 {r.villages} 个村{met[0]}、完成 {r.lifted_households} 户脱贫户；"
            f"其中 {r.both_rounds} 户首轮已调查（复核核实错退 {both_wrong} 户），单列（A52）。",
            f"The re-check drew {r.villages} villages{met[1]} by a new seed and completed {r.lifted_households} "
            f"lifted households; {r.both_rounds} of them were visited in the first round "
            f"({both_wrong} found wrong by the re-check), tabulated apart (A52).",
        )
    ]
    if r.fresh is not None:
        f, c = r.fresh, r.fresh.counts
        parts = {"fresh": int(c.numerator), "again": int(f.first.still_wrong)}
        few = bool(hidden_cells(page, parts, totals=[list(parts)]))  # their sum is known
        again = unless(few, f.first.still_wrong)
        new = f"{HIDDEN} / {c.denominator:,}" if few else counted(c.numerator, c.denominator)
        lines.append(
            page.says(
                f"首轮未调查过的户：错退 {new} 人，"
                f"推及全部未调查户 {percent(f.not_yet_visited.value)}"
                f"（{percent(f.not_yet_visited.low)}至{percent(f.not_yet_visited.high)}）。"
                f"首轮已调查的 {f.first.persons:,} 人自成一层、权数为1，其中仍错退 {again} 人。",
                f"Households no first round visited: {new} persons wrong, "
                f"{percent(f.not_yet_visited.value)} of all not yet visited "
                f"({percent(f.not_yet_visited.low)} to {percent(f.not_yet_visited.high)}). The "
                f"{f.first.persons:,} persons of the first round are a stratum of their own with weight 1, "
                f"{again} of them still wrong.",
            )
        )
    return say(*lines)


TARGETS = {
    Target.FRESH_SAMPLE: ("复核样本推及全县", "the re-check's sample, for the county"),
    Target.NOT_YET_VISITED: ("首轮未调查过的户", "households not yet visited"),
    Target.OWN_STRATUM: ("首轮户自成一层（权数1）", "first-round households as their own stratum"),
}

CHANGES = {
    Change.BETTER: ("确有改善", "better", "good"),
    Change.WORSE: ("变差", "worse", "bad"),
    Change.NOT_SHOWN: ("不足以说明变化", "no change shown", ""),
    Change.NOT_ESTIMABLE: ("不能估计", "not estimable", "warn"),
}


@waits
def compare_table(page: Page, record: Rectification) -> Shown | Sentence:
    """Return the rounds beside each other: difference with its interval, and the verdicts."""
    if record.recheck is None:
        return say(page.says("没有可比较的复核结果。", "There is no re-check to compare."))
    verdicts = {name: VERDICTS[v] for name, v in record.verdicts.items()}
    rows = [
        (
            name_of(page, c.indicator),
            page.says(*TARGETS[c.target]),
            percent(c.first),
            f"{percent(c.recheck)}（{percent(c.recheck_low)}–{percent(c.recheck_high)}）",
            None if c.difference is None else f"{100 * c.difference:+.2f}",
            f"{100 * c.low:+.2f} – {100 * c.high:+.2f}",
            page.says(*CHANGES[c.change][:2]),
            page.says(*verdicts[c.indicator][:2])
            if c.indicator in verdicts and c.target is Target.FRESH_SAMPLE
            else None,
        )
        for c in record.compared
    ]
    return table(
        page,
        page.says(
            "两轮比较：加权比率之差及95%区间（百分点）",
            "The rounds compared: difference of weighted rates with its 95 % interval (points)",
        ),
        page.says(
            "指标|代表|首轮|复核（区间）|差|差的区间|变化|复核结论",
            "indicator|stands for|first|re-check (interval)|difference|its interval|change|verdict",
        ).split("|"),
        rows,
        clause="三（二）、六（五）",
        marks=[
            (i, 6, CHANGES[c.change][2])
            for i, c in enumerate(record.compared)
            if CHANGES[c.change][2]
        ]
        + [
            (i, 7, verdicts[c.indicator][2])
            for i, c in enumerate(record.compared)
            if c.indicator in verdicts and c.target is Target.FRESH_SAMPLE
        ],
    )


@waits
def refusal(page: Page, record: Rectification) -> Sentence:
    """Say what a county that may not exit was ordered to do."""
    order = record.after_refusal
    if order is None:
        return say(page.says("不适用核查整改要求。", "No order after a refusal is called for."))
    if order.state is OrderState.MISSING:
        return say(
            page.says(
                "不符合退出条件，须责成核查整改；尚未下达（六（八））。",
                "The county may not exit and must be ordered to verify and rectify; "
                "no order was issued yet (六（八）).",
            ),
            tone="bad",
        )
    return say(
        page.says(
            f"已责成核查整改：{order.order}，期限 {order.deadline}，{STATES[order.state][0]}（六（八））。",
            f"Ordered to verify and rectify: {order.order}, by {order.deadline}, "
            f"{STATES[order.state][1]} (六（八）).",
        ),
        tone="warn",
    )


@waits
def picture(page: Page, record: Rectification) -> Picture | Sentence:
    """Return a picture of the indicators in both rounds."""
    if record.recheck is None:
        return say(page.says("没有可比较的复核结果。", "There is no re-check to compare."))
    shown = [c for c in record.compared if c.target is Target.FRESH_SAMPLE]
    figure, axes = canvas(9, 4.2, rows=len(shown))
    for axis, c in zip(axes, shown, strict=True):
        j = record.recheck.found.official.judgements[c.indicator]
        limit = 100 * float(j.limit)
        first, second = (None if x is None else 100 * x for x in (c.first, c.recheck))
        axis.axvline(limit, color="black", lw=1.4)
        axis.plot([100 * c.recheck_low, 100 * c.recheck_high], [0, 0], color=SKY, lw=5, zorder=0)
        if first is not None and second is not None:
            arrow = {"arrowstyle": "->", "color": GREY, "lw": 1.5}
            axis.annotate("", (second, 0), (first, 0), arrowprops=arrow)
        if first is not None:
            axis.plot(first, 0, "o", mfc="white", mec=GREY, ms=9, mew=2)
        if second is not None:
            axis.plot(second, 0, "o", color=BLUE if j.kept else RED, ms=9)
        known = [limit, *(x for x in (first, second) if x is not None)]
        low = min(*known, 100 * c.recheck_low)
        high = max(*known, 100 * c.recheck_high)
        pad = max(0.25 * (high - low), 0.2)
        axis.set_xlim(max(0, low - pad), min(100, high + pad))
        axis.set_ylim(-1, 1)
        axis.set_yticks([])
        axis.tick_params(labelsize=8)
        axis.grid(visible=False, axis="y")
        axis.set_title(
            f"{name_of(page, c.indicator)}  {percent(c.first)} → {percent(c.recheck)}"
            f"  ({rule_text(page, j)}; {100 * c.low:+.2f} – {100 * c.high:+.2f})",
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
            f"空心为首轮，实心为复核（n = {r.lifted_households}户脱贫户），浅蓝为复核95%区间，黑线为限值，"
            "括号内为差的95%区间（百分点）；三（二）、六（五）",
            f"hollow: first round; solid: re-check (n = {r.lifted_households} lifted households); light: its "
            "95 % interval; black: limit; in brackets: interval of the difference; 三（二）、六（五）",
        ),
    )
