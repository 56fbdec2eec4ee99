"""What must hold for every county: exactness, monotony, and that nothing is lost."""

from fractions import Fraction
from itertools import product
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from auditlib.indicators.rates import Counts, composite_incidence
from auditlib.indicators.verdict import Decision, decide, judge, kept
from auditlib.params.reading import read
from auditlib.plan import Bound, Plan

ROOT = Path(__file__).parents[2]
PLAN = Plan.model_validate(read(ROOT / "params" / "plan.yaml", "plan").values)
RULES = dict(PLAN.indicators.items())
RANK = {Decision.EXIT: 0, Decision.RECTIFY: 1, Decision.NO_EXIT: 2}


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_compared_in_whole_numbers(x: int, n: int) -> None:
    share = Fraction(min(x, n), n)

    assert kept(share, Bound.BELOW, Fraction(2, 100)) == (100 * min(x, n) < 2 * n)
    assert kept(share, Bound.AT_MOST, Fraction(2, 100)) == (100 * min(x, n) <= 2 * n)
    assert kept(share, Bound.ABOVE, Fraction(90, 100)) == (10 * min(x, n) > 9 * n)


def _decision(wrong: int, missed: int, yes: int, poor: int) -> Decision:
    incidence = composite_incidence(
        still_poor=poor,
        lifted=2_000,
        unregistered=20_000,
        population=22_500,
        wrong_exit=Counts(wrong, 900),
        missed=Counts(missed, 2_000),
    )
    counts = {
        "composite_incidence": (incidence.poor, 22_500),
        "wrong_exit_rate": (wrong, 900),
        "missed_rate": (missed, 2_000),
        "recognition_rate": (yes, 1_000),
    }
    return decide(
        {
            name: judge(
                name,
                rule,
                numerator=counts[name][0],
                denominator=counts[name][1],
                limit=rule.threshold,
            )
            for name, rule in RULES.items()
        }
    )


@given(
    st.integers(0, 60),
    st.integers(0, 80),
    st.integers(800, 1_000),
    st.integers(0, 500),
    st.integers(0, 3),
)
def test_a_verdict_never_improves_when_a_count_worsens(
    wrong: int, missed: int, yes: int, poor: int, which: int
) -> None:
    before = _decision(wrong, missed, yes, poor)
    worse = [wrong, missed, yes, poor]
    worse[which] += -1 if which == 2 else 1

    assert RANK[_decision(*worse)] >= RANK[before]


@given(st.integers(0, 900), st.integers(1, 900), st.integers(0, 500), st.integers(1, 500))
def test_the_incidence_as_found_is_never_above_the_expanded_one(
    w: int, n: int, m: int, s: int
) -> None:
    """Found counts are a lower bound as long as the sample is part of the county."""
    incidence = composite_incidence(
        still_poor=10,
        lifted=1_000,
        unregistered=9_000,
        population=10_010,
        wrong_exit=Counts(min(w, n), n),
        missed=Counts(min(m, s), s),
    )

    assert incidence.raw <= incidence.value


def test_nothing_found_among_some_is_nothing_and_among_nobody_unknown() -> None:
    assert Counts(0, 5).share == 0
    assert Counts(0, 0).share is None
    assert Counts(0, 0).between == (0, 1)


UNKNOWN = st.sampled_from([None, 0, 1])  # a rate not estimable, at its best, at its worst


@given(
    st.tuples(UNKNOWN, UNKNOWN, st.sampled_from([None, 0, 1])),
    st.integers(0, 800),
    st.booleans(),
)
def test_what_is_not_estimable_decides_only_what_its_best_and_its_worst_decide(
    shares: tuple[int | None, int | None, int | None], poor: int, any_of_four: bool
) -> None:
    """三（一）, 三（二）: every way to fill in what nobody answered is tried, and must agree."""

    def decision(wrong: Counts, missed: Counts, approve: Counts) -> Decision:
        incidence = composite_incidence(
            still_poor=poor,
            lifted=300,
            unregistered=100,
            population=20_000,
            wrong_exit=wrong,
            missed=missed,
        )
        between = {
            "composite_incidence": incidence.between,
            "wrong_exit_rate": wrong.between,
            "missed_rate": missed.between,
            "recognition_rate": approve.between,
        }
        return decide(
            {
                name: judge(
                    name,
                    rule,
                    numerator=0,
                    denominator=0,
                    between=between[name],
                    limit=rule.threshold,
                )
                for name, rule in RULES.items()
            },
            any_of_four=any_of_four,
        )

    def counts(share: int | None) -> Counts:
        return Counts(0, 0) if share is None else Counts(share, 1)

    ways = [(0, 1) if share is None else (share,) for share in shares]
    filled = {decision(*map(counts, way)) for way in product(*ways)}

    expected = filled.pop() if len(filled) == 1 else Decision.UNDECIDED
    assert decision(*map(counts, shares)) is expected
