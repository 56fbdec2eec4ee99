"""Households and groups: sizes, quotas, probabilities, replacements and weights."""

from collections import Counter, defaultdict
from dataclasses import replace
from fractions import Fraction
from math import sqrt
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis.strategies import data, integers, lists
from sampling_frames import FRAMES, QUOTAS, SMALL, random_frame

from auditlib.sampling import (
    Screened,
    Visit,
    choose_visits,
    cutoffs,
    draw_county,
    make_design,
    replacement_faults,
    ticket,
    village_response,
)
from auditlib.sampling.groups import draw_groups
from auditlib.sampling.households import within
from auditlib.sampling.quotas import up
from auditlib.sampling.response import response_notes
from auditlib.sampling.villages import draw_villages

DESIGNS = [make_design(frame, QUOTAS) for frame in FRAMES]
CASES = list(zip(FRAMES, DESIGNS, strict=True))


def values(sample, code):
    return [note.values for note in sample.notes if note.code == code]


# ---- lifted households ----


@pytest.mark.parametrize(("frame", "design"), CASES)
def test_lifted_households_keep_their_quotas(frame, design):
    """8 seeds a frame: total, remote half, range of a village; or a note says what fell short."""
    for seed in range(8):
        sample = draw_county(frame, design, f"{seed}")
        listed = {s.village: s.listed for s in sample.lifted}
        m = {s.village: len(s.drawn) for s in sample.lifted}
        total = sum(m.values())
        assert total == min(600, sum(listed.values()))
        short = [{"wanted": 600, "got": total}] if total < 600 else []
        assert values(sample, "lifted_short") == short
        remote = sum(m[v.code] for v in sample.villages if v.village.remote)
        if remote < up(Fraction(total, 2)):
            assert values(sample, "remote_households")
            assert remote == sum(listed[v.code] for v in sample.villages if v.village.remote)
        widened = bool(values(sample, "per_village"))
        for code, number in m.items():
            assert number <= listed[code]
            assert widened or min(8, listed[code]) <= number <= 40
            assert number or not listed[code] or widened


def test_households_are_in_proportion_to_those_a_village_stands_for():
    frame = random_frame(3, townships=9, villages=(6, 9), lifted=(60, 140))
    design = make_design(frame, replace(QUOTAS, least=1, upmost=200))
    drawn = draw_county(frame, design, "7")
    for remote in (True, False):
        part = [
            (len(s.drawn), s.listed / float(v.probability))
            for s, v in zip(drawn.lifted, drawn.villages, strict=True)
            if v.village.remote == remote
        ]
        share = sum(m for m, _ in part) / sum(size for _, size in part)
        assert all(abs(m - share * size) < 1 for m, size in part)


@given(
    bounds=lists(integers(1, 60), min_size=1, max_size=12),
    sizes=data(),
)
def test_a_total_is_divided_within_bounds_by_one_factor(bounds, sizes):
    high = bounds
    low = [min(h, sizes.draw(integers(0, 8))) for h in high]
    size = [sizes.draw(integers(1, 10**6)) for _ in high]
    total = sizes.draw(integers(sum(low), sum(high)))
    parts = within(total, size, low=low, high=high)
    assert sum(parts) == total
    assert all(lo <= part <= hi for lo, part, hi in zip(low, parts, high, strict=True))
    free = {
        part / s for lo, part, hi, s in zip(low, parts, high, size, strict=True) if lo < part < hi
    }
    assert len(free) <= 1
    for lo, part, hi, s in zip(low, parts, high, size, strict=True):
        for factor in free:
            assert part == min(max(factor * s, lo), hi)


def test_reserves_are_the_next_tickets():
    frame, design = CASES[12]
    sample = draw_county(frame, design, "7")
    for s in sample.lifted:
        order = sorted(frame.lifted[s.village], key=lambda unit: ticket("7", "household", unit))
        m = len(s.drawn)
        spare = min(s.listed - m, up(QUOTAS.reserves * m))
        assert list(s.drawn + s.reserves) == order[: m + spare]
        assert len(s.reserves) == spare


