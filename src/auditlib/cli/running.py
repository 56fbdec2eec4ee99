"""What `auditlib run` does once its kernels are on their way."""

import argparse
import sys
from itertools import islice
from pathlib import Path

import psutil

from auditlib.cli.options import find_project
from auditlib.cli.progress import Progress
from auditlib.execution.kernels import Template
from auditlib.execution.mirror import is_url
from auditlib.execution.places import Limits
from auditlib.execution.rounds import RoundRun, run_round, watch_round

FAILURES_TOLD = 25  # at the end; every one was told when it happened


def stay(options: argparse.Namespace, progress: Progress, template: Template | None) -> int:
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
        template=template,
    )
    for done in runs:
        _tell(done)
        print("Watching params, data and notebooks; Ctrl-C ends.", file=sys.stderr, flush=True)
    return 0


def run_once(options: argparse.Namespace, progress: Progress, template: Template | None) -> int:
    """Run the round, and return the exit code."""
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
            template=template,
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
    allowed = options.memory * 2**30 if options.memory else 0.75 * psutil.virtual_memory().available
    return Limits(options.timeout * 60 or None, int(allowed / options.jobs))


def _shown(index: str, here: Path) -> str:
    """Return the page to open as seen from here."""
    if is_url(index) or not Path(index).is_relative_to(here):
        return index
    return str(Path(index).relative_to(here))
