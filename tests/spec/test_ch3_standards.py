"""Chapter three (3) 1-2: the two no-worries and three guarantees, answer by answer.

R007 R030 R031 R032 R033 R034 R035 R036 R037 R038 R039 R040 R142
"""

from pathlib import Path

import pandas as pd
import pytest

from auditlib.findings.standards import judge, near_line
from auditlib.params.reading import read
from auditlib.plan import Plan

ROOT = Path(__file__).parents[2]
PLAN = Plan.model_validate(read(ROOT / "params" / "plan.yaml", "plan").values)

SOUND = {
    "visit_id": "v1", "study_id": "H-1", "village": "220821101201",
    "income": 5_000.0, "one_off_income": 0.0, "income_stable": "yes",
    "staple": "yes", "vegetables": "yes", "protein": "daily",
    "water_quantity": "met", "water_quality": "basic", "water_access": "met", "water_reliability": "met",
    "seasonal_clothes": "yes", "daily_clothes": "yes", "care_reached": "yes", "care_afforded": "yes",
    "housing_kind": "ordinary", "housing_grade": "B", "moved_in": "", "completed": "", "appraised": "",
    "appraisal_no": "", "repaired": "", "regrade": "", "regrade_no": "",
    "food_source": "own bought", "clothes_source": "bought",
}  # fmt: skip
MEMBER = {
    "visit_id": "v1", "line": 1, "age": 10, "registered": "yes", "school_status": "in_school", "school_proof": "",
    "insured": "yes", "serious_illness_insurance": "yes", "chronic": "no", "chronic_aid": "",
}  # fmt: skip


def broken(household: dict | None = None, member: dict | None = None) -> dict[str, str]:
    """Return every test that is not kept, with what the answer says of it."""
    visits = pd.DataFrame([{**SOUND, **(household or {})}]).astype(
        {"income": "Float64", "one_off_income": "Float64"}
    )
    persons = pd.DataFrame([{**MEMBER, **(member or {})}]).astype({"age": "Int64"})
    found = judge(visits, persons, standards=PLAN.standards, income_line=2_995)
    found = found[found["answer"] != "kept"]
    return {
        f"{s}.{t}": a
        for s, t, a in zip(found["standard"], found["test"], found["answer"], strict=True)
    }


def test_a_household_in_order_breaks_nothing() -> None:
    assert broken() == {}


