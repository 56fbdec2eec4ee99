"""What every stage computes: read, call the domain, return the record and its tables."""

from dataclasses import replace
from fractions import Fraction

from auditlib.checks.documents import check_documents, inputs_per_head, leader_visits
from auditlib.checks.interviews import hear
from auditlib.checks.policies import check_policies
from auditlib.checks.summary import Checks
from auditlib.checks.villages import check_villages, compare_services
from auditlib.estimation import binomial_interval
from auditlib.fieldwork.summary import Fieldwork
from auditlib.files.writing import workbook_bytes
from auditlib.findings.summary import Findings
from auditlib.indicators.measure import Evidence, Population
from auditlib.indicators.summary import Indicators, Interval, Verdict, verdict
from auditlib.indicators.verdict import Decision
from auditlib.pipeline import phases
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.drawing import Drawn, draw_phase, publish
from auditlib.pipeline.store import Result
from auditlib.procedure.burden import review_housekeeping
from auditlib.procedure.calendar import unknown_years
from auditlib.procedure.discipline import review
from auditlib.procedure.notice import check_notices, latest_notice
from auditlib.procedure.steps import StepState, follow
from auditlib.procedure.summary import Procedure
from auditlib.rectification.orders import OrderState, follow_orders
from auditlib.rectification.summary import Comparison, Outcome, Recheck, Rectification
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
    audit: Audit, sampled: Result[Sampling], found: Result[Findings]
) -> Result[Indicators]:
    """Return the four indicators, what they decide, and how sure they are."""
    inputs = audit.read("registry_households", *phases.FIELD_TABLES)
    phase = phases.open_phase(inputs, "first", sampled)
    evidence = phases.gather_evidence(phase, found, audit.params.plan.recognition.kinds)
    population = audit.population(inputs)
    official, with_open = _verdicts(audit, evidence, population)
    decided = official.decision == with_open.decision
    return Result(
        Indicators(
            version=1,
            phase="first",
            population=population,
            official=official,
            with_open=with_open,
            decision=official.decision if decided else Decision.UNDECIDED,
            intervals=_intervals(official),
            switches=dict(audit.params.switches),
        )
    )


def _verdicts(audit: Audit, evidence: Evidence, population: Population) -> tuple[Verdict, Verdict]:
    """Return the verdict on verified cases, and with open ones counted as well."""
    limits = audit.page.limits
    first, second = (
        verdict(
            evidence,
            population,
            plan=audit.params.plan,
            limits=limits,
            switches={**audit.params.switches, "open_cases": state},
        )
        for state in (audit.params.switches["open_cases"], "in")
    )
    return first, second


def _intervals(official: Verdict) -> dict[str, Interval]:
    """Return the exact binomial interval of the three rates, as if units were independent."""
    level = 0.95
    found = {}
    for name, judgement in official.judgements.items():
        if name != "composite_incidence":
            low, high = binomial_interval(
                float(judgement.numerator), judgement.denominator, level=level
            )
            found[name] = Interval("clopper-pearson", level, low, high)
    return found


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
            villages=check_villages(plan.village_items, inputs["village_checks"]),
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
    audit: Audit,
    sampled: Result[Sampling],
    first: Result[Indicators],
    checked: Result[Checks],
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
    recheck = _recheck(audit, sampled) if drawn else None
    outcome = _outcome(first.record.decision, needed, orders, recheck, broken)
    compared: tuple[Comparison, ...] = ()
    if recheck:
        compared = tuple(
            Comparison(name, judgement.value, recheck.verdict.judgements[name].value)
            for name, judgement in first.record.official.judgements.items()
        )
    return Result(
        Rectification(
            version=1,
            needed=needed,
            orders=orders,
            recheck=recheck,
            compared=compared,
            outcome=outcome,
        )
    )


def _recheck(audit: Audit, sampled: Result[Sampling]) -> Recheck:
    """Return the verdict on the fresh sample; it is drawn from the same frame by a new seed."""
    drawn: Drawn = draw_phase(audit, "recheck")
    inputs = audit.read(*phases.FIELD_TABLES)
    phase = phases.open_phase(inputs, "recheck", publish(audit, drawn))
    found = phases.review_findings(phase, audit.params, drawn.members)
    evidence = phases.gather_evidence(phase, found, audit.params.plan.recognition.kinds)
    before = sampled.tables["sample"]
    earlier = set(before.loc[before["stage"] == "household", "unit"])
    again = evidence.lifted[evidence.lifted["study_id"].isin(earlier)]
    official, _ = _verdicts(audit, evidence, drawn.population)
    return Recheck(
        draw=drawn.draw.number,
        design_digest=drawn.draw.design_digest,
        villages=drawn.design.villages,
        lifted_households=len(evidence.lifted),
        both_rounds=len(again),
        both_wrong=int((again["verified"] != "").sum()),
        verdict=official,
        intervals=_intervals(official),
    )


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
        passed = recheck.verdict.decision is Decision.EXIT
        return Outcome.PASSED if passed else Outcome.FAILED
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
    judgements = (recheck.verdict if recheck else first.record.official).judgements
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
            raw_incidence=_raw(first.record.official),
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


def _raw(official: Verdict) -> Fraction:
    return official.incidence.raw


def _step(record: Procedure) -> str:
    """Return the step at which the county stands: the first that is not closed."""
    closed = (StepState.CLOSED, StepState.CLOSED_LATE)
    return next((s.step for s in record.steps if s.state not in closed), record.steps[-1].step)
