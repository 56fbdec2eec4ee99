"""Tickets against the pocket tool that anyone has."""

import subprocess

import pytest

from auditlib.errors import SelectionError
from auditlib.sampling import canonical, canonical_units, draw, ticket


def test_a_ticket_is_what_sha256sum_prints():
    """design/statistics.md, section 4: printf '%s' '41827093,village,220821101201' | sha256sum."""
    text = "41827093,village,220821101201"
    told = subprocess.run(["sha256sum"], input=text.encode(), capture_output=True, check=True)
    assert ticket("41827093", "village", "220821101201") == told.stdout.decode().split()[0]


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("220821101201", "220821101201"),
        ("　２２０８２１１０１２０１ ", "220821101201"),
        ("e\u0301", "\u00e9"),
        ("\tH-1\r\n", "H-1"),
        ("001", "001"),
        ("1", "1"),
        ("和龙 一组", "和龙 一组"),
    ],
)
def test_identifiers_have_one_spelling(written, spelled):
    assert canonical(written) == spelled


@pytest.mark.parametrize(
    "unit", ["", "  ", "a,b", 'a"b', "a\nb", "a\u200bb", "a\x00", "\ufeffa", 1]
)
def test_an_identifier_that_could_be_hashed_in_two_ways_is_refused(unit):
    with pytest.raises(SelectionError):
        canonical(unit)
    with pytest.raises(SelectionError):
        draw(["first", unit], 1, stage="village", stratum="county", seed="7")


@pytest.mark.parametrize("twins", [("12", "１２"), ("a", "a "), ("\u00e9", "e\u0301"), ("x", "x")])
def test_identifiers_that_collapse_are_an_error(twins):
    with pytest.raises(SelectionError, match="same unit"):
        canonical_units(["other", *twins])
    with pytest.raises(SelectionError, match="same unit"):
        draw(["other", *twins], 1, stage="village", stratum="county", seed="7")
    with pytest.raises(SelectionError, match="listed twice"):
        draw(iter(["other", *twins]), 1, stage="village", stratum="county", seed="7")


def test_001_is_not_1():
    assert sorted(draw(["001", "1"], 2, stage="village", stratum="county", seed="7")) == [
        "001",
        "1",
    ]


@pytest.mark.parametrize("seed", ["1,2", "1\n2", ""])
def test_a_seed_that_blurs_the_words_is_refused(seed):
    with pytest.raises(SelectionError):
        draw(["a"], 1, stage="village", stratum="county", seed=seed)
