"""Deployment, policies, villages, services, follow-up, interviews: 三（三）3-6, 四（四）.

R011 R015 R041 R042 R043 R044 R045 R046 R047 R048 R049 R050 R051 R077 R078 R079 R141
"""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from auditlib.checks import (
    check_documents,
    check_policies,
    check_villages,
    compare_services,
    grade,
    hear,
    hear_households,
    inputs_per_head,
    judge_improvement,
    leader_visits,
    line_up_villages,
    list_problems,
    prominent,
    unheard,
    unjudged,
)
from auditlib.checks.documents import EVERY
from auditlib.params.reading import read
from auditlib.plan import Plan

ROOT = Path(__file__).parents[2]
PLAN = Plan.model_validate(read(ROOT / "params" / "plan.yaml", "plan").values)
FOLLOW_UP = ("follow_up_plan", "responsibility_kept", "policies_kept", "assistance_kept")
DOCUMENT = ["document", "found", "missing", "evidence", "problem"]


def documents(*rows: tuple):
    found = pd.DataFrame(rows, columns=DOCUMENT)
    return {
        d.document: d
        for d in check_documents(PLAN.documents, found, chapters=("deployment", "follow_up"))
    }


@pytest.mark.parametrize(
    ("document", "clause", "sections"),
    [
        (
            "responsibility_pledges",
            "三（三）3",
            ("county_level", "township_level", "village_level"),
        ),
        ("rolling_plan", "三（三）3", ()),
        ("annual_plan", "三（三）3", ()),
        ("policy_system", "三（三）3", ()),
        ("dynamic_adjustment", "三（三）3", ()),
        ("projects", "三（三）3", ()),
        ("funds_use", "三（三）3", ()),
        ("resources", "三（三）3", ()),
        ("follow_up_plan", "三（三）6", ("measures", "budget", "period")),
        ("responsibility_kept", "七（六）", ()),
        ("policies_kept", "七（六）", ()),
        ("assistance_kept", "七（六）", ()),
        ("supervision_kept", "七（六）", ()),
    ],
)
def test_every_document_of_the_plan_is_on_the_list(
    document: str, clause: str, sections: tuple
) -> None:
    """R041, R042, R044, R050, R141: pledges, plans, five works, follow-up, four not removed."""
    listed = documents()

    assert listed[document].clause == clause
    assert listed[document].found == "unchecked"
    assert PLAN.documents[document].sections == sections


def test_a_document_names_its_missing_parts_and_its_evidence() -> None:
    """R041."""
    found = documents(("responsibility_pledges", "partly", "village_level", "WJ1", "serious"))
    pledges = found["responsibility_pledges"]

    assert pledges.sections_missing == ("village_level",)
    assert pledges.evidence == "WJ1"
    assert pledges.lacks(PLAN.documents["responsibility_pledges"]) == (1, 3)


VILLAGES = pd.DataFrame({"village": ["1", "2", "3", "4"], "ever_poor": ["yes", "yes", "yes", "no"]})


def test_both_leaders_must_have_been_in_every_poor_village() -> None:
    """R043: one leader in 1 and 2, the other in 2 and 3; village 4 is not poor."""
    visits = pd.DataFrame(
        [
            ("1", "party_secretary", "B1"),
            ("2", "party_secretary", ""),
            ("4", "party_secretary", "B2"),
            ("2", "county_head", "B3"),
            ("3", "county_head", "B4"),
        ],
        columns=["village", "leader", "evidence"],
    )

    found = {
        v.leader: v for v in leader_visits(visits, VILLAGES, leaders=PLAN.leader_visits.leaders)
    }

    assert (found["party_secretary"].visited, found["party_secretary"].poor_villages) == (2, 3)
    assert found["party_secretary"].not_visited == ("3",)
    assert found["party_secretary"].without_evidence == 1
    assert found["county_head"].not_visited == ("1",)
    assert (found[EVERY].visited, found[EVERY].not_visited) == (1, ("1", "3"))


FUNDS = pd.DataFrame(
    [
        (2017, "special_funds", 1_000.0, "财政局", "", ""),
        (2018, "special_funds", 1_200.0, "财政局", "suited", "与任务比对"),
        (2018, "resident_staff", 60.0, "组织部", "partly", ""),
    ],
    columns=["year", "item", "amount", "source", "judgement", "basis"],
)


def test_funds_and_staff_have_ratios_and_a_recorded_judgement() -> None:
    """R045: 1,200 for 2,400 persons and 30 villages; growth of a fifth; a judgement needs reasons."""
    found = inputs_per_head(FUNDS, registered_persons=2_400, poor_villages=30)
    latest = next(x for x in found if x.item == "special_funds" and x.year == 2018)

    assert (latest.per_poor_person, latest.per_poor_village) == (0.5, 40)
    assert latest.change == pytest.approx(0.2)
    assert latest.judgement == "suited"
    assert unjudged(found) == ("resident_staff",)


POLICY = ["line", "site_seen", "eligible", "covered", "problem", "evidence"]


