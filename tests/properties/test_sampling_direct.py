"""A direct draw from the whole county (A25), and groups outside the drawn villages (A33)."""

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest

from auditlib.errors import SelectionError
from auditlib.sampling import (
    commit,
    design_bytes,
    draw_county,
    frame_bytes,
    make_design,
    published_row,
    read_design,
    seed_of,
)
from auditlib.sampling.direct import chances_of_villages
from auditlib.sampling.frame import Group, Village, freeze
from auditlib.sampling.imported import OfficeList
from auditlib.sampling.redraw import redraw
from tests.properties.sampling_frames import FRAMES, QUOTAS, SMALL, random_frame

DIRECT, OUTSIDE, ANYWHERE = {"draw": "direct"}, {"groups": "outside"}, {"groups": "anywhere"}
WAYS = (DIRECT, OUTSIDE, ANYWHERE)
TINY = freeze(
    [Village("V-1", "T-1", True, True), Village("V-2", "T-1", False, False)],
    [Group("G-1", "V-1", 9)],
    lifted={"V-1": ["H-1"], "V-2": ["H-2", "H-3"]},
)


def total(values):
    return sum(values, Fraction(0))


# ---- direct (A25) ----


@pytest.mark.parametrize("i", range(len(FRAMES)))
def test_a_direct_draw_gives_every_household_one_chance_and_sums_to_n(i):
    """R060, R062, A25: n/N > 0 for each of N listed, Σπ = n, whatever the seed; N < n is a census."""
    frame = FRAMES[i]
    N = sum(map(len, frame.lifted.values()))
    design = make_design(frame, QUOTAS, rules=DIRECT)
    for seed in ("7", "8", "9", "10"):
        sample = draw_county(frame, design, seed)
        n = len(sample.direct.drawn)
        assert n == min(QUOTAS.lifted, N)
        assert sample.direct.probability == Fraction(n, N) > 0
        assert N * sample.direct.probability == n
        assert sum(len(part.drawn) for part in sample.lifted) == n
        assert {v.code for v in sample.villages} == {p.village for p in sample.lifted if p.drawn}
        codes = {note.code for note in (*design.notes, *sample.notes)}
        assert {"direct", "groups_direct"} <= codes
        assert ("direct_lifted_short" in codes) == (n < QUOTAS.lifted)
        assert {row.stage for row in sample.rows} <= {"group", "household", "still-poor"}


@pytest.mark.parametrize("frame", [TINY, FRAMES[17], random_frame(3, townships=1)])
def test_tiny_counties_are_drawn_whole(frame):
    """A25: three households in two villages are all drawn, with certainty."""
    sample = draw_county(frame, make_design(frame, QUOTAS, rules=DIRECT), "7")
    N = sum(map(len, frame.lifted.values()))
    assert len(sample.direct.drawn) == min(600, N)
    assert (sample.direct.probability == 1) == (N <= 600)


def test_every_household_is_drawn_as_often_as_its_chance_says():
    """A25: over 400 seeds each household of a small county comes up near n/N of the time."""
    frame = random_frame(5, townships=3, villages=(3, 5), lifted=(2, 15))
    design = make_design(frame, SMALL, rules=DIRECT)
    drawn = Counter(
        unit for seed in range(400) for unit in draw_county(frame, design, str(seed)).direct.drawn
    )
    N = sum(map(len, frame.lifted.values()))
    chance = SMALL.lifted / N
    spread = (400 * chance * (1 - chance)) ** 0.5
    assert len(drawn) == N
    assert max(abs(times - 400 * chance) for times in drawn.values()) < 5 * spread


def test_the_chance_to_meet_a_village_is_that_of_all_samples_counted():
    """Six households in three villages, two drawn: 15 samples, counted one by one."""
    homes = {"V-1": ["a"], "V-2": ["b", "c"], "V-3": ["d", "e", "f"]}
    frame = freeze([Village(v, "T", True, False) for v in [*homes, "V-4"]], lifted=homes)
    pairs = list(combinations("abcdef", 2))
    found = chances_of_villages(frame, 2)
    for village, units in homes.items():
        share = Fraction(sum(bool(set(pair) & set(units)) for pair in pairs), len(pairs))
        assert 0 <= share - found[village] < Fraction(1, 10**6)
    assert found["V-4"] == 0


def test_reserves_and_ranks_go_on_over_the_whole_county():
    """A25, A53: one list of reserves, in ticket order, that no village interrupts."""
    frame = random_frame(6)
    sample = draw_county(frame, make_design(frame, SMALL, rules=DIRECT), "7")
    rows = [row for row in sample.rows if row.stage == "household"]
    assert [row.ticket for row in rows] == sorted(row.ticket for row in rows)
    assert [sample.ranks[row.unit] for row in rows] == [*range(1, 41), *range(1, 21)]
    assert {row.within for row in rows} == {"county"}
    assert {v.code for v in sample.places} >= {part.village for part in sample.lifted}


def test_groups_and_households_still_poor_of_a_direct_draw_come_from_the_whole_county():
    """A25, A33: without drawn villages, inside and outside mean nothing."""
    frame = random_frame(6)
    for groups in ("inside", "outside"):
        design = make_design(frame, SMALL, rules={**DIRECT, "groups": groups})
        sample = draw_county(frame, design, "7")
        assert {g.probability for g in sample.groups} == {
            Fraction(len(sample.groups), len(frame.groups))
        }
        listed = sum(map(len, frame.still_poor.values()))
        assert sample.still_poor.probability == Fraction(len(sample.still_poor.drawn), listed)


