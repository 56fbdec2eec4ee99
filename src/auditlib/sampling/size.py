"""How many households a margin of error asks for, and what margin a number keeps.

The chain n0, n_deff, n_fpc, n is kept whole, so that a reader sees what every
correction does. The sizes that a plan fixes by population follow below; their
thresholds arrive as arguments.

Source: Cochran (1977), Sampling Techniques, 3rd ed., section 4.4;
Kish (1965), Survey Sampling, section 8.2, for the design effect.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, inf, sqrt
from statistics import NormalDist

from auditlib.errors import SelectionError
from auditlib.sampling.quotas import nearest


@dataclass(frozen=True)
class SampleSize:
    """The chain from a wish to a number of units.

    Attributes
    ----------
    n0
        Simple random sample from an endless population, not rounded.
    n_deff
        n0 times the design effect.
    n_fpc
        The same for the finite population.
    n
        Units to draw so that n_fpc answer: rounded up, at most the population.
    """

    n0: float
    n_deff: float
    n_fpc: float
    n: int


def sample_size(
    share: float,
    margin: float,
    *,
    population: int | None = None,
    deff: float = 1.0,
    response: float = 1.0,
    level: float = 0.95,
) -> SampleSize:
    """Return the units needed to estimate a share within a margin.

    Parameters
    ----------
    share
        The share expected, above 0 and below 1.
    margin
        Half-width of the interval, as a share: 0.01 is one point.
    population
        Units in the population; without it, the population is endless.
    deff
        Design effect, above 0.
    response
        Share of the drawn units expected to answer, above 0 and at most 1.
    level
        Confidence of the interval, above 0 and below 1.

    Raises
    ------
    SelectionError
        A value lies outside its range.

    Source: Cochran (1977), section 4.4, equations 4.2 and 4.3.
    """
    _check(share, population=population, deff=deff, level=level)
    _inside("margin", margin, low=0, high=1)
    _inside("response", response, low=0, high=1, with_high=True)
    n0 = _z(level) ** 2 * share * (1 - share) / margin**2
    n_deff = n0 * deff
    n_fpc = n_deff if population is None else n_deff / (1 + (n_deff - 1) / population)
    n = _up(n_fpc / response)
    return SampleSize(n0, n_deff, n_fpc, n if population is None else min(n, population))


def achieved_margin(
    n: int,
    share: float,
    *,
    population: int | None = None,
    deff: float = 1.0,
    level: float = 0.95,
) -> float:
    """Return the half-width of the interval that n answers keep, as a share.

    The chain of `sample_size` read backwards; nothing is left to err when n is
    the population.

    Parameters
    ----------
    n
        Units that answered, 1 or more and at most the population.
    share, population, deff, level
        As in `sample_size`.

    Source: Cochran (1977), section 4.4.
    """
    _check(share, population=population, deff=deff, level=level)
    _inside("n", n, low=0, high=inf if population is None else population, with_high=True)
    if n == population:
        return 0.0
    n_deff = n if population is None else n * (population - 1) / (population - n)
    return _z(level) * sqrt(deff * share * (1 - share) / n_deff)


@dataclass(frozen=True)
class PlanSize:
    """Households that a plan asks of one county: all, lifted and unregistered."""

    total: int
    lifted: int
    unregistered: int


def plan_size(
    registered: int,
    *,
    threshold: int,
    base: int,
    large: tuple[int, int],
    largest_at: int,
    lifted_share: Fraction,
    floors: tuple[int, int],
) -> PlanSize:
    """Return the households that the plan asks for, by the registered population.

    Parameters
    ----------
    registered
        Registered persons, lifted ones included.
    threshold
        From this population on (equality included) the larger sample is due.
    base
        Households below the threshold.
    large
        Households at the threshold and at `largest_at`; linear between them,
        rounded to the nearest whole household, and constant beyond.
    largest_at
        Population at which the larger number is reached, above the threshold.
    lifted_share
        Share of lifted households, from 0 to 1, exact.
    floors
        Fewest lifted and fewest unregistered households.

    Raises
    ------
    SelectionError
        `largest_at` does not lie above the threshold, or the share is no share.
    """
    _inside("largest_at", largest_at, low=threshold, high=inf)
    _inside("lifted_share", lifted_share, low=0, high=1)
    total = base
    if registered >= threshold:
        least, most = large
        step = Fraction(min(registered, largest_at) - threshold, largest_at - threshold)
        total = least + nearest(step * (most - least))
    lifted = max(nearest(total * lifted_share), floors[0])
    unregistered = max(total - lifted, floors[1])
    return PlanSize(lifted + unregistered, lifted, unregistered)


def _z(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)


def _up(x: float) -> int:
    """Round up, but forgive the last bits of a float: 100.00000000001 is 100."""
    return ceil(x - 1e-9)


def _check(share: float, *, population: int | None, deff: float, level: float) -> None:
    _inside("share", share, low=0, high=1)
    _inside("deff", deff, low=0, high=inf)
    _inside("level", level, low=0, high=1)
    if population is not None:
        _inside("population", population, low=0, high=inf)


def _inside(
    name: str, value: float | Fraction, *, low: float, high: float, with_high: bool = False
) -> None:
    if not (low < value < high or (with_high and value == high)):
        at_most = "<=" if with_high else "<"
        raise SelectionError.out_of_range(name, value, expected=f"{low} < {name} {at_most} {high}")
