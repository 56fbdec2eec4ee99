"""Run a round: every county's notebooks in order, then the consolidated report and the site.

A notebook that fails stops its county only. What is already done from the same
inputs, parameters and code is not done again.
"""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from auditlib import pipeline
from auditlib.errors import AuditError
from auditlib.execution import tidy
from auditlib.execution.kernels import Run, Template, can_fork, execute
from auditlib.files.writing import write_text
from auditlib.language import Words
from auditlib.pipeline.consolidate import FAILURES
from auditlib.pipeline.store import DONE
from auditlib.report.consolidated import Failure
from auditlib.report.page import STAGES, SYNTHETIC, numbered
from auditlib.report.site import SiteRound, write_index, write_page

MODULES = (
    "auditlib.pipeline",
    "auditlib.report.sampling",
    "auditlib.report.fieldwork",
    "auditlib.report.findings",
    "auditlib.report.indicators",
    "auditlib.report.checks",
    "auditlib.report.procedure",
    "auditlib.report.rectification",
    "auditlib.report.county",
    "auditlib.report.consolidated",
)
"""What every notebook needs, imported once before the first kernel is forked."""

SHIPPED = Path(__file__).parents[3] / "notebooks"
"""The project's notebooks, for a round in a folder that has none of its own."""

ENVIRONMENT = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "1546300800"}


@dataclass(frozen=True)
class Event:
    """Something to show while the round runs: `state` is started, done, skipped or failed."""

    county: str
    stage: str
    state: str
    seconds: float = 0.0
    reason: str = ""


@dataclass(frozen=True)
class RoundRun:
    """How a round went: notebooks run and skipped, failures by county, the page to open."""

    ran: int
    skipped: int
    failures: dict[str, Failure]
    index: Path


Watch = Callable[[Event], None]


@dataclass(frozen=True)
class _Where:
    """The places of one round, and how its notebooks are run."""

    root: Path
    params: str
    outputs: str
    round: str
    site: SiteRound
    template: Template | None
    force: bool

    @property
    def folder(self) -> Path:
        return self.root / self.outputs / self.round

    def source(self, name: str) -> Path:
        own = self.root / "notebooks" / f"{name}.ipynb"
        return own if own.is_file() else SHIPPED / f"{name}.ipynb"

    def parameters(self, county: str) -> dict[str, str]:
        given = {"round": self.round, "params": self.params, "outputs": self.outputs}
        return {"county": county, **given} if county else given


def run_round(
    root: Path,
    round: str,
    *,
    params: str = "params",
    outputs: str = "outputs",
    counties: Sequence[str] = (),
    stages: Sequence[str] = (),
    jobs: int = 2,
    kernel: str = "forked",
    force: bool = False,
    watch: Watch = lambda event: None,
) -> RoundRun:
    """Run the notebooks of a round.

    Parameters
    ----------
    root
        The project's folder.
    round
        Name of a file in `params/rounds/`.
    params, outputs
        Folders below the root.
    counties, stages
        Only these; all of the round if empty.
    jobs
        Kernels at work at the same time.
    kernel
        `forked`, or `stock` for a new kernel process each.
    force
        Run what is already done as well.
    watch
        Is told what happens, from several threads.
    """
    opened = pipeline.open_round(round, params, outputs, root=root)
    site = SiteRound(
        name=round,
        language=opened.record.language,
        mark=SYNTHETIC if opened.record.synthetic else "",
        title=opened.record.title,
        counties=opened.names,
    )
    chosen = list(counties) or list(opened.names)
    for code in chosen:
        if code not in opened.names:
            raise AuditError(
                Words(
                    f"本轮没有 {code} 县；有：{'、'.join(opened.names)}。",
                    f"The round has no county {code}; it has {', '.join(opened.names)}.",
                )
            )
    if kernel == "forked" and can_fork():
        with Template(modules=MODULES, spares=jobs, env=ENVIRONMENT) as template:
            where = _Where(root, params, outputs, round, site, template, force)
            return _run(where, chosen, list(stages) or list(STAGES), jobs, watch)
    where = _Where(root, params, outputs, round, site, None, force)
    return _run(where, chosen, list(stages) or list(STAGES), jobs, watch)


