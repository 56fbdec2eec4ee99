"""How grave a problem is, by written criteria, and which problems are prominent.

A rule of `params/plan.yaml` grades the share that fails; the evaluator's own grade
stands beside it, and the graver of the two holds. No grade is ever lowered here.

Source: plan, 三（三）, the last paragraph; the shares come from outside the plan.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from auditlib.checks.documents import EVERY, DocumentCheck, Input, LeaderVisits
from auditlib.checks.policies import PolicyCheck
from auditlib.checks.villages import ItemCheck
from auditlib.plan import Measure
from auditlib.plan.procedure import Document

GRADES = ("", "minor", "serious", "prominent")
"""Grades from none to the gravest."""


UNSUITED = {"partly": 1, "not_suited": 2}
"""Halves of the task that funds or staff do not suit, by the evaluator's judgement."""


@dataclass(frozen=True)
class Problem:
    """One problem of the checks, graded.

    Attributes
    ----------
    measure
        Which of the plan's measures it is.
    subject
        What fails: a document, a leader, an item of funds or staff, a policy line, an
        item of villages.
    failing, base
        Counts behind the share that fails; parts of a document, villages, households.
    by_rule, judged
        Grade by the written criteria, and by the evaluator; empty for none.
    severity
        The graver of the two.
    evidence
        Reference of the evidence; empty where none is named.
    """

    measure: str
    subject: str
    failing: int
    base: int
    by_rule: str
    judged: str
    severity: str
    evidence: str

    @property
    def name(self) -> str:
        """Return what an order calls the problem: the subject, with its measure where unclear."""
        plain = ("documents", "coverage", "not_received")
        return self.subject if self.measure in plain else f"{self.measure}:{self.subject}"


def grade(measure: Measure, failing: int, base: int) -> str:
    """Return the grade of units that fail out of those looked at; empty if none does."""
    if failing <= 0 or base <= 0:
        return ""
    share = Fraction(failing, base)
    if share < measure.serious or failing < measure.least:
        return "minor"
    return "prominent" if share >= measure.prominent else "serious"


def graver(one: str, other: str) -> str:
    """Return the graver of two grades."""
    return max(one, other, key=GRADES.index)


def list_problems(
    *,
    measures: Mapping[str, Measure],
    wanted: Mapping[str, Document],
    documents: Iterable[DocumentCheck],
    leaders: Iterable[LeaderVisits],
    inputs: Iterable[Input],
    policies: Iterable[PolicyCheck],
    policy_grades: Mapping[str, str],
    villages: Iterable[ItemCheck],
) -> tuple[Problem, ...]:
    """Return every problem of the checks, the gravest first.

    Parameters
    ----------
    measures
        The plan's measures with their shares.
    wanted
        The plan's documents, for the parts each must have.
    documents, leaders, inputs, policies, villages
        What the checks found.
    policy_grades
        The evaluator's gravest grade of every policy line over its sites.
    """
    found: list[Problem] = []

    def add(
        measure: str, subject: str, failing: int, base: int, judged: str = "", evidence: str = ""
    ) -> None:
        by_rule = grade(measures[measure], failing, base)
        worst = graver(by_rule, judged)
        if worst:
            found.append(Problem(measure, subject, failing, base, by_rule, judged, worst, evidence))

    for d in documents:
        lacking = d.lacks(wanted[d.document])
        if lacking is not None:
            add("documents", d.document, *lacking, d.problem, d.evidence)
    for visits in leaders:
        if visits.leader != EVERY:
            add("leader_visits", visits.leader, len(visits.not_visited), visits.poor_villages)
    for x in {x.item: x for x in sorted(inputs, key=lambda x: x.year)}.values():
        add("inputs", x.item, UNSUITED.get(x.judgement, 0), 2)
    for p in policies:
        missing = max(p.eligible - p.covered, 0)
        add("coverage", p.line, missing, p.eligible, policy_grades.get(p.line, ""))
        add("not_received", p.line, len(p.not_received), p.recorded)
    for item in villages:
        add("village_items", item.item, len(item.unmet), item.villages)
    order = list(measures)
    return tuple(
        sorted(found, key=lambda p: (-GRADES.index(p.severity), order.index(p.measure), p.subject))
    )


def prominent(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Return the names of the prominent problems, each once, in their order."""
    return tuple(dict.fromkeys(p.name for p in problems if p.severity == "prominent"))
