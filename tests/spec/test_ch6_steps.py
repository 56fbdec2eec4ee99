"""Chapters five to seven: steps, deadlines, public notice, discipline, burden.

R090 R094 R097 R099 R102 R104 R107 R109 R110 R111 R113 R116 R120 R133 R134 R136
"""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from auditlib.params.reading import read
from auditlib.plan import Plan
from auditlib.procedure.calendar import (
    after_working_days,
    is_working_day,
    unknown_years,
    working_days,
)
from auditlib.procedure.discipline import Standing, review
from auditlib.procedure.notice import check_notices, latest_notice
from auditlib.procedure.steps import StepState, follow

ROOT = Path(__file__).parents[2]
PLAN = Plan.model_validate(read(ROOT / "params" / "plan.yaml", "plan").values)
NOTHING = pd.DataFrame({"document": [], "found": [], "missing": []})


def steps(
    rows: dict[str, tuple], *, as_of: date, reading: str = "late", shift: int = 0, **due: date
) -> dict:
    facts = pd.DataFrame(
        [{"step": s, "opened": o, "closed": c, "override": r} for s, (o, c, r) in rows.items()],
        columns=["step", "opened", "closed", "override"],
    )
    found = follow(PLAN.steps, facts, NOTHING, as_of=as_of, reading=reading, due=due, shift=shift)
    return {status.step: status for status in found}


@pytest.mark.parametrize(
    ("step", "late", "early"),
    [
        ("application", date(2018, 11, 10), date(2018, 11, 10)),
        ("review", date(2018, 12, 31), date(2018, 12, 31)),
        ("candidates", date(2019, 1, 20), date(2019, 1, 10)),
        ("evaluation", date(2019, 3, 20), date(2019, 3, 10)),
        ("rectification", date(2019, 4, 15), date(2019, 4, 15)),
        ("deliberation", date(2019, 4, 30), date(2019, 4, 30)),
        ("spot_check", date(2019, 6, 30), date(2019, 6, 30)),
        ("announcement", date(2019, 7, 31), date(2019, 7, 31)),
    ],
)
def test_every_step_has_its_deadline_in_both_readings(step: str, late: date, early: date) -> None:
    """R094, R097, R099, R104, R107, R111, R113, R116; A43."""
    today = date(2018, 10, 1)

    assert steps({}, as_of=today)[step].due == late
    assert steps({}, as_of=today, reading="early")[step].due == early


def test_the_day_of_the_deadline_is_in_time_and_the_next_is_not() -> None:
    on, after = (
        steps({"application": (date(2018, 10, 1), day, "")}, as_of=date(2018, 12, 1))["application"]
        for day in (date(2018, 11, 10), date(2018, 11, 11))
    )

    assert on.state is StepState.CLOSED
    assert after.state is StepState.CLOSED_LATE
    assert after.days_late == 1


def test_a_step_opened_before_its_predecessor_is_closed_needs_a_reason() -> None:
    """R090."""
    rows = {"application": (date(2018, 10, 1), None, ""), "review": (date(2018, 11, 1), None, "")}
    explained = {**rows, "review": (date(2018, 11, 1), None, "省里同意提前")}

    assert steps(rows, as_of=date(2018, 11, 5))["review"].out_of_order == ("application",)
    assert steps(explained, as_of=date(2018, 11, 5))["review"].out_of_order == ()


def test_preparation_may_begin_early_but_field_work_waits_for_the_candidates() -> None:
    """A42: the evaluation opens in December; its field work begins after step three."""
    closed = date(2019, 1, 18)
    rows = {
        "candidates": (date(2019, 1, 3), closed, "前序资料另存"),
        "evaluation": (date(2018, 12, 5), None, ""),
    }

    assert steps(rows, as_of=date(2019, 3, 1))["evaluation"].out_of_order == ()


