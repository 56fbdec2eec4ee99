"""The county's own report: seven chapters, a signature, and the annexes.

Whoever reads only the first page reads the conclusion, the open cases and whether
another reading of the plan would decide otherwise.

Source: plan, 六（四）: one report for every county.
"""

from collections.abc import Iterator

from auditlib.indicators.assurance import Assurance, Surety
from auditlib.indicators.verdict import Judgement
from auditlib.report import (
    cases,
    checks,
    county,
    fieldwork,
    findings,
    indicators,
    procedure,
    rectification,
)
from auditlib.report.charts import Picture
from auditlib.report.county import STANDPOINTS
from auditlib.report.documents.annexes import annexes
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
from auditlib.report.documents.dossier import Dossier, day, paper, signing, year_of
from auditlib.report.documents.drawn import how_drawn
from auditlib.report.documents.standing import standing
from auditlib.report.indicators import (
    KEPT,
    SURETIES,
    decided,
    name_of,
    rule_text,
    value_text,
)
from auditlib.report.page import Page, counted, percent
from auditlib.report.readings import readings_table
from auditlib.report.record import Standpoint
from auditlib.report.tables import Shown, table


def county_report(file: Dossier) -> OfficeDocument:
    """Return the county's report."""
    page, year = file.page, year_of(file.params)
    title = page.says(
        f"{page.name.zh}{year}年贫困县退出\n专项评估检查报告",
        f"{page.name.en}: report on the special evaluation\nof the county's exit from poverty, {year}",
    )
    blocks: list[Block] = [*_first_page(file)]
    for chapter in (_work, _conclusion, _figures, _standards, _checks, _order, _advice):
        blocks += chapter(file)
    listed = page.says(
        "附件：1.评估方法；2.样本；3.问题核实的层级；4.各项数字的算式；5.对方案歧义之处的读法。",
        "Annexes: 1. Method; 2. Sample; 3. Cases up the ladder; 4. The arithmetic of every figure; "
        "5. Readings of the plan.",
    )
    blocks.append(Signature(signing(page, file.params.round.evaluator.name), listed))
    blocks += annexes(file)
    return paper(page, file.params.round, title, blocks)


def _first_page(file: Dossier) -> Iterator[Block]:
    page = file.page
    yield standing(file)
    yield Note(
        page.says(
            "评估机构提出建议；拟退出名单由省扶贫开发领导小组审议，退出由省政府批准并公告。",
            "The institution recommends; the leading group settles the list, and the provincial "
            "government approves and announces the exit.",
        )
    )


def _work(file: Dossier) -> Iterator[Block]:
    page, plan, params = file.page, file.page.plan.plan, file.params
    people, round_ = params.county.populations, params.round
    yield Heading(page.says("一、评估检查工作概况", "I. The work"))
    yield Heading(page.says("（一）依据和目的", "1. Basis and purpose"), 2)
    basis = page.says("、", "; ").join(words[page.language] for words in plan.basis.values())
    yield Text(
        page.says(
            f"根据{basis}和《{plan.title.zh}》（{plan.status.zh}，版本{plan.version}，下称《方案》），"
            f"为{plan.purpose.zh}，对{page.name.zh}退出情况开展专项评估检查。《方案》标题称“评估验收”、"
            "正文称“评估检查”，视为同一事项（A02）；正式文本如有不同，以正式文本为准。",
            f"Basis: {basis}; and the {plan.title.en} ({plan.status.en}, version {plan.version}; below: the "
            f"plan). Purpose: to {plan.purpose.en}. The plan's title and text use two names for one thing "
            "(A02); where the final text differs, it holds.",
        )
    )
    yield Heading(page.says("（二）评估对象和评估机构", "2. County and institution"), 2)
    limit = percent(page.limits["composite_incidence"])
    yield Text(
        page.says(
            f"{page.name.zh}为{page.class_name.zh}，农业户籍人口{people.total:,}人，其中建档立卡"
            f"{people.registered:,}人、未建档立卡{people.unregistered:,}人（时点{people.date.isoformat()}，"
            f"来源：{people.source}）；综合贫困发生率限值为{limit}。",
            f"{page.name.en} is a {page.class_name.en} with {people.total:,} agricultural-hukou persons, "
            f"{people.registered:,} registered and {people.unregistered:,} not (on {people.date.isoformat()}; "
            f"source: {people.source}). The limit of the composite incidence is {limit}.",
        )
    )
    yield Text(
        page.says(
            f"评估机构为{round_.evaluator.name}（招标编号{round_.evaluator.tender}，合同编号"
            f"{round_.evaluator.contract}），独立开展评估检查，交通、食宿等费用自理。本报告数据截至{day(page)}。",
            f"The institution is {round_.evaluator.name} (tender {round_.evaluator.tender}, contract "
            f"{round_.evaluator.contract}); it works independently and pays its own way. Data as of {day(page)}.",
        )
    )
    yield Heading(page.says("（三）方法和样本", "3. Method and sample"), 2)
    how, screened = how_drawn(file)
    yield Text(
        page.says(
            f"采取抽样调查、重点抽查、村组普查、座谈访谈相结合的方法，{how[0]}。{screened[0]}抽签前公布抽样框、设计和密码的"
            "摘要，任何人可用公开文件重新抽出同一样本。",
            f"Sample survey, focused checks, screening of whole groups, and interviews. {how[1]}. {screened[1]}"
            "Frame, design and nonce were committed to before the draw: anyone can "
            "draw the same sample again.",
        )
    )
    yield from shown(fieldwork.reach_table(page, file.fieldwork))
    yield from texts(fieldwork.summary(page, file.fieldwork))


