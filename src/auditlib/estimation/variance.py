"""Estimate the variance of a weighted total, stage by stage.

The variance of a total is that of the first-stage units' totals plus, for each
of these units, n/N (or π) times the variance within it; and so downwards.
A stratum of n sampled units with totals z contributes

    n / (n - 1) · Σ (1 - f) (z - z̄)²,

where f is n/N, or each unit's own π (Brewer's approximation), or 0 with
replacement. Sampled units outside a domain count with z = 0.

Source: Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling,
sections 4.3-4.4; Brewer (2002), Combined Survey Sampling Inference, chapter 9;
lonely strata as R `survey` 4.5 treats them.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from auditlib.errors import EstimationError
from auditlib.estimation.columns import Codes, Marks, Numbers, counts, sums
from auditlib.estimation.design import CERTAIN, Design
from auditlib.estimation.stages import Stage

Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, eq=False, slots=True)
class Domains:
    """Parts of the sample, estimated at once; no row is in two of them.

    Parameters
    ----------
    count
        Number of domains.
    rows
        The rows in any domain; None: all rows of the sample.
    code
        Of each of these rows, its domain from 0; None: there is only one domain.
    names
        What to call the domains in a sentence.
    """

    count: int = 1
    rows: Codes | None = None
    code: Codes | None = None
    names: Sequence[Hashable] = (None,)

    def pick(self, values: NDArray[Kind]) -> NDArray[Kind]:
        """Return the values of the rows in any domain."""
        return values if self.rows is None else values[self.rows]

    def key(self, group: Codes) -> Codes:
        """Return one code for each row's group and domain."""
        return group if self.code is None else group * self.count + self.code

    def sum(self, values: Numbers) -> Numbers:
        """Return the sum over the rows of each domain."""
        if self.code is None:
            return np.array([values.sum()])
        return sums(self.code, values, size=self.count)

    def spread(self, values: Numbers) -> Numbers:
        """Return for every row the value of its domain."""
        return values if self.code is None else values[self.code]


def variance(design: Design, z: Numbers, domains: Domains) -> Numbers:
    """Estimate the variance of the sum of z in every domain.

    Parameters
    ----------
    design
        How the sample was drawn.
    z
        Weight times value of every row in a domain; for a mean or ratio, weight
        times linearised value.
    domains
        The domains.

    Returns
    -------
    Numbers
        One variance for each domain, in the squared unit of z.

    Raises
    ------
    EstimationError
        If a stratum has one sampled unit and the design's rule does not allow it.
    """
    v = np.zeros(domains.count)
    unit, code = domains.pick(design.stages[-1].unit), domains.code
    for number, stage in reversed(list(enumerate(design.stages, start=1))):
        if len(stage.stratum) < design.rows:  # else every row is a unit
            unit, code, z = unit_totals(unit, code, z, len(stage.stratum), domains.count)
        if stage.carried.any():
            v += _stage_variance(design, number, unit, code, z, domains.count)
        unit = stage.parent[stage.stratum[unit]]
    return v


def unit_totals(
    unit: Codes, code: Codes | None, z: Numbers, units: int, count: int
) -> tuple[Codes, Codes | None, Numbers]:
    """Add up z over the rows of each unit in each domain; skip pairs without a row."""
    key = unit if code is None else unit * count + code
    total = sums(key, z, size=units * count)
    met = np.flatnonzero(counts(key, size=units * count))
    return met // count, None if code is None else met % count, total[met]


def _stage_variance(
    design: Design, number: int, unit: Codes, code: Codes | None, z: Numbers, count: int
) -> Numbers:
    """Return what one stage adds to the variance of every domain."""
    stage = design.stages[number - 1]
    shape = (len(stage.sampled), count)  # of all arrays below: stratum by domain
    stratum = stage.stratum[unit]
    key = stratum if code is None else stratum * count + code
    size, open_ = shape[0] * count, stage.open[unit]

    n = stage.sampled[:, np.newaxis].astype(np.float64)
    met = counts(key, size=size).reshape(shape)
    total = sums(key, z, size=size).reshape(shape)
    mean, factor = total / n, np.ones(shape)
    lonely = _lonely(design, stage, met)
    if lonely.any():
        counted = (met > 0) | design.unequal
        match design.lonely:
            case "fail":
                raise EstimationError.lonely(stage.name(int(np.argmax(lonely.any(axis=1)))))
            case "adjust":
                mean = np.where(lonely, _grand_mean(stage, total, n * counted), mean)
            case "average":
                factor = _average(number, stage, lonely, counted)
    squares = sums(key, open_ * (z - mean.ravel()[key]) ** 2, size=size).reshape(shape)
    if (met < n).any():
        unmet = stage.open_sum[:, np.newaxis] - sums(key, open_, size=size).reshape(shape)
        squares += mean**2 * np.maximum(unmet, 0)
    spread = factor * squares * n / np.maximum(n - 1, 1)
    # Plain sums: the last digit of a matrix product depends on how memory lies.
    return np.asarray((stage.carried[:, np.newaxis] * spread).sum(axis=0))


def _lonely(design: Design, stage: Stage, met: Codes) -> Marks:
    """Say which strata count as lonely in which domains."""
    n = stage.sampled[:, np.newaxis]
    uncertain = stage.open_sum[:, np.newaxis] > CERTAIN
    lonely = (n == 1) & uncertain & ((met > 0) | design.unequal)
    in_domains = design.lonely_in_domains and not design.unequal
    if in_domains and design.lonely in ("adjust", "average"):
        lonely |= (n > 1) & uncertain & (met == 1)
    return np.asarray(lonely)


def _grand_mean(stage: Stage, total: Numbers, n: Numbers) -> Numbers:
    """Return for every stratum the mean over all units of its parent's strata."""
    both = np.zeros((2, int(stage.parent.max()) + 1, total.shape[1]))
    np.add.at(both[0], stage.parent, total)
    np.add.at(both[1], stage.parent, n)
    return np.asarray((both[0] / np.maximum(both[1], 1))[stage.parent])


def _average(number: int, stage: Stage, lonely: Marks, counted: Marks) -> Numbers:
    """Return factors that let the parent's other strata stand for its lonely ones."""
    strata = np.zeros((2, int(stage.parent.max()) + 1, lonely.shape[1]))
    np.add.at(strata[0], stage.parent, counted)
    np.add.at(strata[1], stage.parent, counted & ~lonely)
    if ((strata[0] > 0) & (strata[1] == 0)).any():
        raise EstimationError.nothing_to_average(number)
    factor = (strata[0] / np.maximum(strata[1], 1))[stage.parent]
    return np.where(lonely, 0.0, factor)
