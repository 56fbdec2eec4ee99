"""The county's own report and result sheet, as tables and sentences."""

from auditlib.plan import Reading
from auditlib.report.charts import BLUE, ORANGE, Picture, canvas, drawn_once, finish
from auditlib.report.indicators import (
    KEPT,
    decided,
    figure_text,
    name_of,
    rates_picture,
    rule_text,
    value_text,
)
from auditlib.report.page import Page, Sentence, counted, say, waits
from auditlib.report.procedure import STANDINGS
from auditlib.report.readings import fragility
from auditlib.report.record import CountyReport, Reason, Standpoint
from auditlib.report.rectification import OUTCOMES, problem_name
from auditlib.report.tables import Shown, table
from auditlib.sampling.design import DIRECT

STANDPOINTS = {
    Standpoint.PROPOSED: ("拟退出", "proposed for exit", "good"),
    Standpoint.RECTIFYING: ("整改复核中", "in rectification", "warn"),
    Standpoint.NOT_THIS_YEAR: ("建议当年不予退出", "recommended not to exit this year", "bad"),
    Standpoint.UNDECIDED: ("未定", "undecided", "warn"),
    Standpoint.NO_RESULT: ("不出结果", "no result", "bad"),
    Standpoint.AWAITING: ("等待实地调查", "awaiting field work", ""),
}


@waits
def conclusion(page: Page, record: CountyReport) -> Sentence:
    """Return the conclusion of the report's first page."""
    zh, en, tone = STANDPOINTS[record.standpoint]
    plan = page.plan.plan
    lines = [
        page.says(f"结论：{zh}。", f"Conclusion: {en}."),
        page.says("首轮：", "First round: ")
        + decided(page, record.decision, record.first)
        + page.says("；整改复核：", "; rectification: ")
        + page.says(*OUTCOMES[record.outcome][:2])
        + page.says("；评估状态：", "; standing: ")
        + page.says(*STANDINGS[record.standing])
        + page.says("。", "."),
        page.says(
            f"依据：{plan.title.zh}（{plan.status.zh}，版本{plan.version}）；"
            + "；".join(words.zh for words in plan.basis.values()),
            f"Basis: {plan.title.en} ({plan.status.en}, version {plan.version}); "
            + "; ".join(words.en for words in plan.basis.values()),
        ),
    ]
    lines.append(page.says(f"目的：{plan.purpose.zh}。", f"Purpose: {plan.purpose.en}."))
    lines.append(
        fragility(page, combinations=record.combinations, agree=record.agree, flips=record.flips)
    )
    lines += not_final(page, record)
    if record.quarantined:
        lines.append(
            page.says(
                f"有 {record.quarantined} 行数据被隔离，未计入。",
                f"{record.quarantined} rows are set aside and not counted.",
            )
        )
    lines += [page.says(f"本轮改动：{r}", f"Changed for this round: {r}") for r in record.overrides]
    lines += [note.says(page.language) for note in record.inference]
    return say(*lines, tone=tone)


UNSETTLED = {
    "open_cases": ("未结问题 {} 个", "{} open cases"),
    "recheck_open": ("复核中有未结问题", "open cases of the re-check"),
    "appealed": ("未答复的县方申诉 {} 件", "{} unanswered appeals of the county"),
    "refused": ("不合核实程序的环节 {} 个", "{} events that break the ladder's rules"),
    "altered": ("台账中被改动的过去环节 {} 个", "{} altered past events of the ledger"),
}


def not_final(page: Page, record: CountyReport) -> list[str]:
    """Say that the report is not final, why, and what the figures are either way."""
    if record.final:
        return []
    why = page.says("、", ", ").join(
        page.says(*UNSETTLED[name]).format(number) for name, number in record.unsettled.items()
    )
    lines = [
        page.says(
            f"非最终报告：{why}；全部结清后方可定稿（五（二），A39）。",
            f"Not final: {why}; the report is final when all are settled (五（二）, A39).",
        )
    ]
    for name, kept in record.judgements.items():
        other = record.with_open[name]
        if other.numerator == kept.numerator:
            continue
        results = [page.says(*KEPT[j.kept][:2]) for j in (kept, other)]
        lines.append(
            page.says(
                f"{name_of(page, name)}：只计核实 {value_text(page, kept)}"
                f"（{counted(kept.numerator, kept.denominator)}，{results[0]}），"
                f"计入未结 {value_text(page, other)}"
                f"（{counted(other.numerator, other.denominator)}，{results[1]}）。",
                f"{name_of(page, name)}: verified only {value_text(page, kept)} "
                f"({counted(kept.numerator, kept.denominator)}, {results[0]}), with open cases "
                f"{value_text(page, other)} ({counted(other.numerator, other.denominator)}, {results[1]}).",
            )
        )
    return lines


