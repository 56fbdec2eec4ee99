"""Registers that only grow: append an entry, or fill in what an entry left empty.

A register is a CSV file of the county's inputs. Nothing in it is altered or removed
here; its encoding, headings and line ends stay as they are.
"""

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditlib.errors import SelectionError
from auditlib.files.workbooks import read_csv
from auditlib.language import Words
from auditlib.problems import InputError, Place, problem
from auditlib.tables import Table


@dataclass(frozen=True)
class Ledger:
    """A register as it stands: its lines as cells, the line of the headings, and its look."""

    path: Path
    table: Table
    lines: tuple[tuple[str, ...], ...]
    heading: int
    encoding: str
    line_end: str

    @property
    def places(self) -> dict[str, int]:
        """Place of every column of the table that the register has."""
        cells = [cell.strip() for cell in self.lines[self.heading]]
        return {
            column.name: next(i for i, cell in enumerate(cells) if cell in column.headings)
            for column in self.table.columns
            if set(cells) & set(column.headings)
        }

    @property
    def entries(self) -> list[dict[str, str]]:
        """The entries as text by column; empty where the register has no such cell."""
        places = self.places
        return [
            {name: line[i].strip() if i < len(line) else "" for name, i in places.items()}
            for line in self.lines[self.heading + 1 :]
            if any(cell.strip() for cell in line)
        ]


def open_ledger(path: Path, table: Table) -> Ledger:
    """Return a register; one that does not exist yet begins with its Chinese headings.

    Raises
    ------
    SelectionError
        It is kept as something else than a CSV file.
    InputError
        It cannot be read, or lacks a column that must be filled.
    """
    if path.suffix.lower() != ".csv":
        raise SelectionError.not_a_ledger(path.name)
    if not path.is_file():
        headings = tuple(column.zh for column in table.columns)
        return Ledger(path, table, (headings,), 0, "utf-8-sig", "\n")
    content = path.read_bytes()
    lines = tuple(tuple(row) for row in read_csv(content, path.name).rows)
    encoding = _encoding(content)
    line_end = "\r\n" if b"\r\n" in content else "\n"
    known = {heading for column in table.columns for heading in column.headings}
    scores = [sum(cell.strip() in known for cell in line) for line in lines]
    heading = scores.index(max(scores))
    ledger = Ledger(path, table, lines, heading, encoding, line_end)
    missing = [c for c in table.columns if c.required and c.name not in ledger.places]
    if missing:
        raise InputError(
            problem("missing_column", Place(path.name), zh=c.zh, en=c.name, near=Words("", ""))
            for c in missing
        )
    return ledger


def append(ledger: Ledger, entry: Mapping[str, str]) -> None:
    """Write the register with one more entry."""
    places = ledger.places
    line = [""] * len(ledger.lines[ledger.heading])
    for name, value in entry.items():
        if name in places:
            line[places[name]] = value
    _write(ledger, (*ledger.lines, tuple(line)))


def fill_in(ledger: Ledger, key: Mapping[str, str], values: Mapping[str, str]) -> None:
    """Write the register with the empty cells of one entry filled in.

    Raises
    ------
    SelectionError
        A cell holds another value already.
    """
    places = ledger.places
    missing = [ledger.table.column(name) for name in values if name not in places]
    if missing:
        here = Place(ledger.path.name)
        raise InputError(
            problem("missing_column", here, zh=c.zh, en=c.name, near=Words("", "")) for c in missing
        )
    lines = [list(line) for line in ledger.lines]
    for line in lines[ledger.heading + 1 :]:
        line += [""] * (len(ledger.lines[ledger.heading]) - len(line))
        if all(line[places[name]].strip() == value for name, value in key.items()):
            for name, value in values.items():
                was = line[places[name]].strip()
                if was not in ("", value):
                    what = Words(f"的 {name} 已经填写", f"has its `{name}` already")
                    raise SelectionError.broken_register(int(key.get("number", 0)), what)
                line[places[name]] = value
    _write(ledger, lines)


def _write(ledger: Ledger, lines: Sequence[Sequence[str]]) -> None:
    """Replace the file in one step, so that a crash leaves the old one whole."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator=ledger.line_end).writerows(lines)
    ledger.path.parent.mkdir(parents=True, exist_ok=True)
    beside = ledger.path.with_suffix(".csv.new")
    beside.write_bytes(buffer.getvalue().encode(ledger.encoding))
    os.replace(beside, ledger.path)


def _encoding(content: bytes) -> str:
    """Return the encoding in which `read_csv` understood the file."""
    if content.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"
