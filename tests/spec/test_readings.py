"""Every combination of readings decides as the verdict under that reading does. R021 R026 R027 R105"""

from dataclasses import replace
from random import Random
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from auditlib import pipeline
from auditlib.indicators.drawn import lifted_design
from auditlib.indicators.readings import ORDER, compare_readings, decide_all
from auditlib.indicators.summary import verdict
from auditlib.indicators.verdict import Decision, with_open_cases
from auditlib.pipeline import phases, stages
from tests.conftest import COUNTY, copy_golden

SAMPLED = 150


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """Return the golden county with cases of every kind, near enough to its limits to flip."""
    root = tmp_path_factory.mktemp("readings")
    copy_golden(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        audit = pipeline.open_audit(COUNTY, "golden")
        sampled = stages.sampling(audit)
        worked, found = stages.fieldwork(audit, sampled), stages.findings(audit, sampled)
        inputs = audit.read("registry_households", *phases.FIELD_TABLES)
        phase = phases.open_phase(inputs, "first", sampled)
        facts = phases.registry_facts(inputs["registry_households"], audit.members(inputs))
        response = worked.tables["response"]
        evidence = phases.gather_evidence(phase, found, response, facts, audit.params)
    return SimpleNamespace(
        evidence=replace(evidence, lifted=spoiled(evidence.lifted)),
        population=audit.population(inputs),
        plan=audit.params.plan,
        limits=audit.page.limits,
        official=audit.params.switches,
    )


def spoiled(lifted: pd.DataFrame) -> pd.DataFrame:
    """Give a few households cases that only some readings count."""
    row = np.arange(len(lifted))
    step = max(len(lifted) // 5, 1)
    return lifted.assign(
        verified=np.where(row == 0, "stability", np.where(row == step, "schooling", "")),
        open=np.where(row == 2 * step, "water", ""),
        lines=np.where(row == step, 1, 0),
        missing=np.where(row == 3 * step, 1, 0),
        excused=np.where(row == 4 * step, 1, 0),
    )


def options(county) -> dict:
    return {
        "plan": county.plan,
        "limits": county.limits,
        "official": county.official,
    }


def test_a_combination_decides_as_the_verdict_under_that_reading(county) -> None:
    """Thousands are put together from a few counts; some are judged one by one here."""
    design = lifted_design(county.evidence.lifted)
    decisions, _ = decide_all(county.evidence, county.population, design, **options(county))

    assert len(set(decisions.values())) > 1
    for key in Random(20180717).sample(sorted(decisions), SAMPLED):
        switches = {**county.official, **dict(zip(ORDER, key, strict=True))}
        alone = verdict(
            county.evidence,
            county.population,
            design,
            plan=county.plan,
            limits=county.limits,
            switches=switches,
        )
        assert decisions[key] is alone.decision, switches


def test_the_summary_counts_all_and_names_each_single_switch_that_flips(county) -> None:
    design = lifted_design(county.evidence.lifted)
    decisions, curves = decide_all(county.evidence, county.population, design, **options(county))
    found = compare_readings(county.evidence, county.population, design, **options(county))
    taken = {name: county.official[name] for name in ORDER}
    official = decisions[tuple(taken.values())]

    assert found.combinations == len(decisions) == sum(found.decisions.values())
    assert found.agree == sum(decision is official for decision in decisions.values())
    assert found.fragile == bool(found.flips)
    flips = {(f.switch, f.option): f.decision for f in found.flips}
    for name, choices in county.plan.options(varied=True).items():
        for option in set(choices) - {taken[name]}:
            other = decisions[tuple((taken | {name: option}).values())]
            assert flips.get((name, option), official) is other
    assert all(list(curve.values) == sorted(curve.values) for curve in curves)


@pytest.mark.parametrize("other", [Decision.RECTIFY, Decision.NO_EXIT])
def test_open_cases_that_would_decide_otherwise_leave_a_county_undecided(other: Decision) -> None:
    """R021, A09, 五（二）."""
    assert with_open_cases(Decision.EXIT, other) is Decision.UNDECIDED
    assert with_open_cases(other, other) is other
