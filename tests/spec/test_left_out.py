"""Chapter four (A35): units left out of the frame are listed, and nothing is left out in silence."""

import io
from dataclasses import replace

import pandas as pd
import pytest
import yaml
from docx import Document
from openpyxl import load_workbook

from auditlib import pipeline
from auditlib.cli import main
from auditlib.demo.frame import make_left_out, places
from auditlib.demo.round import WORKBOOKS
from auditlib.files.divisions import divisions
from auditlib.pipeline.drawing import draw_phase, publish
from auditlib.problems import InputError
from auditlib.report import sampling
from auditlib.report.left_out import left_out_tables, left_out_told
from auditlib.sampling.left_out import LeftOut, compare_left_out
from auditlib.tables import TABLES
from tests.conftest import COUNTY, ROOT, Project
from tests.params.test_bad_inputs import one, problems

FILE, SHEET = "frame.xlsx", "抽样框外单位"
LEFT_OUT = {
    "220821": {"farm": 14, "residents": 11, "forest": 1},
    "220881": {"residents": 31, "farm": 2, "forest": 1},
    "222406": {"forest": 30, "residents": 22},
    "222405": {"residents": 25, "forest": 6, "farm": 1},
    "220623": {"residents": 10, "zone": 1},
    "222402": {"residents": 20, "zone": 1},
}
"""Units of the six counties without a villagers' committee, counted by hand in the divisions."""


def listed(county: str) -> pd.DataFrame:
    """Return the demonstration's list of a county, as it is read."""
    return make_left_out(county, ()).assign(population=pd.NA)


def compared(county: str, table: pd.DataFrame) -> LeftOut:
    return compare_left_out(table, [p.village for p in places(county)], divisions(county))


@pytest.mark.parametrize("county", LEFT_OUT)
def test_every_unit_of_the_six_counties_is_in_the_frame_or_on_the_list(county: str) -> None:
    """A35: farms, forest bureaus and residents' districts are out but listed; R010."""
    found = compared(county, listed(county))
    assert found.kinds == LEFT_OUT[county]
    assert found.divisions == len(found.units) + len(places(county))
    assert (found.untold, found.unknown) == ((), ())


def test_a_unit_that_nobody_told_of_is_named_with_its_township(project: Project) -> None:
    """A35: what is neither in the frame nor on the list is told by name, in words and table."""
    page = pipeline.open_audit(COUNTY, "golden").page
    table = listed("220821")
    found = compared("220821", table[table["unit_name"] != "四方坨子农场三分场"])
    assert [each.unit for each in found.untold] == ["220821400502"]
    told = "".join(left_out_told(page, found))
    assert "1个既不在抽样框" in told
    assert "四方坨子农场三分场（四方坨子农场，类似村委会）220821400502" in told
    by_kind, rows = left_out_tables(page, found)
    assert rows.rows[0][:3] == ("四方坨子农场三分场 220821400502", "四方坨子农场", "未说明")
    assert ("未说明", "1") in by_kind.rows
    assert by_kind.rows[-1] == ("合计", "26")


def test_without_a_list_every_unit_outside_the_frame_is_told_as_untold(project: Project) -> None:
    """A35: a check that was not made is told; the divisions name what nobody listed."""
    page = replace(pipeline.open_audit(COUNTY, "golden").page, language="en")
    found = compared("220623", listed("220623").head(0))
    told = " ".join(left_out_told(page, found))
    assert "No list of left-out units was given" in told
    assert "11 of 88 units stand neither in the frame nor on the list" in told
    assert "长白经济开发区（省级）（特殊村委会）" in told


def test_a_code_that_the_divisions_do_not_have_is_told(project: Project) -> None:
    """A35: a misspelt code is both unknown, and missing where it should stand."""
    page = pipeline.open_audit(COUNTY, "golden").page
    table = listed("222402")
    table.loc[0, "unit"] = "222402002999"
    found = compared("222402", table)
    assert found.unknown == ("222402002999",)
    assert len(found.untold) == 1
    assert "1个代码在该区划中没有：222402002999" in "".join(left_out_told(page, found))