def _conclusion(file: Dossier) -> Iterator[Block]:
    page, record = file.page, file.report
    yield Heading(page.says("二、评估检查结论", "II. Conclusion"))
    zh, en, _ = STANDPOINTS[record.standpoint]
    yield Text(page.says(f"评估检查结论：{zh}。", f"Conclusion: {en}."))
    yield Grid(verdicts(file))
    first = decided(page, record.decision, record.first)
    yield Text(
        page.says(
            f"首轮评估：{first}。整改复核：{rectification.OUTCOMES[record.outcome][0]}。",
            f"First round: {first}. Rectification: {rectification.OUTCOMES[record.outcome][1]}.",
        )
    )
    slip = page.plan.plan.corrections["six_five"]
    yield Text(
        page.says(
            f"《方案》{slip.clause}原文“{slip.printed}”中的“低于”与三（一）“高于…不得退出”矛盾，属笔误，按“高于”"
            f"执行（{slip.reading}）。",
            f'The plan\'s {slip.clause} prints "低于" (lower) against III(1), a slip of the pen; it is read as '
            f'"高于" (higher), {slip.reading}.',
        )
    )
    yield Figure(
        county.picture(page, record),
        page.says("据以认定的四项指标", "The four figures that decide"),
    )


def verdicts(file: Dossier) -> Shown:
    """Return the deciding figures: arithmetic, limit, result, interval, assurance."""
    page, record = file.page, file.report
    rows = []
    for name, j in record.judgements.items():
        sure = record.assurance[name]
        rows.append(
            (
                name_of(page, name),
                counted(j.numerator, j.denominator),
                value_text(page, j),
                rule_text(page, j),
                page.says(*KEPT[j.kept][:2]),
                f"{percent(sure.low)} – {percent(sure.high)}",
            )
        )
    return table(
        page,
        page.says("四项指标", "The four indicators"),
        page.says(
            "指标|分子 / 分母|数值|要求|结果|95%区间（加权）",
            "indicator|numerator / denominator|figure|required|result|95 % interval (weighted)",
        ).split("|"),
        rows,
        clause="三（一）（二）",
        marks=[(i, 4, KEPT[j.kept][2]) for i, j in enumerate(record.judgements.values())],
    )


def _figures(file: Dossier) -> Iterator[Block]:
    page = file.page
    yield Heading(page.says("三、主要指标和参考指标", "III. Main and reference indicators"))
    if file.rectification.recheck:
        yield Text(
            page.says(
                "以下为首轮评估的数值；复核的数值见第六章。",
                "The figures of the first round; those of the re-check are in chapter VI.",
            )
        )
    found = file.indicators
    for number, (name, j) in enumerate(found.official.judgements.items()):
        yield Heading(f"{_ORDINALS[page.language][number]}{name_of(page, name)}", 2)
        yield Text(_figure(page, found.assurance[name], j))
        if name == "composite_incidence":
            yield from shown(indicators.incidence_table(page, found))
    yield Heading(
        _ORDINALS[page.language][4] + page.says("把握和读法", "Assurance and readings"), 2
    )
    yield Text(indicators.margin(page, found))
    yield from shown(readings_table(page, found))
    told = county.operating_picture(page, file.report)
    if isinstance(told, Picture):
        yield Figure(told, page.says("样本的分辨力", "What this sample can tell"))
    else:
        yield from texts(told)


