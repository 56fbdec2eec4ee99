"""What the counties together tell: weak points of the evidence, recurring problems, cost, lessons.

Nothing here is judged anew; every line repeats or counts what a county's own record says.

Source: plan, 七（五）: follow what emerges in several counties, and evaluate the effect.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from auditlib.indicators.assurance import Surety
from auditlib.report.cases import hidden_cases
from auditlib.report.checks import subject_name
from auditlib.report.consolidated import Consolidated, Line, by_attention, folded, many
from auditlib.report.disclosure import explain, published, unless
from auditlib.report.indicators import KEPT, name_of
from auditlib.report.page import Page, Sentence, counted, percent, say
from auditlib.report.procedure import STANDINGS
from auditlib.report.readings import reading_of
from auditlib.report.record import CountyReport
from auditlib.report.rectification import OUTCOMES, problem_name
from auditlib.report.tables import HIDDEN, Shown, Stack, table


def reports(record: Consolidated) -> tuple[tuple[Line, CountyReport], ...]:
    """Return the counties that have a result, with it."""
    return tuple((line, line.report) for line in record.lines if line.report is not None)


def weakness_table(page: Page, record: Consolidated) -> Shown:
    """Return for every county what makes its result less than sure."""
    rows: list[tuple[str, ...]] = []
    marks: list[tuple[int, int, str]] = []
    found = reports(by_attention(page, record))
    for i, (line, r) in enumerate(found):
        weak = [n for n, sure in r.assurance.items() if sure.surety is not Surety.SECURE]
        flips = sorted({reading_of(page, f.switch)[0] for f in r.flips})
        and_ = page.says("、", ", ")
        rows.append(
            (
                line.name[page.language],
                page.says(*OUTCOMES[r.outcome][:2]),
                and_.join(problem_name(page, p) for p in r.prominent) or "–",
                str(r.open_cases),
                and_.join(name_of(page, n) for n in weak) or "–",
                and_.join(flips) or "–",
                page.says(*STANDINGS[r.standing]),
            )
        )
        marks += [
            (i, j, "warn")
            for j, there in ((2, r.prominent), (3, r.open_cases), (4, weak), (5, flips))
            if there
        ]
        if r.standing != "normal":
            marks.append((i, 6, "bad"))
    shown = table(
        page,
        page.says("结论的薄弱处", "What makes the results less than sure"),
        page.says(
            "县|整改复核|突出问题|未结问题|样本不足以保证|单独改变结论的读法|评估状态",
            "county|rectification|prominent problems|open cases|not secured by the sample|"
            "readings that alone change it|standing",
        ).split("|"),
        rows,
        clause="五（二）、六（五）",
        marks=marks,
    )
    return folded(page, record, shown, [line for line, _ in found])


def weaknesses(page: Page, record: Consolidated) -> Shown | Stack:
    """Return the table of weak points; of a large round their counts come before it."""
    shown = weakness_table(page, record)
    return Stack((weakness_counts(page, record), shown)) if many(page, record) else shown


def weakness_counts(page: Page, record: Consolidated) -> Shown:
    """Return how many counties have which weak point."""
    all_ = [r for _, r in reports(record)]
    counts: dict[str, int] = {
        page.says("有突出问题", "prominent problems"): sum(bool(r.prominent) for r in all_),
        page.says("有未结问题", "open cases"): sum(bool(r.open_cases) for r in all_),
        page.says("评估状态不正常", "standing not normal"): sum(
            r.standing != "normal" for r in all_
        ),
    }
    for name, _ in page.plan.indicators.items():
        words = page.says("样本不足以保证：", "not secured by the sample: ") + name_of(page, name)
        counts[words] = sum(r.assurance[name].surety is not Surety.SECURE for r in all_)
    flips = Counter(switch for r in all_ for switch in sorted({flip.switch for flip in r.flips}))
    for switch, number in sorted(flips.items(), key=lambda item: (-item[1], item[0])):
        words = page.says("单独改变结论的读法：", "reading that alone changes it: ")
        counts[words + reading_of(page, switch)[0]] = number
    return table(
        page,
        page.says("有薄弱处的县数", "Counties with weak points"),
        page.says("薄弱处|县 / 有结果县", "weak point|counties / all").split("|"),
        [(words, counted(number, len(all_))) for words, number in counts.items()],
        clause="五（二）、六（五）",
    )


@published
def problem_table(page: Page, record: Consolidated) -> Shown:
    """Return problems by the number of counties: verified cases, and problems of the checks.

    A problem of half the counties or more is a tendency (倾向性), of several it recurs
    (苗头性), of one it stands alone.
    """
    cases: dict[tuple[str, str], Counter[str]] = {}
    few: dict[tuple[str, str], list[int]] = {}
    for line, r in reports(record):
        hidden = hidden_cases(page, r.cases)
        for i, c in enumerate(r.cases):
            if c.verified:
                kind = page.label("case_kind", c.kind)
                item = (kind, page.label("standards", c.item))
                cases.setdefault(item, Counter())[line.county] += c.verified
                few.setdefault(item, []).extend([c.verified] if (i, "verified") in hidden else [])
        for p in r.problems:
            kind = page.says("检查问题", "check")
            item = (kind, subject_name(page, p.measure, p.subject))
            cases.setdefault(item, Counter())[line.county] += 1
    every = len(reports(record))
    rows = [
        (
            kind,
            item,
            counted(len(counts), every),
            unless(_gives_back(page, few.get((kind, item), [])), counts.total()),
            page.says(*_extent(len(counts), every)),
        )
        for (kind, item), counts in sorted(
            cases.items(), key=lambda each: (-len(each[1]), -each[1].total(), each[0])
        )
    ]
    return table(
        page,
        page.says("跨县问题汇总", "Problems across counties")
        + explain(page, [row for row in rows if row[3] == HIDDEN]),
        page.says(
            "类型|问题项|涉及县 / 有结果县|问题数|分布", "kind|item|counties / all|problems|extent"
        ).split("|"),
        rows,
        clause="七（五）",
        marks=[(i, 4, "warn") for i, row in enumerate(rows) if int(str(row[2]).split()[0]) > 1],
    )


def _gives_back(page: Page, hidden: list[int]) -> bool:
    """Say whether a sum over the counties gives back what their own papers hide."""
    fewest = page.plan.privacy.fewest_households
    return page.public and bool(hidden) and (len(hidden) < 2 or sum(hidden) < fewest)


def _extent(counties: int, every: int) -> tuple[str, str]:
    if counties > 1 and 2 * counties >= every:
        return "倾向性", "tendency"
    return ("苗头性", "recurs") if counties > 1 else ("个别", "alone")


def method_table(page: Page, record: Consolidated) -> Shown:
    """Return for every county response, achieved margin, screening, and cost."""
    wanted = float(page.plan.sampling.precision.margin)
    low = float(page.plan.fieldwork.low_response)
    rows: list[tuple[str | int | None, ...]] = []
    marks: list[tuple[int, int, str]] = []
    found = reports(by_attention(page, record))
    for i, (line, r) in enumerate(found):
        lifted = next((reach for reach in r.reach if reach.kind == "lifted"), None)
        sure = r.assurance["wrong_exit_rate"]
        half = (sure.high - sure.low) / 2
        share = lifted.completed / lifted.eligible if lifted and lifted.eligible else None
        done = sum(reach.completed for reach in r.reach)
        rows.append(
            (
                line.name[page.language],
                f"{percent(share)}（{counted(lifted.completed, lifted.eligible)}）"
                if lifted
                else None,
                f"±{percent(half)}" if sure.value is not None else page.says(*KEPT[None][:2]),
                f"{sure.deff:.2f}" if sure.deff is not None else None,
                f"{r.groups_screened} / {r.persons_screened:,}",
                f"{r.expenses:,.0f}",
                f"{r.expenses / done:,.0f}" if done else None,
                r.days_suspended,
            )
        )
        marks.append((i, 2, "warn" if half > wanted else "good"))
        if share is not None and share < low:
            marks.append((i, 1, "warn"))
    shown = table(
        page,
        page.says(
            f"方法：应答、误差（方案要求错退率不超过±{percent(wanted)}）、费用",
            f"Method: response, margin (the plan asks ±{percent(wanted)} of the wrong-exit rate), cost",
        ),
        page.says(
            "县|脱贫户应答率|错退率误差|设计效应|普查村组 / 人口|费用（元）|每户费用（元）|暂停（日）",
            "county|response of lifted|margin|design effect|groups / persons screened|cost (yuan)|"
            "cost per household (yuan)|suspended (days)",
        ).split("|"),
        rows,
        clause="四（一）、七（五）",
        marks=marks,
    )
    return folded(page, record, shown, [line for line, _ in found])


def methods(page: Page, record: Consolidated) -> Shown | Stack:
    """Return the sizes and the method; of a large round how its figures spread comes between."""
    if not reports(record):
        return method_table(page, record)
    spread = (method_spread(page, record),) if many(page, record) else ()
    return Stack((average_table(page, record), *spread, method_table(page, record)))


def average_table(page: Page, record: Consolidated) -> Shown:
    """Return what the plan asks as an average of counties: every county is held to it (A29)."""
    plan = page.plan.sampling
    all_ = [r for _, r in reports(record)]
    kinds = (("lifted", plan.lifted), ("unregistered", plan.unregistered))
    rows: list[tuple[str, str, float, int, int, str]] = []
    for kind, provision in kinds:
        own = [x for r in all_ for x in r.reach if x.kind == kind]
        done = [x.completed for x in own]
        kept = sum(x.completed >= x.wanted for x in own)
        name = page.label("visit_kind", kind)
        rows.append((name, f"≥ {provision.at_least}", *_spread(done), counted(kept, len(all_))))
    groups = [r.groups_screened for r in all_]
    least, most = plan.groups.least, plan.groups.most
    kept = sum(least <= number <= most for number in groups)
    name = page.says("普查排查村组", "groups screened in full")
    rows.append((name, f"{least}–{most}", *_spread(groups), counted(kept, len(all_))))
    return table(
        page,
        page.says(
            "县均完成数（方案写“县均”，按每县从严认定；大县、户数不足的县按各自的应查数，A29）",
            "Averages of counties (the plan says average, every county is held to it; large counties and "
            "those with too few to their own number, A29)",
        ),
        page.says(
            "项目|方案|县均|最小|最大|达到应查数的县 / 有结果县",
            "what|plan|average|least|most|counties with the number wanted / with result",
        ).split("|"),
        rows,
        clause="四（一）、四（三）",
        marks=[(i, 5, "warn") for i, row in enumerate(rows) if len(set(row[5].split(" / "))) > 1],
    )


def _spread(numbers: Sequence[int]) -> tuple[float, int, int]:
    return (
        float(sum(numbers) / max(len(numbers), 1)),
        min(numbers, default=0),
        max(numbers, default=0),
    )


def method_spread(page: Page, record: Consolidated) -> Shown:
    """Return least, middle and most of what the method achieved, and what falls short."""
    all_ = [r for _, r in reports(record)]
    wanted = float(page.plan.sampling.precision.margin)
    low = float(page.plan.fieldwork.low_response)
    lifted = [x for r in all_ for x in r.reach if x.kind == "lifted" and x.eligible]
    response = [x.completed / x.eligible for x in lifted]
    wrong = [r.assurance["wrong_exit_rate"] for r in all_]
    margins = [(s.high - s.low) / 2 for s in wrong if s.value is not None]
    costs = [r.expenses / done for r in all_ if (done := sum(reach.completed for reach in r.reach))]
    effects = [s.deff for s in wrong if s.deff is not None]
    short = (
        (page.says("脱贫户应答率", "response of lifted"), response, percent, sum(x < low for x in response)),
        (page.says("错退率误差（±）", "margin of the wrong-exit rate (±)"), margins, percent, sum(x > wanted for x in margins)),
        (page.says("设计效应", "design effect"), effects, "{:.2f}".format, None),
        (page.says("每户费用（元）", "cost per household (yuan)"), costs, "{:,.0f}".format, None),
    )  # fmt: skip
    return table(
        page,
        page.says(
            f"方法在各县的分布（应答率低于{percent(low)}、误差超过±{percent(wanted)}者为不足）",
            f"The method across counties (short: response under {percent(low)}, margin above ±{percent(wanted)})",
        ),
        page.says(
            "项目|县数|最小|中位|最大|不足的县", "what|counties|least|median|most|short"
        ).split("|"),
        [
            (what, len(found), told(min(found)), told(median(found)), told(max(found)), number)
            for what, found, told, number in short
            if found
        ],
        clause="四（一）、七（五）",
    )


def lessons(page: Page, record: Consolidated) -> Sentence:
    """Say what this round teaches, and what its method could not see."""
    found = reports(record)
    if not found:
        return say(page.says("尚无有结果的县。", "No county has a result yet."))
    return say(*_lessons(page, found), *blind(page))


def _lessons(page: Page, found: Iterable[tuple[Line, CountyReport]]) -> Iterator[str]:
    """Return one sentence for every lesson that the counts bear out."""
    all_ = [r for _, r in found]
    n = len(all_)
    flips = Counter(switch for r in all_ for switch in sorted({flip.switch for flip in r.flips}))
    for switch, number in sorted(flips.items(), key=lambda item: (-item[1], item[0])):
        name, reading = reading_of(page, switch)
        yield page.says(
            f"读法{name}（{reading.about.zh}）在{n}县中的{number}县单独改变结论，正式文本宜明确。",
            f"Reading {name} ({reading.about.en}) alone changes the result of {number} of {n} "
            "counties: the final text should settle it.",
        )
    margin = float(page.plan.sampling.precision.margin)
    wide = sum(
        (r.assurance["wrong_exit_rate"].high - r.assurance["wrong_exit_rate"].low) / 2 > margin
        for r in all_
    )
    if wide:
        yield page.says(
            f"{n}县中有{wide}县的错退率误差超过±{percent(margin)}：方案的户数不足以达到方案的精度（A31）。",
            f"In {wide} of {n} counties the margin of the wrong-exit rate exceeds ±{percent(margin)}: the "
            "plan's number of households does not give the plan's precision (A31).",
        )
    verified = sum(c.verified for r in all_ for c in r.cases)
    dismissed = sum(c.dismissed for r in all_ for c in r.cases)
    still = sum(c.open for r in all_ for c in r.cases)
    yield page.says(
        f"疑似问题{verified + dismissed + still}个，核实{verified}个、排除{dismissed}个、未结{still}个（首轮）。",
        f"{verified + dismissed + still} suspicions in the first round: {verified} verified, "
        f"{dismissed} dismissed, {still} open.",
    )
    cost, done = sum(r.expenses for r in all_), sum(x.completed for r in all_ for x in r.reach)
    yield page.says(
        f"费用合计{cost:,.0f}元，完成{done:,}户，每户{cost / max(done, 1):,.0f}元。",
        f"Cost {cost:,.0f} yuan in all for {done:,} households: {cost / max(done, 1):,.0f} each.",
    )
    near = sum(r.near_line for r in all_)
    yield page.says(
        f"收入略高于标准的脱贫户{near:,}户，退出后宜跟踪监测（七（六））。",
        f"{near:,} lifted households lie just above the line; follow them up after the exit (七（六）).",
    )


def blind(page: Page) -> tuple[str, ...]:
    """Return what no figure of this round can show."""
    return (
        page.says(
            "本方法看不到：拒访和长期外出户的情况（应答率所缺部分）；问卷未问的困难；只存在于未抽中村的问题"
            "（抽样误差之内）；评估之后的返贫；被掩饰得连核实也未发现的情况。",
            "What the method cannot see: households that refused or were away (what is missing from the "
            "response); hardships not asked; problems only in villages not drawn (within the margin); poverty "
            "that returned later; what was hidden so well that verification missed it.",
        ),
        page.says(
            "各县不排名，比率不平均：样本不同、误差不同，差别可能只是偶然。",
            "Counties are not ranked and rates not averaged: samples and margins differ, and differences may "
            "be chance.",
        ),
    )
