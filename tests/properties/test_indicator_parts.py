"""Parts of the county, both units of counting, and how well the sample tells good from bad."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom

from auditlib.errors import EstimationError
from auditlib.estimation import estimate_ratio
from auditlib.estimation.operating import chances_of_at_most
from auditlib.indicators.assurance import estimate_missed, operating_as_reached
from auditlib.indicators.domains import wrong_exit_by_part, wrong_exit_by_village
from auditlib.indicators.drawn import lifted_design
from auditlib.indicators.measure import Evidence, missed, missed_households
from auditlib.report.parts import chance_limit

OFFICIAL = {
    "open_cases": "out",
    "wrong_unit": "household",
    "stability": "required",
    "missing_evidence": "not_problem",
    "excused_schooling": "excused",
    "missed_members": "included",
}


def lifted(sizes: dict[str, int], wrong: int = 3) -> pd.DataFrame:
    """Return lifted households of townships of these sizes, in two villages each."""
    rows = [
        {"township": town, "village": f"V-{town}{i % 2}", "study_id": f"H-{town}{i:03d}"}
        for town, n in sizes.items()
        for i in range(n)
    ]
    return pd.DataFrame(rows).assign(
        members=lambda t: np.arange(len(t)) % 5 + 1,
        verified=lambda t: ["food" if i % 17 == wrong else "" for i in range(len(t))],
        open="",
        lines=0,
        missing=0,
        excused=0,
        kind="poor-other",
        probability=0.5,
        weight=2.0,
        listed=100,
        poor="poor",
        remote="other",
        exit_year="2017",
        cause="illness",
    )


def evidence(**parts: pd.DataFrame) -> Evidence:
    names = ("lifted", "missed", "screened", "households", "recognition", "interviews")
    tables = {n: parts.get(n, pd.DataFrame()) for n in names}
    return Evidence(**tables, of_members=frozenset(), visited=1)


def parts_of(table: pd.DataFrame) -> dict[str, object]:
    found = wrong_exit_by_part(
        evidence(lifted=table), OFFICIAL, lifted_design(table), fewest=5, level=0.95
    )
    return {d.value: d for d in found if d.by == "township"}


def test_a_single_small_part_hides_the_next_so_that_nobody_finds_it_by_subtraction() -> None:
    """R025; plan A50: small cells are suppressed, and not to be had by a difference either."""
    one = parts_of(lifted({"a": 3, "b": 8, "c": 40}))
    two = parts_of(lifted({"a": 3, "b": 4, "c": 40}))
    none = parts_of(lifted({"a": 7, "b": 8, "c": 40}))

    assert [one[t].persons is None for t in "abc"] == [True, True, False]
    assert [two[t].persons is None for t in "abc"] == [True, True, False]
    assert all(d.persons for d in none.values())
    assert one["a"].households is None
    assert one["a"].high is None


def test_parts_and_villages_add_up_in_persons_and_in_households() -> None:
    """R018, A10."""
    table = lifted({"a": 20, "b": 30, "c": 40})
    parts = parts_of(table).values()
    villages = wrong_exit_by_village(evidence(lifted=table), OFFICIAL)

    broken = table["verified"] != ""
    for found in (parts, villages):
        assert sum(d.persons for d in found) == table["members"].sum()
        assert sum(d.wrong for d in found) == table.loc[broken, "members"].sum()
        assert sum(d.households for d in found) == len(table)
        assert sum(d.wrong_households for d in found) == broken.sum()


def test_a_missed_member_of_a_registered_household_is_in_rate_and_interval() -> None:
    """R020, A14: counted in persons and in households, and in the estimate beside."""
    screened = pd.DataFrame({"unit": ["g1", "g2"], "village": ["v1", "v2"], "population": [31, 30]})
    households = pd.DataFrame(
        {
            "study_id": [f"S-{i}" for i in range(20)],
            "unit": ["g1"] * 10 + ["g2"] * 10,
            "village": ["v1"] * 10 + ["v2"] * 10,
            "persons": 3,
        }
    )
    cases = pd.DataFrame(
        {
            "study_id": ["S-1", "H-9"],
            "unit": ["g1", "g1"],
            "persons": [3, 1],
            "state": "verified",
            "within": [0, 1],
        }
    )
    found = evidence(missed=cases, screened=screened, households=households)
    whole = {**OFFICIAL, "missed_members": "whole_households"}

    assert missed(found, OFFICIAL).share == Fraction(4, 61)
    assert estimate_missed(found, OFFICIAL).value == pytest.approx(4 / 61)
    assert estimate_missed(found, whole).value == pytest.approx(3 / 60)
    assert missed_households(found, OFFICIAL).share == Fraction(2, 21)
    assert missed_households(found, whole).share == Fraction(1, 20)


def test_villages_that_differ_give_the_larger_standard_error_with_replacement() -> None:
    """Statistics of the project, section 5: the conservative figure beside Brewer's."""
    table = lifted({"a": 40, "b": 40, "c": 40})
    wrong, members = (table["village"] == "V-a0") * table["members"], table["members"]

    brewer = estimate_ratio(lifted_design(table), wrong, members)
    other = estimate_ratio(lifted_design(table, with_replacement=True), wrong, members)

    assert brewer.value == pytest.approx(other.value)
    assert brewer.se < other.se


