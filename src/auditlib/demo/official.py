"""Invented checks, procedure and rectification of one county."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pandas as pd

from auditlib.demo.scenarios import Scenario
from auditlib.plan import Plan, Service

Row = dict[str, Any]


def make_interviews(plan: Plan, first_day: date, random: Random, phase: str) -> list[Row]:
    """Return the table `interviews`."""
    numbers = dict(zip(plan.interviews.classes, (6, 20, 34, 8, 14, 8), strict=True))
    topics = list(plan.interviews.topics)
    return [
        {
            "interview": f"{phase[0].upper()}{name}-{i:02d}",
            "phase": phase,
            "date": (first_day + timedelta(days=random.randint(0, 12))).isoformat(),
            "class": name,
            "topics": " ".join(t for t in topics if random.random() < 0.7),
            "recognition": random.choices(("recognise", "basically", "not"), (78, 19, 3))[0],
        }
        for name, number in numbers.items()
        for i in range(1, number + 1)
    ]


def make_checks(
    scenario: Scenario, plan: Plan, drawn: Sequence[str], villages: pd.DataFrame, random: Random
) -> dict[str, list[Row]]:
    """Return the tables of the stage `checks`."""
    sites = [random.sample(drawn, min(6, len(drawn))) for _ in plan.policy_lines]
    poor = villages.loc[villages["ever_poor"] == "yes", "village"]
    return {
        "village_checks": [
            _village_item(v, item, random) for v in drawn for item in plan.village_items
        ],
        "county_services": [
            {
                "service": name,
                "value": _service(service, random),
                "year": 2018,
                "source": "县级部门资料，评估员抄录（合成）",
            }
            for name, service in plan.county_services.items()
        ],
        "policy_lines": [
            _policy(line, village, random)
            for line, where in zip(plan.policy_lines, sites, strict=True)
            for village in where
        ],
        "leader_visits": [
            {
                "village": village,
                "leader": leader,
                "date": (date(2018, 1, 5) + timedelta(days=random.randint(0, 330))).isoformat(),
                "evidence": f"BF{i:04d}",
            }
            for leader in plan.leader_visits.leaders
            for i, village in enumerate(poor)
            if random.random() < 0.985
        ],
        "funds": [
            {
                "year": year,
                "item": item,
                "amount": amount * (1 + 0.12 * (year - 2016)),
                "source": "财政、组织部门资料（合成）",
                "judgement": "suited" if year == 2018 else "",
                "basis": "与贫困人口、贫困村数和任务量比对（合成）" if year == 2018 else "",
            }
            for year in (2016, 2017, 2018)
            for item, amount in (
                ("special_funds", round(scenario.registered * 0.55)),
                ("integrated_funds", round(scenario.registered * 0.8)),
                ("resident_staff", len(poor) * 3),
                ("office_staff", 24),
            )
        ],
        "documents": [
            _document(name, scenario, i, random) for i, name in enumerate(plan.documents, 1)
        ],
    }


def _service(service: Service, random: Random) -> float:
    value = service.average * random.uniform(0.86, 1.03)
    return round(min(value, 100) if service.unit == "%" else value, 2)


def _village_item(village: str, item: str, random: Random) -> Row:
    before = random.choices(("met", "basic", "unmet"), (20, 35, 45))[0]
    after = random.choices(("met", "basic", "unmet"), (80, 16, 4))[0]
    change = "clear" if before == "unmet" and after == "met" else random.choice(("some", "clear"))
    if before == after:
        change = "none" if after == "unmet" else "some"
    return {
        "village": village,
        "item": item,
        "before": before,
        "after": after,
        "change": change,
        "evidence": f"ZP-{village[-6:]}-{item}",
    }


def _policy(line: str, village: str, random: Random) -> Row:
    eligible = random.randint(6, 40)
    covered = eligible - random.choices((0, 1, 2), (85, 10, 5))[0]
    return {
        "line": line,
        "village": village,
        "site_seen": random.choices(("yes", "no"), (94, 6))[0],
        "eligible": eligible,
        "covered": covered,
        "problem": "" if covered == eligible else random.choice(("minor", "serious")),
        "evidence": f"ZC-{village[-6:]}-{line}",
    }


def _document(name: str, scenario: Scenario, number: int, random: Random) -> Row:
    missing = scenario.prominent == name
    return {
        "document": name,
        "found": "partly" if missing else "yes",
        "date": (date(2018, 3, 1) + timedelta(days=random.randint(0, 200))).isoformat(),
        "evidence": f"WJ{number:03d}",
        "problem": "prominent" if missing else "",
        "missing": "budget period" if missing else "",
    }


STEP_DAYS = {
    "application": (date(2018, 10, 20), date(2018, 11, 8)),
    "review": (date(2018, 11, 12), date(2018, 12, 28)),
    "candidates": (date(2019, 1, 3), date(2019, 1, 18)),
    "evaluation": (date(2018, 12, 5), date(2019, 3, 19)),
    "rectification": (date(2019, 3, 20), date(2019, 4, 14)),
    "deliberation": (date(2019, 4, 16), None),
}


def make_procedure(
    scenario: Scenario, plan: Plan, enumerators: Sequence[str], random: Random
) -> dict[str, list[Row]]:
    """Return the tables of the stage `procedure`."""
    steps: list[Row] = []
    vetoed = scenario.code == "220881"
    waiting = scenario.first is not None and scenario.rectified and scenario.recheck is None
    for name, (opened, closed) in STEP_DAYS.items():
        if (vetoed and name in ("rectification", "deliberation")) or (
            (waiting or scenario.prominent) and name == "deliberation"
        ):
            continue
        end = closed
        if name == scenario.late_step and closed is not None:
            end = closed + timedelta(days=6)
        if waiting and name == "rectification":
            end = None
        steps.append(
            {
                "step": name,
                "opened": opened.isoformat(),
                "closed": end.isoformat() if end else "",
                "actor": plan.roles[plan.steps[name].actor].name.zh,
                "document": f"CX-{plan.steps[name].number:02d}",
            }
        )
    return {
        "steps": steps,
        "discipline": _discipline(scenario),
        "expenses": [
            {
                "expense": f"FY{i:03d}",
                "date": (date(2019, 3, 1) + timedelta(days=i % 15)).isoformat(),
                "item": item,
                "amount": amount,
                "payer": "evaluator",
            }
            for i, (item, amount) in enumerate(
                (("车辆租赁", 14_400), ("住宿", 23_760), ("伙食", 11_880), ("打印", 640)), 1
            )
        ],
        "enumerators": [
            {
                "enumerator": e,
                "team": e[:3],
                "role": {"Z": "expert", "D": "leader", "K": "expert"}.get(e[0], "enumerator"),
                "korean": random.choice(("yes", "no")),
            }
            for e in enumerators
        ],
        "trainings": [
            {"enumerator": e, "date": "2019-02-24", "score": random.randint(82, 99)}
            for e in enumerators
        ],
        "declarations": [
            {"enumerator": e, "date": "2019-02-25", "conflict": "no"} for e in enumerators
        ],
        "requests": [
            {"request": "XQ1", "date": "2019-03-01", "kind": "meeting", "what": "见面沟通会"},
            {"request": "XQ2", "date": "2019-03-01", "kind": "document", "what": "退出程序材料"},
        ],
        "logistics": [
            {
                "help": f"BZ{i}",
                "date": "2019-02-27",
                "kind": kind,
                "arranged_by": "县扶贫办协助联系（合成）",
                "payer": "evaluator",
            }
            for i, kind in enumerate(("vehicle", "lodging", "guide"), 1)
        ],
        "safety": [
            {
                "incident": "AQ1",
                "date": "2019-03-05",
                "kind": "traffic",
                "severity": "minor",
                "days_lost": 0,
                "action": "雪天车辆侧滑，无人受伤，更换车辆（合成）",
                "closed": "2019-03-05",
            }
        ]
        if scenario.late_step
        else [],
        "earlier_results": _earlier(scenario),
        "notices": _notices(scenario),
        "linkage": [
            {
                "linkage": "BD1",
                "date": "2019-02-15",
                "list": "农村低保名单（合成）",
                "fields": "县内编码",
                "rule": "编码完全一致",
                "compared": scenario.registered,
                "hits": round(scenario.registered * 0.31),
                "use": "标注重点群体线索，不作为认定依据",
            }
        ],
    }


def _earlier(scenario: Scenario) -> list[Row]:
    """Return what county and city found before; always better than the province finds."""
    still_poor = round(scenario.registered * scenario.still_poor)
    rows = [("county", "composite_incidence", still_poor, scenario.population)]
    rows += [
        ("municipal", "composite_incidence", still_poor + 4, scenario.population),
        ("municipal", "wrong_exit_rate", 2, 620),
        ("municipal", "missed_rate", 1, 640),
        ("municipal", "recognition_rate", 396, 405),
    ]
    names = ("level", "indicator", "numerator", "denominator")
    return [
        {**dict(zip(names, row, strict=True)), "document": f"CX-0{1 + (row[0] == 'municipal')}"}
        for row in rows
    ]


def _notices(scenario: Scenario) -> list[Row]:
    """Return the public notice of a county that needs no rectification."""
    if scenario.rectified or scenario.prominent or scenario.code == "220881":
        return []
    return [
        {
            "notice": "GS1",
            "published": "2019-04-18",
            "last_day": "2019-04-25",
            "media": "省主要媒体（合成）",
        }
    ]


def _discipline(scenario: Scenario) -> list[Row]:
    entry: Row = {"entry": "JL01", "authority": "evaluator", "document": "JL-01", "consequence": ""}
    if scenario.suspended:
        told = {
            "code": "D08",
            "severity": "serious",
            "finding": "村干部在入户前组织农户统一答案（合成）",
        }
        back = date(2019, 3, 6) + timedelta(days=scenario.suspended)
        return [
            {**entry, **told, "date": "2019-03-06", "action": "suspended"},
            {
                **entry,
                **told,
                "entry": "JL02",
                "document": "JL-02",
                "date": back.isoformat(),
                "action": "resumed",
                "finding": "问题已纠正，恢复评估（合成）",
            },
        ]
    if scenario.prominent:
        told = {"code": "D06", "severity": "minor", "finding": "村口悬挂迎检横幅，当日撤除（合成）"}
        return [{**entry, **told, "date": "2019-03-02", "action": "recorded"}]
    return []


def make_policy_records(plan: Plan, visits: Sequence[Row], random: Random) -> list[Row]:
    """Return the table `policy_records`: what papers say of some visited households.

    Here and there a policy is recorded that the household says it has not.
    """
    told = [v for v in visits if v["kind"] in ("lifted", "still_poor") and v.get("policies")]
    rows: list[Row] = []
    for visit in told[::6]:
        lines = set(visit["policies"].split())
        if random.random() < 0.02:
            lines.add(random.choice(list(plan.policy_lines)))
        rows += [
            {"study_id": visit["study_id"], "line": line, "evidence": f"DX{len(rows) + i:05d}"}
            for i, line in enumerate(sorted(lines), 1)
        ]
    return rows


def make_orders(
    scenario: Scenario, verified: Sequence[tuple[str, str]], *, first: date
) -> dict[str, list[Row]]:
    """Return orders and actions: one order a problem, closed case by case.

    `verified` are the verified cases, each with its kind.
    """
    orders: list[Row] = []
    actions: list[Row] = []
    problems = [*scenario.rectified, *filter(None, [scenario.prominent])]
    for i, problem in enumerate(problems, 1):
        order = f"ZG{i:02d}"
        orders.append(
            {
                "order": order,
                "problem": problem,
                "issued": first.isoformat(),
                "deadline": "2019-04-10",
                "demand": "逐户逐项整改，举一反三，报送佐证（合成）",
                "issuer": "省扶贫开发领导小组",
            }
        )
        kinds = {"wrong_exit_rate": "wrong_exit", "missed_rate": "missed"}
        own = [c for c, kind in verified if kind == kinds.get(problem)] or [""]
        for n, case_id in enumerate(own):
            for part, event in enumerate(("measure", "closed")):
                number = 2 * n + part + 1
                actions.append(
                    {
                        "order": order,
                        "number": number,
                        "date": (first + timedelta(days=5 + n % 8 + 4 * part)).isoformat(),
                        "what": ("落实帮扶措施（合成）", "复查认定（合成）")[part],
                        "case_id": case_id,
                        "evidence": f"{order}-{number:03d}",
                        "event": event,
                        "closed_by": "quality_officer" if part else "",
                    }
                )
        for case_id in own[: scenario.reopened]:
            actions.append(
                {
                    "order": order,
                    "number": 2 * len(own) + 1,
                    "date": "2019-04-12",
                    "what": "复查发现措施未落实（合成）",
                    "case_id": case_id,
                    "evidence": f"{order}-{2 * len(own) + 1:03d}",
                    "event": "reopened",
                    "closed_by": "",
                }
            )
    return {"orders": orders, "actions": actions}
