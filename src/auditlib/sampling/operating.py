"""Operating characteristics: the chance to pass, against the true rate.

The point rule passes a county if the share found is below the limit. The bound
rule passes it only if the upper confidence bound is below. Both come down to the
most errors that pass, so the chance is that of finding no more. In a cluster
sample the errors of a village are beta-binomial with a given correlation; their
sum over villages is computed exactly, and averaged over samples drawn by the very
design. No random numbers are used.

Source: Clopper & Pearson (1934), Biometrika 26:404, for the bound; Skellam (1948),
J. R. Statist. Soc. B 10:257, for the beta-binomial; Kish (1965), section 5.4, for
the design effect 1 + ρ(m - 1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, betaincinv, betaln, xlog1py, xlogy

from auditlib.errors import SelectionError
from auditlib.estimation import CORRELATION
from auditlib.sampling.design import Design
from auditlib.sampling.frame import Frame
from auditlib.sampling.households import share_out
from auditlib.sampling.villages import draw_villages

SEEDS = 5  # samples of the design over which the chance is averaged
RATES = tuple(i / 400 for i in range(21))  # true rates: 0 to 5 % by a quarter of a point

Floats = npt.NDArray[np.float64]


def most_errors_by_point(n: int, limit: Fraction) -> int:
    """Return the most errors among n that keep the share below the limit; -1 if none does."""
    return -(-limit.numerator * n // limit.denominator) - 1


def most_errors_by_bound(n: int, limit: Fraction, *, level: float, deff: float = 1.0) -> int:
    """Return the most errors among n that keep the upper bound below the limit; -1 if none.

    The bound is one-sided, Clopper-Pearson on n/deff households.

    Parameters
    ----------
    n
        Households answered.
    limit
        The rate that must not be reached, as a share.
    level
        Confidence of the bound, above 0 and below 1.
    deff
        Design effect, above 0.
    """
    _inside("level", level, low=0, high=1)
    _inside("deff", deff, low=0, high=inf)
    errors = np.arange(most_errors_by_point(n, limit) + 1)
    bounds = betaincinv(errors / deff + 1, (n - errors) / deff, level)
    return int(np.sum(bounds < float(limit))) - 1


def chance_to_pass(rates: Sequence[float], n: int, most_errors: int) -> list[float]:
    """Return the chance of at most so many errors, in a simple random sample.

    Parameters
    ----------
    rates
        True rates, from 0 to 1.
    n
        Households answered, of a population much larger.
    most_errors
        As the two functions above return it.
    """
    for rate in rates:
        _inside("rate", rate, low=0, high=1, with_ends=True)
    return [float(bdtr(most_errors, n, rate)) if most_errors >= 0 else 0.0 for rate in rates]


def chance_to_pass_in_clusters(
    rates: Sequence[float],
    samples: Sequence[Sequence[int]],
    most_errors: Sequence[int],
    *,
    correlation: float,
) -> list[float]:
    """Return the chance of at most so many errors, averaged over samples of a design.

    Parameters
    ----------
    rates
        True rates, from 0 to 1.
    samples
        Households by drawn village, m_v, for each of some samples of the design:
        the county's own, drawn with other seeds.
    most_errors
        The most errors that pass, for each of these samples.
    correlation
        Correlation of errors inside a village, from 0 to below 1.
    """
    _inside("correlation", correlation, low=-1e-12, high=1)
    pairs = list(zip(samples, most_errors, strict=True))
    chances = []
    for rate in rates:
        _inside("rate", rate, low=0, high=1, with_ends=True)
        by_size = {m: _one_village(m, rate, correlation) for m in set().union(*samples)}
        passed = [
            _sum_of_villages(sizes, by_size, most).sum() if most >= 0 else 0.0
            for sizes, most in pairs
        ]
        chances.append(float(min(1.0, np.mean(passed))))
    return chances


def cluster_deff(sizes: Sequence[int], correlation: float) -> float:
    """Return 1 + ρ(m - 1) with m = Σm²/Σm, the village size that a household meets."""
    m = sum(size**2 for size in sizes) / sum(sizes)
    return 1 + correlation * (m - 1)


def _sum_of_villages(sizes: Sequence[int], by_size: Mapping[int, Floats], most: int) -> Floats:
    """Return the chances of 0 … `most` errors in all villages together."""
    total = np.zeros(most + 1)
    total[0] = 1.0
    for m in sizes:
        total = np.convolve(total, by_size[m][: most + 1])[: most + 1]
    return total


def _one_village(m: int, rate: float, correlation: float) -> Floats:
    """Return the chances of 0 … m errors among m households of a village."""
    y = np.arange(m + 1)
    choices = -np.log(m + 1) - betaln(m - y + 1, y + 1)  # ln of m over y
    if correlation <= 0 or rate in (0, 1):
        logs = choices + xlogy(y, rate) + xlog1py(m - y, -rate)
    else:
        a, b = rate * (1 / correlation - 1), (1 - rate) * (1 / correlation - 1)
        logs = choices + betaln(y + a, m - y + b) - betaln(a, b)
    return np.asarray(np.exp(logs), dtype=np.float64)


def _inside(name: str, value: float, *, low: float, high: float, with_ends: bool = False) -> None:
    if not (low < value < high or (with_ends and value in (low, high))):
        raise SelectionError.out_of_range(name, value, expected=f"{low} to {high}")


@dataclass(frozen=True)
class DesignOperating:
    """Chance to pass the wrong-exit rule under the design, before any household is visited.

    Attributes
    ----------
    households
        Lifted households of a sample, on average over `samples` draws of the design.
    correlation
        Correlation of errors inside a village that is assumed.
    rates
        True rates of households, from 0 to 1.
    point, bound
        Chances under the plan's rule, and under the rule that the one-sided bound must
        keep the limit.
    simple
        Chance under the plan's rule in a simple random sample of as many households.
    """

    households: float
    samples: int
    correlation: float
    limit: Fraction
    rates: tuple[float, ...]
    point: tuple[float, ...]
    bound: tuple[float, ...]
    simple: tuple[float, ...]


def operating_of_design(
    frame: Frame, design: Design, *, limit: Fraction, level: float
) -> DesignOperating | None:
    """Return how well this design tells good counties from bad; None without lifted households.

    The design is drawn with seeds of its own, which have nothing to do with the round's
    seed and so tell nothing of its sample.

    Parameters
    ----------
    frame, design
        Of one county.
    limit
        Threshold of the wrong-exit rate.
    level
        Confidence level of the bound.
    """
    if design.direct:
        return _operating_of_direct(frame, design, limit=limit, level=level)
    samples = [_sizes(frame, design, f"operating {i}") for i in range(SEEDS)]
    samples = [sizes for sizes in samples if sizes]
    if not samples:
        return None
    numbers = [sum(sizes) for sizes in samples]
    point = [most_errors_by_point(n, limit) for n in numbers]
    bound = [
        most_errors_by_bound(n, limit, level=level, deff=cluster_deff(sizes, CORRELATION))
        for n, sizes in zip(numbers, samples, strict=True)
    ]
    mean = sum(numbers) / len(numbers)
    return DesignOperating(
        households=mean,
        samples=len(samples),
        correlation=CORRELATION,
        limit=limit,
        rates=RATES,
        point=tuple(chance_to_pass_in_clusters(RATES, samples, point, correlation=CORRELATION)),
        bound=tuple(chance_to_pass_in_clusters(RATES, samples, bound, correlation=CORRELATION)),
        simple=tuple(chance_to_pass(RATES, round(mean), most_errors_by_point(round(mean), limit))),
    )


def _operating_of_direct(
    frame: Frame, design: Design, *, limit: Fraction, level: float
) -> DesignOperating | None:
    """Return the same of a direct draw: no village counts, every sample has one size (A25)."""
    n = min(design.quotas.lifted, sum(len(units) for units in frame.lifted.values()))
    if not n:
        return None
    point = tuple(chance_to_pass(RATES, n, most_errors_by_point(n, limit)))
    return DesignOperating(
        households=float(n),
        samples=1,
        correlation=0.0,
        limit=limit,
        rates=RATES,
        point=point,
        bound=tuple(chance_to_pass(RATES, n, most_errors_by_bound(n, limit, level=level))),
        simple=point,
    )


def _sizes(frame: Frame, design: Design, seed: str) -> list[int]:
    """Return the lifted households by village in one sample of the design."""
    drawn = draw_villages(frame, design, seed)
    listed = {v.code: len(frame.lifted.get(v.code, ())) for v in drawn}
    numbers, _ = share_out(drawn, listed, design.quotas, seed=seed, stage="operating-m")
    return [m for m in numbers.values() if m]
