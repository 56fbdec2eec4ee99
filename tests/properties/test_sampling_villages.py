"""Quotas hold for every seed, and every village has the probability it is said to have."""

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product
from math import ceil, sqrt

import pytest
from sampling_frames import FRAMES, QUOTAS, SMALL, random_frame
from scipy.optimize import linprog

from auditlib.errors import SelectionError
from auditlib.sampling import draw_county, freeze, make_design
from auditlib.sampling.allocation import allocate, best_columns, fits, spread, township_needs
from auditlib.sampling.expected import MILLION, expected_cells, rake
from auditlib.sampling.frame import KINDS
from auditlib.sampling.quotas import nearest, up
from auditlib.sampling.rounding import round_table, systematic
from auditlib.sampling.villages import draw_villages

SEEDS = 200
DESIGNS = [make_design(frame, QUOTAS) for frame in FRAMES]
CASES = list(zip(FRAMES, DESIGNS, strict=True))


def noted(design, code):
    return [note.values for note in design.notes if note.code == code]


# ---- the design ----


@pytest.mark.parametrize(("frame", "design"), CASES)
def test_probabilities_are_positive_exact_and_add_up_to_n(frame, design):
    chances = {(c.township, c.kind): c.probability for c in design.cells}
    each = [chances[v.township, v.kind] for v in frame.villages]
    assert all(0 < p <= 1 for p in each)
    assert sum(each) == design.villages


@pytest.mark.parametrize(("frame", "design"), CASES)
def test_every_number_that_gives_way_is_reported(frame, design):
    """Poor, remote and number of villages: what is wanted is met, or a note says otherwise."""
    n = design.villages
    by_kind = Counter()
    for cell in design.cells:
        by_kind[cell.kind] += cell.expected
    poor = sum(by_kind[k] for k in KINDS if k.startswith("poor")) // MILLION
    remote = sum(by_kind[k] for k in KINDS if k.endswith("-remote")) // MILLION
    wanted = nearest(QUOTAS.poor * n)
    assert noted(design, "poor") == ([] if poor == wanted else [{"wanted": wanted, "got": poor}])
    half = up(QUOTAS.remote * n)
    assert noted(design, "remote") == ([] if remote >= half else [{"wanted": half, "got": remote}])
    codes = ("villages", "reach", "census", "census_of_lifted")
    moved = [values for code in codes for values in noted(design, code)]
    assert n == QUOTAS.villages or moved
    assert QUOTAS.fewest <= n or n == len(frame.villages)
    for note in design.notes:
        assert note.says("zh")
        assert note.says("en")


@cache
def drawn_by_cell(i):
    """Return for every seed the villages drawn from frame i, by township and type."""
    frame, design = CASES[i]
    return [
        Counter((d.village.township, d.village.kind) for d in draw_villages(frame, design, f"{s}"))
        for s in range(SEEDS)
    ]


