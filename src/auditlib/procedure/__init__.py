"""Is every step complete and in time, and what happened against the discipline?"""

from auditlib.procedure.burden import Housekeeping, review_housekeeping
from auditlib.procedure.discipline import Discipline, Standing, review
from auditlib.procedure.notice import NoticeStatus, check_notices, latest_notice
from auditlib.procedure.steps import StepState, StepStatus, follow

__all__ = [
    "Discipline",
    "Housekeeping",
    "NoticeStatus",
    "Standing",
    "StepState",
    "StepStatus",
    "check_notices",
    "follow",
    "latest_notice",
    "review",
    "review_housekeeping",
]
