"""Commit, draw, reveal; and redraw by strangers."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from hashlib import sha256

import pytest
from sampling_frames import FRAMES, QUOTAS

from auditlib.errors import SelectionError
from auditlib.sampling import (
    Access,
    Draw,
    Group,
    Village,
    check_appended,
    check_register,
    commit,
    design_bytes,
    draw_county,
    frame_bytes,
    freeze,
    import_list,
    make_design,
    make_seed,
    nonce_digest,
    nonce_notes,
    published_row,
    read_design,
    read_frame,
    redraw,
    redraw_page,
    remote_villages,
    require_unchanged,
    reveal,
    seed_of,
)
from auditlib.sampling.commitment import design_changes, frame_changes

FRAME = FRAMES[12]
RULES = {"remoteness": {"far_km": "40"}, "replaceable": ["refused", "absent"]}
DESIGN = make_design(FRAME, QUOTAS, rules=RULES)
NONCE = "731990246518870352461"
COMMITTED = commit(FRAME, DESIGN, NONCE, committed=date(2019, 2, 1))
DRAWN = replace(
    COMMITTED, public_number="41827093", drawn=date(2019, 2, 15), witnesses="notary, deputies"
)
ROWS = [published_row(row) for row in draw_county(FRAME, DESIGN, seed_of(DRAWN, NONCE)).rows]


def again(*, frame=FRAME, design=DESIGN, rows=ROWS, draw=DRAWN, nonce=NONCE):
    return redraw(frame_bytes(frame), design_bytes(design), rows, draw=draw, nonce=nonce)


# ---- files ----


@pytest.mark.parametrize("frame", FRAMES[::7])
def test_frame_and_design_survive_publication(frame):
    design = make_design(frame, QUOTAS, rules=RULES, phase="recheck-")
    assert read_frame(frame_bytes(frame)) == frame
    assert read_design(design_bytes(design)) == design


def test_the_frame_file_is_sorted_lf_and_plain():
    content = frame_bytes(FRAME)
    lines = content.decode().split("\n")
    assert lines[0] == "level,unit,village,township,poor,remote,unregistered"
    assert lines[-1] == ""
    assert lines[1:-1] == sorted(lines[1:-1])
    assert b"\r" not in content
    assert b'"' not in content


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (b"level,unit", b"level,name", "Line 1"),
        (b"group,G-V-00000-0,", b"group,G-V-00000-0", "Line 2"),
        (b"group,G-V-00000-0,", b"clan,G-V-00000-0,", "Line 2"),
    ],
)
def test_a_broken_frame_file_names_its_line(old, new, line):
    with pytest.raises(SelectionError, match=line):
        read_frame(frame_bytes(FRAME).replace(old, new, 1))


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"quotas":{}}'])
def test_a_broken_design_file_is_refused(content):
    with pytest.raises(SelectionError, match="design file"):
        read_design(content)


# ---- the frame ----


def village(code="V1", township="T1"):
    return Village(code, township, True, False)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: freeze([]), "no village"),
        (lambda: freeze([village(), village("Ｖ1"), village("V１")]), "same unit"),
        (lambda: freeze([village()], [Group("G1", "V2", 3)]), "V2, which the frame does not"),
        (lambda: freeze([village()], [Group("G1", "V1", -3)]), ">= 0"),
        (lambda: freeze([village()], lifted={"V2": ["H1"]}), "V2, which the frame does not"),
        (lambda: freeze([village()], lifted={"V1": ["H1", "H1 "]}), "same unit"),
        (
            lambda: freeze([village()], lifted={"V1": ["H1"]}, still_poor={"V1": ["H1"]}),
            "same unit",
        ),
        (lambda: freeze([village("V,1")]), "comma"),
    ],
)
def test_an_unsound_frame_is_refused(make, sentence):
    with pytest.raises(SelectionError, match=sentence) as caught:
        make()
    assert caught.value.says("zh") != caught.value.says("en")


def test_a_village_is_remote_by_distance_time_or_infrastructure():
    limits = {"far_km": 40, "long_minutes": 60, "weak_score": 40}
    access = {
        "far": Access(40, 30, 80),
        "slow": Access(10, 60, 80),
        "weak": Access(10, 30, 40),
        "near": Access(39.9, 59, 41),
        "far, else unknown": Access(50, None, float("nan")),
    }
    assert remote_villages(access, **limits) == set(access) - {"near"}
    for unknown in (None, float("nan")):
        with pytest.raises(SelectionError, match="V9 lacks"):
            remote_villages({"V9": Access(10, 10, unknown)}, **limits)


# ---- seed and register ----


def test_seed_joins_number_and_nonce():
    assert seed_of(DRAWN, NONCE) == f"41827093:{NONCE}"
    assert COMMITTED.nonce_digest == sha256(NONCE.encode()).hexdigest()


def test_fewer_than_20_digits_are_refused():
    assert make_seed("41827093", "123456789012")
    with pytest.raises(SelectionError, match="have 19 digits"):
        make_seed("41827093", "12345678901")


def test_a_nonce_that_can_be_guessed_is_warned_of():
    assert not nonce_notes(NONCE)
    assert [note.code for note in nonce_notes("123456789012")] == ["guessable"]


def test_a_round_is_committed_then_sealed_then_revealed():
    assert [COMMITTED.state, DRAWN.state, reveal(DRAWN, NONCE).state] == [
        "committed",
        "sealed",
        "revealed",
    ]
    with pytest.raises(SelectionError, match="Reveal the nonce that was sealed"):
        reveal(DRAWN, NONCE[:-1])
    with pytest.raises(SelectionError):
        seed_of(DRAWN, "1" + NONCE)


def test_drawing_again_needs_a_reason_and_a_new_number():
    with pytest.raises(SelectionError, match="Draw 1 stands"):
        commit(FRAME, DESIGN, NONCE, committed=date(2019, 3, 1), register=[DRAWN])
    second = commit(
        FRAME, DESIGN, "9" * 21, committed=date(2019, 3, 1), register=[DRAWN], reason="a village"
    )
    assert second.number == 2
    check_register([DRAWN, second])


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"number": 3}, "numbered"),
        ({"reason": " "}, "no reason"),
        ({"committed": date(2019, 2, 14)}, "before the draw it follows"),
        ({"drawn": date(2019, 2, 20), "public_number": "1"}, "before it was committed"),
        ({"public_number": "1"}, "lacks its public number"),
        ({"nonce": "12"}, "nonce digest"),
    ],
)
def test_a_broken_register_is_named(changed, sentence):
    second = replace(COMMITTED, number=2, committed=date(2019, 3, 1), reason="a village")
    check_register([DRAWN, second])
    with pytest.raises(SelectionError, match=sentence):
        check_register([DRAWN, replace(second, **changed)])


def test_the_register_only_grows():
    check_appended([COMMITTED], [DRAWN])
    check_appended([DRAWN], [reveal(DRAWN, NONCE)])
    check_appended([DRAWN], [DRAWN, replace(COMMITTED, number=2)])
    for altered in (
        replace(DRAWN, public_number="41827094"),
        replace(DRAWN, nonce_digest=nonce_digest("8")),
        replace(DRAWN, reason="none"),
        replace(DRAWN, drawn=None),
    ):
        with pytest.raises(SelectionError, match="only grows"):
            check_appended([DRAWN], [altered])
    with pytest.raises(SelectionError, match="is missing"):
        check_appended([DRAWN], [])


def test_a_changed_frame_or_design_is_refused_with_what_changed():
    require_unchanged(DRAWN, FRAME, DESIGN)
    first = FRAME.villages[0]
    other = freeze(
        [replace(first, poor=not first.poor), *FRAME.villages[1:]],
        FRAME.groups,
        lifted=FRAME.lifted,
        still_poor=FRAME.still_poor,
    )
    with pytest.raises(
        SelectionError, match=f"frame has changed since draw 1: village {first.code}"
    ):
        require_unchanged(DRAWN, other, DESIGN, old_frame=frame_bytes(FRAME))
    with pytest.raises(SelectionError, match="not at hand"):
        require_unchanged(DRAWN, other, DESIGN)
    wider = replace(DESIGN, quotas=replace(QUOTAS, upmost=50, poor=Fraction(1, 2)))
    with pytest.raises(
        SelectionError, match=r"quotas.poor was 7/10, now 1/2; quotas.upmost was 40"
    ):
        require_unchanged(DRAWN, FRAME, wider, old_design=design_bytes(DESIGN))


def test_many_changes_are_counted():
    small = freeze(FRAME.villages)
    with pytest.raises(SelectionError, match=r"is gone; \d+ more\."):
        require_unchanged(DRAWN, small, DESIGN, old_frame=frame_bytes(FRAME))
    assert len(frame_changes(frame_bytes(FRAME), frame_bytes(small))) > 10
    assert design_changes(design_bytes(DESIGN), design_bytes(DESIGN)) == ()


# ---- redraw ----


def test_the_same_files_give_the_same_sample():
    assert again() == ()
    assert again(rows=ROWS[::-1]) == ()


def test_an_altered_frame_row_is_named():
    code = FRAME.villages[0].code
    fewer = {v: units[:-1] if v == code else units for v, units in FRAME.lifted.items()}
    frame = freeze(FRAME.villages, FRAME.groups, lifted=fewer, still_poor=FRAME.still_poor)
    found = again(frame=frame)
    assert (found[0].stage, found[0].field) == ("frame", "digest")


def test_an_altered_seed_digit_is_named():
    found = again(draw=replace(DRAWN, public_number="41827094"))
    assert len(found) > 100
    found = again(nonce=NONCE[:-1] + "2")
    assert (found[0].stage, found[0].field) == ("nonce", "digest")


def test_a_swapped_unit_is_named():
    i = next(i for i, row in enumerate(ROWS) if row["role"] == "reserve")
    swapped = [*ROWS[: i - 1], ROWS[i] | {"role": "drawn"}, ROWS[i - 1], *ROWS[i + 1 :]]
    (found,) = again(rows=swapped)
    assert (found.unit, found.field) == (ROWS[i]["unit"], "role")
    assert (found.published, found.redrawn) == ("drawn", "reserve")
    assert "重抽" in found.says("zh")
    stranger = [*ROWS[:-1], ROWS[-1] | {"unit": "H-stranger"}]
    assert {d.unit for d in again(rows=stranger)} == {ROWS[-1]["unit"], "H-stranger"}
    assert [d.field for d in again(rows=[*ROWS, ROWS[0]])] == ["number"]


def test_a_design_of_other_villages_is_named():
    found = again(design=make_design(FRAMES[11], QUOTAS))
    assert {d.field for d in found} == {"digest", "villages"}


def test_the_page_holds_the_published_content_and_calls_nobody():
    page = redraw_page(frame_bytes(FRAME), design_bytes(DESIGN), ROWS, draw=DRAWN, nonce=NONCE)
    assert ROWS[0]["ticket"] in page
    assert "PUBLISHED" not in page
    for call in ("http:", "https:", "fetch(", "XMLHttpRequest", "import(", "src=", "<link"):
        assert call not in page


# ---- imported lists ----


def test_an_imported_list_without_probabilities_describes_only():
    codes = [v.code for v in FRAME.villages[:24]]
    listed = import_list(codes, FRAME, QUOTAS, source="provincial office")
    assert not listed.design_based
    assert {note.code for note in listed.notes} >= {
        "probability_unknown",
        "too_few_villages",
        "townships_missing",
    }
    assert all(entry.probability is None for entry in listed.villages)


def test_an_imported_list_with_all_probabilities_may_carry_intervals():
    chances = {v.code: Fraction(1, 5) for v in FRAME.villages}
    codes = [v.code for v in FRAME.villages[::7]]
    listed = import_list(codes, FRAME, QUOTAS, source="office", probabilities=chances)
    assert listed.design_based
    some = {code: chances[code] for code in codes}
    partly = import_list(codes, FRAME, QUOTAS, source="office", probabilities=some)
    assert not partly.design_based
    assert "never_drawn" in {note.code for note in partly.notes}


def test_an_impossible_list_is_refused():
    code = FRAME.villages[0].code
    with pytest.raises(SelectionError, match="V-none"):
        import_list(["V-none"], FRAME, QUOTAS, source="office")
    with pytest.raises(SelectionError, match="same unit"):
        import_list([code, code], FRAME, QUOTAS, source="office")
    with pytest.raises(SelectionError, match="probability 0"):
        import_list([code], FRAME, QUOTAS, source="office", probabilities={code: Fraction(0)})


def test_draw_is_a_record_of_the_register():
    assert Draw(1, "f", "d", "n", date(2019, 1, 1)).reason == ""
