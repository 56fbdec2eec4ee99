"""The record of the stage `report`: what the county's report and result sheet say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from auditlib.checks.severity import Problem
from auditlib.fieldwork.reach import Reach
from auditlib.findings.summary import CaseCount
from auditlib.indicators.assurance import Assurance, Operating
from auditlib.indicators.readings import Flip
from auditlib.indicators.verdict import Decision, Judgement
from auditlib.language import Words
from auditlib.procedure.discipline import Standing
from auditlib.procedure.steps import StepState
from auditlib.rectification.summary import Outcome
from auditlib.sampling.notes import Note


class Standpoint(StrEnum):
    """Where a county stands at the end: the list it belongs to."""

    PROPOSED = "proposed"
    RECTIFYING = "rectifying"
    NOT_THIS_YEAR = "not_this_year"
    UNDECIDED = "undecided"
    NO_RESULT = "no_result"
    AWAITING = "awaiting"


@dataclass(frozen=True)
class Reason:
    """One reason for the result: an indicator (not kept, or not estimable), a problem, an event."""

    kind: str
    subject: str


@dataclass(frozen=True)
class CountyReport:
    """Record of the stage: the county's own result.

    `judgements` are those that decide: the re-check's where there was one, else the
    first round's; `first` are the first round's in any case. `with_open` are those
    that decide with every open case counted. The report is final only if nothing of
    `unsettled` stands against it: open cases, unanswered appeals, refused events, a
    ledger whose past was altered. `expenses` are in yuan; `near_line` counts lifted
    households just above the line.
    """

    version: int
    county: str
    name: Words
    class_: str
    standpoint: Standpoint
    decision: Decision
    outcome: Outcome
    standing: Standing
    judgements: Mapping[str, Judgement]
    first: Mapping[str, Judgement]
    with_open: Mapping[str, Judgement]
    final: bool
    unsettled: Mapping[str, int]
    raw_incidence: Fraction
    assurance: Mapping[str, Assurance]
    first_assurance: Mapping[str, Assurance]
    operating: Operating
    combinations: int
    agree: int
    flips: tuple[Flip, ...]
    step: str
    steps: Mapping[str, StepState]
    latest_notice: date
    cases: tuple[CaseCount, ...]
    persons: int
    open_cases: int
    near_line: int
    reach: tuple[Reach, ...]
    groups_screened: int
    persons_screened: int
    expenses: float
    days_suspended: int
    quarantined: int
    prominent: tuple[str, ...]
    problems: tuple[Problem, ...]
    overrides: tuple[str, ...]
    readings: Mapping[str, str]  # switches that the round set otherwise than the plan, with options
    reasons: tuple[Reason, ...]
    inference: tuple[Note, ...] = ()  # of lists drawn by the office (A38); what is not estimable


def conclude(decision: Decision, outcome: Outcome, standing: Standing) -> Standpoint:
    """Return the list on which a county belongs.

    Parameters
    ----------
    decision
        Of the first round.
    outcome
        Of rectification and re-check.
    standing
        Of the discipline: a veto overrides every figure, a termination ends without one.
    """
    if standing is Standing.VETOED:
        return Standpoint.NOT_THIS_YEAR
    if standing is Standing.TERMINATED:
        return Standpoint.NO_RESULT
    match decision, outcome:
        case (Decision.NO_EXIT, _) | (_, Outcome.FAILED):
            return Standpoint.NOT_THIS_YEAR
        case (Decision.UNDECIDED, _) | (_, Outcome.UNDECIDED):
            return Standpoint.UNDECIDED
        case (Decision.EXIT, Outcome.NOT_NEEDED) | (_, Outcome.PASSED | Outcome.NOT_SECURED):
            return Standpoint.PROPOSED
        case _:
            return Standpoint.RECTIFYING
