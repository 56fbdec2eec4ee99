"""How deployment, policies, infrastructure, services and follow-up stand; what people said."""

from auditlib.checks.documents import DocumentCheck, LeaderVisits, check_documents, leader_visits
from auditlib.checks.interviews import ClassAnswers, hear
from auditlib.checks.policies import PolicyCheck, check_policies
from auditlib.checks.villages import ItemCheck, ServiceGap, check_villages, compare_services

__all__ = [
    "ClassAnswers",
    "DocumentCheck",
    "ItemCheck",
    "LeaderVisits",
    "PolicyCheck",
    "ServiceGap",
    "check_documents",
    "check_policies",
    "check_villages",
    "compare_services",
    "hear",
    "leader_visits",
]
