"""Run one notebook, and keep what it became: tidied, and as a page.

The notebook goes from the kernel to its file and its page without being read again.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event as Flag
from threading import Semaphore

from auditlib.execution import tidy
from auditlib.execution.events import Event, StoppedRoundError, Watch
from auditlib.execution.kernels import (
    KernelDiedError,
    KernelStartError,
    Run,
    Template,
    execute,
)
from auditlib.execution.places import KernelKind, Limits, Place
from auditlib.execution.template import ENVIRONMENT, begin_template
from auditlib.language import Words
from auditlib.pipeline.audit import DRAWER
from auditlib.report.site import SiteRound, write_page

NO_FORK = Words(
    "本系统不能安全地分叉进程",
    "This system cannot fork a process safely, so kernels cannot be forked.",
)

TRIES = 2  # for a kernel that something outside the notebook ended


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
    kind
        Which kernels are wanted.
    seats
        For as many notebooks as may run at the same time.
    """

    template: Template | None
    limits: Limits
    drawer: Path
    stop: Flag
    kind: KernelKind
    seats: Semaphore

    def halt(self) -> None:
        """Stop all notebooks at once; who waits for a kernel waits no longer."""
        self.stop.set()
        if self.template:
            self.template.close()

    def again(self) -> None:
        """Let notebooks run again after a halt."""
        self.stop.clear()
        if self.template:
            self.template.start()

    def go_on(self) -> None:
        """Raise `StoppedRoundError` if the run was stopped."""
        if self.stop.is_set():
            raise StoppedRoundError

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables of a kernel."""
        return {**ENVIRONMENT, DRAWER: str(self.drawer)}


@contextmanager
def open_kernels(
    kernel: KernelKind,
    limits: Limits,
    *,
    jobs: int,
    place: Place | None = None,
    template: Template | None = None,
) -> Iterator[Kernels]:
    """Hold what all notebooks of a run share; nothing of it is left afterwards.

    A `template` that was begun before is taken over, else one is begun here. At most
    `jobs` notebooks run at the same time, and as many kernels are ready ahead of need.
    """
    if kernel == "forked" and template is None:
        here = (place.root / place.params, place.round) if place else ()
        template = begin_template(jobs, *here)
    with template or nullcontext(), TemporaryDirectory(prefix="auditlib-") as drawer:
        yield Kernels(template, limits, Path(drawer), Flag(), kernel, Semaphore(jobs))


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
    with kernels.seats:
        kernels.go_on()
        watch(Event(county, stage, "started", why))
        for attempt in range(1, TRIES + 1):
            run = _execute(place, kernels, county, stage)
            if not run.ok:
                kernels.go_on()
            if kernels.kind == "forked" and run.kernel == "stock":
                note = Words(run.note or "", run.note or "") if kernels.template else NO_FORK
                watch(Event(county, stage, "stock", note))
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
    kernels.go_on()
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
