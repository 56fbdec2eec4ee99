"""`auditlib estimate`: one design-based figure from anyone's table."""

import argparse
import csv
import io
import json
import re
import sys
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from auditlib.estimation import (
    LONELY_RULES,
    METHODS,
    SIDES,
    STATISTICS,
    Estimate,
    estimate,
    interval,
)
from auditlib.estimation.table import named_columns, unusable_cells
from auditlib.files.workbooks import csv_encoding, read_workbook
from auditlib.language import Words
from auditlib.problems import InputError, Place, Problem, nearest, problem, shown

SHOWN = ("estimate", "se", "df", "low", "high", "deff", "n")
DELIMITERS = ("\t", ";", "，")  # a heading without a comma is split at one of these
MOST = 20  # cells named one by one; of more, the number is told


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("table", type=Path, help=".csv or .xlsx file, a row for every observation")
    parser.add_argument("--sheet", default="", help="sheet of a workbook; default: the first")
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
        "--where",
        action="append",
        default=[],
        metavar="COLUMN=VALUE",
        help="domain; repeatable; COLUMN!=VALUE leaves rows out, COLUMN!= those with an empty cell",
    )
    parser.add_argument(
        "--interval", choices=METHODS, help="default: beta-capped for rates, else wald"
    )
    parser.add_argument("--level", type=float, default=0.95, help="confidence, 0 to 1")
    parser.add_argument("--side", choices=SIDES, default="both")
    parser.add_argument("--df", default="design", help="`design` (default), `inf` or a number")
    parser.add_argument(
        "--lonely", choices=LONELY_RULES, default="adjust", help="strata with one sampled unit"
    )
    parser.add_argument("--nest", action="store_true", help="units are numbered in their stratum")
    parser.add_argument("--json", action="store_true", help="the answer as JSON")


def run(options: argparse.Namespace) -> int:
    """Print the figure with its standard error, limits, design effect and size."""
    table, place = _read(options.table, options.sheet)
    asked = {
        name: getattr(options, name)
        for name in (
            "variable",
            "per",
            "weights",
            "strata",
            "units",
            "populations",
            "probabilities",
            "where",
        )
    }
    if problems := [*_missing(table, place, asked), *_repeated(table, place)]:
        raise InputError(problems)
    if problems := list(_unusable(table, place, asked)):
        raise InputError(problems)
    found = estimate(
        table,
        statistic=options.statistic,
        interval=options.interval,
        level=options.level,
        side=options.side,
        df=options.df,
        lonely=options.lonely,
        nest=options.nest,
        **asked,
    )
    values = {"estimate": found.value, **asdict(found)}
    answer = {name: _plain(values[name]) for name in SHOWN}
    answer |= {"level": found.level, "interval": found.method, "side": found.side}
    warning = _warning(found)
    if warning:
        print(warning, file=sys.stderr)
    if options.json:
        json.dump(answer | ({"warning": warning} if warning else {}), sys.stdout, indent=1)
        print()
    else:
        for name, value in answer.items():
            print(f"{name:10} {'' if value is None else value}".rstrip())
    return 0


def _warning(found: Estimate) -> str | None:
    """Return what to say of limits that take a rate of 0 or 1 for certain though it is not."""
    if not found.is_rate or found.se > 0 or found.method not in ("wald", "logit"):
        return None
    honest = interval(found, level=found.level, side=found.side, df=found.df)
    if honest.low == honest.high:  # a census
        return None
    return (
        f"The limits of {found.method} do not bound a rate of exactly 0 or 1; "
        f"{honest.method} gives {honest.low:.4g} to {honest.high:.4g}."
    )


def _plain(value: Any) -> Any:
    """Return a number as JSON can hold it: infinity as text, nothing as null."""
    if isinstance(value, float) and not isfinite(value):
        return "inf" if value > 0 else "-inf"
    return value


def _read(path: Path, name: str) -> tuple[pd.DataFrame, Place]:
    """Return the table as text, its rows numbered as in the file, and what to call it."""
    if not path.is_file():
        raise InputError([problem("no_such_file", Place(path.name), expected=path.name)])
    content = path.read_bytes()
    if content[:4] not in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return _csv(content, path.name), Place(path.name)
    sheets = read_workbook(content, path.name)
    if name and name not in sheets:
        raise InputError(
            [problem("missing_sheet", Place(path.name), wanted=name, found="、".join(sheets))]
        )
    sheet = sheets[name or next(iter(sheets))]
    return _cells([list(row) for row in sheet.rows]), Place(path.name, sheet.name)


