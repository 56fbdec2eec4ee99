"""Tables that people bring by hand: a sample for `auditlib estimate`, a filled 问题清单.

`make test` tries 200 examples of every reader, `make fuzz` 10,000.
"""

import csv
import io
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from auditlib.cli import main
from auditlib.files.case_list import CASE_LIST, LIST, PAST, new_events
from auditlib.files.reading import Understanding
from auditlib.params.reading import read
from auditlib.plan import Plan
from auditlib.problems import InputError
from auditlib.tables import TABLES
from tests.conftest import ROOT
from tests.fuzz.test_readers import fuzz, texts

PLAN = Plan.model_validate(read(ROOT / "params" / "plan.yaml", "plan.yaml").values)
CASES = TABLES["cases"]
UNDERSTANDING = Understanding(PLAN.codelists(), date(2019, 4, 20), {})
EVENT = {
    "case_id": "A1",
    "phase": "first",
    "study_id": "H-000000000001",
    "event": "opened",
    "level": "1",
    "role": "team_lead",
    "date": "2019-04-01",
}
"""Some of what a new case needs, as text; the rest is for the examples."""

numbers = st.sampled_from(["0", "1", "2", "0.5", "-1", "1e3", "１", "1,5", "inf", "NA", "3 "])


@fuzz
@given(
    st.lists(st.lists(numbers | texts, min_size=3, max_size=4), max_size=8),
    st.sampled_from(["ratio", "share", "mean", "total"]),
    st.sampled_from(["", "logit", "wilson"]),
)
def test_any_table_is_estimated_or_refused(
    grid: list[list[str]], statistic: str, method: str
) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([["y", "x", "v"], *grid])
    asked = ["--statistic", statistic, "--variable", "y", "--units", "v"]
    asked += ["--per", "x"] * (statistic == "ratio") + ["--interval", method] * bool(method)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(buffer.getvalue().encode("utf-8", "replace"))
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(["estimate", str(path), *asked])

    assert code in (0, 2)
    assert (out if code == 0 else err).getvalue().strip()
    assert "Traceback" not in err.getvalue()


@fuzz
@given(st.lists(st.dictionaries(st.sampled_from(CASE_LIST.columns), texts, max_size=9), max_size=4))
def test_a_filled_list_gives_its_events_or_is_refused_whole(
    rows: list[dict[object, str]],
) -> None:
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(LIST)
        sheet.write_row(0, 0, [column.zh for column in CASE_LIST.columns])
        for i, answers in enumerate(rows, 1):
            for j, column in enumerate(CASE_LIST.columns):
                text = answers.get(column, EVENT.get(column.name, "")).replace("\x00", "")
                sheet.write_string(i, j, text)
        book.add_worksheet(PAST).write_row(0, 0, [column.zh for column in CASES.columns])
    ledger = pd.DataFrame({column.name: pd.Series(dtype=object) for column in CASES.columns})
    try:
        added = new_events(
            buffer.getvalue(),
            "list.xlsx",
            ledger=ledger,
            ladder=PLAN.ladder,
            understanding=UNDERSTANDING,
        )
    except InputError as error:
        assert error.says("zh")
        assert error.says("en")
        return
    assert len(added) <= len(rows)
