"""The same bytes from a cluster as from one machine, and nothing lost with a worker.

Scheduler and workers are processes of their own, started here, on the loopback only.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

import fsspec
import pytest

from auditlib.cli import main
from auditlib.execution.events import Event
from auditlib.execution.log import RUN_LOG
from auditlib.execution.rounds import run_round
from tests.conftest import COUNTY, Project, copy_golden
from tests.execution.counties import add_county

COUNTIES = (COUNTY, "990002")
STAGES = ("sampling", "fieldwork")

pytest.importorskip("distributed")


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != RUN_LOG
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A round of two counties."""
    project = copy_golden(tmp_path_factory.mktemp("cluster"))
    add_county(project, 2, surveyed=True)
    project.change("rounds/golden", counties=list(COUNTIES))
    return project


@pytest.fixture(scope="module")
def local(project: Project) -> dict[str, str]:
    """Digests of all results of a run on this machine."""
    run = run_round(project.root, "golden", outputs="local", jobs=2, stages=STAGES)
    assert not run.failures
    return _same(project.root / "local")


def _same(folder: Path) -> dict[str, str]:
    """Return the digests of results whose notebooks do not name their folder."""
    for path in folder.rglob("*"):
        if path.suffix in (".ipynb", ".html", ".json") and path.is_file():
            text = path.read_bytes()
            for name in (b"local", b"cluster", b"shared", b"outputs"):
                text = text.replace(b'"' + name + b'"', b'"here"')
                text = text.replace(b"&quot;" + name + b"&quot;", b"&quot;here&quot;")
                text = text.replace(b'\\"' + name + b'\\"', b'\\"here\\"')
            path.write_bytes(text)
    left = ("notebook.json", "consolidated.done.json")  # digests of what names the folder
    return {name: d for name, d in _digests(folder).items() if Path(name).name not in left}


@contextmanager
def cluster(
    folder: Path, *, workers: int = 2
) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Hold a scheduler and workers, each with one thread, on the loopback."""
    file = folder / "scheduler.json"
    log = (folder / "cluster.log").open("wb")
    quiet = {"stdout": log, "stderr": log, "cwd": str(folder)}

    def dask(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", *arguments, "--no-dashboard"]
        process = subprocess.Popen(command, start_new_session=True, **quiet)  # type: ignore[call-overload]
        stack.callback(_end, process)
        return process

    with ExitStack() as stack:
        stack.callback(log.close)
        name = ["--scheduler-file", str(file)]
        dask("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *name)
        while not file.exists():
            time.sleep(0.05)
        local = ["--host", "127.0.0.1", "--nthreads", "1", "--no-nanny"]
        started = [dask("distributed.cli.dask_worker", *name, *local) for _ in range(workers)]
        address = json.loads(file.read_text("utf-8"))["address"]
        _wait_for_workers(address, workers)
        yield address, started


def _wait_for_workers(address: str, number: int) -> None:
    from distributed import Client

    with Client(address) as client:
        client.wait_for_workers(number, timeout=60)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def test_a_cluster_gives_the_same_bytes_and_a_lost_worker_loses_nothing(
    project: Project, local: dict[str, str], tmp_path: Path
) -> None:
    """A worker is killed once it has finished a notebook and is in the midst of another."""
    events: list[Event] = []
    with cluster(tmp_path) as (address, workers):

        def watch(event: Event) -> None:
            events.append(event)
            finished = [e for e in events if e.state == "done" and e.stage == "sampling"]
            amid = event.state == "started" and event.stage == "fieldwork"
            if finished and amid and workers[0].poll() is None:
                os.kill(workers[0].pid, signal.SIGKILL)

        run = run_round(
            project.root, "golden", outputs="cluster", stages=STAGES, scheduler=address, watch=watch
        )

    assert workers[0].returncode == -signal.SIGKILL
    assert not run.failures
    done = {(e.county, e.stage) for e in events if e.state in ("done", "skipped") and e.county}
    assert done == {(county, stage) for county in COUNTIES for stage in STAGES}
    assert _same(project.root / "cluster") == local


def test_workers_need_no_shared_disk_where_the_project_has_a_url(
    project: Project, local: dict[str, str], tmp_path: Path
) -> None:
    with cluster(tmp_path) as (address, _):
        run = run_round(
            f"file://{project.root}",
            "golden",
            outputs=f"file://{tmp_path}/shared",
            stages=STAGES,
            scheduler=address,
        )

    assert not run.failures
    assert run.index == f"file://{tmp_path}/shared/golden/site/index.html"
    assert _same(tmp_path / "shared") == local


def test_a_round_can_live_in_any_file_system_of_fsspec(
    project: Project, local: dict[str, str], tmp_path: Path
) -> None:
    memory = fsspec.filesystem("memory")
    for name in ("params", "data"):
        for path in sorted((project.root / name).rglob("*")):
            if path.is_file():
                inside = path.relative_to(project.root)
                memory.makedirs(f"/project/{inside.parent}", exist_ok=True)
                memory.put_file(str(path), f"/project/{inside}")

    first = run_round("memory://project", "golden", stages=STAGES, jobs=1)
    again = run_round("memory://project", "golden", stages=STAGES, jobs=1)

    assert not first.failures
    assert (first.ran, first.skipped) == (len(COUNTIES) * len(STAGES) + 1, 0)
    assert (again.ran, again.skipped) == (0, len(COUNTIES) * len(STAGES) + 1)
    for path in memory.find("/project/outputs"):
        here = tmp_path / "back" / path.removeprefix("/project/outputs/")
        here.parent.mkdir(parents=True, exist_ok=True)
        memory.get_file(path, str(here))
    assert _same(tmp_path / "back") == local


def test_a_scheduler_that_does_not_answer_is_told_in_a_sentence(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from auditlib.execution import cluster as module

    monkeypatch.setattr(module, "PATIENCE", 1)
    monkeypatch.chdir(project.root)

    code = main(["run", "--round", "golden", "--scheduler", "tcp://127.0.0.1:9"])

    assert code == 2
    assert "No scheduler answers at tcp://127.0.0.1:9." in capsys.readouterr().err
