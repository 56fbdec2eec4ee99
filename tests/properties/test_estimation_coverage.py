"""The simulation of coverage estimates as the library does, and the default keeps its promise."""

import numpy as np
import pytest

from auditlib.estimation import Design, combine, estimate_ratio
from auditlib.estimation.coverage import (
    CLUSTER_SIZE,
    Scenario,
    _generator,
    draw_samples,
    group_scenarios,
    sample_rates,
    sample_scenarios,
    simulate_coverage,
    simulate_sum_coverage,
)


@pytest.mark.parametrize("unequal", [False, True])
@pytest.mark.parametrize("population", [0, 50])
def test_a_simulated_sample_is_estimated_as_by_the_library(unequal, population):
    scenario = Scenario(0.05, 0.1, 12, 10, unequal=unequal, population=population)
    samples = draw_samples(scenario, 3, np.random.default_rng(1))
    rates = sample_rates(samples, tail=0.025)
    cluster = np.repeat(np.arange(12), 10)
    populations = [np.full(120, 50), np.full(120, CLUSTER_SIZE)] if population else []
    for i in range(3):
        design = Design.from_columns(
            units=[cluster, np.arange(120)],
            populations=populations,
            weights=np.repeat(samples.w[i].ravel(), 10),
        )
        found = estimate_ratio(design, samples.y[i].ravel(), samples.x[i].ravel())

        assert rates.p[i] == pytest.approx(found.value)
        assert rates.se[i] == pytest.approx(found.se)
        assert rates.df[i] == found.df
        assert rates.n_kish[i] == pytest.approx(found.n_kish)
        assert rates.cluster[i] == pytest.approx(found.cluster)


def test_the_same_seed_gives_the_same_table_whatever_else_is_simulated():
    first, second = Scenario(0.02, 0.1, 10, 10), Scenario(0.05, 0.0, 8, 5)

    alone = simulate_coverage([second], replicates=200)
    together = simulate_coverage([first, second], replicates=200)
    other = simulate_coverage([second], replicates=200, seed=2)

    assert alone.iloc[0].equals(together.iloc[1])
    assert alone.width[0] != other.width[0]


def test_the_correlation_within_clusters_is_the_one_asked_for():
    samples = draw_samples(Scenario(0.3, 0.2, 2000, 2), 20, np.random.default_rng(3))
    trait = samples.y > 0

    assert np.corrcoef(trait[..., 0].ravel(), trait[..., 1].ravel())[0, 1] == pytest.approx(
        0.2, abs=0.02
    )
    assert trait.mean() == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize("size", [(8, 10), (12, 40), (30, 20)])
@pytest.mark.parametrize("options", [{}, {"members": False}, {"unequal": True}])
def test_the_default_covers_94_in_100_where_three_events_are_expected(size, options):
    """Correlation at most 0.1; three standard errors of simulation are allowed for."""
    grid = [
        Scenario(rate, rho, *size, **options) for rate in (0.01, 0.05) for rho in (0, 0.05, 0.1)
    ]

    table = simulate_coverage([s for s in grid if s.expected_events >= 3], replicates=2000)

    assert len(table)
    assert table.coverage.min() >= 0.94 - 3 * np.sqrt(0.94 * 0.06 / 2000)


@pytest.mark.parametrize("rho", [0, 0.1])
def test_the_limits_of_a_sum_cover_it_where_the_delta_method_does_not(rho):
    """statistics of the project, section 6: MOVER for the composite incidence."""
    parts = [(0.1, Scenario(0.01, rho, 30, 20)), (0.9, Scenario(0.005, rho, 10, 40))]

    found = simulate_sum_coverage(parts, replicates=2000)

    assert found["mover"] >= 0.94 - 3 * np.sqrt(0.94 * 0.06 / 2000)
    assert found["upper"] >= 0.94 - 3 * np.sqrt(0.94 * 0.06 / 2000)
    assert found["delta"] < found["mover"]


def test_the_simulated_sum_is_limited_as_by_the_library():
    parts = [(0.3, Scenario(0.05, 0.1, 12, 10)), (0.7, Scenario(0.1, 0.0, 8, 10))]
    estimates = []
    for i, (a, scenario) in enumerate(parts):
        samples = draw_samples(scenario, 1, _generator(scenario, 20180717 + i))
        design = Design.from_columns(
            units=[np.repeat(np.arange(scenario.clusters), scenario.observations)]
        )
        estimates.append((a, estimate_ratio(design, samples.y[0].ravel(), samples.x[0].ravel())))
    found = combine(estimates)
    truth = 0.3 * 0.05 + 0.7 * 0.1

    simulated = simulate_sum_coverage(parts, replicates=1)

    assert simulated["mover"] == float(found.low <= truth <= found.high)


def test_the_grids_are_those_of_the_issue():
    samples, groups = sample_scenarios(), group_scenarios()

    assert {s.rate for s in samples} == {s.rate for s in groups}
    assert (min(s.rate for s in samples), max(s.rate for s in samples)) == (0.002, 0.05)
    assert (min(s.clusters for s in samples), max(s.clusters for s in samples)) == (8, 30)
    assert (min(s.observations for s in samples), max(s.observations for s in samples)) == (5, 25)
    assert {s.clusters for s in groups} == {8, 10, 12}
    assert any(s.population == 50 for s in samples)
    assert any(s.unequal and s.members for s in samples)
