"""The papers of a round: the consolidated report, its tables as a workbook, the public notice."""

from collections.abc import Iterable
from dataclasses import replace

from auditlib.params import Round
from auditlib.report import consolidated as view
from auditlib.report import review
from auditlib.report.consolidated import Consolidated
from auditlib.report.documents.blocks import (
    Block,
    Figure,
    Grid,
    Heading,
    Note,
    OfficeDocument,
    Signature,
    Text,
    shown,
    texts,
)
from auditlib.report.documents.dossier import day, paper, signing
from auditlib.report.documents.workbook import tables_workbook
from auditlib.report.page import Page
from auditlib.report.record import Standpoint
from auditlib.report.tables import Shown, table


def consolidated_report(page: Page, round_: Round, record: Consolidated) -> OfficeDocument:
    """Return the report that the leading group decides from."""
    plan = page.plan.plan
    title = page.says(f"{round_.title.zh}\n汇总报告", f"{round_.title.en}\nConsolidated report")
    blocks: list[Block] = [
        *texts(view.summary(page, record)),
        Note(
            page.says(
                f"依据《{plan.title.zh}》（{plan.status.zh}，版本{plan.version}）；目的：{plan.purpose.zh}。"
                f"数据截至{day(page)}。名单为建议，由省扶贫开发领导小组审议。",
                f"Plan: {plan.title.en} ({plan.status.en}, version {plan.version}). Purpose: to "
                f"{plan.purpose.en}. Data as of {day(page)}. The lists are proposals; the leading group decides.",
            )
        ),
        Heading(page.says("一、供审议的结论", "I. For decision")),
        *_counts(page, record),
        *shown(decision_table(page, record)),
        *shown(view.lists_table(page, record)),
        *texts(view.failures(page, record)),
        Heading(page.says("二、结论的薄弱处", "II. What makes the results less than sure")),
        *shown(review.weaknesses(page, record)),
        *_picture(page, record),
        Heading(page.says("三、苗头性、倾向性问题", "III. Recurring problems")),
        *shown(review.problem_table(page, record)),
        Heading(page.says("四、进度和国家抽查", "IV. Progress and national spot check")),
        Figure(
            view.steps_picture(page, record), page.says("各县所在步骤", "Where each county stands")
        ),
        *shown(view.spot_check_table(page, record)),
        Heading(page.says("五、评估方法和效果", "V. The method and its effect")),
        *shown(review.methods(page, record)),
        *texts(review.lessons(page, record)),
        Signature(
            signing(page, round_.evaluator.name),
            page.says(
                "附件：公示文稿（public_notice.docx）。", "Annex: draft of the public notice."
            ),
        ),
    ]
    return paper(page, round_, title, blocks)


def _counts(page: Page, record: Consolidated) -> tuple[Block, ...]:
    """Return the counts that come before the counties of a large round."""
    if not view.many(page, record):
        return ()
    tables = (view.group_table, view.indicator_table, view.attention_table)
    return tuple(Grid(each(page, record)) for each in tables)


def _picture(page: Page, record: Consolidated) -> Iterable[Block]:
    if review.reports(record):
        words = page.says("各县四项指标", "The four indicators of the counties")
        yield Figure(view.rates_picture(page, record), words)


def decision_table(page: Page, record: Consolidated) -> Shown:
    """Return the counties by indicators, with an empty column for what is decided."""
    given = view.county_table(page, record)
    # class, readings and step stand elsewhere: the figures need the room
    keep = tuple(j for j in range(len(given.headings) - 2) if j != 1)
    blank = page.says("审议意见", "decided")
    return replace(
        given,
        headings=(*(given.headings[j] for j in keep), blank),
        rows=tuple((*(row[j] for j in keep), "") for row in given.rows),
        numeric=(False,) * (len(keep) + 1),
        marks=tuple((i, keep.index(j), tone) for i, j, tone in given.marks if j in keep),
    )


