"""Estimate totals, means, ratios and shares, with standard error and limits.

A total is Σ w·y. A ratio R = Σ w·y / Σ w·x has nearly the variance of the total of
(y - R·x) / X, where X = Σ w·x; a mean is the ratio with x = 1, and a share the
mean of 0 and 1. A domain is estimated with the whole design, zero outside it;
its degrees of freedom count only the first-stage units and strata that it meets.

Source: Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling,
sections 5.5-5.7 and 10.3; design effect: Kish (1965), Survey Sampling, section 8.2.
"""

from collections.abc import Hashable
from math import inf, sqrt

import numpy as np

from auditlib.errors import EstimationError
from auditlib.estimation.columns import (
    Codes,
    Column,
    Numbers,
    codes,
    heading,
    numbers,
    require_length,
    truths,
)
from auditlib.estimation.design import Design
from auditlib.estimation.intervals import Estimate, interval
from auditlib.estimation.likelihood import scored_rates
from auditlib.estimation.sizes import degrees_of_freedom, information
from auditlib.estimation.variance import Domains, variance
from auditlib.language import Words

STATISTICS = ("total", "mean", "ratio", "share")
VARIABLE = Words("变量", "The variable")
DENOMINATOR = Words("分母", "The denominator")
DOMAINS = Words("分组列", "The column of domains")
CONDITION = Words("条件", "The condition")
FOR_RATIOS = Words("在且仅在求比率时给出", "given for a ratio, and only there")
YES_OR_NO = Words("为0或1，才能求占比", "0 or 1 for a share")
AT_ONCE = 4_000_000  # strata times domains held in memory together


def estimate_total(design: Design, y: Column, *, where: Column | None = None) -> Estimate:
    """Estimate a population total, with Wald's limits at 95 %.

    Parameters
    ----------
    design
        How the sample was drawn.
    y
        Number of every row; outside the domain it may be missing.
    where
        True for the rows of the domain; None: all rows.

    Returns
    -------
    Estimate
        The total of y, in the unit of y. Other limits: `interval`.

    Raises
    ------
    EstimationError
        If the domain is empty or has missing values, or a lonely stratum is not allowed.
    """
    return estimate_statistic(design, "total", y, where=where)


def estimate_mean(design: Design, y: Column, *, where: Column | None = None) -> Estimate:
    """Estimate a mean per row, in the unit of y, with Wald's limits at 95 %.

    Parameters, result and errors are those of `estimate_total`.
    """
    return estimate_statistic(design, "mean", y, where=where)


def estimate_ratio(
    design: Design, y: Column, x: Column, *, where: Column | None = None
) -> Estimate:
    """Estimate the ratio of the totals of y and x, in the unit of y per unit of x.

    Parameters
    ----------
    design
        How the sample was drawn.
    y, x
        Numerator and denominator of every row; outside the domain they may be missing.
    where
        True for the rows of the domain; None: all rows.

    Returns
    -------
    Estimate
        The ratio at 95 %, with limits `beta-capped` where it is a rate (every y lies
        between 0 and its x) and Wald's where not. Other limits: `interval`.

    Raises
    ------
    EstimationError
        As `estimate_total`; or if x adds up to 0.
    """
    return estimate_statistic(design, "ratio", y, x, where=where)


def weighted_ratio(design: Design, y: Column, x: Column) -> float:
    """Return the ratio of the totals of y and x alone, the value of `estimate_ratio`.

    Parameters are those of `estimate_ratio`.

    Raises
    ------
    EstimationError
        If a column has missing values, or x adds up to 0.
    """
    domains, w = Domains(), design.weights
    total = (w * _values(design, x, DENOMINATOR, domains)).sum()
    if not total:
        raise EstimationError.zero_denominator()
    return float((w * _values(design, y, VARIABLE, domains)).sum() / total)


def estimate_share(design: Design, y: Column, *, where: Column | None = None) -> Estimate:
    """Estimate the share of rows with y = 1 among 0 and 1, with limits `beta-capped` at 95 %.

    Parameters, result and errors are those of `estimate_total`; it is also an error
    if y is neither 0 nor 1.
    """
    return estimate_statistic(design, "share", y, where=where)


