"""`auditlib intake`: exports of ODK, KoboToolbox, SurveyCTO or Excel into a county's tables."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from auditlib import pipeline
from auditlib.cli.options import add_places
from auditlib.fieldwork.intake import SOURCES, by_import
from auditlib.files.imports import FOLDER
from auditlib.files.writing import write_workbook
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.intake import Intake, read_mapping, take_in
from auditlib.problems import Problem
from auditlib.report.intake import intake_sheets
from auditlib.report.page import SYNTHETIC

WORKBOOK = "reconciliation.xlsx"
SHOWN = 20  # problems on the screen; the workbook has all


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument(
        "exports",
        nargs="+",
        type=Path,
        metavar="EXPORT",
        help=".zip, .csv or .xlsx; a main table and its repeats are given together",
    )
    parser.add_argument("--county", required=True, metavar="CODE", help="a file in params/counties")
    add_places(parser)
    parser.add_argument("--source", choices=SOURCES, default="", help="default: found out")
    parser.add_argument(
        "--map",
        type=Path,
        metavar="FILE",
        help="columns heading, table, column: where the answers of a form of your own go",
    )
    parser.add_argument("--json", action="store_true", help="the reconciliation as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Take the export in and say what became of every row; 1 if some are set aside."""
    audit = pipeline.open_audit(options.county, options.round, options.params, options.outputs)
    mapping = read_mapping(options.map) if options.map else []
    done = take_in(audit, options.exports, source=options.source, mapping=mapping)
    path = _write(audit, done)
    language = options.language or audit.params.round.language
    if options.json:
        json.dump([asdict(line) for line in done.lines], sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        _print(done, language, path)
    return 1 if done.quarantined else 0


def _write(audit: Audit, done: Intake) -> Path:
    last = done.imports[-1] if done.imports else None
    sheets = intake_sheets(
        done.lines,
        by_import(done.imports, done.settled),
        done.problems,
        last.headings if last else (),
        done.settled,
    )
    path = audit.root / audit.params.folder() / FOLDER / WORKBOOK
    mark = SYNTHETIC if audit.params.round.synthetic else ""
    write_workbook(path, sheets, mark=mark, title=audit.params.county.name.zh)
    return path


def _print(done: Intake, language: str, path: Path) -> None:
    if not done.new:
        print("This export was taken in before; nothing changes.", file=sys.stderr)
    widths = (22, 14, 9, 9, 12, 11)
    heads = ("table", "version", "exported", "accepted", "quarantined", "superseded")
    print("".join(head.ljust(width) for head, width in zip(heads, widths, strict=True)))
    for line in done.lines:
        cells = (
            line.table,
            line.version or "-",
            line.exported,
            line.accepted,
            line.quarantined,
            line.superseded,
        )
        print("".join(str(c).ljust(width) for c, width in zip(cells, widths, strict=True)))
    print(_told_of_logs(done, language))
    for _, _, found in done.problems[:SHOWN]:
        _say(found, language)
    if len(done.problems) > SHOWN:
        print(f"… and {len(done.problems) - SHOWN} more in the workbook", file=sys.stderr)
    print(f"Open {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")


def _say(found: Problem, language: str) -> None:
    print("✗ " + found.says("zh" if language == "zh" else "en"), file=sys.stderr)


def _told_of_logs(done: Intake, language: str) -> str:
    """Return what became of the tablets' logs, or that the export has none."""
    logs = done.imports[-1].logs if done.imports else ()
    events, unused = sum(u.events for u in logs), sum(u.unused for u in logs)
    if language == "zh":
        none = "导出中没有平板日志（audit），用时检查无从进行。"
        return (
            f"平板日志 {len(logs)} 个，事件 {events} 条，其中 {unused} 条不涉及用时。"
            if logs
            else none
        )
    if not logs:
        return "No log of the tablets (audit) in the export: times of questions are not checked."
    return f"{len(logs)} logs of the tablets, {events} events, {unused} of them without a time."
