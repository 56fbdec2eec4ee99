"""The record of the stage `checks`."""

from dataclasses import dataclass

from auditlib.checks.documents import DocumentCheck, Input, LeaderVisits
from auditlib.checks.interviews import ClassAnswers, HouseholdAnswers
from auditlib.checks.policies import PolicyCheck
from auditlib.checks.severity import Problem
from auditlib.checks.villages import Improvement, ItemCheck, ServiceGap, VillageLine


@dataclass(frozen=True)
class Checks:
    """Record of the stage: chapter 三（三）3-6 and the interviews of 四（四）.

    `problems` are graded by the written criteria; `prominent` names those that are
    prominent, as orders name them. `unjudged` are items of funds and staff without a
    judgement, `unheard` classes without an interview, `unasked` topics nobody spoke on.
    """

    version: int
    documents: tuple[DocumentCheck, ...]
    leaders: tuple[LeaderVisits, ...]
    inputs: tuple[Input, ...]
    unjudged: tuple[str, ...]
    policies: tuple[PolicyCheck, ...]
    villages: tuple[ItemCheck, ...]
    lines: tuple[VillageLine, ...]
    improvement: tuple[Improvement, ...]
    services: tuple[ServiceGap, ...]
    interviews: tuple[ClassAnswers, ...]
    unheard: tuple[str, ...]
    unasked: tuple[str, ...]
    households: tuple[HouseholdAnswers, ...]
    problems: tuple[Problem, ...]
    prominent: tuple[str, ...]
