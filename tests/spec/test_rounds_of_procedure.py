"""A termination takes every result back; the city's review is a round of its own.

R092 R095 R133 R134
"""

import json
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from auditlib import pipeline
from auditlib.cli.demo import write_round
from auditlib.demo.invented import invented_county
from auditlib.demo.round import round_params
from auditlib.execution.rounds import run_round
from auditlib.files.stages import numbered
from auditlib.pipeline import _compute
from auditlib.report import procedure as view
from auditlib.report.consolidated import Line, standpoint
from tests.conftest import COUNTY, Project, copy_golden

WITHHELD = ("fieldwork", "findings", "indicators", "checks", "rectification", "report")


def enter(project: Project, action: str, authority: str, *, row: int = 3, **changes: str) -> None:
    """Write an entry into the discipline ledger."""
    values = {
        "记录编号": f"JL{row}",
        "日期": "2019-03-09",
        "禁止事项": "D09",
        "程度": "突出",
        "处理": action,
        "决定机关": authority,
        "文件编号": f"JL-{row}",
        "情况": "合成",
    }
    path = project.data / "procedure.xlsx"
    book = load_workbook(path)
    sheet = book["评估纪律台账"]
    headings = [cell.value for cell in sheet[2]]
    for heading in [h for h in values if h not in headings]:
        headings.append(heading)
        sheet.cell(2, len(headings)).value = heading
    for heading, value in (values | changes).items():
        sheet.cell(row, headings.index(heading) + 1).value = value
    book.save(path)


@pytest.fixture(scope="module")
def terminated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, bytes]]:
    """A county whose stages were all computed and written, and that was terminated and run then."""
    project = copy_golden(tmp_path_factory.mktemp("terminated"))
    audit = pipeline.open_audit(COUNTY, "golden", root=project.root)
    for stage in pipeline.STAGES:
        getattr(pipeline, stage)(audit)
    folder = project.root / "outputs" / "golden"
    before = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.json")}
    enter(project, "终止评估", "第三方评估机构")
    run_round(project.root, "golden", jobs=1)
    return project, before


def test_after_a_termination_no_result_is_left_anywhere(
    terminated: tuple[Project, dict[str, bytes]],
) -> None:
    """R134: not in a record, a table, a notebook, a page of the site, or the consolidated report."""
    project, before = terminated
    folder = project.root / "outputs" / "golden"
    own = folder / COUNTY

    for stage in WITHHELD:
        assert before[f"{COUNTY}/{numbered(stage)}/{stage}.json"]
        kept = json.loads((own / numbered(stage) / f"{stage}.json").read_text("utf-8"))
        assert kept == {"version": 1, "stage": stage, "reason": "terminated"}
        assert not list((own / numbered(stage)).glob("*.csv"))
    for path in [*own.glob("0[2-578]*.ipynb"), *folder.glob("site/**/0[2-578]*.html")]:
        text = path.read_text("utf-8")
        assert not re.search(r"judgements|\"numerator\"|\d\.\d\d %", text), path.name
        assert "评估已终止，不出结果" in text, path.name


def test_the_consolidated_report_lists_the_county_without_result(
    terminated: tuple[Project, dict[str, bytes]],
) -> None:
    """R134."""
    project, _ = terminated
    folder = project.root / "outputs" / "golden"
    record = json.loads((folder / "consolidated.json").read_text("utf-8"))
    page = (folder / "site" / "consolidated.html").read_text("utf-8")

    assert [(line["report"], line["waiting"]) for line in record["lines"]] == [(None, "terminated")]
    assert "不出结果" in page


def test_sampling_and_procedure_stay_open_to_all(
    terminated: tuple[Project, dict[str, bytes]],
) -> None:
    project, _ = terminated
    folder = project.root / "outputs" / "golden" / COUNTY
    kept = json.loads((folder / "06_procedure" / "procedure.json").read_text("utf-8"))

    assert kept["discipline"]["terminated"]
    assert (folder / "01_sampling" / "sample.csv").is_file()


def test_a_veto_of_the_leading_group_overrides_every_figure(project: Project) -> None:
    """R088: the county goes to the list of this year's refusals, whatever its rates."""
    enter(project, "一票否决", "省扶贫开发领导小组")
    report = _compute(pipeline.open_audit(COUNTY, "golden", root=project.root), "report").record

    assert report.standpoint == "not_this_year"
    assert report.standing == "vetoed"


def test_a_veto_decides_even_where_the_evaluation_was_terminated(project: Project) -> None:
    """R088, R134: no figure, and the list of this year's refusals."""
    enter(project, "终止评估", "第三方评估机构")
    enter(project, "一票否决", "省扶贫开发领导小组", row=4)
    audit = pipeline.open_audit(COUNTY, "golden", root=project.root)
    waiting = pipeline.report(audit)
    line = Line(COUNTY, audit.params.county.name, None, waiting.reason, None)

    assert waiting.reason == "vetoed"
    assert standpoint(line) == "not_this_year"
    assert "一票否决" in repr(waiting.says(audit.page))


def test_a_suspension_moves_the_deadlines_that_follow(project: Project) -> None:
    """R133."""
    audit = pipeline.open_audit(COUNTY, "golden", root=project.root)
    before = {s.step: s.due for s in _compute(audit, "procedure").record.steps}
    enter(project, "暂停评估", "第三方评估机构", row=3)
    enter(project, "恢复评估", "第三方评估机构", row=4, 日期="2019-03-12")
    audit = pipeline.open_audit(COUNTY, "golden", root=project.root)
    record = _compute(audit, "procedure").record
    moved = {s.step: (s.due - before[s.step]).days for s in record.steps}

    assert record.discipline.days_suspended == 3
    assert moved["review"] == 0
    assert moved["evaluation"] == moved["announcement"] == 3


def test_the_city_s_review_is_a_round_of_its_own_with_the_province_s_quotas(
    project: Project, tmp_path: Path
) -> None:
    """R092, R095: same sampling, other seed, other folder, and a page that says whose it is."""
    province = pipeline.open_audit(COUNTY, "golden", root=project.root)
    scenario, places = invented_county(
        1, villages=20, townships=4, households=420, population=9_000
    )
    values = round_params([COUNTY], round="review", income_line=2995, folder="data/review")
    values |= {"plan": "plan.yaml", "level": "municipal"}
    values["overrides"] = [{**o.model_dump()} for o in province.params.round.overrides]
    write_round(
        tmp_path, province.params.plan, [(scenario, places)], values, seed="review of the city"
    )
    city = pipeline.open_audit(COUNTY, "review", root=tmp_path)

    ours, theirs = (_compute(audit, "sampling") for audit in (province, city))

    assert [q.wanted for q in theirs.record.quotas] == [q.wanted for q in ours.record.quotas]
    assert set(theirs.tables["sample"]["stage"]) == {
        f"municipal-{stage}" for stage in ours.tables["sample"]["stage"]
    }
    assert set(theirs.tables["sample"]["unit"]) != set(ours.tables["sample"]["unit"])
    assert city.folder != province.folder
    record = _compute(city, "procedure").record
    assert record.level == "municipal"
    assert "市级初审" in repr(view.summary(city.page, record))
