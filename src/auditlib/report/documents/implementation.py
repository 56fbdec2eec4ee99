"""The evaluator's implementation plan: indicators, procedure, timetable and sample, from the plan.

Every number in it comes from `params/plan.yaml`, the round and the county's frame, so that
the plan that is promised and the plan that is computed are one.

Source: plan, 六（四）: 制定详实的评估实施方案，细化各项指标、评估程序、时间节点等.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from auditlib.plan import Bound, Rule
from auditlib.procedure.summary import Procedure
from auditlib.report.documents.blocks import (
    Block,
    Facts,
    Grid,
    Heading,
    Note,
    OfficeDocument,
    Signature,
    Text,
    number_of,
)
from auditlib.report.figures import BOUNDS
from auditlib.report.page import Page, percent
from auditlib.report.tables import Shown, table


@dataclass(frozen=True)
class Promised:
    """Households that the sample is to hold in this county, and its precision.

    `needed` is the number of lifted households that 95 % and 1 point ask for; `margin`
    the half-width (share) that the planned ones promise; `direct` says that households
    are drawn from the whole county, no villages first (A25).
    """

    registered_persons: int
    lifted_listed: int
    lifted: int
    unregistered: int
    needed: int
    margin: float
    direct: bool = False


def implementation_plan(page: Page, record: Procedure, promised: Promised) -> OfficeDocument:
    """Return the implementation plan of one county.

    Parameters
    ----------
    page
        County, language, plan.
    record
        Steps with their dates, the evaluator.
    promised
        The sample's sizes.
    """
    county = page.name[page.language]
    blocks = (
        *_basis(page),
        Heading(page.says("二、评估指标", "2. Indicators")),
        Grid(_indicators(page)),
        Heading(page.says("三、评估程序", "3. Procedure")),
        Grid(_procedure(page)),
        Grid(_ladder(page)),
        Heading(page.says("四、抽样方案", "4. Sample")),
        Facts(tuple(_sample(page, promised))),
        Note(
            page.says(
                "抽样框、设计和密码摘要在抽签前公布，种子公开后任何人可重抽。",
                "Frame, design and nonce are committed before the draw; anyone can draw again afterwards.",
            )
        ),
        Heading(page.says("五、时间安排", "5. Timetable")),
        Grid(_timetable(page, record)),
        Heading(page.says("六、人员与纪律", "6. People and discipline")),
        *_people(page),
        Signature((record.evaluator.name, page.says("　　年　　月　　日", "Date: ____"))),
    )
    return OfficeDocument(
        title=page.says(
            f"{county}贫困县退出\n专项评估实施方案",
            f"Implementation plan of the\nexit evaluation of {county}",
        ),
        number=number_of(page),
        running=page.says(f"{county}评估实施方案", f"{county}: implementation plan"),
        mark=page.mark,
        author=record.evaluator.name,
        language=page.language,
        as_of=page.as_of,
        blocks=blocks,
    )


def _basis(page: Page) -> tuple[Block, ...]:
    plan = page.plan.plan
    basis = page.says("；", "; ").join(words[page.language] for words in plan.basis.values())
    return (
        Heading(page.says("一、依据和目的", "1. Basis and purpose")),
        Text(
            page.says(
                f"依据《{plan.title.zh}》（{plan.status.zh}，版本{plan.version}）；{basis}。",
                f"Under the {plan.title.en} ({plan.status.en}, version {plan.version}); {basis}.",
            )
        ),
        Text(page.says("目的：", "Purpose: ") + plan.purpose[page.language] + page.says("。", ".")),
    )


def _limit(page: Page, name: str, rule: Rule) -> str:
    bound: Bound = rule.must_be
    return f"{page.says(*BOUNDS[bound])} {percent(page.limits[name])}"


def _indicators(page: Page) -> Shown:
    otherwise = {
        "veto": page.says("不得退出", "no exit"),
        "rectify": page.says("限期整改并复核", "rectify, re-check"),
    }
    return table(
        page,
        page.says("四项指标", "The four indicators"),
        page.says(
            "指标|公式|本县限值|否则|条款", "indicator|formula|limit here|otherwise|clause"
        ).split("|"),
        [
            (
                rule.name[page.language],
                rule.formula[page.language],
                _limit(page, name, rule),
                otherwise[str(rule.otherwise)],
                rule.clause,
            )
            for name, rule in page.plan.indicators.items()
        ],
    )


def _procedure(page: Page) -> Shown:
    return table(
        page,
        page.says("八个步骤", "The eight steps"),
        page.says("序|步骤|责任单位|应备文件|条款", "no.|step|who|papers|clause").split("|"),
        [
            (
                s.number,
                s.name[page.language],
                page.plan.roles[s.actor].name[page.language],
                page.says("、", ", ").join(page.label("documents", d) for d in s.documents) or None,
                s.clause,
            )
            for s in sorted(page.plan.steps.values(), key=lambda s: s.number)
        ],
    )


def _ladder(page: Page) -> Shown:
    return table(
        page,
        page.says("疑似问题的三级核实", "Suspected cases are verified on three levels"),
        page.says("层级|向谁核实|经办|工作日内", "level|put to|by|working days").split("|"),
        [
            (x.level, x.name[page.language], page.label("role", x.role), x.days)
            for x in sorted(page.plan.ladder.levels.values(), key=lambda x: x.level)
        ],
        clause=page.plan.ladder.clause,
    )


def _sample(page: Page, promised: Promised) -> Iterable[tuple[str, str]]:
    """Return the quotas of chapter four as they hold in this county."""
    s = page.plan.sampling
    share = s.poor_villages.share
    remote = s.remote.share
    if promised.direct:
        yield (
            page.says("抽法", "way of drawing"),
            page.says(
                "全县直抽脱贫户，不先抽村（A25）；下列行政村、贫困村、偏远村配额不作保证，只报告所涉村数",
                "households directly from the county, no villages first (A25); the quotas on villages below "
                "are not secured, and the villages met are reported",
            ),
        )
    yield (
        page.says("行政村", "villages"),
        page.says(
            f"目标{s.villages.target}个，不少于{s.villages.minimum}个，覆盖所有乡镇（四（一）、四（三））",
            f"{s.villages.target} aimed at, at least {s.villages.minimum}, in every township (四（一）, 四（三）)",
        ),
    )
    yield (
        page.says("贫困村、偏远村", "poor and remote villages"),
        page.says(
            f"贫困村占{percent(share, digits=0)}；偏远地区至少占{percent(remote, digits=0)}（四（二）、四（三））",
            f"{percent(share, digits=0)} poor; at least {percent(remote, digits=0)} remote (四（二）, 四（三）)",
        ),
    )
    yield (
        page.says("脱贫户", "lifted households"),
        page.says(
            f"{promised.lifted:,}户（抽样框{promised.lifted_listed:,}户，建档立卡{promised.registered_persons:,}人；四（一））",
            f"{promised.lifted:,} of {promised.lifted_listed:,} listed, {promised.registered_persons:,} registered "
            "persons (四（一）)",
        ),
    )
    yield (
        page.says("非建档立卡户", "unregistered households"),
        page.says(
            f"{promised.unregistered:,}户；普查排查{s.groups.least}至{s.groups.most}个村组（四（一））",
            f"{promised.unregistered:,}; {s.groups.least} to {s.groups.most} groups screened in full (四（一）)",
        ),
    )
    yield (
        page.says("未脱贫户", "households still poor"),
        page.says(
            f"另抽{s.still_poor.least}至{s.still_poor.most}户（四（三））",
            f"{s.still_poor.least} to {s.still_poor.most} besides (四（三）)",
        ),
    )
    yield (
        page.says("精度", "precision"),
        page.says(
            f"置信度{percent(s.precision.level, digits=0)}、误差{percent(s.precision.margin, digits=0)}须"
            f"{promised.needed:,}户；计划户数的误差约{percent(promised.margin)}（四（一）、A31）",
            f"{percent(s.precision.level, digits=0)} and {percent(s.precision.margin, digits=0)} ask for "
            f"{promised.needed:,}; the planned ones promise about {percent(promised.margin)} (四（一）, A31)",
        ),
    )


def _timetable(page: Page, record: Procedure) -> Shown:
    return table(
        page,
        page.says("时间节点", "Timetable"),
        page.says(
            "序|步骤|最早开始|时限|从严读法|条款", "no.|step|from|due|strict reading|clause"
        ).split("|"),
        [
            (
                s.number,
                page.label("steps", s.step),
                min(s.planned, s.due).isoformat(),
                s.due.isoformat(),
                s.due_early.isoformat(),
                s.clause,
            )
            for s in record.steps
        ],
    )


def _people(page: Page) -> tuple[Block, ...]:
    mark = page.plan.training.pass_mark
    return (
        Text(
            page.says(
                f"调查人员经培训、考核达到{mark:g}分方可入户；首次入户前签署独立性声明。"
                "交通、食宿等费用由评估方支付，不要求基层填表报数。",
                f"Interviewers are trained and must reach {mark:g} points before any visit; they declare their "
                "independence first. The evaluator pays its own way; no table is asked of the grass roots.",
            )
        ),
        Grid(
            table(
                page,
                page.says("十二项禁止", "The twelve prohibitions"),
                page.says("编号|禁止事项|条款", "code|prohibition|clause").split("|"),
                [
                    (code, item.name[page.language], item.clause)
                    for code, item in page.plan.prohibitions.items()
                ],
            )
        ),
    )
