"""The field work of one phase, from visits to settled cases: first round and re-check alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import pandas as pd

from auditlib.fieldwork.quality.checks import minutes
from auditlib.fieldwork.reach import last_visits, reach_by_kind, reach_by_village
from auditlib.fieldwork.summary import Fieldwork, TableCount, screened_in_full, screening
from auditlib.files.inputs import Inputs
from auditlib.findings.cases import Case, CaseState, without_events
from auditlib.findings.standards import Answer, judge, near_line
from auditlib.findings.summary import (
    Findings,
    count_cases,
    count_flow,
    count_missed,
    count_standards,
    count_tests,
    near_by_village,
    outcomes,
    shortfalls,
)
from auditlib.indicators.measure import Evidence
from auditlib.params import Params
from auditlib.pipeline.ledger import follow_ledger
from auditlib.pipeline.quality import review_quality
from auditlib.pipeline.responses import faults, responses
from auditlib.pipeline.store import Result
from auditlib.sampling.direct import COUNTY
from auditlib.sampling.pseudonym import group_id

FIELD_TABLES = (
    "household_visits",
    "visit_persons",
    "screening_units",
    "screening_households",
    "recognition",
    "interviews",
    "enumerators",
    "backchecks",
    "question_times",
    "corrections",
    "duplicates",
    "quality_checks",
    "linkage",
    "cases",
)
CASE_TABLES = ("case_record", "declarations")
"""What the ledger is compared with: its record, and who may decide."""


@dataclass(frozen=True)
class Phase:
    """The accepted field tables of one phase, and the published sample they belong to."""

    phase: str
    visits: pd.DataFrame
    persons: pd.DataFrame
    units: pd.DataFrame
    screened: pd.DataFrame
    recognition: pd.DataFrame
    interviews: pd.DataFrame
    cases: pd.DataFrame
    sample: pd.DataFrame
    villages: pd.DataFrame

    @cached_property
    def last(self) -> pd.DataFrame:
        """One visit a household."""
        return last_visits(self.visits)

    @cached_property
    def direct(self) -> bool:
        """Whether lifted households were drawn from the whole county, no villages first (A25)."""
        return bool((_households(self, "household")["within"] == COUNTY).any())

    @cached_property
    def outside(self) -> tuple[str, ...]:
        """Visits to units that the sample does not hold, purposive cases left out."""
        lists = {
            "lifted": set(_households(self, "household")["unit"]),
            "still_poor": set(_households(self, "still-poor")["unit"]),
            "unregistered": set(self.screened["study_id"]),
        }
        columns = (self.visits[name].tolist() for name in ("visit_id", "study_id", "kind"))
        pairs = zip(*columns, strict=True)
        return tuple(
            sorted(v for v, unit, kind in pairs if kind in lists and unit not in lists[kind])
        )

    def completed(self, *kinds: str) -> pd.DataFrame:
        """Completed visits of some kinds to units of the sample, one a household.

        Visits outside the sample enter no rate, whatever kind they are called.
        """
        last = self.last
        wanted = (last["disposition"] == "completed") & last["kind"].isin(kinds)
        return last[wanted & ~last["visit_id"].isin(list(self.outside))]


def open_phase(inputs: Inputs, phase: str, sampled: Result[Any]) -> Phase:
    """Return the field tables of one phase beside its sample."""

    def own(name: str) -> pd.DataFrame:
        table = inputs[name]
        return table[table["phase"] == phase] if "phase" in table else table

    visits = own("household_visits")
    known = inputs["recognition"]
    persons = inputs["visit_persons"]
    return Phase(
        phase=phase,
        visits=visits,
        persons=persons[persons["visit_id"].isin(visits["visit_id"])],
        units=own("screening_units"),
        screened=own("screening_households"),
        recognition=known[known["visit_id"].isin(visits["visit_id"])],
        interviews=own("interviews"),
        cases=own("cases"),
        sample=sampled.tables["sample"],
        villages=sampled.tables["villages"],
    )


def review_fieldwork(
    phase: Phase, inputs: Inputs, params: Params, *, wanted: dict[str, int], groups: int
) -> Result[Fieldwork]:
    """Return what was reached, and the response of every village."""
    plan = params.plan
    last = phase.last
    answers = judge_answers(phase, params, ("lifted", "unregistered"))
    broken = answers.loc[answers["answer"] == str(Answer.BROKEN), "visit_id"]
    done = phase.visits[phase.visits["disposition"] == "completed"]
    median = minutes(done).median()
    field = (phase.visits, phase.persons, phase.recognition)
    listed = _households(phase, "household")
    reviewed = review_quality(*field, inputs, params, broken=frozenset(broken), listed=listed)
    record = Fieldwork(
        version=2,
        phase=phase.phase,
        tables=tuple(
            TableCount(c.table, c.read, c.accepted, c.quarantined)
            for c in inputs.counts
            if c.table in FIELD_TABLES
        ),
        reach=reach_by_kind(last, wanted, ineligible=plan.sampling.ineligible),
        villages=reach_by_village(
            last[last["kind"] == "lifted"], ineligible=plan.sampling.ineligible
        ),
        screening=screening(
            phase.units,
            phase.screened,
            visited=frozenset(done["study_id"]),
            wanted=groups,
            risk_groups=plan.risk_groups,
        ),
        outside_sample=phase.outside,
        out_of_order=tuple(
            faults(phase.visits, listed, plan.sampling.replaceable, direct=phase.direct)
        ),
        repeated=tuple(sorted(done.loc[done.duplicated("study_id"), "study_id"])),
        quality=reviewed.quality,
        enumerators=reviewed.enumerators,
        median_minutes=0.0 if pd.isna(median) else float(median),
    )
    response = responses(
        phase.last,
        listed,
        phase.villages,
        ineligible=plan.sampling.ineligible,
        direct=phase.direct,
    )
    tables = {"response": response, "flags": reviewed.flags}
    tables |= {"duplicates": reviewed.duplicates, "variables": reviewed.variables}
    tables |= {"times": reviewed.times, "purposive": _purposive(phase, params)}
    return Result(record, tables)


def _purposive(phase: Phase, params: Params) -> pd.DataFrame:
    """Return the purposive visits with the standards that their answers break (A24)."""
    visits = phase.visits[phase.visits["kind"] == "purposive"].sort_values("visit_id")
    answers = judge(
        visits[visits["disposition"] == "completed"],
        phase.persons,
        standards=params.plan.standards,
        income_line=params.round.income_line.value,
    )
    broken = answers[answers["answer"] == str(Answer.BROKEN)]
    of_visit = {
        v: " ".join(dict.fromkeys(own)) for v, own in broken.groupby("visit_id")["standard"]
    }
    columns = ["visit_id", "study_id", "village", "enumerator", "disposition"]
    return visits[columns].assign(suspected=[of_visit.get(v, "") for v in visits["visit_id"]])


def _households(phase: Phase, stage: str) -> pd.DataFrame:
    prefix = "" if phase.phase == "first" else "recheck-"
    stages = phase.sample["stage"].str.replace(r"^(county|municipal)-", "", regex=True)
    return phase.sample[stages == f"{prefix}{stage}"]


def judge_answers(phase: Phase, params: Params, kinds: Iterable[str]) -> pd.DataFrame:
    """Return what every answer of completed visits of some kinds says of the standards."""
    return judge(
        phase.completed(*kinds),
        phase.persons,
        standards=params.plan.standards,
        income_line=params.round.income_line.value,
    )


def review_findings(
    phase: Phase, params: Params, members: dict[str, int], *, inputs: Inputs
) -> Result[Findings]:
    """Return standards, cases and the outcome of every lifted household."""
    plan = params.plan
    line = params.round.income_line.value
    lifted = phase.completed("lifted")
    answers = judge_answers(phase, params, ("lifted",))
    others = judge_answers(phase, params, ("unregistered",))
    ledger = follow_ledger(phase.cases, params, inputs)
    cases = ledger.cases
    cases += without_events(_suspicions(answers, "wrong_exit"), cases, phase=phase.phase)
    cases += without_events(_suspicions(others, "missed"), cases, phase=phase.phase)
    cases = tuple(sorted(cases, key=lambda case: case.case_id))
    table = outcomes(lifted, answers, cases, members)
    near = near_line(lifted, income_line=line, within=float(plan.near_line.within or 0))
    screened = dict(zip(phase.screened["study_id"], phase.screened["persons"], strict=True))
    registered = phase.completed("lifted", "still_poor")["visit_id"]
    met = phase.persons[phase.persons["visit_id"].isin(registered)]
    record = Findings(
        version=3,
        phase=phase.phase,
        income_line=line,
        standards=count_standards(answers, plan.standards),
        suspected_households=answers.loc[
            answers["answer"] == str(Answer.BROKEN), "study_id"
        ].nunique(),
        verified_households=int((table["verified"] != "").sum()),
        cases=count_cases(cases),
        by_level={str(level): sum(case.level == level for case in cases) for level in range(4)},
        open_cases=tuple(case for case in cases if case.state is CaseState.OPEN),
        tests=count_tests(answers, plan.standards),
        flow=count_flow(cases),
        by_day=ledger.by_day,
        missed=count_missed(cases, {k: int(v) for k, v in screened.items()}, members),
        unregistered_met=int((met["registered"] == "no").sum()),
        appealed=tuple(case.case_id for case in cases if case.appealed),
        refused=ledger.refused,
        breaches=ledger.breaches,
        recorded=ledger.recorded,
        altered=ledger.altered,
        near_line=near_by_village(near, fewest=plan.privacy.fewest_households),
    )
    judged = {"lifted": answers, "unregistered": others}
    short = [shortfalls(each, plan.standards, kind=kind) for kind, each in judged.items()]
    tables = {
        "outcomes": table,
        "cases": _case_table(cases),
        "near_line": near,
        "shortfalls": pd.concat(short, ignore_index=True),
    }
    return Result(record, tables)


def _suspicions(answers: pd.DataFrame, kind: str) -> list[tuple[str, int, str, str]]:
    broken = answers[answers["answer"] == str(Answer.BROKEN)]
    return [
        (study_id, int(line), kind, standard)
        for study_id, line, standard in zip(
            broken["study_id"], broken["line"], broken["standard"], strict=True
        )
    ]


def _case_table(cases: Iterable[Case]) -> pd.DataFrame:
    columns = [
        "case_id",
        "study_id",
        "line",
        "kind",
        "item",
        "state",
        "level",
        "persons",
        "opened",
        "settled",
        "due",
    ]
    columns += ["overdue", "appealed", "reopened"]
    values = [[getattr(case, name) for name in columns] for case in cases]
    text = [["" if value is None else str(value) for value in row] for row in values]
    return pd.DataFrame(text, columns=columns)


def gather_evidence(
    phase: Phase,
    found: Result[Findings],
    response: pd.DataFrame,
    facts: pd.DataFrame,
    params: Params,
) -> Evidence:
    """Return what the indicators are counted from.

    Parameters
    ----------
    phase, found
        Field tables and findings of the same phase.
    response
        Response and weight of every drawn village.
    facts
        Registered households: `study_id`, `exit_year`, `cause`.
    params
        Kinds of household that count for recognition.
    """
    outcome = found.tables["outcomes"].copy()
    for name in ("members", "lines", "open_lines", "missing", "excused"):
        outcome[name] = outcome[name].astype(int)
    outcome["village"] = "V-" + outcome["village"]
    drawn = response[["village", "township", "kind", "probability", "listed", "weight"]]
    lifted = outcome.merge(drawn, on="village").merge(
        facts.drop(columns="unit"), on="study_id", how="left"
    )
    lifted["probability"] = [float(Fraction(p)) for p in lifted["probability"]]
    lifted["weight"] = [float(Fraction(w)) if w else 0.0 for w in lifted["weight"]]
    lifted["listed"] = lifted["listed"].astype(int)
    lifted["within"] = COUNTY if phase.direct else lifted["village"]
    if phase.direct:
        lifted["probability"] = 1.0
        lifted["listed"] = int(phase.villages["lifted_listed"].astype(int).sum())
    kinds = lifted["kind"].tolist()
    lifted["poor"] = ["poor" if kind.startswith("poor") else "nonpoor" for kind in kinds]
    lifted["remote"] = ["remote" if kind.endswith("remote") else "other" for kind in kinds]
    group_of = dict(zip(facts["study_id"].tolist(), facts["unit"].tolist(), strict=True))
    columns = ["visit_id", "study_id", "kind", "village"]
    answered = phase.completed(*params.plan.recognition.kinds)[columns]
    complete = phase.units[screened_in_full(phase.units)]
    households = phase.screened.merge(complete[["unit", "village"]], on="unit")
    households["persons"] = households["persons"].astype(int)
    return Evidence(
        lifted=lifted.sort_values("study_id").reset_index(drop=True),
        missed=_missed(found.tables["cases"], phase, group_of),
        screened=complete[["unit", "village", "population", "within"]].fillna({"within": 0}),
        households=households[["study_id", "unit", "village", "persons"]],
        recognition=answered.merge(phase.recognition, on="visit_id"),
        interviews=phase.interviews,
        of_members=frozenset(n for n, s in params.plan.standards.items() if s.of_members),
        visited=len(phase.completed("unregistered")),
    )


def registry_facts(registry: pd.DataFrame, members: Mapping[str, int]) -> pd.DataFrame:
    """Return exit year, cause and group of every registered household."""
    years = ["" if pd.isna(year) else str(year) for year in registry["exit_year"].tolist()]
    groups = zip(registry["village"].tolist(), registry["group"].tolist(), strict=True)
    units = [group_id(village, group) for village, group in groups]
    return pd.DataFrame(
        {
            "study_id": list(members),
            "exit_year": years,
            "cause": registry["cause"].tolist(),
            "unit": units,
        }
    )


def _missed(cases: pd.DataFrame, phase: Phase, group_of: Mapping[str, str]) -> pd.DataFrame:
    """Return missed cases, one a household or member, with their screened group.

    A household with several items counts once; its state is the best settled one. A
    member who is missing from a registered household counts as one person, in the
    household's own group.
    """
    own = cases[cases["kind"] == "missed"].copy()
    screened = zip(phase.screened["study_id"], phase.screened["unit"], strict=True)
    unit_of = {**group_of, **dict(screened)}
    persons = dict(zip(phase.screened["study_id"], phase.screened["persons"], strict=True))
    own["within"] = own["study_id"].str.startswith("H-").astype(int)
    own["unit"] = [unit_of.get(study_id, "") for study_id in own["study_id"]]
    own["line"] = own["line"].where(own["within"] == 1, "0")
    rank = {"verified": 0, "open": 1, "dismissed": 2}
    own["_rank"] = own["state"].map(rank)
    own = own.sort_values(["study_id", "line", "_rank"]).drop_duplicates(["study_id", "line"])
    whole = own["study_id"].map(persons).fillna(1)
    own["persons"] = whole.where(own["within"] == 0, 1).astype(int)
    return own[["study_id", "unit", "persons", "state", "within"]].reset_index(drop=True)
