"""However a notebook of a round fails: one sentence, an honest notebook, and the others go on."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from threading import Event as Flag
from threading import Semaphore, Timer

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from auditlib.cli import main
from auditlib.execution.county import CountyRun
from auditlib.execution.events import Event, StoppedRoundError
from auditlib.execution.kept import Kernels
from auditlib.execution.kernels import Template, TemplateClosedError
from auditlib.execution.places import Limits
from auditlib.execution.rounds import RoundRun, run_round, side_by_side
from tests.conftest import COUNTY, ROOT, Project, copy_golden
from tests.execution.counties import add_county

GOOD = "990002"
MIB = 2**20
UNREADABLE = Path("/proc/self/mem")
"""There, and refused to be read from its beginning: for the administrator too."""

# What the second cell does, by county: each fails in its own way.
WAYS = {
    "990011": "1 / 0",
    "990012": "import os; os.kill(os.getpid(), 9)",
    "990013": "block = bytearray(2 * 2**30); block[::4096] = b'1' * len(block[::4096]); import time; time.sleep(30)",
    "990014": "import time; time.sleep(60)",
    "990015": "import pandas; pandas.read_excel('missing.xlsx')",
    "990016": "import os; os.path.exists('tried') or (open('tried', 'w').close(), os.kill(os.getpid(), 9))",
    GOOD: "'well'",
}
SENTENCES = {
    "990011": "The code raised ZeroDivisionError in cell 3: division by zero.",
    "990012": "The kernel died in cell 3: it was killed from outside, often because memory ran out "
    "(SIGKILL), in each of 2 attempts.",
    "990013": "The kernel was stopped in cell 3, because it used ",
    "990014": "The kernel was stopped in cell 3, because the notebook ran for 6 seconds, the longest "
    "that it may.",
    "990015": "The code raised FileNotFoundError in cell 3: ",
}


def _stub(project: Project) -> None:
    """Give the project notebooks of three cells that fail as their county says."""
    (project.root / "notebooks").unlink()
    (project.root / "notebooks").mkdir()
    parameters = "county = ''\nround = ''\nparams = ''\noutputs = ''"
    ways = f"WAYS = {WAYS!r}\nexec(WAYS[county])"
    shown = "import sys; sys.stdout.write('before'); sys.stdout.flush()"
    for name in [*(p.stem for p in (ROOT / "notebooks").glob("*.ipynb")), "consolidated"]:
        county = not name.startswith("consolidated")
        cells = [
            new_markdown_cell("# 题目 Title"),
            new_code_cell(parameters if county else parameters.partition("\n")[2]),
            new_code_cell(ways if county else "1"),
            new_code_cell(shown),
        ]
        cells[1].metadata["tags"] = ["parameters"]
        kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
        notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
        nbformat.write(notebook, project.root / "notebooks" / f"{name}.ipynb")


def _counties(project: Project, *codes: str) -> None:
    golden = project.params(f"counties/{COUNTY}").read_text("utf-8")
    for code in codes:
        text = golden.replace(COUNTY, code)
        project.params(f"counties/{code}").write_text(text, "utf-8")
    project.change("rounds/golden", counties=list(codes))


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, RoundRun, list[Event]]:
    project = copy_golden(tmp_path_factory.mktemp("failures"))
    _stub(project)
    _counties(project, *WAYS)
    events: list[Event] = []
    run = run_round(
        project.root,
        "golden",
        jobs=2,
        stages=["sampling"],
        limits=Limits(seconds=6, memory=1000 * MIB),
        watch=events.append,
    )
    return project, run, events


@pytest.mark.parametrize("county", SENTENCES)
def test_each_way_to_fail_has_its_sentence_with_county_stage_and_cell(
    county: str, failed: tuple[Project, RoundRun, list[Event]]
) -> None:
    _, run, _ = failed
    failure = run.failures[county]

    assert failure.stage == "sampling"
    assert failure.cell == 3
    assert failure.reason.startswith(SENTENCES[county])
    assert "\n" not in failure.reason


@pytest.mark.parametrize("county", SENTENCES)
def test_the_kept_notebook_says_which_cells_did_not_run(
    county: str, failed: tuple[Project, RoundRun, list[Event]]
) -> None:
    project, _, _ = failed
    kept = json.loads(
        (project.root / f"outputs/golden/{county}/01_sampling.ipynb").read_text("utf-8")
    )
    code = [cell for cell in kept["cells"] if cell["cell_type"] == "code"]
    status = [cell["metadata"].get("papermill", {}).get("status", "ran") for cell in code]

    assert status == ["ran", "ran", "failed", "pending"]
    assert code[-1]["outputs"] == []
    assert code[-1]["execution_count"] is None
    assert any(o["output_type"] == "error" for o in code[2]["outputs"])
    page = (project.root / f"outputs/golden/site/{county}/01_sampling.html").read_text("utf-8")
    assert page.count("未运行：前面的单元格失败。") == 1


def test_the_others_go_on(failed: tuple[Project, RoundRun, list[Event]]) -> None:
    project, run, _ = failed

    assert set(run.failures) == set(SENTENCES)
    page = (project.root / f"outputs/golden/site/{GOOD}/01_sampling.html").read_text("utf-8")
    assert "未运行" not in page


def test_only_what_another_try_can_help_is_tried_again(
    failed: tuple[Project, RoundRun, list[Event]],
) -> None:
    """A kernel killed from outside may live the next time; a cell that fails only fails again."""
    _, run, events = failed

    tried = {event.county for event in events if event.state == "retried"}
    assert tried == {"990012", "990016"}
    assert "990016" not in run.failures


@pytest.mark.skipif(not UNREADABLE.exists(), reason="needs /proc")
def test_a_file_that_cannot_be_read_fails_its_county_alone(project: Project) -> None:
    """Issue 7, 4: the system may refuse a file that is there, as Excel's lock does."""
    add_county(project, 7, surveyed=False)
    project.change("rounds/golden", counties=[COUNTY, "990007", "990008"])
    (project.data / "frame.xlsx").unlink()
    (project.data / "frame.xlsx").symlink_to(UNREADABLE)
    project.params("counties/990008").symlink_to(UNREADABLE)

    run = run_round(project.root, "golden", jobs=2, stages=["sampling"])

    assert list(run.failures) == [COUNTY, "990008"]
    for failure in run.failures.values():
        assert (failure.stage, failure.cell) == ("sampling", 3)
        assert "the system does not let it be read" in failure.reason
        assert "\n" not in failure.reason
        assert str(project.root) not in failure.reason


