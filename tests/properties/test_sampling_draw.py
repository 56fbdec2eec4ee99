"""The draw itself: order plays no part, streams and lists agree, chances are equal."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists, text

from auditlib.errors import SelectionError
from auditlib.sampling import draw, ticket

UNITS = lists(text("abc019甲乙", min_size=1), unique=True, min_size=3)
OF = {"stage": "village", "stratum": "hill"}


@given(units=UNITS, seed=text("0123456789:", min_size=1))
def test_row_order_does_not_change_the_sample(units, seed):
    forwards = draw(units, n=3, seed=seed, **OF)
    backwards = draw(reversed(units), n=3, seed=seed, **OF)
    assert forwards == backwards


@given(units=UNITS, n=integers(0, 3))
def test_a_longer_draw_begins_with_the_shorter(units, n):
    assert draw(units, len(units), seed="7", **OF)[:n] == draw(units, n, seed="7", **OF)


@given(units=UNITS)
def test_the_draw_is_a_sort_by_tickets(units):
    order = sorted(units, key=lambda unit: ticket("7", "village", unit))
    assert draw(units, len(units), seed="7", **OF) == order


@pytest.mark.parametrize("n", [0, 1, 700, 20_000])
@pytest.mark.parametrize("make", [list, iter])
def test_a_long_stream_gives_what_sorting_gives(make, n):
    units = [f"H-{i}" for i in range(20_000)]
    order = sorted(units, key=lambda unit: ticket("7", "household", unit))
    found = draw(make(units), n, stage="household", stratum="county", seed="7")
    assert found == order[:n]


def test_a_twin_far_away_in_a_stream_is_found():
    units = [*(f"H-{i}" for i in range(12_000)), "H-17"]
    with pytest.raises(SelectionError, match="'H-17' and 'H-17'"):
        draw(units, 3, stage="household", stratum="county", seed="7")
    with pytest.raises(SelectionError, match="begins with"):
        draw(iter(units), 3, stage="household", stratum="county", seed="7")


def test_more_units_than_listed_are_refused():
    with pytest.raises(SelectionError, match=r"'hill' should give 4 units, but .* only 3"):
        draw(["a", "b", "c"], 4, seed="7", **OF)
    with pytest.raises(SelectionError, match="n >= 0"):
        draw(["a"], -1, seed="7", **OF)


def test_every_unit_is_drawn_equally_often():
    """4,000 seeds, 5 of 20: the largest of 20 deviations stays below 4 standard errors."""
    units, seeds = [f"V{i}" for i in range(20)], 4000
    times = dict.fromkeys(units, 0)
    for seed in range(seeds):
        for unit in draw(units, 5, seed=str(seed), **OF):
            times[unit] += 1
    error = sqrt(0.25 * 0.75 / seeds)
    assert max(abs(n / seeds - 0.25) for n in times.values()) < 4 * error


def test_another_stage_draws_others():
    units = [f"H{i}" for i in range(1000)]
    first = set(draw(units, 100, stage="household", stratum="v", seed="7"))
    again = set(draw(units, 100, stage="recheck-household", stratum="v", seed="7"))
    assert len(first & again) < 30
