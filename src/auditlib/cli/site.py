"""`auditlib site`: build the site again from the notebooks that exist; publish what is public."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from auditlib import pipeline
from auditlib.cli.options import add_places, find_project
from auditlib.errors import AuditError
from auditlib.execution.places import site_of
from auditlib.language import Words
from auditlib.report.publishing import leaks, publish, undeclared
from auditlib.report.site import build_site


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    add_places(parser)
    parser.add_argument("folder", nargs="?", type=Path, help="outputs of a round")
    parser.add_argument(
        "--team",
        action="store_true",
        help="the team's own site, with full figures: team_site/ instead of site/",
    )
    parser.add_argument(
        "--publish",
        type=Path,
        metavar="DIR",
        help="copy what is public, and nothing else, to a new or empty folder",
    )


def run(options: argparse.Namespace) -> int:
    """Write every page anew and name the one to open; copy what is public if asked."""
    root = find_project(options.params)
    folder = options.folder or root / options.outputs / options.round
    opened = pipeline.open_round(folder.name, options.params, options.outputs, root=root)
    about = replace(site_of(opened), team=options.team and not options.publish)
    page = build_site(folder, about)
    if not options.publish:
        print(f"Open {page}")
        return 0
    return _publish(folder, options.publish)


def _publish(folder: Path, to: Path) -> int:
    """Copy the public files unless one of them holds what must not leave the team.

    Raises
    ------
    AuditError
        The folder holds something already.
    """
    if to.is_file() or (to.is_dir() and any(to.iterdir())):
        raise AuditError(
            Words(
                f"“{to.name}”已有内容；公开文件只复制到新建的或空的文件夹，请另起一个名字。",
                f"{to.name} is not empty; public files are copied to a new or empty folder only. "
                "Name another one.",
            )
        )
    found = leaks(folder)
    for name, number in found.items():
        print(f"{name}: {number} identifiers of households, visits or cases", file=sys.stderr)
    if found:
        print("Nothing was copied.", file=sys.stderr)
        return 1
    for name in undeclared(folder):
        print(f"{name}: no audience is declared; it stays with the team.", file=sys.stderr)
    number = publish(folder, to)
    print(f"{number} public files. Open {to / 'site/index.html'}")
    return 0
