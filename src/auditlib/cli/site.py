"""`auditlib site`: build the reviewers' site again from the notebooks that exist."""

import argparse
from pathlib import Path

from auditlib import pipeline
from auditlib.cli.options import add_places, find_project
from auditlib.execution.places import site_of
from auditlib.report.site import build_site


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    add_places(parser)
    parser.add_argument("folder", nargs="?", type=Path, help="outputs of a round")


def run(options: argparse.Namespace) -> int:
    """Write every page anew and name the one to open."""
    root = find_project(options.params)
    folder = options.folder or root / options.outputs / options.round
    opened = pipeline.open_round(folder.name, options.params, options.outputs, root=root)
    print(f"Open {build_site(folder, site_of(opened))}")
    return 0