@pytest.mark.parametrize(
    ("household", "member", "expected"),
    [
        ({"income": 2_995.0}, {}, {"income.above_line": "broken"}),
        ({"income": 2_996.0}, {}, {}),
        ({"income": None}, {}, {"income.above_line": "missing", "stability.not_one_off": "missing"}),
        ({"one_off_income": 1_250.0}, {}, {}),
        ({"one_off_income": 1_251.0}, {}, {"stability.not_one_off": "broken"}),
        ({"income_stable": "no"}, {}, {"stability.judged_stable": "broken"}),
        ({"protein": "monthly"}, {}, {"food.protein": "broken"}),
        ({"staple": ""}, {}, {"food.staple": "missing"}),
        ({"water_access": "unmet"}, {}, {"water.access": "broken"}),
        ({"water_quality": "basic"}, {}, {}),
        ({"seasonal_clothes": "no"}, {}, {"clothing.seasonal": "broken"}),
        ({}, {"school_status": "dropped_out"}, {"schooling.in_school": "broken"}),
        ({}, {"school_status": "dropped_out", "age": 16}, {}),
        ({}, {"school_status": "dropped_out", "age": 5}, {}),
        ({}, {"school_status": "home_teaching", "school_proof": "JY1"}, {"schooling.in_school": "excused"}),
        ({}, {"school_status": "health"}, {"schooling.in_school": "missing"}),
        ({}, {"insured": "no"}, {"medical.insured": "broken"}),
        ({}, {"chronic": "yes", "chronic_aid": "no"}, {"medical.chronic_aid": "broken"}),
        ({"care_afforded": "no"}, {}, {"medical.afforded": "broken"}),
        ({"housing_grade": "C"}, {}, {"housing.grade": "broken"}),
        ({"housing_grade": ""}, {}, {"housing.grade": "missing"}),
        ({"housing_kind": "relocated", "moved_in": "no"}, {}, {"housing.relocated_in": "broken"}),
        ({"housing_kind": "renovated", "completed": "yes", "appraised": "no", "moved_in": "yes"}, {}, {"housing.renovated_appraised": "missing"}),
        ({"housing_kind": "renovated", "completed": "yes", "appraised": "", "moved_in": "yes"}, {}, {"housing.renovated_appraised": "missing"}),
        ({"housing_kind": "renovated", "completed": "yes", "appraised": "yes", "appraisal_no": "JD1", "moved_in": "yes"}, {}, {}),
        ({"housing_kind": "renovated", "completed": "yes", "appraised": "yes", "moved_in": "yes"}, {}, {"housing.renovated_appraised": "missing"}),
        ({"housing_kind": "renovated", "completed": "no", "appraised": "yes", "appraisal_no": "JD1", "moved_in": "no"}, {}, {"housing.renovated_done": "broken", "housing.renovated_in": "broken"}),
        ({"housing_grade": "D", "repaired": "yes", "regrade": "B", "regrade_no": "JD2"}, {}, {}),
        ({"housing_grade": "C", "repaired": "yes", "regrade": "C", "regrade_no": "JD2"}, {}, {"housing.grade": "broken"}),
        ({"housing_grade": "C", "repaired": "yes", "regrade": "B"}, {}, {"housing.grade": "broken"}),
        ({"housing_grade": "C", "repaired": "no", "regrade": "B", "regrade_no": "JD2"}, {}, {"housing.grade": "broken"}),
        ({"housing_grade": "", "repaired": "yes", "regrade": "B", "regrade_no": "JD2"}, {}, {}),
        ({"food_source": "own charity"}, {}, {"food.source": "flagged"}),
        ({"clothes_source": "other"}, {}, {"clothing.source": "flagged"}),
        ({"food_source": ""}, {}, {"food.source": "missing"}),
        ({}, {"chronic": ""}, {"medical.chronic_aid": "missing"}),
        ({}, {"serious_illness_insurance": ""}, {"medical.serious_illness": "missing"}),
        ({}, {"school_status": "health", "school_proof": "YB1"}, {"schooling.in_school": "excused"}),
        ({}, {"school_status": ""}, {"schooling.in_school": "missing"}),
    ],
)  # fmt: skip
def test_an_answer_says_what_the_plan_says(household: dict, member: dict, expected: dict) -> None:
    assert broken(household, member) == expected


def test_a_house_of_unknown_kind_lacks_evidence_on_every_case_of_housing() -> None:
    """R039 R040: none of the three cases is left out in silence."""
    assert broken({"housing_kind": ""}) == {
        f"housing.{test}": "missing"
        for test in ("relocated_in", "renovated_done", "renovated_appraised", "renovated_in")
    }


def test_the_answer_given_stands_beside_what_it_says() -> None:
    visits = pd.DataFrame([{**SOUND, "housing_grade": "D"}]).astype(
        {"income": "Float64", "one_off_income": "Float64"}
    )
    persons = pd.DataFrame([MEMBER]).astype({"age": "Int64"})

    found = judge(visits, persons, standards=PLAN.standards, income_line=2_995)

    given = found.set_index(["standard", "test"])["given"]
    assert given["housing", "grade"] == "D"
    assert given["income", "above_line"] == "5000.0"


def test_members_of_other_visits_play_no_part() -> None:
    assert broken({}, {"visit_id": "v2", "school_status": "dropped_out"}) == {}


def test_households_just_above_the_line_are_listed_for_the_buffer_period() -> None:
    """R142."""
    visits = pd.DataFrame(
        {
            "visit_id": list("abcd"),
            "study_id": list("abcd"),
            "village": "x",
            "income": [2_995, 3_000, 3_594, 3_595],
        }
    )

    near = near_line(visits, income_line=2_995, within=0.2)

    assert list(near["study_id"]) == ["b", "c"]


CHECKS = [
    (standard, name, check)
    for standard, each in PLAN.standards.items()
    for name, check in each.tests.items()
]


def answer_of(standard: str, test: str, **given: object) -> str:
    """Return what an answer of household or member says of one test; `kept` if it is in order."""
    member = {name: value for name, value in given.items() if name in MEMBER}
    household = {name: value for name, value in given.items() if name not in MEMBER}
    return broken(household, member).get(f"{standard}.{test}", "kept")


