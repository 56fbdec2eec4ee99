"""Run a round: every county's notebooks in order, then the consolidated report and the site.

A notebook that fails stops its county only. What is already done from the same
inputs, parameters and code is not done again.
"""

import json
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from auditlib.errors import AuditError
from auditlib.execution import resume
from auditlib.execution.cluster import connect, run_on_cluster
from auditlib.execution.county import CountyRun
from auditlib.execution.events import Event, StoppedRoundError, Watch
from auditlib.execution.job import Job, fetch_round, publish_round, run_job
from auditlib.execution.kept import Kernels, open_kernels, run_notebook
from auditlib.execution.kernels import Template
from auditlib.execution.log import RUN_LOG, RunLog
from auditlib.execution.mirror import Mirror, is_url
from auditlib.execution.places import KernelKind, Limits, Place, site_of
from auditlib.files.stages import STAGES
from auditlib.files.writing import write_text
from auditlib.language import Words
from auditlib.pipeline.consolidate import FAILURES
from auditlib.report.consolidated import Failure
from auditlib.report.site import SiteRound, write_index

__all__ = ["Event", "Limits", "RoundRun", "StoppedRoundError", "run_round", "watch_round"]


NO_LIMITS = Limits()


@dataclass(frozen=True)
class RoundRun:
    """How a round went: notebooks run and skipped, failures by county, the page to open."""

    ran: int
    skipped: int
    failures: dict[str, Failure]
    index: str


def run_round(
    project: Path | str,
    round: str,
    *,
    params: str = "params",
    outputs: str = "outputs",
    counties: Sequence[str] = (),
    stages: Sequence[str] = (),
    jobs: int = 2,
    scheduler: str = "",
    kernel: KernelKind = "forked",
    limits: Limits = NO_LIMITS,
    force: bool = False,
    watch: Watch = lambda event: None,
    template: Template | None = None,
) -> RoundRun:
    """Run the notebooks of a round.

    Parameters
    ----------
    project
        The project's folder, or its URL.
    round
        Name of a file in `params/rounds/`.
    params, outputs
        Folders below the project; `outputs` may be a URL of its own.
    counties, stages
        Only these; all of the round if empty. Stages run in the plan's order.
    jobs
        Kernels at work at the same time on this machine.
    scheduler
        Address of a dask scheduler whose workers run the counties instead.
    kernel
        `forked`, or `stock` for a new kernel process each.
    limits
        What one notebook may use.
    force
        Run what is already done as well.
    watch
        Is told what happens, from several threads.
    template
        Of the kernels, if it was begun before; it ends with the run.

    Raises
    ------
    StoppedRoundError
        On Ctrl-C; the notebooks that are finished are kept, and the next run goes on.
    """
    ordered = tuple(stage for stage in STAGES if stage in stages or not stages)
    home = str(project) if is_url(str(project)) else str(Path(project).absolute())
    job = Job(home, outputs, params, round, ordered, kernel, limits, force)
    with job.open() as (place, mirror):
        if mirror:
            mirror.fetch(f"{params}/counties")
            mirror.fetch_results(f"{round}/{RUN_LOG}")
        log = RunLog(place.folder / RUN_LOG, watch)
        with open_kernels(kernel, limits, jobs=jobs, place=place, template=template) as kernels:
            if not scheduler:
                return _run_here(job, place, mirror, kernels, counties, jobs, log)
            chosen = _plan(job, place, counties, log)
            with connect(scheduler) as client:
                runs = run_on_cluster(client, job, chosen, log)
                return _finish(job, place, mirror, kernels, runs, chosen, log)


