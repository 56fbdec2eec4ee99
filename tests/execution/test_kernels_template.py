"""The template process: what it lends, and that nothing is left of it."""

import asyncio
import gc
import json
import os
import signal
import stat
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from nbformat.v4 import new_code_cell, new_notebook

from auditlib.execution.kernels import (
    KernelDiedError,
    Template,
    TemplateClosedError,
    TemplateError,
    can_fork,
    execute,
    papermill_engine,
    template,
)

pytestmark = pytest.mark.skipif(not can_fork(), reason="needs os.fork")

KERNEL = {"name": "python3", "language": "python", "display_name": "Python 3"}


@pytest.fixture(scope="module")
def forked():
    with Template(spares=1) as source:
        yield source


def write(path, *sources):
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    cells = [new_code_cell(source) for source in sources]
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
    return path


def printed(path):
    return nbformat.read(path, 4).cells[-1].outputs[-1].text


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


def end(lease):
    lease.signal(signal.SIGKILL)
    asyncio.run(lease.wait())
    lease.close()
    return lease.end


def test_every_kernel_is_new_and_serves_once():
    with Template(spares=2) as source:
        leases = [source.kernel() for _ in range(5)]
        pids = [lease.pid for lease in leases]
        keys = [lease.info["key"] for lease in leases]
        ends = [end(lease) for lease in leases]

    assert len(set(pids)) == 5
    assert len(set(keys)) == 5
    assert [one.code for one in ends] == [-signal.SIGKILL] * 5
    assert all(one.peak > 2**20 and one.cpu > 0 for one in ends)


def test_spares_wait_ready_and_are_replaced():
    with Template(spares=2) as source:
        lease = source.kernel()
        process = psutil.Process(source.pid)
        assert comes_true(lambda: len(process.children()) == 3)
        end(lease)
        assert comes_true(lambda: len(process.children()) == 2)


def test_nothing_is_left_after_closing(tmp_path):
    notebook = write(tmp_path / "in.ipynb", "import subprocess; subprocess.Popen(['sleep', '600'])")
    before = set(psutil.Process().children(recursive=True))
    descriptors = psutil.Process().num_fds()
    with Template(spares=2) as source:
        folder = Path(source.address).parent
        for _ in range(2):
            assert execute(notebook, tmp_path / "out.ipynb", template=source).ok
        held = source.kernel()
        family = psutil.Process(source.pid).children(recursive=True)
        assert len(list(folder.iterdir())) > 3

    held.close()
    gc.collect()
    assert not folder.exists()
    assert set(psutil.Process().children(recursive=True)) == before
    assert comes_true(lambda: not any(process.is_running() for process in family))
    assert psutil.Process().num_fds() <= descriptors + 4  # the thread's event loop may stay


def test_a_run_leaves_no_files_and_no_zombies(forked, tmp_path):
    notebook = write(tmp_path / "in.ipynb", "1")
    folder = Path(forked.address).parent
    process = psutil.Process(forked.pid)
    for _ in range(3):
        assert execute(notebook, tmp_path / "out.ipynb", template=forked).ok

    def only_the_spare_is_left():
        children = process.children()
        alive = [child for child in children if child.status() != psutil.STATUS_ZOMBIE]
        stems = {path.name.partition("-")[0].partition(".")[0] for path in folder.iterdir()}
        return len(children) == len(alive) == 1 and len(stems - {"ask", "log"}) == 1

    assert comes_true(only_the_spare_is_left)


