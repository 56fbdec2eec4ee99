"""The parameter file of the demonstration round, and how its tables lie in workbooks."""

from collections.abc import Iterable
from typing import Any

from auditlib.language import Words
from auditlib.tables import TABLES

ROUND = "jilin-2018-demo"
TITLE = Words(
    "吉林省2018年贫困县退出专项评估（演示）", "Jilin 2018 exit evaluation (demonstration)"
)

WORKBOOKS: dict[str, tuple[str, ...]] = {
    "frame.xlsx": ("villages", "groups", "left_out"),
    "registry.xlsx": ("registry_households",),
    "registry_persons.csv": ("registry_persons",),
    "draws.csv": ("draws",),
    "releases.csv": ("releases",),
    "batches.csv": ("batches",),
    "fieldwork.xlsx": (
        "household_visits",
        "visit_persons",
        "recognition",
        "interviews",
        "enumerators",
        "backchecks",
        "question_times",
        "corrections",
        "linkage",
    ),
    "quality.xlsx": ("quality_checks", "duplicates"),
    "screening.xlsx": ("screening_units", "screening_households"),
    "cases.xlsx": ("cases",),
    "case_record.csv": ("case_record",),
    "checks.xlsx": (
        "village_checks",
        "county_services",
        "policy_lines",
        "policy_records",
        "leader_visits",
        "funds",
        "documents",
    ),
    "procedure.xlsx": (
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
    ),
    "rectification.xlsx": ("orders", "actions"),
}
"""File of every table; a workbook has one sheet a table, under its Chinese name."""


def sheet_of(table: str) -> dict[str, str]:
    """Return file and sheet of a table, as the round file has them."""
    file = next(name for name, tables in WORKBOOKS.items() if table in tables)
    return {"file": file} if file.endswith(".csv") else {"file": file, "sheet": TABLES[table].zh}


def round_params(
    counties: Iterable[str],
    *,
    round: str = ROUND,
    language: str = "zh",
    income_line: float,
    folder: str = "",
    title: Words = TITLE,
) -> dict[str, Any]:
    """Return the values of the round's parameter file; `folder` holds its data."""
    where = folder or f"data/{round}"
    return {
        "round": round,
        "title": {"zh": title.zh, "en": title.en},
        "as_of": "2019-04-20",
        "language": language,
        "state": "revealed",
        "synthetic": True,
        "counties": list(counties),
        "evaluator": {
            "name": "演示评估机构（合成）",
            "tender": "DEMO-2018-001",
            "contract": "DEMO-2018-001-A",
            "criteria": {
                "qualification": "具有第三方评估资质（自述）",
                "national_rounds": "承担过2016、2017年国家专项评估（自述）",
                "experience": "具有丰富的评估经验（自述）",
                "plan": "评估方案科学且要素充分（自述）",
            },
        },
        "income_line": {
            "value": income_line,
            "year": 2018,
            "source": "国家统计局现价标准（吉林省2018年标准待核实，仅供演示）",
            "demo": True,
        },
        "pseudonym_key": f"{where}/pseudonym.key",
        "inputs": {
            "folder": where,
            "tables": {name: sheet_of(name) for tables in WORKBOOKS.values() for name in tables},
        },
    }
