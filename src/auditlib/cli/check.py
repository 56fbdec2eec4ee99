"""`auditlib check`: read and check every input, run nothing, list every problem at once."""

import argparse
import json
import sys

from auditlib import pipeline
from auditlib.cli.options import add_places, find_project
from auditlib.files.inputs import Inputs, check_registry
from auditlib.language import Language, Words
from auditlib.params import Sheet, load_round, unfinished
from auditlib.problems import InputError, Place, Problem, problem
from auditlib.tables import TABLES


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    add_places(parser)
    parser.add_argument(
        "--county", action="append", default=[], help="only this county; repeatable"
    )
    parser.add_argument("--json", action="store_true", help="the problems as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Print every problem of every file; 2 if there is one, 0 if not."""
    root = find_project(options.params)
    written, problems = unfinished(root / options.params, options.round)
    language: Language = options.language or written
    if not problems:
        _, opened, _ = load_round(root / options.params, options.round)
        for code in options.county or opened.counties:
            problems += check_county(code, options)
    elif not options.json:
        print(_LATER[language], file=sys.stderr)
    errors = [p for p in problems if p.severity == "error"]
    if options.json:
        listed = [
            {
                "kind": p.kind,
                "severity": p.severity,
                "file": p.place.file,
                "sheet": p.place.sheet,
                "row": p.place.row,
                "column": p.place.column,
                "says": p.says(language),
            }
            for p in problems
        ]
        print(json.dumps(listed, ensure_ascii=False, indent=1))
    else:
        for p in problems:
            print(("  " if p.severity == "note" else "✗ ") + p.says(language), file=sys.stderr)
        print(f"{len(errors)} problems, {len(problems) - len(errors)} notes.", file=sys.stderr)
    return 2 if errors else 0


_LATER = Words(
    "参数文件填好之后，再检查各表。",
    "The tables are read once the parameter files are complete.",
)


def check_county(code: str, options: argparse.Namespace) -> list[Problem]:
    """Return every problem of a county's parameter file and tables."""
    try:
        audit = pipeline.open_audit(code, options.round, options.params, options.outputs)
    except InputError as error:
        return list(error.problems)
    surveyed = audit.params.county.status == "surveyed"
    frame = ("villages", "groups", "registry_households", "registry_persons", "draws")
    inputs = audit.read(*(TABLES if surveyed else frame))
    problems = list(inputs.problems)
    problems += [
        _empty(audit.params.sheet(name), name)
        for name in frame
        if name != "draws" and name not in inputs.unreadable and _without_rows(inputs, name)
    ]
    if not set(inputs.unreadable) & set(frame):
        people = audit.params.county.populations
        file = f"params/counties/{code}.yaml"
        problems += check_registry(inputs, registered=people.registered, file=file)
    return problems


def _without_rows(inputs: Inputs, table: str) -> bool:
    """Say whether a table was found and has no row at all."""
    return any(count.table == table and count.read == 0 for count in inputs.counts)


def _empty(sheet: Sheet | None, table: str) -> Problem:
    row = TABLES[table].row
    place = Place(sheet.file, sheet.sheet) if sheet else Place(table)
    return problem("empty_table", place, row_zh=row.zh, row_en=row.en)
