"""The papers of a county without a result: they say so, and why."""

from auditlib.params import Params
from auditlib.report.documents.blocks import Facts, OfficeDocument, Text, texts
from auditlib.report.documents.dossier import paper, year_of
from auditlib.report.page import Awaiting, Page

CONCLUSIONS = {
    "terminated": ("不出结果", "no result", "bad"),
    "vetoed": ("一票否决，当年不予退出", "vetoed: no exit this year", "bad"),
}
"""Conclusions of evaluations that have ended; the others wait."""

NOTES = {
    "terminated": (
        "终止不等于不达标：不公布任何指标结果，也不作任何推断。是否重新评估由省扶贫开发领导小组决定。",
        "Terminated is not the same as failed: no figure is published and nothing is inferred. The "
        "leading group decides whether the county is evaluated anew.",
    ),
    "vetoed": (
        "一票否决由省扶贫开发领导小组决定，优先于一切指标；不公布任何指标结果（五（四））。",
        "The veto is the leading group's decision and overrides every indicator; no figure is published.",
    ),
}
YET = ("尚无结果", "no result yet", "warn")
NOT_YET = (
    "实地调查完成、数据核实之前不出具报告和结果，也不作任何推断。",
    "Before the field work is done and verified there is neither report nor result, and nothing is inferred.",
)


def waiting(page: Page, params: Params, record: Awaiting, *, sheet: bool) -> OfficeDocument:
    """Return report or result sheet of a county that waits, or was terminated or vetoed."""
    year = year_of(params)
    kind = page.says("结果", "result") if sheet else page.says("报告", "report")
    title = page.says(
        f"{page.name.zh}{year}年贫困县退出\n专项评估检查{kind}",
        f"{page.name.en}: {kind} of the special evaluation\nof the county's exit from poverty, {year}",
    )
    zh, en, tone = CONCLUSIONS.get(record.reason, YET)
    facts = Facts(
        (
            (page.says("评估对象", "County"), f"{page.name[page.language]} {page.county}"),
            (page.says("评估检查结论", "Conclusion"), page.says(zh, en)),
        ),
        ("", tone),
    )
    note = Text(page.says(*NOTES.get(record.reason, NOT_YET)))
    return paper(page, params.round, title, [facts, *texts(record.says(page)), note])
