"""The stages `checks` and `procedure`: what offices did, and what was seen of it."""

import pandas as pd

from auditlib.checks.documents import check_documents, inputs_per_head, leader_visits, unjudged
from auditlib.checks.interviews import hear, hear_households, unheard
from auditlib.checks.policies import PolicyCheck, check_policies
from auditlib.checks.severity import graver, list_problems, prominent
from auditlib.checks.summary import Checks
from auditlib.checks.villages import (
    check_villages,
    compare_services,
    judge_improvement,
    line_up_villages,
)
from auditlib.files.inputs import Inputs
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.store import Result
from auditlib.procedure.approval import follow_approval
from auditlib.procedure.burden import review_housekeeping
from auditlib.procedure.calendar import unknown_years
from auditlib.procedure.discipline import Discipline, Standing, review
from auditlib.procedure.earlier import earlier_results
from auditlib.procedure.evaluator import evaluator_file
from auditlib.procedure.notice import check_notices, latest_notice, report_hindrance
from auditlib.procedure.readiness import readiness
from auditlib.procedure.steps import field_days, follow
from auditlib.procedure.summary import Procedure
from auditlib.report.documents import docx_bytes
from auditlib.report.documents.implementation import Promised, implementation_plan
from auditlib.sampling.design import DIRECT
from auditlib.sampling.plan import make_sizes
from auditlib.sampling.summary import Sampling

CHECK_TABLES = (
    "villages",
    "household_visits",
    "recognition",
    "interviews",
    "village_checks",
    "county_services",
    "policy_lines",
    "policy_records",
    "leader_visits",
    "funds",
    "documents",
)

PROCEDURE_TABLES = (
    "registry_households",
    "household_visits",
    "documents",
    "steps",
    "notices",
    "objections",
    "discipline",
    "expenses",
    "trainings",
    "declarations",
    "requests",
    "logistics",
    "safety",
    "earlier_results",
    "approvals",
    "enumerators",
)


def checks(audit: Audit, sampled: Result[Sampling]) -> Result[Checks]:
    """Return the checks of chapter 三（三）3-6 and the interviews, with problems graded."""
    plan = audit.params.plan
    inputs = audit.read(*CHECK_TABLES)
    villages, found = inputs["villages"], inputs["village_checks"]
    documents = check_documents(
        plan.documents, inputs["documents"], chapters=("deployment", "follow_up")
    )
    leaders = leader_visits(inputs["leader_visits"], villages, leaders=plan.leader_visits.leaders)
    funds = inputs_per_head(
        inputs["funds"],
        registered_persons=audit.params.county.populations.registered,
        poor_villages=int((villages["ever_poor"] == "yes").sum()),
    )
    policies = _policies(audit, inputs)
    items = check_villages(plan.village_items, found, met=plan.village_rule.met)
    interviews = inputs["interviews"]
    answers = hear(
        interviews[interviews["phase"] == "first"],
        classes=plan.interviews.classes,
        topics=plan.interviews.topics,
        recognises=plan.recognition.recognises,
    )
    classes, topics = unheard(answers, topics=plan.interviews.topics)
    problems = list_problems(
        measures=plan.severity.measures,
        wanted=plan.documents,
        documents=documents,
        leaders=leaders,
        inputs=funds,
        policies=policies,
        policy_grades=_gravest(inputs),
        villages=items,
    )
    return Result(
        Checks(
            version=2,
            documents=documents,
            leaders=leaders,
            inputs=funds,
            unjudged=unjudged(funds),
            policies=policies,
            villages=items,
            lines=line_up_villages(plan.village_items, found, villages),
            improvement=judge_improvement(
                plan.village_items, found, villages, met=plan.village_rule.met
            ),
            services=compare_services(
                plan.county_services,
                inputs["county_services"],
                close_within=plan.services_rule.close_within,
            ),
            interviews=answers,
            unheard=classes,
            unasked=topics,
            households=hear_households(
                _first(inputs).merge(inputs["recognition"], on="visit_id", suffixes=("_told", "")),
                kinds=plan.recognition.kinds,
                recognises=plan.recognition.recognises,
            ),
            problems=problems,
            prominent=prominent(problems),
        )
    )


def _first(inputs: Inputs) -> pd.DataFrame:
    """Return the completed visits of the first round."""
    visits = inputs["household_visits"]
    return visits[(visits["phase"] == "first") & (visits["disposition"] == "completed")]


def _policies(audit: Audit, inputs: Inputs) -> tuple[PolicyCheck, ...]:
    """Return the policy lines beside what registered households answered."""
    visits = _first(inputs)
    registered = visits[visits["kind"].isin(["lifted", "still_poor"])]
    return check_policies(
        audit.params.plan.policy_lines,
        inputs["policy_lines"],
        registered,
        inputs["policy_records"],
    )


