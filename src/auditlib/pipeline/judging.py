"""The indicators of one phase: what they are and decide, how surely, under which readings."""

import pandas as pd

from auditlib.indicators.assurance import (
    design_of_county,
    estimate_wrong_exit,
    operating_as_reached,
)
from auditlib.indicators.domains import (
    Funnel,
    compare_screened,
    wrong_exit_by_part,
    wrong_exit_by_village,
)
from auditlib.indicators.measure import (
    Evidence,
    Population,
    missed_cases,
    screened_and_visited,
    several_villages,
)
from auditlib.indicators.readings import compare_readings
from auditlib.indicators.summary import Indicators, assurances, other_unit, verdict
from auditlib.indicators.verdict import with_open_cases
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.phases import Phase
from auditlib.pipeline.preparing import office_list
from auditlib.sampling.notes import Note, note

RATES = tuple(i / 400 for i in range(21))
"""True rates of the operating characteristics: 0 to 5 % by a quarter of a point."""


def judge_phase(
    audit: Audit,
    evidence: Evidence,
    population: Population,
    phase: Phase,
    response: pd.DataFrame,
) -> Indicators:
    """Return the record of the indicators of one phase."""
    plan, switches, limits = audit.params.plan, audit.params.switches, audit.page.limits
    design = design_of_county(evidence)
    official, with_open = (
        verdict(
            evidence,
            population,
            design,
            plan=plan,
            limits=limits,
            switches={**switches, "open_cases": state},
        )
        for state in (switches["open_cases"], "in")
    )
    missed = missed_cases(evidence, switches)
    return Indicators(
        version=2,
        phase=phase.phase,
        population=population,
        official=official,
        with_open=with_open,
        decision=with_open_cases(official.decision, with_open.decision),
        assurance=assurances(
            evidence, population, design, plan=plan, limits=limits, switches=switches
        ),
        other_unit=other_unit(evidence, switches, plan),
        funnel=Funnel(
            households_screened=len(evidence.households),
            persons_screened=int(evidence.screened["population"].sum()),
            suspected=int((phase.screened["suspected"] == "yes").sum()),
            visited=evidence.visited,
            verified=len(missed),
            persons_missed=int(missed["persons"].sum()),
        ),
        unequal_units=compare_screened(evidence),
        domains=wrong_exit_by_part(
            evidence,
            switches,
            design,
            fewest=plan.privacy.fewest_households,
            level=float(plan.sampling.precision.level),
        ),
        villages=wrong_exit_by_village(evidence, switches),
        readings=compare_readings(
            evidence, population, design, plan=plan, limits=limits, official=switches
        ),
        operating=operating_as_reached(
            evidence.lifted,
            estimate_wrong_exit(evidence, switches, design),
            limit=limits["wrong_exit_rate"],
            level=float(plan.sampling.precision.level),
            rates=RATES,
        ),
        switches=dict(switches),
        notes=(
            *_of_list(audit, phase),
            *_unanswered(audit, evidence),
            *_notes(response, direct=phase.direct),
        ),
    )


def _of_list(audit: Audit, phase: Phase) -> tuple[Note, ...]:
    """Say what follows for inference where the office drew the villages (A38)."""
    office = office_list(audit.read("imported_villages")["imported_villages"])
    if office is None or phase.phase != "first":
        return ()
    stated = all(code in office.probabilities for code in office.villages)
    return (note("probability_given" if stated else "probability_unknown", source=office.source),)


def _unanswered(audit: Audit, evidence: Evidence) -> tuple[Note, ...]:
    """Say which figures are not estimable, and for want of which answers."""
    rules, told = audit.params.plan.indicators, []
    lifted = evidence.lifted
    if not several_villages(lifted):
        code = "one_village" if len(lifted) else "no_lifted"
        clause = f"{rules.wrong_exit_rate.clause}、{rules.composite_incidence.clause}"
        told.append(note(code, clause=clause, households=len(lifted)))
    if not screened_and_visited(evidence):
        code = "one_screened" if evidence.visited and len(evidence.households) else "none_visited"
        clause = f"{rules.missed_rate.clause}、{rules.composite_incidence.clause}"
        told.append(note(code, clause=clause, visited=evidence.visited))
    if not several_villages(evidence.recognition):
        said, clause = len(evidence.recognition), rules.recognition_rate.clause
        told.append(note("one_recognition" if said else "no_recognition", clause=clause, said=said))
    return tuple(told)


def _notes(response: pd.DataFrame, *, direct: bool) -> tuple[Note, ...]:
    """Return what the reader of the intervals must be told of the sample of villages."""
    if direct:
        return (note("direct_estimates"),)
    silent = [
        row.village for row in response.itertuples() if int(row.eligible) and not int(row.responded)
    ]
    told = [note("no_response", village=village) for village in silent]
    if len(silent) > 1 and not response["responded"].astype(int).any():
        told = []  # which the note on the lifted households says already
    for kind, rows in response.groupby("kind"):
        uncertain = int((rows["probability"] != "1").sum())
        if 0 < uncertain < 3:
            told.append(note("few_uncertain", kind=kind, got=uncertain))
    return tuple(told)
