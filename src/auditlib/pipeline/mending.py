"""The stage `rectification`: orders, the fresh sample of the re-check, and the outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from auditlib.checks.summary import Checks
from auditlib.findings.summary import Findings
from auditlib.indicators.assurance import Assurance
from auditlib.indicators.measure import Evidence, wrong_persons
from auditlib.indicators.summary import Indicators
from auditlib.pipeline import phases
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.drawing import draw_phase, publish
from auditlib.pipeline.judging import judge_phase
from auditlib.pipeline.official import read_ledger
from auditlib.pipeline.store import Result
from auditlib.plan import Bound
from auditlib.procedure.discipline import Standing
from auditlib.rectification.compare import Comparison, Target, compare, compare_rounds
from auditlib.rectification.fresh import FirstRound, Fresh, first_round, tell_apart
from auditlib.rectification.orders import SETTLED, OrderStatus, follow_orders
from auditlib.rectification.summary import (
    Outcome,
    Recheck,
    Rectification,
    conclude_rectification,
    verdict_on,
)
from auditlib.report.documents import docx_bytes
from auditlib.report.documents.letter import feedback_letter
from auditlib.sampling.summary import Sampling

CASE_KINDS = {"wrong_exit_rate": "wrong_exit", "missed_rate": "missed"}
"""Indicators whose verified cases are closed one by one, and the kind of these cases."""

WRONG = "wrong_exit_rate"


@dataclass(frozen=True)
class _Earlier:
    """What the re-check must know of the first round: households completed, cases verified."""

    households: pd.DataFrame
    cases: Mapping[str, tuple[str, ...]]
    wrong: Mapping[str, tuple[str, ...]]

    @property
    def by_village(self) -> dict[str, frozenset[str]]:
        """Households completed in the first round, by village."""
        rows = self.households.groupby("village")["study_id"]
        return {f"V-{village}": frozenset(units) for village, units in rows}


def rectification(
    audit: Audit,
    sampled: Result[Sampling],
    found: Result[Findings],
    first: Result[Indicators],
    checked: Result[Checks],
) -> Result[Rectification]:
    """Return orders and their state, the re-check, and what they come to."""
    plan = audit.params.plan
    inputs = audit.read("orders", "actions", "draws", "discipline")
    broken = tuple(
        name
        for name, judgement in first.record.official.judgements.items()
        if judgement.kept is False and judgement.otherwise == "rectify"
    )
    needed = (*broken, *checked.record.prominent)
    before = _earlier(found)
    table, actions, refused = inputs["orders"], inputs["actions"], plan.approval.refused
    orders = _follow(audit, needed, table[table["problem"] != refused], actions, before.cases)
    registered = any(inputs["draws"]["phase"] == "recheck")
    drawn = registered and bool(audit.revealed_nonce("recheck"))
    recheck, published = _recheck(audit, before, orders) if drawn else (None, None)
    if registered and not drawn:  # sealed: frame, design and register only
        published = publish(audit, draw_phase(audit, "recheck"))
    verdicts = {
        name: verdict_on(recheck.found.official.judgements[name], recheck.found.assurance[name])
        for name in broken
        if recheck
    }
    outcome = conclude_rectification(
        first.record.decision,
        needed=needed,
        broken=broken,
        orders=orders,
        recheck=recheck,
        verdicts=verdicts,
    )
    vetoed = read_ledger(audit, inputs).standing is Standing.VETOED
    after = None
    if vetoed or outcome in (Outcome.NO_REMEDY, Outcome.FAILED):
        own = table[table["problem"] == refused]
        after = _follow(audit, (refused,), own, actions, {}, latest=date.max)[0]
    extra = published if published is not None else Result(None)
    record = Rectification(
        version=3,
        needed=needed,
        orders=orders,
        recheck=recheck,
        verdicts=verdicts,
        compared=_compared(audit, first.record.assurance, recheck) if recheck else (),
        after_refusal=after,
        latest=plan.rectification.latest,
        outcome=outcome,
    )
    files = {f"recheck_{name}": content for name, content in extra.files.items()}
    if needed:
        letter = feedback_letter(
            audit.page,
            record,
            judgements=first.record.official.judgements,
            problems=checked.record.problems,
        )
        files["feedback_letter.docx"] = docx_bytes(letter)
    return Result(record, {f"recheck_{name}": each for name, each in extra.tables.items()}, files)


def _follow(
    audit: Audit,
    problems: tuple[str, ...],
    orders: pd.DataFrame,
    actions: pd.DataFrame,
    cases: Mapping[str, tuple[str, ...]],
    *,
    latest: date | None = None,
) -> tuple[OrderStatus, ...]:
    plan = audit.params.plan
    return follow_orders(
        problems,
        orders,
        actions,
        evaluated_side=plan.ladder.evaluated_side,
        latest=latest or plan.rectification.latest,
        as_of=audit.params.round.as_of,
        cases=cases,
    )


def _earlier(found: Result[Findings]) -> _Earlier:
    """Return what the first round knows of its households and cases."""
    cases = found.tables["cases"]
    verified = cases[cases["state"] == "verified"]
    wrong = verified[verified["kind"] == "wrong_exit"].groupby("study_id")["case_id"]
    return _Earlier(
        found.tables["outcomes"],
        {
            name: tuple(sorted(verified.loc[verified["kind"] == kind, "case_id"]))
            for name, kind in CASE_KINDS.items()
        },
        {str(unit): tuple(ids) for unit, ids in wrong},
    )


def _recheck(
    audit: Audit, before: _Earlier, orders: tuple[OrderStatus, ...]
) -> tuple[Recheck | None, Result[Sampling]]:
    """Return the indicators of the fresh sample, and the sample as it is published.

    It is drawn from the same frame by a new seed. Households that the first round
    completed too are counted apart, or left out where that is the reading (A52). Until a
    visit is made there is a sample and no re-check.
    """
    drawn = draw_phase(audit, "recheck")
    published = publish(audit, drawn)
    inputs = audit.read(*phases.FIELD_TABLES, *phases.CASE_TABLES)
    phase = phases.open_phase(inputs, "recheck", published)
    if phase.visits.empty:
        return None, published
    worked = phases.review_fieldwork(phase, inputs, audit.params, wanted={}, groups=0)
    found = phases.review_findings(phase, audit.params, drawn.members, inputs=inputs)
    facts = phases.registry_facts(drawn.registry, drawn.members)
    response = worked.tables["response"]
    evidence = phases.gather_evidence(phase, found, response, facts, audit.params)
    fresh = _tell_apart(audit, evidence, before, orders, drawn.population.lifted)
    visited = evidence.lifted["study_id"].isin(before.households["study_id"])
    again = evidence.lifted[visited]
    if audit.params.switches["recheck_sample"] == "excluded":
        evidence = replace(evidence, lifted=evidence.lifted[~visited].reset_index(drop=True))
    recheck = Recheck(
        draw=drawn.draw.number,
        design_digest=drawn.draw.design_digest,
        villages=published.record.villages,
        lifted_households=len(evidence.lifted),
        both_rounds=len(again),
        both_wrong=int((again["verified"] != "").sum()),
        fresh=fresh,
        found=judge_phase(audit, evidence, drawn.population, phase, response),
    )
    return recheck, published


def _tell_apart(
    audit: Audit,
    evidence: Evidence,
    before: _Earlier,
    orders: tuple[OrderStatus, ...],
    lifted_persons: int,
) -> Fresh | None:
    """Return the re-check's wrong-exit rate with first-round households told apart."""
    settled = frozenset(c.case_id for o in orders for c in o.cases if c.state in SETTLED)
    rows = before.households
    members = dict(zip(rows["study_id"], rows["members"].astype(int), strict=True))
    wrong = wrong_persons(evidence, audit.params.switches)
    again = frozenset(evidence.lifted.loc[wrong > 0, "study_id"])
    known: FirstRound = first_round(members, before.wrong, settled=settled, wrong_again=again)
    return tell_apart(
        evidence.lifted,
        wrong,
        earlier=before.by_village,
        first=known,
        lifted_persons=lifted_persons,
        level=float(audit.params.plan.sampling.precision.level),
    )


def _compared(
    audit: Audit, first: Mapping[str, Assurance], recheck: Recheck
) -> tuple[Comparison, ...]:
    """Return the rounds beside each other; the wrong-exit rate also by whom it stands for."""
    more = frozenset(
        name
        for name, rule in audit.params.plan.indicators.items()
        if rule.must_be in (Bound.ABOVE, Bound.AT_LEAST)
    )
    found = compare_rounds(first, recheck.found.assurance, more_is_better=more)
    if recheck.fresh is None:
        return found
    parts = (
        (Target.NOT_YET_VISITED, recheck.fresh.not_yet_visited),
        (Target.OWN_STRATUM, recheck.fresh.own_stratum),
    )
    return found + tuple(
        compare(WRONG, first[WRONG], rate, more_is_better=False, target=target)
        for target, rate in parts
    )