def test_the_list_stands_in_stage_01_and_in_the_annexes_of_the_report(project: Project) -> None:
    """A35: count by kind and whole list in the notebook, a public file, report and workbook."""
    audit = pipeline.open_audit(COUNTY, "golden")
    words = repr(sampling.state(audit.page, publish(audit, draw_phase(audit, "first")).record))
    assert "各单位均未填报" in words
    project.edit(FILE, SHEET, 4, "不列入原因", "国有农场，没有村委会")
    book = load_workbook(project.data / FILE)
    book[SHEET].cell(2, 6).value = "农业户籍人口"
    book[SHEET].cell(4, 6).value = 1280
    book.save(project.data / FILE)
    audit = pipeline.open_audit(COUNTY, "golden")
    record = pipeline.sampling(audit)
    words = repr(sampling.state(audit.page, record))
    assert "另有2个单位：居民委员会1个、农牧渔场1个" in words
    assert "1个单位填报农业户籍人口共1,280人，1个未填报" in words
    assert "没有本县，框内外单位未与区划比对" in words  # an invented county is no division
    tables = sampling.frame_tables(audit.page, record).tables
    assert [len(t.rows) for t in tables[1:]] == [3, 2]
    file = (audit.folder / "01_sampling" / "left_out.csv").read_text("utf-8")
    assert "990001400500,合成农场一分场,合成农场,farm,国有农场，没有村委会" in file

    pipeline.report(audit)
    folder = audit.folder / "08_report"
    document = Document(str(folder / "report.docx"))
    cells = {c.text for t in document.tables for row in t.rows for c in row.cells}
    assert {"合成农场一分场 990001400500", "国有农场，没有村委会"} <= cells
    sheet = load_workbook(io.BytesIO((folder / "annexes.xlsx").read_bytes()))["框外单位"]
    assert "合成农场一分场 990001400500" in {c.value for row in sheet for c in row}


def test_a_county_without_the_table_says_so_wherever_the_list_would_stand(
    project: Project,
) -> None:
    """A35: no list given is a sentence in the notebook and in the report's annex, never silence."""
    path = project.params("rounds/golden")
    values = yaml.safe_load(path.read_text("utf-8"))
    del values["inputs"]["tables"]["left_out"]
    path.write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
    audit = pipeline.open_audit(COUNTY, "golden")
    result = publish(audit, draw_phase(audit, "first"))
    assert "left_out" not in result.tables
    assert "没有提供抽样框外单位名单" in repr(sampling.state(audit.page, result.record))
    assert len(sampling.frame_tables(audit.page, result.record).tables) == 1
    pipeline.report(audit)
    document = Document(str(audit.folder / "08_report" / "report.docx"))
    assert any("没有提供抽样框外单位名单" in p.text for p in document.paragraphs)


def test_a_unit_both_in_the_frame_and_left_out_stops_the_draw(project: Project, capsys) -> None:
    """A35: file, sheet, row and code are named, in both languages."""
    project.edit(FILE, SHEET, 4, "单位代码", "990001101200")
    found = one(project, "in_frame_and_out")
    assert (found.place.file, found.place.sheet, found.place.row) == (FILE, SHEET, 4)
    assert "990001101200" in found.says("zh")
    assert "among the units left out" in found.says("en")
    assert main(["check", "--round", "golden"]) == 2
    told = capsys.readouterr()
    assert f"{FILE} · 工作表 {SHEET} · 第4行" in told.out + told.err
    with pytest.raises(InputError, match="990001101200"):
        pipeline.sampling(pipeline.open_audit(COUNTY, "golden"))


@pytest.mark.parametrize(
    ("heading", "value", "kind"),
    [
        ("不列入原因", None, "empty_cell"),
        ("单位类别", "农庄", "unknown_code"),
        ("单位代码", "99000140050", "bad_identifier"),
        ("单位代码", "220821400500", "other_county"),
        ("单位代码", "990001101001", "duplicate_key"),
    ],
)
def test_a_row_without_reason_kind_or_code_of_its_own_is_an_error(
    project: Project, heading: str, value: str | None, kind: str
) -> None:
    """A35: a unit without a reason is not listed, and the draw stops (the table is strict)."""
    project.edit(FILE, SHEET, 4, heading, value)
    assert one(project, kind).place.sheet == SHEET


def test_english_headings_and_labels_serve_as_well(project: Project) -> None:
    """The table is like every other: names or Chinese headings, codes or labels."""
    lines = ["unit,unit_name,township_name,kind,reason,population"]
    lines += [f"{COUNTY}400501,Farm 2,Farm,state farm,no villagers' committee,12"]
    lines[1] = lines[1].replace("state farm", "farm")
    (project.data / "out.csv").write_text("\n".join(lines) + "\n", "utf-8")
    project.change(f"counties/{COUNTY}", inputs={"left_out": {"file": "out.csv"}})
    assert problems(project) == []
    audit = pipeline.open_audit(COUNTY, "golden")
    (unit,) = publish(audit, draw_phase(audit, "first")).record.left_out.units
    assert (unit.name, unit.kind, unit.population) == ("Farm 2", "farm", 12)


def test_the_shipped_round_reads_every_table_that_the_demonstration_makes() -> None:
    """Parameter files that exist are kept: the shipped one must not fall behind."""
    shipped = yaml.safe_load((ROOT / "params/rounds/jilin-2018-demo.yaml").read_text("utf-8"))
    made = {table for tables in WORKBOOKS.values() for table in tables}
    assert set(shipped["inputs"]["tables"]) == made <= set(TABLES)
