"""Orders case by case, and what a fresh sample says: 三（二）, 三（三）, 六（五）, 六（八）.

R029 R051 R106 R115
"""

from dataclasses import dataclass, replace
from datetime import date
from math import hypot
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from auditlib.indicators.assurance import Surety
from auditlib.indicators.verdict import Decision
from auditlib.params.reading import read
from auditlib.plan import Plan
from auditlib.rectification.compare import Change, compare
from auditlib.rectification.fresh import FirstRound, first_round, tell_apart
from auditlib.rectification.orders import OrderState, follow_orders, missing_order
from auditlib.rectification.summary import Outcome, Verdict, conclude_rectification, verdict_on

ROOT = Path(__file__).parents[2]
PLAN = Plan.model_validate(read(ROOT / "params" / "plan.yaml", "plan").values)
ORDER = {
    "order": "Z1",
    "problem": "missed_rate",
    "issued": date(2019, 3, 22),
    "deadline": date(2019, 4, 10),
    "demand": "逐户整改",
    "issuer": "省扶贫开发领导小组",
}
COLUMNS = ["order", "number", "date", "case_id", "event", "evidence", "closed_by"]


def follow(*actions: tuple, as_of: date, cases: tuple[str, ...] = (), **changes: object):
    """Return the one order; an action is (day of April, case, event, evidence, who)."""
    rows = [("Z1", i, date(2019, 4, a[0]), *a[1:]) for i, a in enumerate(actions, 1)]
    order, *_ = follow_orders(
        ["missed_rate"],
        pd.DataFrame([{**ORDER, **changes}]),
        pd.DataFrame(rows, columns=COLUMNS),
        evaluated_side=PLAN.ladder.evaluated_side,
        latest=PLAN.rectification.latest,
        as_of=as_of,
        cases={"missed_rate": cases},
    )
    return order


@pytest.mark.parametrize(
    ("actions", "as_of", "state"),
    [
        ((), date(2019, 4, 10), OrderState.OPEN),
        ((), date(2019, 4, 11), OrderState.OVERDUE),
        (((9, "", "closed", "e", "quality_officer"),), date(2019, 4, 11), OrderState.CLOSED),
        (((11, "", "closed", "e", "quality_officer"),), date(2019, 4, 12), OrderState.CLOSED_LATE),
        (((9, "", "closed", "", "quality_officer"),), date(2019, 4, 11), OrderState.OVERDUE),
        (((9, "", "closed", "e", "county"),), date(2019, 4, 11), OrderState.OVERDUE),
        (((9, "", "closed", "e", ""),), date(2019, 4, 11), OrderState.OVERDUE),
        (((9, "", "withdrawn", "e", "department"),), date(2019, 4, 11), OrderState.WITHDRAWN),
        (((9, "", "measure", "e", "quality_officer"),), date(2019, 4, 10), OrderState.OPEN),
        (
            ((8, "", "closed", "e", "team_leader"), (9, "", "reopened", "f", "team_leader")),
            date(2019, 4, 10),
            OrderState.REOPENED,
        ),
        (
            (
                (7, "", "closed", "e", "team_leader"),
                (8, "", "reopened", "f", "team_leader"),
                (9, "", "closed", "g", "team_leader"),
            ),
            date(2019, 4, 11),
            OrderState.CLOSED,
        ),
    ],
)
def test_an_order_is_closed_with_evidence_by_someone_else_than_the_county(
    actions: tuple, as_of: date, state: OrderState
) -> None:
    """R029, R106, A18: the evaluated side's word closes nothing."""
    assert follow(*actions, as_of=as_of).state is state


def test_an_order_on_cases_is_closed_only_when_every_case_is() -> None:
    """R106: closure is judged case by case; a case nobody mentions stays open."""
    one = (9, "C1", "closed", "e", "quality_officer")
    two = (9, "C2", "closed", "f", "quality_officer")
    day = date(2019, 4, 10)

    half = follow(one, as_of=day, cases=("C1", "C2"))
    whole = follow(one, two, as_of=day, cases=("C1", "C2"))

    assert (half.state, half.cases_settled) == (OrderState.OPEN, 1)
    assert (whole.state, whole.cases_settled, whole.closed) == (
        OrderState.CLOSED,
        2,
        date(2019, 4, 9),
    )


def test_closing_the_order_as_a_whole_closes_no_case_but_withdrawing_it_does() -> None:
    """R106: closure is judged case by case."""
    day = date(2019, 4, 10)
    whole = follow((9, "", "closed", "e", "quality_officer"), as_of=day, cases=("C1",))
    gone = follow((9, "", "withdrawn", "e", "department"), as_of=day, cases=("C1",))

    assert (whole.state, whole.cases[0].refused) == (OrderState.OPEN, 1)
    assert gone.state is OrderState.WITHDRAWN


