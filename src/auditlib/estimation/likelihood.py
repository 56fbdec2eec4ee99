"""Profile the likelihood of a rate, in R's own steps.

The limits are the rates q that the data make unlikely enough:

    2 m (n-1)/n [p log(p/q) + (1-p) log((1-p)/(1-q))] = t² · deff,

where m observations, of which n have a positive weight, are listed (m = n in a domain
of an ordinary design without weights of 0).

R `survey` does not solve this equation. Its design effect comes from the last
but one step of an iteration; it follows the root of the left side on the logit
scale in at most nine steps each way, lays a cubic spline through them, and
draws straight lines between points of the spline. To agree with R beyond the
fourth digit this module does the same; where R has no limit or is far off, it solves.

Source: R `survey` 4.5, `svyciprop(method = "likelihood")`; Forsythe, Malcolm &
Moler (1977), Computer Methods for Mathematical Computations, chapter 4.
"""

from collections.abc import Callable
from functools import partial
from math import inf, log, sqrt
from typing import TypeAlias

import numpy as np
from scipy import optimize, special

from auditlib.estimation.columns import Numbers

Curve: TypeAlias = Callable[[Numbers], Numbers]

STEPS = 9  # R's profile takes no more each way
ROUNDS = 25  # R's Fisher scoring takes no more
FAR_OFF = 0.1  # R's limit is taken if the root there is as wanted to this part
SATURATED = 30.0  # beyond this on the logit scale R lets a rate differ from 0 or 1 by EPSILON
EPSILON = 2.0**-52
FARTHEST = 700.0  # from the middle on the logit scale, where rates become 0 or 1


def scored_rates(w: Numbers, y: Numbers) -> tuple[float, float]:
    """Return the rate as R's Fisher scoring leaves it, and one step before.

    Parameters
    ----------
    w
        Weights, 0 or more, of all observations listed; not all 0.
    y
        0 or 1 for every weight. Where all are the same, the rounds end without converging.

    Returns
    -------
    tuple
        The last and the last but one rate; having converged, they differ by less than 0.01 %.
    """
    w = w / w.mean()
    n, p = len(w), float((w * y).sum()) / len(w)
    start = 0.5 / (w + 1)  # distance of R's starting values from y
    share = w * start * (1 - start)
    score = 1 / (1 - start) - special.logit(start)
    theta = before = float((share * (score * (2 * y - 1))).sum() / share.sum())
    old = -2 * float((w * np.log1p(-start)).sum())
    for _ in range(ROUNDS - 1):  # the first round gave theta
        q = special.expit(theta)
        deviance = -2 * n * (special.xlogy(p, q) + special.xlog1py(1 - p, -q))
        if abs(deviance - old) < 1e-8 * (abs(deviance) + 0.1):
            break
        old, before = deviance, theta
        theta += (p - q) / (q * (1 - q))
    return float(special.expit(theta)), float(special.expit(before))


def profile_limits(
    p: float,
    se: float,
    *,
    n: float,
    t: float,
    listed: float | None = None,
    scored: tuple[float, float] | None = None,
) -> tuple[float, float]:
    """Return the likelihood limits of a rate.

    Parameters
    ----------
    p
        Rate, above 0 and below 1.
    se
        Its standard error, above 0.
    n
        Observations with a positive weight, two or more.
    t
        How many standard errors away Wald's limits would lie, above 0.
    listed
        All observations, n or more; see `limits.Rates`. None: n.
    scored
        The rate as R's iteration leaves it, and one step before; see `scored_rates`.
        None: as an endless iteration would.

    Returns
    -------
    tuple
        Lower and upper limit, from 0 to 1.
    """
    after, before = (p, p) if scored is None else scored
    listed = n if listed is None else listed
    middle, logit_se = float(special.logit(after)), se / (after * (1 - after))
    target = t * sqrt(listed * before * (1 - before)) * logit_se

    def root(theta: Numbers, *, as_r: bool = False) -> Numbers:
        if as_r:
            theta = np.where(abs(theta) > SATURATED, np.copysign(-log(EPSILON), theta), theta)
        distance = special.rel_entr(p, special.expit(theta))
        distance += special.rel_entr(1 - p, special.expit(-theta))
        height = np.sqrt(2 * listed * (1 - 1 / n) * np.maximum(distance, 0))
        return np.asarray(np.sign(theta - middle) * height)

    x, y = _r_curve(partial(root, as_r=True), middle, logit_se, farthest=_farthest(target, listed))
    low, high = (_limit(root, middle, limit, x, y) for limit in (-target, target))
    return float(special.expit(low)), float(special.expit(high))


