"""Tables and pictures of the stage `indicators`."""

from collections.abc import Mapping
from fractions import Fraction

from auditlib.indicators.assurance import Assurance
from auditlib.indicators.rates import Counts
from auditlib.indicators.summary import Indicators
from auditlib.indicators.verdict import Decision, Judgement
from auditlib.plan import Bound
from auditlib.report.charts import BLUE, GREY, RED, Picture, canvas, finish
from auditlib.report.figures import (
    DECISIONS,
    KEPT,
    SURETIES,
    decided,
    figure_text,
    name_of,
    rule_text,
    value_text,
)
from auditlib.report.page import Page, Sentence, counted, percent, say, waits
from auditlib.report.parts import domain_table, forest_picture, funnel_picture, funnel_table
from auditlib.report.readings import fragility, readings_picture, readings_table
from auditlib.report.tables import Shown, table

__all__ = [
    "DECISIONS",
    "KEPT",
    "SURETIES",
    "decided",
    "domain_table",
    "figure_text",
    "forest_picture",
    "funnel_picture",
    "funnel_table",
    "name_of",
    "readings_picture",
    "readings_table",
    "rule_text",
    "value_text",
]

COUNTED = {
    "composite_incidence": (
        "未脱贫人口为全县登记数，错退、漏评人口由样本推算；分母为全县农业户籍人口",
        "still poor: the county's register; wrongly exited and missed: expanded from the sample; "
        "base: the county's agricultural-hukou persons",
    ),
    "wrong_exit_rate": (
        "概率样本中完成调查的脱贫户的全部登记人口；一户错退，全户计入",
        "registered members of completed lifted households of the probability sample; "
        "a wrong household counts with all its members",
    ),
    "missed_rate": (
        "完成普查排查村组的未建档立卡农业户籍人口；整户漏评和登记户内漏人均计入",
        "unregistered persons of the groups screened in full; missed households and missed "
        "members of registered households both count",
    ),
    "recognition_rate": (
        "概率样本中完成调查的户，不表态者留在分母；按人的口径另加座谈访谈对象",
        "completed households of the probability sample, the silent ones in the base; "
        "in persons the interviewed are added",
    ),
}


def drawn_directly(record: Indicators) -> bool:
    """Say whether households were drawn from the whole county, no villages first (A25)."""
    return any(note.code == "direct_estimates" for note in record.notes)


def verdict_table(
    page: Page,
    judgements: Mapping[str, Judgement],
    assurance: Mapping[str, Assurance],
    *,
    direct: bool = False,
) -> Shown:
    """Return the four indicators with numerator, denominator, limit, result and interval."""
    unit = page.says("户", "households") if direct else page.says("村", "villages")
    rows = []
    for name, j in judgements.items():
        sure = assurance[name]
        side = "≤" if j.must_be in (Bound.BELOW, Bound.AT_MOST) else "≥"
        rows.append(
            (
                name_of(page, name),
                j.clause,
                counted(j.numerator, j.denominator),
                value_text(page, j),
                rule_text(page, j),
                page.says(*KEPT[j.kept][:2]),
                f"{percent(sure.value)}（{percent(sure.low)} – {percent(sure.high)}）",
                _standard_errors(sure),
                f"{side} {percent(sure.bound)}",
                _p(sure.p_value),
                page.says(*SURETIES[sure.surety][:2]),
            )
        )
    marks = [(i, 5, KEPT[j.kept][2]) for i, j in enumerate(judgements.values())]
    marks += [(i, 10, SURETIES[assurance[name].surety][2]) for i, name in enumerate(judgements)]
    return table(
        page,
        page.says(
            "四项指标：不加权的点估计判定，加权区间说明把握",
            "The four indicators: the unweighted figure decides, the weighted interval says how surely",
        ),
        page.says(
            f"指标|条款|分子 / 分母|数值|要求|结果|加权值（95%区间）|标准误（{unit}按放回抽样，保守）|95%单侧界|p 值|把握",
            "indicator|clause|numerator / denominator|figure|required|result|weighted (95 % interval)|"
            f"standard error ({unit} with replacement, conservative)|one-sided 95 % bound|p-value|assurance",
        ).split("|"),
        rows,
        marks=marks,
    )


def _standard_errors(sure: Assurance) -> str | None:
    """Return both standard errors; none where nothing was found, and they would be 0."""
    if not sure.se:
        return None
    return f"{percent(sure.se)}（{percent(sure.conservative_se)}）"


def _p(value: float | None) -> str | None:
    if value is None:
        return None
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