_ORDINALS = {
    "zh": ("（一）", "（二）", "（三）", "（四）", "（五）", "（六）"),
    "en": ("1. ", "2. ", "3. ", "4. ", "5. ", "6. "),
}


def _figure(page: Page, sure: Assurance, j: Judgement) -> str:
    """Return one figure in words: formula, limit, result, interval, bound and assurance."""
    rule = dict(page.plan.indicators.items())[j.indicator]
    upper = rule.must_be in ("below", "at most")
    if j.value is None:
        return _not_estimable(page, sure, j)
    zh, en, _ = SURETIES[sure.surety]
    weak = sure.surety is Surety.NOT_SECURED
    return page.says(
        f"{rule.formula.zh}＝{counted(j.numerator, j.denominator)}＝{percent(j.value)}；要求{rule_text(page, j)}，"
        f"{'达标' if j.kept else '未达标'}（{j.clause}）。加权值{percent(sure.value)}，95%区间"
        f"{percent(sure.low)}–{percent(sure.high)}，单侧95%{'上' if upper else '下'}界{percent(sure.bound)}；{zh}"
        f"{'，判定仍以方案公式的点估计为准' if weak else ''}。",
        f"{rule.formula.en} = {counted(j.numerator, j.denominator)} = {percent(j.value)}; required: "
        f"{rule_text(page, j)}; {'kept' if j.kept else 'not kept'} ({j.clause}). Weighted "
        f"{percent(sure.value)}, 95 % interval {percent(sure.low)} to {percent(sure.high)}, one-sided "
        f"{'upper' if upper else 'lower'} bound {percent(sure.bound)}: {en}"
        f"{'; the point estimate of the formula decides all the same' if weak else ''}.",
    )


def _not_estimable(page: Page, sure: Assurance, j: Judgement) -> str:
    """Say of one figure that it is not estimable, what it can be, and what follows."""
    rule = dict(page.plan.indicators.items())[j.indicator]
    counts, between = counted(j.numerator, j.denominator), value_text(page, j)
    zh, en, _ = KEPT[j.kept]
    judged = (
        ("既不认定达标，也不认定未达标", "neither kept nor broken")
        if j.kept is None
        else (f"无论如何{zh}", f"{en} in any case")
    )
    return page.says(
        f"{rule.formula.zh}＝{counts}：{between}；要求{rule_text(page, j)}，{judged[0]}（{j.clause}）。"
        f"95%区间{percent(sure.low)}–{percent(sure.high)}。",
        f"{rule.formula.en} = {counts}: {between}; required: {rule_text(page, j)}; {judged[1]} ({j.clause}). "
        f"95 % interval {percent(sure.low)} to {percent(sure.high)}.",
    )


def _standards(file: Dossier) -> Iterator[Block]:
    page = file.page
    yield Heading(page.says("四、“两不愁、三保障”情况", "IV. Two no-worries, three guarantees"))
    yield from texts(findings.summary(page, file.findings))
    yield from shown(findings.standard_table(page, file.findings))
    yield Note(
        page.says(
            "疑似问题逐一核实后才计入指标；缺证据不等于有问题（A22）。",
            "Only verified cases count; missing evidence is not a problem (A22).",
        )
    )
    picture = findings.standard_picture(page, file.findings)
    if isinstance(picture, Picture):
        words = page.says(
            "疑似问题和缺证据，按标准", "Suspected problems and missing evidence by standard"
        )
        yield Figure(picture, words)
    yield from shown(cases.case_table(page, file.findings))
    if file.findings.open_cases:
        yield from shown(cases.open_table(page, file.findings))


def _checks(file: Dossier) -> Iterator[Block]:
    page, record = file.page, file.checks
    o = _ORDINALS[page.language]
    yield Heading(
        page.says(
            "五、部署、政策、设施服务和后续帮扶", "V. Deployment, policies, services, follow-up"
        )
    )
    yield from texts(checks.summary(page, record))
    yield Heading(o[0] + page.says("脱贫攻坚部署和后续帮扶", "Deployment and follow-up"), 2)
    yield from shown(checks.document_table(page, record))
    yield from shown(checks.leader_table(page, record))
    yield from shown(checks.input_table(page, record))
    yield Heading(o[1] + page.says("重大政策措施落实", "Policies in effect"), 2)
    yield from shown(checks.policy_table(page, record))
    yield Heading(o[2] + page.says("基础设施和公共服务", "Infrastructure and public services"), 2)
    yield Figure(
        checks.village_picture(page, record),
        page.says("贫困村设施和服务前后对比", "Villages before and after"),
    )
    yield from shown(checks.service_table(page, record))
    yield Heading(o[3] + page.says("座谈访谈", "Interviews"), 2)
    yield from shown(checks.interview_table(page, record))