def test_a_failure_withdraws_what_no_longer_holds(project: Project) -> None:
    _stub(project)
    _counties(project, GOOD)
    later = project.root / f"outputs/golden/{GOOD}/05_checks"
    later.mkdir(parents=True)
    (later / "checks.json").write_text("{}")
    notebook = project.root / "notebooks/02_fieldwork.ipynb"
    notebook.write_text(notebook.read_text("utf-8").replace("exec(WAYS[county])", "1 / 0"))
    events: list[Event] = []

    run_round(project.root, "golden", jobs=1, watch=events.append)

    assert not later.exists()
    assert [e.stage for e in events if e.state == "withdrawn"] == ["checks"]
    assert [e.stage for e in events if e.state == "left"][:2] == ["findings", "indicators"]


def test_without_a_terminal_the_log_is_plain_and_the_exit_code_one(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    _stub(project)
    _counties(project, "990011", GOOD)

    code = main(["run", "--round", "golden", "--stage", "sampling"])

    told = capsys.readouterr().err
    assert code == 1
    lines = told.splitlines()
    assert "started 990011 sampling: not run before" in lines
    assert f"failed 990011 sampling, cell 3: {SENTENCES['990011']}" in lines
    assert "990011 sampling, cell 3: " + SENTENCES["990011"] in lines
    assert any(line.startswith(f"done {GOOD} sampling (") for line in lines)
    assert "\r" not in told


def _without_provisioner(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(sys.modules, "auditlib.execution.kernels.provisioner", None)


def _broken_launch(patch: pytest.MonkeyPatch) -> None:
    from auditlib.execution.kernels.provisioner import ForkedProvisioner

    patch.delattr(ForkedProvisioner, "launch_kernel")


def _broken_template(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("auditlib.execution.template.MODULES", ("no_such_module",))


BROKEN = {
    "cannot be imported": (_without_provisioner, "Forked kernels do not work here (Module"),
    "fails when it is used": (_broken_launch, "Forked kernels do not work here (AttributeError"),
    "has no template": (_broken_template, "The template process could not start: ModuleNot"),
}


@pytest.mark.parametrize(("breaks", "why"), BROKEN.values(), ids=BROKEN.keys())
def test_stock_kernels_run_and_it_is_said_once_where_the_provisioner(
    breaks: Callable[[pytest.MonkeyPatch], None],
    why: str,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Issue 7, 1: a broken provisioner costs time, and no result."""
    _stub(project)
    _counties(project, GOOD)
    breaks(monkeypatch)

    code = main(["run", "--round", "golden", "--stage", "sampling"])

    told = [line for line in capsys.readouterr().err.splitlines() if "Stock kernels" in line]
    assert code == 0
    assert len(told) == 1
    assert told[0].startswith(f"Stock kernels are used: {why}")
    log = (project.root / "outputs/golden/run-log.jsonl").read_text("utf-8").splitlines()
    states = [json.loads(line)["state"] for line in log]
    assert states.count("stock") == states.count("done") == 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_more_notebooks_run_at_the_same_time_than_asked(jobs: int, project: Project) -> None:
    """More counties are open than notebooks run: one writes its page meanwhile."""
    codes = [f"99002{i}" for i in range(4)]
    _stub(project)
    _counties(project, *codes)
    for name in ("01_sampling", "02_fieldwork"):
        notebook = project.root / f"notebooks/{name}.ipynb"
        spans = "import time; print(time.monotonic()); time.sleep(0.3); print(time.monotonic())"
        text = notebook.read_text("utf-8").replace("exec(WAYS[county])", spans)
        notebook.write_text(text, "utf-8")

    run = run_round(project.root, "golden", jobs=jobs, stages=["sampling", "fieldwork"])

    assert not run.failures
    marks = []
    for path in (project.root / "outputs/golden").glob("99002?/0*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        (told,) = (c["outputs"] for c in cells if "monotonic" in "".join(c["source"]))
        first, last = "".join("".join(o["text"]) for o in told).split()
        marks += [(float(first), 1), (float(last), -1)]
    assert len(marks) == 2 * 2 * len(codes)
    assert max(accumulate(change for _, change in sorted(marks))) == jobs


def test_no_county_is_begun_once_the_run_is_stopped() -> None:
    """Of hundreds of counties those that wait are left at once, and those at work are told."""
    begun: list[str] = []
    stop = Flag()

    def one(county: str) -> CountyRun:
        begun.append(county)
        stop.wait(20)
        return CountyRun(county, 0, 0, None)

    runs = side_by_side(one, [str(i) for i in range(500)], threads=2, halt=stop.set)
    timer = Timer(0.3, signal.raise_signal, [signal.SIGINT])
    timer.start()

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        next(runs)

    assert time.monotonic() - began < 5
    assert len(begun) == 2


def test_who_waits_for_a_kernel_waits_no_longer_once_the_run_is_stopped(tmp_path: Path) -> None:
    """The first kernels take seconds to come; a run that is stopped does not wait for them."""
    (tmp_path / "slow.py").write_text("import time; time.sleep(30)")
    template = Template(modules=["slow"], env={"PYTHONPATH": str(tmp_path)})
    with template:
        kernels = Kernels(template, Limits(), tmp_path, Flag(), "forked", Semaphore(1))
        Timer(0.5, kernels.halt).start()
        began = time.monotonic()

        with pytest.raises(TemplateClosedError):
            template.kernel()

        assert time.monotonic() - began < 10
        with pytest.raises(StoppedRoundError):
            kernels.go_on()


SIGNALS = [signal.SIGINT, signal.SIGTERM]


@pytest.mark.parametrize("number", SIGNALS)
def test_ctrl_c_and_sigterm_stop_at_once_and_keep_what_is_finished(
    number: signal.Signals, project: Project
) -> None:
    _stub(project)
    _counties(project, GOOD)
    second = project.root / "notebooks/02_fieldwork.ipynb"
    text = second.read_text("utf-8").replace("exec(WAYS[county])", "import time; time.sleep(60)")
    second.write_text(text)
    command = [sys.executable, "-m", "auditlib", "run", "--round", "golden", "--jobs", "1"]
    page = project.root / f"outputs/golden/site/{GOOD}/01_sampling.html"

    with subprocess.Popen(
        command, cwd=project.root, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        assert run.stderr is not None
        for line in run.stderr:
            if line.startswith(f"started {GOOD} fieldwork"):
                break
        time.sleep(1)
        began = time.monotonic()
        os.kill(run.pid, number)
        told = run.stderr.read()

    assert run.returncode == 130
    assert time.monotonic() - began < 10
    assert "Finished notebooks are kept" in told
    assert "Traceback" not in told
    assert page.is_file()
    assert not (project.root / f"outputs/golden/{GOOD}/02_fieldwork.ipynb").exists()


def test_a_bar_shows_what_runs_and_what_failed(capsys: pytest.CaptureFixture[str]) -> None:
    from auditlib.cli.progress import Progress
    from auditlib.language import Words

    progress = Progress(language="en", terminal=True)
    progress(Event("", "", "planned", notebooks=4))
    progress(Event("990001", "sampling", "started"))
    progress(Event("990002", "sampling", "started"))
    progress(Event("990001", "sampling", "done", seconds=1.0))
    progress(Event("990002", "sampling", "failed", Words("坏", "It broke."), cell=3))
    progress(Event("990003", "sampling", "skipped", Words("未变", "unchanged")))
    progress(Event("990003", "fieldwork", "started"))
    progress.close()

    shown = capsys.readouterr().err
    assert "failed 990002 sampling, cell 3: It broke." in shown
    assert "1 failed · 990003 fieldwork" in shown
    assert "2/3" in shown


def test_a_large_round_is_told_by_counties_and_its_skips_are_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A line a notebook would be 1,600 lines for 200 counties."""
    from auditlib.cli.progress import Progress
    from auditlib.language import Words

    codes, stages = [f"99{i:04d}" for i in range(200)], ["sampling", "fieldwork"]
    progress = Progress(language="en", terminal=False)
    progress(Event("", "", "planned", notebooks=401, counties=200))
    for code in codes[:150]:
        for stage in stages:
            progress(Event(code, stage, "skipped", Words("未变", "unchanged")))
    for code in codes[150:152]:
        for stage in stages:
            progress(Event(code, stage, "started", Words("新", "new")))
            progress(Event(code, stage, "done", seconds=1.0))
    progress(Event(codes[152], "sampling", "started"))
    progress(Event(codes[152], "sampling", "failed", Words("坏", "It broke."), cell=3))
    progress.close()

    skipped, first, second, failed = capsys.readouterr().err.splitlines()
    assert skipped == "skipped 300 notebooks: unchanged"
    assert first.startswith("done 990150: 151 of 200 counties, about ")
    assert second.startswith("done 990151: 152 of 200 counties, about ")
    assert failed == "failed 990152 sampling, cell 3: It broke."
    assert progress.kept == "4 notebooks run, 152 of 200 counties whole"
