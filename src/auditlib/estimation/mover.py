"""Put independent rates together: weighted sums, differences, and their limits.

The limits of a sum lie as far from it as the squares of its parts' own distances
add up to, each part's limits being as lopsided as they are (the method of
variance estimates recovery). Covariance is left out: for rates from the same
clusters, which move together, a difference is then wider than need be, and a
sum is for the caller to think about.

Source: Zou & Donner (2008), Statistics in Medicine 27:1693-1702.
"""

from collections.abc import Sequence
from math import hypot

from auditlib.errors import EstimationError
from auditlib.estimation.intervals import Estimate, interval
from auditlib.estimation.limits import CORRELATION
from auditlib.language import Words

OPPOSITE = {"both": "both", "lower": "upper", "upper": "lower"}


def combine(
    parts: Sequence[tuple[float, Estimate]],
    *,
    constant: float = 0.0,
    level: float = 0.95,
    side: str = "both",
    correlation: float = CORRELATION,
) -> Estimate:
    """Estimate constant + Σ coefficient · rate, from independent samples.

    Parameters
    ----------
    parts
        Coefficients, not 0, and estimates, one or more. Each is given limits by its own
        method, at the level asked for here.
    constant
        A number known without error, in the unit of the result.
    level
        Confidence level, above 0 and below 1; above 0.5 if one-sided.
    side
        `both`; or `lower` or `upper`, made from one-sided limits of the parts.
    correlation
        See `interval`.

    Returns
    -------
    Estimate
        The combination, with method `mover`. Its other limit, if one-sided, is the end
        of the scale. Degrees of freedom are the least of the parts'.

    Raises
    ------
    EstimationError
        If there is no part, a coefficient is 0, or a part is itself a combination.
    """
    if not parts:
        raise EstimationError.not_combinable(Words("没有估计值", "there is none"))
    if not all(a for a, _ in parts):
        raise EstimationError.not_combinable(Words("有系数为0", "a coefficient is 0"))
    if any(part.method == "mover" for _, part in parts):
        raise EstimationError.not_combinable(
            Words("其中已有合并值", "one is a combination already")
        )
    value = low_end = high_end = constant
    down = up = 0.0
    for a, part in parts:
        limits = interval(
            part,
            method=part.method,
            level=level,
            side=side if a > 0 else OPPOSITE[side],
            df=part.df,
            correlation=correlation,
        )
        low, high = (limits.low, limits.high) if a > 0 else (limits.high, limits.low)
        value += a * part.value
        low_end, high_end = low_end + a * low, high_end + a * high
        down, up = hypot(down, a * (part.value - low)), hypot(up, a * (high - part.value))
    return Estimate(
        value=value,
        se=hypot(*(a * part.se for a, part in parts)),
        df=min(part.df for _, part in parts),
        low=low_end if side == "upper" else value - down,
        high=high_end if side == "lower" else value + up,
        level=level,
        method="mover",
        deff=None,
        n=sum(part.n for _, part in parts),
        side=side,
    )


def difference(
    later: Estimate,
    earlier: Estimate,
    *,
    level: float = 0.95,
    side: str = "both",
    correlation: float = CORRELATION,
) -> Estimate:
    """Estimate the later rate less the earlier, from independent samples.

    Parameters, result and errors are those of `combine`. A fall is established
    only where the upper limit lies below 0.
    """
    parts = [(1.0, later), (-1.0, earlier)]
    return combine(parts, level=level, side=side, correlation=correlation)
