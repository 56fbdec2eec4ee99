"""Operating characteristics against the figures of the design and of reading A31."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from auditlib.errors import SelectionError
from auditlib.sampling import (
    chance_to_pass,
    chance_to_pass_in_clusters,
    most_errors_by_bound,
    most_errors_by_point,
)
from auditlib.sampling.operating import cluster_deff

LIMIT = Fraction(2, 100)


def test_the_point_rule_passes_18_and_46_per_cent():
    """design/statistics.md, section 7: n = 600, true rates 2.5 % and 2 %."""
    most = most_errors_by_point(600, LIMIT)
    assert chance_to_pass([0.025, 0.02], 600, most) == pytest.approx([0.18, 0.46], abs=0.005)


def test_1200_households_may_show_15_errors_by_the_bound_and_23_by_the_point():
    """plan/readings.md, A31."""
    assert most_errors_by_bound(1200, LIMIT, level=0.95) == 15
    assert most_errors_by_point(1200, LIMIT) == 23


@pytest.mark.parametrize("n", [49, 50, 51, 600, 601])
def test_equality_does_not_pass(n):
    most = most_errors_by_point(n, LIMIT)
    assert Fraction(most, n) < LIMIT <= Fraction(most + 1, n)


def test_no_sample_too_small_for_the_bound_can_pass():
    assert most_errors_by_bound(100, LIMIT, level=0.95) == -1
    assert chance_to_pass([0.001], 100, -1) == [0]
    assert chance_to_pass_in_clusters([0.001], [[10] * 10], [-1], correlation=0.1) == [0]


def test_villages_without_correlation_are_a_simple_random_sample():
    rates = [0, 0.005, 0.02, 0.03, 1]
    villages = [8] * 10 + [40] * 13
    expected = chance_to_pass(rates, 600, 11)
    found = chance_to_pass_in_clusters(rates, [villages], [11], correlation=0)
    assert found == pytest.approx(expected, abs=1e-12)


def test_correlated_villages_agree_with_simulation():
    """20,000 samples of 30 villages with beta rates; four standard errors."""
    random = np.random.default_rng(1)
    sizes, rate, rho = np.array([8] * 10 + [20] * 20), 0.02, 0.1
    both = 1 / rho - 1
    rates = random.beta(rate * both, (1 - rate) * both, size=(20_000, 30))
    errors = random.binomial(sizes, rates).sum(axis=1)
    found = chance_to_pass_in_clusters([rate], [list(sizes)], [9], correlation=rho)
    assert found[0] == pytest.approx(np.mean(errors <= 9), abs=4 * 0.5 / 20_000**0.5)


def test_the_chance_is_averaged_over_the_samples_given():
    one, other = [20] * 30, [40] * 15
    both = chance_to_pass_in_clusters([0.02], [one, other], [11, 11], correlation=0.1)
    each = [chance_to_pass_in_clusters([0.02], [s], [11], correlation=0.1)[0] for s in (one, other)]
    assert both[0] == pytest.approx(sum(each) / 2)


def test_the_design_effect_weighs_large_villages():
    assert cluster_deff([20] * 30, 0.05) == pytest.approx(1.95)
    assert cluster_deff([10, 30], 0.1) == pytest.approx(1 + 0.1 * 24)


def test_a_higher_rate_never_passes_more_often():
    rates = [i / 500 for i in range(40)]
    for chances in (
        chance_to_pass(rates, 600, 11),
        chance_to_pass_in_clusters(rates, [[20] * 30], [11], correlation=0.05),
    ):
        assert all(a >= b for a, b in pairwise(chances))


def test_impossible_values_are_named():
    with pytest.raises(SelectionError, match="rate"):
        chance_to_pass([1.5], 600, 11)
    with pytest.raises(SelectionError, match="correlation"):
        chance_to_pass_in_clusters([0.1], [[5]], [1], correlation=1)
    with pytest.raises(SelectionError, match="level"):
        most_errors_by_bound(600, LIMIT, level=1)
