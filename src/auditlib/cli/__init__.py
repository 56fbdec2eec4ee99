"""`auditlib …`: one command for people and scripts.

Sentences go to stderr, results to stdout or files. Exit codes: 0 done and nothing
wrong; 1 the answer is no; 2 the input cannot be used, with every problem listed.
"""

import argparse
import sys
from collections.abc import Sequence
from types import ModuleType

from auditlib.cli import check, demo, estimate, forms, run, site
from auditlib.errors import AuditError

COMMANDS: dict[str, tuple[ModuleType, str, str]] = {
    "demo": (demo, "make a complete synthetic round", "auditlib demo --out demo"),
    "check": (check, "check every input, run nothing", "auditlib check --county 220821"),
    "run": (run, "execute the notebooks of a round", "auditlib run --county 220821 --jobs 2"),
    "estimate": (
        estimate,
        "one design-based figure from any table",
        "auditlib estimate visits.csv --statistic ratio --variable wrong --per persons",
    ),
    "forms": (forms, "write the questionnaires as XLSForms", "auditlib forms --out forms"),
    "site": (site, "build the reviewers' site again", "auditlib site outputs/jilin-2018-demo"),
}
"""Every command: its module, what it does, an example."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    root = argparse.ArgumentParser(prog="auditlib", description=__doc__)
    root.add_argument("--language", choices=("zh", "en"), default=None, help="language of messages")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, says, example) in COMMANDS.items():
        sub = commands.add_parser(name, help=says, description=f"{says}. Example: {example}")
        module.add(sub)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    options = parser().parse_args(arguments)
    try:
        code: int = COMMANDS[options.command][0].run(options)
        return code
    except BrokenPipeError:  # whoever read the results has seen enough
        sys.stderr.close()
        return 0
    except AuditError as error:
        print(error.says(options.language or "en"), file=sys.stderr)
        return 2
