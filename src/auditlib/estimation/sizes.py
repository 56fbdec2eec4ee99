"""Count what an estimate rests on: units, strata, and observations' worth.

Source: degrees of freedom as R `survey`, `degf`; Kish (1965), Survey Sampling,
section 11.7, for (Σw)² / Σw².
"""

import numpy as np

from auditlib.estimation.columns import Marks, Numbers
from auditlib.estimation.design import Design
from auditlib.estimation.variance import Domains, unit_totals


def degrees_of_freedom(design: Design, domains: Domains) -> Numbers:
    """Return first-stage units less first-stage strata, of those with weight in each domain."""
    stage, count = design.stages[0], domains.count
    weighty = (domains.pick(design.weights) > 0).astype(np.float64)
    key = domains.key(domains.pick(stage.unit))
    met = np.bincount(key, weighty, minlength=len(stage.stratum) * count) > 0
    met = met.reshape(len(stage.stratum), count)
    strata = np.zeros((len(stage.sampled), count))
    np.add.at(strata, stage.stratum, met)
    return np.asarray(met.sum(axis=0) - (strata > 0).sum(axis=0), dtype=np.float64)


def information(design: Design, wx: Numbers, domains: Domains) -> tuple[Numbers, Numbers]:
    """Return how much the observations of each domain are worth, and how they cluster.

    Parameters
    ----------
    design
        How the sample was drawn. An observation is a unit of its last stage; in a
        design of one stage it is a row.
    wx
        Of every row in a domain, weight times denominator.
    domains
        The domains.

    Returns
    -------
    tuple
        (Σwx)² / Σ(wx)² over observations, infinite where the domain was taken whole; and
        Σm² / Σm, where m observations lie in the same first-stage unit.
    """
    first, last, code = design.stages[0], design.stages[-1], domains.code
    if len(design.stages) == 1 or len(last.stratum) == design.rows:
        unit = domains.pick(first.unit)
    else:
        unit, code, wx = unit_totals(
            domains.pick(last.unit), code, wx, len(last.stratum), domains.count
        )
        for stage in reversed(design.stages[1:]):
            unit = stage.parent[stage.stratum[unit]]
    observed = Domains(domains.count, code=code)
    n_kish = observed.sum(wx) ** 2 / observed.sum(wx**2)
    n_kish[is_census(design, domains)] = np.inf
    size = len(first.stratum) * domains.count
    m = np.bincount(observed.key(unit), (wx != 0).astype(np.float64), minlength=size)
    m = m.reshape(len(first.stratum), domains.count)
    return n_kish, (m**2).sum(axis=0) / m.sum(axis=0)


def is_census(design: Design, domains: Domains) -> Marks:
    """Say which domains lie wholly in parts of the population that were taken whole."""
    certain = np.ones(domains.count, dtype=bool)
    for stage in design.stages:
        open_ = stage.open * stage.carried[stage.stratum]
        if open_.all():
            return np.zeros(domains.count, dtype=bool)
        certain &= domains.sum(domains.pick(open_[stage.unit])) == 0
    return certain
