"""`estimate`: one figure from anyone's table, and a sentence for every misuse."""

from math import inf

import numpy as np
import pandas as pd
import pytest

from auditlib.errors import EstimationError
from auditlib.estimation import Design, estimate, estimate_ratio, estimate_share, interval

NUMBERS = pd.DataFrame(
    {
        "region": list("aaaabbbbbb"),
        "site": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
        "unit": range(10),
        "N_site": [6] * 4 + [9] * 6,
        "N_unit": [7, 7, 8, 8, 9, 9, 5, 5, 4, 4],
        "w": [10.5, 10.5, 12, 12, 13.5, 13.5, 7.5, 7.5, 6, 6],
        "chance": [0.3, 0.3, 0.4, 0.4, 0.2, 0.2, 0.5, 0.5, 0.6, 0.6],
        "x": [3, 1, 4, 1, 5, 2, 2, 6, 3, 5],
        "y": [0, 1, 0, 0, 5, 0, 0, 0, 0, 2],
        "sex": list("fmfmfmfmfm"),
    }
).assign(yes=lambda t: (t.y > 0).astype(int))
TEXT = NUMBERS.astype(str)
TWO_STAGES = {
    "units": "site,unit",
    "strata": "region",
    "populations": "N_site,N_unit",
    "weights": "w",
}


@pytest.mark.parametrize("table", [NUMBERS, TEXT])
def test_a_table_of_text_gives_the_figures_of_a_table_of_numbers(table):
    t = NUMBERS
    design = Design.from_columns(
        units=[t.site, t.unit],
        strata=[t.region],
        populations=[t.N_site, t.N_unit],
        weights=t.w,
    )

    found = estimate(table, statistic="ratio", variable="y", per="x", **TWO_STAGES)

    assert found == estimate_ratio(design, t.y, t.x)


def test_every_option_reaches_the_estimate():
    found = estimate(
        TEXT,
        statistic="share",
        variable="yes",
        interval="wilson",
        level=0.9,
        df="inf",
        where=["sex=f"],
        **TWO_STAGES,
    )

    assert (found.method, found.level, found.df, found.n) == ("wilson", 0.9, inf, 5)


def test_conditions_on_two_columns_both_hold_and_on_one_column_either():
    def n(*where):
        return estimate(TEXT, statistic="mean", variable="x", where=where, units="site").n

    assert n() == 10
    assert n("sex=f", "region=a") == 2
    assert n("site=1", "site=2", "sex=f") == 2
    assert estimate(NUMBERS, statistic="mean", variable="x", where="site=1", units="unit").n == 2


def test_a_value_outside_the_conditions_may_be_missing():
    table = TEXT.copy()
    table.loc[table.sex == "m", "y"] = ""

    found = estimate(table, statistic="total", variable="y", where=["sex=f"], units=["site"])

    assert found.value == 5


def test_the_rows_are_the_units_of_a_last_stage_without_name():
    named = estimate(TEXT, statistic="mean", variable="x", **TWO_STAGES)
    unnamed = estimate(TEXT, statistic="mean", variable="x", **{**TWO_STAGES, "units": "site"})

    assert unnamed == named


def test_weights_follow_from_populations_or_probabilities():
    plain = {**TWO_STAGES, "weights": None}
    sites = NUMBERS.groupby("region").site.transform("nunique")
    weights = NUMBERS.N_site / sites * NUMBERS.N_unit / 2

    found = estimate(TEXT, statistic="total", variable="x", **plain)
    unequal = estimate(TEXT, statistic="total", variable="x", units="site", probabilities="chance")
    mixed = estimate(
        TEXT,
        statistic="total",
        variable="x",
        units=["site", "unit"],
        probabilities=["chance"],
        populations=["", "N_unit"],
    )

    assert found.value == pytest.approx(weights @ NUMBERS.x)
    assert unequal.value == pytest.approx((NUMBERS.x / NUMBERS.chance).sum())
    assert mixed.value == pytest.approx((NUMBERS.x / NUMBERS.chance * NUMBERS.N_unit / 2).sum())


