"""A notebook must not be able to tell a forked kernel from a stock one."""

import json
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context

import nbformat
import papermill
import pytest
from jupyter_client.manager import start_new_kernel
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from auditlib.execution.kernels import (
    CellFailedError,
    Template,
    can_fork,
    execute,
)

pytestmark = pytest.mark.skipif(not can_fork(), reason="needs os.fork")

MODULES = ["pandas", "matplotlib.pyplot", "seaborn", "scrapbook"]
SAME_BYTES = {"PYTHONHASHSEED": "0", "IPYKERNEL_CELL_NAME": "cell"}
PYTEST = "PYTEST_CURRENT_TEST"  # where it is set, ipykernel listens to less
KERNEL = {"name": "python3", "language": "python", "display_name": "Python 3"}

EVERY_KIND_OF_OUTPUT = [
    "import sys, os, threading, warnings, multiprocessing, asyncio, subprocess",
    "# A title",
    "print('text'); print('errors', file=sys.stderr); sum(range(seed))",
    "import pandas as pd\ntable = pd.DataFrame({'a': [1, 2], 'b': ['x', None]})\ntable",
    "display(table.describe(), {'plain': [1, 2]})",
    "from IPython.display import HTML, Markdown, SVG\ndisplay(Markdown('*md*')); HTML('<b>b</b>')",
    "import matplotlib.pyplot as plt\nimport seaborn as sns\n"
    "fig, ax = plt.subplots()\nsns.barplot(table, x='b', y='a', ax=ax); ax.set_title('title');",
    "fig",
    "plt.plot([1, 3, 2]);",
    "%matplotlib inline\nplt.figure(); plt.plot([3, 1]); plt.show(); print('after')",
    "import scrapbook as sb\nsb.glue('rate', 0.25); sb.glue('names', ['a', 'b'])",
    "warnings.warn('careful'); warnings.warn('old', DeprecationWarning)",
    "!echo from the shell; echo and its errors >&2; exit 3",
    "import time; os.system('echo from os.system'); time.sleep(0.3); _exit_code",
    "subprocess.run(['echo', 'from a process'], check=True, capture_output=True)",
    "t = threading.Thread(target=print, args=('from a thread',)); t.start(); t.join()",
    "with multiprocessing.get_context('fork').Pool(2) as pool:\n    print(pool.map(abs, [-1, -2]))",
    "await asyncio.sleep(0.01)\nawait asyncio.gather(*(asyncio.sleep(0, i) for i in range(3)))",
    "try:\n    input('name? ')\nexcept Exception as error:\n    print(type(error).__name__, error)",
    "%%bash\necho from bash",
    "d = display('first', display_id='d')\nd.update('second')",
    "from IPython.display import clear_output\nprint('gone'); clear_output(); print('stays')",
    "from tqdm.auto import tqdm; tqdm.__module__",
    "sorted({'set', 'of', 'words'}, key=hash), hash('word')",
    "%timeit?\n",
    "Out[4], In[4], _",
]

STATE = """
import asyncio, gc, getpass, json, locale, logging, os, re, resource, signal, sys, threading
ip = get_ipython()
numbers = lambda text: re.sub(r"\\d+", "N", str(text))
print(json.dumps({
    "path": sys.path, "flags": str(sys.flags), "options": str(sys._xoptions),
    "cwd": os.getcwd(), "executable": sys.executable,
    "env": {k: v for k, v in os.environ.items() if k != "JPY_PARENT_PID"},
    "signals": {s.name: str(signal.getsignal(s)) for s in signal.Signals
                if s.name not in ("SIGKILL", "SIGSTOP")},
    "leader": [os.getpgid(0) == os.getpid(), os.getsid(0) == os.getpid()],
    "limits": {r: resource.getrlimit(getattr(resource, r))
               for r in dir(resource) if r.startswith("RLIMIT_")},
    "threads": sorted(numbers(t.name) for t in threading.enumerate()),
    "hooks": [str(getattr(sys, h)).split(" at ")[0] for h in ("excepthook", "displayhook")],
    "streams": [str(type(s)) for s in (sys.stdin, sys.stdout, sys.stderr, sys.__stdout__)],
    "main": [__name__, sorted(globals()), str(sys.modules["__main__"].__spec__)],
    "history": [str(ip.history_manager.hist_file), str(ip.history_manager.dir_hist)],
    "gc": [gc.isenabled(), gc.get_threshold()], "loop": str(type(asyncio.get_event_loop())),
    "config": re.sub("'connection_file': '.*?'", "", str(ip.config)),
    "events": {name: len(calls) for name, calls in ip.events.callbacks.items()},
    "root": [logging.root.level, len(logging.root.handlers)], "locale": locale.getlocale(),
    "magics": sorted(ip.magics_manager.magics["line"]), "umask": os.umask(0o22),
}, default=str))
"""

