"""One invented county, whole: its tables, its parameter file, and the truth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from random import Random
from typing import Any

import pandas as pd

from auditlib.demo import field as fieldwork
from auditlib.demo import frame as frames
from auditlib.demo import official
from auditlib.demo.batches import make_batches, make_releases
from auditlib.demo.field import Field
from auditlib.demo.quality import (
    make_backchecks,
    make_quality_sheet,
    make_question_times,
    observe,
    village_points,
)
from auditlib.demo.scenarios import Found, Scenario
from auditlib.findings.record import extend
from auditlib.plan import Plan
from auditlib.sampling.commitment import commit, make_seed
from auditlib.sampling.county import Sample, draw_county
from auditlib.sampling.design import make_design
from auditlib.sampling.frame import Frame
from auditlib.sampling.plan import make_frame, make_quotas, make_rules, make_sizes
from auditlib.sampling.pseudonym import group_id, household_id
from auditlib.tables import TABLES, Kind

TEAMS = 6
RECORDED = date(2019, 3, 15)
PHASES = {
    "first": (date(2019, 2, 20), date(2019, 2, 26), date(2019, 3, 1), 14),
    "recheck": (date(2019, 4, 1), date(2019, 4, 3), date(2019, 4, 5), 9),
}
"""Day of the commitment, of the draw, first day in the field, and days there."""


@dataclass(frozen=True)
class DemoCounty:
    """Everything invented of one county; `truth` is never read by a stage."""

    scenario: Scenario
    tables: Mapping[str, pd.DataFrame]
    params: Mapping[str, Any]
    truth: Mapping[str, Any]


@dataclass(frozen=True)
class _County:
    """What all phases of one county share."""

    scenario: Scenario
    plan: Plan
    villages: pd.DataFrame
    groups: pd.DataFrame
    registry: pd.DataFrame
    ages: Mapping[str, list[tuple[int, bool]]]
    frame: Frame
    income_line: float
    switches: Mapping[str, str]


def make_county(
    scenario: Scenario,
    plan: Plan,
    *,
    seed: str,
    key: bytes,
    income_line: float,
    places: Sequence[frames.Place] | None = None,
    prefix: str = "",
    readings: Mapping[str, str] | None = None,
) -> DemoCounty:
    """Return an invented county that meets its scenario exactly.

    Parameters
    ----------
    scenario
        What is to be found.
    plan
        Quotas, codes and steps.
    seed
        Text that fixes every random choice, with the county's code.
    key
        Secret of the round's pseudonyms.
    income_line
        Poverty line, yuan per person and year.
    places
        Villages; those of the statistics bureau if None.
    prefix
        Of every ticket's stage: `municipal-` in a round of the city.
    readings
        Readings that the round takes instead of the plan's.
    """
    random = Random(f"{seed} {scenario.code}")
    where = places if places is not None else frames.places(scenario.code)
    villages = frames.make_villages(scenario, where, random)
    groups = frames.make_groups(villages, random)
    registry = frames.make_registry(scenario, villages, groups, random)
    persons = frames.make_persons(registry, random)
    registered = registry.groupby("village")["members"].sum()
    villages["population"] = villages["unregistered_persons"] + villages["village"].map(
        registered
    ).fillna(0).astype(int)
    frame = make_frame(
        villages,
        groups,
        registry.assign(excluded=""),
        plan=plan.sampling,
        statuses={"lifted": plan.registry.lifted, "still_poor": plan.registry.still_poor},
        key=key,
    )
    registry["study_id"] = [household_id(h, key=key) for h in registry["household"]]
    groups["unit"] = [
        group_id(v, g) for v, g in zip(groups["village"], groups["group"], strict=True)
    ]
    county = _County(
        scenario,
        plan,
        villages,
        groups.set_index("unit", drop=False),
        registry.set_index("study_id", drop=False),
        _ages(persons, registry),
        frame,
        income_line,
        {**plan.switches(), **(readings or {})},
    )
    points = village_points(list(villages["village"]))
    tables: dict[str, list[dict[str, Any]]] = {"draws": [], "batches": [], "releases": []}
    truth: dict[str, Any] = {"county": scenario.code, "phases": {}}
    drawn: list[str] = []
    enumerators: set[str] = set()
    for phase, found in (("first", scenario.first), ("recheck", scenario.recheck)):
        if found is None and phase == "recheck":
            continue
        told, sample, tickets = _draw(county, phase, seed, prefix)
        tables["draws"].append(told)
        batches = make_batches(scenario.code, phase=phase, arrival=PHASES[phase][2], seed=seed)
        tables["batches"] += batches
        if found is None:
            continue
        start = len(tables["releases"])
        tables["releases"] += make_releases(scenario.code, batches, start=start)
        work, true = _fieldwork(county, phase, found, sample, tickets, random)
        truth["phases"][phase] = true
        enumerators |= {row["enumerator"] for row in work.visits} | set(fieldwork.STAFF.values())
        observe(work.visits, points, scenario.code)
        for name, rows in _field_tables(work, plan, random).items():
            tables.setdefault(name, []).extend(rows)
        if phase == "first":
            drawn = sorted(v.code.removeprefix("V-") for v in sample.villages)
            own = [(r["case_id"], r["kind"]) for r in work.cases if r.get("outcome") == "verified"]
            tables["policy_records"] = official.make_policy_records(
                plan, work.visits, Random(f"{seed} {scenario.code} policy records")
            )
            tables |= official.make_orders(scenario, own, first=date(2019, 3, 22))
            tables["case_record"] = _record(work.cases)
    if drawn:
        tables |= official.make_checks(scenario, plan, drawn, villages, random)
    tables["quality_checks"] = make_quality_sheet(plan)
    tables |= official.make_procedure(scenario, plan, sorted(enumerators), random)
    made = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    made |= {
        "villages": villages.assign(
            latitude=[points[v][0] for v in villages["village"]],
            longitude=[points[v][1] for v in villages["village"]],
        ),
        "left_out": frames.make_left_out(scenario.code, where),
        "groups": groups,
        "registry_households": registry,
        "registry_persons": persons,
    }
    return DemoCounty(
        scenario,
        {name: _shape(name, table) for name, table in sorted(made.items())},
        _params(scenario),
        truth,
    )


def _draw(
    county: _County, phase: str, seed: str, prefix: str
) -> tuple[dict[str, Any], Sample, str]:
    """Commit, draw and reveal; return the row of the register, the sample and its seed."""
    plan = county.plan.sampling
    lifted = sum(len(units) for units in county.frame.lifted.values())
    sizes = make_sizes(
        plan,
        registered_persons=county.scenario.registered,
        lifted_listed=lifted,
        draw=county.switches["draw"],
    )
    quotas = make_quotas(plan, sizes, literal_halves=False)
    stage = prefix + ("" if phase == "first" else "recheck-")
    rules = make_rules(plan, county.switches)
    design = make_design(county.frame, quotas, rules=rules, phase=stage)
    secret = sha256(f"{seed} {county.scenario.code} {phase}".encode()).hexdigest()
    nonce = str(int(secret, 16))[:20]
    public = str(int(secret[::-1], 16))[:8]
    committed, day, _, _ = PHASES[phase]
    draw = commit(county.frame, design, nonce, committed=committed)
    told = {
        "county": county.scenario.code,
        "number": draw.number,
        "phase": phase,
        "frame_digest": draw.frame_digest,
        "design_digest": draw.design_digest,
        "nonce_digest": draw.nonce_digest,
        "committed": committed.isoformat(),
        "public_number": public,
        "drawn": day.isoformat(),
        "witnesses": "省扶贫办代表、评估机构代表、公证员（合成）",
        "nonce": nonce,
        "reason": "",
    }
    tickets = make_seed(public, nonce)
    return told, draw_county(county.frame, design, tickets), tickets


def _fieldwork(
    county: _County, phase: str, found: Found, sample: Sample, seed: str, random: Random
) -> tuple[Field, dict[str, Any]]:
    teams = {v.code: i % TEAMS + 1 for i, v in enumerate(sample.villages)}
    for place in sample.places:  # of groups and reserves in villages that were not drawn
        teams.setdefault(place.code, len(teams) % TEAMS + 1)
    _, _, first_day, days = PHASES[phase]
    work = Field(county.scenario.code, phase, first_day, random, county.income_line, teams, days)
    wrong = fieldwork.visit_lifted(work, sample, county.registry, county.ages, found)
    missed = fieldwork.screen(work, sample, county.groups, county.plan, found)
    wanted = make_sizes(
        county.plan.sampling,
        registered_persons=county.scenario.registered,
        lifted_listed=sum(len(units) for units in county.frame.lifted.values()),
    ).plan.unregistered
    stage = "unregistered" if phase == "first" else "recheck-unregistered"
    fieldwork.visit_unregistered(work, missed, wanted, seed, stage)
    village_of = {u: f"V-{county.registry.at[u, 'village']}" for u in sample.still_poor.drawn}
    fieldwork.visit_still_poor(work, sample.still_poor.drawn, village_of)
    fieldwork.ask_recognition(work, found.recognised)
    return work, {"wrong_exit": sorted(wrong), "missed": sorted(missed)}


def _record(cases: list[dict[str, Any]]) -> list[dict[str, str | int]]:
    """Return the record of the first round's cases, as it was made at the end of its field work."""
    ledger = pd.DataFrame([{**row, "date": date.fromisoformat(row["date"])} for row in cases])
    ledger = ledger.astype({"persons": "Int64"})
    nothing = pd.DataFrame(columns=[c.name for c in TABLES["case_record"].columns])
    return extend(nothing, ledger, recorded=RECORDED)


