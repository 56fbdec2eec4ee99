"""The stages: read, compute, write. The only module that notebooks call for work.

A stage takes what came before it from the folder of results if that was made from
the same inputs by the same code, and computes it afresh if not; so every notebook
can be run alone.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from auditlib.checks.summary import Checks
from auditlib.cycles import spare, uncollected
from auditlib.fieldwork.summary import Fieldwork
from auditlib.files.stages import STAGES, numbered
from auditlib.files.writing import plain
from auditlib.findings.signed import SignedRun
from auditlib.findings.summary import Findings
from auditlib.indicators.summary import Indicators
from auditlib.pipeline import mending, official, phases, reporting, signing, stages
from auditlib.pipeline.audit import DRAWER, Audit, open_audit
from auditlib.pipeline.consolidate import Round, consolidate, open_round
from auditlib.pipeline.drawing import FRAME_TABLES
from auditlib.pipeline.papers import papers
from auditlib.pipeline.store import Origin, Result, load, make_key, make_origin, save
from auditlib.procedure.summary import Procedure
from auditlib.rectification.summary import Rectification
from auditlib.report import scraps
from auditlib.report.consolidated import Consolidated, many
from auditlib.report.page import Awaiting
from auditlib.report.record import CountyReport
from auditlib.sampling.summary import Sampling

__all__ = [
    "STAGES",
    "Audit",
    "Round",
    "case_list",
    "checks",
    "consolidated",
    "fieldwork",
    "findings",
    "indicators",
    "numbered",
    "open_audit",
    "open_round",
    "procedure",
    "rectification",
    "report",
    "sampling",
    "sign",
    "stage_key",
    "stage_origin",
]

# Columns of a county are short and read cell by cell: there Arrow's text is slower by a sixth
# of all stages, for the same values and the same bytes.
pd.set_option("mode.string_storage", "python")

# stage: record, computing function, input tables, stages before; the discipline ledger
# is everywhere, since a termination takes every result back
_GRAPH: dict[str, tuple[type, Callable[..., Result[Any]], tuple[str, ...], tuple[str, ...]]] = {
    "sampling": (Sampling, stages.sampling, FRAME_TABLES, ()),
    "fieldwork": (
        Fieldwork,
        stages.fieldwork,
        ("villages", "discipline", *phases.FIELD_TABLES),
        ("sampling",),
    ),
    "findings": (
        Findings,
        stages.findings,
        ("registry_households", "discipline", *phases.FIELD_TABLES, *phases.CASE_TABLES),
        ("sampling",),
    ),
    "indicators": (
        Indicators,
        stages.indicators,
        ("registry_households", "discipline", *phases.FIELD_TABLES),
        ("sampling", "fieldwork", "findings"),
    ),
    "checks": (Checks, official.checks, (*official.CHECK_TABLES, "discipline"), ("sampling",)),
    "procedure": (Procedure, official.procedure, official.PROCEDURE_TABLES, ()),
    "rectification": (
        Rectification,
        mending.rectification,
        (
            *FRAME_TABLES,
            *phases.FIELD_TABLES,
            *phases.CASE_TABLES,
            "orders",
            "actions",
            "discipline",
        ),
        ("sampling", "findings", "indicators", "checks"),
    ),
    "report": (
        CountyReport,
        reporting.report,
        ("discipline",),
        ("fieldwork", "findings", "indicators", "checks", "procedure", "rectification"),
    ),
}


RECORDS: tuple[type, ...] = (*(kind for kind, *_ in _GRAPH.values()), Consolidated)
"""The records of all stages."""

_SWITCHES: dict[str, tuple[str, ...]] = {
    "sampling": ("remote", "draw", "groups"),
    "fieldwork": (),
    "findings": (),
    "checks": (),
    "procedure": ("deadlines", "spot_check_order", "draw"),
}
"""Readings on which a stage may depend; a stage that is not named here sees them all.

A changed reading makes anew only what depends on it. A stage cannot use one that is
not named: it does not see it.
"""


def _view(audit: Audit, stage: str) -> Audit:
    """Return the audit as a stage sees it: its own readings, and no other county."""
    params = audit.params
    seen = _SWITCHES.get(stage, tuple(params.switches))
    overrides = params.round.overrides
    if stage != "report":  # which prints the reason of every override
        plans = [o for o in overrides if o.plan]
        overrides = tuple(o.model_copy(update={"readings": {}}) for o in plans)
    own = {"counties": (params.county.code,), "overrides": overrides}
    round = params.round.model_copy(update=own)
    switches = {name: params.switches[name] for name in seen}
    return replace(audit, params=replace(params, round=round, switches=switches))


def stage_origin(audit: Audit, stage: str) -> Origin:
    """Return what a stage's result is made from, by name and digest."""
    _, _, tables, before = _GRAPH[stage]
    name = f"origin of {stage}"
    if name not in audit.memory:
        keys = {earlier: stage_key(audit, earlier) for earlier in before}
        # every page names places, so every stage depends on the list of villages
        read = ("villages", *tables)
        audit.memory[name] = make_origin(_view(audit, stage), stage, read, keys)
    origin: Origin = audit.memory[name]
    return origin


