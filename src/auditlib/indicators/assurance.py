"""How surely the sample supports a judgement, by the design that drew it.

Beside every official figure stand the weighted figure, its interval, the one-sided
bound towards the limit, and the chance of so good a result if the county stood just
at the limit. They inform; the plan's point rule decides (A51).

Lifted households: villages by Brewer's approximation within the four types, then
simple random sampling of households in a village; or, where they were drawn directly
(A25), simple random sampling of households in the county. Screened groups: villages with a
screened group as units with replacement, households of the groups as rows. Beside
the former stands the bound with villages drawn with replacement in their types, which
is the conservative one.

Where the answers tell nothing of the county there is no figure, no error and no p-value:
the limits are all that the figure can be, 0 and 1 for a rate.

Source: statistics of the project, sections 3, 5, 6; Korn & Graubard (1998), Survey
Methodology 24:193-201.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import inf, isnan, nan

import pandas as pd
from scipy.optimize import brentq

from auditlib.estimation import (
    CORRELATION,
    Design,
    Estimate,
    chances_of_at_most,
    combine,
    estimate_ratio,
    estimate_share,
    interval,
    weighted_ratio,
)
from auditlib.indicators.drawn import drawn_directly, lifted_design
from auditlib.indicators.measure import (
    Evidence,
    Population,
    Switches,
    missed_cases,
    recognising,
    screened_and_visited,
    several_villages,
    wrong_persons,
)
from auditlib.indicators.rates import Counts
from auditlib.plan import Bound
from auditlib.sampling.operating import most_errors_by_bound, most_errors_by_point

CLOSEST = 1e-9  # p-values are told apart from 0 and 1 down to this


class Surety(StrEnum):
    """What the sample says of a judgement."""

    SECURE = "secure"
    NOT_SECURED = "not_secured"
    CONTRADICTED = "contradicted"
    NOT_ESTIMABLE = "not_estimable"


@dataclass(frozen=True)
class Assurance:
    """How sure one figure is; shares from 0 to 1.

    Attributes
    ----------
    value, low, high
        Weighted figure and its two-sided interval; the figure is None where it is not
        estimable.
    bound
        One-sided limit on the side of the rule's limit, at the same level.
    p_value
        Chance of so good a figure, or a better one, in a county just at the limit; None
        where there is no figure.
    surety
        `secure` if the bound keeps the rule; `contradicted` if the opposite bound
        breaks it; else `not_secured` by this sample, or `not_estimable` from it.
    method, level, rows, n_eff, df, deff
        How it was found: rows are households; `n_eff`, `df` and `deff` are None
        where they have no meaning.
    se
        Standard error of the weighted figure; None where there is no figure.
    conservative_se, conservative_bound
        Standard error and bound with villages drawn with replacement in their types;
        None where the design is that already.
    """

    value: float | None
    low: float
    high: float
    bound: float
    p_value: float | None
    surety: Surety
    method: str
    level: float
    rows: int
    n_eff: float | None
    df: float | None
    deff: float | None
    se: float | None
    conservative_se: float | None = None
    conservative_bound: float | None = None


Limits = Callable[[float, str], Estimate]
"""From a confidence level and a side to the estimate with those limits."""


def design_of_county(evidence: Evidence, *, with_replacement: bool = False) -> Design | None:
    """Return the design of the completed lifted households, None if they tell of no county.

    `with_replacement` is that of `lifted_design`.
    """
    if not several_villages(evidence.lifted):
        return None
    return lifted_design(evidence.lifted, with_replacement=with_replacement)


def estimate_wrong_exit(
    evidence: Evidence, switches: Switches, design: Design | None
) -> Estimate | None:
    """Return the weighted wrong-exit rate: persons of persons."""
    if design is None:
        return None
    wrong = wrong_persons(evidence, switches)
    return estimate_ratio(design, wrong.astype(float), evidence.lifted["members"].astype(float))


def count_wrong_exit(
    evidence: Evidence,
    switches: Switches,
    design: Design | None,
    *,
    wrong: pd.Series | None = None,
) -> Counts:
    """Return the counts, with the weighted rate where weights are the reading.

    `wrong` are the wrongly exited persons of every household, where they are known.
    """
    persons = wrong_persons(evidence, switches) if wrong is None else wrong
    members = evidence.lifted["members"].astype(int)
    weighted = None
    if design is not None and switches["weights"] != "unweighted":
        rate = weighted_ratio(design, persons, members)
        weighted = Fraction(rate).limit_denominator(10**12)
    estimable = design is not None
    return Counts(int(persons.sum()), int(members.sum()), weighted, estimable=estimable)


def estimate_missed(evidence: Evidence, switches: Switches) -> Estimate | None:
    """Return the missed rate among the persons met in groups screened in full.

    A missed member of a registered household is an observation of its own: nobody
    else of that household is among the unregistered.
    """
    if not screened_and_visited(evidence):
        return None
    rows = evidence.households
    cases = missed_cases(evidence, switches)
    single = cases[cases["within"] == 1]
    if len(single):
        village_of = dict(zip(evidence.screened["unit"], evidence.screened["village"], strict=True))
        members = single[["study_id", "unit", "persons"]].assign(
            village=single["unit"].map(village_of),
            study_id=single["study_id"]
            + "-"
            + pd.Series(range(len(single)), single.index).astype(str),
        )
        rows = pd.concat([rows, members], ignore_index=True)
    found = cases[cases["within"] == 0].groupby("study_id")["persons"].sum()
    missed = rows["study_id"].map(found).fillna(0).astype(float)
    missed.iloc[len(evidence.households) :] = rows["persons"].iloc[len(evidence.households) :]
    design = Design.from_columns(units=[rows["village"], rows["study_id"]])
    return estimate_ratio(design, missed, rows["persons"].astype(float))


def estimate_recognition(
    evidence: Evidence, design: Design | None, *, recognises: tuple[str, ...]
) -> Estimate | None:
    """Return the weighted share of lifted households that recognise; silence does not."""
    answers = evidence.recognition
    asked = evidence.lifted["study_id"].isin(answers["study_id"])
    if design is None or not several_villages(evidence.lifted[asked]):
        return None
    yes = dict(zip(answers["study_id"], recognising(answers, recognises=recognises), strict=True))
    return estimate_share(design, evidence.lifted["study_id"].map(yes).fillna(0).astype(float))


def incidence_limits(
    population: Population, wrong: Estimate | None, missed: Estimate | None
) -> Limits:
    """Return the limits of the composite incidence, by MOVER from those of its two rates.

    A rate that is not estimable is anything from 0 to 1, and there is no figure.
    """
    parts = [
        (population.lifted / population.total, wrong),
        (population.unregistered / population.total, missed),
    ]
    seen = [(a, rate) for a, rate in parts if a > 0 and rate is not None]
    unseen = sum(a for a, rate in parts if rate is None)
    known = population.still_poor / population.total

    def limits(level: float, side: str) -> Estimate:
        if not unseen:
            return combine(seen, constant=known, level=level, side=side)
        found = _not_estimable(level, side)
        low = high = known
        if seen:
            sure = combine(seen, constant=known, level=level, side=side)
            found, low, high = replace(found, n=sure.n), sure.low, sure.high
        return replace(found, low=low, high=high + unseen)

    return limits


def rate_limits(estimate: Estimate | None) -> Limits:
    """Return the limits of one rate by the product's own method; 0 and 1 where there is none."""
    if estimate is None:
        return _not_estimable
    return lambda level, side: interval(estimate, method="beta-capped", level=level, side=side)


