"""Print how many of R's figures ours agree with, and by how much they differ at most.

`python -m tests.reference.agreement`. A row agrees if estimate, standard error, both
limits, design effect, n and degrees of freedom do: to 1e-10, or 1e-7 where R iterates.
"""

import sys
from math import isnan

import pandas as pd

from auditlib.estimation import interval
from tests.reference.test_estimation_r_survey import (
    AUDIT,
    AUDIT_DOMAINS,
    AUDIT_EXPECTED,
    ITERATED,
    MORE_EXPECTED,
    audit_design,
    figure,
    more_design,
)

ABSOLUTE = 1e-16  # of a figure that is 0 but for rounding


def differences(expected: pd.Series, *, names: tuple[str, str], more: bool) -> list[float]:
    """Return the relative differences of a row's figures; 0 where both are next to 0."""
    if more:
        design, table = more_design(expected.design, expected.lonely, bool(expected.in_domains))
        where = None if expected.domain == "all" else table.dom == expected.domain
    else:
        design, table, where = audit_design(), AUDIT, AUDIT_DOMAINS[expected.domain]
    estimate = figure(design, table, expected["stat"], expected["var"], where)
    method = "wald" if expected.method == "mean" else expected.method
    found = interval(estimate, method=method, level=expected.level, df=float(expected.df))
    pairs = [
        (found.value, expected.estimate),
        (found.se, expected.se),
        (found.low, expected[names[0]]),
        (found.high, expected[names[1]]),
        (found.deff, expected.deff),
        (found.n, expected.n),
        (estimate.df, expected.degf),
    ]
    return [
        0.0 if abs(ours - theirs) <= ABSOLUTE else abs(ours - theirs) / abs(theirs)
        for ours, theirs in pairs
        if not isnan(theirs)
    ]


def main() -> int:
    """Print a line for each reference and kind of limits; 1 if a row differs."""
    bad = 0
    for title, rows, names, more in (
        ("shared reference, R survey 4.5", AUDIT_EXPECTED, ("lcl", "ucl"), False),
        ("designs of our own, R survey 4.1", MORE_EXPECTED, ("low", "high"), True),
    ):
        for iterated in (False, True):
            own = rows[rows["method"].isin(ITERATED) == iterated]
            largest = [max(differences(row, names=names, more=more)) for _, row in own.iterrows()]
            limit = 1e-7 if iterated else 1e-10
            agreed = sum(value <= limit for value in largest)
            bad += len(own) - agreed
            kind = ", ".join(ITERATED) if iterated else "all others"
            print(f"{title}; {kind}: {agreed} of {len(own)} rows, at most {max(largest):.1e}")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
