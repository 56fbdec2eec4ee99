"""Hidden cells cannot be had by subtraction, and what need not be hidden is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditlib.estimation.disclosure import cells_to_hide, is_small

COUNTS = st.lists(st.integers(0, 30), min_size=1, max_size=8).map(lambda v: dict(enumerate(v)))
FEWEST = st.integers(2, 8)


@given(counts=COUNTS, fewest=FEWEST)
def test_no_small_count_is_shown_and_no_zero_is_hidden_without_need(counts, fewest) -> None:
    """R085, A50."""
    hidden = cells_to_hide(counts, fewest=fewest)

    assert hidden == {k for k, n in counts.items() if is_small(n, fewest)}
    assert not any(counts[k] == 0 for k in hidden)


@given(counts=COUNTS, fewest=FEWEST)
def test_a_known_total_gives_no_hidden_cell_back(counts, fewest) -> None:
    """Hundepool et al. (2012), 5.3: what is hidden is at least two cells and no small sum together.

    Whoever knows the total knows the sum of the hidden cells; each of them may then be
    anything from zero to that sum.
    """
    hidden = cells_to_hide(counts, fewest=fewest, totals=[list(counts)])
    known = sum(counts.values()) - sum(n for k, n in counts.items() if k not in hidden)

    if hidden and len(hidden) < len(counts):
        assert len(hidden) >= 2
        assert known >= fewest
    assert {k for k, n in counts.items() if is_small(n, fewest)} <= hidden


@given(counts=COUNTS, fewest=FEWEST, data=st.data())
def test_no_hidden_cell_could_be_shown_after_all(counts, fewest, data) -> None:
    """Only as much is hidden as it takes: without the last complement the rule would not hold."""
    hidden = cells_to_hide(counts, fewest=fewest, totals=[list(counts)])
    complements = [k for k in hidden if not is_small(counts[k], fewest)]
    if complements:
        last = max(complements, key=lambda k: (counts[k] == 0, counts[k]))
        rest = [counts[k] for k in hidden if k != last]
        assert len(rest) < 2 or sum(rest) < fewest


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ((0, 0, 0), ()),  # zeros tell of nobody
        ((2, 8, 40), (0, 1)),  # the total would give the 2 back
        ((2, 0, 40), (0, 2)),  # a zero would protect, and the sum of both would still be 2
        ((1, 1, 0, 9), (0, 1, 3)),  # two cells, and together too few
        ((3, 4, 40), (0, 1)),
        ((1, 0, 0), (0, 1, 2)),  # nothing protects it: all are hidden
        ((5, 6, 7), ()),
    ],
)
def test_worked_examples(counts: tuple[int, ...], hidden: tuple[int, ...]) -> None:
    cells = dict(enumerate(counts))
    assert cells_to_hide(cells, fewest=5, totals=[list(cells)]) == set(hidden)


def test_a_part_whose_base_is_too_small_is_hidden_whatever_it_counts() -> None:
    assert cells_to_hide({"a": 0, "b": 9, "c": 30}, fewest=5, unsafe=["a"]) == {"a"}
    found = cells_to_hide({"a": 0, "b": 9, "c": 30}, fewest=5, unsafe=["a"], totals=["abc"])
    assert found == {"a", "b"}


def test_totals_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        cells_to_hide({"a": 1, "b": 2}, fewest=5, totals=["ab", "b"])
