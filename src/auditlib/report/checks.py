"""Tables and pictures of the stage `checks`."""

from collections.abc import Iterator

from auditlib.checks.documents import EVERY
from auditlib.checks.summary import Checks
from auditlib.estimation.disclosure import is_small
from auditlib.report.disclosure import (
    explain,
    hidden_cells,
    hides,
    published,
    share_of,
    unless,
)
from auditlib.report.improvement import (
    improvement_table,
    service_picture,
    service_table,
    village_picture,
    village_table,
    village_tables,
)
from auditlib.report.page import Page, Sentence, counted, percent, say, waits
from auditlib.report.tables import HIDDEN, Cell, Shown, Stack, table

__all__ = [
    "improvement_table",
    "service_picture",
    "service_table",
    "village_picture",
    "village_table",
    "village_tables",
]

FOUND = {"yes": ("具备", "yes"), "partly": ("不完整", "in part"), "no": ("没有", "no")}


@waits
def document_table(page: Page, record: Checks) -> Shown:
    """Return the documents on deployment and follow-up."""
    plan = page.plan
    return table(
        page,
        page.says("部署与后续帮扶：文件清单", "Deployment and follow-up: documents"),
        page.says(
            "部分|文件|条款|是否具备|缺少内容|证据|问题",
            "chapter|document|clause|found|missing parts|evidence|problem",
        ).split("|"),
        [
            (
                plan.document_chapters[d.chapter][page.language],
                plan.documents[d.document].name[page.language],
                d.clause,
                page.says(*FOUND.get(d.found, ("未检查", "not checked"))),
                page.labels("document_sections", " ".join(d.sections_missing)),
                d.evidence or None,
                page.label("severity", d.problem) if d.problem else None,
            )
            for d in record.documents
        ],
        marks=[
            (i, 3, "good" if d.found == "yes" else "bad" if d.found == "no" else "warn")
            for i, d in enumerate(record.documents)
        ]
        + [
            (i, 5, "warn")
            for i, d in enumerate(record.documents)
            if d.found in ("yes", "partly") and not d.evidence
        ],
    )


@waits
def leader_table(page: Page, record: Checks) -> Shown:
    """Return how many poor villages each principal leader has visited."""
    return table(
        page,
        page.says("党政主要领导遍访贫困村", "Poor villages visited by the principal leaders"),
        page.says(
            "领导|已访 / 贫困村|比例|无佐证|未访村",
            "leader|visited / poor|share|without evidence|not visited",
        ).split("|"),
        [
            (
                page.says("两位均已遍访", "both of them")
                if v.leader == EVERY
                else page.label("leader", v.leader),
                counted(v.visited, v.poor_villages),
                percent(v.visited / v.poor_villages if v.poor_villages else None),
                v.without_evidence,
                page.says("、", ", ").join(
                    page.place(code).split()[0] for code in v.not_visited[:6]
                )
                + (" …" if len(v.not_visited) > 6 else ""),
            )
            for v in record.leaders
        ],
        clause="三（三）3",
        marks=[
            (i, 2, "good" if not v.not_visited else "warn") for i, v in enumerate(record.leaders)
        ],
    )


@waits
def input_table(page: Page, record: Checks) -> Shown:
    """Return funds and staff with simple ratios."""
    return table(
        page,
        page.says("资金投入与人员配置", "Funds and staff"),
        page.says(
            "年度|项目|数量（万元或人）|比上年|每名建档立卡人口|每个贫困村|来源|是否相适应|依据",
            "year|item|amount (10,000 yuan or persons)|on the year before|per registered person|"
            "per poor village|source|suits the task|reasons",
        ).split("|"),
        [
            (
                str(x.year),
                page.label("funds_item", x.item),
                f"{x.amount:,.0f}",
                percent(x.change, digits=1),
                f"{x.per_poor_person:.3f}",
                f"{x.per_poor_village:.1f}",
                x.source,
                page.label("adequacy", x.judgement) if x.judgement else None,
                x.basis or None,
            )
            for x in record.inputs
        ],
        clause="三（三）3",
        marks=[
            (i, 7, {"suited": "good", "partly": "warn"}.get(x.judgement, "bad"))
            for i, x in enumerate(record.inputs)
            if x.judgement
        ],
    )


@waits
def deployment_tables(page: Page, record: Checks) -> Stack:
    """Return documents, the leaders' visits, funds and staff, one below the other."""
    return Stack(
        (document_table(page, record), leader_table(page, record), input_table(page, record))
    )


@published
@waits
def policy_table(page: Page, record: Checks) -> Shown:
    """Return the eleven policy lines."""
    return table(
        page,
        page.says("十一项政策落实", "Eleven policy lines"),
        page.says(
            "政策|现场（已看 / 抽查）|覆盖 / 应享受户|受访户称享受|记录已兑现而农户称未享受|现场问题",
            "policy|sites seen / chosen|covered / eligible|households that say so|"
            "recorded as granted, not received|problems at sites",
        ).split("|"),
        [
            (
                page.label("policy_lines", p.line),
                counted(p.sites_seen, p.sites),
                _share(page, p.covered, p.eligible),
                _share(page, p.received, p.answered),
                share_of(page, len(p.not_received), p.recorded),
                p.problems,
            )
            for p in record.policies
        ],
        clause="三（三）4",
        marks=[(i, 4, "bad") for i, p in enumerate(record.policies) if p.not_received]
        + [
            (i, 5, "bad" if p.prominent else "warn")
            for i, p in enumerate(record.policies)
            if p.problems
        ],
    )


def _share(page: Page, part: int, whole: int) -> str:
    """Return part / whole and the per cent; both hidden where they must be."""
    counts = share_of(page, part, whole)
    if not whole or counts == HIDDEN:
        return counts if whole else "–"
    return f"{counts}（{percent(part / whole, digits=1)}）"