def test_a_closing_by_the_county_is_counted_as_refused() -> None:
    order = follow((9, "C1", "closed", "e", "county"), as_of=date(2019, 4, 10), cases=("C1",))

    assert (order.cases[0].refused, order.cases[0].state) == (1, OrderState.OPEN)


def test_an_action_after_the_day_is_not_known_yet() -> None:
    late = (9, "", "closed", "e", "quality_officer")

    assert follow(late, as_of=date(2019, 4, 8)).state is OrderState.OPEN


def test_a_deadline_after_15_april_is_told_and_a_problem_without_an_order_as_well() -> None:
    """R106, R051, A18."""
    assert follow(as_of=date(2019, 4, 1), deadline=date(2019, 4, 16)).after_latest
    assert not follow(as_of=date(2019, 4, 1), deadline=date(2019, 4, 15)).after_latest

    found = follow_orders(
        ["missed_rate", "follow_up_plan"],
        pd.DataFrame([ORDER]),
        pd.DataFrame(columns=COLUMNS),
        evaluated_side=(),
        latest=PLAN.rectification.latest,
        as_of=date(2019, 4, 1),
    )
    assert [(o.problem, o.state) for o in found[1:]] == [("follow_up_plan", OrderState.MISSING)]


def test_a_withdrawn_order_leaves_the_problem_without_one() -> None:
    found = follow_orders(
        ["missed_rate"],
        pd.DataFrame([ORDER]),
        pd.DataFrame(
            [("Z1", 1, date(2019, 4, 1), "", "withdrawn", "e", "department")], columns=COLUMNS
        ),
        evaluated_side=(),
        latest=PLAN.rectification.latest,
        as_of=date(2019, 4, 2),
    )

    assert [order.state for order in found] == [OrderState.WITHDRAWN, OrderState.MISSING]


@dataclass(frozen=True)
class Rate:
    value: float
    low: float
    high: float


def test_the_difference_has_the_limits_of_the_plan_of_statistics() -> None:
    """Statistics of the project, section 6: lower d - √((r2-l2)² + (u1-r1)²), upper likewise."""
    first, later = Rate(0.027, 0.015, 0.045), Rate(0.007, 0.002, 0.016)

    c = compare("wrong_exit_rate", first, later, more_is_better=False)

    assert c.difference == pytest.approx(-0.020)
    assert c.low == pytest.approx(-0.020 - hypot(0.005, 0.018))
    assert c.high == pytest.approx(-0.020 + hypot(0.009, 0.012))


@pytest.mark.parametrize(
    ("first", "later", "more", "change"),
    [
        (Rate(0.05, 0.04, 0.06), Rate(0.01, 0.005, 0.02), False, Change.BETTER),
        (Rate(0.01, 0.005, 0.02), Rate(0.05, 0.04, 0.06), False, Change.WORSE),
        (Rate(0.03, 0.01, 0.06), Rate(0.01, 0.002, 0.04), False, Change.NOT_SHOWN),
        (Rate(0.80, 0.78, 0.82), Rate(0.95, 0.93, 0.97), True, Change.BETTER),
        (Rate(0.95, 0.93, 0.97), Rate(0.80, 0.78, 0.82), True, Change.WORSE),
    ],
)
def test_a_change_is_shown_only_where_the_interval_leaves_nothing_out(
    first: Rate, later: Rate, more: bool, change: Change
) -> None:
    assert compare("x", first, later, more_is_better=more).change is change


def test_a_first_round_household_stays_wrong_until_all_its_cases_are_settled() -> None:
    members = {"H-1": 3, "H-2": 2, "H-3": 4}
    wrong = {"H-1": ("C1", "C2"), "H-2": ("C3",)}

    none = first_round(members, wrong, settled=frozenset())
    some = first_round(members, wrong, settled=frozenset({"C1", "C3"}))
    again = first_round(
        members, wrong, settled=frozenset({"C1", "C2", "C3"}), wrong_again=frozenset({"H-3", "H-9"})
    )

    assert none == FirstRound(9, 5)
    assert some == FirstRound(9, 3)
    assert again == FirstRound(9, 4)


def sample(wrong: dict[str, int]) -> tuple[pd.DataFrame, pd.Series]:
    """Return 8 villages of 10 sampled households of 2 persons, with wrong persons by household."""
    rows = [
        {
            "study_id": f"H-{v}-{h}",
            "village": f"V-{v}",
            "kind": "poor remote" if v < 4 else "other",
            "members": 2,
            "probability": 0.5,
            "listed": 40,
            "weight": 8.0,
        }
        for v in range(8)
        for h in range(10)
    ]
    table = pd.DataFrame(rows)
    return table, table["study_id"].map(wrong).fillna(0).astype(int)