def test_a_county_may_have_its_own_date_and_a_suspension_moves_what_follows() -> None:
    """A45, R133."""
    own = steps({}, as_of=date(2019, 1, 1), evaluation=date(2019, 2, 1))["evaluation"]
    moved = steps({}, as_of=date(2019, 1, 1), shift=2)

    assert own.due == date(2019, 2, 1)
    assert moved["evaluation"].due == date(2019, 3, 22)
    assert moved["review"].due == date(2018, 12, 31)


def test_the_chinese_calendar_of_spring_2019() -> None:
    """5 April off; 28 April and 5 May working; 1 to 4 May off."""
    assert not is_working_day(date(2019, 4, 5))
    assert is_working_day(date(2019, 4, 28))
    assert is_working_day(date(2019, 5, 5))
    assert not is_working_day(date(2019, 5, 2))
    assert working_days(date(2019, 2, 28), date(2019, 3, 10)) == 7


def test_an_unknown_year_counts_weekdays_and_says_so() -> None:
    assert is_working_day(date(2199, 1, 4)) == (date(2199, 1, 4).weekday() < 5)
    assert unknown_years([date(2019, 1, 1), date(2199, 1, 1)]) == (2199,)


def test_the_latest_public_notice_for_the_end_of_april_is_the_23rd() -> None:
    """R109, A46: the day of publication is not counted; the last day is the 29th."""
    assert latest_notice(PLAN.notice, report_due=date(2019, 4, 30)) == date(2019, 4, 23)
    assert after_working_days(date(2019, 4, 23), 5) == date(2019, 4, 29)


def test_a_notice_too_short_or_with_an_objection_is_told() -> None:
    """R109, R110."""
    notices = pd.DataFrame(
        {
            "notice": ["N1", "N2"],
            "published": [date(2019, 4, 16)] * 2,
            "last_day": [date(2019, 4, 22), date(2019, 4, 23)],
            "media": "吉林日报",
        }
    )
    objections = pd.DataFrame({"notice": ["N2"], "closed": [None]})

    short, long = check_notices(notices, objections, rule=PLAN.notice, as_of=date(2019, 4, 30))

    assert (short.working_days, short.long_enough) == (4, False)
    assert (long.working_days, long.long_enough) == (5, True)
    assert long.objections_open == 1


def ledger(*entries: tuple) -> pd.DataFrame:
    columns = ["entry", "date", "code", "severity", "action", "authority", "document"]
    return pd.DataFrame([(f"J{i}", *e) for i, e in enumerate(entries)], columns=columns)


def standing(*entries: tuple, as_of: date = date(2019, 3, 31)):
    return review(
        ledger(*entries),
        prohibitions=PLAN.prohibitions,
        veto_authority=PLAN.discipline.veto_authority,
        as_of=as_of,
    )


def test_suspension_is_counted_in_days_and_ends_with_the_resumption() -> None:
    """R133."""
    stop = (date(2019, 3, 6), "D08", "serious", "suspended", "evaluator", "J-1")
    go = (date(2019, 3, 8), "D08", "serious", "resumed", "evaluator", "J-2")

    assert standing(stop, go).days_suspended == 2
    assert standing(stop, go).standing is Standing.NORMAL
    assert standing(stop, as_of=date(2019, 3, 9)).standing is Standing.SUSPENDED


def test_termination_ends_without_a_result_and_only_the_named_authority_can_veto() -> None:
    """R134, R088, A41."""
    end = (date(2019, 3, 9), "D09", "prominent", "terminated", "evaluator", "J-3")
    veto = (date(2019, 3, 10), "D09", "prominent", "vetoed", "leading_group", "J-4")
    presumed = (date(2019, 3, 10), "D09", "prominent", "vetoed", "evaluator", "J-4")

    assert standing(end).standing is Standing.TERMINATED
    assert standing(veto).standing is Standing.VETOED
    assert standing(presumed).standing is Standing.NORMAL
    assert standing(presumed).without_authority == ("J0",)


def test_the_ledger_has_a_line_for_each_of_the_twelve_prohibitions() -> None:
    assert len(standing().by_prohibition) == 12
