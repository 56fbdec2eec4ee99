"""An estimate with its limits, and how to ask for other limits.

Source: see `limits`; one-sided limits leave the whole of 1 - level in one tail.
"""

from dataclasses import dataclass, field, replace
from math import inf, isinf

import numpy as np
from scipy import special

from auditlib.errors import EstimationError
from auditlib.estimation.limits import (
    CORRELATION,
    RATE_METHODS,
    Rates,
    beta_limits,
    rate_limits,
    t_quantile,
)
from auditlib.language import Words

METHODS = ("wald", *RATE_METHODS)
SIDES = ("both", "lower", "upper")


@dataclass(frozen=True, slots=True)
class Estimate:
    """One figure, how sure it is, and how that was found.

    Parameters
    ----------
    value, se
        The figure and its standard error, in the unit of the variable.
    df
        Degrees of freedom: first-stage units less first-stage strata in the domain;
        infinite where normal limits were asked for.
    low, high
        Limits, in the same unit. One-sided: the other limit is the end of the scale.
    level
        Confidence level, 0 to 1.
    method, side
        How the limits were set: one of `METHODS`, or `mover`; one of `SIDES`.
    deff
        Variance over that of a simple random sample of as many rows without
        replacement; None where that is 0 or has no meaning.
    n
        Rows with a positive weight in the domain.
    n_eff
        Simple random observations on which the limits of a rate rest; infinite for a
        census; None for other limits.
    is_rate
        Whether every row lies between 0 and its denominator.
    n_kish, cluster, listed
        See `limits.Rates`; `listed` 0: n.
    scored
        See `likelihood.scored_rates`; None where R has no such iteration.
    weight_se
        Standard error of the sum of the weights over that sum, for a share of exactly 0
        or 1 in a sample, whose `logit` limits R takes from it; else None.
    """

    value: float
    se: float
    df: float
    low: float
    high: float
    level: float
    method: str
    deff: float | None
    n: int
    n_eff: float | None = None
    side: str = "both"
    is_rate: bool = field(default=False, repr=False)
    n_kish: float = field(default=inf, repr=False)
    cluster: float = field(default=1.0, repr=False)
    listed: int = field(default=0, repr=False)
    scored: tuple[float, float] | None = field(default=None, repr=False)
    weight_se: float | None = field(default=None, repr=False)

    @property
    def stopped(self) -> bool:
        """Whether value and limits are those at which R's iteration stopped.

        So for `logit` of a share of exactly 0 or 1: they do not tell what was missed.
        """
        return self.method == "logit" and self.weight_se is not None


def interval(
    estimate: Estimate,
    *,
    method: str | None = None,
    level: float = 0.95,
    side: str = "both",
    df: float | None = None,
    correlation: float = CORRELATION,
) -> Estimate:
    """Return the estimate with other limits.

    Parameters
    ----------
    estimate
        The estimate.
    method
        One of `METHODS`. None: `beta-capped` for a rate, `wald` for anything else.
    level
        Confidence level, above 0 and below 1; above 0.5 if one-sided.
    side
        `both`; or `lower` or `upper`, with the whole of 1 - level beyond that limit.
    df
        Degrees of freedom, or infinity for normal limits; None: the estimate's own.
    correlation
        Correlation within first-stage units that `beta-capped`, and any method where
        there are no or only events, assumes: 0 to 1.

    Returns
    -------
    Estimate
        The same figure; but see `Estimate.stopped`.

    Raises
    ------
    EstimationError
        If the method is unknown or for rates only, or an option is out of range.
    """
    if estimate.stopped:
        estimate = replace(estimate, value=float(round(estimate.value)))
    default = "beta-capped" if estimate.is_rate else "wald"
    method = default if method is None else method
    _require_options(method, level=level, side=side, correlation=correlation)
    tail = (1 - level) / 2 if side == "both" else 1 - level
    df = estimate.df if df is None else df
    value = estimate.value
    if method == "logit" and estimate.scored and estimate.weight_se is not None:
        reach = float(t_quantile(df, tail)) * estimate.weight_se if estimate.weight_se else 0.0
        value, low, high = _stopped_logit(estimate.scored[0], reach)
        n_eff, ends = None, (0.0, 1.0)
    elif method == "wald":
        reach = float(t_quantile(df, tail)) * estimate.se if estimate.se > 0 else 0.0
        low, high, n_eff, ends = estimate.value - reach, estimate.value + reach, None, (-inf, inf)
    elif estimate.is_rate:
        low, high, n_eff = _rate_limits(estimate, method, tail=tail, df=df, rho=correlation)
        ends = (0.0, 1.0)
    else:
        raise EstimationError.not_a_rate(method, estimate.value)
    return replace(
        estimate,
        value=value,
        df=df,
        low=ends[0] if side == "upper" else low,
        high=ends[1] if side == "lower" else high,
        level=level,
        method=method,
        n_eff=n_eff,
        side=side,
    )