@pytest.mark.parametrize("i", range(len(CASES)))
def test_seeds_keep_every_quota(i):
    """200 seeds × 50 frames: townships covered, totals of types and n exact, cells rounded."""
    frame, design = CASES[i]
    columns, rows, cells = Counter(), Counter(), {}
    for cell in design.cells:
        columns[cell.kind] += cell.expected
        rows[cell.township] += cell.expected
        cells[cell.township, cell.kind] = cell.expected
    for by_cell in drawn_by_cell(i):
        assert by_cell.total() == design.villages
        by_kind, by_row = Counter(), Counter()
        for (township, kind), n in by_cell.items():
            by_kind[kind] += n
            by_row[township] += n
        assert by_kind == {k: e // MILLION for k, e in columns.items()}
        assert set(by_row) == {v.township for v in frame.villages}
        assert all(abs(by_row[t] * MILLION - rows[t]) < MILLION for t in rows)
        assert all(abs(by_cell[c] * MILLION - e) < MILLION for c, e in cells.items())


def test_over_all_frames_the_mean_count_is_the_expected_one():
    """200 seeds × 50 frames, every cell: squared deviations are as large as chance makes them."""
    squares = []
    for i, (_, design) in enumerate(CASES):
        total = Counter()
        for by_cell in drawn_by_cell(i):
            total.update(by_cell)
        for cell in design.cells:
            whole, part = divmod(cell.expected, MILLION)
            p = part / MILLION
            if not part:
                assert total[cell.township, cell.kind] == whole * SEEDS
            elif 0.02 <= p <= 0.98:
                mean = total[cell.township, cell.kind] / SEEDS
                squares.append((mean - whole - p) ** 2 * SEEDS / (p * (1 - p)))
    assert len(squares) > 500
    assert 0.85 < sum(squares) / len(squares) < 1.15
    assert max(squares) < 25  # five standard errors


def test_row_order_of_the_frame_plays_no_part():
    frame = FRAMES[12]
    shuffled = list(frame.villages)
    random.Random(1).shuffle(shuffled)
    again = freeze(shuffled, lifted=frame.lifted)
    assert make_design(again, QUOTAS) == make_design(frame, QUOTAS)
    design = make_design(frame, QUOTAS)
    assert draw_villages(again, design, "7") == draw_villages(frame, design, "7")


# ---- feasibility ----


def test_feasibility_agrees_with_a_linear_programme():
    """1,000 random tables: expected cells above zero exist exactly if the totals fit."""
    chance = random.Random(3)
    found = Counter()
    for _ in range(1000):
        rows = [
            [chance.choice((0, 0, 1, 1, 2, 4)) for _ in KINDS] for _ in range(chance.randint(1, 9))
        ]
        rows = [row for row in rows if any(row)] or [[1, 0, 0, 0]]
        listed = [sum(column) for column in zip(*rows, strict=True)]
        columns = tuple(chance.randint(min(1, N), (N + 2) // 3) for N in listed)
        counts = {str(t): dict(zip(KINDS, row, strict=True)) for t, row in enumerate(rows)}
        ours = fits(columns, township_needs(counts))
        assert ours == (least_cell(rows, columns) > 1e-7)
        found[ours] += 1
    assert min(found.values()) > 100


def least_cell(rows, columns):
    """Return the largest s for which every cell can expect s or more; -1 if none can."""
    cells = [(t, k) for t, row in enumerate(rows) for k, N in enumerate(row) if N]
    sums = [[float(k == j) for _, k in cells] + [0.0] for j in range(len(columns))]
    reach = [[-float(t == i) for t, _ in cells] + [0.0] for i in range(len(rows))]
    above = [[-float(c == d) for d in cells] + [1.0] for c in cells]
    solved = linprog(
        [0.0] * len(cells) + [-1.0],
        A_ub=reach + above,
        b_ub=[-1.0] * len(rows) + [0.0] * len(cells),
        A_eq=sums,
        b_eq=columns,
        bounds=[(0, rows[t][k]) for t, k in cells] + [(0, 1)],
    )
    return -solved.fun if solved.success else -1


def test_expected_cells_have_exact_margins_and_stay_near_the_real_ones():
    chance = random.Random(5)
    tried = 0
    while tried < 300:
        rows = [[chance.choice((0, 1, 2, 5)) for _ in KINDS] for _ in range(chance.randint(1, 20))]
        rows = [row for row in rows if any(row)] or [[1, 0, 0, 0]]
        listed = [sum(column) for column in zip(*rows, strict=True)]
        columns = tuple(chance.randint(min(1, N), N) for N in listed)
        counts = {str(t): dict(zip(KINDS, row, strict=True)) for t, row in enumerate(rows)}
        if not fits(columns, township_needs(counts)):
            continue
        tried += 1
        cells = expected_cells(rows, columns)
        assert [sum(column) for column in zip(*cells, strict=True)] == [
            c * MILLION for c in columns
        ]
        assert all(sum(row) >= MILLION for row in cells)
        for row, real, N in zip(cells, rake(rows, columns), rows, strict=True):
            for e, r, n in zip(row, real, N, strict=True):
                assert (0 < e <= n * MILLION) if n else e == 0
                assert abs(e - r * MILLION) < 60


def test_townships_that_need_no_help_share_one_probability_by_type():
    frame = FRAMES[12]
    design = make_design(frame, QUOTAS)
    rows = Counter()
    for cell in design.cells:
        rows[cell.township] += cell.expected
    free = [cell for cell in design.cells if rows[cell.township] > MILLION + 10]
    for kind in KINDS:
        chances = [float(cell.probability) for cell in free if cell.kind == kind]
        assert max(chances) - min(chances) < 1e-5


def test_totals_that_do_not_fit_are_refused():
    with pytest.raises(SelectionError, match="could never be drawn"):
        expected_cells([[1, 0, 0, 0], [1, 0, 0, 0]], (1, 0, 0, 0))


# ---- the order of giving way ----


def counts_of(*rows):
    return {f"T{t}": dict(zip(KINDS, row, strict=True)) for t, row in enumerate(rows)}


def test_the_best_columns_are_those_of_full_enumeration():
    """The plan's quotas, then the least sum of N²/c, over all tables that fit."""
    counts = counts_of((9, 20, 11, 25), (5, 9, 7, 14))
    listed = (14, 29, 18, 39)
    found = best_columns(counts, 30, QUOTAS)
    tables = [
        (*c, 30 - sum(c))
        for c in product(range(2, 15), range(2, 30), range(2, 19))
        if 2 <= 30 - sum(c) <= 39 and c[0] + c[1] == 21 and c[0] + c[2] >= 15
    ]
    assert found == min(tables, key=lambda c: (spread(listed, c), c))


def test_the_poor_share_gives_way_first():
    """Remote villages are all nonpoor: half remote leaves 15 poor at most, less 2 of the rest."""
    allocation = allocate(counts_of((0, 40, 40, 40)), QUOTAS)
    assert allocation.columns == (0, 13, 15, 2)
    assert [(n.code, n.values) for n in allocation.gave_way] == [
        ("poor", {"wanted": 21, "got": 13})
    ]


def test_then_the_remote_half_gives_way_and_says_by_how_much():
    allocation = allocate(counts_of((4, 40, 3, 40)), QUOTAS)
    assert allocation.columns[0] == 4
    assert allocation.columns[2] == 3
    assert [(n.code, n.values) for n in allocation.gave_way] == [
        ("remote", {"wanted": 15, "got": 7})
    ]


def test_last_a_type_gives_a_single_village():
    """29 townships of one nonpoor village each, and two villages of other types beside them."""
    rows = [(0, 0, 0, 1)] * 28 + [(2, 0, 0, 0)] + [(0, 3, 0, 0)]
    allocation = allocate(counts_of(*rows), QUOTAS)
    assert allocation.columns == (1, 1, 0, 28)
    codes = {note.code for note in allocation.gave_way}
    assert codes == {"poor", "remote", "per_kind"}


@pytest.mark.parametrize(
    ("row", "townships", "villages"),
    [
        ((0, 1, 0, 1), 30, 30),
        ((0, 1, 0, 1), 33, 33),
        ((0, 1, 0, 1), 40, 40),  # above the most: every township is reached
        ((0, 0, 0, 1), 27, 27),  # below: there are no more
        ((0, 0, 0, 1), 25, 25),  # a census
        ((0, 0, 0, 1), 10, 10),
    ],
)
def test_the_number_of_villages_moves_last(row, townships, villages):
    allocation = allocate(counts_of(*[row] * townships), QUOTAS)
    assert allocation.villages == villages
    codes = {note.code for note in allocation.gave_way}
    assert ("villages" in codes) == (villages not in (30, 25, 10))
    assert ("census" in codes) == (villages <= 25)


def test_a_village_beside_townships_of_its_type_asks_for_one_more():
    """29 and 1 would reach all 30 townships, but never the last one's nonpoor villages."""
    rows = [(0, 0, 0, 2)] * 29 + [(0, 1, 0, 2)]
    allocation = allocate(counts_of(*rows), QUOTAS)
    assert allocation.columns == (0, 1, 0, 30)
    rows = [(0, 0, 0, 2)] * 29 + [(0, 1, 0, 0), (0, 1, 0, 2)]
    assert allocate(counts_of(*rows), QUOTAS).villages == 32


@pytest.mark.parametrize("n", range(25, 36))
def test_seventy_per_cent_goes_by_largest_remainder(n):
    """A36: 21 of 30; 18 of 25."""
    counts = counts_of((50, 50, 50, 50))
    columns = best_columns(counts, n, QUOTAS)
    assert columns[0] + columns[1] == int(n * 7 / 10 + 0.5)
    assert columns[0] + columns[2] >= ceil(n / 2)


def test_literal_halves_take_half_from_remote_and_the_rest_from_everywhere():
    """A34: 15 remote; of the other 15, 15·(40 - 15)/(200 - 15) = 2.03 are remote."""
    literal = replace(QUOTAS, literal_halves=True)
    counts = counts_of((20, 60, 20, 100))
    columns = best_columns(counts, 30, literal)
    assert columns[0] + columns[2] == 17
    default = best_columns(counts, 30, QUOTAS)
    assert default[0] + default[2] == 15


def test_small_counties_raise_the_number_of_villages_until_enough_are_expected():
    frame = random_frame(1, townships=4, villages=(12, 13), lifted=(10, 35))
    design = make_design(frame, QUOTAS)
    (values,) = noted(design, "reach")
    assert values["before"] == 30 < design.villages == values["got"] <= 35
    tiny = make_design(random_frame(1, townships=4, villages=(12, 13), lifted=(12, 16)), QUOTAS)
    assert tiny.villages == 35
    assert noted(tiny, "out_of_reach")


@pytest.mark.parametrize("spare", [0, 1])
def test_no_more_lifted_households_than_wanted_are_all_visited_in_every_village(spare):
    """A30: min(600, N), a census if N ≤ 600, though the villages are more than 35; not at 601."""
    frame = random_frame(1, townships=4, villages=(12, 13), lifted=(5, 9))
    every, lifted = len(frame.villages), sum(map(len, frame.lifted.values()))
    design = make_design(frame, replace(QUOTAS, lifted=lifted - spare))
    assert every > 35
    told = noted(design, "census_of_lifted")
    if spare:
        assert design.villages == 35
        assert told == []
        return
    assert told == [{"listed": lifted, "villages": every}]
    assert {cell.probability for cell in design.cells} == {1}
    drawn = draw_county(frame, design, "41827093:73199024651887035246")
    assert sum(len(s.drawn) for s in drawn.lifted) == lifted
    assert {row.weight for row in drawn.rows if row.stage == "household"} == {1}
    assert "lifted_short" not in {n.code for n in drawn.notes}


@pytest.mark.parametrize(("remote", "other"), [(3, 2), (0, 5), (5, 0), (10, 8)])
def test_too_few_poor_villages_are_all_taken_and_the_rest_is_filled_with_others(remote, other):
    """A36: take all, fill with villages that are not poor, and record it."""
    allocation = allocate(counts_of((remote, other, 40, 40)), QUOTAS)
    assert allocation.columns[:2] == (remote, other)
    assert allocation.villages == 30
    told = [n.values for n in allocation.gave_way if n.code == "poor"]
    assert told == [{"wanted": 21, "got": remote + other}]


# ---- rounding ----


def test_rounding_keeps_the_expectation():
    """4,000 seeds: the mean table is the expected one, within 4.5 standard errors a cell."""
    frame = random_frame(9, townships=5, villages=(2, 8))
    design = make_design(frame, SMALL)
    cells = {(c.township, c.kind): c.expected for c in design.cells}
    total, seeds = Counter(), 4000
    for seed in range(seeds):
        total.update(round_table(cells, whole=MILLION, seed=f"{seed}", stage="round"))
    for cell, e in cells.items():
        p = e / MILLION % 1
        assert abs(total[cell] / seeds - e / MILLION) <= 4.5 * sqrt(p * (1 - p) / seeds)


def test_villages_are_drawn_as_often_as_stated():
    """4,000 seeds: every village's frequency within 4.5 standard errors of its probability."""
    frame = random_frame(4, townships=4, villages=(2, 7))
    design = make_design(frame, SMALL)
    chances = {(c.township, c.kind): float(c.probability) for c in design.cells}
    times, seeds = Counter(), 4000
    for seed in range(seeds):
        times.update(drawn.code for drawn in draw_villages(frame, design, f"{seed}"))
    for village in frame.villages:
        p = chances[village.township, village.kind]
        assert abs(times[village.code] / seeds - p) <= 4.5 * sqrt(p * (1 - p) / seeds) + 1e-12


def test_a_table_that_is_not_whole_is_refused():
    with pytest.raises(SelectionError, match=r"'x' .* leaves 5"):
        round_table({("a", "x"): 5, ("b", "x"): 10}, whole=10, seed="7", stage="round")


def test_systematic_rounding_keeps_totals_and_expectations():
    parts = [Fraction(3, 10), Fraction(22, 10), Fraction(5, 10), Fraction(20, 10)]
    total, seeds = [0] * 4, 4000
    for seed in range(seeds):
        rounded = systematic(parts, seed=f"{seed}", stage="round-m")
        assert sum(rounded) == 5
        assert all(abs(r - p) < 1 for r, p in zip(rounded, parts, strict=True))
        total = [t + r for t, r in zip(total, rounded, strict=True)]
    for t, p in zip(total, parts, strict=True):
        q = float(p % 1)
        assert abs(t / seeds - float(p)) <= 4.5 * sqrt(q * (1 - q) / seeds)


def test_a_design_of_another_frame_is_refused():
    with pytest.raises(SelectionError, match="The design counts"):
        draw_villages(FRAMES[12], DESIGNS[11], "7")
