"""The record of the stage `procedure`."""

from dataclasses import dataclass
from datetime import date

from auditlib.procedure.burden import Housekeeping
from auditlib.procedure.discipline import Discipline
from auditlib.procedure.notice import NoticeStatus
from auditlib.procedure.steps import StepStatus


@dataclass(frozen=True)
class Procedure:
    """Record of the stage: steps, notices, discipline, the evaluator's own duties.

    `latest_notice` is the last day on which the public notice can be published;
    `unknown_years` are years whose holidays the calendar does not know.
    """

    version: int
    as_of: date
    reading: str
    steps: tuple[StepStatus, ...]
    notices: tuple[NoticeStatus, ...]
    latest_notice: date
    discipline: Discipline
    housekeeping: Housekeeping
    unknown_years: tuple[int, ...]
