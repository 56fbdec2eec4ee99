"""Files and sheets that cannot be read as they are, or not without a word to their reader."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditlib.cli import main
from auditlib.files.reading import read_sheets
from auditlib.files.structure import Structure, column_letters, column_number, look
from auditlib.files.workbooks import Workbook, read_csv, read_workbook
from auditlib.files.writing import SheetOut, workbook_bytes
from auditlib.problems import InputError, Problem
from auditlib.problems.sentences_on_cells import ON_CELLS
from auditlib.problems.sentences_on_files import ON_FILES
from tests.conftest import ROOT, Project
from tests.params.small import HEADINGS, of_csv, of_sheet, of_workbook, row, workbook

HEADING = ",".join(HEADINGS)
GOOD = ",".join(row("A1"))


def refused(read: Callable[[], Any]) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read()
    return list(caught.value.problems)


def altered(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Return the workbook with its parts changed; None leaves a part out."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            changed = change(part, old.read(part))
            if changed is not None:
                new.writestr(part, changed)
    return buffer.getvalue()


def in_sheet(old: bytes, new: bytes) -> bytes:
    """Return a good workbook with its sheet's XML changed."""

    def change(part: str, xml: bytes) -> bytes:
        return xml.replace(old, new) if part.endswith("sheet1.xml") else xml

    return altered(workbook(row("A1"), row("A2")), change)


def bomb() -> bytes:
    """Return a workbook with a part of 200 MiB of the same letter: 200 kB when packed."""
    buffer = io.BytesIO(workbook(row("A1")))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"a" * (200 << 20))
    return buffer.getvalue()


WORKBOOKS = {
    "empty_file": lambda: b"",
    "old_workbook": lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "web_page": lambda: b"<html><table><tr><td>1</td></tr></table></html>",
    "text_as_workbook": lambda: f"{HEADING}\n{GOOD}\n".encode(),
    "other_format": lambda: b"\x1f\x8b\x08" + b"\0" * 60,
    "truncated_workbook": lambda: workbook(row("A1"))[:-400],
    "zip_bomb": bomb,
    "enormous_sheet": lambda: in_sheet(b'<c r="A3"', b'<c r="XFD1048576"'),
}


@pytest.mark.parametrize("kind", WORKBOOKS)
def test_a_workbook_that_cannot_be_read_is_refused_and_says_what_it_is(kind: str) -> None:
    problems = refused(lambda: read_workbook(WORKBOOKS[kind](), "small.xlsx"))

    assert [p.kind for p in problems] == [kind]
    assert problems[0].says("zh").startswith("small.xlsx")


