"""Sizes against printed figures: the project's own table, and the plan's numbers."""

from fractions import Fraction

import pytest

from auditlib.errors import SelectionError
from auditlib.sampling import achieved_margin, plan_size, sample_size

# design/statistics.md, section 1: share, no FPC, N = 3,000, 10,000, 30,000
TABLE = [
    (0.01, 381, 338, 367, 376),
    (0.016, 605, 504, 571, 593),
    (0.02, 753, 603, 701, 735),
    (0.05, 1825, 1135, 1544, 1721),
    (0.5, 9604, 2287, 4900, 7276),
]


@pytest.mark.parametrize("row", TABLE)
def test_sample_size_agrees_with_the_printed_table(row):
    share, *printed = row
    sizes = [sample_size(share, 0.01, population=N).n for N in (None, 3000, 10000, 30000)]
    assert sizes == printed


@pytest.mark.parametrize(("population", "printed"), [(3000, 603), (1500, 502), (8000, 689)])
def test_sample_size_agrees_with_reading_a31(population, printed):
    assert sample_size(0.02, 0.01, population=population).n == printed


def test_cochran_prints_400_and_356_for_a_population_of_3200():
    """Cochran (1977), section 4.4: p = 0.5, d = 0.05, t = 2: n0 = 400; N = 3,200: n = 356."""
    level = 0.9544997361036416  # t = 2
    assert sample_size(0.5, 0.05, level=level).n0 == pytest.approx(400)
    assert sample_size(0.5, 0.05, level=level, population=3200).n == 356


def test_the_chain_shows_every_correction():
    size = sample_size(0.02, 0.01, population=3000, deff=1.5, response=0.95)
    assert size.n_deff == pytest.approx(1.5 * size.n0)
    assert size.n_fpc == pytest.approx(size.n_deff / (1 + (size.n_deff - 1) / 3000))
    assert size.n == -(-size.n_fpc // 0.95)


def test_600_households_keep_one_point_only_up_to_1_58_per_cent():
    assert achieved_margin(600, 0.0158) < 0.01 < achieved_margin(600, 0.0159)


@pytest.mark.parametrize("population", [None, 900, 30000])
@pytest.mark.parametrize("deff", [0.8, 1, 2.5])
def test_the_margin_is_the_chain_read_backwards(population, deff):
    size = sample_size(0.03, 0.015, population=population, deff=deff)
    reached = achieved_margin(size.n, 0.03, population=population, deff=deff)
    one_less = achieved_margin(size.n - 1, 0.03, population=population, deff=deff)
    assert reached <= 0.015 < one_less


def test_a_census_has_no_margin():
    assert achieved_margin(500, 0.02, population=500) == 0


def plan(registered):
    return plan_size(
        registered,
        threshold=10_000,
        base=1000,
        large=(1200, 1500),
        largest_at=20_000,
        lifted_share=Fraction(60, 100),
        floors=(600, 400),
    )


@pytest.mark.parametrize(
    ("registered", "printed"),
    [
        (0, (1000, 600, 400)),
        (9_999, (1000, 600, 400)),
        (10_000, (1200, 720, 480)),  # A28: equality takes the larger sample
        (15_000, (1350, 810, 540)),
        (20_000, (1500, 900, 600)),
        (45_000, (1500, 900, 600)),
    ],
)
def test_the_plan_s_sizes_are_those_of_reading_a28(registered, printed):
    size = plan(registered)
    assert (size.total, size.lifted, size.unregistered) == printed


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"share": 0}, "share"),
        ({"share": 1}, "share"),
        ({"margin": 0}, "margin"),
        ({"deff": 0}, "deff"),
        ({"response": 1.1}, "response"),
        ({"level": 1}, "level"),
        ({"population": 0}, "population"),
        ({"share": float("nan")}, "share"),
    ],
)
def test_a_value_out_of_range_is_named(given, named):
    values = {"share": 0.02, "margin": 0.01} | given
    with pytest.raises(SelectionError, match=named):
        sample_size(values.pop("share"), values.pop("margin"), **values)
