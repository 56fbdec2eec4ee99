"""Chapters five to seven beyond the dates: roles, evaluator, gates, ledger, duties, approval.

R003 R005 R006 R080 R081 R087 R089 R090 R091 R093 R096 R098 R101 R108 R110 R112 R114 R117
R118 R119 R120 R121 R122 R123 R124 R125 R126 R127 R128 R129 R130 R131 R132 R135 R136 R137 R138
"""

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from auditlib.params.reading import read
from auditlib.plan import Plan
from auditlib.procedure import (
    check_notices,
    draw_spot_check,
    earlier_results,
    evaluator_file,
    follow,
    follow_approval,
    readiness,
    report_hindrance,
    review,
    review_housekeeping,
    spot_check_size,
)
from auditlib.procedure.earlier import REGISTRY
from auditlib.procedure.steps import StepState
from auditlib.sampling.draw import ticket
from auditlib.tables import TABLES

ROOT = Path(__file__).parents[2]
PLAN = Plan.model_validate(read(ROOT / "params" / "plan.yaml", "plan").values)
NATIONAL = ("220821", "222406", "222405")
ALL = (*NATIONAL, "220623", "220881", "222402")


def steps(rows: dict[str, tuple], *, as_of: date, documents: list[tuple] = (), **changes: object):
    """Return the steps; a row is (opened, closed, reason), a document (code, found, missing)."""
    facts = pd.DataFrame(
        [(name, *row) for name, row in rows.items()],
        columns=["step", "opened", "closed", "override"],
    )
    papers = pd.DataFrame(documents, columns=["document", "found", "missing"])
    found = follow(PLAN.steps, facts, papers, as_of=as_of, reading="late", due={}, **changes)
    return {s.step: s for s in found}


APPLIED = {"application": (date(2018, 10, 20), date(2018, 11, 8), "")}
REVIEW = {"review": (date(2018, 11, 1), None, "")}
DAY = date(2018, 11, 5)


def test_a_step_opened_too_early_is_blocked_until_its_predecessor_is_closed() -> None:
    """R090: closed on the 8th, opened on the 1st: blocked on the 5th, open on the 9th."""
    before = steps(APPLIED | REVIEW, as_of=DAY)["review"]
    after = steps(APPLIED | REVIEW, as_of=date(2018, 11, 9))["review"]

    assert (before.state, before.waits_for) == (StepState.BLOCKED, ("application",))
    assert (after.state, after.out_of_order) == (StepState.OPEN, ("application",))


def test_a_step_closed_before_its_predecessor_does_not_count_as_closed() -> None:
    """R090."""
    early = {"application": (date(2018, 10, 20), None, "")} | {
        "review": (date(2018, 11, 1), date(2018, 11, 3), "")
    }

    assert steps(early, as_of=DAY)["review"].state is StepState.BLOCKED


def test_a_blocked_step_opens_none_after_it() -> None:
    """R090: review was closed over an open application, so the candidates are blocked too."""
    chain = {
        "application": (date(2018, 10, 20), None, ""),
        "review": (date(2018, 10, 22), date(2018, 10, 30), ""),
        "candidates": (date(2018, 11, 1), None, ""),
    }
    found = steps(chain, as_of=DAY)

    assert (found["review"].state, found["candidates"].state) == (StepState.BLOCKED,) * 2
    assert found["candidates"].waits_for == ("review",)


def test_a_reason_opens_a_step_early_and_is_kept() -> None:
    """R090: the override is logged in words."""
    told = APPLIED | {"review": (date(2018, 11, 1), None, "省扶贫办同意提前介入")}
    found = steps(told, as_of=DAY)["review"]

    assert (found.state, found.override) == (StepState.OPEN, "省扶贫办同意提前介入")


@pytest.mark.parametrize("step", list(PLAN.steps))
def test_no_step_but_the_first_begins_by_itself(step: str) -> None:
    """R090: every step waits for the one before it."""
    waits = steps({}, as_of=DAY)[step].waits_for

    assert bool(waits) == (step != "application")


def test_the_announcement_may_come_before_the_spot_check_where_the_round_says_so() -> None:
    """R112, R114, A47."""
    usual = steps({}, as_of=DAY)
    first = steps({}, as_of=DAY, announce_first=True)

    assert usual["announcement"].waits_for == ("spot_check",)
    assert first["announcement"].waits_for == ("deliberation",)
    assert first["spot_check"].waits_for == ("announcement",)