def _field_tables(work: Field, plan: Plan, random: Random) -> dict[str, list[dict[str, Any]]]:
    return {
        "backchecks": make_backchecks(work.visits, work.county),
        "question_times": make_question_times(work.visits, work.county),
        "household_visits": work.visits,
        "visit_persons": work.persons,
        "screening_units": work.units,
        "screening_households": work.screened,
        "recognition": work.recognition,
        "cases": work.cases,
        "interviews": official.make_interviews(plan, work.first_day, random, work.phase),
    }


def _ages(persons: pd.DataFrame, registry: pd.DataFrame) -> dict[str, list[tuple[int, bool]]]:
    """Return age at the end of 2018 and chronic illness of the members of every household."""
    study_id = dict(zip(registry["household"], registry["study_id"], strict=True))
    ages: dict[str, list[tuple[int, bool]]] = {}
    for household, birth, health in zip(
        persons["household"], persons["birth"], persons["health"], strict=True
    ):
        age = 2018 - int(birth[:4])
        ages.setdefault(study_id[household], []).append((age, health == "chronic"))
    return ages


def _shape(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of the input table, in its order; those without a value are left out."""
    wanted = [c.name for c in TABLES[name].columns if c.name in table or c.required]
    optional = [c.name for c in TABLES[name].columns if c.kind is not Kind.PRIVATE]
    shaped = table.reindex(columns=[c for c in wanted if c in table or c in optional])
    return shaped.astype(object).where(shaped.notna(), "")


def _params(scenario: Scenario) -> dict[str, Any]:
    """Return the values of the county's parameter file."""
    return {
        "code": scenario.code,
        "name": {"zh": scenario.name.zh, "en": scenario.name.en},
        "class": scenario.class_,
        **({} if scenario.first else {"status": "awaiting_fieldwork"}),
        **({"region": scenario.region} if scenario.region else {}),
        "populations": {
            "total": scenario.population,
            "registered": scenario.registered,
            "unregistered": scenario.population - scenario.registered,
            "date": "2018-12-31",
            "source": "合成数据，仅供演示 · synthetic data",
        },
        "first_responsible": ["县委书记", "县长"],
    }
