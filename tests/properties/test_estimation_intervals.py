"""What limits must be, whatever the method: honest at the edges, ordered, one-sided on request."""

from itertools import pairwise
from math import inf, isfinite

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom

from auditlib.errors import EstimationError
from auditlib.estimation import (
    METHODS,
    Design,
    Estimate,
    binomial_interval,
    combine,
    difference,
    estimate_mean,
    estimate_ratio,
    estimate_share,
    interval,
)

RATE_METHODS = [method for method in METHODS if method != "wald"]
SMOOTH = [method for method in RATE_METHODS if method not in ("likelihood", "asin")]


def clustered(seed: int, *, rate: float, clusters: int = 12) -> tuple[Design, list[int]]:
    chance = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(clusters), 10)
    y = (chance.random(len(cluster)) < rate).astype(int)
    weights = chance.uniform(0.5, 3, len(cluster))
    return Design.from_columns(units=[cluster], weights=weights), y


rates = st.builds(
    lambda p, se, n, df, worth, cluster: Estimate(
        p, se, df, 0, 1, 0.95, "wald", 1.0, n, is_rate=True, n_kish=worth * n, cluster=cluster
    ),
    p=st.floats(0.001, 0.999),
    se=st.floats(0.001, 0.3),
    n=st.integers(2, 5000),
    df=st.one_of(st.integers(1, 60).map(float), st.just(inf)),
    worth=st.floats(0.2, 1),
    cluster=st.floats(1, 50),
)


@pytest.mark.parametrize("method", [name for name in RATE_METHODS if name != "logit"])
@pytest.mark.parametrize("side", ["both", "lower", "upper"])
@pytest.mark.parametrize("event", [0, 1])
@pytest.mark.parametrize("df", [None, inf, 0.0, 3.0])
def test_no_and_only_events_have_finite_honest_limits(method, side, event, df):
    design, y = clustered(1, rate=0.5)
    share = estimate_share(design, np.full(len(y), event))

    found = interval(share, method=method, side=side, df=df)

    assert (found.value, found.se) == (event, 0)
    assert 0 <= found.low <= event <= found.high <= 1
    if side != ("upper" if event else "lower"):
        assert found.high - found.low > 0.001


def test_walds_limits_at_no_event_are_a_point_and_say_nothing():
    design, y = clustered(1, rate=0.5)

    found = interval(estimate_share(design, np.zeros(len(y))), method="wald")

    assert (found.low, found.high) == (0, 0)


def test_rs_logit_of_no_event_says_so_and_gives_way_to_honest_limits():
    """The share itself comes back when other limits are asked for."""
    design, y = clustered(1, rate=0)
    share = estimate_share(design, y)

    stopped = interval(share, method="logit", side="upper")

    assert stopped.stopped
    assert stopped.low == 0
    assert 0 < stopped.value < stopped.high < 1e-11
    assert interval(stopped) == share
    assert not share.stopped
    assert share.high > 0.02


@given(rate=rates, method=st.sampled_from(RATE_METHODS), level=st.floats(0.5, 0.999))
def test_limits_of_a_rate_contain_it_and_stay_between_0_and_1(rate, method, level):
    found = interval(rate, method=method, level=level)

    assert 0 <= found.low <= rate.value + 1e-12
    assert rate.value - 1e-12 <= found.high <= 1


@given(rate=rates, method=st.sampled_from(SMOOTH), level=st.floats(0.5, 0.98))
def test_more_confidence_never_narrows_limits(rate, method, level):
    narrow = interval(rate, method=method, level=level)
    wide = interval(rate, method=method, level=level + 0.01)

    assert wide.low <= narrow.low + 1e-12
    assert narrow.high <= wide.high + 1e-12


@given(rate=rates, method=st.sampled_from(METHODS), level=st.floats(0.8, 0.99))
def test_a_one_sided_limit_leaves_everything_in_one_tail(rate, method, level):
    two_sided = interval(rate, method=method, level=2 * level - 1)

    lower = interval(rate, method=method, level=level, side="lower")
    upper = interval(rate, method=method, level=level, side="upper")

    assert lower.low == pytest.approx(two_sided.low, rel=1e-7, abs=1e-9)
    assert upper.high == pytest.approx(two_sided.high, rel=1e-7, abs=1e-9)
    assert (upper.low, lower.high) == ((-inf, inf) if method == "wald" else (0, 1))


@given(rate=rates, level=st.floats(0.8, 0.99), side=st.sampled_from(["lower", "upper", "both"]))
def test_the_cap_only_ever_lessens_the_effective_sample(rate, level, side):
    beta = interval(rate, method="beta", level=level, side=side)
    capped = interval(rate, method="beta-capped", level=level, side=side)
    assumed = rate.n_kish / (1 + 0.03 * (rate.cluster - 1))

    assert capped.n_eff == pytest.approx(min(beta.n_eff, assumed))
    assert capped.low <= beta.low + 1e-12
    assert beta.high <= capped.high + 1e-12


@given(rate=rates)
def test_a_higher_assumed_correlation_never_narrows_the_default(rate):
    found = [interval(rate, correlation=rho) for rho in (0, 0.03, 0.1, 0.5)]

    assert all(a.low >= b.low for a, b in pairwise(found))
    assert all(a.high <= b.high for a, b in pairwise(found))