def _order(file: Dossier) -> Iterator[Block]:
    page, mended = file.page, file.rectification
    o = _ORDINALS[page.language]
    yield Heading(
        page.says("六、程序、评估纪律和整改复核", "VI. Procedure, discipline, rectification")
    )
    yield Heading(o[0] + page.says("程序", "Procedure"), 2)
    yield from texts(procedure.summary(page, file.procedure))
    yield from shown(procedure.step_table(page, file.procedure), 0, 1, 3, 4, 5, 6)
    yield Heading(o[1] + page.says("评估纪律", "Discipline"), 2)
    yield from shown(procedure.discipline_table(page, file.procedure))
    yield Heading(o[2] + page.says("整改复核", "Rectification and re-check"), 2)
    yield from texts(rectification.outcome(page, mended))
    if mended.orders:
        yield from shown(rectification.order_table(page, mended))
    if mended.recheck:
        yield from shown(rectification.recheck_table(page, mended), 0, 2, 3, 4, 5, 6)
        yield from texts(rectification.overlap(page, mended))
        yield Figure(
            rectification.picture(page, mended),
            page.says("首轮与复核", "First round and re-check"),
        )


_ADVICE = {
    Standpoint.PROPOSED: (
        "建议省扶贫开发领导小组将该县列入拟退出贫困县名单，公示（不少于{days}个工作日，公布当日不计）无异议后按"
        "程序报告、接受国家抽查和公告退出。",
        "Put the county on the list proposed for exit; public notice ({days} working days at least, the first "
        "day not counted), report, national spot check and announcement follow.",
    ),
    Standpoint.RECTIFYING: (
        "对未达标的参考指标和突出问题限期整改（不晚于{latest}），整改后用新种子重新抽样复核；复核通过前不列入拟退出名单。",
        "Rectify by {latest} what is not kept, and re-check with a fresh sample; until it passes the county is "
        "not on the list.",
    ),
    Standpoint.NOT_THIS_YEAR: (
        "建议当年不予退出，由县核查整改（六（八））。",
        "No exit this year; the county investigates and rectifies (六（八）).",
    ),
    Standpoint.UNDECIDED: (
        "先结清未结问题，再作结论；结清前不列入任何名单。",
        "Settle the open cases before anything is concluded; until then the county is on no list.",
    ),
}


_COMPLETE = (
    "先补齐不能估计的指标所缺的调查：按备选名单顺序补访，或择日复访；补齐前不作结论。",
    "First complete the visits that the figures not estimable want, from the reserves in their order or by "
    "calling again; until then nothing is concluded.",
)


def _advice(file: Dossier) -> Iterator[Block]:
    page, plan = file.page, file.page.plan
    yield Heading(page.says("七、存在问题和建议", "VII. Problems and recommendations"))
    yield Heading(page.says("（一）存在问题", "1. Problems"), 2)
    stands = county.reasons(page, file.report)
    yield from shown(stands)
    yield from shown(checks.problem_table(page, file.checks))
    yield Text(
        page.says(
            "各级核实的结果见第四章和附件3。",
            "Chapter IV and annex 3 have the cases as they were settled.",
        )
    )
    yield Heading(page.says("（二）建议", "2. Recommendations"), 2)
    zh, en = _ADVICE[file.report.standpoint]
    if any(reason.kind == "not_estimable" for reason in file.report.reasons):
        zh, en = _COMPLETE[0] + zh, f"{_COMPLETE[1]} {en}"
    values = {
        "days": plan.notice.working_days,
        "latest": plan.rectification.latest.isoformat(),
    }
    yield Text(page.says("1.", "(1) ") + page.says(zh, en).format(**values))
    yield Text(
        page.says(
            "2.退出后责任、政策、帮扶、监管“四个不摘”，对收入略高于标准的"
            f"{sum(near.households for near in file.findings.near_line)}户脱贫户跟踪监测（七（六））。",
            "(2) After the exit responsibility, policies, assistance and supervision stay; the "
            f"{sum(near.households for near in file.findings.near_line)} lifted households just above the line are followed up (七（六）).",
        )
    )
