"""`auditlib estimate`: one design-based figure from anyone's table."""

import argparse
import json
import sys
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from auditlib.estimation import LONELY_RULES, METHODS, SIDES, STATISTICS, estimate
from auditlib.files.workbooks import read_csv
from auditlib.problems import InputError, Place, problem

SHOWN = ("estimate", "se", "df", "low", "high", "deff", "n")


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("table", type=Path, help="CSV file, a row for every unit observed")
    parser.add_argument("--statistic", required=True, choices=STATISTICS)
    parser.add_argument("--variable", required=True, metavar="Y", help="column to estimate")
    parser.add_argument("--per", metavar="X", help="denominator of a ratio")
    parser.add_argument("--weights", metavar="W")
    for name, what in (
        ("strata", "strata of every stage"),
        ("units", "units of every stage"),
        ("populations", "units in the population, for every stage"),
        ("probabilities", "inclusion probabilities, for every stage"),
    ):
        parser.add_argument(f"--{name}", default="", metavar="A[,B]", help=f"columns: {what}")
    parser.add_argument(
        "--where", action="append", default=[], metavar="COLUMN=VALUE", help="domain; repeatable"
    )
    parser.add_argument(
        "--interval", choices=METHODS, help="default: beta-capped for rates, else wald"
    )
    parser.add_argument("--level", type=float, default=0.95)
    parser.add_argument("--side", choices=SIDES, default="both")
    parser.add_argument("--df", default="design", help="`design` (default) or `inf`")
    parser.add_argument("--lonely", choices=LONELY_RULES, default="adjust")
    parser.add_argument("--nest", action="store_true", help="units are numbered in their stratum")
    parser.add_argument("--json", action="store_true", help="the answer as JSON")


def run(options: argparse.Namespace) -> int:
    """Print the figure with its standard error, limits, design effect and size."""
    found = estimate(
        _read(options.table),
        statistic=options.statistic,
        variable=options.variable,
        per=options.per,
        weights=options.weights,
        strata=options.strata,
        units=options.units,
        populations=options.populations,
        probabilities=options.probabilities,
        where=options.where,
        interval=options.interval,
        level=options.level,
        side=options.side,
        df=options.df,
        lonely=options.lonely,
        nest=options.nest,
    )
    values = {"estimate": found.value, **asdict(found)}
    shown = {name: _plain(values[name]) for name in SHOWN}
    shown |= {"level": found.level, "interval": found.method, "side": found.side}
    if options.json:
        json.dump(shown, sys.stdout, indent=1)
        print()
    else:
        for name, value in shown.items():
            print(f"{name:10} {value}")
    return 0


def _plain(value: Any) -> Any:
    """Return a number as JSON can hold it: infinity as text, nothing as null."""
    if isinstance(value, float) and not isfinite(value):
        return "inf" if value > 0 else "-inf"
    return value


def _read(path: Path) -> pd.DataFrame:
    """Return the table as text."""
    if not path.is_file():
        raise InputError([problem("no_such_file", Place(path.name), expected="table.csv")])
    heading, *rows = read_csv(path.read_bytes(), path.name).rows
    wide = [[*row, *[""] * (len(heading) - len(row))] for row in rows if row]
    return pd.DataFrame(wide, columns=[name.strip() for name in heading])