def _hidden_answers(page: Page, record: Checks) -> frozenset[tuple[str, str]]:
    """Return whose answers are hidden; of all households together the recognition is known."""
    people = {("class", c.respondents): (c.interviewed, c.recognise) for c in record.interviews}
    homes = {("kind", h.kind): (h.answered, h.recognise) for h in record.households}
    fewest = page.plan.privacy.fewest_households
    return hidden_cells(
        page,
        {key: whole - part for key, (whole, part) in (people | homes).items()},
        totals=[list(homes)],
        unsafe=[key for key, (n, _) in (people | homes).items() if is_small(n, fewest)],
    )


@published
@waits
def interview_table(page: Page, record: Checks) -> Shown:
    """Return the interviewed by class, with topics and recognition, and the visited households."""
    topics = [words[page.language] for words in page.plan.interviews.topics.values()]
    hidden = _hidden_answers(page, record)

    def answers(key: tuple[str, str], heard: int, recognise: int, silent: int) -> Iterator[Cell]:
        yield heard
        yield unless(key in hidden, counted(recognise, heard))
        share = percent(recognise / heard if heard else None, digits=1)
        yield unless(key in hidden, share)
        yield unless(key in hidden or hides(page, silent), silent)

    rows: list[tuple[Cell, ...]] = [
        (
            page.label("interview_classes", c.respondents),
            *answers(("class", c.respondents), c.interviewed, c.recognise, c.silent),
            *(unless(hides(page, number), number) for number in c.topics),
        )
        for c in record.interviews
    ]
    rows += [
        (
            page.label("visit_kind", h.kind),
            *answers(("kind", h.kind), h.answered, h.recognise, h.silent),
            *(None for _ in topics),
        )
        for h in record.households
    ]
    return table(
        page,
        page.says(
            "座谈访谈和受访户：各类人员是否认可（各项内容为谈及人数）",
            "Interviews and visited households: recognition by class (topics: persons who spoke on them)",
        )
        + explain(page, hidden),
        [
            *page.says(
                "类别|人数或户数|认可|比例|不表态", "class|heard|recognise|share|silent"
            ).split("|"),
            *topics,
        ],
        rows,
        clause="四（四）、三（二）3",
        marks=[(i, 1, "bad") for i, c in enumerate(record.interviews) if not c.interviewed],
    )


def subject_name(page: Page, measure: str, subject: str) -> str:
    """Return the name of what fails under one of the plan's measures."""
    lists = {
        "documents": "documents",
        "leader_visits": "leader",
        "inputs": "funds_item",
        "coverage": "policy_lines",
        "not_received": "policy_lines",
        "village_items": "village_items",
    }
    return page.label(lists[measure], subject)


OF_HOUSEHOLDS = ("coverage", "not_received")
"""Measures that count households; the others count documents, villages or leaders."""


@published
@waits
def problem_table(page: Page, record: Checks) -> Shown:
    """Return the graded problems with the share that fails and the written criteria."""
    measures = page.plan.severity.measures
    tones = {"prominent": "bad", "serious": "warn"}
    return table(
        page,
        page.says("问题清单及程度", "Problems and how grave they are"),
        page.says(
            "问题|对象|未达 / 总数|按标准|评估员判断|程度|标准（较重、突出的比例）|证据",
            "problem|subject|failing / all|by the criteria|by the evaluator|grade|"
            "criteria (serious, prominent from)|evidence",
        ).split("|"),
        [
            (
                measures[p.measure].name[page.language],
                subject_name(page, p.measure, p.subject),
                share_of(page, p.failing, p.base)
                if p.measure in OF_HOUSEHOLDS
                else counted(p.failing, p.base),
                page.label("severity", p.by_rule) if p.by_rule else None,
                page.label("severity", p.judged) if p.judged else None,
                page.label("severity", p.severity),
                f"≥ {percent(measures[p.measure].serious, digits=0)}、"
                f"≥ {percent(measures[p.measure].prominent, digits=0)}",
                p.evidence or None,
            )
            for p in record.problems
        ],
        clause="三（三）",
        marks=[
            (i, 5, tones[p.severity]) for i, p in enumerate(record.problems) if p.severity in tones
        ],
    )


@waits
def summary(page: Page, record: Checks) -> Sentence:
    """Say which prominent problems there are, and what the evaluators themselves left out."""
    left = [page.label("funds_item", x) for x in record.unjudged]
    left += [page.label("interview_classes", x) for x in record.unheard]
    left += [page.label("interview_topics", x) for x in record.unasked]
    grades = [
        f"{page.label('severity', grade)} {sum(p.severity == grade for p in record.problems)}"
        for grade in ("prominent", "serious", "minor")
    ]
    lines = [
        page.says("问题：", "Problems: ")
        + page.says("，", ", ").join(grades)
        + page.says("。", "."),
        page.says("评估方未完成的判断或访谈：", "Judgements or interviews still to be made: ")
        + page.says("、", ", ").join(left)
        + page.says("。", ".")
        if left
        else "",
    ]
    if not record.prominent:
        none = page.says("未发现突出问题。", "No prominent problem was found.")
        return say(none, *lines, tone="warn" if left else "good")
    names = dict.fromkeys(
        subject_name(page, p.measure, p.subject)
        for p in record.problems
        if p.severity == "prominent"
    )
    return say(
        page.says("突出问题：", "Prominent problems: ")
        + page.says("、", ", ").join(names)
        + page.says("，须反馈、限期整改并复核。", "; to be fed back, rectified and re-checked."),
        *lines,
        tone="bad",
    )