def policies(sites: list[tuple], answers: dict[str, str], records: list[tuple[str, str]]):
    visits = pd.DataFrame(answers.items(), columns=["study_id", "policies"])
    found = check_policies(
        PLAN.policy_lines,
        pd.DataFrame(sites, columns=POLICY),
        visits,
        pd.DataFrame(records, columns=["study_id", "line"]),
    )
    return {p.line: p for p in found}


def test_the_eleven_policy_lines_are_those_of_the_plan() -> None:
    """R046."""
    names = "".join(line.name.zh for line in PLAN.policy_lines.values())

    assert len(policies([], {}, [])) == 11
    assert (
        names
        == "建档立卡健康扶贫教育扶贫危房改造易地扶贫搬迁饮水安全产业扶贫就业扶贫金融扶贫社保低保扶贫驻村帮扶"
    )


def test_a_policy_recorded_as_granted_and_not_received_is_a_finding() -> None:
    """R046: H-2 is on paper only; H-9 was not visited and proves nothing."""
    found = policies(
        [("health", "yes", 20, 18, "minor", "E1"), ("health", "no", 10, 10, "", "")],
        {"H-1": "health water", "H-2": "water"},
        [("H-1", "health"), ("H-2", "health"), ("H-9", "health")],
    )["health"]

    assert (found.sites_seen, found.sites, found.without_evidence) == (1, 2, 1)
    assert (found.covered, found.eligible) == (28, 30)
    assert (found.received, found.answered) == (1, 2)
    assert (found.recorded, found.not_received) == (2, ("H-2",))


CHECKS = pd.DataFrame(
    [
        ("1", "road", "unmet", "met", "clear", "P1"),
        ("1", "water", "unmet", "unmet", "none", ""),
        ("2", "road", "basic", "basic", "some", "P2"),
        ("4", "road", "unmet", "unmet", "none", "P3"),
        ("4", "appearance", "met", "met", "some", "P4"),
    ],
    columns=["village", "item", "before", "after", "change", "evidence"],
)
MET = PLAN.village_rule.met


def test_villages_are_compared_before_and_now_with_evidence() -> None:
    """R047, R048: every item of 三（三）5 is there; those without a photograph are counted."""
    found = {i.item: i for i in check_villages(PLAN.village_items, CHECKS, met=MET)}

    assert list(found) == [
        "road",
        "water",
        "power",
        "network",
        "education",
        "health",
        "housing",
        "appearance",
    ]
    assert (found["road"].met_before, found["road"].met_now, found["road"].villages) == (1, 2, 3)
    assert found["road"].unmet == ("4",)
    assert found["water"].without_evidence == 1


def test_the_three_judgements_rest_on_poor_villages_alone() -> None:
    """R047: village 4 is not poor."""
    found = {j.kind: j for j in judge_improvement(PLAN.village_items, CHECKS, VILLAGES, met=MET)}
    roads = found["infrastructure"]

    assert set(found) == {"infrastructure", "services", "appearance"}
    assert (roads.villages, roads.judged, roads.clear, roads.some, roads.none) == (2, 3, 1, 1, 1)
    assert roads.clear + roads.some + roads.none == roads.judged
    assert found["appearance"].judged == 0


def test_the_heat_table_begins_with_the_village_that_has_most_gaps() -> None:
    """R048."""
    lines = line_up_villages(PLAN.village_items, CHECKS, VILLAGES)

    assert [v.village for v in lines] == ["1", "4", "2"]
    assert lines[0].now[:3] == ("met", "unmet", "")
    assert lines[0].before[:2] == ("unmet", "unmet")
    assert [v.poor for v in lines] == [True, False, True]


def services(**values: float):
    figures = pd.DataFrame(
        [(name, value, 2018, "县级部门") for name, value in values.items()],
        columns=["service", "value", "year", "source"],
    )
    within = PLAN.services_rule.close_within
    found = compare_services(PLAN.county_services, figures, close_within=within)
    return {s.service: s for s in found}


def test_close_to_the_national_average_is_a_parameter_and_the_average_has_a_source() -> None:
    """R049, A23: 10 % below the average is close, a little more is a gap."""
    average = PLAN.county_services["beds"].average
    close, gap = (services(beds=average * share)["beds"] for share in (0.9001, 0.8999))

    assert (close.close, gap.close) == (True, False)
    assert close.close_within == 0.1
    assert services()["beds"].close is None
    assert all(s.average_source and s.average_year for s in services().values())


def test_a_service_may_have_a_tolerance_of_its_own() -> None:
    """R049."""
    own = {
        name: service.model_copy(update={"close_within": Fraction(1, 2)})
        for name, service in PLAN.county_services.items()
    }
    figures = pd.DataFrame(
        [("beds", 4.0, 2018, "x")], columns=["service", "value", "year", "source"]
    )
    found = compare_services(own, figures, close_within=Fraction(1, 10))

    assert next(s for s in found if s.service == "beds").close