def _gravest(inputs: Inputs) -> dict[str, str]:
    """Return the evaluator's gravest grade of every policy line over its sites."""
    found: dict[str, str] = {}
    sites = inputs["policy_lines"]
    for line, severity in zip(sites["line"], sites["problem"], strict=True):
        found[line] = graver(found.get(line, ""), severity)
    return found


def read_ledger(audit: Audit, inputs: Inputs) -> Discipline:
    """Return the discipline ledger as it stands on the round's day."""
    plan = audit.params.plan
    return review(
        inputs["discipline"],
        prohibitions=plan.prohibitions,
        veto_authority=plan.discipline.veto_authority,
        as_of=audit.params.round.as_of,
    )


def withheld(audit: Audit) -> str:
    """Return why no result of this county may be published; empty if it may.

    A terminated evaluation has no result, and what was found before is not shown either.
    A veto overrides that too: without figures it alone decides.
    """
    ledger = read_ledger(audit, audit.read("discipline"))
    if ledger.standing is Standing.VETOED and (ledger.terminated or audit.awaiting):
        return "vetoed"
    return "terminated" if ledger.terminated else ""


def procedure(audit: Audit) -> Result[Procedure]:
    """Return steps, notices, discipline and the evaluator's own duties."""
    plan, params = audit.params.plan, audit.params
    inputs = audit.read(*PROCEDURE_TABLES)
    as_of, ledger = params.round.as_of, read_ledger(audit, inputs)
    notices = check_notices(inputs["notices"], inputs["objections"], rule=plan.notice, as_of=as_of)
    hindrance = report_hindrance(notices, as_of=as_of)
    steps = follow(
        plan.steps,
        inputs["steps"],
        inputs["documents"],
        as_of=as_of,
        reading=params.switches["deadlines"],
        due=params.county.due,
        announce_first=params.switches["spot_check_order"] == "after",
        shift=ledger.days_suspended,
        hindered={"deliberation": hindrance} if hindrance else {},
    )
    due = {step.step: step.due for step in steps}
    told = params.round.evaluator
    record = Procedure(
        version=2,
        as_of=as_of,
        reading=params.switches["deadlines"],
        level=params.round.level,
        steps=steps,
        notices=notices,
        latest_notice=latest_notice(plan.notice, report_due=due["deliberation"]),
        hindrance=hindrance,
        approval=follow_approval(
            inputs["approvals"],
            authority=plan.approval.authority,
            spot_check_authority=plan.approval.spot_check_authority,
            as_of=as_of,
        ),
        field_days=field_days(plan.steps["evaluation"], due=due["evaluation"]),
        earlier=earlier_results(
            inputs["earlier_results"],
            still_poor=audit.population(inputs).still_poor,
            population=params.county.populations.total,
        ),
        evaluator=evaluator_file(
            told.name,
            told.tender,
            told.contract,
            told.criteria,
            wanted=plan.evaluator_criteria,
        ),
        first_responsible=params.county.first_responsible,
        readiness=readiness(plan.documents, inputs["documents"]),
        discipline=ledger,
        housekeeping=review_housekeeping(
            expenses=inputs["expenses"],
            requests=inputs["requests"],
            enumerators=inputs["enumerators"],
            trainings=inputs["trainings"],
            declarations=inputs["declarations"],
            logistics=inputs["logistics"],
            safety=inputs["safety"],
            visits=inputs["household_visits"],
            payers=plan.expenses.payer,
            allowed_requests=plan.burden.allowed,
            pass_mark=plan.training.pass_mark,
        ),
        unknown_years=unknown_years([as_of, *due.values()]),
    )
    promised = docx_bytes(implementation_plan(audit.page, record, _promised(audit, inputs)))
    return Result(record, files={"implementation_plan.docx": promised})


def _promised(audit: Audit, inputs: Inputs) -> Promised:
    """Return the sizes of the sample that the plan asks for in this county."""
    plan, people = audit.params.plan, audit.params.county.populations
    registry = inputs["registry_households"]
    present = registry["excluded"] == ""
    listed = int((present & registry["status"].isin(plan.registry.lifted)).sum())
    sizes = make_sizes(
        plan.sampling,
        registered_persons=people.registered,
        lifted_listed=listed,
        draw=audit.params.switches["draw"],
    )
    return Promised(
        direct=audit.params.switches["draw"] == DIRECT,
        registered_persons=people.registered,
        lifted_listed=listed,
        lifted=sizes.lifted,
        unregistered=sizes.plan.unregistered,
        needed=sizes.precision.n,
        margin=sizes.margin,
    )
