"""`auditlib run`: execute the notebooks once per county, then the consolidated report."""

import argparse
import signal
from contextlib import nullcontext
from importlib import import_module
from typing import Any

from auditlib.cli.options import add_places, find_project
from auditlib.cli.progress import Progress, interruptible
from auditlib.cycles import spare, uncollected
from auditlib.execution.template import PUT_OFF, begin_template
from auditlib.files.stages import STAGES

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
    return interruptible(lambda: _run(options, progress), progress)


def _run(options: argparse.Namespace, progress: Progress) -> int:
    template = None
    if options.kernel == "forked":
        params = None if options.project else find_project(options.params) / options.params
        template = begin_template(options.jobs, params, options.round)
    with template or nullcontext():
        # Imported now and not above: it takes seconds, in which the template does the same.
        with uncollected():
            import_module(PUT_OFF)
            from auditlib.cli.running import run_once, stay

            spare()  # what was imported stays: to look through it at the exit takes a second
        return (stay if options.watch else run_once)(options, progress, template)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _as_interrupt(*_: Any) -> None:
    raise KeyboardInterrupt
