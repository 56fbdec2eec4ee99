"""How well the field work was done: checks, interviewers, back-checks, likeness, progress.

A flag is a question to the team, never a result by itself.
"""

from auditlib.fieldwork.quality.answers import (
    Likeness,
    expected_identical,
    identical_answers,
    likeness,
)
from auditlib.fieldwork.quality.backchecks import BackcheckRate, Backchecks, compare_backchecks
from auditlib.fieldwork.quality.checks import (
    DERIVED,
    CheckResult,
    Flag,
    QualityCheck,
    derive,
    run_checks,
)
from auditlib.fieldwork.quality.interviewers import (
    EnumeratorWork,
    InterviewerEffect,
    compare_enumerators,
    control_limits,
    interviewer_effect,
)
from auditlib.fieldwork.quality.progress import Progress, count_progress
from auditlib.fieldwork.quality.timing import TIMED, time_questions, time_visits
from auditlib.fieldwork.quality.variables import describe

__all__ = [
    "DERIVED",
    "TIMED",
    "BackcheckRate",
    "Backchecks",
    "CheckResult",
    "EnumeratorWork",
    "Flag",
    "InterviewerEffect",
    "Likeness",
    "Progress",
    "QualityCheck",
    "compare_backchecks",
    "compare_enumerators",
    "control_limits",
    "count_progress",
    "derive",
    "describe",
    "expected_identical",
    "identical_answers",
    "interviewer_effect",
    "likeness",
    "run_checks",
    "time_questions",
    "time_visits",
]
