"""What every stage computes: read, call the domain, return the record and its tables."""

from dataclasses import replace

from auditlib.checks.summary import Checks
from auditlib.fieldwork.summary import Fieldwork
from auditlib.files.writing import workbook_bytes
from auditlib.findings.summary import Findings
from auditlib.indicators.summary import Indicators
from auditlib.pipeline import phases
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.drawing import draw_phase, publish
from auditlib.pipeline.judging import judge_phase
from auditlib.pipeline.store import Result
from auditlib.procedure.steps import StepState
from auditlib.procedure.summary import Procedure
from auditlib.rectification.summary import Rectification
from auditlib.report.quarantine import quarantine_sheet
from auditlib.report.record import CountyReport, Reason, conclude
from auditlib.sampling.summary import Sampling


def sampling(audit: Audit) -> Result[Sampling]:
    """Draw the first round's sample again and return its record and public files."""
    return publish(audit, draw_phase(audit, "first"))


def fieldwork(audit: Audit, sampled: Result[Sampling]) -> Result[Fieldwork]:
    """Return what of the sample was reached, and how."""
    inputs = audit.read(*phases.FIELD_TABLES)
    phase = phases.open_phase(inputs, "first", sampled)
    quotas = {quota.quota: quota.wanted for quota in sampled.record.quotas}
    wanted = {kind: quotas[kind] for kind in ("lifted", "unregistered", "still_poor")}
    reviewed = phases.review_fieldwork(
        phase, inputs, audit.params, wanted=wanted, groups=quotas["groups"]
    )
    if not inputs.problems:
        return reviewed
    sheet = quarantine_sheet(audit.page, inputs.problems)
    book = workbook_bytes([sheet], mark=audit.page.mark, title=sheet.name)
    return replace(reviewed, files={"quarantine.xlsx": book})


def findings(audit: Audit, sampled: Result[Sampling]) -> Result[Findings]:
    """Return which households fall short, and how every case was settled."""
    inputs = audit.read("registry_households", *phases.FIELD_TABLES, *phases.CASE_TABLES)
    phase = phases.open_phase(inputs, "first", sampled)
    return phases.review_findings(phase, audit.params, audit.members(inputs), inputs=inputs)


def indicators(
    audit: Audit,
    sampled: Result[Sampling],
    worked: Result[Fieldwork],
    found: Result[Findings],
) -> Result[Indicators]:
    """Return the four indicators, what they decide, how surely, and under which readings."""
    inputs = audit.read("registry_households", *phases.FIELD_TABLES)
    phase = phases.open_phase(inputs, "first", sampled)
    facts = phases.registry_facts(inputs["registry_households"], audit.members(inputs))
    response = worked.tables["response"]
    evidence = phases.gather_evidence(phase, found, response, facts, audit.params)
    population = audit.population(inputs)
    return Result(judge_phase(audit, evidence, population, phase, response))


def report(
    audit: Audit,
    worked: Result[Fieldwork],
    found: Result[Findings],
    first: Result[Indicators],
    checked: Result[Checks],
    followed: Result[Procedure],
    mended: Result[Rectification],
) -> Result[CountyReport]:
    """Return the county's own result, with every reason for it."""
    ledger = followed.record.discipline
    recheck = mended.record.recheck
    judgements = (recheck.found if recheck else first.record).official.judgements
    standpoint = conclude(first.record.decision, mended.record.outcome, ledger.standing)
    reasons = [Reason("indicator", name) for name, j in judgements.items() if not j.kept]
    reasons += [Reason("prominent", name) for name in checked.record.prominent]
    if ledger.standing != "normal":
        reasons.append(Reason("discipline", ledger.standing))
    return Result(
        CountyReport(
            version=1,
            county=audit.params.county.code,
            name=audit.params.county.name,
            class_=audit.params.county.class_,
            standpoint=standpoint,
            decision=first.record.decision,
            outcome=mended.record.outcome,
            standing=ledger.standing,
            judgements=judgements,
            first=first.record.official.judgements,
            raw_incidence=first.record.official.incidence.raw,
            assurance=(recheck.found if recheck else first.record).assurance,
            first_assurance=first.record.assurance,
            operating=first.record.operating,
            combinations=first.record.readings.combinations,
            agree=first.record.readings.agree,
            flips=first.record.readings.flips,
            step=_step(followed.record),
            steps={step.step: step.state for step in followed.record.steps},
            cases=found.record.cases,
            persons=audit.params.county.populations.total,
            open_cases=len(found.record.open_cases),
            quarantined=sum(table.quarantined for table in worked.record.tables),
            prominent=checked.record.prominent,
            overrides=tuple(override.reason for override in audit.params.round.overrides),
            reasons=tuple(reasons),
        )
    )


def _step(record: Procedure) -> str:
    """Return the step at which the county stands: the first that is not closed."""
    closed = (StepState.CLOSED, StepState.CLOSED_LATE)
    return next((s.step for s in record.steps if s.state not in closed), record.steps[-1].step)
