"""The papers of one county: report and result sheet as Word files, annexes as a workbook.

They leave the team: small cells are hidden in them, and no case is listed.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from auditlib.pipeline.audit import Audit
from auditlib.pipeline.store import Result
from auditlib.report.documents import docx_bytes
from auditlib.report.documents.county import county_report
from auditlib.report.documents.dossier import Dossier
from auditlib.report.documents.sheet import result_sheet
from auditlib.report.documents.waiting import waiting
from auditlib.report.documents.workbook import annex_workbook
from auditlib.report.page import Awaiting

STAGES = (
    "sampling",
    "fieldwork",
    "findings",
    "indicators",
    "checks",
    "procedure",
    "rectification",
)


def papers(
    audit: Audit, reported: Result[Any], result: Callable[[str], Result[Any]]
) -> dict[str, bytes]:
    """Return the papers of a county by file name.

    Parameters
    ----------
    audit
        The county.
    reported
        Result of the stage `report`, or what stands in its place.
    result
        Gives the result of an earlier stage by its name.
    """
    if isinstance(reported.record, Awaiting):
        return {
            name: docx_bytes(waiting(audit.page, audit.params, reported.record, sheet=sheet))
            for name, sheet in (("report.docx", False), ("result_sheet.docx", True))
        }
    file = Dossier(
        page=replace(audit.page, public=True),
        params=audit.params,
        **{name: result(name).record for name in STAGES},
        report=reported.record,
    )
    return {
        "report.docx": docx_bytes(county_report(file)),
        "result_sheet.docx": docx_bytes(result_sheet(file)),
        "annexes.xlsx": annex_workbook(file),
    }
