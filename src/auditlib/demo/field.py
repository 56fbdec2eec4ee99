"""The invented field work of one phase: visits, screening, recognition, cases.

The households that are wrong or missed are chosen after the draw, so that the
scenario's rates are met exactly; the truth file tells which they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from random import Random
from typing import Any

import pandas as pd

from auditlib.demo.answers import ITEMS, household_answers, member_answers
from auditlib.demo.frame import share_out
from auditlib.demo.scenarios import Found
from auditlib.plan import Plan
from auditlib.sampling.county import Sample
from auditlib.sampling.groups import Screened, choose_visits
from auditlib.sampling.pseudonym import unregistered_id

Row = dict[str, Any]

VISITS_OF_A_TEAM = 240
LADDER = (
    ("put_to_village", "lead_expert", "village_committees"),
    ("put_to_county", "team_leader", "county"),
    ("put_to_department", "quality_officer", "department"),
)
STAFF = {"lead_expert": "Z01", "team_leader": "D01", "quality_officer": "K01"}
"""Numbers of those who take cases up the ladder."""
APPEALED = 4  # every fourth verified case is appealed by the county
FAILURES = {"refused": 8, "absent": 22, "moved": 7, "extinct": 3}


@dataclass
class Field:
    """Rows of the field tables of one phase, as they are collected."""

    county: str
    phase: str
    first_day: date
    random: Random
    income_line: float
    team_of: Mapping[str, int]
    days: int
    visits: list[Row] = field(default_factory=list)
    persons: list[Row] = field(default_factory=list)
    units: list[Row] = field(default_factory=list)
    screened: list[Row] = field(default_factory=list)
    recognition: list[Row] = field(default_factory=list)
    cases: list[Row] = field(default_factory=list)
    _slots: dict[int, int] = field(default_factory=dict)

    def visit(
        self, unit: str, village: str, kind: str, *, disposition: str, replaces: str = ""
    ) -> Row:
        """Add a visit at the team's next free time and return its row."""
        team = self.team_of[village]
        slot = self._slots[team] = self._slots.get(team, -1) + 1
        a_day = -(-VISITS_OF_A_TEAM // self.days)
        day = self.first_day + timedelta(days=slot // a_day % self.days)
        start = datetime(day.year, day.month, day.day, 8, 20) + timedelta(
            minutes=slot % a_day * 560 // a_day + self.random.randint(0, 12)
        )
        long = self.random.randint(22, 34) if disposition == "completed" else 5
        alone = self.random.choices(
            ("none", "family", "neighbour", "village_cadre"), (80, 12, 6, 2)
        )
        row: Row = {
            "visit_id": f"{self.county}-{self.phase[0]}-{len(self.visits) + 1:05d}",
            "phase": self.phase,
            "study_id": unit,
            "kind": kind,
            "village": village.removeprefix("V-"),
            "disposition": disposition,
            "replaces": replaces,
            "enumerator": f"E{team:02d}{slot % 3 + 1}",
            "started": start.isoformat(sep=" "),
            "ended": (start + timedelta(minutes=long)).isoformat(sep=" "),
            "others_present": alone[0] if disposition == "completed" else "",
            "form_version": "2019022001",
        }
        self.visits.append(row)
        return row

    def disposition(self) -> str:
        """Return how a visit ends: completed, as a rule."""
        if self.random.random() > 0.045:
            return "completed"
        return self.random.choices(list(FAILURES), list(FAILURES.values()))[0]

    def open_case(
        self, unit: str, kind: str, item: str, *, end: str, persons: int | None = None
    ) -> None:
        """Add the events of a case; `end` is `verified`, `dismissed` or `open`."""
        number = len({row["case_id"] for row in self.cases}) + 1
        case_id = f"C{self.county}-{self.phase[0].upper()}{number:03d}"
        day = self.first_day + timedelta(days=self.random.randrange(self.days))
        last = 1 if end == "open" else self.random.choices((1, 2, 3), (70, 22, 8))[0]
        steps: list[Row] = [{"event": "opened", "level": 0, "role": "interviewer"}]
        for level, (event, role, asked) in enumerate(LADDER[:last], 1):
            by = STAFF[role]
            told = {"disclosed_to": asked, "disclosed": "item household"}
            steps.append({"event": event, "level": level, "role": role, "by": by, **told})
            if level < last:
                proof = _proof(case_id, f"Z{level}", "statement")
                steps.append({"event": "evidence", "level": level, "role": asked, **proof})
                unsettled = {"event": "decided", "role": role, "by": by, "outcome": "unresolved"}
                steps.append({"level": level, **unsettled})
            elif end != "open":
                decider = {"role": "department"} if level == 3 else {"role": role, "by": by}
                kind_ = self.random.choice(("official", "observation", "expert"))
                proof = _proof(case_id, f"Z{level}", kind_)
                steps.append(
                    {"event": "decided", "level": level, "outcome": end, **decider, **proof}
                )
        if end == "verified" and number % APPEALED == 0:
            steps += _appeal(case_id, last)
        for event_no, step in enumerate(steps, 1):
            self.cases.append(
                {
                    "case_id": case_id,
                    "event_no": event_no,
                    "phase": self.phase,
                    "study_id": unit,
                    "kind": kind,
                    "item": item,
                    "date": (day + timedelta(days=step.pop("after", step["level"]))).isoformat(),
                    "persons": persons,
                    **step,
                }
            )


def _proof(case_id: str, number: str, kind: str) -> Row:
    """Return an item of evidence with the digest of its (invented) file."""
    evidence = f"{case_id}-{number}"
    digest = sha256(evidence.encode()).hexdigest()
    return {"evidence_kind": kind, "evidence": evidence, "evidence_digest": digest}


def _appeal(case_id: str, level: int) -> list[Row]:
    """Return the county's appeal against a verified case, and the case verified once more."""
    role = ("lead_expert", "team_leader", "quality_officer")[level - 1]
    again = {"event": "decided", "role": role, "by": STAFF[role], "outcome": "verified"}
    steps: list[Row] = [
        {"event": "appeal", "role": "county", **_proof(case_id, "S1", "statement")},
        {"event": "reopened", "role": "team_leader", "by": STAFF["team_leader"]},
        {**again, **_proof(case_id, "S2", "official")},
    ]
    return [{**step, "level": level, "after": level + 3 + i} for i, step in enumerate(steps)]


def pick(sizes: Mapping[str, int], target: int, random: Random) -> list[str]:
    """Return units whose sizes add up to the target, or to the most below it that can be."""
    units = sorted(sizes)
    random.shuffle(units)
    reached: dict[int, list[str]] = {0: []}
    for unit in units:
        for total in sorted(reached, reverse=True):
            more = total + sizes[unit]
            if more <= target and more not in reached:
                reached[more] = [*reached[total], unit]
        if target in reached:
            return reached[target]
    return reached[max(reached)]


def visit_lifted(
    f: Field,
    sample: Sample,
    homes: pd.DataFrame,
    ages: Mapping[str, list[tuple[int, bool]]],
    found: Found,
) -> list[str]:
    """Visit the lifted households, reserves in order, and return those truly wrong.

    Parameters
    ----------
    f
        Collects the rows.
    sample
        The drawn sample.
    homes
        Registered households by study identifier, with `members`.
    ages
        Age and chronic illness of the members of every household.
    found
        Rates to be met.
    """
    completed: list[Row] = []
    home = {u: p.village for p in sample.lifted for u in (*p.drawn, *p.reserves)}
    for drawn, reserves in sample.orders:
        spare = iter(reserves)
        for unit in drawn:
            replaces = ""
            while True:
                row = f.visit(
                    unit, home[unit], "lifted", disposition=f.disposition(), replaces=replaces
                )
                if row["disposition"] == "completed":
                    completed.append(row)
                    break
                replaces, following = unit, next(spare, None)
                if following is None:
                    break
                unit = following
    members = {row["study_id"]: int(homes.at[row["study_id"], "members"]) for row in completed}
    wrong = pick(members, round(found.wrong * sum(members.values())), f.random)
    others = sorted(set(members) - set(wrong))
    doubted = f.random.sample(others, 3 + len(others) // 120)
    open_ = doubted[: found.open_cases]
    for row in completed:
        unit = row["study_id"]
        item = f.random.choice(ITEMS) if unit in wrong or unit in doubted else ""
        row.update(household_answers(f.income_line, item, f.random))
        for line, (age, chronic) in enumerate(ages[unit], 1):
            answers = member_answers(age, chronic, f.random)
            f.persons.append(
                {
                    "visit_id": row["visit_id"],
                    "line": line,
                    "age": age,
                    "registered": "yes",
                    **answers,
                }
            )
        if item:
            end = "verified" if unit in wrong else "open" if unit in open_ else "dismissed"
            f.open_case(unit, "wrong_exit", item, end=end)
    return wrong


def screen(f: Field, sample: Sample, groups: pd.DataFrame, plan: Plan, found: Found) -> list[str]:
    """Screen the drawn groups, and return the households truly missed."""
    population = {
        g.group.unit: int(groups.at[g.group.unit, "unregistered_persons"]) for g in sample.groups
    }
    first = min(population)
    population[first] += -sum(population.values()) % found.missed.denominator % 50
    sizes: dict[str, int] = {}
    for drawn in sample.groups:
        unit = drawn.group.unit
        village, number = groups.at[unit, "village"], groups.at[unit, "group"]
        households = int(groups.at[unit, "unregistered_households"])
        f.units.append(
            {
                "phase": f.phase,
                "unit": unit,
                "village": village,
                "group": number,
                "population": population[unit],
                "households": households,
                "source": "省级人口数据，评估员核对（合成）",
                "complete": "yes",
                "method": "census",
            }
        )
        weights = [f.random.uniform(0.4, 1.6) for _ in range(households)]
        for i, persons in enumerate(share_out(population[unit], weights, least=1), 1):
            study_id = unregistered_id(village, number, i)
            sizes[study_id] = persons
            risks = [r for r in plan.risk_groups if f.random.random() < 0.05]
            f.screened.append(
                {
                    "phase": f.phase,
                    "study_id": study_id,
                    "unit": unit,
                    "persons": persons,
                    "risks": " ".join(risks),
                    "suspected": "no",
                }
            )
    missed = pick(sizes, round(found.missed * sum(population.values())), f.random)
    doubted = f.random.sample(sorted(set(sizes) - set(missed)), 4)
    for row in f.screened:
        if row["study_id"] in missed or row["study_id"] in doubted:
            row["suspected"] = "yes"
            row["risks"] = row["risks"] or f.random.choice(list(plan.risk_groups))
    return missed


def visit_unregistered(f: Field, missed: Sequence[str], wanted: int, seed: str, stage: str) -> None:
    """Visit unregistered households of the screened groups, suspected ones first."""
    of = {row["study_id"]: row for row in f.screened}
    village_of = {row["unit"]: f"V-{row['village']}" for row in f.units}
    chosen = choose_visits(
        (
            Screened(
                row["study_id"],
                row["unit"],
                frozenset(row["risks"].split()),
                row["suspected"] == "yes",
            )
            for row in f.screened
        ),
        wanted,
        seed=seed,
        stage=stage,
    )
    for unit in chosen.units:
        suspected = of[unit]["suspected"] == "yes"
        row = f.visit(unit, village_of[of[unit]["unit"]], "unregistered", disposition="completed")
        item = f.random.choice(ITEMS) if suspected else ""
        row.update(household_answers(f.income_line * 1.6, item, f.random))
        persons = of[unit]["persons"]
        for line in range(1, persons + 1):
            age = f.random.randint(5, 78)
            answers = member_answers(age, f.random.random() < 0.1, f.random)
            f.persons.append(
                {
                    "visit_id": row["visit_id"],
                    "line": line,
                    "age": age,
                    "registered": "no",
                    **answers,
                }
            )
        if item:
            end = "verified" if unit in missed else "dismissed"
            f.open_case(unit, "missed", item, end=end, persons=persons)


def visit_still_poor(f: Field, units: Iterable[str], village_of: Mapping[str, str]) -> None:
    """Visit households that are still poor; they enter recognition only."""
    for unit in units:
        row = f.visit(unit, village_of[unit], "still_poor", disposition="completed")
        row.update(household_answers(f.income_line * 0.7, "", f.random))


def ask_recognition(f: Field, share: Fraction) -> None:
    """Ask every completed household of the sample; the overall answers meet the share."""
    asked = [row for row in f.visits if row["disposition"] == "completed"]
    no = set(f.random.sample(range(len(asked)), len(asked) - round(share * len(asked))))
    for i, row in enumerate(asked):
        answers = [f.random.choices(("recognise", "basically"), (75, 25))[0] for _ in range(4)]
        overall = f.random.choices(("recognise", "basically"), (80, 20))[0]
        if i in no:
            overall = f.random.choices(("not", "no_answer"), (80, 20))[0]
            answers[f.random.randrange(4)] = "not"
        f.recognition.append(
            {
                "visit_id": row["visit_id"],
                **dict(zip(("policies", "measures", "results", "exit"), answers, strict=True)),
                "overall": overall,
                "persons": f.random.choices((1, 2), (85, 15))[0],
            }
        )
