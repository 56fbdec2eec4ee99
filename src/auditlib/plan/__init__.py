"""The plan as frozen records: what `params/plan.yaml` says, with every clause.

The records know what is written; they compare nothing and compute nothing.
Field names are those of the file, so that a key can be found in both.
"""

from collections.abc import Mapping

from pydantic import model_validator

from auditlib.language import Words
from auditlib.plan.indicators import (
    Bound,
    Check,
    Consequence,
    Indicators,
    Recognition,
    Registry,
    Rule,
    Standard,
)
from auditlib.plan.procedure import (
    Approval,
    Burden,
    ConsolidatedReport,
    Discipline,
    Document,
    Due,
    Expenses,
    Interviews,
    Ladder,
    LeaderVisits,
    Level,
    Measure,
    Notice,
    Rectification,
    Service,
    ServicesRule,
    Severity,
    SpotCheck,
    Step,
    Training,
    VillageItem,
    VillageRule,
)
from auditlib.plan.records import Amount, Clause, Named, Provision, Record
from auditlib.plan.sample import FieldworkLimits, Privacy, QualityLine, Sampling
from auditlib.tables import CODES, CodeList

__all__ = [
    "Bound",
    "Check",
    "Consequence",
    "Due",
    "Ladder",
    "Level",
    "Measure",
    "Named",
    "Plan",
    "Provision",
    "Reading",
    "Rule",
    "Service",
    "Standard",
    "Step",
]


class Role(Named):
    """An actor and its duty."""

    duty: Words


class CountyClass(Named):
    """A class of poverty county; whether the national spot check applies."""

    spot_check: bool


class Correction(Record):
    """Words of the plan that are misprinted, and how they are read."""

    clause: Clause
    printed: str
    read_as: str
    reading: str


class Identity(Record):
    """Title, status, version and legal basis."""

    id: str
    version: str
    title: Words
    status: Words
    purpose: Words
    basis: Mapping[str, Words]
    corrections: Mapping[str, Correction]


class Reading(Record):
    """An ambiguity, the reading taken, and the switch that changes it."""

    about: Words
    taken_as: Words
    switch: str = ""
    varied: bool = False
    options: Mapping[str, Words] = {}
    taken: str = ""

    @model_validator(mode="after")
    def _taken_is_an_option(self) -> "Reading":
        if self.switch and self.taken not in self.options:
            raise ValueError(f"taken must be one of {', '.join(self.options)}")
        return self


class Plan(Record):
    """The whole plan."""

    plan: Identity
    roles: Mapping[str, Role]
    classes: Mapping[str, CountyClass]
    regions: Mapping[str, Named]
    terrains: Mapping[str, Words]
    indicators: Indicators
    registry: Registry
    standards: Mapping[str, Standard]
    near_line: Amount
    recognition: Recognition
    sampling: Sampling
    privacy: Privacy
    fieldwork: FieldworkLimits
    quality_checks: Mapping[str, QualityLine]
    risk_groups: Mapping[str, Named]
    interviews: Interviews
    documents: Mapping[str, Document]
    document_sections: Mapping[str, Words]
    document_chapters: Mapping[str, Words]
    leader_visits: LeaderVisits
    policy_lines: Mapping[str, Named]
    village_items: Mapping[str, VillageItem]
    county_services: Mapping[str, Service]
    village_rule: VillageRule
    services_rule: ServicesRule
    severity: Severity
    ladder: Ladder
    prohibitions: Mapping[str, Named]
    evaluator_criteria: Mapping[str, Named]
    discipline: Discipline
    expenses: Expenses
    burden: Burden
    training: Training
    steps: Mapping[str, Step]
    notice: Notice
    spot_check: SpotCheck
    approval: Approval
    consolidated: ConsolidatedReport
    rectification: Rectification
    readings: Mapping[str, Reading]
    sentences: Mapping[str, str]

    def switches(self) -> dict[str, str]:
        """Return every switch with the option taken."""
        return {r.switch: r.taken for r in self.readings.values() if r.switch}

    def options(self, *, varied: bool = False) -> dict[str, tuple[str, ...]]:
        """Return every switch with its options, the one taken first; `varied`: those varied."""
        return {
            r.switch: (r.taken, *(option for option in r.options if option != r.taken))
            for r in self.readings.values()
            if r.switch and (r.varied or not varied)
        }

    def sentence(self, says: str) -> Words:
        """Return a sentence of the plan in both languages; the Chinese one decides."""
        return Words(says, self.sentences[says])

    def codelists(self) -> dict[str, CodeList]:
        """Return every code list of the tables: the fixed ones and the plan's own."""
        own: dict[str, Mapping[str, Named]] = {
            "risk_groups": self.risk_groups,
            "standards": self.standards,
            "documents": self.documents,
            "policy_lines": self.policy_lines,
            "village_items": self.village_items,
            "county_services": self.county_services,
            "prohibitions": self.prohibitions,
            "steps": self.steps,
            "indicators": dict(self.indicators.items()),
            "roles": self.roles,
        }
        return {
            **CODES,
            **{
                name: {code: item.name for code, item in items.items()}
                for name, items in own.items()
            },
            "terrain": self.terrains,
            "interview_classes": self.interviews.classes,
            "interview_topics": self.interviews.topics,
            "document_sections": self.document_sections,
        }
