"""The record of the stage `checks`."""

from dataclasses import dataclass

from auditlib.checks.documents import DocumentCheck, Input, LeaderVisits
from auditlib.checks.interviews import ClassAnswers
from auditlib.checks.policies import PolicyCheck
from auditlib.checks.villages import ItemCheck, ServiceGap


@dataclass(frozen=True)
class Checks:
    """Record of the stage: chapter 三（三）3-6 and the interviews of 四（四）.

    `prominent` names documents, policy lines and items with a prominent problem.
    """

    version: int
    documents: tuple[DocumentCheck, ...]
    leaders: tuple[LeaderVisits, ...]
    inputs: tuple[Input, ...]
    policies: tuple[PolicyCheck, ...]
    villages: tuple[ItemCheck, ...]
    services: tuple[ServiceGap, ...]
    interviews: tuple[ClassAnswers, ...]
    prominent: tuple[str, ...]
