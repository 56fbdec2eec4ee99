"""The letter by which the province feeds back what must be rectified.

It lists what was found, what is demanded, and by when. Where no order was issued yet
the place stays blank for the office; nothing is filled in that nobody decided.

Source: plan, 三（三）, the last paragraph, and 六（五）; readings A18, A39.
"""

from collections.abc import Iterable, Mapping

from auditlib.checks.severity import Problem
from auditlib.indicators.verdict import Judgement
from auditlib.rectification.orders import OrderStatus
from auditlib.rectification.summary import Rectification
from auditlib.report.checks import subject_name
from auditlib.report.documents.blocks import (
    Block,
    Grid,
    Heading,
    Note,
    OfficeDocument,
    Signature,
    Text,
    number_of,
)
from auditlib.report.indicators import figure_text, name_of, rule_text
from auditlib.report.page import Page, counted
from auditlib.report.rectification import problem_name
from auditlib.report.tables import Shown, table


def feedback_letter(
    page: Page,
    record: Rectification,
    *,
    judgements: Mapping[str, Judgement],
    problems: Iterable[Problem],
) -> OfficeDocument:
    """Return the letter to one county.

    Parameters
    ----------
    page
        County, language, plan.
    record
        What needs an order, and the orders.
    judgements
        Of the first round.
    problems
        Of the checks; those that are prominent are listed.
    """
    prominent = [p for p in problems if p.severity == "prominent"]
    plan = page.plan.plan
    office = page.plan.roles["leading_group"].name[page.language]
    county = page.name[page.language]
    blocks: list[Block] = [
        Text(page.says(f"{county}扶贫开发领导小组：", f"To the leading group of {county}:")),
        Text(
            page.says(
                f"根据《{plan.title.zh}》（{plan.status.zh}）三（三）、六（五）的规定，"
                "现将评估检查发现的问题、整改要求和时限反馈如下。",
                f"Under III(3) and VI(5) of the {plan.title.en} ({plan.status.en}), the problems "
                "found, what is demanded and the time limits are fed back below.",
            )
        ),
        Heading(page.says("一、发现的问题", "1. Problems found")),
        Grid(_problems(page, record.needed, judgements, prominent)),
        Note(
            page.says(
                "指标为首轮数值；突出问题按方案参数所列标准认定，未达数与总数见表。",
                "Indicators are those of the first round; prominent problems follow the written criteria.",
            )
        ),
        Heading(page.says("二、整改要求和时限", "2. Demands and time limits")),
        Grid(_demands(page, record)),
        Text(
            page.says(
                f"整改期限不得晚于{record.latest.year}年{record.latest.month}月{record.latest.day}日。"
                "每项整改须附佐证，由评估方或省市部门逐项认定后销号；被评估方自行认定不作销号依据。",
                f"No time limit may be later than {record.latest.isoformat()}. Every item needs evidence and is "
                "closed one by one by the evaluator or the departments; the county's own word closes nothing.",
            )
        ),
        Heading(page.says("三、复核", "3. Re-check")),
        Text(
            page.says(
                "参考指标不达标的，整改后以新的公开种子重新抽样复核；已发现问题的销号不能代替复核。",
                "Where a reference indicator is not kept, a fresh sample is drawn by a new public seed after "
                "rectification; closing the cases found does not replace it.",
            )
        ),
        Signature((office, page.says("　　年　　月　　日", "Date: ____"))),
    ]
    if any(c.case_id for o in record.orders for c in o.cases):
        blocks += [
            Heading(
                page.says("附件：须逐项销号的问题编号", "Annex: cases to be closed one by one")
            ),
            Grid(_cases(page, record.orders)),
        ]
    return OfficeDocument(
        title=page.says(
            f"关于反馈{county}贫困县退出\n专项评估检查问题的函",
            f"Feedback on problems found in\nthe exit evaluation of {county}",
        ),
        number=number_of(page),
        running=page.says(f"{county}整改反馈函", f"{county}: feedback letter"),
        mark=page.mark,
        author=office,
        language=page.language,
        as_of=page.as_of,
        blocks=tuple(blocks),
    )


def _problems(
    page: Page,
    needed: Iterable[str],
    judgements: Mapping[str, Judgement],
    prominent: Iterable[Problem],
) -> Shown:
    """Return indicators not kept and prominent problems, each with its counts."""
    measures = page.plan.severity.measures
    rows: list[tuple[str, str, str, str, str | None]] = [
        (
            name_of(page, name),
            figure_text(page, j),
            rule_text(page, j),
            j.clause,
            None,
        )
        for name in needed
        if (j := judgements.get(name)) is not None
    ]
    rows += [
        (
            page.says("突出问题：", "Prominent: ") + subject_name(page, p.measure, p.subject),
            counted(p.failing, p.base),
            measures[p.measure].name[page.language],
            measures[p.measure].clause,
            p.evidence or None,
        )
        for p in prominent
    ]
    return table(
        page,
        page.says("问题清单", "List of problems"),
        page.says(
            "问题|数值（分子/分母）|要求或标准|条款|证据",
            "problem|figure|rule or measure|clause|evidence",
        ).split("|"),
        rows,
    )


def _demands(page: Page, record: Rectification) -> Shown:
    """Return what is demanded by when; blank where no order was issued."""
    blank = page.says("（待填）", "(to be filled in)")
    return table(
        page,
        page.says("整改要求", "Demands"),
        page.says("编号|问题|整改要求|期限|须销号", "order|problem|demand|by|to close").split("|"),
        [
            (
                o.order or blank,
                problem_name(page, o.problem),
                o.demand or blank,
                o.deadline.isoformat() if o.deadline else blank,
                len(o.cases) or 1,
            )
            for o in record.orders
            if o.problem in record.needed
        ],
    )


def _cases(page: Page, orders: Iterable[OrderStatus]) -> Shown:
    return table(
        page,
        page.says("问题编号", "Cases"),
        page.says("整改编号|问题|问题编号", "order|problem|cases").split("|"),
        [
            (
                o.order,
                problem_name(page, o.problem),
                page.says("、", ", ").join(c.case_id for c in o.cases if c.case_id),
            )
            for o in orders
            if any(c.case_id for c in o.cases)
        ],
    )