def _not_estimable(level: float, side: str) -> Estimate:
    """Return the limits of a rate of which nothing is known; its figure is not a number."""
    return Estimate(nan, nan, inf, 0.0, 1.0, level, str(Surety.NOT_ESTIMABLE), None, 0, side=side)


def assure(
    limits: Limits,
    *,
    must_be: Bound,
    limit: Fraction,
    level: float,
    conservative: Limits | None = None,
) -> Assurance:
    """Return how surely a figure keeps its limit.

    Parameters
    ----------
    limits, conservative
        Limits of the figure at any level and side, and those with villages drawn with
        replacement where these differ.
    must_be, limit
        The rule's bound and the threshold that holds here.
    level
        Confidence level, above 0.5 and below 1.
    """
    below = must_be in (Bound.BELOW, Bound.AT_MOST)
    threshold = float(limit)
    both = limits(level, "both")
    upper, lower = limits(level, "upper").high, limits(level, "lower").low
    found = not isnan(both.value)
    bound, opposite = (upper, lower) if below else (lower, upper)
    if (bound < threshold) if below else (bound > threshold):
        surety = Surety.SECURE
    elif (opposite > threshold) if below else (opposite < threshold):
        surety = Surety.CONTRADICTED
    else:
        surety = Surety.NOT_SECURED if found else Surety.NOT_ESTIMABLE
    beside = conservative if found else None
    return Assurance(
        value=both.value if found else None,
        low=both.low,
        high=both.high,
        bound=bound,
        p_value=_p_value(limits, below=below, threshold=threshold) if found else None,
        surety=surety,
        method=both.method,
        level=level,
        rows=both.n,
        n_eff=_finite(both.n_eff),
        df=_finite(both.df),
        deff=_finite(both.deff),
        se=both.se if found else None,
        conservative_se=beside(level, "both").se if beside else None,
        conservative_bound=_bound(beside, level, below=below) if beside else None,
    )