def _run(
    where: _Where, counties: list[str], stages: list[str], jobs: int, watch: Watch
) -> RoundRun:
    failures: dict[str, Failure] = _known_failures(where.folder, keep=counties)
    ran = skipped = 0
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        pending: set[Future[tuple[str, int, int, Failure | None]]] = {
            pool.submit(_county, where, code, stages, watch) for code in counties
        }
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                code, did, left, failure = future.result()
                ran, skipped = ran + did, skipped + left
                if failure:
                    failures[code] = failure
    order = {code: failures[code] for code in where.site.counties if code in failures}
    told = {code: asdict(failure) for code, failure in order.items()}
    write_text(where.folder / FAILURES, json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    run = _notebook(where, "", "consolidated", watch)
    if not run.ok:
        order[""] = Failure("consolidated", run.cell, run.reason)
    return RoundRun(ran + 1, skipped, order, write_index(where.folder, where.site))


def _known_failures(folder: Path, *, keep: list[str]) -> dict[str, Failure]:
    """Return the failures of earlier runs of counties that are not run now."""
    path = folder / FAILURES
    if not path.is_file():
        return {}
    found = json.loads(path.read_text("utf-8"))
    return {code: Failure(**values) for code, values in found.items() if code not in keep}


def _county(
    where: _Where, county: str, stages: list[str], watch: Watch
) -> tuple[str, int, int, Failure | None]:
    """Run the stages of a county in order until one fails."""
    ran = skipped = 0
    for stage in stages:
        if not where.force and _is_done(where, county, stage):
            skipped += 1
            watch(Event(county, stage, "skipped"))
            continue
        run = _notebook(where, county, stage, watch)
        ran += 1
        if not run.ok:
            return county, ran, skipped, Failure(stage, run.cell, run.reason)
    return county, ran, skipped, None


def _notebook(where: _Where, county: str, stage: str, watch: Watch) -> Run:
    """Run one notebook, keep it tidied, and write its page."""
    watch(Event(county, stage, "started"))
    name = numbered(stage) if county else stage
    path = where.folder / county / f"{name}.ipynb"
    with TemporaryDirectory() as scratch:
        raw = Path(scratch) / "run.ipynb"
        run = execute(
            where.source(name),
            raw,
            where.parameters(county),
            template=where.template,
            cwd=where.root,
            env=None if where.template else ENVIRONMENT,
        )
        notebook = tidy.tidy(nbformat.read(raw, as_version=4), where.root)
    tidy.write(path, notebook)
    write_page(where.folder / "site", where.site, notebook, county=county, stage=stage)
    if run.ok and county:
        _mark_done(where, county, stage)
    watch(
        Event(
            county,
            stage,
            "done" if run.ok else "failed",
            run.seconds,
            run.reason,
        )
    )
    return run


def _digests(where: _Where, county: str, stage: str) -> dict[str, str]:
    """Return what a finished notebook was made from, and what it is."""
    audit = pipeline.open_audit(county, where.round, where.params, where.outputs, root=where.root)
    kept = where.folder / county / f"{numbered(stage)}.ipynb"
    return {
        "key": pipeline.stage_key(audit, stage),
        "source": sha256(where.source(numbered(stage)).read_bytes()).hexdigest(),
        "notebook": sha256(kept.read_bytes()).hexdigest() if kept.is_file() else "",
    }


def _mark_done(where: _Where, county: str, stage: str) -> None:
    path = where.folder / county / numbered(stage) / DONE
    write_text(path, json.dumps(_digests(where, county, stage), indent=1) + "\n")


def _is_done(where: _Where, county: str, stage: str) -> bool:
    """Say whether a notebook was made from just these inputs, and is still as it was made."""
    path = where.folder / county / numbered(stage) / DONE
    page = where.folder / "site" / county / f"{numbered(stage)}.html"
    if not path.is_file() or not page.is_file():
        return False
    try:
        return bool(json.loads(path.read_text("utf-8")) == _digests(where, county, stage))
    except AuditError:  # the notebook itself will tell what is wrong with the input
        return False
