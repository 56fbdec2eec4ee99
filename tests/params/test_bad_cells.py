"""Every form in which people write a value that cannot be used, each with its sentence."""

import pytest

from auditlib.problems import KINDS
from auditlib.problems.sentences_on_cells import ON_CELLS
from tests.params.small import of_rows, row

BAD = {
    "hidden_character": ("unit", "A\u200b1"),
    "turning_character": ("unit", "A\u202e1"),
    "control_character": ("unit", "A\t1"),
    "lost_text": ("note", "锟斤拷锟斤拷"),
    "formula_as_text": ("income", "=B2*3"),
    "missing_mark": ("income", "N/A"),
    "rounded_identifier": ("unit", "2.2E+11"),
    "blank_inside": ("village", "990001 101201"),
    "look_alike": ("unit", "Е01"),
    "bad_identifier": ("village", "1101201"),
    "full_width": ("members", "３"),
    "percent_text": ("income", "85%"),
    "thousands_separator": ("income", "3,200"),
    "decimal_comma": ("income", "3200,5"),
    "blank_in_number": ("income", "3 200"),
    "unit_in_number": ("income", "3200元"),
    "number_in_words": ("income", "三千二百"),
    "number_range": ("income", "3000-3500"),
    "apostrophe": ("income", "'3200"),
    "negative_zero": ("income", "-0"),
    "not_number": ("income", "1.2.3"),
    "not_integer": ("members", "1.5"),
    "too_large_number": ("members", "99999999999999999999"),
    "date_serial": ("day", "43529"),
    "two_date_forms": ("day", "03/05/19"),
    "part_of_date": ("day", "2019年3月"),
    "zero_date": ("day", "1900-01-00"),
    "impossible_date": ("day", "2019-02-30"),
    "time_alone": ("day", "08:30"),
    "no_time_of_day": ("started", "2019-03-05"),
    "impossible_time": ("started", "2019-03-05 25:10"),
    "not_date": ("day", "春节前"),
    "unknown_code": ("water", "好"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_value_in_a_form_that_cannot_be_used_sets_its_row_aside(kind: str) -> None:
    """R009. The row is kept in the quarantine, the message names place, finding and repair."""
    column, value = BAD[kind]
    values = {"unit": "A1", column: value}

    reading = of_rows(row("A0"), row(**values))

    assert [p.kind for p in reading.problems] == [kind]
    assert (reading.read, len(reading.accepted), len(reading.quarantined)) == (2, 1, 1)
    problem = reading.problems[0]
    assert problem.severity == "error"
    assert (problem.place.file, problem.place.sheet, problem.place.row) == ("small.xlsx", "小表", 3)
    assert problem.place.column
    assert "；应为" in problem.says("zh")
    assert "; expected " in problem.says("en")


def test_every_sentence_on_cells_is_met_by_a_bad_cell() -> None:
    assert set(ON_CELLS) <= set(BAD)


GOOD = {
    "income": ("3200", "3200.50", ".5", "+3", "-0.0"[1:], "1e3"),
    "members": ("3", "3.0", "0"),
    "day": (
        "2019-03-05",
        "2019/3/5",
        "2019.3.5",
        "2019年3月5日",
        "20190305",
        "2019-03-05 00:00:00",
    ),
    "started": ("2019-03-05 08:30", "2019-03-05T08:30:15.123+08:00", "2019年3月5日 8:30"),
    "unit": ("A 1", "东-1", "김-1", "001"),
    "water": ("达标", "met", "MET"),
    "sources": ("自产；自购", "own bought", ""),
    "note": ("第一行\n第二行", "=不是公式", "无"),
}


@pytest.mark.parametrize(("column", "value"), [(c, v) for c, vs in GOOD.items() for v in vs])
def test_the_ordinary_forms_of_a_value_are_read(column: str, value: str) -> None:
    reading = of_rows(row(**{"unit": "A1", column: value}))

    assert reading.problems == ()
    assert len(reading.accepted) == 1


def test_there_are_far_more_than_forty_kinds_of_bad_input() -> None:
    """Issue 5: at least forty kinds beside those of the parameter files."""
    of_parameters = {k for k in KINDS if k.startswith("yaml_")}
    of_parameters |= {"unknown_key", "missing_key", "bad_value", "no_such_file"}

    assert len(set(KINDS) - of_parameters) >= 40
