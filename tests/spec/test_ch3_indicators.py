"""Chapter three: four indicators, their limits, equality, and the two classes of decision.

R014 R016 R017 R018 R019 R020 R021 R022 R023 R024 R025 R026 R027 R028 R029 R105 R106
"""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
import yaml
from openpyxl import load_workbook

from auditlib import pipeline
from auditlib.indicators.measure import Evidence, missed, recognition, wrong_exit
from auditlib.indicators.verdict import Decision, decide, judge, kept
from auditlib.params import load, load_round
from auditlib.params.reading import read
from auditlib.pipeline import _compute
from auditlib.plan import Bound, Plan
from auditlib.report.indicators import margin
from tests.conftest import COUNTY, Project

ROOT = Path(__file__).parents[2]
PLAN = Plan.model_validate(read(ROOT / "params" / "plan.yaml", "plan").values)
RULES = dict(PLAN.indicators.items())
OFFICIAL = PLAN.switches()
OF_MEMBERS = frozenset(n for n, s in PLAN.standards.items() if s.of_members)


def test_the_limit_is_three_per_cent_in_yanbian_and_two_elsewhere() -> None:
    """R017: 延边地区高于3%; Tumen is provincial and yet in Yanbian (A08)."""
    rule = RULES["composite_incidence"]
    limits = {
        code: load(ROOT / "params", "jilin-2018-demo", code).limit(rule)
        for code in load_round(ROOT / "params", "jilin-2018-demo")[1].counties
    }

    assert limits == {
        "220821": Fraction(2, 100),
        "222406": Fraction(3, 100),
        "222405": Fraction(3, 100),
        "220623": Fraction(2, 100),
        "220881": Fraction(2, 100),
        "222402": Fraction(3, 100),
    }


@pytest.mark.parametrize(
    ("name", "numerator", "denominator", "holds"),
    [
        ("composite_incidence", 2, 100, True),
        ("composite_incidence", 20_001, 1_000_000, False),
        ("wrong_exit_rate", 2, 100, False),
        ("wrong_exit_rate", 19_999, 1_000_000, True),
        ("missed_rate", 40, 2_000, False),
        ("recognition_rate", 90, 100, False),
        ("recognition_rate", 900_001, 1_000_000, True),
    ],
)
def test_equality_is_not_met_by_a_reference_indicator_and_does_not_veto(
    name: str, numerator: int, denominator: int, holds: bool
) -> None:
    """A17: reference indicators are strict; 2.00 % of incidence is not above 2 %."""
    rule = RULES[name]

    assert (
        judge(name, rule, numerator=numerator, denominator=denominator, limit=rule.threshold).kept
        is holds
    )


def test_a_rate_that_rounds_to_the_limit_is_judged_by_its_fraction() -> None:
    """A55: 1.996 % is shown as 2.00 % and is below 2 %."""
    assert kept(Fraction(499, 25_000), Bound.BELOW, Fraction(2, 100))


def test_the_slip_of_six_five_is_not_implemented() -> None:
    """R105, A07: a low incidence must never lead to no exit; the printed words stay on record."""
    slip = PLAN.plan.corrections["six_five"]
    low, high = (
        decide(
            {
                "i": judge(
                    "i",
                    RULES["composite_incidence"],
                    numerator=n,
                    denominator=1_000,
                    limit=Fraction(2, 100),
                )
            }
        )
        for n in (1, 100)
    )

    assert low is Decision.EXIT
    assert high is Decision.NO_EXIT
    assert "低于2%" in slip.printed
    assert "高于2%" in slip.read_as


def test_any_of_four_vetoes_only_in_the_strict_national_mode() -> None:
    """A04."""
    broken = {
        "r": judge(
            "r", RULES["recognition_rate"], numerator=80, denominator=100, limit=Fraction(9, 10)
        )
    }

    assert decide(broken) is Decision.RECTIFY
    assert decide(broken, any_of_four=True) is Decision.NO_EXIT


FLIPS = {
    "composite_incidence": ("1/100000", Decision.NO_EXIT),
    "wrong_exit_rate": ("0/100", Decision.RECTIFY),
    "missed_rate": ("0/100", Decision.RECTIFY),
    "recognition_rate": ("100/100", Decision.RECTIFY),
}