@given(
    sizes=st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=12), min_size=1, max_size=6),
    rate=st.floats(0.001, 0.3),
    correlation=st.floats(0, 0.5),
)
def test_chances_rise_with_what_is_allowed_and_end_at_certainty(sizes, rate, correlation) -> None:
    members = sum(map(sum, sizes))
    (found,) = chances_of_at_most([rate], sizes, range(-1, members + 1), correlation=correlation)

    assert found[0] == 0
    assert found == sorted(found)
    assert found[-1] == pytest.approx(1)


def test_the_chances_are_those_of_a_simulation() -> None:
    """Whole households wrong, beta-binomial in villages: 40,000 simulated samples, 4 errors."""
    chance = np.random.default_rng(20180717)
    sizes = [chance.integers(1, 6, n).tolist() for n in (8, 15, 20, 20, 40)]
    rate, rho, samples = 0.03, 0.1, 40_000
    total = np.zeros(samples)
    for own in sizes:
        q = chance.beta(rate * (1 / rho - 1), (1 - rate) * (1 / rho - 1), samples)
        total += ((chance.random((samples, len(own))) < q[:, np.newaxis]) * np.array(own)).sum(1)

    exact = chances_of_at_most([rate], sizes, [0, 4, 9, 20], correlation=rho)[0]

    for most, found in zip([0, 4, 9, 20], exact, strict=True):
        share = (total <= most).mean()
        assert found == pytest.approx(share, abs=4 * (share * (1 - share) / samples) ** 0.5)


def test_a_chance_out_of_range_is_refused() -> None:
    with pytest.raises(EstimationError, match="from 0 to 1"):
        chances_of_at_most([1.2], [[1]], [0], correlation=0.1)


def test_the_bound_rule_is_stricter_and_both_fall_with_the_true_rate() -> None:
    """Statistics of the project, section 7: operating characteristics as reached."""
    table = lifted({f"t{i:02d}": 40 for i in range(15)}, wrong=99)
    rate = estimate_ratio(lifted_design(table), table["members"] * 0, table["members"])

    found = operating_as_reached(
        table, rate, limit=Fraction(2, 100), level=0.95, rates=(0, 0.01, 0.02, 0.03)
    )

    assert found.persons == table["members"].sum()
    assert found.point[0] == found.bound[0] == 1
    assert list(found.point) == sorted(found.point, reverse=True)
    assert all(b <= p for p, b in zip(found.point, found.bound, strict=True))
    assert found.bound[2] < 0.1 < found.point[2]


@given(n=st.integers(3, 60), p=st.floats(0.001, 0.2), k=st.integers(1, 10))
def test_a_village_stands_out_where_chance_alone_would_not_bring_it(n, p, k) -> None:
    assume(k <= n)
    chance = binom.sf(k - 1, n, p)
    assume(abs(chance - 0.001) > 1e-9)

    assert (k / n > chance_limit(n, p, 0.998)) == (chance < 0.001)


def test_a_direct_draw_has_the_standard_error_of_a_simple_random_sample():
    """A25: Cochran (1977), equation 6.9: v(R) = (1 - n/N) s_e^2 / (n mean(x)^2), df n - 1."""
    chance = np.random.default_rng(25)
    n, N = 60, 300
    members = chance.integers(1, 6, n)
    wrong = np.where(chance.random(n) < 0.1, members, 0)
    table = pd.DataFrame(
        {
            "study_id": [f"H-{i}" for i in range(n)],
            "village": [f"V-{i % 7}" for i in range(n)],
            "kind": "poor-remote",
            "within": "county",
            "probability": 1.0,
            "listed": N,
            "weight": N / n,
        }
    )
    y, x = pd.Series(wrong, dtype=float), pd.Series(members, dtype=float)
    found = estimate_ratio(lifted_design(table), y, x)
    residual = y - found.value * x
    v = (1 - n / N) * residual.var(ddof=1) / (n * x.mean() ** 2)
    assert found.value == pytest.approx(y.sum() / x.sum())
    assert found.se == pytest.approx(v**0.5)
    assert found.df == n - 1
    loose = estimate_ratio(lifted_design(table, with_replacement=True), y, x)
    assert loose.se == pytest.approx((v / (1 - n / N)) ** 0.5)
    assert loose.se > found.se
