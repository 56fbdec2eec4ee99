"""How surely the sample supports a judgement, by the design that drew it.

Beside every official figure stand the weighted figure, its interval, the one-sided
bound towards the limit, and the chance of so good a result if the county stood just
at the limit. They inform; the plan's point rule decides (A51).

Lifted households: villages by Brewer's approximation within the four types, then
simple random sampling of households in a village. Screened groups: villages with a
screened group as units with replacement, households of the groups as rows.

Source: statistics of the project, sections 3, 5, 6; Korn & Graubard (1998), Survey
Methodology 24:193-201.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import pandas as pd
from scipy.optimize import brentq

from auditlib.estimation import (
    CORRELATION,
    Design,
    Estimate,
    combine,
    estimate_ratio,
    estimate_share,
    interval,
)
from auditlib.indicators.measure import (
    Evidence,
    Population,
    Switches,
    missed_cases,
    recognising,
    wrong_exit,
    wrong_persons,
)
from auditlib.indicators.rates import Counts
from auditlib.plan import Bound
from auditlib.sampling.operating import (
    chance_to_pass_in_clusters,
    cluster_deff,
    most_errors_by_bound,
    most_errors_by_point,
)

CLOSEST = 1e-9  # p-values are told apart from 0 and 1 down to this


class Surety(StrEnum):
    """What the sample says of a judgement."""

    SECURE = "secure"
    NOT_SECURED = "not_secured"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True)
class Assurance:
    """How sure one figure is; shares from 0 to 1.

    Attributes
    ----------
    value, low, high
        Weighted figure and its two-sided interval.
    bound
        One-sided limit on the side of the rule's limit, at the same level.
    p_value
        Chance of so good a figure, or a better one, in a county just at the limit.
    surety
        `secure` if the bound keeps the rule; `contradicted` if the opposite bound
        breaks it; else `not_secured` by this sample.
    method, level, rows, n_eff, df, deff
        How it was found: rows are households; `n_eff`, `df` and `deff` are None
        where they have no meaning.
    """

    value: float
    low: float
    high: float
    bound: float
    p_value: float
    surety: Surety
    method: str
    level: float
    rows: int
    n_eff: float | None
    df: float | None
    deff: float | None


Limits = Callable[[float, str], Estimate]
"""From a confidence level and a side to the estimate with those limits."""


def lifted_design(lifted: pd.DataFrame) -> Design:
    """Return the design of the completed lifted households."""
    return Design.from_columns(
        units=[lifted["village"], lifted["study_id"]],
        strata=[lifted["kind"]],
        probabilities=[lifted["probability"]],
        populations=[None, lifted["listed"]],
        weights=lifted["weight"],
    )


def estimate_wrong_exit(evidence: Evidence, switches: Switches, design: Design) -> Estimate:
    """Return the weighted wrong-exit rate: persons of persons."""
    wrong = wrong_persons(evidence, switches)
    return estimate_ratio(design, wrong.astype(float), evidence.lifted["members"].astype(float))


def count_wrong_exit(evidence: Evidence, switches: Switches, design: Design) -> Counts:
    """Return the counts, with the weighted rate where weights are the reading."""
    counts = wrong_exit(evidence, switches)
    if switches["weights"] == "unweighted":
        return counts
    rate = Fraction(estimate_wrong_exit(evidence, switches, design).value)
    return Counts(counts.numerator, counts.denominator, rate.limit_denominator(10**12))


def estimate_missed(evidence: Evidence, switches: Switches) -> Estimate:
    """Return the missed rate among the households met in groups screened in full."""
    rows = evidence.households
    cases = missed_cases(evidence, switches)
    found = cases[cases["within"] == 0].groupby("study_id")["persons"].sum()
    missed = rows["study_id"].map(found).fillna(0).astype(float)
    design = Design.from_columns(units=[rows["village"], rows["study_id"]])
    return estimate_ratio(design, missed, rows["persons"].astype(float))


def estimate_recognition(
    evidence: Evidence, design: Design, *, recognises: tuple[str, ...]
) -> Estimate:
    """Return the weighted share of lifted households that recognise; silence does not."""
    answers = evidence.recognition
    yes = dict(zip(answers["study_id"], recognising(answers, recognises=recognises), strict=True))
    return estimate_share(design, evidence.lifted["study_id"].map(yes).fillna(0).astype(float))


def incidence_limits(population: Population, wrong: Estimate, missed: Estimate) -> Limits:
    """Return the limits of the composite incidence, by MOVER from those of its two rates."""
    parts = [
        (population.lifted / population.total, wrong),
        (population.unregistered / population.total, missed),
    ]
    known = population.still_poor / population.total

    def limits(level: float, side: str) -> Estimate:
        return combine([(a, e) for a, e in parts if a > 0], constant=known, level=level, side=side)

    return limits


def rate_limits(estimate: Estimate) -> Limits:
    """Return the limits of one rate by the product's own method."""
    return lambda level, side: interval(estimate, method="beta-capped", level=level, side=side)


