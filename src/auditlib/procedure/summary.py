"""The record of the stage `procedure`."""

from dataclasses import dataclass
from datetime import date

from auditlib.procedure.approval import Approved
from auditlib.procedure.burden import Housekeeping
from auditlib.procedure.discipline import Discipline
from auditlib.procedure.earlier import Earlier
from auditlib.procedure.evaluator import EvaluatorFile
from auditlib.procedure.notice import NoticeStatus
from auditlib.procedure.readiness import Paper
from auditlib.procedure.steps import StepStatus


@dataclass(frozen=True)
class Procedure:
    """Record of the stage: steps, notices, discipline, the evaluator's own duties.

    Attributes
    ----------
    latest_notice
        Last day on which the public notice can be published.
    hindrance
        What keeps the report to the State Council office back; empty if nothing does.
    field_days
        Working days from the first day in the field to the evaluation's deadline.
    earlier
        What county and city found before, and the registry's own figure.
    first_responsible
        Posts of the county's first responsible persons.
    readiness
        Every document of the plan's lists, as the spot check will ask for it.
    unknown_years
        Years whose holidays the calendar does not know.
    """

    version: int
    as_of: date
    reading: str
    level: str
    steps: tuple[StepStatus, ...]
    notices: tuple[NoticeStatus, ...]
    latest_notice: date
    hindrance: str
    approval: Approved
    field_days: int
    earlier: tuple[Earlier, ...]
    evaluator: EvaluatorFile
    first_responsible: tuple[str, ...]
    readiness: tuple[Paper, ...]
    discipline: Discipline
    housekeeping: Housekeeping
    unknown_years: tuple[int, ...]
