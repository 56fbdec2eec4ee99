"""No export ends in a traceback or loses a row: sheets of any cells, files and zips of any bytes.

`make test` tries 200 examples of every reader, `make fuzz` 10,000.
"""

import csv
import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from auditlib.fieldwork.intake import (
    ExportSheet,
    Log,
    Taken,
    mapped_layouts,
    reconcile,
    settle,
    take,
)
from auditlib.fieldwork.intake.logs import read_log
from auditlib.files.exports import read_exports
from auditlib.files.logs import read_logs
from auditlib.pipeline.intake import read_mapping
from auditlib.problems import InputError
from tests.fieldwork.test_intake import CODES, LAYOUTS
from tests.fuzz.test_readers import GOOD, fuzz

OWN = mapped_layouts(
    [
        ("q1", "household_visits", "study_id"),
        ("q2", "household_visits", "kind"),
        ("spot", "household_visits", "location"),
        ("hh", "household_visits", "household"),
        ("age", "visit_persons", "age"),
        ("v", "village_checks", "village"),
    ]
)
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=8)
KEYS = ["", "uuid:1", "uuid:2", "uuid:1/visit_persons[1]", "uuid:1/hh[2]/p[1]", "1", "2", "hh"]
CELLS = st.sampled_from(
    [*KEYS, "yes", "lifted", "F1", "n/a", "2019-03-05T09:30:12.123+08:00", "Mar 5, 2019 9:30 AM"]
    + [
        "5/3/2019",
        "43529.4",
        "0.5 0.5",
        "王测敏",
        "13812345678",
        "rejected",
        "#date",
        "TRUE",
        "1e9",
    ]
)
HEADS = st.sampled_from(
    ["KEY", "PARENT_KEY", "_index", "_parent_index", "_parent_table_name", "_id", "_uuid"]
    + ["_submission__id", "_submission__uuid", "meta/rootUuid", "formdef_version", "starttime"]
    + ["visit_id", "cover-kind", "cover_kind", "study_id", "phase", "village", "disposition"]
    + ["enumerator", "started", "age", "age_1", "age_1_2", "registered_1", "line", "registered"]
    + ["policies/health", "policies_health_1", "location-Latitude", "_location_longitude"]
    + ["姓名", "q1", "q2", "hh", "q1_1", "spot", "v", "户编号", "调查编号", "text_audit", "Edits"]
    + ["ReviewState", "SET-OF-visit_persons", "样本编号", "household_visits", "#adm"]
)
GRID = st.lists(st.lists(CELLS | TEXT, max_size=10), max_size=6)
SHEET = st.tuples(
    st.sampled_from(["a.csv", "hh.csv", "k.xlsx"]),
    st.sampled_from(["", "hh", "p", "王测敏"]),
    st.lists(HEADS | TEXT, max_size=10),
    GRID,
)
SOURCE = st.sampled_from(["", "", "odk", "kobo", "surveycto", "excel"])


def accounted(found: Taken) -> None:
    """Say that every row read stands in a table once at least, and the sums agree."""
    places: dict[tuple[str, str], set[str]] = {}
    for table in found.tables.values():
        for file, sheet, row in zip(table["_file"], table["_sheet"], table["_row"], strict=True):
            places.setdefault((file, sheet), set()).add(row)
    read: dict[tuple[str, str], int] = {}
    for use in found.sheets:
        key = (use.file, use.sheet)
        read[key] = max(read.get(key, 0), use.read)  # two sheets may share a name here
    for key, number in read.items():
        assert len(places.get(key, ())) >= number
    settled = settle([found, found])
    fine = {t: [True] * len(settled.current(t)) for t in settled.rows if t != "unplaced"}
    for line in reconcile(settled, fine):
        assert line.exported == line.accepted + line.quarantined + line.superseded


@fuzz
@given(st.lists(SHEET, min_size=1, max_size=3), SOURCE)
def test_no_sheet_of_an_export_loses_a_row(
    given_: list[tuple[str, str, list[str], list[list[str]]]], source: str
) -> None:
    sheets = [ExportSheet(file, name, [heads, *rows]) for file, name, heads, rows in given_]

    found = take(sheets, (*OWN, *LAYOUTS), CODES, source=source)

    filled = [sum(map(bool, map(str.strip, row))) for s in sheets for row in s.rows]
    held = sum(use.read for use in found.sheets)
    wide = sum(cells > 1 for cells in filled)  # a row of one cell may be a title
    assert wide - len(sheets) <= held <= sum(cells > 0 for cells in filled)
    accounted(found)


def opened(name: str, content: bytes) -> None:
    """Read a file as `auditlib intake` does; it is taken in, or refused in sentences."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            found = take(read_exports([path]), LAYOUTS, CODES, logs=read_logs([path]))
        except InputError as error:
            assert error.says("zh")
            return
        accounted(found)


@fuzz
@given(
    st.sampled_from([b"", b"KEY,visit_id,kind\n", "\ufeff_id;_index;age\n".encode()]),
    st.binary(max_size=200),
    st.sampled_from(["a.csv", "a.zip", "a.xlsx", "a.tsv", "a - audit.csv", "a.docx"]),
)
def test_any_bytes_are_an_export_or_are_refused(start: bytes, rest: bytes, name: str) -> None:
    opened(name, start + rest)


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("h.csv", "KEY,visit_id,kind\nuuid:1,F1,lifted\nuuid:2,F2,lifted\n")
        archive.writestr("h-p.csv", "age,PARENT_KEY,KEY\n40,uuid:1,uuid:1/p[1]\n")
        archive.writestr("h - audit.csv", "instance ID,event,node,start,end\n1,question,/d/a,1,2\n")
    return buffer.getvalue()


ZIP = _zip()
CHANGES = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4)


@fuzz
@given(CHANGES, st.booleans(), st.integers(0, 60))
def test_a_damaged_zip_or_workbook_is_read_or_refused(
    changes: list[tuple[int, int]], book: bool, gone: int
) -> None:
    content = bytearray(GOOD if book else ZIP)
    for at, value in changes:
        content[at % len(content)] = value
    opened("a.xlsx" if book else "a.zip", bytes(content[: len(content) - gone]))


@fuzz
@given(GRID)
def test_any_mapping_is_read_or_refused(grid: list[list[str]]) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([["heading", "table", "column"], *grid])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "map.csv"
        path.write_bytes(buffer.getvalue().encode("utf-8"))
        try:
            mapped_layouts(read_mapping(path))
        except InputError as error:
            assert error.says("en")


EVENT = st.sampled_from(
    ["event", "node", "start", "end", "old-value", "new-value", "instance ID", "Field name"]
    + ["Total duration (seconds)", "question", "group questions", "/data/a/b", "/data/r[2]/c"]
    + ["1551749412000", "-1", "9" * 40, "2019-03-05T09:30:12.123+08:00", "x", "", "1.5"]
)


@fuzz
@given(st.lists(st.lists(EVENT | TEXT, max_size=9), max_size=8))
def test_any_log_is_timed_and_every_event_counted(rows: list[list[str]]) -> None:
    head = ["event", "node", "start", "end", "old-value", "new-value", "instance ID"]
    for given_ in (rows, [head, *rows]):
        times, use = read_log(Log("a.csv", given_))
        assert 0 <= use.unused <= use.events
        assert all(t.seconds >= 0 and t.pause >= 0 for t in times)