@pytest.mark.parametrize("name", FLIPS)
def test_the_verdict_follows_the_threshold_of_the_plan_file(project: Project, name: str) -> None:
    """No number of the plan stands in code."""
    before = _compute(pipeline.open_audit(COUNTY, "golden"), "indicators").record
    path = project.root / "params" / "plan.yaml"
    values = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    values["indicators"][name]["threshold"] = FLIPS[name][0]
    path.write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")

    after = _compute(pipeline.open_audit(COUNTY, "golden"), "indicators").record

    assert before.decision is Decision.EXIT
    assert after.decision is FLIPS[name][1]
    assert not after.official.judgements[name].kept


def test_the_funnel_leads_from_all_screened_to_the_verified_missed(project: Project) -> None:
    """R064: a suspicion more in the screening is one more in the funnel, and no missed person."""
    before = _compute(pipeline.open_audit(COUNTY, "golden"), "indicators").record
    sheet = load_workbook(project.data / "screening.xlsx")["排查户"]
    column = [cell.value for cell in sheet[2]].index("疑似漏评")
    row = next(r for r in range(3, sheet.max_row) if sheet.cell(r, column + 1).value == "否")
    project.edit("screening.xlsx", "排查户", row, "疑似漏评", "是")

    after = _compute(pipeline.open_audit(COUNTY, "golden"), "indicators").record

    f = before.funnel
    assert f.households_screened >= f.suspected >= f.verified
    assert f.persons_screened == before.official.judgements["missed_rate"].denominator
    assert f.persons_missed == before.official.judgements["missed_rate"].numerator
    assert after.funnel.suspected == f.suspected + 1
    assert after.funnel.persons_missed == f.persons_missed


def test_the_margin_reached_is_told_and_more_than_the_plan_allows_is_only_a_warning(
    project: Project,
) -> None:
    """R061, A31: the half-width of the design's interval beside the plan's one point."""
    audit = pipeline.open_audit(COUNTY, "golden")
    record = _compute(audit, "indicators").record
    sure = record.assurance["wrong_exit_rate"]
    half = (sure.high - sure.low) / 2

    assert half > 0.01
    assert f"±{100 * half:.2f}" in margin(audit.page, record)
    assert "未达到，仅作提示" in margin(audit.page, record)
    narrow = replace(sure, low=sure.value, high=sure.value + 0.01)
    kept = replace(record, assurance={**record.assurance, "wrong_exit_rate": narrow})
    assert "：达到" in margin(audit.page, kept)
    assert kept.decision is record.decision


def _lifted(**columns: list) -> pd.DataFrame:
    known = {
        "members": [3, 2],
        "verified": ["", ""],
        "open": ["", ""],
        "lines": [0, 0],
        "open_lines": [0, 0],
        "missing": [0, 0],
        "excused": [0, 0],
        "village": ["V-1", "V-2"],
    }
    return pd.DataFrame({**known, **columns})


def _evidence(**parts: pd.DataFrame) -> Evidence:
    empty = {
        name: pd.DataFrame()
        for name in ("lifted", "missed", "screened", "households", "recognition", "interviews")
    }
    return Evidence(**{**empty, **parts}, of_members=OF_MEMBERS, visited=1)


def test_all_registered_members_of_a_wrong_household_count() -> None:
    """R018, R019, A10: three of five persons, and one under the person rule."""
    evidence = _evidence(lifted=_lifted(verified=["schooling", ""], lines=[1, 0]))

    assert wrong_exit(evidence, OFFICIAL).numerator == 3
    assert wrong_exit(evidence, {**OFFICIAL, "wrong_unit": "person"}).numerator == 1
    assert wrong_exit(evidence, OFFICIAL).denominator == 5


def test_an_open_case_counts_only_under_its_switch() -> None:
    """R021, A09."""
    evidence = _evidence(lifted=_lifted(open=["", "water"]))

    assert wrong_exit(evidence, OFFICIAL).numerator == 0
    assert wrong_exit(evidence, {**OFFICIAL, "open_cases": "in"}).numerator == 2