def test_first_round_households_stand_for_themselves_alone() -> None:
    """A52: own stratum with weight 1; the fresh ones stand for all not yet visited."""
    lifted, wrong = sample({"H-0-0": 2, "H-5-5": 2})
    earlier = {"V-0": frozenset({"H-0-0", "H-0-1"})}

    found = tell_apart(
        lifted, wrong, earlier=earlier, first=FirstRound(100, 6), lifted_persons=1_000, level=0.95
    )

    assert found is not None
    assert (found.again, found.again_wrong) == (2, 1)
    assert (found.counts.numerator, found.counts.denominator) == (2, 156)
    assert found.not_yet_visited.value == pytest.approx(2 / 156)
    assert found.own_stratum.value == pytest.approx(0.006 + 0.9 * 2 / 156)
    assert found.not_yet_visited.low < 2 / 156 < found.not_yet_visited.high
    width = found.own_stratum.high - found.own_stratum.value
    assert width == pytest.approx(0.9 * (found.not_yet_visited.high - found.not_yet_visited.value))


def test_no_finding_among_fresh_households_still_has_an_upper_bound() -> None:
    lifted, wrong = sample({})

    found = tell_apart(
        lifted, wrong, earlier={}, first=FirstRound(0, 0), lifted_persons=1_000, level=0.95
    )

    assert found is not None
    assert found.not_yet_visited.value == 0
    assert found.not_yet_visited.high > 0.02


def test_without_any_fresh_household_there_is_no_figure() -> None:
    lifted, wrong = sample({})
    everyone = {v: frozenset(rows) for v, rows in lifted.groupby("village")["study_id"]}

    assert (
        tell_apart(
            lifted,
            wrong,
            earlier=everyone,
            first=FirstRound(160, 0),
            lifted_persons=1_000,
            level=0.95,
        )
        is None
    )


@pytest.mark.parametrize(
    ("kept", "surety", "verdict"),
    [
        (True, Surety.SECURE, Verdict.PASSED),
        (True, Surety.NOT_SECURED, Verdict.NOT_SECURED),
        (False, Surety.CONTRADICTED, Verdict.FAILED),
        (False, Surety.NOT_SECURED, Verdict.FAILED),
    ],
)
def test_the_point_decides_and_the_bound_makes_sure(
    kept: bool, surety: Surety, verdict: Verdict
) -> None:
    """A51."""
    found = verdict_on(SimpleNamespace(kept=kept), SimpleNamespace(surety=surety))  # type: ignore[arg-type]

    assert found is verdict


CLOSED = follow((9, "", "closed", "e", "quality_officer"), as_of=date(2019, 4, 11))
OPEN = follow(as_of=date(2019, 4, 10))
PROMINENT = replace(CLOSED, problem="follow_up_plan")


def concluded(decision: Decision, needed: tuple, orders: tuple, found: Decision | None, *verdicts):
    recheck = SimpleNamespace(found=SimpleNamespace(decision=found)) if found else None
    return conclude_rectification(
        decision,
        needed=needed,
        broken=tuple(n for n in needed if n.endswith("rate")),
        orders=orders,
        recheck=recheck,  # type: ignore[arg-type]
        verdicts=dict(zip(needed, verdicts, strict=False)),
    )


M = ("missed_rate",)
EXIT, RECTIFY = Decision.EXIT, Decision.RECTIFY


@pytest.mark.parametrize(
    ("outcome", "arguments"),
    [
        (Outcome.NO_REMEDY, (Decision.NO_EXIT, M, (CLOSED,), EXIT, Verdict.PASSED)),
        (Outcome.NOT_NEEDED, (EXIT, (), (), None)),
        (Outcome.AWAITING_ORDERS, (RECTIFY, M, (missing_order("missed_rate"),), None)),
        (Outcome.AWAITING_RECHECK, (RECTIFY, M, (CLOSED,), None)),
        (
            Outcome.AWAITING_RECHECK,
            (EXIT, ("follow_up_plan",), (replace(OPEN, problem="follow_up_plan"),), None),
        ),
        (Outcome.AWAITING_CLOSURE, (RECTIFY, M, (OPEN,), EXIT, Verdict.PASSED)),
        (Outcome.PASSED, (EXIT, ("follow_up_plan",), (PROMINENT,), None)),
        (Outcome.PASSED, (RECTIFY, M, (CLOSED,), EXIT, Verdict.PASSED)),
        (Outcome.NOT_SECURED, (RECTIFY, M, (CLOSED,), EXIT, Verdict.NOT_SECURED)),
        (Outcome.FAILED, (RECTIFY, M, (CLOSED,), RECTIFY, Verdict.FAILED)),
        (Outcome.UNDECIDED, (RECTIFY, M, (CLOSED,), Decision.UNDECIDED, Verdict.PASSED)),
    ],
)
def test_what_rectification_comes_to(outcome: Outcome, arguments: tuple) -> None:
    """R029, R051, R115: an indicator passes by a re-check alone, however many orders are closed."""
    assert concluded(*arguments) is outcome