def test_without_a_design_every_row_counts_alike():
    found = estimate(TEXT, statistic="share", variable="yes")
    simple = Design.from_columns(rows=10)

    assert found.value == pytest.approx(0.3)
    assert found.se == pytest.approx(np.sqrt(0.3 * 0.7 / 9))
    assert found == interval(estimate_share(simple, NUMBERS.yes))


def changed(column: str, row: int, value: object) -> pd.DataFrame:
    table = TEXT.copy()
    table.loc[row - 1, column] = value
    return table


BASE = {"statistic": "ratio", "variable": "y", "per": "x", **TWO_STAGES}


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (TEXT, {"variable": "z"}, "no column 'z'; its columns are: region, site"),
        (TEXT, {"statistic": "median"}, "Choose one of: total, mean, ratio, share"),
        (TEXT, {"statistic": "mean"}, "The denominator is 'given'"),
        (TEXT, {"per": None}, "The denominator is not given, but must be given for a ratio"),
        (TEXT, {"lonely": "ignore"}, "fail, adjust, average, certainty, remove"),
        (TEXT, {"interval": "exact"}, "beta-capped"),
        (TEXT, {"df": "many"}, "design, inf or a number above 0"),
        (TEXT, {"where": ["sex"]}, "must be written COLUMN=VALUE"),
        (TEXT, {"where": ["sex=x"]}, "No row with a positive weight"),
        (TEXT, {"where": ["age=1"]}, "no column 'age'"),
        (TEXT, {"probabilities": "chance"}, "both populations and probabilities"),
        (TEXT, {"strata": "region,sex,unit,y"}, "The strata name 4 stages"),
        (TEXT, {"strata": "sex"}, "Unit '1' of stage 1 occurs in more than one stratum"),
        (TEXT, {"populations": "N_site", "weights": None}, "weights cannot be computed"),
        (TEXT.assign(site="1", region="a"), {"populations": ""}, "only one first-stage unit"),
        (TEXT.assign(x="0"), {}, "denominator adds up to zero"),
        (changed("y", 5, "1,000"), {}, "Column 'y', row 5 is '1,000', but must be a number"),
        (changed("y", 5, "2 %"), {}, "row 5 is '2 %'"),
        (changed("y", 5, "nan"), {}, "row 5"),
        (changed("y", 5, "inf"), {}, "row 5 is 'inf'"),
        (changed("y", 3, ""), {}, "Column 'y', row 3 is empty"),
        (changed("y", 3, None), {}, "Column 'y', row 3 is empty"),
        (changed("w", 2, "-1"), {}, "Column 'w', row 2 is -1.0, but must be a number, 0 or more"),
        (changed("site", 2, ""), {}, "Column 'site', row 2 is empty, but must be an identifier"),
        (changed("region", 9, None), {}, "Column 'region', row 9 is empty"),
        (changed("N_site", 1, "7"), {}, "one number in stage 1, stratum 'a', but goes from 6 to 7"),
        (TEXT.assign(N_site="2"), {}, "2 units in stage 1, stratum 'b', but 3 were sampled"),
        (TEXT.assign(N_unit="1"), {}, "1 units in stage 2, unit '1', but 2 were sampled"),
        (
            changed("chance", 1, "1.2"),
            {"populations": "", "probabilities": "chance"},
            "row 1 is 1.2, but must be a probability above 0 and at most 1",
        ),
        (
            changed("chance", 1, "0.9"),
            {"populations": "", "probabilities": "chance"},
            "one number in a unit of stage 1, but goes from 0.3 to 0.9",
        ),
        (TEXT, {"statistic": "share", "per": None, "variable": "x"}, "0 or 1 for a share"),
    ],
)
def test_a_misuse_is_answered_with_a_sentence(table, options, message):
    with pytest.raises(EstimationError) as caught:
        estimate(table, **{**BASE, **options})

    assert message in str(caught.value)
    assert caught.value.says("zh") != caught.value.says("en")