def estimate_by(
    design: Design,
    by: Column,
    *,
    statistic: str,
    y: Column,
    x: Column | None = None,
    where: Column | None = None,
) -> dict[Hashable, Estimate]:
    """Estimate one figure for every value of a column, in one pass.

    Parameters
    ----------
    design
        How the sample was drawn.
    by
        Value of every row; each that occurs is a domain.
    statistic
        `total`, `mean`, `ratio` or `share`.
    y, x, where
        As in the function for one figure.

    Returns
    -------
    dict
        An estimate for each value of `by`, in order of the values as text.

    Raises
    ------
    EstimationError
        As the function for one figure, for any of the domains.
    """
    rows = _rows(design, where)
    what = heading(by, DOMAINS)
    require_length(by, what, rows=design.rows)
    code, names = codes(by, what, rows=rows)
    if not names:
        raise EstimationError.empty_domain()
    rows = np.arange(design.rows) if rows is None else rows
    ranked = sorted(range(len(names)), key=lambda i: str(names[i]))
    code = np.argsort(ranked)[code]  # now in order of the names
    order = np.argsort(code, kind="stable")
    rows, code = rows[order], code[order]
    found: list[Estimate] = []
    size = max(1, AT_ONCE // _largest(design))
    for first in range(0, len(names), size):
        labels = [names[i] for i in ranked[first : first + size]]
        batch = slice(*np.searchsorted(code, (first, first + size)))
        domains = Domains(len(labels), rows[batch], code[batch] - first, labels)
        found += _estimates(design, statistic, y, x, domains)
    return dict(zip((names[i] for i in ranked), found, strict=True))


def _largest(design: Design) -> int:
    """Return the largest number of codes that is held for every domain."""
    sizes = [len(design.stages[0].stratum)]
    for stage in design.stages:
        by_row = len(stage.stratum) == design.rows
        sizes.append(len(stage.sampled) if by_row else len(stage.stratum))
    return max(sizes)


def estimate_statistic(
    design: Design,
    statistic: str,
    y: Column,
    x: Column | None = None,
    *,
    where: Column | None = None,
) -> Estimate:
    """Estimate the statistic of that name: `total`, `mean`, `ratio` or `share`.

    Parameters, result and errors are those of the function for the statistic.
    """
    return _estimates(design, statistic, y, x, Domains(rows=_rows(design, where)))[0]


def _rows(design: Design, where: Column | None) -> Codes | None:
    """Return the rows that meet the condition, or None for all."""
    if where is None:
        return None
    return np.flatnonzero(truths(where, heading(where, CONDITION), rows=design.rows))


def _values(design: Design, column: Column, otherwise: Words, domains: Domains) -> Numbers:
    """Return a variable's numbers in the rows of the domains."""
    what = heading(column, otherwise)
    require_length(column, what, rows=design.rows)
    return numbers(column, what, rows=domains.rows)


def _estimates(
    design: Design, statistic: str, y_column: Column, x_column: Column | None, domains: Domains
) -> list[Estimate]:
    """Estimate one figure in every domain."""
    if statistic not in STATISTICS:
        raise EstimationError.unknown_word(
            Words("统计量", "The statistic"), statistic, allowed=STATISTICS
        )
    if (statistic == "ratio") != (x_column is not None):
        found = None if x_column is None else "given"
        raise EstimationError.bad_option(DENOMINATOR, found, expected=FOR_RATIOS)
    y = _values(design, y_column, VARIABLE, domains)
    x = np.ones(len(y))
    if x_column is not None:
        x = _values(design, x_column, DENOMINATOR, domains)
    if statistic == "share":
        _require_yes_or_no(y, y_column, domains)
    w = domains.pick(design.weights)
    n, W = domains.sum((w > 0).astype(np.float64)), domains.sum(w)
    if not n.all():
        raise EstimationError.empty_domain(domains.names[int(np.argmin(n))])
    value, u = domains.sum(w * y), y
    if statistic != "total":
        X = domains.sum(w * x)
        if not X.all():
            raise EstimationError.zero_denominator(domains.names[int(np.argmin(X != 0))])
        value = value / X
        u = (y - domains.spread(value) * x) / domains.spread(X)
    v = variance(design, w * u, domains)
    df = degrees_of_freedom(design, domains)
    deff = _design_effect(v, w, u, n, W, value, domains)
    listed = _listed(design, domains)
    is_rate = domains.sum(((y < 0) | (y > x)).astype(np.float64)) == 0
    is_rate &= statistic != "total"
    n_kish, cluster = np.ones((2, domains.count))
    if is_rate.any():
        n_kish, cluster = information(design, w * x, domains)
    stopped = (statistic == "share") & ((value <= 0) | (value >= 1)) & np.isfinite(n_kish)
    if stopped.any():
        weight_se = np.sqrt(variance(design, w / domains.spread(W), domains))
    estimates = []
    for d in range(domains.count):
        estimate = Estimate(
            value=float(value[d]),
            se=sqrt(v[d]),
            df=float(df[d]),
            low=-inf,
            high=inf,
            level=0.95,
            method="wald",
            deff=None if np.isnan(deff[d]) else float(deff[d]),
            n=int(n[d]),
            is_rate=bool(is_rate[d]),
            n_kish=float(n_kish[d]),
            cluster=float(cluster[d]),
            listed=int(listed[d]),
            scored=_scored(design, w, y, domains, d) if statistic == "share" else None,
            weight_se=float(weight_se[d]) if stopped[d] else None,
        )
        estimates.append(interval(estimate))
    return estimates


def _require_yes_or_no(y: Numbers, column: Column, domains: Domains) -> None:
    """Refuse a share of anything but 0 and 1."""
    if (other := (y != 0) & (y != 1)).any():
        at = int(np.argmax(other))
        row = at if domains.rows is None else int(domains.rows[at])
        what = heading(column, VARIABLE)
        raise EstimationError.bad_cell(what, row + 1, float(y[at]), expected=YES_OR_NO)


def _design_effect(
    v: Numbers, w: Numbers, u: Numbers, n: Numbers, W: Numbers, value: Numbers, domains: Domains
) -> Numbers:
    """Return v over the variance of Σ w·u from a simple random sample without replacement.

    Not a number where u does not vary, or the weights do not add up to more than n.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = domains.sum(w * u) / W
        S2 = domains.sum(w * (u - domains.spread(mean)) ** 2) / W * n / (n - 1)
        simple = W * (W - n) / n * S2
        return np.where(simple > (1e-14 * value) ** 2, v / simple, np.nan)


def _listed(design: Design, domains: Domains) -> Numbers:
    """Count the rows of each domain as R's `nrow`: with probabilities, R keeps all rows."""
    if design.unequal:
        return np.full(domains.count, float(design.rows))
    return domains.sum(np.ones(len(domains.pick(design.weights))))


def _scored(
    design: Design, w: Numbers, y: Numbers, domains: Domains, d: int
) -> tuple[float, float]:
    """Return a share as R iterates it."""
    mine = slice(None) if domains.code is None else domains.code == d
    w, y = w[mine], y[mine]
    if design.unequal:  # R lists the rows outside the domain too, with a weight of 0
        outside = np.zeros(design.rows - len(w))
        w, y = np.concatenate([w, outside]), np.concatenate([y, outside])
    return scored_rates(w, y)