def stage_key(audit: Audit, stage: str) -> str:
    """Return the key under which a stage's result is kept."""
    return make_key(stage_origin(audit, stage))


def _result(audit: Audit, stage: str) -> Result[Any]:
    """Return a stage's result: the one kept under the same key, else computed afresh."""
    if stage not in audit.memory:
        kind, _, _, _ = _GRAPH[stage]
        kept: Result[Any] | None = load(audit, stage, stage_key(audit, stage), kind)
        audit.memory[stage] = kept or _compute(audit, stage)
    result: Result[Any] = audit.memory[stage]
    return result


def _compute(audit: Audit, stage: str) -> Result[Any]:
    _, compute, _, before = _GRAPH[stage]
    return compute(_view(audit, stage), *(_result(audit, name) for name in before))


@uncollected()
def _run(audit: Audit, stage: str) -> Any:
    """Compute a stage, keep its result, glue it into the notebook, and return its record."""
    origin = stage_origin(audit, stage)  # before anything is read, so that no change is missed
    result: Result[Any]
    waiting = "" if stage in ("sampling", "procedure") else _waiting(audit)
    result = Result(Awaiting(1, stage, waiting)) if waiting else _compute(audit, stage)
    if stage == "report":
        result = replace(result, files=papers(audit, result, lambda name: _result(audit, name)))
    digests = save(audit, stage, origin, result)
    scraps.glue(stage, plain(result.record), digests)
    _settle()
    return result.record


def _settle() -> None:
    """In a kernel of a run, which ends with its notebook, never look through what was computed."""
    if DRAWER in os.environ:
        spare()


def _waiting(audit: Audit) -> str:
    """Return why a stage has no record: no field work yet, or a terminated evaluation."""
    return official.withheld(audit) or audit.awaiting


def sampling(audit: Audit) -> Sampling:
    """抽样: what is in the frame, how many and why, which units, and who can redraw them."""
    record: Sampling = _run(audit, "sampling")
    return record


def fieldwork(audit: Audit) -> Fieldwork | Awaiting:
    """实地调查: was the sample reached, by whom, how well; what could not be used."""
    record: Fieldwork | Awaiting = _run(audit, "fieldwork")
    return record


def case_list(audit: Audit) -> bytes:
    """Return the workbook 问题清单 of the first round, made from the ledger as it is."""
    result: Result[Any] = _compute(audit, "findings")
    return result.files["case_list.xlsx"]


def sign(audit: Audit, *, reason: str = "") -> SignedRun:
    """Sign the county's finished run; see `pipeline.signing.sign`."""
    return signing.sign(audit, {stage: stage_key(audit, stage) for stage in STAGES}, reason=reason)


def findings(audit: Audit) -> Findings | Awaiting:
    """问题核实: which households fall short, and how every suspected case was settled."""
    record: Findings | Awaiting = _run(audit, "findings")
    return record


def indicators(audit: Audit) -> Indicators | Awaiting:
    """指标: what the four rates are and decide, and how surely."""
    record: Indicators | Awaiting = _run(audit, "indicators")
    return record


def checks(audit: Audit) -> Checks | Awaiting:
    """检查: deployment, policies, infrastructure, services, follow-up, interviews."""
    record: Checks | Awaiting = _run(audit, "checks")
    return record


def procedure(audit: Audit) -> Procedure:
    """程序与纪律: is every step complete and in time, what happened against the discipline."""
    record: Procedure = _run(audit, "procedure")
    return record


def rectification(audit: Audit) -> Rectification | Awaiting:
    """整改复核: what was ordered, what is closed, does a fresh sample confirm it."""
    record: Rectification | Awaiting = _run(audit, "rectification")
    return record


def report(audit: Audit) -> CountyReport | Awaiting:
    """评估报告: the county's own report and its own result sheet."""
    record: CountyReport | Awaiting = _run(audit, "report")
    return record


@uncollected()
def consolidated(round: Round) -> Consolidated:
    """汇总: the counties side by side, from the scraps of their notebooks alone.

    Of many counties the notebook keeps no second copy; it has the digest of their file.
    """
    record, digests = consolidate(round)
    glued = replace(record, lines=()) if many(round.page, record) else record
    scraps.glue("consolidated", plain(glued), digests)
    _settle()
    return record
