"""Set limits to rates, above all to small ones.

With no event at all the standard error is 0, and the commonest result of an
audit would look certain. Every method here then lets the rate rest on the
number of observations that an assumed correlation within clusters leaves, and
gives finite limits. Arrays in, arrays out; standard errors play no other part.

Source: Korn & Graubard (1998), Survey Methodology 24:193-201; Dean & Pagano
(2015), Journal of Survey Statistics and Methodology 3:484-503; R `survey`
4.5, `svyciprop`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from auditlib.estimation.columns import Marks, Numbers
from auditlib.estimation.likelihood import profile_limits

CORRELATION = 0.03  # assumed within first-stage units

Limits: TypeAlias = tuple[Numbers, Numbers, Numbers]


@dataclass(frozen=True, eq=False, slots=True)
class Rates:
    """Estimated rates, and what is known of how well; arrays of one shape.

    Parameters
    ----------
    p
        Rates, from 0 to 1.
    se
        Their standard errors.
    n
        Observations with a positive weight.
    listed
        Observations as R's `nrow` counts them: those of weight 0 too, and in a design
        with probabilities those outside the domain as well.
    df
        Degrees of freedom of the standard errors, above 0 or infinite; 0 or less:
        the standard error tells nothing.
    n_kish
        (Σwx)² / Σ(wx)² over the observations; infinite for a census.
    cluster
        Observations in the first-stage unit of an average observation.
    tail
        Probability to leave out beyond a limit, for example 0.025.
    correlation
        Assumed correlation of observations in the same first-stage unit, 0 to 1.
    scored
        The rates at the last two steps of R's iteration, for `logit` and `likelihood`;
        see `likelihood.scored_rates`. None: as an endless iteration would leave them.
    """

    p: Numbers
    se: Numbers
    n: Numbers
    listed: Numbers
    df: Numbers
    n_kish: Numbers
    cluster: Numbers
    tail: float
    correlation: float = CORRELATION
    scored: tuple[Numbers, Numbers] | None = None

    @property
    def edge(self) -> Marks:
        """Where there are no events, or nothing but events."""
        return (self.p <= 0) | (self.p >= 1)

    @property
    def t(self) -> Numbers:
        """How many standard errors away a limit lies; without events, normal ones."""
        return t_quantile(np.where(self.edge, np.inf, self.df), self.tail)

    @property
    def n_assumed(self) -> Numbers:
        """Simple random observations worth as much, at the assumed correlation."""
        return self.n_kish / (1 + self.correlation * np.maximum(self.cluster - 1, 0))

    @property
    def n_design(self) -> Numbers:
        """Simple random observations worth as much, by the standard error."""
        return np.where(self.edge, self.n_assumed, self.p * (1 - self.p) / self.se**2)

    @property
    def n_korn_graubard(self) -> Numbers:
        """The same, lessened for the degrees of freedom of the standard error."""
        lessen = np.minimum(t_quantile(self.listed - 1, self.tail) / self.t, 1) ** 2
        known = (self.df > 0) & (self.n > 1)
        return np.where(self.edge, self.n_assumed, np.where(known, self.n_design * lessen, 0.0))


def t_quantile(df: ArrayLike, tail: float) -> Numbers:
    """Return Student's t with probability `tail` beyond it; infinite without df."""
    df = np.asarray(df, dtype=np.float64)
    finite = np.where((df > 0) & (df < np.inf), df, 1.0)
    t = np.where(df == np.inf, -special.ndtri(tail), -special.stdtrit(finite, tail))
    return np.where(df > 0, t, np.inf)


