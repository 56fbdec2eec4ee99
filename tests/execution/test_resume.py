"""What is done stays done, what has changed runs again: each kind of input is touched in turn."""

import json
import os
import shutil
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from auditlib.execution import resume
from auditlib.execution.events import Event
from auditlib.execution.places import Place
from auditlib.execution.rounds import run_round
from auditlib.files import inputs
from auditlib.files.inputs import Desk
from auditlib.files.stages import STAGES
from tests.conftest import COUNTY, Project, copy_golden
from tests.execution.counties import add_county

SECOND = "990002"
AFTER_FIELDWORK = {"fieldwork", "findings", "indicators", "checks", "rectification", "report"}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A finished round of two counties."""
    project = copy_golden(tmp_path_factory.mktemp("round"))
    add_county(project, 2, surveyed=True)
    project.change("rounds/golden", counties=[COUNTY, SECOND])
    run = run_round(project.root, "golden", jobs=2)
    assert not run.failures
    return project


@pytest.fixture
def touched(finished: Project, tmp_path: Path) -> Project:
    """A copy of the finished round, to be changed."""
    shutil.copytree(finished.root, tmp_path / "copy", symlinks=True)
    return Project(tmp_path / "copy")


def _place(project: Project) -> Place:
    return Place(project.root, "params", "outputs", "golden")


def _again(project: Project, county: str = COUNTY) -> dict[str, str]:
    """Return the stages of a county that would run again, with what has changed."""
    place = _place(project)
    audit = place.open_county(county)
    found = {stage: resume.why_again(place, audit, stage) for stage in STAGES}
    return {stage: why.en for stage, why in found.items() if why}


def _consolidates(project: Project) -> bool:
    place = _place(project)
    return resume.why_consolidate(place, resume.round_origin(place, place.open_round())) is not None


def test_nothing_runs_again_where_nothing_changed(touched: Project) -> None:
    assert _again(touched) == {}
    assert _again(touched, SECOND) == {}
    assert not _consolidates(touched)


def _visits(project: Project) -> None:
    project.edit("fieldwork.xlsx", "入户调查", 50, "人均纯收入", 1_000)


def _frame(project: Project) -> None:
    project.edit("frame.xlsx", "行政村名单", 4, "行政村", "改名村")


def _corrections(project: Project) -> None:
    from openpyxl import load_workbook

    book = load_workbook(project.data / "fieldwork.xlsx")
    sheet = book["更正登记"]
    sheet.append(["x"] * sheet.max_column)
    book.save(project.data / "fieldwork.xlsx")


def _cases(project: Project) -> None:
    project.edit("cases.xlsx", "问题核实台账", 3, "经办角色", "touched")


def _notices(project: Project) -> None:
    project.edit("procedure.xlsx", "程序步骤", 3, "文件编号", "touched")


def _reading(switch: str, option: str) -> Callable[[Project], None]:
    def touch(project: Project) -> None:
        import yaml

        path = project.params("rounds/golden")
        values = yaml.safe_load(path.read_text("utf-8"))
        values["overrides"].append({"reason": "try a reading", "readings": {switch: option}})
        path.write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")

    return touch


def _as_of(project: Project) -> None:
    project.change("rounds/golden", as_of="2019-04-21")


def _key(project: Project) -> None:
    (project.root / "data/pseudonym.key").write_text("another secret")


def _result_file(project: Project) -> None:
    path = project.root / f"outputs/golden/{COUNTY}/04_indicators/indicators.json"
    path.write_text(path.read_text("utf-8").replace("1", "2", 1), "utf-8")


def _page(project: Project) -> None:
    (project.root / f"outputs/golden/site/{COUNTY}/05_checks.html").unlink()


def _sample(project: Project) -> None:
    (project.root / f"outputs/golden/{COUNTY}/01_sampling/sample.csv").write_text("stage\n")


def _county_file(project: Project) -> None:
    project.change(f"counties/{COUNTY}", first_responsible=["县长"])


def _upstream(project: Project) -> None:
    """Another result of the findings than the one from which the indicators were made."""
    path = project.root / f"outputs/golden/{COUNTY}/04_indicators" / resume.DONE
    made = json.loads(path.read_text("utf-8"))
    made["result"]["before"]["findings"] = "0" * 64
    path.write_text(json.dumps(made), "utf-8")


def _record_removed(project: Project) -> None:
    (project.root / f"outputs/golden/{COUNTY}/05_checks/checks.json").unlink()


EVERYTHING = set(STAGES)
KINDS: dict[str, tuple[Callable[[Project], None], set[str], str, bool]] = {
    # touch, stages that run again, what is said, whether the other county runs again too
    "visits": (_visits, AFTER_FIELDWORK | {"procedure"}, "fieldwork.xlsx changed", False),
    "frame": (_frame, EVERYTHING, "frame.xlsx changed", False),
    "corrections": (_corrections, EVERYTHING, "fieldwork.xlsx#corrections changed", False),
    "cases": (_cases, AFTER_FIELDWORK - {"checks"}, "cases.xlsx changed", False),
    "steps": (_notices, EVERYTHING - {"sampling"}, "procedure.xlsx changed", False),
    "reading of the indicators": (
        _reading("incidence", "raw"),
        {"indicators", "rectification", "report"},
        "parameters changed",
        True,
    ),
    "reading of the deadlines": (
        _reading("deadlines", "early"),
        {"procedure", "indicators", "rectification", "report"},
        "parameters changed",
        True,
    ),
    "day of the report": (_as_of, EVERYTHING, "parameters changed", True),
    "key of the pseudonyms": (_key, EVERYTHING, "a secret changed", True),
    "the county's file": (_county_file, EVERYTHING, "parameters changed", False),
    "a result before it": (_upstream, {"indicators"}, "findings changed", False),
    "a record removed": (_record_removed, {"checks"}, resume.ALTERED.en, False),
    "a record altered by hand": (_result_file, {"indicators"}, resume.ALTERED.en, False),
    "a page deleted": (_page, {"checks"}, resume.ALTERED.en, False),
    "a sample altered by hand": (_sample, {"sampling"}, resume.ALTERED.en, False),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_depends_on_a_touched_input_runs_again_and_nothing_else(
    kind: str, touched: Project
) -> None:
    touch, stages, told, everywhere = KINDS[kind]

    touch(touched)

    again = _again(touched)
    assert set(again) == stages
    assert any(told in why for why in again.values())
    assert bool(_again(touched, SECOND)) == everywhere


def test_the_code_of_the_package_is_part_of_every_key(
    touched: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from auditlib.pipeline import store

    monkeypatch.setattr(store, "code_digest", lambda: "other code")

    again = _again(touched)
    assert set(again) == EVERYTHING
    assert all("the code changed" in why for why in again.values())


def test_a_changed_notebook_runs_again(touched: Project) -> None:
    (touched.root / "notebooks").unlink()
    shutil.copytree(Path("notebooks").absolute(), touched.root / "notebooks")
    path = touched.root / "notebooks/05_checks.ipynb"
    path.write_text(path.read_text("utf-8").replace("检查", "检 查", 1), "utf-8")

    assert _again(touched) == {"checks": "the notebook changed"}


def test_other_libraries_mean_that_everything_runs_again(
    touched: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resume, "environment", lambda: "another matplotlib")

    assert set(_again(touched)) == EVERYTHING
    assert _consolidates(touched)


def test_another_county_in_the_round_leaves_the_others_as_they_are(touched: Project) -> None:
    touched.change("rounds/golden", counties=[COUNTY])

    assert _again(touched) == {}
    assert _consolidates(touched)


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_changed_visits_run_one_county_from_the_field_work_on_and_the_consolidated_report(
    touched: Project,
) -> None:
    _visits(touched)
    other = touched.root / f"outputs/golden/{SECOND}"
    before = _digests(other)
    events: list[Event] = []

    run = run_round(touched.root, "golden", jobs=1, watch=events.append)

    started = {(e.county, e.stage) for e in events if e.state == "started"}
    expected = {(COUNTY, stage) for stage in AFTER_FIELDWORK | {"procedure"}}
    assert started == expected | {("", "consolidated")}
    assert run.skipped == 1 + 8
    assert _digests(other) == before
    assert _again(touched) == {}
    assert not _consolidates(touched)
    skipped = [e.reason.en for e in events if e.state == "skipped"]
    assert set(skipped) == {resume.UNCHANGED.en}


def test_an_input_changed_while_its_notebook_runs_leaves_it_undone(touched: Project) -> None:
    place = _place(touched)
    origin = resume.origin_of(place, place.open_county(COUNTY), "fieldwork")
    origin["result"]["inputs"]["fieldwork.xlsx"] = "what it was when the run began"

    assert not resume.mark_done(place, COUNTY, "fieldwork", origin)


def test_the_manifest_names_what_a_result_was_made_from(finished: Project) -> None:
    path = finished.root / f"outputs/golden/{COUNTY}/04_indicators/manifest.json"
    made = json.loads(path.read_text("utf-8"))["made_from"]

    assert {"code", "params", "secrets", "inputs", "before"} <= set(made)
    assert set(made["before"]) == {"sampling", "fieldwork", "findings"}
    assert "cases.xlsx" in made["inputs"]


def test_a_file_is_digested_anew_when_it_changes_and_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when it keeps its length and its time, and when it comes and goes."""
    path, desk, read = tmp_path / "a.csv", Desk(), []
    real = inputs.digest_if_any
    monkeypatch.setattr(inputs, "digest_if_any", lambda path: read.append(path) or real(path))

    assert desk.digest(path) == ""
    path.write_text("1")
    first = sha256(b"1").hexdigest()
    assert [desk.digest(path) for _ in range(3)] == [first] * 3
    assert len(read) == 2
    status = path.stat()
    time.sleep(0.02)  # more than the clock of a file system may stand still
    path.write_text("2")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert desk.digest(path) == sha256(b"2").hexdigest()
    path.unlink()
    assert desk.digest(path) == ""
