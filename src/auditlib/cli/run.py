"""`auditlib run`: execute the notebooks once per county, then the consolidated report."""

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from auditlib.cli.options import add_places, find_project
from auditlib.execution.rounds import Event, run_round
from auditlib.report.page import STAGES


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
    parser.add_argument("--jobs", type=int, default=2, help="kernels at work at the same time")
    parser.add_argument("--kernel", choices=("forked", "stock"), default="forked")
    parser.add_argument("--force", action="store_true", help="run what is done already as well")


def run(options: argparse.Namespace) -> int:
    """Run the round with a progress bar, and name the page to open."""
    root = find_project(options.params)
    bar = tqdm(total=None, unit="notebook", disable=not sys.stderr.isatty(), file=sys.stderr)

    def watch(event: Event) -> None:
        name = f"{event.county or '–'} {event.stage}"
        if event.state == "started":
            bar.set_postfix_str(name)
            return
        bar.update()
        if event.state == "failed":
            tqdm.write(f"✗ {name}: {event.reason}", file=sys.stderr)
        elif bar.disable:
            print(f"{event.state} {name}", file=sys.stderr)

    done = run_round(
        root,
        options.round,
        params=options.params,
        outputs=options.outputs,
        counties=options.county,
        stages=options.stage,
        jobs=options.jobs,
        kernel=options.kernel,
        force=options.force,
        watch=watch,
    )
    bar.close()
    print(f"{done.ran} notebooks run, {done.skipped} already done.", file=sys.stderr)
    for code, failure in done.failures.items():
        where = f"cell {failure.cell}" if failure.cell else "no cell"
        print(f"{code or 'round'} {failure.stage}, {where}: {failure.reason}", file=sys.stderr)
    print(f"Open {_shown(done.index, Path.cwd())}")
    return 1 if done.failures else 0


def _shown(path: Path, here: Path) -> str:
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
