"""`auditlib draw`: the plain draw from anyone's list: the smallest tickets of every stratum."""

import argparse
import csv
import json
import sys
from pathlib import Path

from auditlib.errors import AuditError, SelectionError
from auditlib.files.workbooks import read_csv
from auditlib.language import Words
from auditlib.problems import InputError, Place, problem
from auditlib.sampling.commitment import nonce_notes
from auditlib.sampling.draw import canonical, canonical_units, draw, ticket

COLUMNS = ("within", "rank", "id", "ticket", "role")


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("frame", type=Path, metavar="FRAME.csv", help="a row for every unit")
    parser.add_argument("--seed", required=True, help="public number and nonce, say 41827093:7315…")
    parser.add_argument("--stage", required=True, metavar="NAME", help="village, household, …")
    parser.add_argument("--n", type=int, required=True, help="units to draw (in every stratum)")
    parser.add_argument("--within", metavar="COLUMN", help="strata: N units of every value")
    parser.add_argument("--id", metavar="COLUMN", help="identifiers; the first column if not given")
    parser.add_argument(
        "--reserves", type=int, metavar="R", help="reserves to list; all that are left if not given"
    )
    parser.add_argument("--json", action="store_true", help="the rows as JSON")


def run(options: argparse.Namespace) -> int:
    """Print every drawn unit with its ticket, and the reserves in their order."""
    if options.n < 1:
        raise SelectionError.out_of_range("n", options.n, expected="n >= 1")
    if options.reserves is not None and options.reserves < 0:
        raise SelectionError.out_of_range("reserves", options.reserves, expected="reserves >= 0")
    strata = _strata(options)
    rows: list[dict[str, str | int]] = []
    refused: list[SelectionError] = []
    for stratum, units in strata.items():
        try:
            rows += _stratum(stratum, units, options)
        except SelectionError as error:
            refused.append(error)
    if refused:
        lines = [Words(error.says("zh"), error.says("en")) for error in refused]
        raise AuditError(Words("\n".join(w.zh for w in lines), "\n".join(w.en for w in lines)))
    for warning in nonce_notes(options.seed):
        print(warning.says(options.language or "en"), file=sys.stderr)
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    columns = COLUMNS if options.within else COLUMNS[1:]
    out = csv.DictWriter(sys.stdout, columns, lineterminator="\n", extrasaction="ignore")
    out.writeheader()
    out.writerows(rows)
    return 0


def _stratum(
    stratum: str, units: list[str], options: argparse.Namespace
) -> list[dict[str, str | int]]:
    """Return the drawn units and the reserves of one stratum, smallest ticket first."""
    n = options.n
    spare = len(units) - n if options.reserves is None else options.reserves
    many = max(n, min(n + spare, len(units)))
    order = draw(units, many, stage=options.stage, stratum=stratum, seed=options.seed)
    seed, stage = canonical(options.seed), canonical(options.stage)
    return [
        {
            "within": stratum,
            "rank": rank,
            "id": unit,
            "ticket": ticket(seed, stage, unit),
            "role": "drawn" if rank <= n else "reserve",
        }
        for rank, unit in enumerate(order, start=1)
    ]


def _strata(options: argparse.Namespace) -> dict[str, list[str]]:
    """Return the units by stratum, in the order of their names; every unit once."""
    path: Path = options.frame
    if not path.is_file():
        raise InputError([problem("no_such_file", Place(path.name), expected="FRAME.csv")])
    rows = read_csv(path.read_bytes(), path.name).rows
    heading = [name.strip() for name in rows[0]]
    for name in filter(None, (options.id, options.within)):
        if name not in heading:
            raise SelectionError.no_column(path.name, name, columns=heading)
    at = heading.index(options.id) if options.id else 0
    within = heading.index(options.within) if options.within else None
    strata: dict[str, list[str]] = {}
    for row in rows[1:]:
        if any(cell.strip() for cell in row):
            cells = [*row, *[""] * (len(heading) - len(row))]
            name = "all" if within is None else cells[within].strip()
            strata.setdefault(name, []).append(cells[at])
    canonical_units(unit for units in strata.values() for unit in units)
    if not strata:
        raise InputError([problem("empty_file", Place(path.name))])
    return dict(sorted(strata.items()))