TEXTS = {
    "empty_file": b" \n",
    "workbook_as_text": b"PK\x03\x04....",
    "web_page": b"<table><tr><td>1</td></tr></table>",
    "nul_character": f"{HEADING}\nA1,\0\n".encode(),
    "wrong_encoding": b"a,b\n\xff\xff\xff\n",
    "unclosed_quote": f'{HEADING}\n{GOOD}\nA2,"1,2\nA3,,\n'.encode(),
    "stray_quote": f'{HEADING}\n{GOOD}\n"A2"x,1\n'.encode(),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_csv_file_that_cannot_be_read_is_refused_and_says_why(kind: str) -> None:
    problems = refused(lambda: read_csv(TEXTS[kind], "small.csv"))

    assert [p.kind for p in problems] == [kind]


def test_a_quote_that_does_not_pair_is_told_with_its_row() -> None:
    assert refused(lambda: read_csv(TEXTS["unclosed_quote"], "a.csv"))[0].place.row == 3
    assert refused(lambda: read_csv(TEXTS["stray_quote"], "a.csv"))[0].place.row == 3


@pytest.mark.parametrize("mark", [";", "\t", "|", "，"])
def test_columns_that_are_parted_by_something_else_are_refused(mark: str) -> None:
    content = "\n".join([HEADING, GOOD]).replace(",", mark).encode()

    assert [p.kind for p in refused(lambda: of_csv(content))] == ["other_delimiter"]


def test_a_folder_and_a_file_that_cannot_be_opened_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()

    assert refused(lambda: read_sheets(tmp_path, "a.xlsx", "t"))[0].kind == "folder_as_file"


def test_a_file_that_the_system_keeps_closed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text("x")

    def closed(_: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", closed)
    assert refused(lambda: read_sheets(tmp_path, "a.csv", "t"))[0].kind == "unreadable_file"


def test_a_file_beyond_its_size_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditlib.files.reading.LARGEST", 10)
    (tmp_path / "a.csv").write_text(HEADING)

    assert refused(lambda: read_sheets(tmp_path, "a.csv", "t"))[0].kind == "too_large"


CSV_ROWS = {
    "ragged_row": [GOOD.replace("A1", "A2") + ",x"],
    "short_row": ["A2,,"],
    "swallowed_rows": [",".join(row("A2", note=f'"{GOOD}\n{GOOD}"'))],
    "total_row": [GOOD.replace("A1", "合计：")],
    "repeated_heading": ["\ufeff" + HEADING],
    "same_row_twice": [GOOD],
    "duplicate_key": [GOOD[:-1] + "x,"],
}


@pytest.mark.parametrize("kind", CSV_ROWS)
def test_a_row_that_is_no_row_of_the_table_is_set_aside(kind: str) -> None:
    reading = of_csv("\n".join([HEADING, GOOD, *CSV_ROWS[kind], ",".join(row("A9"))]).encode())

    assert {p.kind for p in reading.problems} == {kind}
    assert reading.read == 3
    assert len(reading.accepted) == (1 if kind in ("same_row_twice", "duplicate_key") else 2)


def _merge(book: Any, sheet: Any) -> None:
    sheet.merge_range("C2:C3", 3200)


def _hide(book: Any, sheet: Any) -> None:
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(2, 3, None, None, {"hidden": True})
    book.add_worksheet("第二表").activate()
    sheet.hide()


def test_rows_with_a_part_in_merged_cells_are_set_aside() -> None:
    reading = of_workbook(workbook(row("A1"), row("A2"), row("A3"), change=_merge))

    assert [(p.kind, p.place.row) for p in reading.problems] == [
        ("merged_cells", 2),
        ("merged_cells", 3),
    ]
    assert "C2:C3" in reading.problems[0].says("en")
    assert list(reading.accepted["unit"]) == ["A3"]


def test_what_is_hidden_is_read_and_told() -> None:
    reading = of_workbook(workbook(row("A1"), row("A2"), change=_hide))

    assert [p.kind for p in reading.problems] == [
        "hidden_sheet",
        "hidden_rows",
        "hidden_column",
        "hidden_column",
    ]
    assert {p.severity for p in reading.problems} == {"note"}
    assert len(reading.accepted) == 2


def test_a_formula_that_was_never_computed_is_not_read_as_empty() -> None:
    content = in_sheet(b'<row r="2"', b'<row r="2" spans="1:9"')

    def formula(part: str, xml: bytes) -> bytes:
        if not part.endswith("sheet1.xml"):
            return xml
        return xml.replace(b'<row r="3"', b'<row r="9"').replace(
            b"</sheetData>",
            b'<row r="10"><c r="A10" t="inlineStr"><is><t>A9</t></is></c>'
            b'<c r="C10"><f>1+1</f><v></v></c></row></sheetData>',
        )

    reading = of_workbook(altered(content, formula))

    assert [(p.kind, p.place.row, p.place.column) for p in reading.problems] == [
        ("formula_without_result", 10, "C")
    ]


def test_values_from_other_workbooks_and_macros_are_told() -> None:
    content = in_sheet(
        b"</sheetData>",
        b'<row r="9"><c r="A9" t="inlineStr"><is><t>A9</t></is></c>'
        b"<c r=\"C9\"><f>'[1]x'!A1</f><v>5</v></c></row></sheetData>",
    )
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"")

    reading = of_workbook(buffer.getvalue())

    assert [p.kind for p in reading.problems] == ["linked_workbook", "macros"]


def test_headings_need_not_stand_first_but_what_is_above_is_told() -> None:
    content = "\n".join(["填报单位,某组", "日期,2019-03-01", HEADING, GOOD]).encode()

    reading = of_csv(content)

    assert [(p.kind, p.place.row) for p in reading.problems] == [("rows_above", 3)]
    assert len(reading.accepted) == 1


def test_a_heading_that_is_not_known_is_told_with_the_nearest() -> None:
    reading = of_csv(f"{HEADING.replace('开始', '开始时')}\n{GOOD}\n".encode())

    assert [p.kind for p in reading.problems] == ["unknown_heading"]
    assert "开始" in reading.problems[0].says("zh")


def test_blanks_around_a_value_are_taken_away_and_told_once() -> None:
    reading = of_csv("\n".join([HEADING, " A1" + GOOD[2:], "A2 " + GOOD[2:]]).encode())

    assert [(p.kind, p.place.row) for p in reading.problems] == [("blank_around", 2)]
    assert list(reading.accepted["unit"]) == ["A1", "A2"]


def test_a_column_without_a_heading_is_told() -> None:
    reading = of_csv("\n".join([f"{HEADING},", f"{GOOD},x"]).encode())

    assert [(p.kind, p.place.column) for p in reading.problems] == [("no_heading", "K")]


def test_numbers_as_text_among_numbers_are_told() -> None:
    numbers = [["A1", "", 3200], ["A2", "", "3300"], ["A3", "", 10]]

    reading = of_workbook(workbook(*numbers))

    assert [p.kind for p in reading.problems] == ["mixed_types"]
    assert len(reading.accepted) == 3


def test_an_identifier_as_a_number_is_set_aside() -> None:
    assert [p.kind for p in of_workbook(workbook([220821101201])).problems] == [
        "number_as_identifier"
    ]


def test_a_table_as_long_as_excel_allows_may_have_been_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditlib.files.layout.FULL_SHEETS", (3,))
    long = row("A1", note="长" * 32_767)

    kinds = [p.kind for p in of_workbook(workbook(long, row("A2"))).problems]

    assert kinds == ["full_sheet", "cut_text"]


def test_a_sheet_with_a_stray_cell_far_away_does_not_fill_the_memory() -> None:
    """A cell in the last corner of a sheet would make a table of 17 thousand million cells."""
    for corner in (b"XFD1048576", b"ZZZZ9", b"A99999999", b"xfd1048576"):
        content = in_sheet(b'<c r="A3"', b'<c r="%s"' % corner)
        assert [p.kind for p in refused(lambda c=content: read_workbook(c, "a.xlsx"))] == [
            "enormous_sheet"
        ]


def test_a_broken_sheet_is_told_when_it_is_asked_for_and_keeps_no_other_back(
    tmp_path: Path,
) -> None:
    sheets = [SheetOut(name, HEADINGS, [row("A1")]) for name in ("小表", "另一表")]
    whole = workbook_bytes(sheets)
    broken = altered(whole, lambda part, xml: xml[:-40] if part.endswith("sheet2.xml") else xml)
    (tmp_path / "a.xlsx").write_bytes(broken)

    read = read_sheets(tmp_path, "a.xlsx", "t")

    assert list(read) == ["小表", "另一表"]
    assert of_sheet(read["小表"]).read == 1
    assert [p.kind for p in refused(lambda: read["另一表"])] == ["truncated_workbook"]
    assert [p.kind for p in refused(lambda: read_workbook(broken, "a.xlsx"))] == [
        "truncated_workbook"
    ]
    assert "第三表" not in read


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(workbook(row("A1")))
    at = content.find(b"PK\x01\x02")
    content[at + 24 : at + 28] = (1).to_bytes(4, "little")

    assert [p.kind for p in refused(lambda: read_workbook(bytes(content), "a.xlsx"))] == [
        "truncated_workbook"
    ]


def test_a_workbook_that_declares_entities_is_refused() -> None:
    def laugh(part: str, xml: bytes) -> bytes:
        if part != "xl/workbook.xml":
            return xml
        return xml.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY a "aa">]><workbook')

    content = altered(workbook(row("A1")), laugh)

    assert [p.kind for p in refused(lambda: read_workbook(content, "a.xlsx"))] == [
        "truncated_workbook"
    ]