def consolidated_workbook(page: Page, record: Consolidated) -> bytes:
    """Return the tables of the consolidated report as a workbook."""
    tables = {
        ("审议表", "for decision"): decision_table(page, record),
        ("名单", "lists"): view.lists_table(page, record),
        ("薄弱处", "weak points"): review.weakness_table(page, record),
        ("跨县问题", "problems"): review.problem_table(page, record),
        ("国家抽查", "spot check"): view.spot_check_table(page, record),
        ("方法", "method"): review.method_table(page, record),
    }
    if review.reports(record):
        tables[("县均", "averages")] = review.average_table(page, record)
    if view.many(page, record):
        tables |= {
            ("各类各地区", "classes and areas"): view.group_table(page, record),
            ("指标分布", "indicators"): view.indicator_table(page, record),
            ("须先看的县", "to look at first"): view.attention_table(page, record),
            ("薄弱处计数", "counts of weak points"): review.weakness_counts(page, record),
            ("方法分布", "spread of the method"): review.method_spread(page, record),
        }
    return tables_workbook(page, tables, title=page.name[page.language])


def public_notice(page: Page, round_: Round, record: Consolidated) -> OfficeDocument:
    """Return the draft of the public notice of the proposed list; days and contact are left blank.

    Source: plan, 六（六）; reading A46.
    """
    proposed = [
        (line, report)
        for line, report in review.reports(record)
        if report.standpoint is Standpoint.PROPOSED
    ]
    title = page.says(
        "关于拟退出贫困县名单的公示\n（草稿）",
        "Public notice of the counties proposed for exit\n(draft)",
    )
    group = page.plan.roles["leading_group"].name[page.language]
    if not proposed:
        nobody = page.says(
            "目前没有拟退出的县，不公示。", "No county is proposed; there is no notice."
        )
        return paper(page, round_, title, [Text(nobody)])
    plan, rule = page.plan.plan, page.plan.notice
    latest = min(report.latest_notice for _, report in proposed).isoformat()
    basis = page.says("、", "; ").join(words[page.language] for words in plan.basis.values())
    names = table(
        page,
        page.says("拟退出贫困县名单", "Counties proposed for exit"),
        page.says("序号|县（市）|类别", "no.|county|class").split("|"),
        [
            (
                str(i),
                line.name[page.language],
                page.plan.classes[report.class_].name[page.language],
            )
            for i, (line, report) in enumerate(proposed, 1)
        ],
    )
    blocks: list[Block] = [
        Text(
            page.says(
                f"根据{basis}和《{plan.title.zh}》（{plan.status.zh}），经县级自评申请、市级初审认定、省级评估验收和"
                f"整改复核，{group}初步确定下列{len(proposed)}个县（市）拟退出贫困县，现予公示。",
                f"Under {basis}, and the {plan.title.en} ({plan.status.en}), after application, municipal review, "
                f"provincial evaluation and re-check, the {group} proposes the following {len(proposed)} counties.",
            )
        ),
        Grid(names),
        Text(
            page.says(
                f"公示期自____年__月__日至____年__月__日，不少于{rule.working_days}个工作日，公布当日不计。公示期间如有异议，"
                "请以书面或电话方式向省扶贫办反映，写明事实；对反映人的情况保密。",
                f"The notice runs from ____ to ____, {rule.working_days} working days at least, the day of "
                "publication not counted. Objections in writing or by telephone to the provincial poverty "
                "office, with the facts; whoever objects is kept confidential.",
            )
        ),
        Text(
            page.says(
                "联系电话：____________　通信地址：____________",
                "Telephone: ____________  Address: ____________",
            )
        ),
        Signature(
            (
                page.says(f"{group}（盖章）", f"{group} (seal)"),
                page.says("____年__月__日", "Date: ______"),
            )
        ),
        Note(
            page.says(
                f"拟稿说明（刊出前删去）：最迟于{latest}刊出，方能按时报告（A46）；有异议未结的，不得报告（六（六））。",
                f"For the drafter, to be deleted: publish by {latest} at the latest (A46); open objections block "
                "the report (六（六）).",
            )
        ),
    ]
    return paper(page, round_, title, blocks)
