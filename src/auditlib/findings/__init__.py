"""Which households fall short of the standards, and how every suspected case was settled."""

from auditlib.findings.cases import Case, CaseState, settle
from auditlib.findings.standards import Answer, judge, near_line

__all__ = ["Answer", "Case", "CaseState", "judge", "near_line", "settle"]