@pytest.mark.parametrize(
    ("step", "document", "sections"),
    [
        ("application", "county_exit_plan", 0),
        ("application", "application_report", 4),
        ("review", "city_exit_plan", 0),
        ("review", "review_report", 6),
        ("candidates", "material_review", 0),
        ("evaluation", "implementation_plan", 3),
    ],
)
def test_every_step_asks_for_its_papers_with_their_parts(
    step: str, document: str, sections: int
) -> None:
    """R091, R093 (4 sections), R096 (5 sections and annexes), R098, R100."""
    none = steps({}, as_of=DAY)[step]
    part = PLAN.documents[document].sections[:1]
    some = steps({}, as_of=DAY, documents=[(document, "partly", " ".join(part))])[step]

    assert document in none.documents_missing
    assert document not in some.documents_missing
    assert some.sections_missing == part
    assert len(PLAN.documents[document].sections) == sections


def notice(published: date, last: date, *objections: tuple, as_of: date = date(2019, 4, 30)) -> str:
    table = pd.DataFrame(
        [("N1", published, last, "省级媒体")], columns=["notice", "published", "last_day", "media"]
    )
    raised = pd.DataFrame([("N1", *o) for o in objections], columns=["notice", "closed"])
    found = check_notices(table, raised, rule=PLAN.notice, as_of=as_of)
    return report_hindrance(found, as_of=as_of)


@pytest.mark.parametrize(
    ("found", "hindrance"),
    [
        (notice(date(2019, 4, 23), date(2019, 4, 29)), ""),
        (notice(date(2019, 4, 24), date(2019, 4, 29)), "notice_short"),
        (notice(date(2019, 4, 23), date(2019, 4, 30)), "notice_running"),
        (notice(date(2019, 4, 23), date(2019, 4, 29), (None,)), "objection_open"),
        (notice(date(2019, 4, 23), date(2019, 4, 29), (date(2019, 4, 29),)), ""),
        (report_hindrance((), as_of=date(2019, 4, 30)), "no_notice"),
    ],
)
def test_the_report_waits_for_the_notice_and_for_every_objection(
    found: str, hindrance: str
) -> None:
    """R108, R110."""
    assert found == hindrance


def test_deliberation_closed_over_an_open_objection_does_not_count() -> None:
    """R110."""
    day = date(2019, 4, 30)
    rows = {
        name: (date(2018, 10, 1), date(2018, 11, 1), "提前")
        for name in ("application", "review", "candidates", "evaluation", "rectification")
    } | {"deliberation": (date(2019, 4, 16), day, "")}

    held = steps(rows, as_of=day, hindered={"deliberation": "objection_open"})["deliberation"]
    reason = rows | {"deliberation": (date(2019, 4, 16), day, "提前")}
    excused = steps(reason, as_of=day, hindered={"deliberation": "objection_open"})["deliberation"]
    free = steps(rows, as_of=day)["deliberation"]

    assert excused.state is StepState.BLOCKED

    assert (held.state, held.waits_for) == (StepState.BLOCKED, ("objection_open",))
    assert free.state is StepState.CLOSED


LEDGER = ["entry", "date", "code", "severity", "action", "authority", "document"]


def ledger(*entries: tuple):
    rows = [(f"J{i}", date(2019, 3, i + 1), *e) for i, e in enumerate(entries)]
    return review(
        pd.DataFrame(rows, columns=LEDGER),
        prohibitions=PLAN.prohibitions,
        veto_authority=PLAN.discipline.veto_authority,
        as_of=date(2019, 3, 31),
    )


@pytest.mark.parametrize("code", [f"D{i:02d}" for i in range(1, 13)])
def test_each_of_the_twelve_prohibitions_has_its_own_line(code: str) -> None:
    """R087, R121 to R132: the code is counted under its own name and under no other."""
    found = ledger((code, "minor", "recorded", "evaluator", "W"))

    assert {c for c, n in found.by_prohibition.items() if n} == {code}
    assert PLAN.prohibitions[code].clause == "七（二）"
    assert found.log[0].code == code


VETO = ("D09", "prominent", "vetoed", "leading_group", "W2")
END = ("D09", "prominent", "terminated", "evaluator", "W1")


def test_a_veto_overrides_a_termination_but_gives_no_figure_back() -> None:
    """R088, R134."""
    both = ledger(END, VETO)

    assert (both.standing, both.terminated) == ("vetoed", True)
    assert not ledger(VETO).terminated


def test_a_veto_without_a_document_or_authority_changes_nothing() -> None:
    """R088, A41."""
    bare = ledger(("D09", "prominent", "vetoed", "leading_group", ""))

    assert (bare.standing, bare.without_authority) == ("normal", ("J0",))


def test_a_referral_is_recorded_and_a_veto_without_one_is_told() -> None:
    """R089."""
    alone = ledger(VETO)
    referred = ledger(VETO, ("D09", "prominent", "referred", "discipline", "W3"))

    assert alone.unreferred
    assert not referred.unreferred
    assert [(r.authority, r.document) for r in referred.referrals] == [("discipline", "W3")]