def test_weights_add_up_to_the_county():
    """600 seeds of a small county: the weighted number of households is unbiased."""
    frame = random_frame(6, townships=4, villages=(2, 7), lifted=(3, 30))
    design = make_design(frame, SMALL)
    truth = sum(map(len, frame.lifted.values()))
    totals = []
    for seed in range(600):
        rows = draw_county(frame, design, f"{seed}").rows
        totals.append(float(sum(r.weight for r in rows if r.stage == "household" and r.weight)))
    assert abs(fmean(totals) - truth) < 4 * stdev(totals) / sqrt(len(totals))


def test_a_census_of_a_small_county_has_weight_one():
    frame = random_frame(2, townships=5, villages=(3, 5), lifted=(1, 8))
    design = make_design(frame, QUOTAS)
    sample = draw_county(frame, design, "7")
    assert {row.weight for row in sample.rows if row.stage in ("village", "household")} == {1}
    assert len(sample.villages) == len(frame.villages)


# ---- groups ----


@pytest.mark.parametrize(("frame", "design"), CASES)
def test_groups_have_one_probability(frame, design):
    """8 seeds a frame: 10 to 12 groups, no group twice, equal π unless a village is whole."""
    for seed in range(8):
        sample = draw_county(frame, design, f"{seed}")
        chosen = [drawn.group.unit for drawn in sample.groups]
        assert len(set(chosen)) == len(chosen) <= 12
        assert len(chosen) >= 10 or values(sample, "groups_short") or len(chosen) >= 8
        drawn = {v.code for v in sample.villages}
        assert {d.group.village for d in sample.groups} <= drawn
        chances = {d.probability for d in sample.groups}
        assert all(0 < p <= 1 for p in chances)
        assert len(chances) == 1 or values(sample, "whole_villages")
        households = sum(d.group.unregistered for d in sample.groups)
        assert (households < 400) == bool(values(sample, "unregistered_short"))


def test_groups_are_drawn_as_often_as_stated():
    """4,000 seeds, the villages fixed: every group within 4.5 standard errors."""
    frame = random_frame(4, townships=4, villages=(2, 7))
    design = make_design(frame, SMALL)
    villages = draw_villages(frame, design, "7")
    times, chances, seeds = Counter(), {}, 4000
    for seed in range(seeds):
        chosen, _ = draw_groups(frame, design, villages, f"{seed}")
        for drawn in chosen:
            times[drawn.group.unit] += 1
            chances[drawn.group.unit] = drawn.probability
    pi = {v.code: v.probability for v in villages}
    home = {g.unit: g.village for g in frame.groups}
    assert sum(p / pi[home[u]] for u, p in chances.items()) == len(chosen)
    for unit, p in chances.items():
        q = float(p / pi[home[unit]])
        assert abs(times[unit] / seeds - q) <= 4.5 * sqrt(q * (1 - q) / seeds)


def test_more_groups_are_drawn_where_households_are_few():
    frame = random_frame(5, townships=8, villages=(5, 9))
    few = make_design(frame, replace(QUOTAS, unregistered=10_000))
    many = make_design(frame, replace(QUOTAS, unregistered=1))
    sample = draw_county(frame, few, "7")
    assert len(sample.groups) == 12
    assert values(sample, "more_groups")
    assert values(sample, "unregistered_short")
    assert len(draw_county(frame, many, "7").groups) == 10


def test_visits_go_to_suspected_then_to_risk_groups_then_to_others():
    screened = [
        Screened(f"U-{i}", f"G-{i % 3}", frozenset(["disabled"] if i % 4 == 0 else []), i % 25 == 0)
        for i in range(100)
    ]
    risky = {s.unit for s in screened if s.risks or s.suspected}
    few = choose_visits(screened, 10, seed="7")
    assert set(few.units) <= risky
    assert {f"U-{i}" for i in (0, 25, 50, 75)} == set(few.units[:4])
    many = choose_visits(reversed(screened), 60, seed="7")
    assert risky < set(many.units)
    assert many.units[:10] == few.units
    assert sum(many.by_group.values()) == 60
    assert not many.notes
    (short,) = choose_visits(screened, 400, seed="7").notes
    assert short.values == {"wanted": 400, "got": 100}