def _cells(rows: Sequence[Sequence[str]]) -> pd.DataFrame:
    """Return the rows below the first that is not empty, which has the headings."""
    start = next((i for i, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)
    heading = [name.strip() for name in rows[start]] if rows else []
    used = [i for i in range(start + 1, len(rows)) if any(cell.strip() for cell in rows[i])]
    wide = [[*rows[i][: len(heading)], *[""] * (len(heading) - len(rows[i]))] for i in used]
    return pd.DataFrame(wide, columns=heading, index=[i + 1 for i in used], dtype=object)


def _csv(content: bytes, file: str) -> pd.DataFrame:
    """Return a CSV file's rows; a row with more cells than headings is refused.

    A million rows of eight columns take some seconds and about 0.7 GiB.
    """
    encoding = csv_encoding(content, file, unicode_text=True)
    lines = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    start, first = next((i, line) for i, line in enumerate(lines) if line.strip())
    delimiter = "," if "," in first else next((d for d in DELIMITERS if d in first), ",")
    heading = [name.strip() for name in next(csv.reader([first], delimiter=delimiter))]
    names = list(range(len(heading) + 1))  # one more, to catch what is too much
    try:
        with warnings.catch_warnings(action="ignore", category=pd.errors.ParserWarning):
            table = pd.read_csv(
                io.BytesIO(content),
                encoding=encoding,
                sep=delimiter,
                header=None,
                names=names,
                index_col=False,
                on_bad_lines="error",
                skiprows=start + 1,
                skip_blank_lines=False,
                dtype=str,
                keep_default_na=False,
                engine="c",
            )
    except pd.errors.EmptyDataError:
        return pd.DataFrame(columns=heading, dtype=object)
    except pd.errors.ParserError as error:
        raise InputError([_unsplit(str(error), file, len(heading))]) from error
    wide = len(heading) + 1
    table.index = pd.RangeIndex(start + 2, start + 2 + len(table))
    table = table.fillna("")
    extra = table.index[table.pop(len(heading)).str.strip() != ""]
    if len(extra):
        raise InputError(
            [
                problem("ragged_row", Place(file, "", int(row)), found=wide, wanted=wide - 1)
                for row in extra[:MOST]
            ]
        )
    table.columns = pd.Index(heading)
    return table[(table != "").any(axis=1)]


def _unsplit(said: str, file: str, wanted: int) -> Problem:
    """Return the problem of a row that could not be split into as many cells as headings."""
    ragged = re.search(r"in line (\d+), saw (\d+)", said)
    if ragged:
        place = Place(file, "", int(ragged[1]))
        return problem("ragged_row", place, found=int(ragged[2]), wanted=wanted)
    return problem("unclosed_quote", Place(file))


def _missing(table: pd.DataFrame, place: Place, asked: dict[str, Any]) -> Iterable[Problem]:
    """Return a problem for every option that names no column, and for a table without rows."""
    headings = [str(name) for name in table.columns]
    if not len(table):
        yield problem("no_rows", place)
    for option, name in named_columns(**asked):
        if name not in headings:
            yield problem(
                "no_such_column",
                place,
                option=option,
                name=name,
                near=nearest(name, headings),
                columns=", ".join(filter(None, headings)),
            )


def _repeated(table: pd.DataFrame, place: Place) -> Iterable[Problem]:
    """Return a problem for every heading that stands twice."""
    headings = [str(name) for name in table.columns if name]
    for name in sorted({name for name in headings if headings.count(name) > 1}):
        yield problem("duplicate_heading", place, first=name, second=name)


def _unusable(table: pd.DataFrame, place: Place, asked: dict[str, Any]) -> Iterable[Problem]:
    """Return a problem for every cell that cannot be used, up to a number."""
    for name, expected, rows in unusable_cells(table, **asked):
        for row in rows[:MOST]:
            where = Place(place.file, place.sheet, row, name)
            cell = str(table.at[row, name]).strip()
            yield problem(
                "unusable_cell",
                where,
                found=shown(cell) if cell else Words("空白", "nothing"),
                expected=Words(expected.zh.removeprefix("为"), expected.en),
            )
        if len(rows) > MOST:
            yield problem(
                "more_cells", Place(place.file, place.sheet, None, name), number=len(rows) - MOST
            )