def housekeeping(**tables: list[tuple]):
    columns = {
        "expenses": ["expense", "amount", "payer"],
        "requests": ["request", "kind"],
        "enumerators": ["enumerator"],
        "trainings": ["enumerator", "date", "score"],
        "declarations": ["enumerator", "date", "conflict"],
        "logistics": ["help", "payer"],
        "safety": ["incident", "days_lost", "closed"],
        "visits": ["enumerator", "started", "disposition", "others_present", "coached"],
    }
    given = {
        name: pd.DataFrame(tables.get(name, []), columns=names) for name, names in columns.items()
    }
    return review_housekeeping(
        **given,
        payers=PLAN.expenses.payer,
        allowed_requests=PLAN.burden.allowed,
        pass_mark=PLAN.training.pass_mark,
    )


def test_an_expense_or_help_paid_by_the_county_is_a_finding() -> None:
    """R120, R137, A48: help is arranging only."""
    found = housekeeping(
        expenses=[("F1", 100.0, "evaluator"), ("F2", 50.0, "county")],
        logistics=[("B1", "evaluator"), ("B2", "county")],
    )

    assert (found.expenses, found.amount, found.county_paid) == (2, 150.0, ("F2",))
    assert (found.helps, found.helps_paid) == (2, ("B2",))


def test_a_safety_incident_is_logged_with_days_lost_until_it_is_settled() -> None:
    """R138."""
    found = housekeeping(safety=[("A1", 0.5, date(2019, 3, 5)), ("A2", 1.0, None)])

    assert (found.incidents, found.incidents_open, found.days_lost) == (2, ("A2",), 1.5)


def visit(enumerator: str, day: int, *, present: str = "", coached: str = "no") -> tuple:
    return (enumerator, datetime(2019, 3, day, 9), "completed", present, coached)


def test_only_who_passed_before_the_visit_may_visit() -> None:
    """R101: E1 passed on the 2nd, E2 failed, E3 was never trained."""
    found = housekeeping(
        enumerators=[("E1",), ("E2",), ("E3",)],
        trainings=[("E1", date(2019, 3, 2), 80.0), ("E2", date(2019, 3, 2), 79.0)],
        visits=[visit("E1", 1), visit("E1", 2), visit("E2", 3), visit("E3", 3)],
    )

    assert found.untrained == ("E2", "E3")
    assert found.untrained_visits == 3


def test_independence_is_declared_by_all_before_the_first_visit() -> None:
    """R119."""
    found = housekeeping(
        enumerators=[("E1",), ("E2",), ("E3",)],
        declarations=[("E1", date(2019, 3, 2), "no"), ("E2", date(2019, 2, 25), "yes")],
        visits=[visit("E1", 1), visit("E2", 1)],
    )

    assert found.undeclared == ("E3",)
    assert found.declared_late == ("E1",)
    assert found.conflicts == ("E2",)


def test_cadres_present_and_coached_answers_are_leads_for_the_ledger() -> None:
    """R124, R128."""
    found = housekeeping(
        visits=[
            visit("E1", 1, present="family"),
            visit("E1", 1, present="family village_cadre"),
            visit("E1", 1, coached="yes"),
        ]
    )

    assert (found.visits, found.accompanied, found.coached) == (3, 1, 1)


def test_a_table_asked_of_the_grass_roots_is_a_finding() -> None:
    """R136."""
    found = housekeeping(requests=[("X1", "document"), ("X2", "meeting"), ("X3", "table")])

    assert found.tables_asked == ("X3",)


def test_every_input_table_says_who_collected_it() -> None:
    """R135: no table comes from the grass roots; what offices hand over is a document."""
    origins = {name: table.origin for name, table in TABLES.items()}

    assert set(origins.values()) == {"evaluator", "document", "province"}
    assert origins["household_visits"] == origins["village_checks"] == "evaluator"
    assert origins["villages"] == origins["registry_households"] == "province"
    assert origins["documents"] == "document"


def test_the_evaluator_file_tells_what_it_lacks() -> None:
    """R080, R081: tender, contract, and the four things the office looks at."""
    whole = dict.fromkeys(PLAN.evaluator_criteria, "有")
    wanted = list(PLAN.evaluator_criteria)

    assert len(wanted) == 4
    assert evaluator_file("甲", "T1", "C1", whole, wanted=wanted).missing == ()
    assert evaluator_file("甲", "", "C1", {"plan": "有"}, wanted=wanted).missing == (
        "tender",
        "qualification",
        "national_rounds",
        "experience",
    )