# ---- still poor ----


def test_still_poor_households_come_from_drawn_villages():
    frame, design = CASES[12]
    sample = draw_county(frame, design, "7")
    drawn = {v.code for v in sample.villages}
    home = {unit: v for v, units in frame.still_poor.items() for unit in units}
    assert len(sample.still_poor.drawn) == 20
    assert {home[unit] for unit in sample.still_poor.drawn} <= drawn


def test_rows_tell_rank_ticket_and_cut_off():
    frame, design = CASES[12]
    rows = draw_county(frame, design, "7").rows
    by_stratum = defaultdict(list)
    for row in rows:
        assert row.ticket == ticket("7", row.stage, row.unit)
        by_stratum[row.stage, row.within].append(row)
    limits = cutoffs(rows)
    for key, listed in by_stratum.items():
        assert [row.rank for row in listed] == list(range(1, len(listed) + 1))
        assert [row.ticket for row in listed] == sorted(row.ticket for row in listed)
        for row in listed:
            assert (row.role == "drawn") == (row.ticket <= limits[key])
            assert (row.probability is None) == (row.role == "reserve")


def test_a_recheck_with_the_same_seed_draws_others():
    frame, design = CASES[12]
    again = replace(design, phase="recheck-")
    first, second = (draw_county(frame, d, "7") for d in (design, again))
    assert {r.stage for r in second.rows} == {f"recheck-{r.stage}" for r in first.rows}
    assert {v.code for v in first.villages} != {v.code for v in second.villages}


# ---- replacements and response ----

DRAWN, RESERVES = ("a", "b", "c"), ("d", "e", "f")


@pytest.mark.parametrize(
    ("visits", "codes"),
    [
        ([("a", "completed"), ("b", "refused"), ("c", "absent"), ("d", "completed", "b")], []),
        ([("a", "absent"), ("d", "refused", "a"), ("e", "completed", "d")], []),
        ([("a", "absent"), ("e", "completed", "a")], ["skipped"]),
        ([("a", "completed"), ("d", "completed", "a")], ["replaces_kept"]),
        ([("d", "completed", "b")], ["replaces_kept"]),
        ([("a", "absent"), ("d", "completed")], ["replaces_nobody"]),
        (
            [("a", "absent"), ("d", "completed", "a"), ("e", "completed", "a")],
            ["replaced_twice"],
        ),
        ([("a", "completed"), ("z", "completed", "b")], ["not_on_list"]),
        ([("a", "refused"), ("a", "completed")], ["visited_twice"]),
        ([("a", "absent"), ("b", "completed", "a")], ["drawn_replaces"]),
        ([("d", "refused", "d")], ["replaces_kept"]),
    ],
)
def test_every_departure_from_the_reserve_list_is_named(visits, codes):
    faults = replacement_faults(
        DRAWN, RESERVES, [Visit(*visit) for visit in visits], replaceable=("refused", "absent")
    )
    assert [fault.code for fault in faults] == codes
    for fault in faults:
        assert fault.says("zh")
        assert fault.says("en")


def test_the_weight_follows_the_formula():
    """(M/a)(e/r)/π with M = 50, a = 10, e = 8, r = 6, π = 1/4: 80/3."""
    codes = dict(
        zip(
            "abcdefghij", ["completed"] * 6 + ["refused", "absent", "moved", "extinct"], strict=True
        )
    )
    response = village_response(
        "V",
        codes | {"stranger": "completed"},
        listed=50,
        on_list=codes.keys(),
        probability=Fraction(1, 4),
        ineligible=("moved", "extinct", "not_found"),
    )
    assert (response.opened, response.eligible, response.responded) == (10, 8, 6)
    assert response.weight == Fraction(80, 3)
    assert response.rate == Fraction(6, 8)
    assert not response_notes([response])


def test_a_village_without_response_has_no_weight_and_is_named():
    response = village_response(
        "V", {"a": "refused"}, listed=5, on_list="a", probability=Fraction(1), ineligible=()
    )
    assert response.weight is None
    assert [note.values["village"] for note in response_notes([response])] == ["V"]
