"""Chapter five (2): every suspected case goes up the ladder, and nobody rewrites its past.

R082 R083 R084 R085 R086
"""

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditlib.findings.cases import CaseState, Term, settle, states_by_day, without_events
from auditlib.findings.ladder import check_independence, conflicts, refuse
from auditlib.findings.record import FIRST, compare, extend, link
from auditlib.params.reading import read
from auditlib.plan import Plan
from auditlib.procedure.calendar import after_working_days
from auditlib.tables import TABLES

ROOT = Path(__file__).parents[2]
LADDER = Plan.model_validate(read(ROOT / "params" / "plan.yaml", "plan").values).ladder
COLUMNS = [column.name for column in TABLES["cases"].columns]

PROOF = {"evidence_kind": "official", "evidence": "Z1", "evidence_digest": "0" * 64}
WORD = {**PROOF, "evidence_kind": "statement"}
OPENED = {"event": "opened", "role": "interviewer"}
VILLAGE = {"event": "put_to_village", "level": 1, "role": "lead_expert", "by": "Z01",
           "disclosed_to": "village_committees", "disclosed": "item household"}  # fmt: skip
COUNTY = {"event": "put_to_county", "level": 2, "role": "team_leader", "by": "D01",
          "disclosed_to": "county", "disclosed": "item household"}  # fmt: skip
DEPARTMENT = {"event": "put_to_department", "level": 3, "role": "quality_officer", "by": "K01",
              "disclosed_to": "department", "disclosed": "item"}  # fmt: skip
NOT_SETTLED = {
    "event": "decided",
    "level": 1,
    "role": "lead_expert",
    "by": "Z01",
    "outcome": "unresolved",
}
VERIFIED = {
    "event": "decided",
    "level": 1,
    "role": "lead_expert",
    "by": "Z01",
    "outcome": "verified",
    **PROOF,
}
APPEAL = {"event": "appeal", "level": 1, "role": "county"}
REOPENED = {"event": "reopened", "level": 1, "role": "team_leader", "by": "D01"}


