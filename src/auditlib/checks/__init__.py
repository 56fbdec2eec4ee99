"""How deployment, policies, infrastructure, services and follow-up stand; what people said."""

from auditlib.checks.documents import (
    DocumentCheck,
    LeaderVisits,
    check_documents,
    inputs_per_head,
    leader_visits,
    unjudged,
)
from auditlib.checks.interviews import ClassAnswers, hear, hear_households, unheard
from auditlib.checks.policies import PolicyCheck, check_policies
from auditlib.checks.severity import Problem, grade, list_problems, prominent
from auditlib.checks.villages import (
    ItemCheck,
    ServiceGap,
    check_villages,
    compare_services,
    judge_improvement,
    line_up_villages,
)

__all__ = [
    "ClassAnswers",
    "DocumentCheck",
    "ItemCheck",
    "LeaderVisits",
    "PolicyCheck",
    "Problem",
    "ServiceGap",
    "check_documents",
    "check_policies",
    "check_villages",
    "compare_services",
    "grade",
    "hear",
    "hear_households",
    "inputs_per_head",
    "judge_improvement",
    "leader_visits",
    "line_up_villages",
    "list_problems",
    "prominent",
    "unheard",
    "unjudged",
]