FAILING = [
    "import json\ndef read(text):\n    return json.loads(text)",
    "print('before'); read('{')",
    "print('never run')",
]


@pytest.fixture(scope="module")
def forked():
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(PYTEST, raising=False)
        with Template(MODULES, spares=1, env=SAME_BYTES) as source:
            yield source


def write(path, sources):
    cells = [
        new_markdown_cell(source) if source.startswith("# A title") else new_code_cell(source)
        for source in ["seed = 1", *sources]
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    cells[0].metadata["tags"] = ["parameters"]
    notebook = new_notebook(
        cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}}
    )
    nbformat.write(notebook, path)
    return path


def timeless(path):
    """Return the notebook's JSON without times, paths, and ids of added cells."""
    notebook = json.loads(path.read_text())
    for key in ("input_path", "output_path", "start_time", "end_time", "duration"):
        del notebook["metadata"]["papermill"][key]
    for cell in notebook["cells"]:
        cell.pop("id")
        cell["metadata"].pop("execution", None)
        for key in ("start_time", "end_time", "duration"):
            cell["metadata"].get("papermill", {}).pop(key, None)
    return json.dumps(notebook, indent=1)


def test_forked_and_stock_kernels_write_the_same_bytes(forked, tmp_path, monkeypatch):
    monkeypatch.delenv(PYTEST)
    notebook = write(tmp_path / "in.ipynb", EVERY_KIND_OF_OUTPUT)
    run = partial(execute, notebook, parameters={"seed": 5}, env=SAME_BYTES, cwd=tmp_path)

    one = run(tmp_path / "forked.ipynb", template=forked)
    two = run(tmp_path / "stock.ipynb", template=None)

    assert (one.kernel, two.kernel) == ("forked", "stock")
    assert (one.reason, two.reason) == ("", "")
    assert timeless(tmp_path / "forked.ipynb") == timeless(tmp_path / "stock.ipynb")


def test_papermill_itself_writes_the_same_bytes(forked, tmp_path, monkeypatch):
    """papermill's own engine, with its record of a cell that raises an exception."""
    monkeypatch.delenv(PYTEST)
    notebook = write(tmp_path / "in.ipynb", FAILING)
    execute(notebook, tmp_path / "forked.ipynb", {"seed": 5}, template=forked, env=SAME_BYTES)
    for name, value in SAME_BYTES.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(papermill.PapermillExecutionError):
        papermill.execute_notebook(
            str(notebook), str(tmp_path / "stock.ipynb"), {"seed": 5}, progress_bar=False
        )

    assert timeless(tmp_path / "forked.ipynb") == timeless(tmp_path / "stock.ipynb")


def test_forked_and_stock_kernels_see_the_same_process_around_them(forked, tmp_path, monkeypatch):
    monkeypatch.delenv(PYTEST)
    notebook = write(tmp_path / "in.ipynb", [STATE])
    seen = []
    for source in (forked, None):
        output = tmp_path / f"{source}.ipynb".replace("/", "_")
        run = execute(
            notebook, output, template=source, cwd=tmp_path, env={**SAME_BYTES, "EXTRA": "\udc80"}
        )
        assert run.ok, run.reason
        seen.append(json.loads(nbformat.read(output, 4).cells[-1].outputs[0].text))

    one, two = seen
    assert one == two


def test_kernels_share_neither_variables_nor_randomness_nor_keys(forked, tmp_path):
    source = (
        "import numpy, random, os, pandas\nnew = not hasattr(pandas, 'mark')\npandas.mark = 1\n"
        "print([new, os.getpid(), random.random(), numpy.random.random(), "
        "get_ipython().kernel.session.key.decode(), get_ipython().kernel.session.session])"
    )
    notebook = write(tmp_path / "in.ipynb", [source])
    seen = []
    for number in range(3):
        output = tmp_path / f"{number}.ipynb"
        assert execute(notebook, output, template=forked).ok
        seen.append(eval(nbformat.read(output, 4).cells[-1].outputs[0].text))

    assert all(row[0] for row in seen)
    for column in range(1, 6):
        assert len({row[column] for row in seen}) == 3


