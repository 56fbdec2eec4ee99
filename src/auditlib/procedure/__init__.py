"""Is every step complete and in time, and what happened against the discipline?"""

from auditlib.procedure.approval import Approved, follow_approval
from auditlib.procedure.burden import Housekeeping, review_housekeeping
from auditlib.procedure.discipline import Discipline, Standing, review
from auditlib.procedure.earlier import Earlier, earlier_results
from auditlib.procedure.evaluator import EvaluatorFile, evaluator_file
from auditlib.procedure.notice import (
    NoticeStatus,
    check_notices,
    latest_notice,
    report_hindrance,
)
from auditlib.procedure.readiness import Paper, readiness
from auditlib.procedure.spot_check import draw_spot_check, spot_check_size
from auditlib.procedure.steps import StepState, StepStatus, field_days, follow

__all__ = [
    "Approved",
    "Discipline",
    "Earlier",
    "EvaluatorFile",
    "Housekeeping",
    "NoticeStatus",
    "Paper",
    "Standing",
    "StepState",
    "StepStatus",
    "check_notices",
    "draw_spot_check",
    "earlier_results",
    "evaluator_file",
    "field_days",
    "follow",
    "follow_approval",
    "latest_notice",
    "readiness",
    "report_hindrance",
    "review",
    "review_housekeeping",
    "spot_check_size",
]