def test_the_roles_are_those_of_the_plan() -> None:
    """R005, R006, R117, R118: the province answers, the centre checks, the county is first."""
    assert {
        "leading_group",
        "poverty_office",
        "evaluator",
        "municipal_group",
        "county",
        "provincial_government",
        "state_council_group",
        "discipline",
    } == set(PLAN.roles)
    assert all(PLAN.roles[step.actor] for step in PLAN.steps.values())
    assert PLAN.roles["county"].clause == "七（一）"


APPROVALS = ["approval", "date", "kind", "authority", "document", "media"]


def approval(*rows: tuple):
    table = pd.DataFrame(
        [(f"P{i}", date(2019, 7, i + 1), *row) for i, row in enumerate(rows)], columns=APPROVALS
    )
    return follow_approval(
        table,
        authority=PLAN.approval.authority,
        spot_check_authority=PLAN.approval.spot_check_authority,
        as_of=date(2019, 7, 31),
    )


def test_the_provincial_government_approves_and_only_then_announces() -> None:
    """R114."""
    yes = ("approved", "provincial_government", "吉政函", "")
    told = ("announced", "provincial_government", "", "吉林日报")

    assert approval(yes, told).announced == date(2019, 7, 2)
    assert approval(told).void == ("P0",)
    assert approval(told, yes).announced is None
    assert approval(("approved", "evaluator", "x", "")).decision == ""


YES = ("approved", "provincial_government", "吉政函", "")


def test_the_state_s_result_is_the_state_s_and_a_failed_one_voids_the_approval() -> None:
    """R005, R114: the province cannot enter it; the State cannot approve."""
    failed = ("spot_failed", "state_council_group", "国开办", "")
    passed = ("spot_passed", "state_council_group", "国开办", "")
    own = ("spot_passed", "leading_group", "x", "")
    state = ("approved", "state_council_group", "x", "")

    assert (approval(failed, YES).decision, approval(failed, YES).void) == ("", ("P1",))
    assert approval(passed, YES).spot_check == "spot_passed"
    assert approval(passed, YES).decision == "approved"
    assert (approval(own).spot_check, approval(own).void) == ("", ("P0",))
    assert approval(state).decision == ""


def test_the_spot_check_takes_one_of_three_and_two_of_six() -> None:
    """R112, A03: 20 % rounds up."""
    share = PLAN.spot_check.share

    assert spot_check_size(3, share=share) == 1
    assert spot_check_size(6, share=share) == 2
    assert spot_check_size(5, share=share) == 1
    assert spot_check_size(0, share=share) == 0


def test_the_spot_check_is_drawn_by_the_smallest_tickets() -> None:
    """R112: anyone can draw it again with SHA-256 and a sort."""
    share = Fraction(20, 100)
    order = sorted(ALL, key=lambda c: ticket("2019-05-06 10:00", "spot-check", c))

    found = draw_spot_check(ALL, share=share, seed="2019-05-06 10:00")

    assert list(found) == order[:2]
    assert draw_spot_check(reversed(ALL), share=share, seed="2019-05-06 10:00") == found
    assert len(draw_spot_check(NATIONAL, share=share, seed="x")) == 1


def test_every_county_has_a_list_of_papers_for_the_spot_check() -> None:
    """R112: ready is in full and with evidence; what is not ready stands first."""
    told = pd.DataFrame(
        [
            ("self_check", "yes", "W1"),
            ("rolling_plan", "yes", ""),
            ("review_report", "partly", "W3"),
        ],
        columns=["document", "found", "evidence"],
    )
    papers = readiness(PLAN.documents, told)
    ready = [p.document for p in papers if p.ready]

    assert len(papers) == len(PLAN.documents)
    assert ready == ["self_check"]
    assert papers[-1].document == "self_check"


def test_the_registry_s_own_incidence_stands_before_what_county_and_city_found() -> None:
    """R092: still poor of the agricultural-hukou population, computed again."""
    told = pd.DataFrame(
        [
            ("municipal", "wrong_exit_rate", 2, 620, "W2"),
            ("county", "composite_incidence", 90, 19_599, "W1"),
        ],
        columns=["level", "indicator", "numerator", "denominator", "document"],
    )
    own, *others = earlier_results(told, still_poor=100, population=19_599)

    assert (own.level, own.value) == (REGISTRY, 100 / 19_599)
    assert [e.level for e in others] == ["county", "municipal"]


def test_the_status_of_the_plan_is_a_discussion_draft() -> None:
    """R003."""
    assert PLAN.plan.status.zh == "讨论稿"
    assert PLAN.plan.version


def test_the_entries_of_the_ledger_carry_no_free_text() -> None:
    """Names could stand in it; the document is named instead."""
    entry = ledger(END).log[0]

    assert not hasattr(entry, "finding")
    assert replace(entry, document="x") != entry