def assure(limits: Limits, *, must_be: Bound, limit: Fraction, level: float) -> Assurance:
    """Return how surely a figure keeps its limit.

    Parameters
    ----------
    limits
        Limits of the figure at any level and side.
    must_be, limit
        The rule's bound and the threshold that holds here.
    level
        Confidence level, above 0.5 and below 1.
    """
    below = must_be in (Bound.BELOW, Bound.AT_MOST)
    threshold = float(limit)
    both = limits(level, "both")
    upper, lower = limits(level, "upper").high, limits(level, "lower").low
    bound, opposite = (upper, lower) if below else (lower, upper)
    if (bound < threshold) if below else (bound > threshold):
        surety = Surety.SECURE
    elif (opposite > threshold) if below else (opposite < threshold):
        surety = Surety.CONTRADICTED
    else:
        surety = Surety.NOT_SECURED
    return Assurance(
        value=both.value,
        low=both.low,
        high=both.high,
        bound=bound,
        p_value=_p_value(limits, below=below, threshold=threshold),
        surety=surety,
        method=both.method,
        level=level,
        rows=both.n,
        n_eff=_finite(both.n_eff),
        df=_finite(both.df),
        deff=_finite(both.deff),
    )


@dataclass(frozen=True)
class Operating:
    """Chance to pass the wrong-exit rule with the households that answered, by true rate.

    `point` is the plan's rule, `bound` the stricter rule that the one-sided bound must
    keep the limit; `rates` and chances are shares from 0 to 1.
    """

    households: int
    villages: int
    correlation: float
    rates: tuple[float, ...]
    point: tuple[float, ...]
    bound: tuple[float, ...]


def operating_as_reached(
    answered: Sequence[int], *, limit: Fraction, level: float, rates: Sequence[float]
) -> Operating:
    """Return how well the sample as it was reached tells good counties from bad ones.

    Parameters
    ----------
    answered
        Lifted households that answered, for every village.
    limit
        Threshold of the wrong-exit rate.
    level
        Confidence level of the bound.
    rates
        True rates of households, from 0 to 1.
    """
    sizes = [n for n in answered if n]
    n = sum(sizes)
    deff = cluster_deff(sizes, CORRELATION)

    def chances(most: int) -> tuple[float, ...]:
        found = chance_to_pass_in_clusters(rates, [sizes], [most], correlation=CORRELATION)
        return tuple(found)

    return Operating(
        households=n,
        villages=len(sizes),
        correlation=CORRELATION,
        rates=tuple(rates),
        point=chances(most_errors_by_point(n, limit)),
        bound=chances(most_errors_by_bound(n, limit, level=level, deff=deff)),
    )


def _finite(value: float | None) -> float | None:
    return value if value is not None and abs(value) < float("inf") else None


def _p_value(limits: Limits, *, below: bool, threshold: float) -> float:
    """Return the level at which the one-sided bound just reaches the limit, as a p-value."""

    def beyond(level: float) -> float:
        if below:
            return limits(level, "upper").high - threshold
        return threshold - limits(level, "lower").low

    least, most = 0.5 + CLOSEST, 1 - CLOSEST
    if beyond(most) <= 0:
        return CLOSEST
    if beyond(least) >= 0:  # the figure itself lies beyond: look at the other side

        def other(level: float) -> float:
            if below:
                return threshold - limits(level, "lower").low
            return limits(level, "upper").high - threshold

        if other(most) <= 0:
            return 1 - CLOSEST
        return 0.5 if other(least) >= 0 else float(brentq(other, least, most, xtol=1e-6))
    return 1 - float(brentq(beyond, least, most, xtol=1e-6))