def ledger(*events: dict[str, Any], case: str = "C1") -> pd.DataFrame:
    """Return a case's events, a day apart from Monday 4 March 2019 on."""
    plain = dict.fromkeys(COLUMNS, "") | {
        "phase": "first", "study_id": "H-1", "kind": "wrong_exit", "item": "housing",
        "level": 0, "line": pd.NA, "persons": pd.NA,
    }  # fmt: skip
    rows = [
        {**plain, "case_id": case, "event_no": i, "date": date(2019, 3, 3 + i), **event}
        for i, event in enumerate(events, 1)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def refused(*events: dict[str, Any]) -> list[tuple[int, str]]:
    return [(r.event_no, r.kind) for r in refuse(ledger(*events), ladder=LADDER)]


def test_a_case_may_go_all_the_way_up_and_be_appealed_and_decided_again() -> None:
    county_says_no = {**NOT_SETTLED, "level": 2, "role": "team_leader", "by": "D01"}
    department = {**VERIFIED, "level": 3, "role": "department", "by": ""}

    assert not refused(
        OPENED,
        {"event": "evidence", "role": "interviewer", **PROOF},
        VILLAGE,
        {"event": "evidence", "level": 1, "role": "village_committees", **WORD},
        NOT_SETTLED,
        COUNTY,
        county_says_no,
        DEPARTMENT,
        department,
        {**APPEAL, "level": 3},
        {**REOPENED, "level": 3},
        {**department, "outcome": "dismissed"},
        {**REOPENED, "level": 1},
        {**VERIFIED, "outcome": "unresolved"},
        COUNTY,
    )


@pytest.mark.parametrize(
    ("events", "kind"),
    [
        ([VILLAGE], "case_not_opened"),
        ([{**OPENED, "role": "county"}], "case_wrong_role"),
        ([{**OPENED, "level": 1}], "case_wrong_level"),
        ([OPENED, OPENED], "case_opened_again"),
        ([OPENED, {**VILLAGE, "event_no": 3}], "case_gap"),
        ([OPENED, {**VILLAGE, "date": date(2019, 3, 1)}], "case_earlier"),
        ([OPENED, {**VILLAGE, "study_id": "H-2"}], "case_differs"),
        ([OPENED, {**VILLAGE, "line": 2}], "case_differs"),
        ([OPENED, {**VILLAGE, "role": "team_leader"}], "case_wrong_role"),
        ([OPENED, {**VILLAGE, "level": 2}], "case_wrong_level"),
        ([OPENED, COUNTY], "case_skips_level"),
        ([OPENED, VILLAGE, COUNTY], "case_skips_level"),
        ([OPENED, VILLAGE, VILLAGE], "case_skips_level"),
        ([OPENED, {**VERIFIED, "level": 0}], "case_undecidable"),
        ([OPENED, VILLAGE, {**VERIFIED, "outcome": ""}], "case_no_outcome"),
        ([OPENED, VILLAGE, {**VERIFIED, "role": "village_committees"}], "case_wrong_role"),
        ([OPENED, VILLAGE, {**VERIFIED, "role": "team_leader"}], "case_wrong_role"),
        ([OPENED, VILLAGE, {**VERIFIED, "role": "interviewer"}], "case_wrong_role"),
        ([OPENED, VILLAGE, {**VERIFIED, "evidence_digest": ""}], "case_no_evidence"),
        ([OPENED, VILLAGE, {**VERIFIED, **WORD}], "case_one_sided"),
        ([OPENED, VILLAGE, {**VERIFIED, "evidence": "", "evidence_kind": "", "evidence_digest": ""}], "case_one_sided"),
        ([OPENED, {"event": "evidence", "role": "interviewer"}], "case_no_evidence"),
        ([OPENED, VILLAGE, VERIFIED, COUNTY], "case_settled"),
        ([OPENED, VILLAGE, VERIFIED, VERIFIED], "case_settled"),
        ([OPENED, VILLAGE, APPEAL], "case_not_settled"),
        ([OPENED, VILLAGE, {**VERIFIED, "outcome": "dismissed"}, APPEAL], "case_not_settled"),
        ([OPENED, VILLAGE, VERIFIED, {**APPEAL, "role": "team_leader"}], "case_wrong_role"),
        ([OPENED, VILLAGE, REOPENED], "case_not_settled"),
        ([OPENED, VILLAGE, VERIFIED, {**REOPENED, "role": "county"}], "case_wrong_role"),
        ([OPENED, VILLAGE, VERIFIED, {**REOPENED, "level": 2}], "case_wrong_level"),
    ],
)  # fmt: skip
def test_an_event_that_the_ladder_does_not_allow_is_refused(
    events: list[dict[str, Any]], kind: str
) -> None:
    assert refused(*events) == [(events[-1].get("event_no", len(events)), kind)]


def test_what_follows_a_refused_event_is_refused_as_well() -> None:
    assert refused(OPENED, COUNTY, VERIFIED) == [(2, "case_skips_level"), (3, "case_after_refused")]


def test_county_papers_alone_settle_nothing_but_the_evaluator_s_own_look_does() -> None:
    """A39: nobody decides on the strength of the evaluated side's word alone."""
    papers = {"event": "evidence", "level": 1, "role": "county", **PROOF}
    bare = {"event": "decided", "level": 1, "role": "lead_expert", "outcome": "dismissed"}
    look = {**papers, "role": "lead_expert", "evidence_kind": "observation"}

    assert refused(OPENED, VILLAGE, papers, bare) == [(4, "case_one_sided")]
    assert not refused(OPENED, VILLAGE, papers, look, bare)


def state(events: pd.DataFrame, day: int, **more: Any) -> str:
    return settle(events, as_of=date(2019, 3, day), **more)[0].state


def test_the_state_of_a_case_follows_from_its_events_at_any_day() -> None:
    events = ledger(
        OPENED, VILLAGE, VERIFIED, APPEAL, REOPENED, {**VERIFIED, "outcome": "dismissed"}
    )

    assert settle(events, as_of=date(2019, 3, 3)) == ()
    assert [state(events, day) for day in range(4, 10)] == [
        "open", "open", "verified", "verified", "open", "dismissed",
    ]  # fmt: skip
    assert settle(events, as_of=date(2019, 3, 7))[0].appealed
    assert settle(events, as_of=date(2019, 3, 9))[0].reopened == 1
    counts = states_by_day(events, as_of=date(2019, 3, 8))
    assert [(c.open, c.verified, c.dismissed) for c in counts][-2:] == [(0, 1, 0), (1, 0, 0)]


def test_a_decision_of_someone_with_a_conflict_settles_nothing() -> None:
    declared = pd.DataFrame(
        {"enumerator": ["Z01"], "date": [date(2019, 2, 1)], "conflict": ["yes"]}
    )
    events = ledger(OPENED, VILLAGE, VERIFIED)

    assert state(events, 20) == CaseState.VERIFIED
    assert state(events, 20, barred=conflicts(declared)) == CaseState.OPEN
    assert [b.kind for b in check_independence(events, declared, ladder=LADDER)] == ["conflict"]


def test_a_level_has_its_deadline_in_working_days() -> None:
    """Friday 8 March, the village's one working day: Monday 11 March."""
    terms = {"put_to_village": Term(1, 1)}
    events = ledger(
        OPENED, {**VILLAGE, "date": date(2019, 3, 8)}, {**VERIFIED, "date": date(2019, 3, 12)}
    )

    def at(day: int) -> Any:
        return settle(events, as_of=date(2019, 3, day), terms=terms, calendar=after_working_days)[0]

    assert (at(11).due, at(11).overdue) == (date(2019, 3, 11), False)
    assert (at(12).due, at(12).late) == (None, (1,))
    waiting = settle(events[:2], as_of=date(2019, 3, 12), terms=terms, calendar=after_working_days)[
        0
    ]
    assert (waiting.overdue, waiting.late) == (True, (1,))


def test_disclosure_and_declarations_are_looked_at_event_by_event() -> None:
    """R085: what was disclosed to whom, and that every decider declared independence."""
    declared = pd.DataFrame({"enumerator": ["K01"], "date": [date(2019, 2, 1)], "conflict": ["no"]})
    events = ledger(
        OPENED,
        {**VILLAGE, "disclosed": ""},
        {**NOT_SETTLED, "by": ""},
        {**COUNTY, "disclosed_to": "department", "disclosed": "item other_cases"},
        {**NOT_SETTLED, "level": 2, "role": "team_leader", "by": "D01"},
        DEPARTMENT,
    )

    found = check_independence(events, declared, ladder=LADDER)

    assert [(b.event_no, b.kind) for b in found] == [
        (2, "not_recorded"), (3, "unnamed"), (4, "other_recipient"), (4, "too_much"), (5, "undeclared"),
    ]  # fmt: skip


def test_one_child_s_case_does_not_take_up_another_s() -> None:
    cases = settle(ledger({**OPENED, "line": 2, "item": "schooling"}), as_of=date(2019, 4, 1))
    suspected = [("H-1", 2, "wrong_exit", "schooling"), ("H-1", 3, "wrong_exit", "schooling")]

    assert [c.line for c in without_events(suspected, cases, phase="first")] == [3]


NOTHING = pd.DataFrame(columns=[c.name for c in TABLES["case_record"].columns])


def recorded(events: pd.DataFrame, before: pd.DataFrame = NOTHING, day: int = 30) -> pd.DataFrame:
    lines = pd.DataFrame(
        extend(before, events, recorded=date(2019, 3, day)), columns=NOTHING.columns
    )
    return pd.concat([before, lines], ignore_index=True) if len(before) else lines


def test_a_ledger_that_only_grew_is_as_it_was_recorded() -> None:
    events = ledger(OPENED, VILLAGE, VERIFIED)
    first = recorded(events[:2])
    both = recorded(events, first)

    assert list(both["event_no"]) == [1, 2, 3]
    assert compare(first, events) == compare(both, events) == ()
    assert first["chain"][0] == link(FIRST, 1, "C1", 1, first["event_digest"][0])


@pytest.mark.parametrize("column", ["date", "outcome", "evidence_digest", "note", "study_id"])
def test_every_past_event_that_was_altered_is_named(column: str) -> None:
    events = ledger(OPENED, VILLAGE, VERIFIED)
    record = recorded(events)
    events.loc[2, column] = date(2019, 3, 9) if column == "date" else "other"

    assert [(a.event_no, a.kind) for a in compare(record, events)] == [(3, "altered")]


def test_every_past_event_that_was_removed_is_named() -> None:
    events = ledger(OPENED, VILLAGE, VERIFIED)

    assert [(a.event_no, a.kind) for a in compare(recorded(events), events[:1])] == [
        (2, "removed"),
        (3, "removed"),
    ]


def test_a_record_that_was_edited_breaks_its_chain() -> None:
    events = ledger(OPENED, VILLAGE, VERIFIED)
    record = recorded(events)
    altered = events.copy()
    altered.loc[1, "note"] = "later"
    forged = record.copy()
    forged.loc[1, "event_digest"] = recorded(altered)["event_digest"][1]

    assert [(a.number, a.kind) for a in compare(forged, altered)] == [(2, "chain")]
    assert [(a.number, a.kind) for a in compare(record.drop(index=1), events)] == [(3, "chain")]


EVENTS = (OPENED, VILLAGE, COUNTY, DEPARTMENT, NOT_SETTLED, VERIFIED, APPEAL, REOPENED,
          {"event": "evidence", "level": 1, "role": "county", **WORD})  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(EVENTS), min_size=1, max_size=9))
def test_a_case_is_never_decided_twice_whatever_is_entered(events: list[dict[str, Any]]) -> None:
    """What the ladder lets through has a reopening between any two decisions that settle."""
    book = ledger(*events)
    wrong = {r.event_no for r in refuse(book, ladder=LADDER)}
    kept = [e for i, e in enumerate(events, 1) if i not in wrong]
    path = [e["event"] for e in kept if e["event"] == "reopened" or e.get("outcome") == "verified"]

    assert all(a != b for a, b in pairwise(path))
    assert not kept or kept[0]["event"] == "opened"