def test_column_letters_are_those_of_excel() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 701, 702, 16_383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]
    assert all(column_number(column_letters(n)) == n for n in range(0, 16_384, 7))


def test_every_kind_of_problem_stands_in_a_test() -> None:
    tests = "".join(p.read_text("utf-8") for p in (ROOT / "tests").rglob("test_*.py"))

    assert [kind for kind in (*ON_FILES, *ON_CELLS) if f'"{kind}"' not in tests] == []


def test_a_broken_layout_ends_the_check_with_code_two_and_no_traceback(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.csv("registry_persons.csv", lambda text: text.replace(b",", b";"))

    assert main(["--language", "zh", "check", "--round", "golden"]) == 2
    told = capsys.readouterr().err
    assert "各列以分号分隔" in told
    assert "Traceback" not in told


def test_the_sheet_keeps_what_it_was_read_from() -> None:
    sheet = read_workbook(workbook(row("A1")), "small.xlsx")["小表"]

    assert of_sheet(sheet).read == 1


@pytest.mark.parametrize(
    ("column", "fits"), [("AD", True), ("ba", True), ("IV", True), ("ZZ", False), ("ABC", False)]
)
def test_a_long_sheet_is_judged_by_its_own_width_not_by_its_letters(column, fits) -> None:
    """Two letters may be 30 columns or 702: of 40,000 rows the one is small, the other enormous."""

    def moved(part: str, xml: bytes) -> bytes:
        xml = xml.replace(b'<row r="3"', b'<row r="40000"') if "sheet1" in part else xml
        return xml.replace(b'<c r="A3"', f'<c r="{column}40000"'.encode())

    content = altered(workbook(row("A1"), row("A2")), moved)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if fits:
            assert look(archive, "a.xlsx")["小表"]() == Structure()
        else:
            assert refused(look(archive, "a.xlsx")["小表"])[0].kind == "enormous_sheet"


def test_an_enormous_sheet_is_refused_when_it_is_asked_for_and_not_before() -> None:
    """The sheets of a workbook are looked at one by one: the others can be read."""

    def beside(part: str, xml: bytes) -> bytes:
        return xml.replace(b'<c r="A1"', b'<c r="XFD1048576"') if "sheet2" in part else xml

    content = workbook(row("A1"), change=lambda book, _: book.add_worksheet("旁").write(0, 0, "x"))
    book = Workbook(altered(content, beside), "small.xlsx")
    assert of_sheet(book["小表"]).read == 1
    assert refused(lambda: book["旁"])[0].kind == "enormous_sheet"