def test_a_direct_draw_refuses_a_list_of_villages():
    office = OfficeList("省扶贫办", ("V-1",), {})
    with pytest.raises(SelectionError, match="one excludes the other"):
        draw_county(TINY, make_design(TINY, QUOTAS, rules=DIRECT), "7", office=office)


# ---- groups (A33) ----


@pytest.mark.parametrize("i", range(0, len(FRAMES), 2))
def test_groups_lie_where_the_reading_says_with_equal_chances(i):
    """R065, A33: outside no drawn village; Σπ over those that can be met is their number."""
    frame = FRAMES[i]
    for rules in (OUTSIDE, ANYWHERE):
        design = make_design(frame, QUOTAS, rules=rules)
        cells = {(c.township, c.kind): c.probability for c in design.cells}
        for seed in ("7", "8", "9"):
            sample = draw_county(frame, design, seed)
            drawn = {v.code for v in sample.villages}
            inside = [g for g in sample.groups if g.group.village in drawn]
            census = all(v.code in drawn for v in frame.villages)
            codes = {note.code for note in sample.notes}
            assert all(g.probability > 0 for g in sample.groups)
            if rules is ANYWHERE:
                k = len(sample.groups)
                assert {g.probability for g in sample.groups} == {Fraction(k, len(frame.groups))}
            elif census:
                assert "groups_no_outside" in codes
            else:
                assert not inside
                assert "groups_no_outside" not in codes
                weight = total(
                    1 / (1 - cells[v.township, v.kind])
                    for v in frame.villages
                    for g in frame.groups
                    if g.village == v.code not in drawn
                )
                if "whole_villages" not in codes:
                    chances = {g.probability for g in sample.groups}
                    assert chances == {len(sample.groups) / weight}


def test_groups_that_can_never_be_met_are_named_before_the_draw():
    """A33: all groups of villages that are certain to be drawn."""
    frame = FRAMES[11]
    design = make_design(frame, QUOTAS, rules=OUTSIDE)
    certain = [c for c in design.cells if c.probability == 1]
    told = {n.code: n.values for n in design.notes}
    assert told["groups_outside"]["listed"] == len(frame.groups)
    assert ("groups_never" in told) == bool(certain)
    if certain:
        assert told["groups_never"]["villages"] == sum(c.listed for c in certain)


def test_every_group_is_met_as_often_as_its_chance_says():
    """A33: the mean of 1/π over the groups met, over seeds, is the number that can be met."""
    frame = random_frame(8, townships=4, villages=(3, 6))
    for rules in (OUTSIDE, ANYWHERE):
        design = make_design(frame, SMALL, rules=rules)
        cells = {(c.township, c.kind): c.probability for c in design.cells}
        village = {v.code: v for v in frame.villages}
        able = [
            g
            for g in frame.groups
            if rules is ANYWHERE or cells[village[g.village].township, village[g.village].kind] < 1
        ]
        counts = [
            float(total(1 / g.probability for g in draw_county(frame, design, str(s)).groups))
            for s in range(300)
        ]
        mean = sum(counts) / len(counts)
        spread = (sum((c - mean) ** 2 for c in counts) / 299 / 300) ** 0.5
        assert abs(mean - len(able)) <= 4 * spread + 1e-9


# ---- carried through ----


def test_the_default_leaves_no_trace_in_the_design():
    """A design that keeps to the plan's own readings has the digest it always had."""
    frame = FRAMES[12]
    assert b'"rules":{}' in design_bytes(make_design(frame, QUOTAS))
    assert b'"draw":"direct"' in design_bytes(make_design(frame, QUOTAS, rules=DIRECT))


@pytest.mark.parametrize("rules", WAYS, ids=str)
def test_the_switch_is_digested_and_redrawn_and_an_altered_row_found(rules):
    """A25, A33: frame, design and seed alone give the same rows back; one altered is named."""
    frame = FRAMES[12]
    design = make_design(frame, QUOTAS, rules=rules)
    nonce = "731990246518870352461"
    draw = replace(
        commit(frame, design, nonce, committed=date(2019, 2, 1)), public_number="41827093"
    )
    rows = [published_row(r) for r in draw_county(frame, design, seed_of(draw, nonce)).rows]
    files = frame_bytes(frame), design_bytes(design)
    assert read_design(files[1]) == design
    assert redraw(*files, rows, draw=draw, nonce=nonce) == ()
    altered = [*rows[:-1], {**rows[-1], "unit": "H-0"}]
    assert {d.unit for d in redraw(*files, altered, draw=draw, nonce=nonce)} == {
        "H-0",
        rows[-1]["unit"],
    }
    plain = design_bytes(make_design(frame, QUOTAS))
    assert redraw(files[0], plain, rows, draw=draw, nonce=nonce)[0].field == "digest"


def test_a_design_that_draws_in_an_unknown_way_is_refused():
    content = design_bytes(make_design(TINY, QUOTAS)).replace(
        b'"rules":{}', b'"rules":{"draw":"by hand"}'
    )
    with pytest.raises(SelectionError, match=r"rules\.draw"):
        read_design(content)