def test_figures_appear_when_the_template_itself_has_drawn(tmp_path):
    """The inline backend ties itself to the shell on import, which came too early here."""
    notebook = write(tmp_path / "in.ipynb", ["import matplotlib.pyplot as plt\nplt.plot([1, 2])"])
    modules = ["matplotlib.pyplot", "matplotlib_inline.backend_inline"]
    with Template(modules, spares=0) as source:
        run = execute(notebook, tmp_path / "out.ipynb", template=source)

    assert run.ok
    outputs = nbformat.read(tmp_path / "out.ipynb", 4).cells[-1].outputs
    assert "image/png" in outputs[-1].data


def test_threads_can_run_notebooks_side_by_side(forked, tmp_path):
    notebook = write(
        tmp_path / "in.ipynb", ["import os; print(os.path.basename(os.getcwd()), seed)"]
    )

    def run(number):
        folder = tmp_path / f"county{number}"
        folder.mkdir()
        return execute(notebook, folder / "o.ipynb", {"seed": number}, template=forked, cwd=folder)

    with ThreadPoolExecutor(3) as pool:
        runs = list(pool.map(run, range(6)))

    assert [run.reason for run in runs] == [""] * 6
    for number in range(6):
        output = nbformat.read(tmp_path / f"county{number}" / "o.ipynb", 4).cells[-1].outputs[0]
        assert output.text == f"county{number} {number}\n"


def test_other_processes_can_use_the_template_by_its_address(forked, tmp_path):
    notebook = write(tmp_path / "in.ipynb", ["1 / 0"])
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        job = pool.submit(
            execute, notebook, tmp_path / "out.ipynb", template=forked.address, env=SAME_BYTES
        )
        run = job.result()

    assert run.kernel == "forked"
    assert isinstance(run.failure, CellFailedError)
    assert run.reason == "The code raised ZeroDivisionError in cell 2: division by zero."
    with pytest.raises(CellFailedError, match="in cell 2"):
        run.check()


def test_the_run_says_what_it_used(forked, tmp_path):
    notebook = write(tmp_path / "in.ipynb", ["block = bytearray(300 * 2**20)"])
    run = execute(notebook, tmp_path / "out.ipynb", template=forked)

    assert run.ok
    assert run.peak > 300 * 2**20
    assert run.cpu > 0
    assert run.seconds > 0
    assert run.note is None


def test_papermill_on_the_command_line_can_fork(tmp_path):
    """With a template of its own, which ends with it."""
    notebook = write(tmp_path / "in.ipynb", ["print(get_ipython().parent.parent.transport)"])
    command = [sys.executable, "-m", "papermill", str(notebook), str(tmp_path / "out.ipynb")]
    done = subprocess.run([*command, "--engine", "forked", "-p", "seed", "7"], capture_output=True)

    assert done.returncode == 0, done.stderr.decode()
    assert nbformat.read(tmp_path / "out.ipynb", 4).cells[-1].outputs[0].text == "ipc\n"


def test_a_kernel_specification_can_name_the_provisioner(forked, tmp_path, monkeypatch):
    folder = tmp_path / "kernels" / "quick"
    folder.mkdir(parents=True)
    spec = {
        "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Quick",
        "language": "python",
        "metadata": {"kernel_provisioner": {"provisioner_name": "forked"}},
    }
    (folder / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("FORKED_KERNEL_SOCKET", forked.address)

    manager, client = start_new_kernel(kernel_name="quick")
    try:
        reply = client.execute("6 * 7", reply=True, timeout=20)
        assert reply["content"]["status"] == "ok"
        assert manager.provisioner.lease.pid > 0
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
    assert not manager.is_alive()


def test_the_entry_point_imports_nothing():
    """papermill loads it while papermill itself is imported."""
    code = (
        "import sys, auditlib.execution.kernels.engine as engine\n"
        "heavy = {'papermill', 'nbclient', 'zmq', 'jupyter_client', 'psutil'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "import papermill.engines as engines\n"
        "assert engines.papermill_engines.get_engine('forked') is engine.ForkedEngine\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
