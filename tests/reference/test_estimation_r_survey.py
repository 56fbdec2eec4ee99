"""R `survey`: our figures against its own, for the shared sample and for designs of our own.

`audit_synth_expected.csv` was computed by survey 4.5, `r_survey_more.csv` by survey
4.1 with `r_survey_more.R` beside it. Only what R leaves empty (NA) is not compared.
"""

from functools import cache
from math import inf, isnan
from pathlib import Path

import pandas as pd
import pytest

from auditlib.estimation import (
    LONELY_RULES,
    Design,
    Estimate,
    estimate_mean,
    estimate_ratio,
    estimate_share,
    estimate_total,
    interval,
)

DATA = Path(__file__).parent / "data"
AUDIT = pd.read_csv(DATA / "audit_synth.csv").assign(zero=0, one=1)
AUDIT_EXPECTED = pd.read_csv(DATA / "audit_synth_expected.csv", keep_default_na=True)
MORE = pd.read_csv(DATA / "r_survey_more_data.csv")
MORE_EXPECTED = pd.read_csv(DATA / "r_survey_more.csv")
ITERATED = ("logit", "likelihood")


def figure(design: Design, table: pd.DataFrame, stat: str, variable: str, where) -> Estimate:
    y, _, x = variable.partition("/")
    match stat:
        case "ratio":
            return estimate_ratio(design, table[y], table[x], where=where)
        case "total":
            return estimate_total(design, table[y], where=where)
        case "mean":
            return estimate_mean(design, table[y], where=where)
        case _:
            return estimate_share(design, table[y], where=where)


def assert_agrees(found: Estimate, expected: pd.Series, *, names: tuple[str, str]) -> None:
    """Compare all that R gives, to 1e-10; where R iterates, to 1e-7."""
    close = {"rel": 1e-7 if found.method in ITERATED else 1e-10, "abs": 1e-16}
    pairs = [
        (found.value, expected.estimate),
        (found.se, expected.se),
        (found.low, expected[names[0]]),
        (found.high, expected[names[1]]),
        (found.deff, expected.deff),
        (found.n, expected.n),
    ]
    for ours, theirs in pairs:
        assert isnan(theirs) or ours == pytest.approx(theirs, **close)


@cache
def audit_design() -> Design:
    return Design.from_columns(
        units=[AUDIT.village, AUDIT.hh],
        strata=[AUDIT.stratum, AUDIT.vt],
        populations=[AUDIT.N_village, AUDIT.N_hh],
        weights=AUDIT.w,
    )


AUDIT_DOMAINS = {
    "all": None,
    "zero-events": None,
    "exited": AUDIT.hhtype == "exited",
    "nonreg": AUDIT.hhtype == "nonreg",
}


@pytest.mark.parametrize("row", AUDIT_EXPECTED.index)
def test_the_audit_sample_agrees_with_r_survey_4_5(row):
    expected = AUDIT_EXPECTED.loc[row]
    where = AUDIT_DOMAINS[expected.domain]
    estimate = figure(audit_design(), AUDIT, expected.stat, expected["var"], where)
    method = "wald" if expected.method == "mean" else expected.method

    found = interval(estimate, method=method, level=expected.level, df=expected.df)

    assert estimate.df == expected.degf
    assert_agrees(found, expected, names=("lcl", "ucl"))


@cache
def more_design(name: str, lonely: str, in_domains: bool) -> tuple[Design, pd.DataFrame]:
    """Return the design of that name in `r_survey_more.R`, and its table."""
    t = MORE
    if name == "nested":
        t = t[t.st != "D"].reset_index(drop=True)
    if name == "two-average":
        pairs = t.groupby(["psu", "st2"]).ssu.transform("nunique").groupby(t.psu).transform("max")
        t = t[pairs > 1].reset_index(drop=True)
    two = {"units": [t.psu, t.ssu], "strata": [t.merged, t.st2]}
    three = {"units": [t.psu, t.ssu, t.id], "strata": [t.merged, t.st2]}
    columns = {
        "rows": {"strata": [t.merged], "populations": [t.Nrow]},
        "rows-wr": {"weights": t.w},
        "cluster": {"units": [t.psu], "populations": [[61] * len(t)], "weights": t.w},
        "cluster-strata": {
            "units": [t.psu],
            "strata": [t.merged],
            "populations": [t.N1m],
            "weights": t.w,
        },
        "cluster-wr": {"units": [t.psu], "strata": [t.merged], "weights": t.w},
        "zero-weights": {"units": [t.psu], "strata": [t.merged], "weights": t.w0},
        "nested": {"units": [t.again], "strata": [t.st], "weights": t.w, "nest": True},
        "brewer": {"units": [t.psu], "strata": [t.merged], "probabilities": [t.p1]},
        "brewer-w": {
            "units": [t.psu],
            "strata": [t.merged],
            "probabilities": [t.p1],
            "weights": t.w0,
        },
        "lonely-1": {"units": [t.psu], "strata": [t.st], "populations": [t.N1], "weights": t.w},
        "lonely-1-wr": {"units": [t.psu], "strata": [t.st], "weights": t.w},
        "lonely-1-brewer": {"units": [t.psu], "strata": [t.st], "probabilities": [t.p1]},
        "two": {**two, "populations": [t.N1m, t.N2], "weights": t.w},
        "two-average": {**two, "populations": [t.N1m, t.N2], "weights": t.w},
        "three": {**three, "populations": [t.N1m, t.N2, t.N3]},
        "three-inf": {**three, "populations": [t.inf, t.N2, t.N3], "weights": t.w},
        "brewer-2": {**two, "probabilities": [t.p1, t.p2]},
        "brewer-2-plain": {
            "units": [t.psu, t.ssu],
            "probabilities": [t.p1, t.p2],
            "weights": t.w,
        },
    }[name]
    return Design.from_columns(**columns, lonely=lonely, lonely_in_domains=in_domains), t


@pytest.mark.parametrize("row", MORE_EXPECTED.index)
def test_designs_of_our_own_agree_with_r_survey_4_1(row):
    expected = MORE_EXPECTED.loc[row]
    design, table = more_design(expected.design, expected.lonely, bool(expected.in_domains))
    where = None if expected.domain == "all" else table.dom == expected.domain
    estimate = figure(design, table, expected["stat"], expected["var"], where)
    method = "wald" if expected.method == "mean" else expected.method

    found = interval(estimate, method=method, level=expected.level, df=float(expected.df))

    assert estimate.df == expected.degf
    assert_agrees(found, expected, names=("low", "high"))


def test_every_row_of_the_shared_reference_is_compared():
    assert len(AUDIT_EXPECTED) == 143
    assert AUDIT_EXPECTED.df.eq(inf).sum() > 0


def test_every_design_of_our_own_is_compared():
    """Weights of 0, probabilities in domains, and every rule for lonely strata among them."""
    assert len(MORE_EXPECTED) > 1300
    assert set(MORE_EXPECTED.lonely) == set(LONELY_RULES)
    assert {"zero-weights", "brewer-w", "three-inf"} <= set(MORE_EXPECTED.design)
