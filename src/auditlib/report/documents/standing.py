"""The first thing on every paper of a county: its conclusion, and what makes it less than sure."""

from auditlib.indicators.assurance import Surety
from auditlib.report.cases import signed_run
from auditlib.report.county import STANDPOINTS, not_final
from auditlib.report.documents.blocks import Facts
from auditlib.report.documents.dossier import Dossier
from auditlib.report.indicators import decided, figure_text, name_of
from auditlib.report.page import Page
from auditlib.report.procedure import STANDINGS
from auditlib.report.readings import fragility
from auditlib.report.record import CountyReport
from auditlib.report.rectification import OUTCOMES


def standing(file: Dossier) -> Facts:
    """Return conclusion, rounds, open cases, fragility, assurance, and what was changed."""
    page, record = file.page, file.report
    zh, en, tone = STANDPOINTS[record.standpoint]
    rows = [
        (
            page.says("评估对象", "County"),
            f"{page.name[page.language]} {page.county}，{page.class_name.zh}"
            if page.language == "zh"
            else f"{page.name.en} {page.county}, {page.class_name.en}",
            "",
        ),
        (page.says("评估检查结论", "Conclusion"), page.says(zh, en), tone),
    ]
    rows += _figures(page, record)
    rows.append(
        (
            page.says("评估状态", "Standing"),
            page.says(*STANDINGS[record.standing]),
            "" if record.standing == "normal" else "bad",
        )
    )
    altered = file.findings.altered
    rows.append(
        (
            page.says("问题台账", "Case ledger"),
            signed_run(page, file.findings),
            "bad" if altered else "" if file.findings.recorded.signed else "warn",
        )
    )
    if record.quarantined:
        rows.append(
            (
                page.says("隔离数据", "Rows set aside"),
                page.says(
                    f"{record.quarantined}行数据无法使用，未计入",
                    f"{record.quarantined} rows could not be used and are not counted",
                ),
                "warn",
            )
        )
    changed = page.says("；", "; ").join(record.overrides)
    if changed:
        rows.append((page.says("本轮改动的规定", "Rules changed"), changed, "warn"))
    plan = page.plan.plan
    rows.append(
        (
            page.says("依据", "Plan"),
            page.says(
                f"《{plan.title.zh}》（{plan.status.zh}，版本{plan.version}）",
                f"{plan.title.en} ({plan.status.en}, version {plan.version})",
            ),
            "",
        )
    )
    return Facts(tuple((a, b) for a, b, _ in rows), tuple(tone for _, _, tone in rows))


def _figures(page: Page, record: CountyReport) -> list[tuple[str, str, str]]:
    """Return the lines that rest on figures."""
    rows = [
        (page.says("首轮评估", "First round"), decided(page, record.decision, record.first), ""),
        (
            page.says("整改复核", "Rectification"),
            page.says(*OUTCOMES[record.outcome][:2]),
            "",
        ),
    ]
    unsettled = "".join(not_final(page, record))
    words = unsettled or page.says("无", "none")
    rows.append((page.says("未结事项", "Open matters"), words, "warn" if unsettled else ""))
    words = fragility(
        page, combinations=record.combinations, agree=record.agree, flips=record.flips
    )
    rows.append((page.says("读法", "Readings"), words, "warn" if record.flips else ""))
    blank = [name for name, j in record.judgements.items() if j.kept is None]
    if blank:
        words = page.says("；", "; ").join(
            f"{name_of(page, name)} {figure_text(page, record.judgements[name])}" for name in blank
        )
        rows.append((page.says("不能估计", "Not estimable"), words, "warn"))
    weak = [n for n, sure in record.assurance.items() if sure.surety is not Surety.SECURE]
    if weak:
        names = page.says("、", ", ").join(name_of(page, name) for name in weak)
        words = page.says(f"样本不足以保证：{names}", f"not secured by this sample: {names}")
    else:
        words = page.says("四项指标均有把握", "all four indicators are secure")
    rows.append((page.says("样本把握", "Assurance"), words, "warn" if weak else ""))
    return rows
