"""`auditlib …`: one command for people and scripts.

Sentences go to stderr, results to stdout or files. Exit codes: 0 done and nothing
wrong; 1 the answer is no; 2 the input cannot be used, with every problem listed.
"""

import argparse
import sys
from collections.abc import Sequence

from auditlib.cli import demo
from auditlib.errors import AuditError

COMMANDS = {
    "demo": (demo, "make a complete synthetic round", "auditlib demo --out /tmp/demo"),
}
"""Every command: its module, what it does, an example."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    root = argparse.ArgumentParser(prog="auditlib", description=__doc__)
    root.add_argument("--language", choices=("zh", "en"), default="en", help="language of messages")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, says, example) in COMMANDS.items():
        sub = commands.add_parser(name, help=says, description=f"{says}. Example: {example}")
        module.add(sub)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    options = parser().parse_args(arguments)
    try:
        return COMMANDS[options.command][0].run(options)
    except AuditError as error:
        print(error.says(options.language), file=sys.stderr)
        return 2
