"""No input ends in a traceback or loses a row: arbitrary text, bytes, sheets and workbooks.

`make test` tries 200 examples of every reader, `make fuzz` 10,000.
"""

import csv
import io
import os
import zipfile
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditlib.files import cells
from auditlib.files.cells import Fault
from auditlib.files.reading import Reading
from auditlib.files.workbooks import Sheet, read_csv, read_workbook
from auditlib.params.reading import read as read_yaml
from auditlib.problems import InputError, Place, problem
from auditlib.tables import CODES
from tests.params.small import HEADINGS, SMALL, of_sheet, row, workbook

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "200"))
fuzz = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES == 200,
    database=None,
    suppress_health_check=list(HealthCheck),
)

odd = st.sampled_from(
    [
        "",
        " ",
        "0",
        "-0",
        "1e999",
        "nan",
        "合计",
        "=1/0",
        "#N/A",
        '"',
        '""',
        "\u200b",
        "\ufeff",
        "\x00",
    ]
    + ["２", "1,2", "3%", "2019-02-30", "43529", "2019-03-05 24:00", "锟斤拷", "\u202e", "\r", "\n"]
    + [
        ",",
        ";",
        "\t",
        "é",
        "\ud7ff",
        "\U0001f600",
        "9" * 400,
        "1." + "0" * 30,
        "达标",
        "达标；达标",
    ]
)
texts = st.one_of(odd, st.text(max_size=12), st.sampled_from(HEADINGS))
grids = st.lists(st.lists(texts, max_size=14), max_size=8)
"""Rows of any length, with anything in their cells."""


def kept(reading: Reading, rows: list[list[str]], start: int) -> None:
    """Say that every row with something in it is accepted or set aside, none twice."""
    filled = [i for i, cells_ in enumerate(rows, 1) if i > start and any(c.strip() for c in cells_)]
    told = [*reading.accepted["_row"], *reading.quarantined["_row"]]
    assert reading.read == len(filled)
    assert sorted(told) == filled
    aside = {p.place.row for p in reading.problems}
    assert set(reading.quarantined["_row"]) <= aside
    for found in reading.problems:
        assert found.says("zh")
        assert found.says("en")


@fuzz
@given(texts)
def test_any_text_is_a_value_or_a_fault_with_a_sentence(text: str) -> None:
    trimmed = text.strip()
    if not trimmed:
        return
    for column in SMALL.columns:
        value = cells.unusable(trimmed, column.kind) or cells.parser(
            column, CODES, date(2019, 4, 20)
        )(trimmed)
        if isinstance(value, Fault):
            assert problem(value.kind, Place("a.csv"), **dict(value.words)).says("zh")
        else:
            assert value is not None


@fuzz
@given(grids)
def test_a_sheet_loses_no_row(grid: list[list[str]]) -> None:
    rows = [HEADINGS, *grid]
    best = max(len(set(cells_) & set(HEADINGS)) for cells_ in grid) if grid else 0
    if best >= len(HEADINGS):
        return  # a row that is the headings again

    kept(of_sheet(Sheet("小表", rows)), rows, 1)


@fuzz
@given(grids)
def test_a_csv_file_of_any_cells_loses_no_row(grid: list[list[str]]) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(HEADINGS)
    for cells_ in grid:
        writer.writerow(cells_ or [" "])
    try:
        sheet = read_csv(buffer.getvalue().encode("utf-8", "replace"), "a.csv")
    except InputError as error:
        assert {p.kind for p in error.problems} <= {"nul_character"}
        return
    records = [cells_ for cells_ in sheet.rows if cells_]
    assert len(records) == len(grid) + 1
    reading = of_sheet(sheet, "a.csv")
    assert reading.read == sum(any(c.strip() for c in cells_) for cells_ in records[1:])
    assert reading.read == len(reading.accepted) + len(reading.quarantined)


@fuzz
@given(st.binary(max_size=400))
def test_any_bytes_are_a_csv_file_or_are_refused(content: bytes) -> None:
    for start in (b"", ",".join(HEADINGS).encode() + b"\n"):
        try:
            sheet = read_csv(start + content, "a.csv")
            reading = of_sheet(sheet, "a.csv")
        except InputError as error:
            assert error.says("zh")
            continue
        assert reading.read == len(reading.accepted) + len(reading.quarantined)


values = st.one_of(
    texts.filter(lambda t: "\x00" not in t),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1)),
)


@fuzz
@given(st.lists(st.lists(values, max_size=11), max_size=6))
def test_a_workbook_of_any_cells_loses_no_row(grid: list[list[object]]) -> None:
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "y"}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet("小表")
        for i, cells_ in enumerate([HEADINGS, *grid]):
            sheet.write_row(i, 0, cells_)
    read = read_workbook(buffer.getvalue(), "a.xlsx")["小表"]
    for i, cells_ in enumerate(grid, 1):
        for j, value in enumerate(cells_):
            if isinstance(value, str) and value.strip():
                assert read.rows[i][j].strip(), value
    reading = of_sheet(read)
    assert reading.read == len(reading.accepted) + len(reading.quarantined)
    assert reading.read == sum(any(c.strip() for c in cells_) for cells_ in read.rows[1:])


GOOD = workbook(row("A1", income="3200"), row("A2", day="2019-03-01"))


@fuzz
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=6))
def test_a_damaged_workbook_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    content = bytearray(GOOD)
    for at, value in changes:
        content[at] = value
    try:
        sheets = read_workbook(bytes(content), "a.xlsx")
    except InputError as error:
        assert error.says("en")
        return
    assert sheets


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


PARTS = _parts(GOOD)
READ = [name for name in sorted(PARTS) if name.startswith("xl/") and "theme" not in name]
scraps = st.sampled_from(
    [b"", b"<c/>", b"<c r='XFD1048576'><v>1</v></c>", b'<row r="99999999999">', b"&x;", b"]]>"]
    + [b'r="ZZZZZ1"', b"<f>1</f>", b't="e"', b't="s"', b"<v>999</v>", b"\xff\xfe", b"<!DOCTYPE a>"]
    + [
        b'<mergeCell ref="A1:XFD1048576"/>',
        b'hidden="1"',
        b"-1",
        b"99999999999999999999",
        b'r="A0"',
    ]
)


@fuzz
@given(st.sampled_from(READ), st.integers(0, 5000), st.integers(0, 40), scraps)
def test_a_workbook_with_a_damaged_part_is_read_or_refused(
    name: str, at: int, gone: int, scrap: bytes
) -> None:
    part = PARTS[name]
    at %= len(part) + 1
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for other, xml in PARTS.items():
            archive.writestr(other, part[:at] + scrap + part[at + gone :] if other == name else xml)
    try:
        sheets = read_workbook(buffer.getvalue(), "a.xlsx")
        for sheet in sheets.values():
            reading = of_sheet(sheet)
            assert reading.read == len(reading.accepted) + len(reading.quarantined)
    except InputError as error:
        assert error.says("zh")


@fuzz
@given(st.one_of(st.text(max_size=80), st.binary(max_size=80)))
def test_any_parameter_file_is_read_or_refused(content: str | bytes) -> None:
    given_ = content.encode("utf-8", "replace") if isinstance(content, str) else content
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.yaml"
        path.write_bytes(given_)
        try:
            read_yaml(path, "params/a.yaml")
        except InputError as error:
            assert error.says("zh")
