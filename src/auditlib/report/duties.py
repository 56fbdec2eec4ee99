"""Who does what, and what the evaluator owes: roles, duties, sources, earlier figures."""

from auditlib.procedure.summary import Procedure
from auditlib.report.page import Page, percent
from auditlib.report.tables import Shown, Stack, table
from auditlib.tables import TABLES

LEVELS = {
    "registry": ("建档立卡数据复算", "computed from the registry"),
    "county": ("县级自查", "county's self-check"),
    "municipal": ("市级初审", "municipal review"),
}


def earlier_table(page: Page, record: Procedure) -> Shown:
    """Return what county and city found before the province."""
    return table(
        page,
        page.says(
            "县级自查与市级初审（只作对照，不作认定）",
            "The county's self-check and the city's review (beside the evaluation; they decide nothing)",
        ),
        page.says("环节|指标|分子 / 分母|比例|文件", "level|indicator|counts|share|document").split(
            "|"
        ),
        [
            (
                page.says(*LEVELS[e.level]),
                page.label("indicators", e.indicator),
                f"{e.numerator:,.0f} / {e.denominator:,.0f}",
                percent(e.value),
                e.document or None,
            )
            for e in record.earlier
        ],
        clause="六（一）、六（二）",
    )


def roles_table(page: Page, record: Procedure) -> Stack:
    """Return who does what, and the evaluator's file with its criteria."""
    people = page.says("、", ", ").join(record.first_responsible) or page.says(
        "县文件未列明", "not named in the county file"
    )
    roles = table(
        page,
        page.says(
            "职责分工（省负总责、中央抽查）", "Roles (the province answers, the centre checks)"
        ),
        page.says("单位|条款|职责|第一责任人", "body|clause|duty|first responsible").split("|"),
        [
            (
                role.name[page.language],
                role.clause,
                role.duty[page.language],
                people if name == "county" else None,
            )
            for name, role in page.plan.roles.items()
        ],
        marks=[
            (i, 3, "bad")
            for i, n in enumerate(page.plan.roles)
            if n == "county" and not record.first_responsible
        ],
    )
    told = record.evaluator
    numbers = (
        (page.says("名称", "name"), told.name, "五（一）"),
        (page.says("招标编号", "tender"), told.tender, "五（一）"),
        (page.says("合同编号", "contract"), told.contract, "五（一）"),
    )
    rows = [(name, value or None, clause) for name, value, clause in numbers]
    rows += [
        (c.name[page.language], told.criteria.get(key) or None, c.clause)
        for key, c in page.plan.evaluator_criteria.items()
    ]
    evaluator = table(
        page,
        page.says("评估机构", "The evaluator"),
        page.says("事项|内容|条款", "item|as declared|clause").split("|"),
        rows,
        marks=[(i, 1, "bad") for i, row in enumerate(rows) if row[1] is None],
    )
    return Stack((roles, evaluator))


def housekeeping_table(page: Page, record: Procedure) -> Shown:
    """Return the evaluator's own duties: what is in order, and what is not."""
    o = record.housekeeping
    rows = [
        (
            "expenses",
            "七（二）",
            page.says("费用由评估方支付", "expenses paid by the evaluator"),
            o.expenses,
            o.county_paid,
        ),
        (
            "requests",
            "七（三）",
            page.says("只要文件和座谈，不要报表", "documents and meetings asked, no tables"),
            o.requests,
            o.tables_asked,
        ),
        ("training", "六（四）", page.says("培训合格", "trained and passed"), o.staff, o.untrained),
        (
            "independence",
            "七（二）",
            page.says("声明独立", "declared independent"),
            o.staff,
            o.undeclared,
        ),
        (
            "late",
            "七（二）",
            page.says("声明早于首次入户", "declared before the first visit"),
            o.staff,
            o.declared_late,
        ),
        (
            "conflict",
            "七（二）",
            page.says("无利益冲突", "no conflict of interest"),
            o.staff,
            o.conflicts,
        ),
        (
            "help",
            "七（四）",
            page.says("地方协助由评估方付费", "help of the locality paid by the evaluator"),
            o.helps,
            o.helps_paid,
        ),
        (
            "safety",
            "七（四）",
            page.says("安全事件已办结", "safety incidents settled"),
            o.incidents,
            o.incidents_open,
        ),
    ]
    shown = [
        (what, clause, number, len(bad), page.says("、", ", ").join(bad[:8]) or None)
        for _, clause, what, number, bad in rows
    ]
    shown.insert(
        3,
        (
            page.says("入户时已培训合格", "trained by the day of the visit"),
            "六（四）",
            o.visits,
            o.untrained_visits,
            None,
        ),
    )
    return table(
        page,
        page.says(
            f"评估方自身的要求（费用合计 {o.amount:,.0f} 元，安全误工 {o.days_lost:g} 天）",
            f"The evaluator's own duties (expenses {o.amount:,.0f} yuan, {o.days_lost:g} days lost)",
        ),
        page.says("要求|条款|总数|不符|编号", "duty|clause|all|not in order|which").split("|"),
        shown,
        marks=[(i, 3, "bad" if row[3] else "good") for i, row in enumerate(shown)],
    )


def provenance_table(page: Page, record: Procedure) -> Shown:
    """Return where every input table comes from: nothing is filled in by the grass roots."""
    del record
    origins: dict[str, list[str]] = {}
    for each in TABLES.values():
        origins.setdefault(each.origin, []).append(each.zh if page.language == "zh" else each.name)
    return table(
        page,
        page.says(
            "数据来源：不要求基层填表报数",
            "Where the data come from: the grass roots fill in no table",
        ),
        page.says("来源|表数|表", "origin|tables|which").split("|"),
        [
            (page.label("origin", origin), len(names), page.says("、", ", ").join(names))
            for origin, names in sorted(origins.items())
        ],
        clause="七（三）",
    )


FOUND = {"yes": ("具备", "yes"), "partly": ("不完整", "in part"), "no": ("没有", "no")}


def readiness_table(page: Page, record: Procedure) -> Shown:
    """Return every document of the plan's lists, as the spot check will ask for it."""
    ready = sum(paper.ready for paper in record.readiness)
    return table(
        page,
        page.says(
            f"迎接国家抽查：备查文件（齐备 {ready} / {len(record.readiness)}）",
            f"For the State's spot check: papers at hand ({ready} / {len(record.readiness)} ready)",
        ),
        page.says("部分|文件|条款|是否具备|证据", "chapter|document|clause|found|evidence").split(
            "|"
        ),
        [
            (
                page.plan.document_chapters[p.chapter][page.language],
                page.label("documents", p.document),
                p.clause,
                page.says(*FOUND.get(p.found, ("未检查", "not checked"))),
                p.evidence or None,
            )
            for p in record.readiness
        ],
        clause="六（七）",
        marks=[(i, 3, "good" if p.ready else "warn") for i, p in enumerate(record.readiness)],
    )