def rate_limits(method: str, rates: Rates) -> Limits:
    """Return lower limits, upper limits and the number of observations they rest on.

    Parameters
    ----------
    method
        One of `RATE_METHODS`.
    rates
        The rates.

    A census has no error, and its limits are the rate itself. Where the standard
    error has no degrees of freedom and the method needs them, the limits are 0 and 1.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high, n = RATE_METHODS[method](rates)
    sure = np.isinf(n) | np.isinf(rates.n_kish)
    blind = np.isinf(rates.t) & (method != "clopper-pearson")
    low = np.where(sure, rates.p, np.where(blind | (rates.p <= 0), 0.0, np.clip(low, 0, 1)))
    high = np.where(sure, rates.p, np.where(blind | (rates.p >= 1), 1.0, np.clip(high, 0, 1)))
    return low, high, np.where(sure, np.inf, n)


def beta_limits(p: Numbers, n: Numbers, tail: float) -> tuple[Numbers, Numbers]:
    """Return Clopper and Pearson's limits for a rate p of n, whole numbers or not.

    Source: Clopper & Pearson (1934), Biometrika 26:404-413.
    """
    events, others = n * p, n * (1 - p)
    low = special.betaincinv(np.where(events > 0, events, 1.0), others + 1, tail)
    high = special.betainccinv(events + 1, np.where(others > 0, others, 1.0), tail)
    return np.where(events > 0, low, 0.0), np.where(others > 0, high, 1.0)


def _beta(rates: Rates) -> Limits:
    """Korn and Graubard's limits, as R's `beta`."""
    n = rates.n_korn_graubard
    return *beta_limits(rates.p, n, rates.tail), n


def _beta_capped(rates: Rates) -> Limits:
    """Korn and Graubard's limits, but never better than at the assumed correlation."""
    n = np.minimum(rates.n_korn_graubard, rates.n_assumed)
    return *beta_limits(rates.p, n, rates.tail), n


def _clopper_pearson(rates: Rates) -> Limits:
    """Limits as if the observations were a simple random sample."""
    return *beta_limits(rates.p, rates.n, rates.tail), rates.n


def _wilson(rates: Rates) -> Limits:
    """Wilson's score limits, with n from the standard error and t for z, as in R.

    Source: Wilson (1927), Journal of the American Statistical Association 22:209-212.
    """
    p, n = rates.p, rates.n_design
    k = rates.t**2 / n
    half = np.sqrt(k * p * (1 - p) + k**2 / 4)
    return (p + k / 2 - half) / (1 + k), (p + k / 2 + half) / (1 + k), n


def _asin(rates: Rates) -> Limits:
    """Limits on the scale of arcsin √p, as R's.

    A limit that passes the end of the scale is folded back by the sine, in R and
    here; but it is the end itself where folding would carry it past the rate.
    """
    p, n = rates.p, rates.n_design
    middle, half = np.arcsin(np.sqrt(p)), rates.t / (2 * np.sqrt(n))
    low, high = np.sin(middle - half) ** 2, np.sin(middle + half) ** 2
    low = np.where(half < 2 * middle, low, 0.0)
    return low, np.where(half < np.pi - 2 * middle, high, 1.0), n


def _logit(rates: Rates) -> Limits:
    """Limits on the logit scale; for no or all events, which it lacks, Clopper-Pearson's.

    For a share, `interval` there gives what R gives.
    """
    p = rates.p if rates.scored is None else rates.scored[0]
    middle, half = special.logit(p), rates.t * rates.se / (p * (1 - p))
    low, high = beta_limits(rates.p, rates.n_assumed, rates.tail)
    low = np.where(rates.edge, low, special.expit(middle - half))
    return low, np.where(rates.edge, high, special.expit(middle + half)), rates.n_design


def _xlogit(rates: Rates) -> Limits:
    """The same from the exact rate."""
    return _logit(replace(rates, scored=None))


def _likelihood(rates: Rates) -> Limits:
    """Likelihood limits scaled by the design effect, as R's."""
    p, n = rates.p, rates.n_design
    nothing = -np.expm1(-(rates.t**2) / (2 * n))  # where no event is as unlikely as t allows
    low, high = np.where(p < 1, 0.0, 1 - nothing), np.where(p > 0, 1.0, nothing)
    after, before = (p, p) if rates.scored is None else rates.scored
    for i in np.ndindex(p.shape):
        if np.isfinite(n[i]) and np.isfinite(rates.t[i]) and not rates.edge[i] and rates.n[i] > 1:
            low[i], high[i] = profile_limits(
                float(p[i]),
                float(rates.se[i]),
                n=float(rates.n[i]),
                listed=float(rates.listed[i]),
                t=float(rates.t[i]),
                scored=(float(after[i]), float(before[i])),
            )
    return low, high, n


RATE_METHODS: dict[str, Callable[[Rates], Limits]] = {
    "wilson": _wilson,
    "beta": _beta,
    "beta-capped": _beta_capped,
    "logit": _logit,
    "likelihood": _likelihood,
    "asin": _asin,
    "xlogit": _xlogit,
    "clopper-pearson": _clopper_pearson,
}