def _limit(root: Curve, middle: float, limit: float, x: Numbers, y: Numbers) -> float:
    """Return where R finds the limit; the true place where R finds none or is far off."""
    if y[0] <= limit <= y[-1]:
        found = float(np.interp(limit, y, x))
        if abs(float(root(np.asarray(found))) - limit) <= FAR_OFF * abs(limit):
            return found
    return _solve(root, middle, limit)


def _farthest(target: float, n: float) -> float:
    """Return how high R follows the root: to half the tail probability of the target."""
    return float(-special.stdtrit(n - 1, special.ndtr(-target) / 4))


def _r_curve(root: Curve, middle: float, se: float, *, farthest: float) -> tuple[Numbers, Numbers]:
    """Return the points between which R draws straight lines, from low to high."""
    if not farthest < inf:
        return np.array([middle]), np.zeros(1)
    steps = np.arange(1.0, STEPS + 1) * (farthest / 5 * se)
    sides = []
    for theta in (middle - steps, middle + steps):
        beyond = np.abs(root(theta)) >= farthest
        sides.append(theta[: int(np.argmax(beyond)) + 1 if beyond.any() else STEPS])
    knots = np.concatenate([sides[0][::-1], [middle], sides[1]])
    x = np.linspace(knots[0], knots[-1], 3 * len(knots))
    y = _spline(knots, root(knots), x)
    order = np.argsort(y, kind="stable")
    return x[order], y[order]


def _spline(x: Numbers, y: Numbers, at: Numbers) -> Numbers:
    """Interpolate by the cubic spline of Forsythe, Malcolm and Moler.

    Its third derivative at each end is that of the cubic through the four
    outermost points.
    """
    k, h = len(x), np.diff(x)
    slope = np.diff(y) / h
    system, right = np.zeros((k, k)), np.zeros(k)
    system[0, :2] = system[-1, -2:] = -1, 1
    if k > 3:
        right[0] = h[0] * _third_difference(x[:4], y[:4])
        right[-1] = h[-1] * _third_difference(x[-4:], y[-4:])
    for i in range(1, k - 1):
        system[i, i - 1 : i + 2] = h[i - 1], 2 * (h[i - 1] + h[i]), h[i]
        right[i] = slope[i] - slope[i - 1]
    bend = np.linalg.solve(system, right)  # a sixth of the second derivatives
    j = np.clip(np.searchsorted(x, at, side="right") - 1, 0, k - 2)
    u, cubic = at - x[j], np.diff(bend)[j] / h[j]
    linear = slope[j] - h[j] * (2 * bend[j] + bend[j + 1])
    return np.asarray(y[j] + u * (linear + u * (3 * bend[j] + u * cubic)))


def _third_difference(x: Numbers, y: Numbers) -> float:
    """Return the third divided difference of four points."""
    for order in (1, 2, 3):
        y = np.diff(y) / (x[order:] - x[:-order])
    return float(y[0])


def _solve(root: Curve, middle: float, limit: float) -> float:
    """Return where the root has the height of the limit."""
    end = middle + float(np.copysign(FARTHEST, limit))
    if abs(float(root(np.asarray(end)))) <= abs(limit):
        return end
    return float(optimize.brentq(lambda x: float(root(np.asarray(x))) - limit, middle, end))
