"""`auditlib …`: one command for people and scripts.

Sentences go to stderr, results to stdout or files. Exit codes: 0 done and nothing
wrong; 1 the answer is no; 2 the input cannot be used, with every problem listed.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from auditlib.errors import AuditError

COMMANDS: dict[str, tuple[str, str, str]] = {
    "demo": ("demo", "make a complete synthetic round", "auditlib demo --out demo"),
    "new": (
        "new",
        "the empty round for real use: parameter files and workbooks to fill in",
        "auditlib new --out my-project --county 220822 --round my-round",
    ),
    "check": ("check", "check every input, run nothing", "auditlib check --county 220821"),
    "cases": (
        "cases",
        "the list of cases out and in, the ledger on record",
        "auditlib cases list --county 220821",
    ),
    "run": ("run", "execute the notebooks of a round", "auditlib run --county 220821 --jobs 2"),
    "estimate": (
        "estimate",
        "one design-based figure from any table",
        "auditlib estimate visits.csv --statistic ratio --variable wrong --per persons",
    ),
    "forms": ("forms", "write the questionnaires as XLSForms", "auditlib forms --out forms"),
    "size": (
        "size",
        "the sample size that a precision needs",
        "auditlib size --share 0.02 --margin 0.01",
    ),
    "draw": (
        "draw",
        "the plain draw from any list",
        "auditlib draw villages.csv --seed 41827093:73199024651887 --stage village --n 30",
    ),
    "commit": (
        "register:Commit",
        "publish the digests of frame, design and nonce before the draw",
        "auditlib commit --round my-round --county 220822",
    ),
    "number": (
        "register:Number",
        "enter the public number drawn before witnesses",
        "auditlib number 41827093 --round my-round --county 220822 --witnesses 公证员",
    ),
    "reveal": (
        "register:Reveal",
        "reveal the nonce after the field work",
        "auditlib reveal --round my-round --county 220822",
    ),
    "redraw": (
        "redraw",
        "repeat a published draw and name what differs",
        "auditlib redraw outputs/jilin-2018-demo/220821",
    ),
    "key": ("sealing:Key", "make a team leader's key", "auditlib key leader-1.key"),
    "seal": (
        "sealing:Seal",
        "seal the sample in batches for team leaders",
        "auditlib seal --round my-round --county 220822",
    ),
    "open": (
        "sealing:Open",
        "open a sealed batch on its day, and log it",
        "auditlib open 220822-first-1.age --round my-round --county 220822 --key leader-1.key "
        "--to 第一组组长 --by 评估队长 --reason 到县后启封",
    ),
    "disclose": (
        "sealing:Disclose",
        "log what the county was told of a batch",
        "auditlib disclose 1 --round my-round --county 220822 --to 县扶贫办 --by 评估队长 "
        "--reason 安排入村",
    ),
    "pdf": (
        "pdf",
        "the papers as PDF, where LibreOffice is installed",
        "auditlib pdf --round my-round --county 220822",
    ),
    "intake": (
        "intake",
        "take exports of ODK, KoboToolbox, SurveyCTO or Excel into a county's tables",
        "auditlib intake household.csv.zip --county 220821",
    ),
    "sign": (
        "sign",
        "sign a finished run; the next one names every past event altered since",
        "auditlib sign --county 220821",
    ),
    "site": (
        "site",
        "build the site again; publish what is public",
        "auditlib site outputs/jilin-2018-demo --publish public",
    ),
}
"""Every command: its module below `auditlib.cli` (and class), what it does, an example."""


def _command(name: str) -> Any:
    """Return a command, whose module is not imported before it is wanted."""
    module, _, part = COMMANDS[name][0].partition(":")
    found = import_module(f"auditlib.cli.{module}")
    return getattr(found, part) if part else found


def parser(wanted: str = "") -> argparse.ArgumentParser:
    """Return the parser of the command line; only the wanted command has its options."""
    root = argparse.ArgumentParser(prog="auditlib", description=__doc__)
    root.add_argument("--language", choices=("zh", "en"), default=None, help="language of messages")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_, says, example) in COMMANDS.items():
        sub = commands.add_parser(name, help=says, description=f"{says}. Example: {example}")
        if name == wanted:
            _command(name).add(sub)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    wanted = next((word for word in given if word in COMMANDS), "")
    options = parser(wanted).parse_args(given)
    try:
        code: int = _command(wanted).run(options)
        return code
    except BrokenPipeError:  # whoever read the results has seen enough
        sys.stderr.close()
        return 0
    except AuditError as error:
        print(error.says(options.language or "en"), file=sys.stderr)
        return 2
