"""Options that several commands share."""

import argparse
from datetime import date
from pathlib import Path

from auditlib.demo.round import ROUND
from auditlib.files.root import find_root


def add_places(parser: argparse.ArgumentParser) -> None:
    """Add the round and the folders of parameters and results."""
    parser.add_argument("--round", default=ROUND, help="name of a file in params/rounds/")
    parser.add_argument("--params", default="params", help="folder of the parameter files")
    parser.add_argument("--outputs", default="outputs", help="folder that receives the results")


def add_counties(parser: argparse.ArgumentParser) -> None:
    """Add the choice of counties."""
    parser.add_argument(
        "--county", action="append", default=[], metavar="CODE", help="only this; repeatable"
    )


def find_project(params: str) -> Path:
    """Return the project's folder, from the working directory upward.

    Raises
    ------
    AuditError
        No folder has the parameters.
    """
    return find_root(Path.cwd(), params)


def day(text: str) -> date:
    """Return the day of an option, written 2019-02-20."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it 2019-02-20") from error