@waits
def verdict(page: Page, record: Indicators) -> Shown:
    """Return the four indicators of the first round."""
    direct = drawn_directly(record)
    return verdict_table(page, record.official.judgements, record.assurance, direct=direct)


@waits
def decision(page: Page, record: Indicators) -> Sentence:
    """Say what the figures decide, and by which reading of 六（五）."""
    tone = {Decision.EXIT: "good", Decision.NO_EXIT: "bad"}.get(record.decision, "warn")
    slip = page.plan.plan.corrections["six_five"]
    return say(
        decided(page, record.decision, record.official.judgements) + page.says("。", "."),
        fragility(
            page,
            combinations=record.readings.combinations,
            agree=record.readings.agree,
            flips=record.readings.flips,
        ),
        margin(page, record),
        *(note.says(page.language) for note in record.notes),
        page.says(
            f"{slip.clause}原文“{slip.printed}”中的“低于”与三（一）矛盾，按“高于”执行（{slip.reading}）。",
            f'{slip.clause} prints "低于" (lower) against III(1); it is read as "高于" (higher), '
            f"{slip.reading}.",
        ),
        tone=tone,
    )


def margin(page: Page, record: Indicators) -> str:
    """Say which margin was achieved beside the plan's: a warning, never a failure (A31)."""
    sure = record.assurance["wrong_exit_rate"]
    if sure.value is None:
        return page.says(
            "错退率的误差不能估计。", "The margin of the wrong-exit rate is not estimable."
        )
    half = (sure.high - sure.low) / 2
    wanted = page.plan.sampling.precision.margin
    over = half > float(wanted)
    return page.says(
        f"错退率实际误差 ±{percent(half)}，方案要求不超过 {percent(wanted)}"
        + ("：未达到，仅作提示。" if over else "：达到。"),
        f"Achieved margin of the wrong-exit rate ±{percent(half)}; the plan asks for {percent(wanted)}"
        + (": not reached, a warning only." if over else ": reached."),
    )


@waits
def incidence_table(page: Page, record: Indicators) -> Shown:
    """Return the parts of the composite incidence, expanded and as found."""
    i, people = record.official.incidence, record.population
    wrong = record.official.judgements["wrong_exit_rate"]
    missed = record.official.judgements["missed_rate"]
    rows: list[tuple[str, str, float | str, int | None]] = [
        (page.says("未脱贫人口", "still poor"), "U", float(i.still_poor), i.still_poor),
        (
            page.says("错退人口", "wrongly exited"),
            f"L·w/n = {people.lifted:,} × {counted(int(wrong.numerator), wrong.denominator)}",
            _persons(page, i.wrong, most=people.lifted),
            int(wrong.numerator),
        ),
        (
            page.says("漏评人口", "missed"),
            f"R·m/s = {people.unregistered:,} × {counted(int(missed.numerator), missed.denominator)}",
            _persons(page, i.missed, most=people.unregistered),
            int(missed.numerator),
        ),
        (
            page.says("合计", "sum"),
            "",
            _persons(page, i.poor, least=i.least, most=i.most),
            i.still_poor + i.found,
        ),
        (
            page.says("农业户籍人口", "agricultural-hukou persons"),
            "A",
            float(i.population),
            i.population,
        ),
    ]
    shown = [(a, b, f"{c:,.1f}" if isinstance(c, float) else c, d) for a, b, c, d in rows]
    whole = value_text(page, record.official.judgements["composite_incidence"])
    return table(
        page,
        page.says(
            f"综合贫困发生率：推算 {whole}，查实数相加（下限）{percent(i.raw)}",
            f"Composite incidence: expanded {whole}, as found (lower bound) {percent(i.raw)}",
        ),
        page.says(
            "组成|算式|推算人数|查实人数", "part|arithmetic|persons, expanded|persons, found"
        ).split("|"),
        shown,
        clause=page.plan.indicators.composite_incidence.clause,
    )


def _persons(
    page: Page, expanded: Fraction | None, *, most: Fraction | int, least: Fraction | int = 0
) -> float | str:
    """Return expanded persons; where they are not estimable, all that they can be."""
    if expanded is not None:
        return round(float(expanded), 1)
    between = f"{float(least):,.1f} – {float(most):,.1f}"
    return page.says("不能估计，", "not estimable, ") + between


