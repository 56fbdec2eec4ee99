"""`auditlib run`: execute the notebooks once per county, then the consolidated report."""

import argparse
import signal
import sys
from itertools import islice
from pathlib import Path
from typing import Any

from auditlib.cli.options import add_places, find_project
from auditlib.cli.progress import Progress, interruptible
from auditlib.execution.mirror import is_url
from auditlib.execution.places import Limits
from auditlib.execution.rounds import RoundRun, run_round, watch_round
from auditlib.report.page import STAGES

FAILURES_TOLD = 25  # at the end; every one was told when it happened
MINUTES = 30.0  # that one notebook may take, unless told otherwise


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    add_places(parser)
    parser.add_argument(
        "--county", action="append", default=[], help="only this county; repeatable"
    )
    parser.add_argument(
        "--stage",
        action="append",
        default=[],
        choices=list(STAGES),
        help="only this stage; repeatable",
    )
    parser.add_argument("--jobs", type=_count, default=2, help="kernels at work at the same time")
    parser.add_argument(
        "--memory",
        type=float,
        metavar="GiB",
        help="most memory for all kernels together, each its share; default: three quarters of "
        "what is free",
    )
    parser.add_argument(
        "--timeout",
        type=float,
        default=MINUTES,
        metavar="MINUTES",
        help="longest time for one notebook; 0 for no limit",
    )
    parser.add_argument(
        "--scheduler",
        default="",
        metavar="tcp://HOST:8786",
        help="run the counties on the workers of this dask scheduler",
    )
    parser.add_argument(
        "--project",
        metavar="URL",
        help="the project behind a URL such as s3://bucket/project; --outputs may be a URL too",
    )
    parser.add_argument("--kernel", choices=("forked", "stock"), default="forked")
    parser.add_argument(
        "--watch", action="store_true", help="stay, and run again whenever a file is saved"
    )
    parser.add_argument("--force", action="store_true", help="run what is done already as well")


def run(options: argparse.Namespace) -> int:
    """Run the round, show how it goes, and name the page to open."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    progress = Progress(language=options.language or "en")
    again = _watch if options.watch else _run
    return interruptible(lambda: again(options, progress), progress)


def _watch(options: argparse.Namespace, progress: Progress) -> int:
    """Run again whenever a file is saved, until Ctrl-C."""
    runs = watch_round(
        find_project(options.params),
        options.round,
        params=options.params,
        outputs=options.outputs,
        counties=options.county,
        jobs=options.jobs,
        limits=_limits(options),
        watch=progress,
    )
    for done in runs:
        _tell(done)
        print("Watching params, data and notebooks; Ctrl-C ends.", file=sys.stderr, flush=True)
    return 0


def _run(options: argparse.Namespace, progress: Progress) -> int:
    try:
        done = run_round(
            options.project or find_project(options.params),
            options.round,
            params=options.params,
            outputs=options.outputs,
            counties=options.county,
            stages=options.stage,
            jobs=options.jobs,
            scheduler=options.scheduler,
            kernel=options.kernel,
            limits=_limits(options),
            force=options.force,
            watch=progress,
        )
    finally:
        progress.close()
    return _tell(done)


def _tell(done: RoundRun) -> int:
    """Say how the round went, and return the exit code."""
    print(f"{done.ran} notebooks run, {done.skipped} already done.", file=sys.stderr)
    for code, failure in islice(done.failures.items(), FAILURES_TOLD):
        where = f"cell {failure.cell}" if failure.cell else "no cell"
        print(f"{code or 'round'} {failure.stage}, {where}: {failure.reason}", file=sys.stderr)
    if (more := len(done.failures) - FAILURES_TOLD) > 0:
        print(f"{more} more failed: see failures.json and the start page.", file=sys.stderr)
    print(f"Open {_shown(done.index, Path.cwd())}")
    return 1 if done.failures else 0


def _limits(options: argparse.Namespace) -> Limits:
    """Return the limits of one notebook: all kernels together keep to the memory allowed."""
    import psutil

    allowed = options.memory * 2**30 if options.memory else 0.75 * psutil.virtual_memory().available
    return Limits(options.timeout * 60 or None, int(allowed / options.jobs))


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _as_interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def _shown(index: str, here: Path) -> str:
    """Return the page to open as seen from here."""
    if is_url(index) or not Path(index).is_relative_to(here):
        return index
    return str(Path(index).relative_to(here))