def problems(**found: tuple):
    given = {"documents": (), "leaders": (), "inputs": (), "policies": (), "villages": ()} | found
    grades = given.pop("policy_grades", {})
    return list_problems(
        measures=PLAN.severity.measures, wanted=PLAN.documents, policy_grades=grades, **given
    )


def test_no_gap_to_the_nation_is_ever_a_problem_by_itself() -> None:
    """R049: services do not enter the list of problems at all."""
    assert "county_services" not in PLAN.severity.measures
    assert problems() == ()


@pytest.mark.parametrize(
    ("failing", "base", "found"),
    [
        (0, 30, ""),
        (1, 30, "minor"),
        (2, 4, "minor"),
        (3, 30, "serious"),
        (9, 30, "serious"),
        (10, 30, "prominent"),
        (0, 0, ""),
    ],
)
def test_the_written_criteria_grade_a_share(failing: int, base: int, found: str) -> None:
    """R051: villages that do not meet an item: serious from 10 %, prominent from 33 %, least 3."""
    assert grade(PLAN.severity.measures["village_items"], failing, base) == found


def test_a_grade_never_falls_when_more_fails() -> None:
    order = ["", "minor", "serious", "prominent"]
    for measure in PLAN.severity.measures.values():
        ranks = [order.index(grade(measure, failing, 40)) for failing in range(41)]
        assert ranks == sorted(ranks)
        assert ranks[-1] == 3


def test_every_grade_has_its_criterion_in_words_of_both_languages() -> None:
    """R051."""
    for words in PLAN.severity.levels.values():
        assert words.zh
        assert words.en
    assert list(PLAN.severity.levels) == ["minor", "serious", "prominent"]


def test_the_graver_of_rule_and_evaluator_holds() -> None:
    """R051: a plan two thirds of whose parts are missing is serious, prominent if judged so."""
    by_rule = documents(("follow_up_plan", "partly", "budget period", "W1", ""))
    judged = documents(("follow_up_plan", "partly", "budget period", "W1", "prominent"))
    absent = documents(("follow_up_plan", "no", "", "", "minor"))

    (one,), (two,), (three,) = (
        problems(documents=(d["follow_up_plan"],)) for d in (by_rule, judged, absent)
    )

    assert (one.by_rule, one.judged, one.severity) == ("serious", "", "serious")
    assert (two.by_rule, two.judged, two.severity) == ("serious", "prominent", "prominent")
    assert (three.by_rule, three.severity) == ("prominent", "prominent")
    assert prominent((one, two)) == ("follow_up_plan",)


def test_policies_not_received_and_villages_with_gaps_become_problems() -> None:
    """R046, R051: three of twenty on paper only are prominent; a line is named once."""
    answers = {f"H-{i}": "" if i < 3 else "health" for i in range(20)}
    line = policies([], answers, [(h, "health") for h in answers])["health"]
    roads = next(iter(check_villages(PLAN.village_items, CHECKS, met=MET)))

    found = problems(policies=(replace(line, eligible=20, covered=10),), villages=(roads,))

    assert [(p.measure, p.severity) for p in found] == [
        ("coverage", "prominent"),
        ("not_received", "prominent"),
        ("village_items", "minor"),
    ]
    assert prominent(found) == ("health",)
    assert found[2].name == "village_items:road"


INTERVIEWS = pd.DataFrame(
    [
        ("county_cadre", "responsibility work", "recognise"),
        ("county_cadre", "work", "not"),
        ("county_cppcc", "results", "no_answer"),
    ],
    columns=["class", "topics", "recognition"],
)


def test_interviews_stand_by_class_and_topic_with_recognition_of_the_exit() -> None:
    """R077, R078, R079: six classes, six topics; silence is no recognition."""
    found = hear(
        INTERVIEWS,
        classes=PLAN.interviews.classes,
        topics=PLAN.interviews.topics,
        recognises=PLAN.recognition.recognises,
    )
    cadres, cppcc = found[0], found[-1]
    classes, topics = unheard(found, topics=PLAN.interviews.topics)

    assert (len(found), len(PLAN.interviews.topics)) == (6, 6)
    assert (cadres.interviewed, cadres.recognise, cadres.topics[:2]) == (2, 1, (1, 2))
    assert (cppcc.recognise, cppcc.silent) == (0, 1)
    assert classes == ("township_cadre", "village_cadre", "county_deputy", "township_deputy")
    assert topics == ("measures", "follow_up", "consolidation")


def test_households_of_each_kind_speak_for_themselves() -> None:
    """R011, R015."""
    answers = pd.DataFrame(
        [("lifted", "recognise"), ("lifted", "not"), ("unregistered", "basically")],
        columns=["kind", "overall"],
    )
    lifted, poor, others = hear_households(
        answers, kinds=PLAN.recognition.kinds, recognises=PLAN.recognition.recognises
    )

    assert (lifted.recognise, lifted.answered) == (1, 2)
    assert poor.answered == 0
    assert (others.kind, others.recognise) == ("unregistered", 1)
