"""Figures that were published, or that the readings work out, come out the same."""

from fractions import Fraction

import pandas as pd
import pytest

from auditlib.indicators.measure import Evidence, wrong_exit
from auditlib.indicators.rates import Counts, composite_incidence

OFFICIAL = {
    "open_cases": "out",
    "wrong_unit": "household",
    "stability": "required",
    "missing_evidence": "not_problem",
    "excused_schooling": "excused",
}


def test_jinggangshan_counts_the_members_of_a_wrong_household() -> None:
    """Xinhua, 2017-09-25: 2,076 households, 10 households = 28 persons wrong, 0.41 %."""
    sizes = [3, 3, 3, 3, 3, 3, 3, 3, 2, 2] + [3] * 600 + [4] * 542 + [3] * 924
    households = pd.DataFrame(
        {
            "members": sizes,
            "verified": ["housing"] * 10 + [""] * 2066,
            "open": "",
            "lines": 0,
            "missing": 0,
            "excused": 0,
            "village": [f"V-{i % 30}" for i in range(2_076)],
        }
    )
    none = pd.DataFrame()

    evidence = Evidence(households, none, none, none, none, none, frozenset(), visited=0)
    counts = wrong_exit(evidence, OFFICIAL)

    assert len(households) == 2_076
    assert counts.numerator == 28
    assert round(float(counts.share) * 100, 2) == pytest.approx(0.41, abs=0.011)


def test_the_same_findings_can_pass_as_found_and_fail_when_expanded() -> None:
    """Worked example of A05: raw 0.89 %, expanded 2.40 %, both reference rates 1.9 %."""
    incidence = composite_incidence(
        still_poor=100,
        lifted=1_800,
        unregistered=17_699,
        population=19_599,
        wrong_exit=Counts(17, 900),
        missed=Counts(57, 3_000),
    )

    assert round(float(incidence.raw) * 100, 2) == 0.89
    assert round(float(incidence.value) * 100, 2) == 2.40
    assert (
        incidence.value == (100 + Fraction(1_800 * 17, 900) + Fraction(17_699 * 57, 3_000)) / 19_599
    )
    assert Fraction(2, 100) < incidence.value < Fraction(3, 100)
