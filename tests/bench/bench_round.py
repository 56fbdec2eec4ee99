"""How fast a round runs: against plain functions, papermill's API and its command.

    python tests/bench/bench_round.py [--repeats 5] [--counties 6] [--slow 6] [--lab PYTHON] [--way NAME]...

All ways run in turn on the real eight notebooks of the demonstration's counties and, but for
the plain functions, the consolidated report, each in new processes that start from nothing,
with two at work at a time where there are two.
`--lab` names a Python of an environment with JupyterLab (`make lab` makes one), in which our
run and the loop of the command take their turns as well and are compared with each other.
`--slow 1` runs one county by the slow ways, two by the API, of middle size, and scales it to all.
A turn before the first is not counted, so that Python has written what it compiles, as it has
for whoever does not use a tool for the first time.

Every turn is told on stderr as soon as it is over, so that a run broken off has told what
it has. Figures go to stdout as JSON, with ratios, and as a table for docs/benchmarks.md;
processor time counts everything started.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

ROOT = Path(__file__).parents[2]
ROUND = "jilin-2018-demo"
STAGES = (
    "01_sampling",
    "02_fieldwork",
    "03_findings",
    "04_indicators",
    "05_checks",
    "06_procedure",
    "07_rectification",
    "08_report",
)
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "1546300800",
    "PYTHONDONTWRITEBYTECODE": "",  # else every process compiles the house anew
}

# One process that calls the stage functions and renderings of its counties, without a kernel.
PLAIN = """
import ast, json, sys
from pathlib import Path
import nbformat
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_output
from auditlib import pipeline
from auditlib.execution import tidy
from auditlib.execution.places import Place, site_of
from auditlib.report import scraps
from auditlib.files.stages import STAGES
from auditlib.report.site import write_page

root, outputs, *counties = sys.argv[1:]
place = Place(Path(root), "params", outputs, "jilin-2018-demo")
site = site_of(place.open_round())
shell = InteractiveShell.instance()
shown = []

def show(value):
    data, metadata = shell.display_formatter.format(value)
    shown.append(new_output("display_data", json.loads(json.dumps(data, default=encode)), metadata=metadata))

def encode(content):
    import base64
    return base64.b64encode(content).decode()

scraps.glue = lambda stage, record, digests: json.dumps([record, digests])
scraps.glue_picture = lambda name, picture: show(picture)
open_audit = pipeline.open_audit
for county in counties:
    audit = open_audit(county, place.round, place.params, place.outputs, root=place.root)
    pipeline.open_audit = lambda *_: audit
    for stage in STAGES:
        notebook = nbformat.read(place.source(county, stage), as_version=4)
        names = {}
        for number, cell in enumerate(c for c in notebook.cells if c.cell_type == "code"):
            tree = ast.parse(cell.source)
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            shown.clear()
            exec(compile(tree, "cell", "exec"), names)
            if number == 0:
                names.update(place.parameters(county))
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
            if value is not None:
                show(value)
            cell.outputs = list(shown)
        tidy.write(place.kept(county, stage), tidy.tidy(notebook, place.root))
        write_page(place.folder / "site", site, notebook, county=county, stage=stage)
"""

# One process that runs its counties' notebooks by papermill's API.
API = """
import sys, papermill
root, outputs, notebooks, *counties = sys.argv[1:]
if not counties:
    papermill.execute_notebook(
        f"{notebooks}/consolidated.ipynb", f"{outputs}-consolidated.ipynb",
        {"outputs": outputs}, progress_bar=False, cwd=root)
for county in counties:
    for stage in %r:
        papermill.execute_notebook(
            f"{notebooks}/{stage}.ipynb", f"{outputs}-{county}-{stage}.ipynb",
            {"county": county, "outputs": outputs}, progress_bar=False, cwd=root)
"""

# Processor time of one notebook of one cell that does nothing, on a real forked kernel.
EMPTY = """
import json, sys, time
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from auditlib.execution.template import begin_template
from auditlib.execution.kernels import execute
from auditlib.report.html import notebook_page

kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
cells = [new_code_cell("1")]
path = sys.argv[1]
nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
number = 40
with begin_template(1) as template:
    for _ in range(3):
        execute(path, None, template=template)
    own = getrusage(RUSAGE_SELF); began = time.perf_counter()
    runs = [execute(path, None, template=template) for _ in range(number)]
    wall = (time.perf_counter() - began) / number
    now = getrusage(RUSAGE_SELF)
parent = (now.ru_utime + now.ru_stime - own.ru_utime - own.ru_stime) / number
kernels = sum(run.cpu for run in runs) / number
print(json.dumps({"parent": parent, "kernel": kernels, "cpu": parent + kernels, "wall": wall}))
"""

# Milliseconds of one page, over all notebooks of a finished round.
PAGES = """
import json, sys, time
from pathlib import Path
from statistics import mean, median
import nbformat
from auditlib.report.html import notebook_page
found = [nbformat.read(path, 4) for path in sorted(Path(sys.argv[1]).glob("[0-9]*/*.ipynb"))]
def seconds(notebook):
    began = time.process_time()
    notebook_page(notebook, language="zh", where="x", mark="m", links=[], up="../")
    return 1000 * (time.process_time() - began)