def watch_round(
    root: Path,
    round: str,
    *,
    params: str,
    outputs: str,
    counties: Sequence[str],
    jobs: int,
    limits: Limits,
    watch: Watch,
    template: Template | None = None,
) -> Iterator[RoundRun]:
    """Run a round, and again whenever one of its files is saved; the kernels stay warm.

    See `run_round` for the parameters. It never ends by itself.
    """
    job = Job(str(root.absolute()), outputs, params, round, tuple(STAGES), "forked", limits, False)
    with (
        job.open() as (place, _),
        open_kernels("forked", limits, jobs=jobs, place=place, template=template) as held,
    ):
        data = place.root / place.open_round().record.inputs.folder
        log = RunLog(place.folder / RUN_LOG, watch)
        while True:
            before = _saved(place, data, counties)
            try:
                yield _run_here(job, place, None, held, counties, jobs, log)
            except AuditError as error:  # a file that was saved with a mistake in it
                told = Words(error.says("zh"), error.says("en"))
                log(Event("", "round", "failed", told))
                held.again()
            looked = 0.0
            while True:
                time.sleep(max(LOOK, REST * looked))
                began = time.monotonic()
                if _saved(place, data, counties) != before:
                    break
                looked = time.monotonic() - began


LOOK = 0.1  # seconds between two looks at whether a file was saved, at the least
REST = 20  # times as long as a look takes, in a round of many files


