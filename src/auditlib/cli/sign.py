"""`auditlib sign`: sign a finished run of a county, for the next run to compare its ledger with."""

import argparse
import sys

from auditlib import pipeline
from auditlib.cli.options import add_places, find_project
from auditlib.files.signed import name_of


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    add_places(parser)
    parser.add_argument("--county", required=True, help="six-digit code")
    parser.add_argument(
        "--reason", default="", help="why events were entered with a day before the last signed run"
    )


def run(options: argparse.Namespace) -> int:
    """Sign one county's run and print the digest, to be put on paper."""
    root = find_project(options.params)
    audit = pipeline.open_audit(
        options.county, options.round, options.params, options.outputs, root=root
    )
    signed = pipeline.sign(audit, reason=options.reason)
    print(
        f"Signed run {signed.number} of {signed.county}: {len(signed.events)} events, "
        f"{len(signed.results)} results; {name_of(signed.number)}.",
        file=sys.stderr,
    )
    print(signed.digest)
    return 0
