"""The stages of one county, after which notebooks, folders and pages are named."""

from collections.abc import Mapping

from auditlib.language import Words

STAGES: Mapping[str, Words] = {
    "sampling": Words("抽样", "sampling"),
    "fieldwork": Words("实地调查", "field work"),
    "findings": Words("问题核实", "findings"),
    "indicators": Words("指标", "indicators"),
    "checks": Words("检查", "checks"),
    "procedure": Words("程序与纪律", "procedure"),
    "rectification": Words("整改复核", "rectification"),
    "report": Words("评估报告", "report"),
}
"""The stages of one county in their order; notebooks and folders carry the number as well."""


def numbered(stage: str) -> str:
    """Return the name of a stage's notebook, folder and page, `04_indicators`."""
    return f"{list(STAGES).index(stage) + 1:02d}_{stage}"
