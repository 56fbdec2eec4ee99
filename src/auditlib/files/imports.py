"""Keep what was taken in, export by export, below the county's folder of inputs.

`intake/001/` holds the first export: a CSV file for every table, with the origin of
every row, and `export.json`. Nothing here is ever changed; a later export is a further
folder. Names of persons never get here: their columns are not read.
"""

import csv
import io
import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pandas as pd

from auditlib.fieldwork.intake import HeadingUse, LogUse, SheetUse, Taken
from auditlib.files.writing import read_csv_text, write_text

FOLDER = "intake"
DESCRIPTION = "export.json"


def load_imports(folder: Path) -> list[Taken]:
    """Return every export taken in below a county's folder, in the order of taking in."""
    return [_load(path) for path in _folders(folder)]


def _folders(folder: Path) -> list[Path]:
    return sorted(p for p in (folder / FOLDER).glob("[0-9][0-9][0-9]") if p.is_dir())


def _load(path: Path) -> Taken:
    about = json.loads((path / DESCRIPTION).read_text("utf-8"))
    return Taken(
        tables={name: read_csv_text(path / f"{name}.csv") for name in about["tables"]},
        sheets=tuple(SheetUse(**use) for use in about["sheets"]),
        headings=tuple(HeadingUse(**use) for use in about["headings"]),
        logs=tuple(LogUse(**use) for use in about.get("logs", ())),
    )


def content_digest(taken: Taken) -> str:
    """Return the SHA-256 of what an export says, whatever its file is called."""
    whole = sha256()
    for name, table in sorted(taken.tables.items()):
        whole.update(name.encode())
        whole.update(_csv(_said(table)).encode())
    return whole.hexdigest()


def _csv(table: pd.DataFrame) -> str:
    """Return a table of text as CSV."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(zip(*(table[name] for name in table.columns), strict=True))
    return buffer.getvalue()


def _said(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table without the names of files, also where they name a row."""
    named = table["_record"].str.startswith("?")
    record = table["_record"].where(~named, table["_sheet"] + "|" + table["_row"])
    return table.assign(_record=record).drop(columns="_file")


def save_import(folder: Path, taken: Taken) -> bool:
    """Keep an export as the next one; False, and nothing changes, if it is there already."""
    digest = content_digest(taken)
    known = _folders(folder)
    for path in known:
        if json.loads((path / DESCRIPTION).read_text("utf-8"))["digest"] == digest:
            return False
    path = folder / FOLDER / f"{len(known) + 1:03d}"
    for name, table in taken.tables.items():
        write_text(path / f"{name}.csv", _csv(table))
    about = {
        "digest": digest,
        "tables": list(taken.tables),
        "sheets": [asdict(use) for use in taken.sheets],
        "headings": [asdict(use) for use in taken.headings],
        "logs": [asdict(use) for use in taken.logs],
    }
    write_text(path / DESCRIPTION, json.dumps(about, ensure_ascii=False, indent=1) + "\n")
    return True