def test_open_cases_of_several_members_count_each_under_the_person_rule() -> None:
    """A09, A10: one child verified and another open are two persons."""
    evidence = _evidence(
        lifted=_lifted(
            verified=["schooling", ""], open=["schooling", ""], lines=[1, 0], open_lines=[1, 0]
        )
    )
    person = {**OFFICIAL, "wrong_unit": "person"}

    assert wrong_exit(evidence, person).numerator == 1
    assert wrong_exit(evidence, {**person, "open_cases": "in"}).numerator == 2


def test_unstable_income_alone_counts_unless_the_reading_ignores_it() -> None:
    """A11."""
    evidence = _evidence(lifted=_lifted(verified=["stability", "stability housing"]))

    assert wrong_exit(evidence, OFFICIAL).numerator == 5
    assert wrong_exit(evidence, {**OFFICIAL, "stability": "ignored"}).numerator == 2


def test_missing_evidence_and_excused_children_are_no_problem_unless_read_so() -> None:
    """A21, A22."""
    evidence = _evidence(lifted=_lifted(missing=[1, 0], excused=[0, 1]))

    assert wrong_exit(evidence, OFFICIAL).numerator == 0
    assert wrong_exit(evidence, {**OFFICIAL, "missing_evidence": "problem"}).numerator == 3
    assert wrong_exit(evidence, {**OFFICIAL, "excused_schooling": "counted"}).numerator == 2


def test_only_groups_screened_in_full_are_the_base_of_the_missed_rate() -> None:
    """R020, R022, A13, A14: a case elsewhere, or of a member, is counted as its switch says."""
    cases = pd.DataFrame(
        {
            "unit": ["G-1", "G-1", "G-9", "G-1"],
            "persons": [3, 1, 4, 2],
            "state": ["verified", "verified", "verified", "open"],
            "within": [0, 1, 0, 0],
        }
    )
    screened = pd.DataFrame({"unit": ["G-1", "G-2"], "population": [120, 80], "within": [7, 0]})
    met = pd.DataFrame({"village": ["V-1", "V-2"], "persons": [120, 80]})
    evidence = _evidence(missed=cases, screened=screened, households=met)

    assert missed(evidence, OFFICIAL).numerator == 4
    assert missed(evidence, OFFICIAL).denominator == 200
    whole = missed(evidence, {**OFFICIAL, "missed_members": "whole_households"})
    assert (whole.numerator, whole.denominator) == (3, 193)
    assert missed(evidence, {**OFFICIAL, "open_cases": "in"}).numerator == 6


ANSWERS = pd.DataFrame(
    {
        "kind": ["lifted", "lifted", "unregistered", "still_poor"],
        "village": ["V-1", "V-2", "V-1", "V-2"],
        "policies": ["recognise", "not", "recognise", "no_answer"],
        "measures": ["basically", "recognise", "recognise", "no_answer"],
        "results": ["recognise", "recognise", "not", "no_answer"],
        "exit": ["recognise", "recognise", "not", "no_answer"],
        "overall": ["recognise", "basically", "not", "no_answer"],
        "persons": [2, 1, 1, 1],
    }
)


@pytest.mark.parametrize(
    ("switches", "expected"),
    [
        ({}, (2, 4)),
        ({"recognition_silence": "out"}, (2, 3)),
        ({"recognition_rule": "all_items"}, (1, 4)),
        ({"recognition_rule": "majority"}, (2, 4)),
        ({"recognition_unit": "lifted"}, (2, 2)),
        ({"recognition_unit": "persons"}, (4, 7)),
    ],
)
def test_recognition_is_counted_as_its_reading_says(
    switches: dict, expected: tuple[int, int]
) -> None:
    """R023, R024, R025, A15, A16: households lead; persons are printed beside them."""
    heard = pd.DataFrame({"recognition": ["recognise", "not"]})
    counts = recognition(
        _evidence(recognition=ANSWERS, interviews=heard),
        {**OFFICIAL, **switches},
        objects=PLAN.recognition.objects,
        recognises=PLAN.recognition.recognises,
    )

    assert (counts.numerator, counts.denominator) == expected