def test_only_the_owner_may_ask(forked):
    address = Path(forked.address)

    assert stat.S_IMODE(address.stat().st_mode) == 0o600
    assert stat.S_IMODE(address.parent.stat().st_mode) & 0o777 == 0o700
    for path in address.parent.glob("*.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_kernel_ends_with_its_client_and_takes_its_children_along(forked, tmp_path):
    marker = tmp_path / "pid"
    code = (
        "import subprocess, time, os\nchild = subprocess.Popen(['sleep', '600'])\n"
        f"open({str(marker)!r}, 'w').write(str(child.pid)); os._exit(0)"
    )
    write(tmp_path / "in.ipynb", code)

    run = execute(tmp_path / "in.ipynb", tmp_path / "out.ipynb", template=forked)

    assert isinstance(run.failure, KernelDiedError)
    assert comes_true(lambda: ended(int(marker.read_text())))

    lease = forked.kernel()
    assert not ended(lease.pid)
    lease.close()
    assert comes_true(lambda: ended(lease.pid))


def test_environment_and_folder_are_those_of_the_request(forked, tmp_path, monkeypatch):
    monkeypatch.setenv("OF_THE_CALLER", "1")
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    code = (
        "import os, time\nprint(os.getcwd(), os.environ['OF_THE_CALLER'], "
        "os.environ.get('EXTRA'), time.tzname[0], os.environ.get('PATH') is not None)"
    )
    write(tmp_path / "in.ipynb", code)
    run = execute(
        tmp_path / "in.ipynb",
        tmp_path / "out.ipynb",
        template=forked,
        cwd=tmp_path,
        env={"EXTRA": "more"},
    )

    assert run.ok, run.reason
    assert printed(tmp_path / "out.ipynb") == f"{tmp_path} 1 more CST True\n"


def test_what_python_reads_when_it_starts_comes_from_the_template(tmp_path):
    notebook = write(tmp_path / "in.ipynb", "import os; print(os.environ['PYTHONHASHSEED'])")
    with Template(spares=0, env={"PYTHONHASHSEED": "7"}) as source:
        forked = execute(notebook, tmp_path / "forked.ipynb", template=source)
        other = execute(
            notebook, tmp_path / "stock.ipynb", template=source, env={"PYTHONHASHSEED": "8"}
        )

    assert (forked.kernel, printed(tmp_path / "forked.ipynb")) == ("forked", "7\n")
    assert (other.kernel, printed(tmp_path / "stock.ipynb")) == ("stock", "8\n")
    assert other.note == (
        "The environment variable PYTHONHASHSEED is read when Python starts, so a forked kernel "
        "keeps '7' and cannot have '8'. Give it to the template."
    )


def test_a_folder_that_does_not_exist_is_said(forked, tmp_path):
    with pytest.raises(TemplateError, match="No such file or directory"):
        forked.kernel(cwd=str(tmp_path / "nowhere"))
    assert end(forked.kernel()).code == -signal.SIGKILL  # and the next is well


def test_a_module_that_cannot_be_imported_is_said_and_a_stock_kernel_used(tmp_path):
    notebook = write(tmp_path / "in.ipynb", "1")
    with Template(modules=["no_such_module"]) as source:
        for _ in range(2):
            with pytest.raises(TemplateError, match="No module named 'no_such_module'"):
                source.kernel()
        run = execute(notebook, tmp_path / "out.ipynb", template=source)

    assert run.ok
    assert run.kernel == "stock"
    assert "No module named 'no_such_module'" in run.note


def test_a_module_that_starts_a_thread_is_refused(tmp_path, monkeypatch):
    """Only the thread that forks would live on in the kernels."""
    (tmp_path / "threaded.py").write_text(
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(60,), daemon=True, name='ticker').start()\n"
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    with (
        Template(modules=["threaded"], env={"PYTHONPATH": path}) as source,
        pytest.raises(TemplateError, match=r"starts a thread of its own \(ticker\)"),
    ):
        source.kernel()


def test_a_rehearsal_is_called_once_before_the_kernels_are_forked(tmp_path):
    (tmp_path / "stage.py").write_text("calls = []\ndef play():\n    calls.append(1)\n")
    notebook = write(tmp_path / "in.ipynb", "import stage; print(len(stage.calls))")
    env = {"PYTHONPATH": str(tmp_path)}
    with Template(rehearsals=["stage:play"], spares=0, env=env) as source:
        for _ in range(2):
            run = execute(notebook, tmp_path / "out.ipynb", template=source)
            assert run.kernel == "forked", run.note
            assert printed(tmp_path / "out.ipynb") == "1\n"


def test_errands_are_run_when_the_first_kernels_are_at_work(tmp_path):
    (tmp_path / "stage.py").write_text(
        "def play():\n    import errand\ndef leave():\n    exit(1)\n"
    )
    (tmp_path / "errand.py").write_text("")
    env = {"PYTHONPATH": str(tmp_path)}
    errands = ["stage:play", "no_such_module", "stage:no_such", "stage:leave", "colorsys"]
    code = "import sys; print('errand' in sys.modules, 'colorsys' in sys.modules)"
    notebook = write(tmp_path / "in.ipynb", code)

    def said():
        assert execute(notebook, tmp_path / "out.ipynb", template=source).kernel == "forked"
        return printed(tmp_path / "out.ipynb")

    with Template(errands=errands, spares=1, env=env) as source:
        assert said() == "False False\n"
        assert comes_true(lambda: said() == "True True\n")


def test_after_an_errand_that_starts_a_thread_kernels_are_stock(tmp_path):
    (tmp_path / "threaded.py").write_text(
        "import threading\n"
        "threading.Thread(target=threading.Event().wait, name='ticker', daemon=True).start()\n"
    )
    env = {"PYTHONPATH": str(tmp_path)}
    notebook = write(tmp_path / "in.ipynb", "import time; time.sleep(1)")

    def stock():
        run = execute(write(tmp_path / "1.ipynb", "1"), tmp_path / "out.ipynb", template=source)
        return run.ok and run.kernel == "stock" and "a thread of its own (ticker)" in run.note

    with Template(errands=["threaded"], spares=1, env=env) as source:
        run = execute(notebook, tmp_path / "out.ipynb", template=source)
        assert run.ok, run.reason
        assert run.kernel == "forked"
        assert comes_true(stock)


def test_a_template_that_dies_is_started_again(tmp_path):
    notebook = write(tmp_path / "in.ipynb", "1")
    with Template(spares=1) as source:
        assert execute(notebook, tmp_path / "out.ipynb", template=source).kernel == "forked"
        first, folder = source.pid, Path(source.address).parent
        os.kill(first, signal.SIGKILL)
        assert execute(notebook, tmp_path / "out.ipynb", template=source).kernel == "forked"
        assert source.pid != first
        assert comes_true(lambda: not folder.exists())


def test_a_notebook_whose_template_dies_says_so(tmp_path):
    with Template(spares=0) as source:
        source.kernel().close()
        marker = tmp_path / "pid"
        kill = (
            f"import os, time\nopen({str(marker)!r}, 'w').write(str(os.getpid()))\n"
            f"os.kill({source.pid}, 9); time.sleep(60)"
        )
        notebook = write(tmp_path / "in.ipynb", kill)
        run = execute(notebook, tmp_path / "out.ipynb", template=source)

    assert isinstance(run.failure, KernelDiedError)
    assert run.reason == "The kernel died in cell 1: its template process ended first."
    assert comes_true(lambda: ended(int(marker.read_text())))


def test_a_spare_that_died_unseen_is_not_lent():
    with Template(spares=1) as source:
        end(source.kernel())
        process = psutil.Process(source.pid)
        assert comes_true(lambda: len(process.children()) == 1)
        (spare,) = process.children()
        spare.kill()
        lease = source.kernel()
        assert lease.pid != spare.pid
        assert end(lease).code == -signal.SIGKILL


def test_an_address_where_nobody_listens_means_a_stock_kernel(tmp_path):
    notebook = write(tmp_path / "in.ipynb", "1")
    run = execute(notebook, tmp_path / "out.ipynb", template=str(tmp_path / "nobody"))

    assert run.ok
    assert run.kernel == "stock"
    assert run.note.startswith("The template process does not answer.")


def test_where_nothing_can_be_forked_a_template_is_harmless(tmp_path, monkeypatch):
    monkeypatch.setattr(template, "can_fork", lambda: False)
    monkeypatch.setattr(papermill_engine, "can_fork", lambda: False)
    notebook = write(tmp_path / "in.ipynb", "1")
    with Template(modules=["pandas"]) as source:
        run = execute(notebook, tmp_path / "out.ipynb", template=source)

    assert run.ok
    assert run.kernel == "stock"
    assert run.note == "This system cannot fork a process safely, so kernels cannot be forked."


def test_a_closed_template_gives_no_more_kernels(tmp_path):
    source = Template().start()
    source.close()
    with pytest.raises(TemplateClosedError):
        execute(write(tmp_path / "in.ipynb", "1"), tmp_path / "out.ipynb", template=source)
    assert not (tmp_path / "out.ipynb").exists()


def test_a_long_temporary_folder_does_not_matter(tmp_path, monkeypatch):
    """A Unix socket's path may have 107 bytes."""
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    with Template(spares=0) as source:
        assert end(source.kernel()).code == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_template_runs_one_python_thread(forked):
    """Others would be missing in the kernels; OpenBLAS takes care of its own."""
    forked.kernel().close()
    names = {
        Path(f"/proc/{forked.pid}/task/{task}/comm").read_text()
        for task in os.listdir(f"/proc/{forked.pid}/task")
    }
    assert len(names) == 1


def test_the_template_has_the_options_of_the_stock_kernel() -> None:
    """Found without Jupyter's manager of specifications, and the same."""
    argv = KernelSpecManager().get_kernel_spec(NATIVE_KERNEL_NAME).argv
    assert template.native_options() == tuple(argv[1 : argv.index("-m")])


def test_the_options_are_those_of_the_specification_that_is_found_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kernels" / "python3"
    folder.mkdir(parents=True)
    argv = ["python", "-X", "dev", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    template.native_options.cache_clear()
    try:
        assert template.native_options() == ("-X", "dev")
    finally:
        template.native_options.cache_clear()