def _require_options(method: str, *, level: float, side: str, correlation: float) -> None:
    if method not in METHODS:
        raise EstimationError.unknown_word(
            Words("区间方法", "The interval"), method, allowed=METHODS
        )
    if side not in SIDES:
        raise EstimationError.unknown_word(Words("方向", "The side"), side, allowed=SIDES)
    if not (0 if side == "both" else 0.5) < level < 1:
        least = 0 if side == "both" else 0.5
        expected = Words(f"大于{least}且小于1", f"above {least} and below 1")
        raise EstimationError.bad_option(Words("置信水平", "The level"), level, expected=expected)
    if not 0 <= correlation <= 1:
        what, expected = Words("相关系数", "The correlation"), Words("在0与1之间", "from 0 to 1")
        raise EstimationError.bad_option(what, correlation, expected=expected)


def _stopped_logit(rate: float, reach: float) -> tuple[float, float, float]:
    """Return a share of 0 or 1 with its limits, as R's `svyciprop(method = "logit")`.

    R's scoring comes a factor e nearer each round and is stopped; what it calls the
    standard error there is, on the logit scale, that of the sum of the weights.
    """
    middle = special.logit(rate)
    return rate, float(special.expit(middle - reach)), float(special.expit(middle + reach))


def _rate_limits(
    estimate: Estimate, method: str, *, tail: float, df: float, rho: float
) -> tuple[float, float, float]:
    scored = estimate.scored
    rates = Rates(
        p=np.array([estimate.value]),
        se=np.array([estimate.se]),
        n=np.array([float(estimate.n)]),
        listed=np.array([float(estimate.listed or estimate.n)]),
        df=np.array([float(df)]),
        n_kish=np.array([estimate.n_kish]),
        cluster=np.array([estimate.cluster]),
        tail=tail,
        correlation=rho,
        scored=None if scored is None else (np.array(scored[:1]), np.array(scored[1:])),
    )
    low, high, n_eff = rate_limits(method, rates)
    return float(low[0]), float(high[0]), float(n_eff[0])


def binomial_interval(
    events: float, n: float, *, level: float = 0.95, side: str = "both"
) -> tuple[float, float]:
    """Return the exact limits of a rate seen in a simple random sample.

    Parameters
    ----------
    events, n
        Events, 0 to n, and observations, above 0; whole numbers or effective ones.
    level
        Confidence level, above 0 and below 1; above 0.5 if one-sided.
    side
        `both`; or `lower` or `upper`, with the whole of 1 - level beyond that limit.

    Returns
    -------
    tuple
        Lower and upper limit, from 0 to 1.

    Source: Clopper & Pearson (1934), Biometrika 26:404-413.
    """
    _require_options("clopper-pearson", level=level, side=side, correlation=0.0)
    if not 0 <= events <= n or not n > 0 or isinf(n):
        expected = Words(f"在0与观测数 {n!r} 之间", f"from 0 to the observations, {n!r}")
        raise EstimationError.bad_option(Words("事件数", "The events"), events, expected=expected)
    tail = (1 - level) / 2 if side == "both" else 1 - level
    low, high = beta_limits(np.asarray(events / n), np.asarray(float(n)), tail)
    return 0.0 if side == "upper" else float(low), 1.0 if side == "lower" else float(high)