def test_the_mirror_of_a_share_has_mirrored_limits():
    design, y = clustered(5, rate=0.2)
    share, others = estimate_share(design, y), estimate_share(design, 1 - y)

    for method in ("wald", *RATE_METHODS):
        found, mirror = interval(share, method=method), interval(others, method=method)
        close = 1e-4 if method == "likelihood" else 1e-7
        assert (1 - mirror.high, 1 - mirror.low) == pytest.approx(
            (found.low, found.high), abs=close
        )


def test_a_standard_error_without_degrees_of_freedom_says_nothing():
    design, y = clustered(4, rate=0.4)
    one_cluster = np.arange(len(y)) < 10
    share = estimate_share(design, y, where=one_cluster)

    assert share.df == 0
    assert (share.low, share.high) == (0, 1)
    assert interval(share, method="wald").low == -inf
    assert interval(share, df=inf).high < 1


def test_the_default_is_for_rates_and_walds_for_the_rest():
    design, y = clustered(2, rate=0.3)
    x = np.arange(len(y)) % 4 + 1

    assert estimate_share(design, y).method == "beta-capped"
    assert estimate_ratio(design, y * x, x).method == "beta-capped"
    assert estimate_ratio(design, 2 * y * x, x).method == "wald"
    assert estimate_mean(design, x).method == "wald"
    with pytest.raises(EstimationError, match="for rates"):
        interval(estimate_mean(design, x), method="beta")


def test_several_members_of_one_unit_are_one_observation():
    """Persons as rows, in the sampled households: the information is that of households."""
    cluster, household = np.repeat(np.arange(10), 12), np.arange(120) // 3
    persons = Design.from_columns(units=[cluster, household], weights=np.ones(120))
    households = Design.from_columns(units=[cluster[::3]], weights=np.ones(40))

    by_person = estimate_ratio(persons, np.zeros(120), np.ones(120))
    by_household = estimate_ratio(households, np.zeros(40), np.full(40, 3))

    assert by_person.high == pytest.approx(by_household.high)
    assert by_person.n_eff == pytest.approx(by_household.n_eff)


@given(first=rates, second=rates, a=st.floats(0.01, 2), b=st.floats(0.01, 2))
def test_a_sum_of_rates_lies_within_the_sums_of_their_limits(first, second, a, b):
    parts = [(a, interval(first)), (b, interval(second))]

    found = combine(parts, constant=0.1)

    assert 0.1 + sum(c * part.low for c, part in parts) <= found.low + 1e-12
    assert found.high <= 0.1 + sum(c * part.high for c, part in parts) + 1e-12
    assert found.low <= found.value == pytest.approx(0.1 + a * first.value + b * second.value)
    assert found.value <= found.high


@given(first=rates, second=rates)
def test_a_difference_turned_round_changes_sign(first, second):
    first, second = interval(first), interval(second)

    found, turned = difference(first, second), difference(second, first)
    lower, upper = difference(first, second, side="lower"), difference(second, first, side="upper")

    assert (turned.value, turned.low, turned.high) == pytest.approx(
        (-found.value, -found.high, -found.low)
    )
    assert lower.low == pytest.approx(-upper.high)
    assert (lower.high, upper.low) == (1, -1)
    assert lower.low >= found.low - 1e-12


def test_one_part_combined_keeps_its_limits():
    design, y = clustered(3, rate=0.1)
    share = estimate_share(design, y)

    found = combine([(1.0, share)], level=0.9)

    assert (found.low, found.high) == pytest.approx(
        (interval(share, level=0.9).low, interval(share, level=0.9).high)
    )
    with pytest.raises(EstimationError, match="combination already"):
        combine([(1.0, found)])
    with pytest.raises(EstimationError, match="there is none"):
        combine([])


@given(n=st.integers(1, 2000), share=st.floats(0, 1), level=st.floats(0.6, 0.99))
def test_exact_limits_invert_the_binomial_distribution(n, share, level):
    events = int(share * n)
    low, high = binomial_interval(events, n, level=level)
    tail = (1 - level) / 2

    if events > 0:
        assert binom.sf(events - 1, n, low) == pytest.approx(tail, rel=1e-6)
    if events < n:
        assert binom.cdf(events, n, high) == pytest.approx(tail, rel=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "jeffreys"}, "Choose one of: wald, wilson"),
        ({"level": 1.0}, "above 0 and below 1"),
        ({"level": 0.4, "side": "upper"}, "above 0.5 and below 1"),
        ({"side": "left"}, "both, lower, upper"),
        ({"correlation": -0.1}, "from 0 to 1"),
    ],
)
def test_wrong_options_are_refused_with_a_sentence(options, message):
    design, y = clustered(1, rate=0.5)

    with pytest.raises(EstimationError, match=message):
        interval(estimate_share(design, y), **options)


@given(p=st.floats(1e-4, 0.9999), se=st.floats(1e-4, 0.4), n=st.integers(2, 3000))
def test_likelihood_limits_are_finite_wherever_r_gives_up(p, se, n):
    assume(se**2 <= p * (1 - p))
    rate = Estimate(p, se, 20.0, 0, 1, 0.95, "wald", None, n, is_rate=True, n_kish=float(n))

    found = interval(rate, method="likelihood")

    assert isfinite(found.low)
    assert 0 <= found.low <= found.high <= 1
