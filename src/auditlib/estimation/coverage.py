"""Simulate how often the limits of a rate contain it.

A population has clusters of observations, each observation one to five members
that all have the trait or none. A cluster's chance of the trait comes from a beta
distribution, so that two observations of a cluster are correlated as asked. A
sample of clusters, and of observations inside, is drawn and estimated thousands
of times, and limits are set by the very functions that `interval` uses. The same
seed gives the same table on any machine.

Source: the design follows Dean & Pagano (2015), Journal of Survey Statistics and
Methodology 3:484-503.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from auditlib.estimation.columns import Numbers
from auditlib.estimation.limits import CORRELATION, Rates, rate_limits, t_quantile

MEMBERS = (1, 2, 3, 4, 5)  # of an observation, where they vary
SHARES = (0.15, 0.30, 0.25, 0.20, 0.10)  # of observations with so many members
CLUSTER_SIZE = 60  # observations in a cluster of a finite population
SPREAD = 0.6  # standard deviation of log weights, where they are unequal

RATES = (0.002, 0.005, 0.01, 0.02, 0.05)
CORRELATIONS = (0.0, 0.05, 0.1, 0.2)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A population and a sample from it.

    Parameters
    ----------
    rate
        Expected share of members with the trait, above 0 and below 1.
    correlation
        Correlation of two observations in one cluster, 0 or more and below 1.
    clusters, observations
        Clusters in the sample, 2 or more, and observations from each, 2 or more.
    members
        Whether observations have one to five members; otherwise each has one.
    unequal
        Whether weights differ between clusters; otherwise all are equal.
    population
        Clusters in the population, sampled without replacement; 0: endlessly many.
    """

    rate: float
    correlation: float
    clusters: int
    observations: int
    members: bool = True
    unequal: bool = False
    population: int = 0

    @property
    def expected_events(self) -> float:
        """Expected number of sampled observations with the trait."""
        return self.rate * self.clusters * self.observations


@dataclass(frozen=True, eq=False, slots=True)
class Samples:
    """Repeated samples: arrays of repetition by cluster by observation.

    Parameters
    ----------
    y, x
        Members with the trait, and members.
    w
        Weights, the same within a cluster.
    truth
        Of every repetition, the population's share of members with the trait.
    fractions
        Sampled part of the clusters, and of the observations within.
    """

    y: Numbers
    x: Numbers
    w: Numbers
    truth: Numbers
    fractions: tuple[float, float]


def sample_scenarios() -> list[Scenario]:
    """Return the grid of samples of 8 to 30 clusters with 5 to 25 observations each."""
    sizes = list(product(RATES, CORRELATIONS, (8, 12, 20, 30), (5, 10, 20, 25)))
    large = [size for size in sizes if size[2] == 30]
    return [
        *(Scenario(*size) for size in sizes),
        *(Scenario(*size, members=False) for size in sizes),
        *(Scenario(*size, unequal=True) for size in sizes),
        *(Scenario(*size, population=50) for size in large),
        *(Scenario(*size, unequal=True, population=50) for size in large),
    ]


def group_scenarios() -> list[Scenario]:
    """Return the grid of samples of 8 to 12 whole groups of about 40 observations."""
    return [Scenario(*size, 40) for size in product(RATES, CORRELATIONS, (8, 10, 12))]


def simulate_coverage(
    scenarios: Iterable[Scenario],
    *,
    methods: Sequence[str] = ("beta-capped",),
    level: float = 0.95,
    replicates: int = 4000,
    seed: int = 20180717,
    assumed: float = CORRELATION,
) -> pd.DataFrame:
    """Simulate the two-sided coverage of limits.

    Parameters
    ----------
    scenarios
        Populations and samples, for example `sample_scenarios()`.
    methods
        Names of limits, as in `interval`.
    level
        Confidence level, above 0 and below 1.
    replicates
        Samples drawn in each scenario; with 4,000 a coverage of 0.95 is known to 0.007.
    seed
        Any whole number, 0 or more; a scenario's samples do not depend on the others.
    assumed
        Correlation within clusters that the limits assume.

    Returns
    -------
    DataFrame
        A row for each scenario and method: the scenario, its expected events, the shares
        of samples whose limits contain the rate (`coverage`), lie above it
        (`above`) or below (`below`), the mean `width`, and the share without events.
    """
    rows = []
    for scenario in scenarios:
        samples = draw_samples(scenario, replicates, _generator(scenario, seed))
        rates = sample_rates(samples, tail=(1 - level) / 2, assumed=assumed)
        for method in methods:
            low, high = _limits(method, rates)
            above, below = low > samples.truth, high < samples.truth
            rows.append(
                {
                    **asdict(scenario),
                    "expected_events": scenario.expected_events,
                    "method": method,
                    "level": level,
                    "assumed": assumed,
                    "coverage": 1 - above.mean() - below.mean(),
                    "above": above.mean(),
                    "below": below.mean(),
                    "width": (high - low).mean(),
                    "without_events": (rates.p == 0).mean(),
                }
            )
    return pd.DataFrame(rows)


def _generator(scenario: Scenario, seed: int) -> np.random.Generator:
    """Return the scenario's own source of chance."""
    return np.random.default_rng([seed, *(round(1e6 * v) for v in asdict(scenario).values())])


