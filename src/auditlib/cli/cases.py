"""`auditlib cases`: the list of cases out and in, the ledger on record, its state at a day."""

import argparse
import csv
import sys
from pathlib import Path

from auditlib import pipeline
from auditlib.cli.options import add_places, day, find_project
from auditlib.pipeline import ledger


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    out = tasks.add_parser("list", help="write the workbook 问题清单, one row a case")
    out.add_argument("--out", type=Path, help="default: 问题清单-<county>.xlsx")
    take = tasks.add_parser("take", help="read the filled workbook and add its events")
    take.add_argument("file", type=Path, help="the workbook, filled by the team")
    record = tasks.add_parser("record", help="put the ledger on record; it only grows from here")
    record.add_argument("--day", type=day, help="default: the round's as_of")
    state = tasks.add_parser("state", help="print every case as it stood at a day, as CSV")
    state.add_argument("--day", type=day, help="default: the round's as_of")
    for task in (out, take, record, state):
        add_places(task)
        task.add_argument("--county", required=True, help="six-digit code")


def run(options: argparse.Namespace) -> int:
    """Do one task for one county."""
    root = find_project(options.params)
    audit = pipeline.open_audit(
        options.county, options.round, options.params, options.outputs, root=root
    )
    until = getattr(options, "day", None) or audit.params.round.as_of
    match options.task:
        case "list":
            path = options.out or Path(f"问题清单-{audit.params.county.code}.xlsx")
            path.write_bytes(pipeline.case_list(audit))
            print(path)
        case "take":
            count = ledger.take(audit, options.file)
            print(f"{count} events added to the ledger.", file=sys.stderr)
        case "record":
            count, head = ledger.put_on_record(audit, until)
            print(f"{count} events put on record. Last link: {head}", file=sys.stderr)
        case "state":
            table = ledger.state_at(audit, until)
            csv.writer(sys.stdout).writerows([table.columns, *table.itertuples(index=False)])
    return 0