def _saved(place: Place, data: Path, counties: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return time and size of every file on which the results of the counties depend."""
    folders = [place.root / place.params, place.root / "notebooks"]
    folders += [path for path in data.glob("*") if not counties or path.name in counties]
    found = {}
    for folder in folders:
        for path in folder.rglob("*"):
            with suppress(FileNotFoundError):
                status = path.stat()
                found[str(path)] = (status.st_mtime_ns, status.st_size)
    return found


def _open_at_once(jobs: int) -> int:
    """Return how many counties are open: while one writes its page, another has the kernel.

    Twice as many as kernels, so that at the end of a round all kernels are at work for as long
    as can be. A single job is one county after the other.
    """
    return 2 * jobs if jobs > 1 else 1


def _run_here(
    job: Job,
    place: Place,
    mirror: Mirror | None,
    kernels: Kernels,
    counties: Sequence[str],
    jobs: int,
    log: RunLog,
) -> RoundRun:
    """Run counties side by side on this machine."""
    chosen = _plan(job, place, counties, log)
    resume.digest_once()

    def one(county: str) -> CountyRun:
        try:
            return run_job(job, kernels, county, log)
        except OSError as error:  # a full disk, a folder that nobody may write: its own county's
            name = Path(str(error.filename or "")).name
            return CountyRun(county, 0, 0, Failure("county", None, f"{error.strerror}: {name}."))

    largest = _largest_first(place, chosen)
    runs = side_by_side(one, largest, threads=_open_at_once(jobs), halt=kernels.halt)
    return _finish(job, place, mirror, kernels, runs, chosen, log)


def _plan(job: Job, place: Place, counties: Sequence[str], watch: Watch) -> list[str]:
    """Return the counties to run, and tell how many notebooks that is at most."""
    chosen = choose(site_of(place.open_round()), counties)
    most = len(chosen) * len(job.stages) + 1
    watch(Event("", "", "planned", notebooks=most, counties=len(chosen)))
    return chosen


UNPACKED = {".csv": 5}
"""How many times as large a file is as a workbook of the same rows."""


def _largest_first(place: Place, counties: Sequence[str]) -> list[str]:
    """Return the counties by the size of their inputs, so that the last ones end together."""
    data = place.root / place.open_round().record.inputs.folder

    def size(county: str) -> float:
        files = [path for path in (data / county).glob("*") if path.is_file()]
        return sum(path.stat().st_size / UNPACKED.get(path.suffix.lower(), 1) for path in files)

    return sorted(counties, key=size, reverse=True)


def _finish(
    job: Job,
    place: Place,
    mirror: Mirror | None,
    kernels: Kernels,
    runs: Generator[CountyRun],
    chosen: Sequence[str],
    log: RunLog,
) -> RoundRun:
    """Collect the counties as they finish, then make what is of the round as a whole."""
    try:
        with closing(runs):  # whatever ends it, the others are stopped before anything is closed
            ran, skipped, failures = _collect(runs)
        if mirror:
            fetch_round(mirror, place)
        known = _known_failures(place.folder, keep=chosen)
        failures = {**known, **failures}
        did, order, index = finish(place, kernels, failures, force=job.force, watch=log)
    except KeyboardInterrupt:
        kernels.halt()
        log.stopped()
        raise StoppedRoundError from None
    ran, skipped = ran + did, skipped + 1 - did
    log.close(ran=ran, skipped=skipped, failed=len(order))
    if mirror:
        publish_round(mirror, place)
    shown = f"{job.results}/{place.round}/site/index.html" if mirror else str(index)
    return RoundRun(ran, skipped, order, shown)


def _collect(runs: Iterable[CountyRun]) -> tuple[int, int, dict[str, Failure]]:
    """Return how many notebooks ran and were skipped, and the failures by county."""
    failures: dict[str, Failure] = {}
    ran = skipped = 0
    for run in runs:
        ran, skipped = ran + run.ran, skipped + run.skipped
        if run.failure:
            failures[run.county] = run.failure
    return ran, skipped, failures


def choose(site: SiteRound, counties: Sequence[str]) -> list[str]:
    """Return the counties to run, all of the round if none is named.

    Raises
    ------
    AuditError
        The round has no such county.
    """
    for code in counties:
        if code not in site.counties:
            some = list(site.counties)[:20]
            more = " …" if len(site.counties) > len(some) else ""
            raise AuditError(
                Words(
                    f"本轮没有 {code} 县；有：{'、'.join(some)}{more}。",
                    f"The round has no county {code}; it has {', '.join(some)}{more}.",
                )
            )
    return list(dict.fromkeys(counties)) or list(site.counties)


def side_by_side(
    one: Callable[[str], CountyRun],
    counties: Sequence[str],
    *,
    threads: int,
    halt: Callable[[], None],
) -> Generator[CountyRun]:
    """Yield the counties as they finish; if that is ended early, `halt` the others and wait."""
    # Not `concurrent.futures.wait`: it takes the locks of all counties, one after the other, and
    # a Ctrl-C in between would leave some of them locked for ever.
    ended: SimpleQueue[Future[CountyRun]] = SimpleQueue()
    with ThreadPoolExecutor(max_workers=threads) as pool:
        try:
            for county in counties:
                pool.submit(one, county).add_done_callback(ended.put)
            for _ in counties:
                yield _first(ended).result()
        except BaseException:
            halt()
            pool.shutdown(cancel_futures=True)
            raise


PULSE = 0.2  # seconds after which a signal is heard that another thread was given


def _first(ended: SimpleQueue[Future[CountyRun]]) -> Future[CountyRun]:
    """Wait for the next county, and hear a signal meanwhile whichever thread received it."""
    while True:
        with suppress(Empty):
            return ended.get(timeout=PULSE)


def finish(
    place: Place,
    kernels: Kernels,
    failures: Mapping[str, Failure],
    *,
    force: bool,
    watch: Watch,
) -> tuple[int, dict[str, Failure], Path]:
    """Make the consolidated report unless it is done, and the start page.

    Returns
    -------
    tuple
        Notebooks run (0 or 1), all failures in the order of the round, the start page.
    """
    opened = place.open_round()
    site = site_of(opened)
    order = {code: failures[code] for code in site.counties if code in failures}
    told = {code: asdict(failure) for code, failure in order.items()}
    write_text(place.folder / FAILURES, json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    origin = resume.round_origin(place, opened)
    why = resume.why_consolidate(place, origin)
    if why is None and not force:
        watch(Event("", "consolidated", "skipped", resume.UNCHANGED))
        return 0, order, write_index(place.folder, site)
    again = why or resume.WANTED
    made = run_notebook(
        place, kernels, site, county="", stage="consolidated", watch=watch, why=again
    )
    if made.ok:
        resume.mark_consolidated(place, origin)
    else:
        order[""] = Failure("consolidated", made.cell, made.reason)
    return 1, order, write_index(place.folder, site)


def _known_failures(folder: Path, *, keep: Sequence[str]) -> dict[str, Failure]:
    """Return the failures of earlier runs of counties that are not run now."""
    path = folder / FAILURES
    if not path.is_file():
        return {}
    found = json.loads(path.read_text("utf-8"))
    return {code: Failure(**values) for code, values in found.items() if code not in set(keep)}
