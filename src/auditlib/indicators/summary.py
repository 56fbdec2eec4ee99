"""The record of the stage `indicators`."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from auditlib.estimation import Design
from auditlib.indicators.assurance import (
    Assurance,
    Limits,
    Operating,
    assure,
    count_wrong_exit,
    design_of_county,
    estimate_missed,
    estimate_recognition,
    estimate_wrong_exit,
    incidence_limits,
    rate_limits,
)
from auditlib.indicators.domains import Domain, Funnel, ScreenedUnit, VillageRate
from auditlib.indicators.measure import (
    Evidence,
    Population,
    missed,
    missed_households,
    recognition,
    several_villages,
    wrong_persons,
)
from auditlib.indicators.rates import Counts, Incidence, composite_incidence
from auditlib.indicators.readings import Readings
from auditlib.indicators.verdict import Decision, Judgement, decide, judge
from auditlib.plan import Plan
from auditlib.sampling.notes import Note


@dataclass(frozen=True)
class Verdict:
    """The four judgements under one reading, and what they decide together."""

    judgements: Mapping[str, Judgement]
    incidence: Incidence
    decision: Decision


@dataclass(frozen=True)
class Indicators:
    """Record of the stage.

    `official` counts verified cases only; `with_open` counts open cases as if
    verified; where they differ the decision is `undecided`, and so it is where figures
    that are not estimable could decide otherwise. `other_unit` counts in
    households the two rates that the plan counts in persons, and recognition in persons.
    """

    version: int
    phase: str
    population: Population
    official: Verdict
    with_open: Verdict
    decision: Decision
    assurance: Mapping[str, Assurance]
    other_unit: Mapping[str, Counts]
    funnel: Funnel
    unequal_units: tuple[ScreenedUnit, ...]
    domains: tuple[Domain, ...]
    villages: tuple[VillageRate, ...]
    readings: Readings
    operating: Operating
    switches: Mapping[str, str]
    notes: tuple[Note, ...]


def assurances(
    evidence: Evidence,
    population: Population,
    design: Design | None,
    *,
    plan: Plan,
    limits: Mapping[str, Fraction],
    switches: Mapping[str, str],
) -> dict[str, Assurance]:
    """Return how sure each of the four figures is; arguments as of `verdict`.

    Recognition rests on lifted households alone: the other visits have no probability.
    """
    level = float(plan.sampling.precision.level)
    miss = estimate_missed(evidence, switches)

    def found(design: Design | None) -> dict[str, Limits]:
        wrong = estimate_wrong_exit(evidence, switches, design)
        approve = estimate_recognition(evidence, design, recognises=plan.recognition.recognises)
        return {
            "composite_incidence": incidence_limits(population, wrong, miss),
            "wrong_exit_rate": rate_limits(wrong),
            "missed_rate": rate_limits(miss),
            "recognition_rate": rate_limits(approve),
        }

    by_design = found(design)
    conservative = found(design_of_county(evidence, with_replacement=True))
    return {
        name: assure(
            by_design[name],
            must_be=rule.must_be,
            limit=limits[name],
            level=level,
            conservative=None if name == "missed_rate" else conservative[name],
        )
        for name, rule in plan.indicators.items()
    }


def other_unit(evidence: Evidence, switches: Mapping[str, str], plan: Plan) -> dict[str, Counts]:
    """Return wrong-exit and missed households, and recognition in persons (A10, A14, A15)."""
    wrong = wrong_persons(evidence, switches)
    estimable = several_villages(evidence.lifted)
    return {
        "wrong_exit_rate": Counts(int((wrong > 0).sum()), len(wrong), estimable=estimable),
        "missed_rate": missed_households(evidence, switches),
        "recognition_rate": recognition(
            evidence,
            {**switches, "recognition_unit": "persons"},
            objects=plan.recognition.objects,
            recognises=plan.recognition.recognises,
        ),
    }


def verdict(
    evidence: Evidence,
    population: Population,
    design: Design | None,
    *,
    plan: Plan,
    limits: Mapping[str, Fraction],
    switches: Mapping[str, str],
) -> Verdict:
    """Return the four judgements under one reading.

    Parameters
    ----------
    evidence, population, design
        Counts come from the first, expansion and denominator from the second; the
        design gives weights where these are the reading, and is None where the answers
        tell nothing of the county.
    plan
        Rules and recognising answers.
    limits
        The threshold that holds in this county, by indicator.
    switches
        The reading.
    """
    wrong = count_wrong_exit(evidence, switches, design)
    miss = missed(evidence, switches)
    approve = recognition(
        evidence,
        switches,
        objects=plan.recognition.objects,
        recognises=plan.recognition.recognises,
    )
    incidence = composite_incidence(
        still_poor=population.still_poor,
        lifted=population.lifted,
        unregistered=population.unregistered,
        population=population.total,
        wrong_exit=wrong,
        missed=miss,
    )
    raw = switches["incidence"] == "raw"
    least, most = incidence.between_raw if raw else incidence.between
    counts: dict[str, tuple[Fraction | int, int, tuple[Fraction, Fraction]]] = {
        "composite_incidence": (least * population.total, population.total, (least, most)),
        "wrong_exit_rate": (wrong.numerator, wrong.denominator, wrong.between),
        "missed_rate": (miss.numerator, miss.denominator, miss.between),
        "recognition_rate": (approve.numerator, approve.denominator, approve.between),
    }
    judgements = {
        name: judge(
            name,
            rule,
            numerator=counts[name][0],
            denominator=counts[name][1],
            between=counts[name][2],
            limit=limits[name],
            equality=switches["equality"] if name != "composite_incidence" else "requirement",
        )
        for name, rule in plan.indicators.items()
    }
    return Verdict(
        judgements,
        incidence,
        decide(judgements, any_of_four=switches["decision"] == "any_of_four"),
    )
