"""Published figures of samples small enough to be printed whole."""

from math import inf, sqrt
from pathlib import Path

import pandas as pd
import pytest

from auditlib.estimation import (
    Design,
    Estimate,
    binomial_interval,
    difference,
    estimate_mean,
    estimate_ratio,
    estimate_total,
    interval,
)

DATA = Path(__file__).parent / "data"


def simple_rate(events: int, n: int, method: str) -> Estimate:
    """Return a rate from a simple random sample with replacement."""
    p = events / n
    se = sqrt(p * (1 - p) / n)
    rate = Estimate(p, se, inf, 0, 1, 0.95, method, 1.0, n, is_rate=True, n_kish=float(n))
    return interval(rate, method=method)


def test_a_stratified_mean_agrees_with_the_fpc_example_of_r_survey():
    """R survey, tests/testoutput/fpc.Rout.save: mean 5.4481, SE 0.616; without fpc 0.7413."""
    x = [2.8, 4.1, 6.8, 6.8, 9.2, 3.7, 6.6, 4.2]
    stratum = ["1"] * 5 + ["2"] * 3
    unit = [1, 2, 3, 4, 5, 1, 2, 3]
    weight, population = [3] * 5 + [4] * 3, [15] * 5 + [12] * 3
    columns = {"units": [unit], "strata": [stratum], "weights": weight, "nest": True}

    with_fpc = estimate_mean(Design.from_columns(**columns, populations=[population]), x)
    without = estimate_mean(Design.from_columns(**columns), x)

    assert with_fpc.value == pytest.approx(5.4481, abs=5e-5)
    assert with_fpc.se == pytest.approx(0.616, abs=5e-4)
    assert without.se == pytest.approx(0.7413, abs=5e-5)


def test_a_two_stage_total_agrees_with_the_swedish_municipalities_of_sarndal_and_others():
    """R survey, tests/testoutput/multistage.Rout.save: total 15080, SE 2274.3, variance 5172234.

    The sample is that of Särndal, Swensson & Wretman (1992), example 4.3.2.
    """
    cluster = [19, 45, 47, 50, 31] * 3
    element = [1] * 5 + [2] * 5 + [3] * 5
    y = [41, 49, 31, 39, 49, 49, 49, 31, 41, 51, 49, 45, 35, 61, 33]
    design = Design.from_columns(
        units=[cluster, element], populations=[[50] * 15, [5, 8, 5, 9, 7] * 3]
    )

    total = estimate_total(design, y)

    assert total.value == pytest.approx(15080, abs=0.5)
    assert total.se == pytest.approx(2274.3, abs=0.05)
    assert total.se**2 == pytest.approx(5172234, abs=0.5)


@pytest.mark.parametrize(
    ("candidate", "total", "se", "unit"),
    [
        ("Bush", 64518472, 2447629, 1),
        ("Kerry", 51202102, 2450787, 1),
        ("Nader", 478530, 102420, 10),
    ],
)
def test_brewers_variance_agrees_with_the_us_election_of_r_survey(candidate, total, se, unit):
    """R survey, tests/testoutput/pps.Rout.save, `pps = "brewer"`: 40 counties of 4,600."""
    table = pd.read_csv(DATA / "r_election_pps.csv")
    design = Design.from_columns(probabilities=[table.p])

    found = estimate_total(design, table[candidate])

    assert found.value == pytest.approx(total, abs=unit / 2)
    assert found.se == pytest.approx(se, abs=unit / 2)


@pytest.mark.parametrize(
    ("events", "n", "wilson", "exact"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_wilson_and_exact_limits_agree_with_newcombe(events, n, wilson, exact):
    """Newcombe (1998), Statistics in Medicine 17:857-872, table I, methods 3 and 5."""
    found = simple_rate(events, n, "wilson")

    assert (found.low, found.high) == pytest.approx(wilson, abs=5e-5)
    assert binomial_interval(events, n) == pytest.approx(exact, abs=5e-5)
    assert interval(found, method="clopper-pearson").high == pytest.approx(exact[1], abs=5e-5)


@pytest.mark.parametrize(
    ("later", "earlier", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_the_difference_of_two_rates_agrees_with_newcombe(later, earlier, low, high):
    """Newcombe (1998), Statistics in Medicine 17:873-890, table II, method 10."""
    found = difference(simple_rate(*later, "wilson"), simple_rate(*earlier, "wilson"))

    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_the_rule_of_three_bounds_no_event():
    """Hanley & Lippman-Hand (1983), JAMA 249:1743-1745: about 3 in n, at 95 % one-sided."""
    low, high = binomial_interval(0, 600, side="upper")

    assert low == 0
    assert high == pytest.approx(3 / 600, rel=0.005)


@pytest.mark.parametrize(("clusters", "observations", "bound"), [(30, 20, 0.0098), (10, 50, 0.018)])
def test_no_event_is_bounded_as_the_statistics_page_says(clusters, observations, bound):
    """shared/design/statistics.md, section 6: about 0.98 % and about 1.8 %, one-sided."""
    members = [1, 2, 3, 4, 5] * (clusters * observations // 5)
    cluster = [i // observations for i in range(len(members))]
    design = Design.from_columns(units=[cluster], weights=[1.0] * len(members))

    found = interval(estimate_ratio(design, [0] * len(members), members), side="upper")

    assert found.high == pytest.approx(bound, abs=0.0005)
