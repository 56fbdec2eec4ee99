"""The stage `report`: the county's own result from the records of the stages before it."""

from auditlib.checks.summary import Checks
from auditlib.fieldwork.summary import Fieldwork
from auditlib.findings.summary import Findings
from auditlib.indicators.summary import Indicators
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.store import Result
from auditlib.procedure.steps import StepState
from auditlib.procedure.summary import Procedure
from auditlib.rectification.summary import Rectification
from auditlib.report.record import CountyReport, Reason, conclude
from auditlib.sampling.design import ANYWHERE, DIRECT
from auditlib.sampling.imported import INFERENCE
from auditlib.sampling.notes import UNANSWERED


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
    deciding = recheck.found if recheck else first.record
    standpoint = conclude(first.record.decision, mended.record.outcome, ledger.standing)
    judgements = deciding.official.judgements
    reasons = [Reason("indicator", name) for name, j in judgements.items() if j.kept is False]
    reasons += [Reason("not_estimable", name) for name, j in judgements.items() if j.kept is None]
    reasons += [Reason("prominent", name) for name in checked.record.prominent]
    if ledger.standing != "normal":
        reasons.append(Reason("discipline", ledger.standing))
    readings = first.record.readings
    unsettled = _unsettled(found.record, deciding)
    return Result(
        CountyReport(
            version=4,
            county=audit.params.county.code,
            name=audit.params.county.name,
            class_=audit.params.county.class_,
            standpoint=standpoint,
            decision=first.record.decision,
            outcome=mended.record.outcome,
            standing=ledger.standing,
            judgements=judgements,
            first=first.record.official.judgements,
            with_open=deciding.with_open.judgements,
            final=not unsettled,
            unsettled=unsettled,
            raw_incidence=first.record.official.incidence.raw,
            assurance=deciding.assurance,
            first_assurance=first.record.assurance,
            operating=first.record.operating,
            combinations=readings.combinations,
            agree=readings.agree,
            flips=readings.flips,
            step=_step(followed.record),
            steps={step.step: step.state for step in followed.record.steps},
            latest_notice=followed.record.latest_notice,
            cases=found.record.cases,
            persons=audit.params.county.populations.total,
            open_cases=len(found.record.open_cases),
            near_line=sum(near.households for near in found.record.near_line),
            reach=worked.record.reach,
            groups_screened=worked.record.screening.complete,
            persons_screened=worked.record.screening.persons,
            expenses=followed.record.housekeeping.amount,
            days_suspended=ledger.days_suspended,
            quarantined=sum(table.quarantined for table in worked.record.tables),
            prominent=checked.record.prominent,
            problems=checked.record.problems,
            overrides=tuple(override.reason for override in audit.params.round.overrides),
            readings=_readings_set(audit),
            inference=(
                *(n for n in first.record.notes if n.code in INFERENCE),
                *(n for n in deciding.notes if n.code in UNANSWERED),
            ),
            reasons=tuple(reasons),
        )
    )


def _readings_set(audit: Audit) -> dict[str, str]:
    """Return the switches that the round set otherwise than the plan.

    A direct draw takes its groups from the whole county, whatever the round says of them.
    """
    plan, taken = audit.params.plan.switches(), dict(audit.params.switches)
    if taken["draw"] == DIRECT:
        taken["groups"] = ANYWHERE
    return {name: option for name, option in taken.items() if option != plan[name]}


def _unsettled(found: Findings, deciding: Indicators) -> dict[str, int]:
    """Return what keeps the report from being final, with its number (五（二）, A39)."""
    kept = deciding.official.judgements
    moved = any(
        kept[name].numerator != judgement.numerator
        for name, judgement in deciding.with_open.judgements.items()
    )
    counts = {
        "open_cases": len(found.open_cases),
        "recheck_open": int(moved and deciding.phase == "recheck"),
        "appealed": len(found.appealed),
        "refused": found.refused,
        "altered": len(found.altered),
    }
    return {name: number for name, number in counts.items() if number}


def _step(record: Procedure) -> str:
    """Return the step at which the county stands: the first that is not closed."""
    closed = (StepState.CLOSED, StepState.CLOSED_LATE)
    return next((s.step for s in record.steps if s.state not in closed), record.steps[-1].step)