def rates_picture(
    page: Page,
    judgements: Mapping[str, Judgement],
    assurance: Mapping[str, Assurance],
    *,
    title: str = "",
) -> Picture:
    """Return a picture of the four figures with intervals against their limits."""
    figure, axes = canvas(9, 4.4, rows=4)
    for axis, (name, j) in zip(axes, judgements.items(), strict=True):
        limit = 100 * float(j.limit)
        sure = assurance.get(name)
        low, high = (
            100 * float(end) for end in ((sure.low, sure.high) if sure else (j.least, j.most))
        )
        above = j.must_be in (Bound.ABOVE, Bound.AT_LEAST)
        left, right = (min(80, low - 2), 100) if above else (0, max(limit * 1.6, high * 1.15))
        axis.axvspan(*((left, limit) if above else (limit, right)), color="#FBE3D6", lw=0)
        axis.axvline(limit, color="black", lw=1.4)
        axis.plot([low, high], [0, 0], color=GREY, lw=3, solid_capstyle="butt")
        if sure and sure.value is not None:
            axis.plot(100 * sure.value, 0, "|", color=GREY, ms=13, mew=2.5)
            axis.plot(100 * sure.bound, 0, "<" if above else ">", color=GREY, ms=7)
        if j.value is not None:
            axis.plot(100 * float(j.value), 0, "o", ms=9, color=BLUE if j.kept else RED)
        axis.set_title(_picture_title(page, name, j, sure), fontsize=9.5)
        axis.set_xlim(left, right)
        axis.set_ylim(-1, 1)
        axis.set_yticks([])
        axis.tick_params(labelsize=8)
        axis.grid(visible=False, axis="y")
    axes[-1].set_xlabel("%")
    return finish(
        page,
        figure,
        title=title or page.says("四项指标是否达标？", "Are the four indicators kept?"),
        note=page.says(
            "圆点为判定数值（不加权）；灰线为加权值和95%区间，三角为95%单侧界；黑线为限值，橙底为不达标；三（一）（二）",
            "dot: deciding figure (unweighted); grey: weighted figure with 95 % interval, triangle: one-sided "
            "bound; black: limit; orange: not kept; 三（一）（二）",
        ),
    )


def _picture_title(page: Page, name: str, j: Judgement, sure: Assurance | None) -> str:
    """Return the figure in words: counts, rule, and the bound in numbers."""
    if j.value is None:
        words = f"{name_of(page, name)}  {figure_text(page, j)}"
        return words + page.says(f"，要求{rule_text(page, j)}", f", required {rule_text(page, j)}")
    words = f"{name_of(page, name)}  {percent(j.value)} = {counted(j.numerator, j.denominator)}"
    words += page.says(f"，要求{rule_text(page, j)}", f", required {rule_text(page, j)}")
    if sure is None:
        return words
    side = "≥" if j.must_be in (Bound.ABOVE, Bound.AT_LEAST) else "≤"
    known = page.says(*KEPT[None][:2]) if sure.value is None else percent(sure.value)
    return words + page.says(
        f"；加权 {known}，{percent(sure.level, digits=0)}单侧界 {side} {percent(sure.bound)}",
        f"; weighted {known}, {percent(sure.level, digits=0)} bound {side} {percent(sure.bound)}",
    )


@waits
def picture(page: Page, record: Indicators) -> Picture:
    """Return the picture of the first round's indicators."""
    return rates_picture(page, record.official.judgements, record.assurance)


def _share_text(page: Page, counts: Counts) -> str:
    """Return a share in the other unit, with its counts."""
    share = counts.share
    words = page.says("不能估计", "not estimable") if share is None else percent(share)
    return f"{words}（{counted(counts.numerator, counts.denominator)}）"


@waits
def counts_table(page: Page, record: Indicators) -> Shown:
    """Return both units of every figure, its rule of counting, and what open cases would change."""
    rows: list[tuple[str | None, ...]] = []
    for name, j in record.official.judgements.items():
        other = record.other_unit.get(name)
        k = record.with_open.judgements[name]
        own = figure_text(page, j)
        beside = _share_text(page, other) if other else None
        persons, households = (beside, own) if name == "recognition_rate" else (own, beside)
        rows.append(
            (
                name_of(page, name),
                persons,
                households,
                page.says(*COUNTED[name]),
                figure_text(page, k),
            )
        )
    rows.append(
        (
            page.says("结论", "decision"),
            None,
            decided(page, record.official.decision, record.official.judgements),
            page.says("只计核实的问题", "verified cases only"),
            decided(page, record.with_open.decision, record.with_open.judgements),
        )
    )
    return table(
        page,
        page.says(
            "按人、按户的分子与分母及口径；计入未结问题后的数值",
            "Numerators and denominators in persons and households; figures with open cases counted",
        ),
        page.says(
            "指标|按人|按户|口径|计入未结问题",
            "indicator|persons|households|what is counted|open cases counted",
        ).split("|"),
        rows,
        clause=page.says("三（一）、三（二）、五（二）", "三（一）, 三（二）, 五（二）"),
    )
