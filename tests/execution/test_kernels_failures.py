"""However a run ends, its notebook and its one sentence say what happened."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import papermill
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from auditlib.execution.kernels import (
    CellFailedError,
    CellTimeLimitError,
    KernelDiedError,
    KernelStartError,
    MemoryLimitError,
    NotebookTimeLimitError,
    Template,
    can_fork,
    execute,
    memory,
)

pytestmark = pytest.mark.skipif(not can_fork(), reason="needs os.fork")

KERNEL = {"name": "python3", "language": "python", "display_name": "Python 3"}
MIB = 2**20


@pytest.fixture(scope="module")
def forked():
    with Template(spares=1) as source:
        yield source


def write(path, *sources, kernel=KERNEL):
    """Write a notebook of a title and these cells."""
    cells = [new_markdown_cell("# A title"), *(new_code_cell(source) for source in sources)]
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
    return path


def statuses(path):
    """Return what papermill's record says of every code cell, and the notebook itself."""
    notebook = nbformat.read(path, 4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [cell.metadata.papermill.status for cell in cells], notebook


# What was printed leaves the process a moment later; what has left it is kept.
LET_IT_PASS = "import sys, time; sys.stdout.flush(); time.sleep(0.2)"
DEATHS = {
    "killed": ("os.kill(os.getpid(), 9)", "killed from outside, often because memory ran out"),
    "left": ("os._exit(3)", "its process ended with exit code 3"),
    "crashed": ("import ctypes; ctypes.string_at(0)", "compiled code crashed (SIGSEGV)"),
    "aborted": ("os.abort()", "compiled code gave up (SIGABRT)"),
    "thread": (
        "import threading, time\nthreading.Timer(0.1, os._exit, [4]).start(); time.sleep(60)",
        "its process ended with exit code 4",
    ),
}


@pytest.mark.parametrize("death", DEATHS)
def test_a_kernel_that_dies_leaves_an_honest_notebook(death, forked, tmp_path):
    code, words = DEATHS[death]
    notebook = write(
        tmp_path / "in.ipynb",
        "import os",
        f"print('said before')\n{LET_IT_PASS}\n{code}",
        "never = 1",
    )

    run = execute(notebook, tmp_path / "out.ipynb", template=forked)

    assert isinstance(run.failure, KernelDiedError)
    assert run.cell == 2
    assert run.reason.startswith("The kernel died in cell 2: ")
    assert words in run.reason
    found, saved = statuses(tmp_path / "out.ipynb")
    assert found == ["completed", "failed", "pending"]
    died = [cell for cell in saved.cells if cell.cell_type == "code"][1]
    assert died.execution_count == 2
    assert died.outputs[0].text == "said before\n"
    assert died.outputs[1].ename == "KernelDiedError"
    assert died.outputs[1].evalue == run.reason
    assert saved.metadata.papermill.exception is True
    assert saved.metadata.papermill.failure == {
        "kind": "KernelDiedError",
        "reason": run.reason,
        "cell": 2,
    }


def test_a_stock_kernel_that_dies_leaves_an_honest_notebook_too(tmp_path):
    notebook = write(tmp_path / "in.ipynb", "import os", "os._exit(3)", "never = 1")

    run = execute(notebook, tmp_path / "out.ipynb", template=None)

    assert isinstance(run.failure, KernelDiedError)
    assert run.reason.startswith("The kernel died in cell 2: its process ended with exit code 3")
    assert statuses(tmp_path / "out.ipynb")[0] == ["completed", "failed", "pending"]


def test_plain_papermill_with_the_engine_is_as_honest(forked, tmp_path):
    notebook = write(tmp_path / "in.ipynb", "import os", "os._exit(3)", "never = 1")

    with pytest.raises(papermill.PapermillExecutionError, match="died in cell 2"):
        papermill.execute_notebook(
            str(notebook),
            str(tmp_path / "out.ipynb"),
            engine_name="forked",
            template=forked,
            progress_bar=False,
        )

    assert statuses(tmp_path / "out.ipynb")[0] == ["completed", "failed", "pending"]


@pytest.mark.parametrize("stock", [False, True], ids=["forked", "stock"])
def test_a_cell_that_runs_too_long_is_stopped(stock, forked, tmp_path):
    notebook = write(tmp_path / "in.ipynb", "print(1)", "print(2)\nwhile True: pass", "never = 1")

    run = execute(
        notebook, tmp_path / "out.ipynb", template=None if stock else forked, cell_timeout=0.7
    )

    assert isinstance(run.failure, CellTimeLimitError)
    assert run.reason == (
        "The kernel was stopped in cell 2, which ran for 0.7 seconds, the longest that a cell may."
    )
    assert statuses(tmp_path / "out.ipynb")[0] == ["completed", "failed", "pending"]


def test_a_notebook_that_runs_too_long_is_stopped(forked, tmp_path):
    sleep = "import time; time.sleep(0.2)"
    notebook = write(tmp_path / "in.ipynb", sleep, "time.sleep(60)", "never = 1")

    run = execute(notebook, tmp_path / "out.ipynb", template=forked, notebook_timeout=0.6)

    assert isinstance(run.failure, NotebookTimeLimitError)
    assert "because the notebook ran for 0.6 seconds" in run.reason
    assert run.cell == 2


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_process_with_a_child_is_told_from_one_without():
    with subprocess.Popen(["sleep", "60"]) as child:
        assert memory.childless(child.pid)
        assert not memory.childless(os.getpid())
        child.kill()
    assert not memory.childless(child.pid)  # gone: nothing is known of it


def test_memory_of_kernel_and_children_is_limited_together(forked, tmp_path):
    grow = (
        "import multiprocessing, time\n"
        "def hold(_):\n    block = bytearray(200 * 2**20); time.sleep(60)\n"
        "with multiprocessing.get_context('fork').Pool(2) as pool:\n    pool.map(hold, range(2))"
    )
    notebook = write(tmp_path / "in.ipynb", "small = 1", grow)

    run = execute(notebook, tmp_path / "out.ipynb", template=forked, memory_limit=350 * MIB)

    assert isinstance(run.failure, MemoryLimitError)
    assert run.reason.startswith("The kernel was stopped in cell 2, because it used ")
    assert run.reason.endswith(" MiB of memory, and may use 350 MiB.")


def test_memory_shared_between_processes_counts_once(forked, tmp_path):
    share = (
        "import multiprocessing, time\nblock = b'1' * (100 * 2**20)\n"
        "with multiprocessing.get_context('fork').Pool(4) as pool:\n"
        "    print(pool.map(len, [block[:9]] * 4)); time.sleep(0.5)"
    )
    notebook = write(tmp_path / "in.ipynb", share)

    run = execute(notebook, tmp_path / "out.ipynb", template=forked, memory_limit=400 * MIB)

    assert run.ok, run.reason


def test_an_exception_is_a_failure_of_its_cell(forked, tmp_path):
    notebook = write(tmp_path / "in.ipynb", "print(1)", "raise ValueError('no such county')", "2")

    run = execute(notebook, tmp_path / "out.ipynb", template=forked)

    assert isinstance(run.failure, CellFailedError)
    assert run.reason == "The code raised ValueError in cell 2: no such county."
    assert statuses(tmp_path / "out.ipynb")[0] == ["completed", "failed", "pending"]


def test_a_kernel_that_cannot_start_is_a_failure_before_the_first_cell(tmp_path, monkeypatch):
    folder = tmp_path / "kernels" / "broken"
    folder.mkdir(parents=True)
    spec = {"argv": ["/no/such/python"], "display_name": "Broken", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    notebook = write(tmp_path / "in.ipynb", "1", kernel={**KERNEL, "name": "broken"})

    run = execute(notebook, tmp_path / "out.ipynb", template=None)

    assert isinstance(run.failure, KernelStartError)
    assert run.reason.startswith("The kernel could not be started: ")
    assert run.cell is None
    assert statuses(tmp_path / "out.ipynb")[0] == ["failed"]


def test_failures_cross_between_processes():
    import pickle

    failure = KernelDiedError.ended(3, -9)
    copy = pickle.loads(pickle.dumps(failure))

    assert (type(copy), str(copy), copy.cell) == (KernelDiedError, str(failure), 3)


INTERRUPTED = """
import sys
from auditlib.execution.kernels import Template, execute
with Template(spares=1) as template:
    print(template.pid, template.address, flush=True)
    execute(sys.argv[1], sys.argv[2], template=template, request_save_on_cell_execute=True)
"""


def ended(pid):
    """Return whether a process has ended, buried or not."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def comes_true(condition):
    """Wait some seconds for a condition."""
    for _ in range(200):
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "killed"])
def test_nothing_survives_the_caller(number, tmp_path):
    marker = tmp_path / "pids"
    code = (
        "import os, subprocess, time\nchild = subprocess.Popen(['sleep', '600'])\n"
        f"open({str(marker)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "time.sleep(600)"
    )
    notebook = write(tmp_path / "in.ipynb", "before = 1", code, "never = 1")
    output = tmp_path / "out.ipynb"
    command = [sys.executable, "-c", INTERRUPTED, str(notebook), str(output)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as caller:
        template, address = caller.stdout.readline().decode().split()
        while not marker.exists() or not marker.read_text():
            time.sleep(0.02)
        os.killpg(caller.pid, number)
        caller.communicate()

    pids = [int(pid) for pid in [template, *marker.read_text().split()]]
    assert comes_true(lambda: all(map(ended, pids)))
    assert comes_true(lambda: not Path(address).parent.exists())
    if number == signal.SIGINT:
        assert statuses(output)[0] == ["completed", "failed", "pending"]