@pytest.mark.parametrize(
    ("standard", "test", "plain", "excepted", "says"),
    [
        # A11: one-off income up to a quarter of the income; the judgement stands apart
        ("stability", "not_one_off", {"one_off_income": 1_251.0}, {"one_off_income": 1_250.0}, ("broken", "kept")),
        # A19: protein by frequency, weekly suffices
        ("food", "protein", {"protein": "monthly"}, {"protein": "weekly"}, ("broken", "kept")),
        ("food", "source", {"food_source": "charity"}, {"food_source": "children"}, ("flagged", "kept")),
        ("clothing", "source", {"clothes_source": "charity"}, {"clothes_source": "children"}, ("flagged", "kept")),
        # A20: each of the four items of drinking water, "basically met" suffices
        *[("water", item, {f"water_{item}": "unmet"}, {f"water_{item}": "basic"}, ("broken", "kept"))
          for item in ("quantity", "quality", "access", "reliability")],
        # A21: ages 6 to 15, both included; health and teaching at home with a document
        ("schooling", "in_school", {"school_status": "dropped_out", "age": 6}, {"school_status": "dropped_out", "age": 5}, ("broken", "kept")),
        ("schooling", "in_school", {"school_status": "dropped_out", "age": 15}, {"school_status": "dropped_out", "age": 16}, ("broken", "kept")),
        ("schooling", "in_school", {"school_status": "dropped_out"}, {"school_status": "finished"}, ("broken", "kept")),
        ("schooling", "in_school", {"school_status": "health"}, {"school_status": "health", "school_proof": "YB1"}, ("missing", "excused")),
        ("schooling", "in_school", {"school_status": "home_teaching"}, {"school_status": "home_teaching", "school_proof": "JY1"}, ("missing", "excused")),
        # chronic-illness aid is asked of the chronically ill only
        ("medical", "chronic_aid", {"chronic": "yes", "chronic_aid": "no"}, {"chronic": "no", "chronic_aid": "no"}, ("broken", "kept")),
        # A22: repaired houses by their new grade; relocated and renovated houses have conditions of their own
        ("housing", "grade", {"housing_grade": "D"}, {"housing_grade": "D", "repaired": "yes", "regrade": "A", "regrade_no": "J1"}, ("broken", "kept")),
        ("housing", "relocated_in", {"housing_kind": "relocated", "moved_in": "no"}, {"housing_kind": "ordinary", "moved_in": "no"}, ("broken", "kept")),
        ("housing", "renovated_done", {"housing_kind": "renovated", "completed": "no"}, {"housing_kind": "ordinary", "completed": "no"}, ("broken", "kept")),
        ("housing", "renovated_in", {"housing_kind": "renovated", "moved_in": "no"}, {"housing_kind": "ordinary", "moved_in": "no"}, ("broken", "kept")),
        ("housing", "renovated_appraised", {"housing_kind": "renovated", "appraised": "yes"}, {"housing_kind": "renovated", "appraised": "yes", "appraisal_no": "J1"}, ("missing", "kept")),
    ],
)  # fmt: skip
def test_every_exception_changes_what_an_answer_says(
    standard: str, test: str, plain: dict, excepted: dict, says: tuple[str, str]
) -> None:
    """R031-R040; A11, A19, A20, A21, A22: the same household with the exception and without."""
    assert (answer_of(standard, test, **plain), answer_of(standard, test, **excepted)) == says


@pytest.mark.parametrize(
    ("standard", "test", "check"), CHECKS, ids=[f"{s}.{t}" for s, t, _ in CHECKS]
)
def test_every_test_of_the_plan_can_fail_and_an_empty_answer_is_never_a_problem(
    standard: str, test: str, check: object
) -> None:
    """A22: evidence missing is not a problem, whichever test it is."""
    asked = {column: values[0] for column, values in check.when.items()}
    number = check.answer in ("income", "one_off_income")
    empty = {**asked, check.answer: None if number else ""}
    against = {
        **asked,
        check.answer: {"income": 1.0, "one_off_income": 9e9}.get(check.answer, "none of them"),
    }

    assert answer_of(standard, test, **empty) == "missing"
    assert answer_of(standard, test, **against) == ("flagged" if check.flag_unless else "broken")


def test_a_child_of_unknown_age_lacks_evidence_of_schooling() -> None:
    """A21: whether the test applies is not known, so it is missing and not left out in silence."""
    assert answer_of("schooling", "in_school", age=pd.NA, school_status="dropped_out") == "missing"
