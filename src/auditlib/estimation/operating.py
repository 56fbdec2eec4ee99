"""The chance to find no more than so many members with a trait, for whole clusters.

All members of an observation have the trait, or none has. The observations of a
cluster with the trait are beta-binomial; given how many they are, they are any of
the observations with equal chance, so their members are counted through all
subsets. Sums over independent clusters are convolutions. No random numbers are used.

Source: Skellam (1948), J. R. Statist. Soc. B 10:257-261, for the beta-binomial;
Feller (1968), Introduction to Probability Theory, 3rd ed., section II.1, for subsets.
"""

from collections.abc import Sequence

import numpy as np

from auditlib.errors import EstimationError
from auditlib.estimation.columns import Numbers
from auditlib.language import Words

SHARE = Words("在0与1之间", "from 0 to 1")


def chances_of_at_most(
    rates: Sequence[float],
    clusters: Sequence[Sequence[int]],
    most: Sequence[int],
    *,
    correlation: float,
) -> list[list[float]]:
    """Return the chances of at most so many members with the trait, a list for each rate.

    Parameters
    ----------
    rates
        Chances of an observation to have the trait, from 0 to 1.
    clusters
        For every sampled cluster the members of each observation, whole numbers.
    most
        Numbers of members; below 0 has no chance.
    correlation
        Of two observations in one cluster, from 0 to 1.

    Raises
    ------
    EstimationError
        If a rate or the correlation is out of range.
    """
    for what, value in [
        *((Words("比率", "The rate"), rate) for rate in rates),
        (Words("相关系数", "The correlation"), correlation),
    ]:
        if not 0 <= value <= 1:
            raise EstimationError.bad_option(what, value, expected=SHARE)
    top = max([0, *most])
    ways = [_ways([size for size in sizes if size > 0], top) for sizes in clusters]
    shapes = [
        (sum(size > 0 for size in sizes), len(counted) - 1)
        for sizes, counted in zip(clusters, ways, strict=True)
    ]
    found = []
    for rate in rates:
        chances = {(n, j): _chances(n, j, rate, correlation) for n, j in set(shapes)}
        total = np.eye(1, top + 1)[0]
        for shape, counted in zip(shapes, ways, strict=True):
            total = np.convolve(total, chances[shape] @ counted)[: top + 1]
        sums = np.minimum(np.cumsum(total), 1.0)
        found.append([float(sums[m]) if m >= 0 else 0.0 for m in most])
    return found


def _ways(sizes: Sequence[int], top: int) -> Numbers:
    """Count the subsets of the observations by their number and their members, up to `top`."""
    counted = np.zeros((min(len(sizes), top) + 1, top + 1))
    counted[0, 0] = 1
    for size in sizes:
        if size <= top:
            counted[1:, size:] += counted[:-1, : top + 1 - size].copy()
    return counted


def _chances(n: int, most: int, rate: float, correlation: float) -> Numbers:
    """Return for j = 0 … `most` the chance that just these j of n observations have the trait."""
    j = np.arange(most + 1)
    if correlation >= 1:
        return np.where(j == 0, 1 - rate, 0.0) + np.where((j == n) & (n > 0), rate, 0.0)

    def rising(share: float) -> Numbers:
        steps = share * (1 - correlation) + np.arange(n) * correlation
        return np.concatenate([np.zeros(1), np.cumsum(np.log(steps))])

    with np.errstate(divide="ignore"):  # a rate of 0 or 1 has a chance of 0
        logs = rising(rate)[j] + rising(1 - rate)[n - j] - rising(1.0)[n]
    return np.asarray(np.exp(logs), dtype=np.float64)
