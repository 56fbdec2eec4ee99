"""The annexes of a county's report: method, sample, problems, arithmetic, readings.

Every figure of the report stands in the annex of arithmetic with its formula, its
numbers, its clause and the folder whose record holds it.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from auditlib.checks.documents import EVERY
from auditlib.indicators.summary import Indicators
from auditlib.report import cases, county, fieldwork, sampling
from auditlib.report.documents.blocks import Block, Grid, Heading, Note, Text, shown, texts
from auditlib.report.documents.dossier import Dossier
from auditlib.report.indicators import KEPT, name_of, value_text
from auditlib.report.page import Page, counted, percent
from auditlib.report.tables import Shown, table
from auditlib.sampling.design import DIRECT

Row = tuple[str, str, str, str, str, str]


def annexes(file: Dossier) -> Iterator[Block]:
    """Return the blocks of all annexes, the first on a new page."""
    yield from _method(file)
    yield from _sample(file)
    yield from _problems(file)
    yield from _arithmetic(file)
    yield Heading(file.page.says("附件5　对方案歧义之处的读法", "Annex 5. Readings of the plan"))
    yield from shown(county.readings_table(file.page, file.report))


def _method(file: Dossier) -> Iterator[Block]:
    page, plan = file.page, file.page.plan
    level = percent(plan.sampling.precision.level, digits=0)
    ladder = page.says("、", ", ").join(
        words.name[page.language] for words in plan.ladder.levels.values()
    )
    yield Heading(page.says("附件1　评估方法", "Annex 1. Method"), new_page=True)
    direct = file.sampling.method == DIRECT
    how = (
        "先按乡镇、贫困与否、偏远与否分层抽村，再在村内抽户",
        "villages are drawn within strata of township, poor and remote, then households within villages",
    )
    design = "分层、两阶段、整群、有限总体", "strata, two stages, clusters, finite population"
    beyond = (
        "只在抽样村之外存在的问题",
        "problems that exist only outside the drawn villages",
    )
    if direct:
        how = (
            "从全县直接抽户，不先抽村",
            "households are drawn directly from the county, no villages first",
        )
        design = (
            "户的简单随机抽样、有限总体",
            "simple random sample of households, finite population",
        )
        beyond = "只在未抽中的户存在的问题", "problems of households that were not drawn"
    lines = [
        (
            f"抽样。全部脱贫户为抽样框；{how[0]}。签号为种子、阶段和单元的"
            "SHA-256，取最小者；抽签前公布摘要。进入比率的均为随机抽样，重点核查户权重为0、单列（A24、A25）。",
            f"Sampling. All lifted households are the frame; {how[1]}, by the smallest tickets (SHA-256 of seed, stage and unit), "
            "committed to before the draw. Rates rest on random units only (A24, A25).",
        ),
        (
            f"核实。每个疑似问题依次向{ladder}核实，由评估方认定；只有核实的计入，未结的列出两种结果（五（二）、A09）。",
            f"Verification. Every suspicion goes to {ladder} in turn; the evaluator decides, and only verified cases "
            "count; with open cases both results are shown (五（二）, A09).",
        ),
        (
            "判定。按方案公式以不加权的点估计、精确分数判定，不以四舍五入后的百分数判定；相等视为未达标，"
            "综合贫困发生率相等不否决（A17、A51、A55）。",
            "Judgement. The plan's formula, unweighted, in exact fractions and never in rounded percentages; "
            "equality is not kept, and does not veto (A17, A51, A55).",
        ),
        (
            f"把握。加权值和{level}区间按实际设计（{design[0]}）估计；零发现也给出上界。样本不足以保证"
            "时照实说明。",
            f"Assurance. Weighted figures and {level} intervals follow the design ({design[1]}); "
            "zero findings have an upper bound too.",
        ),
        (
            f"看不到的。拒访和长期外出户的情况、问卷未问的困难、{beyond[0]}、评估之后的返贫，本方法看不到。",
            "What it cannot see: households that refused or were away, hardships that were not asked, "
            f"{beyond[1]}, poverty that returned later.",
        ),
    ]
    for zh, en in lines:
        yield Text(page.says(zh, en))


def _sample(file: Dossier) -> Iterator[Block]:
    page = file.page
    yield Heading(page.says("附件2　样本", "Annex 2. Sample"))
    yield from shown(sampling.size_table(page, file.sampling))
    yield from shown(sampling.quota_table(page, file.sampling))
    yield from shown(sampling.frame_tables(page, file.sampling))
    yield from shown(fieldwork.screening_table(page, file.fieldwork))
    yield from (Note(line.text) for line in texts(sampling.state(page, file.sampling)))


def _problems(file: Dossier) -> Iterator[Block]:
    page = file.page
    yield Heading(page.says("附件3　问题核实的层级", "Annex 3. Cases up the ladder"))
    yield from shown(cases.ladder_table(page, file.findings))
    yield Note(
        page.says(
            "逐个问题的清单只有样本编号，由评估机构保管，不随报告公开；须逐项整改的问题编号随整改反馈函送该县。",
            "The list case by case bears study identifiers only; it stays with the institution. What must be "
            "rectified one by one goes to the county with the feedback letter.",
        )
    )


def _arithmetic(file: Dossier) -> Iterator[Block]:
    page = file.page
    yield Heading(page.says("附件4　各项数字的算式", "Annex 4. The arithmetic of every figure"))
    yield Grid(arithmetic(file))


def arithmetic(file: Dossier) -> Shown:
    """Return every figure with formula, numbers, result, clause and the folder that holds it."""
    page = file.page
    rows: list[Row] = []
    first = page.says("首轮", "first round")
    rows += _rates(page, file.indicators, first, "04_indicators")
    if file.rectification.recheck:
        again = page.says("复核", "re-check")
        where = "07_rectification"
        rows += _rates(page, file.rectification.recheck.found, again, where)
    rows += _counts(file)
    rows_shown = table(
        page,
        page.says("算式", "Arithmetic"),
        page.says(
            "数字|公式|代入|结果|条款|出处", "figure|formula|numbers|result|clause|folder"
        ).split("|"),
        rows,
    )
    return replace(rows_shown, numeric=(False,) * len(rows_shown.headings))


def _rates(page: Page, found: Indicators, phase: str, where: str) -> Iterator[Row]:
    """Return the four indicators and the parts of the incidence."""
    people, part = found.population, found.official.incidence
    judgements = found.official.judgements
    wrong, missed = judgements["wrong_exit_rate"], judgements["missed_rate"]
    clause = page.plan.indicators.composite_incidence.clause
    yield (
        page.says(f"推算错退人口（{phase}）", f"wrongly exited, expanded ({phase})"),
        page.says("脱贫人口×错退率", "lifted persons × rate"),
        f"{people.lifted:,} × {counted(wrong.numerator, wrong.denominator)}",
        _expanded(page, part.wrong),
        clause,
        where,
    )
    yield (
        page.says(f"推算漏评人口（{phase}）", f"missed, expanded ({phase})"),
        page.says("未建档立卡人口×漏评率", "unregistered persons × rate"),
        f"{people.unregistered:,} × {counted(missed.numerator, missed.denominator)}",
        _expanded(page, part.missed),
        clause,
        where,
    )
    yield (
        page.says(f"查实数相加的下限（{phase}）", f"as found, lower bound ({phase})"),
        page.says("（未脱贫＋查实）÷农业户籍人口", "(still poor + found) / population"),
        f"({part.still_poor:,} + {part.found:,}) / {part.population:,}",
        percent(part.raw),
        clause,
        where,
    )
    for name, j in judgements.items():
        rule = dict(page.plan.indicators.items())[name]
        numbers = counted(j.numerator, j.denominator)
        if name == "composite_incidence":
            wrongly, unseen = _expanded(page, part.wrong), _expanded(page, part.missed)
            parts = f"{part.still_poor:,} + {wrongly} + {unseen}"
            numbers = f"({parts}) / {part.population:,}"
        yield (
            f"{name_of(page, name)}（{phase}）",
            rule.formula[page.language],
            numbers,
            value_text(page, j),
            j.clause,
            where,
        )
        sure = found.assurance[name]
        yield (
            page.says(f"　加权值和区间（{phase}）", f"weighted, with interval ({phase})"),
            page.says(*KEPT[None][:2]) if sure.value is None else sure.method,
            f"n = {sure.rows:,}" + (f"; df = {sure.df:g}" if sure.df else ""),
            f"{percent(sure.value)}（{percent(sure.low)} – {percent(sure.high)}）",
            j.clause,
            where,
        )


def _expanded(page: Page, persons: Fraction | None) -> str:
    """Return expanded persons, or that they are not estimable."""
    return page.says(*KEPT[None][:2]) if persons is None else f"{float(persons):,.1f}"


def _counts(file: Dossier) -> Iterator[Row]:
    """Return the shares of chapters one and five."""
    page = file.page
    for reach in file.fieldwork.reach:
        yield (
            page.label("visit_kind", reach.kind) + page.says("应答率", ": response"),
            page.says("完成户÷合格户", "completed / eligible"),
            counted(reach.completed, reach.eligible),
            percent(reach.completed / reach.eligible if reach.eligible else None),
            "四（一）",
            "02_fieldwork",
        )
    for leader in file.checks.leaders:
        if leader.leader == EVERY:  # the villages that all of them visited: no figure of one
            continue
        yield (
            page.label("leader", leader.leader) + page.says("遍访", ": visits"),
            page.says("已访贫困村÷贫困村", "poor villages visited / all"),
            counted(leader.visited, leader.poor_villages),
            percent(leader.visited / leader.poor_villages if leader.poor_villages else None),
            "三（三）3",
            "05_checks",
        )
