"""Run one notebook, and keep what it became: tidied, and as a page.

The notebook goes from the kernel to its file and its page without being read again.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event as Flag

from auditlib.execution import tidy
from auditlib.execution.events import Event, Watch
from auditlib.execution.kernels import (
    KernelDiedError,
    KernelStartError,
    Run,
    StoppedError,
    Template,
    can_fork,
    execute,
)
from auditlib.execution.places import KernelKind, Limits, Place
from auditlib.execution.rehearsal import ROUND
from auditlib.language import Words
from auditlib.pipeline.audit import DRAWER
from auditlib.report.site import SiteRound, write_page

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

REHEARSALS = ("auditlib.execution.rehearsal:play",)

ENVIRONMENT = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "1546300800"}

TRIES = 2  # for a kernel that something outside the notebook ended


class StoppedRoundError(Exception):
    """The run was stopped before its end; what is finished is kept."""


@dataclass(frozen=True)
class Kernels:
    """How notebooks get their kernels.

    Attributes
    ----------
    template
        To fork from; None for a stock kernel each.
    limits
        Of one notebook.
    drawer
        Folder in which notebooks share what they have read.
    stop
        Once set, no notebook is begun and those that run are stopped.
    """

    template: Template | None
    limits: Limits
    drawer: Path
    stop: Flag

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables of a kernel."""
        return {**ENVIRONMENT, DRAWER: str(self.drawer)}


def make_template(spares: int, place: Place | None = None) -> Template:
    """Return the template of all kernels, with `spares` kept ready ahead of need."""
    env = dict(ENVIRONMENT)
    if place:
        env[ROUND] = json.dumps([str(place.root / place.params), place.round])
    return Template(modules=MODULES, rehearsals=REHEARSALS, spares=spares, env=env)


@contextmanager
def open_kernels(
    kernel: KernelKind, limits: Limits, *, spares: int, place: Place | None = None
) -> Iterator[Kernels]:
    """Hold what all notebooks of a run share; nothing of it is left afterwards."""
    template = make_template(spares, place) if kernel == "forked" and can_fork() else None
    with template or nullcontext(), TemporaryDirectory(prefix="auditlib-") as drawer:
        yield Kernels(template, limits, Path(drawer), Flag())


def run_notebook(
    place: Place,
    kernels: Kernels,
    site: SiteRound,
    *,
    county: str,
    stage: str,
    watch: Watch,
    why: Words,
) -> Run:
    """Run one notebook, keep it tidied, and write its page.

    A kernel that was ended from outside, or that could not start, is tried once more;
    a notebook that failed by itself would only fail again.

    Raises
    ------
    StoppedRoundError
        If the run was stopped; the notebook that was kept before stays.
    """
    watch(Event(county, stage, "started", why))
    for attempt in range(1, TRIES + 1):
        run = _execute(place, kernels, county, stage)
        if isinstance(run.failure, StoppedError) or kernels.stop.is_set():
            raise StoppedRoundError
        if attempt == TRIES or not _may_help(run):
            break
        watch(_event(county, stage, "retried", run))
    if not run.ok and _may_help(run):
        run = replace(run, reason=f"{run.reason.removesuffix('.')}, in each of {TRIES} attempts.")
    notebook = tidy.tidy(run.notebook, place.root)
    tidy.write(place.kept(county, stage), notebook)
    write_page(place.folder / "site", site, notebook, county=county, stage=stage)
    watch(_event(county, stage, "done" if run.ok else "failed", run))
    return run


def _execute(place: Place, kernels: Kernels, county: str, stage: str) -> Run:
    if kernels.stop.is_set():
        raise StoppedRoundError
    return execute(
        place.source(county, stage),
        None,
        place.parameters(county),
        template=kernels.template,
        cwd=place.root,
        env=kernels.environment,
        notebook_timeout=kernels.limits.seconds,
        memory_limit=kernels.limits.memory,
        stop=kernels.stop,
    )


def _may_help(run: Run) -> bool:
    """Say whether another try may end better."""
    failure = run.failure
    return isinstance(failure, KernelStartError) or (
        isinstance(failure, KernelDiedError) and failure.outside
    )


def _event(county: str, stage: str, state: str, run: Run) -> Event:
    return Event(
        county,
        stage,
        state,  # type: ignore[arg-type]
        Words(run.reason, run.reason),
        run.cell,
        run.seconds,
        run.cpu,
        run.peak,
    )
