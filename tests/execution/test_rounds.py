"""A round runs county by county: failures stay with their county, and what is done stays done."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from auditlib.cli import main
from auditlib.execution.log import RUN_LOG
from auditlib.execution.rounds import RoundRun, run_round
from tests.conftest import COUNTY, Project, copy_golden
from tests.execution.counties import add_county

AWAITING, BROKEN = "990007", "990002"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, RoundRun]:
    """A round of three counties: one sound, one that awaits its field work, one with a file missing."""
    project = copy_golden(tmp_path_factory.mktemp("round"))
    add_county(project, 7, surveyed=False)
    add_county(project, 2, surveyed=True)
    project.change("rounds/golden", counties=[COUNTY, BROKEN, AWAITING])
    (project.root / "data" / BROKEN / "cases.xlsx").unlink()
    return project, run_round(project.root, "golden", jobs=2)


def _lines(project: Project) -> dict[str, dict]:
    record = json.loads((project.root / "outputs/golden/consolidated.json").read_text("utf-8"))
    return {line["county"]: line for line in record["lines"]}


def test_a_failing_notebook_stops_its_county_only(finished: tuple[Project, RoundRun]) -> None:
    project, run = finished

    assert list(run.failures) == [BROKEN]
    assert run.failures[BROKEN].stage == "fieldwork"
    assert run.failures[BROKEN].cell
    assert (project.root / f"outputs/golden/{COUNTY}/08_report.ipynb").is_file()
    assert not (project.root / f"outputs/golden/{BROKEN}/03_findings.ipynb").exists()


def test_the_reason_of_a_failure_is_one_sentence_with_the_file(
    finished: tuple[Project, RoundRun],
) -> None:
    _, run = finished

    reason = run.failures[BROKEN].reason
    assert "cases.xlsx" in reason
    assert "\n" not in reason.strip()


def test_the_failed_notebook_is_kept_for_reading(finished: tuple[Project, RoundRun]) -> None:
    project, _ = finished
    kept = json.loads(
        (project.root / f"outputs/golden/{BROKEN}/02_fieldwork.ipynb").read_text("utf-8")
    )

    errors = [o for c in kept["cells"] for o in c.get("outputs", []) if o["output_type"] == "error"]
    assert errors
    assert (project.root / f"outputs/golden/site/{BROKEN}/02_fieldwork.html").is_file()


def test_the_consolidated_report_shows_who_failed_and_who_waits(
    finished: tuple[Project, RoundRun],
) -> None:
    project, _ = finished
    lines = _lines(project)

    assert lines[COUNTY]["report"]["standpoint"]
    assert lines[BROKEN]["failure"]["stage"] == "fieldwork"
    assert lines[AWAITING]["waiting"] == "awaiting_fieldwork"
    page = (project.root / "outputs/golden/site/consolidated.html").read_text("utf-8")
    assert "运行失败" in page
    assert "等待实地调查" in page


def test_a_county_without_field_work_has_its_sample_and_says_that_it_waits(
    finished: tuple[Project, RoundRun],
) -> None:
    project, _ = finished
    folder = project.root / f"outputs/golden/{AWAITING}"

    assert (folder / "01_sampling/field_lists.xlsx").is_file()
    assert (
        json.loads((folder / "04_indicators/indicators.json").read_text())["reason"]
        == "awaiting_fieldwork"
    )


def test_every_page_needs_nothing_from_the_network(finished: tuple[Project, RoundRun]) -> None:
    project, _ = finished
    site = project.root / "outputs/golden/site"

    pages = list(site.rglob("*.html"))
    assert len(pages) >= 20
    for page in pages:
        text = page.read_text("utf-8")
        assert "http://" not in text
        assert "https://" not in text
        assert "<script" not in text
        assert "合成数据，仅供演示" in text
    assert "http" not in (site / "assets/audit.css").read_text("utf-8")


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != RUN_LOG
    }


def test_two_full_runs_give_the_same_bytes(
    finished: tuple[Project, RoundRun], tmp_path: Path
) -> None:
    """R010: a run can be repeated, and every figure comes out again."""
    project, _ = finished
    shutil.copytree(
        project.root, tmp_path / "again", symlinks=True, ignore=shutil.ignore_patterns("outputs")
    )

    run_round(tmp_path / "again", "golden", jobs=1)

    assert _digests(tmp_path / "again/outputs") == _digests(project.root / "outputs")


def test_what_is_done_is_not_done_again(finished: tuple[Project, RoundRun]) -> None:
    project, _ = finished
    before = _digests(project.root / "outputs")

    again = run_round(project.root, "golden", jobs=2)

    # all of two counties, the stage before the failure, and the consolidated report
    assert (again.ran, again.skipped) == (1, 8 + 8 + 1 + 1)
    assert _digests(project.root / "outputs") == before


def test_the_command_ends_with_one_when_a_county_failed_and_names_the_page(
    finished: tuple[Project, RoundRun],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project, _ = finished
    monkeypatch.chdir(project.root)

    code = main(["run", "--round", "golden", "--county", BROKEN])

    told = capsys.readouterr()
    assert code == 1
    assert "cases.xlsx" in told.err
    assert told.out.strip() == "Open outputs/golden/site/index.html"


def test_an_unknown_county_is_told_with_those_there_are(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--round", "golden", "--county", "123456"]) == 2
    assert COUNTY in capsys.readouterr().err


def test_the_run_log_tells_what_every_notebook_cost(finished: tuple[Project, RoundRun]) -> None:
    """Times stand there alone, so that results can be compared byte by byte."""
    project, run = finished
    text = (project.root / "outputs/golden" / RUN_LOG).read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]

    first = lines[: [line["state"] for line in lines].index("finished") + 1]
    done = [line for line in first if line["state"] == "done"]
    assert first[0]["state"] == "planned"
    assert first[-1]["ran"] == run.ran == len(done) + 1  # one failed
    assert all(line["seconds"] > 0 and line["cpu"] > 0 and line["mib"] > 0 for line in done)
    assert all(line["parent_cpu"] > 0 and line["parent_mib"] > 0 for line in first)