def _bound(limits: Limits, level: float, *, below: bool) -> float:
    return limits(level, "upper").high if below else limits(level, "lower").low


@dataclass(frozen=True)
class Operating:
    """Chance to pass the wrong-exit rule with the households that answered, by true rate.

    `point` is the plan's rule, `bound` the stricter rule that the one-sided bound must
    keep the limit; `rates` are of households and, like chances, shares from 0 to 1.
    """

    households: int
    persons: int
    villages: int
    correlation: float
    rates: tuple[float, ...]
    point: tuple[float, ...]
    bound: tuple[float, ...]


def operating_as_reached(
    lifted: pd.DataFrame,
    estimate: Estimate | None,
    *,
    limit: Fraction,
    level: float,
    rates: Sequence[float],
) -> Operating:
    """Return how well the sample as it was reached tells good counties from bad ones.

    Villages, households and their members are the county's own; whole households are
    wrongly exited, those of one village with the assumed correlation (none where
    households were drawn directly: no village counts there). The chances are
    exact for such a county, where a simulation would only come near them.

    Parameters
    ----------
    lifted
        The completed lifted households.
    estimate
        The weighted wrong-exit rate, for the observations' worth of its bound. None: it
        is not estimable, and there are no chances.
    limit
        Threshold of the wrong-exit rate.
    level
        Confidence level of the bound.
    rates
        True rates of households, from 0 to 1.
    """
    members = lifted["members"].astype(int)
    n = int(members.sum())
    if estimate is None:
        villages = int(lifted["village"].nunique())
        return Operating(len(lifted), n, villages, CORRELATION, (), (), ())
    worth = interval(replace(estimate, value=0.0, se=0.0), method="beta-capped").n_eff
    point = most_errors_by_point(n, limit)
    bound = -1
    if worth is not None and 0 < worth < float("inf"):
        bound = most_errors_by_bound(n, limit, level=level, deff=n / worth)
    direct = drawn_directly(lifted)
    correlation = 0.0 if direct else CORRELATION
    chances = chances_of_at_most(
        rates,
        [list(own) for _, own in members.groupby(lifted["study_id" if direct else "village"])],
        [point, bound],
        correlation=correlation,
    )
    return Operating(
        households=len(lifted),
        persons=n,
        villages=int(lifted["village"].nunique()),
        correlation=correlation,
        rates=tuple(rates),
        point=tuple(passed[0] for passed in chances),
        bound=tuple(passed[1] for passed in chances),
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