seconds(found[0])
taken = [seconds(notebook) for notebook in found]
print(json.dumps({"median": median(taken), "mean": mean(taken), "most": max(taken)}))
"""


def timed(commands: Sequence[Sequence[str]], cwd: Path) -> tuple[float, float]:
    """Run commands side by side; return wall and processor seconds, children's included."""
    before, began = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    env = {**os.environ, **ENVIRONMENT}
    with ExitStack() as stack:  # a file, since a pipe that is full would hold its process up
        files = [stack.enter_context(TemporaryFile()) for _ in commands]
        running = [
            subprocess.Popen(c, cwd=cwd, env=env, stdout=subprocess.DEVNULL, stderr=errors)
            for c, errors in zip(commands, files, strict=True)
        ]
        for process, errors in zip(running, files, strict=True):
            if process.wait():
                errors.seek(0)
                raise SystemExit(errors.read().decode()[-2000:])
    wall, after = time.perf_counter() - began, getrusage(RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def output_of(code: str, *arguments: str, cwd: Path) -> dict[str, float]:
    command = [sys.executable, "-c", code, *arguments]
    env = {**os.environ, **ENVIRONMENT}
    done = subprocess.run(command, cwd=cwd, env=env, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


Spent = tuple[float, float]
"""Wall and processor seconds."""

WHOLE = "outputs-1"
"""Results of our first run: of all counties, from which every way consolidates."""


class Ways:
    """The ways to run the same notebooks; each returns wall and processor seconds."""

    def __init__(self, project: Path, counties: Sequence[str], slow: int) -> None:
        self.project, self.counties, self.slow = project, list(counties), slow
        self.turn = 0

    def _middle(self, number: int) -> list[str]:
        """Return so many counties of middle size, by their input files."""
        data = self.project / "data" / ROUND

        def size(county: str) -> int:
            return sum(path.stat().st_size for path in (data / county).iterdir())

        ordered = sorted(self.counties, key=size)
        first = (len(ordered) - number) // 2
        return ordered[first : first + number]

    def _outputs(self) -> str:
        self.turn += 1
        return f"outputs-{self.turn}"

    def auditlib(self, python: str) -> Spent:
        """`auditlib run`, two kernels at a time, with site and consolidated report."""
        chosen = [part for county in self.counties for part in ("--county", county)]
        command = [python, "-m", "auditlib", "run", "--jobs", "2", "--outputs"]
        return timed([[*command, self._outputs(), *chosen]], self.project)

    def plain(self) -> Spent:
        """Stage functions and renderings called in two plain processes: the limit."""
        outputs = self._outputs()
        halves = [self.counties[::2], self.counties[1::2]]
        command = [sys.executable, "-c", PLAIN, str(self.project), outputs]
        return timed([[*command, *half] for half in halves if half], self.project)

    def api(self) -> Spent:
        """papermill's API in two processes."""
        some = self._middle(max(self.slow, 2))
        command = [sys.executable, "-c", API % (STAGES,), str(self.project)]
        outputs, notebooks = self._outputs(), str(ROOT / "notebooks")
        halves = [[*command, outputs, notebooks, *half] for half in (some[::2], some[1::2])]
        last = timed([[*command, WHOLE, notebooks]], self.project)
        return self._scaled(timed(halves, self.project), len(some), last)

    def command(self, python: str) -> Spent:
        """Call papermill's command in a shell loop, one notebook after the other."""
        papermill, outputs = str(Path(python).parent / "papermill"), self._outputs()
        total = [0.0, 0.0]
        for county in self._middle(self.slow):
            for stage in STAGES:
                given = ["-p", "county", county, "-p", "outputs", outputs]
                out = f"{outputs}-{county}-{stage}.ipynb"
                source = str(ROOT / "notebooks" / f"{stage}.ipynb")
                for i, spent in enumerate(timed([[papermill, source, out, *given]], self.project)):
                    total[i] += spent
        source = str(ROOT / "notebooks" / "consolidated.ipynb")
        given = ["-p", "outputs", WHOLE]
        last = timed([[papermill, source, f"{outputs}-consolidated.ipynb", *given]], self.project)
        return self._scaled((total[0], total[1]), self.slow, last)

    def pages(self) -> Spent:
        """Call nbconvert's command for the pages that papermill's loop leaves unmade."""
        convert = [str(Path(sys.executable).parent / "jupyter-nbconvert"), "--to", "html"]
        made = sorted(self.project.glob(f"outputs-{self.turn}-[0-9]*.ipynb"))
        each = [timed([[*convert, str(path)]], self.project) for path in made]
        total = (sum(wall for wall, _ in each), sum(cpu for _, cpu in each))
        return self._scaled(total, self.slow, (0.0, 0.0))

    def _scaled(self, spent: Spent, ran: int, last: Spent) -> Spent:
        """Scale what some counties took to all, and add what was spent once for the round."""
        share = len(self.counties) / ran
        return spent[0] * share + last[0], spent[1] * share + last[1]


def switch(project: Path, county: str) -> list[float]:
    """Return the seconds from a saved reading to the new page of the verdict, some times."""
    command = [sys.executable, "-m", "auditlib", "run", "--watch", "--county", county]
    command += ["--outputs", "outputs-watch"]
    page = project / "outputs-watch" / ROUND / "site" / county / "04_indicators.html"
    path = project / "params" / "rounds" / f"{ROUND}.yaml"
    saved = path.read_text("utf-8")
    taken = []
    env = {**os.environ, **ENVIRONMENT}
    with subprocess.Popen(
        command, cwd=project, env=env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as run:
        assert run.stderr is not None
        for option in ("raw", "expanded", "raw", "expanded", "raw"):
            for line in run.stderr:
                if line.startswith("Watching"):
                    break
            before = page.stat().st_mtime_ns
            override = f"overrides:\n- reason: a trial\n  readings: {{incidence: {option}}}\n"
            began = time.perf_counter()
            path.write_text(saved + override, "utf-8")
            while page.stat().st_mtime_ns == before:
                time.sleep(0.01)
            taken.append(time.perf_counter() - began)
        run.terminate()
        run.stderr.read()
    path.write_text(saved, "utf-8")
    return taken


OURS, LAB = "auditlib", "_lab"
"""Name of our way, and what names of ways in the environment with JupyterLab end with."""

Turns = dict[str, list[Spent]]
"""What every turn took, by way."""


def tell(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def summed(spent: Turns) -> dict[str, Any]:
    """Return medians of the ways and, turn by turn, their ratios to ours beside them."""
    ratios: dict[str, dict[str, Any]] = {}
    for name, way in spent.items():
        ours = spent[OURS + LAB if name.endswith(LAB) else OURS]
        pairs = list(zip(way, ours, strict=True))
        by_clock = [theirs[0] / mine[0] for theirs, mine in pairs]
        ratios[name] = {
            "wall": round(median(by_clock), 2),
            "cpu": round(median(theirs[1] / mine[1] for theirs, mine in pairs), 2),
            "turns": [round(ratio, 2) for ratio in by_clock],
        }
    seconds = {
        name: {
            "wall": round(median(wall for wall, _ in way), 2),
            "cpu": round(median(cpu for _, cpu in way), 2),
        }
        for name, way in spent.items()
    }
    return {"seconds": seconds, "ratios": ratios}


def as_markdown(found: Mapping[str, Any]) -> str:
    """Return the ways as a table."""
    lines = ["| Way | wall, s | processor, s | wall, of ours | in the turns | processor, of ours |"]
    lines.append("|---|---|---|---|---|---|")
    for name, seconds in found["seconds"].items():
        ratio = found["ratios"][name]
        turns = f"{min(ratio['turns'])} – {max(ratio['turns'])}"
        cells = (seconds["wall"], seconds["cpu"], ratio["wall"], turns, ratio["cpu"])
        lines.append(f"| {name} | " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--counties", type=int, default=6)
    parser.add_argument("--slow", type=int, default=6)
    parser.add_argument("--lab")
    parser.add_argument("--way", action="append", default=[], help="only this; ours among them")
    options = parser.parse_args()
    with TemporaryDirectory() as scratch:
        project = Path(scratch)
        timed([[sys.executable, "-m", "auditlib", "demo", "--out", scratch]], project)
        counties = sorted(p.stem for p in (project / "params/counties").glob("*.yaml"))
        ways = Ways(project, counties[: options.counties], options.slow)
        table: dict[str, Callable[[], Spent]] = {
            OURS: lambda: ways.auditlib(sys.executable),
            "plain": ways.plain,
            "papermill_api": ways.api,
            "papermill_command": lambda: ways.command(sys.executable),
            "nbconvert_command": ways.pages,
        }
        if options.lab:
            table[OURS + LAB] = lambda: ways.auditlib(options.lab)
            table["papermill_command" + LAB] = lambda: ways.command(options.lab)
        table = {name: way for name, way in table.items() if name in options.way or not options.way}
        spent: Turns = {name: [] for name in table}
        for turn in range(options.repeats + 1):
            for name, way in table.items():
                wall, cpu = way()
                spent[name] += [(wall, cpu)] if turn else []
                told = f"turn {turn}" if turn else "not counted"
                tell(f"{told}: {name} {wall:.1f} s, processor {cpu:.1f} s")
            if turn:
                tell(json.dumps(summed(spent)))
        found = summed(spent)
        found["empty_notebook"] = output_of(EMPTY, f"{scratch}/empty.ipynb", cwd=project)
        found["page_milliseconds"] = output_of(
            PAGES, str(project / "outputs-1" / ROUND), cwd=project
        )
        tell(json.dumps(found))
        found["switch_seconds"] = round(median(switch(project, counties[0])), 2)
        found["repeats"], found["counties"], found["slow"] = (
            options.repeats,
            len(ways.counties),
            options.slow,
        )
        print(json.dumps(found, indent=1))
        print(as_markdown(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
