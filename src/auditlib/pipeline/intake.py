"""Take exports into a county's tables, keep the history, and account for every row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from auditlib.cycles import uncollected
from auditlib.fieldwork.forms import Form, make_forms
from auditlib.fieldwork.intake import (
    UNPLACED,
    ExportSheet,
    Layout,
    Line,
    Settled,
    Taken,
    layouts_of,
    mapped_layouts,
    office_rows,
    reconcile,
    set_aside,
    settle,
    table_layouts,
    take,
)
from auditlib.files.county_tables import Content, noted, require_unedited, standing, write_tables
from auditlib.files.exports import read_exports
from auditlib.files.imports import load_imports, save_import
from auditlib.files.logs import read_logs
from auditlib.files.reading import ROW, Source
from auditlib.language import Words
from auditlib.params import Params
from auditlib.pipeline.audit import Audit
from auditlib.problems import InputError, Place, Problem, nearest, problem, shown
from auditlib.report.page import SYNTHETIC
from auditlib.tables import TABLES

MAPPING = ("heading", "table", "column")
BESIDES = ("location", "household")
"""What a mapping may name beside the columns: a position, and the number in the registry."""

NOTHING = Words("", "")


@dataclass(frozen=True)
class Intake:
    """What an intake came to: a line for every table and form version, and all problems.

    `imports` are all exports taken in so far, `new` says whether this one was not among
    them; `problems` are those of rows that are set aside, by intake or by the reader of
    the tables, with table and submission.
    """

    imports: tuple[Taken, ...]
    new: bool
    settled: Settled
    lines: tuple[Line, ...]
    problems: tuple[tuple[str, str, Problem], ...]

    @property
    def quarantined(self) -> int:
        """Rows that are set aside, by intake or by the reader of the tables."""
        return sum(line.quarantined for line in self.lines)


def read_mapping(path: Path) -> list[tuple[str, str, str]]:
    """Return heading, table and column of every row of a mapping file (.csv or .xlsx).

    Raises
    ------
    InputError
        The file cannot be read, lacks a column, or names a table or column that is not there.
    """
    sheet = read_exports([path])[0]
    heads = [cell.strip().casefold() for cell in sheet.rows[0]]
    problems = [
        problem("missing_column", Place(path.name, column=name), zh=name, en=name, near=NOTHING)
        for name in MAPPING
        if name not in heads
    ]
    if problems:
        raise InputError(problems)
    rows = []
    for number, row in enumerate(sheet.rows[1:], 2):
        cells = [row[heads.index(n)].strip() if heads.index(n) < len(row) else "" for n in MAPPING]
        if not any(cells):
            continue
        heading, table, column = cells
        known = [c.name for c in TABLES[table].columns] if table in TABLES else []
        for name, value, choices in (
            ("table", table, list(TABLES)),
            ("column", column, [*known, *BESIDES] if known else [column]),
        ):
            if value not in choices:
                place = Place(path.name, row=number, column=name)
                found, near = shown(value), nearest(value, choices)
                few = Words("、".join(choices), ", ".join(choices))
                problems.append(
                    problem("unknown_code", place, found=found, near=near, expected=few)
                )
        rows.append((heading, table, column))
    if problems:
        raise InputError(problems)
    return rows


def round_forms(params: Params) -> tuple[Form, ...]:
    """Return the forms of the round; their version plays no part in an intake."""
    return make_forms(params.plan, version="0", year=params.round.income_line.year)


@uncollected()
def take_in(
    audit: Audit,
    paths: Iterable[Path],
    *,
    source: str = "",
    mapping: Sequence[tuple[str, str, str]] = (),
) -> Intake:
    """Take the files of one export into the county's tables.

    Parameters
    ----------
    audit
        The county.
    paths
        Files that belong together: a main table and its repeats.
    source
        `odk`, `kobo`, `surveycto` or `excel`; empty to find out.
    mapping
        Heading, table and column of a form of one's own.

    Raises
    ------
    InputError
        A file cannot be opened, no sheet fits a table, the round names no file for a
        table, or a table was changed by hand since the last intake.
    """
    paths = list(paths)
    folder = audit.root / audit.params.folder()
    sources = audit.sources(TABLES)
    layouts = (
        *mapped_layouts(mapping),
        *layouts_of(round_forms(audit.params)),
        *table_layouts(),
    )
    codelists = audit.params.plan.codelists()
    taken = take(
        read_exports(paths), layouts, codelists, source=source, key=audit.key, logs=read_logs(paths)
    )
    touched = [table for table in taken.tables if table in TABLES]
    _require_places(taken, touched, sources)
    require_unedited(folder, sources)
    _keep_standing(folder, touched, sources, layouts, audit)
    new = save_import(folder, taken)
    imports = load_imports(folder)
    settled = settle(imports)
    tables = [table for table in settled.rows if table in TABLES]
    current = {table: settled.current(table) for table in tables}
    contents = {
        table: Content(*office_rows(TABLES[table], rows, codelists))
        for table, rows in current.items()
    }
    synthetic = audit.params.round.synthetic
    first = write_tables(
        folder,
        contents,
        sources,
        mark=SYNTHETIC if synthetic else "",
        title=audit.params.county.name.zh,
    )
    accepted, problems = _checked(audit, current, first)
    return Intake(
        tuple(imports),
        new,
        settled,
        reconcile(settled, accepted),
        (*set_aside(settled), *problems),
    )


def _require_places(taken: Taken, touched: Sequence[str], sources: Mapping[str, Source]) -> None:
    problems = [
        problem("no_table", Place(use.file, use.sheet))
        for use in taken.sheets
        if use.table == UNPLACED and not touched
    ]
    for use in taken.sheets:
        if not taken.tables:
            problems.append(problem("empty_file", Place(use.file, use.sheet)))
    for table in touched:
        if table not in sources:
            place = Place("params/rounds", column=f"inputs.tables.{table}")
            problems.append(
                problem("missing_key", place, expected=f"{table}: {{file: …, sheet: …}}")
            )
    if problems or not taken.sheets:
        raise InputError(problems)


def _keep_standing(
    folder: Path,
    touched: Sequence[str],
    sources: Mapping[str, Source],
    layouts: Sequence[Layout],
    audit: Audit,
) -> None:
    """Keep the rows that stood in a table before intake first wrote it, as an export of theirs."""
    known = noted(folder)
    sheets = []
    for table in touched:
        source = sources[table]
        sheet = standing(folder, table, source) if table not in known else None
        if sheet is not None:
            sheets.append(
                ExportSheet(
                    source.file, source.sheet or TABLES[table].zh, sheet.rows, sheet.numbers
                )
            )
    if sheets:
        plain = [layout for layout in layouts if layout.plain]
        earlier = take(sheets, plain, audit.params.plan.codelists(), source="excel", key=audit.key)
        if any(table in TABLES for table in earlier.tables):
            save_import(folder, earlier)


def _checked(
    audit: Audit, current: Mapping[str, pd.DataFrame], first: Mapping[str, int]
) -> tuple[dict[str, list[bool]], list[tuple[str, str, Problem]]]:
    """Return which current rows the reader of the tables accepts, and its problems."""
    inputs = Audit(audit.params, audit.root, audit.outputs).read(*current)
    accepted: dict[str, list[bool]] = {}
    for table, rows in current.items():
        good = set() if table in inputs.unreadable else set(inputs.tables[table][ROW])
        accepted[table] = [first[table] + i in good for i in range(len(rows))]
    problems = []
    places = {
        (source.file, source.sheet): table for table, source in audit.sources(current).items()
    }
    for found in inputs.errors:
        table = places.get((found.place.file, found.place.sheet), "")
        i = (found.place.row or 0) - first.get(table, 0)
        record = (
            str(current[table]["_record"].iloc[i]) if table and 0 <= i < len(current[table]) else ""
        )
        if table:
            problems.append((table, record, found))
    return accepted, problems