def draw_samples(scenario: Scenario, replicates: int, chance: np.random.Generator) -> Samples:
    """Draw as many populations, and a sample from each."""
    clusters = scenario.population or scenario.clusters
    trait = _cluster_rates(scenario, (replicates, clusters), chance)
    shape = (replicates, scenario.clusters, scenario.observations)
    x: Numbers = np.ones(shape)
    if scenario.members:
        x = x + np.searchsorted(np.cumsum(SHARES)[:-1], chance.random(shape), side="right")
    y = x * (chance.random(shape) < trait[:, : scenario.clusters, np.newaxis])
    w: Numbers = np.ones((*shape[:2], 1))
    if scenario.unequal:
        w = np.exp(chance.normal(0, SPREAD, w.shape))
    if not scenario.population:
        return Samples(y, x, w, np.full(replicates, scenario.rate), (0.0, 0.0))
    rest_y, rest_x = _unsampled(scenario, trait, chance)
    truth = (y.sum(axis=(1, 2)) + rest_y) / (x.sum(axis=(1, 2)) + rest_x)
    fractions = scenario.clusters / clusters, scenario.observations / CLUSTER_SIZE
    return Samples(y, x, w, truth, fractions)


def _cluster_rates(
    scenario: Scenario, shape: tuple[int, int], chance: np.random.Generator
) -> Numbers:
    """Draw every cluster's chance of the trait; its beta distribution has the correlation."""
    p, rho = scenario.rate, scenario.correlation
    if rho == 0:
        return np.full(shape, p)
    return chance.beta(p * (1 - rho) / rho, (1 - p) * (1 - rho) / rho, shape)


def _unsampled(
    scenario: Scenario, trait: Numbers, chance: np.random.Generator
) -> tuple[NDArray[np.int_], int]:
    """Return the members with the trait, and all members, outside the sample."""
    left = np.full(trait.shape[1], CLUSTER_SIZE)
    left[: scenario.clusters] -= scenario.observations
    kinds = zip(MEMBERS, SHARES, strict=True) if scenario.members else [(1, 1.0)]
    y, x = np.zeros(len(trait), dtype=np.int_), 0
    for members, share in kinds:
        observations = np.round(left * share).astype(np.int_)
        y += members * chance.binomial(observations, trait).sum(axis=1)
        x += members * int(observations.sum())
    return y, x


def sample_rates(samples: Samples, *, tail: float, assumed: float = CORRELATION) -> Rates:
    """Estimate the rate from every sample; `variance` for two stages, written out."""
    y, x, w = samples.y, samples.x, samples.w
    _, a, b = y.shape
    X = (w * x).sum(axis=(1, 2))
    p = (w * y).sum(axis=(1, 2)) / X
    z = w * (y - p[:, np.newaxis, np.newaxis] * x) / X[:, np.newaxis, np.newaxis]
    between = a / (a - 1) * _squares(z.sum(axis=2))
    within = b / (b - 1) * _squares(z).sum(axis=1)
    f, g = samples.fractions
    one = np.ones(len(p))
    return Rates(
        p=p,
        se=np.sqrt((1 - f) * between + f * (1 - g) * within),
        n=one * a * b,
        listed=one * a * b,
        df=one * (a - 1),
        n_kish=X**2 / ((w * x) ** 2).sum(axis=(1, 2)),
        cluster=one * b,
        tail=tail,
        correlation=assumed,
    )


def _squares(z: Numbers) -> Numbers:
    """Return the sums of squares about the mean, over the last axis."""
    return np.asarray(((z - z.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1))


def simulate_sum_coverage(
    parts: Sequence[tuple[float, Scenario]],
    *,
    level: float = 0.95,
    replicates: int = 4000,
    seed: int = 20180717,
) -> dict[str, float]:
    """Simulate the coverage of limits of a weighted sum of independent rates.

    Parameters
    ----------
    parts
        Coefficients above 0, and the population and sample of each rate.
    level, replicates, seed
        See `simulate_coverage`.

    Returns
    -------
    dict
        `mover`, the coverage of the limits that `combine` sets from those of its parts;
        `upper`, that of its one-sided upper limit; `delta`, that of Wald's limits.
    """
    two, one = (1 - level) / 2, 1 - level
    truth, value, variance = np.zeros((3, replicates))
    squares = {name: np.zeros(replicates) for name in ("low", "high", "upper")}
    for i, (a, scenario) in enumerate(parts):
        samples = draw_samples(scenario, replicates, _generator(scenario, seed + i))
        rates = sample_rates(samples, tail=two)
        low, high = _limits("beta-capped", rates)
        upper = _limits("beta-capped", sample_rates(samples, tail=one))[1]
        truth, value = truth + a * samples.truth, value + a * rates.p
        variance = variance + (a * rates.se) ** 2
        for name, distance in (
            ("low", rates.p - low),
            ("high", high - rates.p),
            ("upper", upper - rates.p),
        ):
            squares[name] = squares[name] + (a * distance) ** 2
    below, above = value - np.sqrt(squares["low"]), value + np.sqrt(squares["high"])
    reach = float(t_quantile(np.inf, two)) * np.sqrt(variance)
    return {
        "mover": float(((below <= truth) & (truth <= above)).mean()),
        "upper": float((truth <= value + np.sqrt(squares["upper"])).mean()),
        "delta": float((abs(value - truth) <= reach).mean()),
    }


def _limits(method: str, rates: Rates) -> tuple[Numbers, Numbers]:
    if method == "wald":
        reach = t_quantile(rates.df, rates.tail) * rates.se
        return rates.p - reach, rates.p + reach
    return rate_limits(method, rates)[:2]
