"""What every stage computes: read, call the domain, return the record and its tables."""

from dataclasses import replace

from auditlib.checks.documents import check_documents, inputs_per_head, leader_visits
from auditlib.checks.interviews import hear
from auditlib.checks.policies import check_policies
from auditlib.checks.summary import Checks
from auditlib.checks.villages import check_villages, compare_services
from auditlib.fieldwork.summary import Fieldwork
from auditlib.files.writing import workbook_bytes
from auditlib.findings.summary import Findings
from auditlib.indicators.summary import Indicators
from auditlib.indicators.verdict import Decision
from auditlib.pipeline import phases
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.drawing import Drawn, draw_phase, publish
from auditlib.pipeline.judging import judge_phase
from auditlib.pipeline.store import Result
from auditlib.procedure.burden import review_housekeeping
from auditlib.procedure.calendar import unknown_years
from auditlib.procedure.discipline import review
from auditlib.procedure.notice import check_notices, latest_notice
from auditlib.procedure.steps import StepState, follow
from auditlib.procedure.summary import Procedure
from auditlib.rectification.compare import compare_rounds
from auditlib.rectification.orders import OrderState, follow_orders
from auditlib.rectification.summary import Outcome, Recheck, Rectification
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
    inputs = audit.read("registry_households", *phases.FIELD_TABLES)
    phase = phases.open_phase(inputs, "first", sampled)
    return phases.review_findings(phase, audit.params, audit.members(inputs))


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


def checks(audit: Audit, sampled: Result[Sampling]) -> Result[Checks]:
    """Return the checks of chapter 三（三）3-6 and the interviews."""
    plan = audit.params.plan
    inputs = audit.read(
        "villages",
        "household_visits",
        "interviews",
        "village_checks",
        "county_services",
        "policy_lines",
        "leader_visits",
        "funds",
        "documents",
    )
    visits = inputs["household_visits"]
    registered = visits[
        (visits["phase"] == "first")
        & (visits["disposition"] == "completed")
        & visits["kind"].isin(["lifted", "still_poor"])
    ]
    interviews = inputs["interviews"]
    documents = check_documents(
        plan.documents, inputs["documents"], chapters=("deployment", "follow_up")
    )
    policies = check_policies(plan.policy_lines, inputs["policy_lines"], registered)
    poor = int((inputs["villages"]["ever_poor"] == "yes").sum())
    return Result(
        Checks(
            version=1,
            documents=documents,
            leaders=leader_visits(
                inputs["leader_visits"], inputs["villages"], leaders=plan.leader_visits.leaders
            ),
            inputs=inputs_per_head(
                inputs["funds"],
                registered_persons=audit.params.county.populations.registered,
                poor_villages=poor,
            ),
            policies=policies,
            villages=check_villages(
                plan.village_items, inputs["village_checks"], met=plan.village_rule.met
            ),
            services=compare_services(
                plan.county_services,
                inputs["county_services"],
                close_within=plan.services_rule.close_within,
            ),
            interviews=hear(
                interviews[interviews["phase"] == "first"],
                classes=plan.interviews.classes,
                topics=plan.interviews.topics,
                recognises=plan.recognition.recognises,
            ),
            prominent=(
                *(d.document for d in documents if d.problem == "prominent"),
                *(p.line for p in policies if p.prominent),
            ),
        )
    )


def procedure(audit: Audit) -> Result[Procedure]:
    """Return steps, notices, discipline and the evaluator's own duties."""
    plan, params = audit.params.plan, audit.params
    inputs = audit.read(
        "documents",
        "steps",
        "notices",
        "objections",
        "discipline",
        "expenses",
        "trainings",
        "declarations",
        "requests",
        "enumerators",
    )
    as_of = params.round.as_of
    ledger = review(
        inputs["discipline"],
        prohibitions=plan.prohibitions,
        veto_authority=plan.discipline.veto_authority,
        as_of=as_of,
    )
    steps = follow(
        plan.steps,
        inputs["steps"],
        inputs["documents"],
        as_of=as_of,
        reading=params.switches["deadlines"],
        due=params.county.due,
        announce_first=params.switches["spot_check_order"] == "after",
        shift=ledger.days_suspended,
    )
    report_due = plan.steps["deliberation"].due.late
    return Result(
        Procedure(
            version=1,
            as_of=as_of,
            reading=params.switches["deadlines"],
            steps=steps,
            notices=check_notices(
                inputs["notices"], inputs["objections"], rule=plan.notice, as_of=as_of
            ),
            latest_notice=latest_notice(plan.notice, report_due=report_due),
            discipline=ledger,
            housekeeping=review_housekeeping(
                expenses=inputs["expenses"],
                requests=inputs["requests"],
                enumerators=inputs["enumerators"],
                trainings=inputs["trainings"],
                declarations=inputs["declarations"],
                payers=plan.expenses.payer,
                allowed_requests=plan.burden.allowed,
                pass_mark=plan.training.pass_mark,
            ),
            unknown_years=unknown_years([as_of, *(step.due for step in steps)]),
        )
    )