@waits
def result_sheet(page: Page, record: CountyReport) -> Shown:
    """Return the result sheet: first round and deciding figures side by side."""
    rows = []
    for name, j in record.judgements.items():
        first = record.first[name]
        rows.append(
            (
                name_of(page, name),
                j.clause,
                rule_text(page, j),
                figure_text(page, first, record.first_assurance.get(name)),
                page.says(*KEPT[first.kept][:2]),
                figure_text(page, j, record.assurance.get(name)),
                page.says(*KEPT[j.kept][:2]),
            )
        )
    return table(
        page,
        page.says("评估检查结果", "Result sheet"),
        page.says(
            "指标|条款|要求|首轮|首轮结果|据以认定|认定结果",
            "indicator|clause|required|first round|result|deciding|result",
        ).split("|"),
        rows,
        marks=[(i, 6, KEPT[j.kept][2]) for i, j in enumerate(record.judgements.values())],
    )


@waits
def reasons(page: Page, record: CountyReport) -> Shown | Sentence:
    """Return every reason that stands against exit."""
    if not record.reasons:
        return say(
            page.says("没有不予退出的理由。", "Nothing stands against the exit."), tone="good"
        )
    blank = any(reason.kind == "not_estimable" for reason in record.reasons)
    return table(
        page,
        page.says(
            "未达标和不能估计的事项" if blank else "未达标事项", "What stands against the exit"
        ),
        page.says("类别|事项", "kind|subject").split("|"),
        [_reason(page, r) for r in record.reasons],
        marks=[
            (i, 1, "warn" if r.kind == "not_estimable" else "bad")
            for i, r in enumerate(record.reasons)
        ],
    )


def _reason(page: Page, reason: Reason) -> tuple[str, str]:
    if reason.kind == "discipline":
        return page.says("纪律", "discipline"), page.says(*STANDINGS[reason.subject])
    return page.says(*KINDS[reason.kind]), problem_name(page, reason.subject)


KINDS = {
    "indicator": ("指标", "indicator"),
    "not_estimable": ("指标不能估计", "indicator not estimable"),
    "prominent": ("突出问题", "prominent problem"),
}


@waits
def readings_table(page: Page, record: CountyReport) -> Shown:
    """Return every ambiguity of the plan with the reading taken."""
    return table(
        page,
        page.says("对方案歧义之处的读法", "Readings of the plan's ambiguities"),
        page.says("编号|问题|采用的读法", "no.|question|reading taken").split("|"),
        [
            (name, r.about[page.language], _taken(page, r, record.readings.get(r.switch)))
            for name, r in page.plan.readings.items()
        ],
    )


def _taken(page: Page, reading: Reading, option: str | None) -> str:
    """Return the reading taken: the plan file's, or the one that the round set instead."""
    usual = reading.taken_as[page.language]
    if option is None:
        return usual
    other = reading.options[option]
    return page.says(
        f"本轮改用：{other.zh}（通常：{usual}）", f"this round: {other.en} (else: {usual})"
    )


@waits
@drawn_once
def picture(page: Page, record: CountyReport) -> Picture:
    """Return the picture of the deciding figures."""
    return rates_picture(
        page,
        record.judgements,
        record.assurance,
        title=page.says("据以认定的四项指标", "The four figures that decide"),
    )


@waits
@drawn_once
def operating_picture(page: Page, record: CountyReport) -> Picture | Sentence:
    """Return a picture of the chance to pass, by the true wrong-exit rate."""
    o = record.operating
    if not o.rates:
        wrong = record.first["wrong_exit_rate"]
        counts = counted(wrong.numerator, wrong.denominator)
        return say(
            page.says(
                f"错退率不能估计（{counts}；{wrong.clause}），样本分不清好坏。",
                f"The wrong-exit rate is not estimable ({counts}; {wrong.clause}): this sample cannot tell "
                "good from bad.",
            ),
            tone="warn",
        )
    limit = 100 * float(page.limits["wrong_exit_rate"])
    how = f"村内相关 {o.correlation:g}", f"correlation in a village {o.correlation:g}"
    if record.readings.get("draw") == DIRECT:
        how = "全县直抽，村不起作用", "drawn directly: villages play no part"
    figure, (axis,) = canvas(9, 3.8)
    rates = [100 * rate for rate in o.rates]
    axis.plot(
        rates,
        [100 * c for c in o.point],
        color=BLUE,
        lw=2,
        label=page.says("点估计规则（方案）", "point rule (plan)"),
    )
    axis.plot(
        rates,
        [100 * c for c in o.bound],
        color=ORANGE,
        lw=2,
        ls="--",
        label=page.says("单侧界规则（更严）", "bound rule (stricter)"),
    )
    axis.axvline(limit, color="black", lw=1.4)
    axis.set_xlabel(page.says("真实错退率（按户，%）", "true wrong-exit rate (households, %)"))
    axis.set_ylabel(page.says("通过的可能（%）", "chance to pass (%)"))
    axis.set_ylim(0, 102)
    axis.legend(loc="upper right", fontsize=9)
    return finish(
        page,
        figure,
        title=page.says(
            "这样的样本分得清好坏吗？", "How well does this sample tell good from bad?"
        ),
        note=page.says(
            f"n = {o.households}户 {o.persons}人、{o.villages}个村，整户错退，{how[0]}；"
            f"黑线为限值 {limit:g} %；三（二）1、四（一）",
            f"n = {o.persons} persons of {o.households} households in {o.villages} villages, whole households wrong, "
            f"{how[1]}; black: limit {limit:g} %; 三（二）1、四（一）",
        ),
    )