def rectification(
    audit: Audit, sampled: Result[Sampling], first: Result[Indicators], checked: Result[Checks]
) -> Result[Rectification]:
    """Return orders and their state, the re-check, and what they come to."""
    plan, params = audit.params.plan, audit.params
    inputs = audit.read("orders", "actions", "draws")
    broken = tuple(
        name
        for name, judgement in first.record.official.judgements.items()
        if not judgement.kept and judgement.otherwise == "rectify"
    )
    needed = (*broken, *checked.record.prominent)
    orders = follow_orders(
        needed,
        inputs["orders"],
        inputs["actions"],
        evaluated_side=plan.ladder.evaluated_side,
        latest=plan.rectification.latest,
        as_of=params.round.as_of,
    )
    drawn = any(inputs["draws"]["phase"] == "recheck")
    recheck, published = _recheck(audit, sampled) if drawn else (None, None)
    compared = compare_rounds(first.record.assurance, recheck.found.assurance) if recheck else ()
    return Result(
        Rectification(
            version=1,
            needed=needed,
            orders=orders,
            recheck=recheck,
            compared=compared,
            outcome=_outcome(first.record.decision, needed, orders, recheck, broken),
        ),
        {f"recheck_{name}": table for name, table in published.tables.items()} if published else {},
        {f"recheck_{name}": content for name, content in published.files.items()}
        if published
        else {},
    )


def _recheck(audit: Audit, sampled: Result[Sampling]) -> tuple[Recheck, Result[Sampling]]:
    """Return the indicators of the fresh sample, and the sample as it is published.

    It is drawn from the same frame by a new seed. Households that were in the first
    sample too are counted apart, or left out where that is the reading (A52).
    """
    drawn: Drawn = draw_phase(audit, "recheck")
    published = publish(audit, drawn)
    inputs = audit.read(*phases.FIELD_TABLES)
    phase = phases.open_phase(inputs, "recheck", published)
    worked = phases.review_fieldwork(phase, inputs, audit.params, wanted={}, groups=0)
    found = phases.review_findings(phase, audit.params, drawn.members)
    facts = phases.registry_facts(drawn.registry, drawn.members)
    response = worked.tables["response"]
    evidence = phases.gather_evidence(phase, found, response, facts, audit.params)
    before = sampled.tables["sample"]
    earlier = set(before.loc[before["stage"] == "household", "unit"])
    again = evidence.lifted[evidence.lifted["study_id"].isin(earlier)]
    if audit.params.switches["recheck_sample"] == "excluded":
        fresh = ~evidence.lifted["study_id"].isin(earlier)
        evidence = replace(evidence, lifted=evidence.lifted[fresh].reset_index(drop=True))
    recheck = Recheck(
        draw=drawn.draw.number,
        design_digest=drawn.draw.design_digest,
        villages=drawn.design.villages,
        lifted_households=len(evidence.lifted),
        both_rounds=len(again),
        both_wrong=int((again["verified"] != "").sum()),
        found=judge_phase(audit, evidence, drawn.population, phase, response),
    )
    return recheck, published


def _outcome(
    decision: Decision,
    needed: tuple[str, ...],
    orders: tuple[object, ...],
    recheck: Recheck | None,
    broken: tuple[str, ...],
) -> Outcome:
    """Return what rectification comes to: an order closed is not yet a rate that is kept."""
    if decision is Decision.NO_EXIT:
        return Outcome.NO_REMEDY
    if recheck is not None:
        if recheck.found.decision is Decision.UNDECIDED:
            return Outcome.UNDECIDED
        return Outcome.PASSED if recheck.found.decision is Decision.EXIT else Outcome.FAILED
    if not needed:
        return Outcome.NOT_NEEDED
    states = {getattr(order, "state", None) for order in orders}
    if OrderState.MISSING in states:
        return Outcome.AWAITING_ORDERS
    if broken or states - {OrderState.CLOSED, OrderState.CLOSED_LATE}:
        return Outcome.AWAITING_RECHECK
    return Outcome.PASSED


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
