"""`auditlib redraw`: repeat published draws from their own files, and name what differs."""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from auditlib.errors import AuditError, SelectionError
from auditlib.language import Language
from auditlib.sampling.commitment import FAULTS, Draw
from auditlib.sampling.frame import text_lines
from auditlib.sampling.published import digest
from auditlib.sampling.redraw import ROW, Difference, redraw
from auditlib.sampling.register import REGISTER_COLUMNS, registered_draws

REGISTER = "register.csv"
SHOWN = 20  # differences listed for people; --json lists all


@dataclass(frozen=True)
class Repeated:
    """One published draw repeated: how many rows it has, and what differs."""

    folder: str
    rows: int
    differences: tuple[Difference, ...]


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="results of a county or round")
    parser.add_argument("--json", action="store_true", help="the answer as JSON")


def run(options: argparse.Namespace) -> int:
    """Redraw every draw below the folder: 0 all the same, 1 something differs."""
    language: Language = options.language or "en"
    registers = [p for p in sorted(options.folder.rglob(f"*{REGISTER}")) if p.is_file()]
    if not registers:
        raise SelectionError.nothing_to_redraw(str(options.folder))
    done: list[Repeated] = []
    refused: list[AuditError] = []
    for register in registers:
        try:
            done.append(repeat(register))
        except AuditError as error:
            refused.append(error)
    if options.json:
        told = [
            {
                **asdict(d),
                "same": not d.differences,
                "differences": [asdict(x) for x in d.differences],
            }
            for d in done
        ]
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for line in _lines(done, language):
            print(line)
    for why in refused:
        print(why.says(language), file=sys.stderr)
    if any(d.differences for d in done):
        return 1
    return 2 if refused else 0


def repeat(register: Path) -> Repeated:
    """Return what one published draw gives when it is drawn again.

    Raises
    ------
    SelectionError
        A file is missing or cannot be read, or the draw is still sealed.
    """
    folder, before = register.parent, register.name.removesuffix(REGISTER)
    files = {name: folder / f"{before}{name}" for name in ("frame.csv", "design.json")}
    draws = registered_draws(_rows(register, REGISTER_COLUMNS))
    if not draws or not all(path.is_file() for path in files.values()):
        raise SelectionError.nothing_to_redraw(str(folder))
    frame, design = (path.read_bytes() for path in files.values())
    draw = draws[-1]
    sample = folder / f"{before}sample.csv"
    if draw.nonce and not draw.public_number:
        raise SelectionError.broken_register(draw.number, FAULTS["no_day"])
    if not draw.nonce:
        altered = _digests(frame, design, draw)
        if altered:
            return Repeated(str(folder), 0, altered)
        raise SelectionError.still_sealed(str(folder))
    if not sample.is_file():
        raise SelectionError.no_sample(str(folder))
    rows = _rows(sample, ROW)
    imported = folder / f"{before}imported.csv"
    differences = redraw(
        frame,
        design,
        rows,
        draw=draw,
        nonce=draw.nonce,
        imported=imported.read_bytes() if imported.is_file() else b"",
    )
    return Repeated(str(folder), len(rows), differences)


def _rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of a published table, by column.

    Raises
    ------
    SelectionError
        Headings or a line are others, or are no text.
    """
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    lines = list(csv.reader(f"{line}\n" for line in text_lines(content, path.name)))
    expected = ",".join(columns)
    for number, cells in enumerate(lines, start=1):
        if len(cells) != len(columns) or (number == 1 and tuple(cells) != tuple(columns)):
            raise SelectionError.unreadable_line(path.name, number, expected=expected)
    return [dict(zip(columns, cells, strict=True)) for cells in lines[1:]]


def _digests(frame: bytes, design: bytes, draw: Draw) -> tuple[Difference, ...]:
    """Return the published files that are not those of the register."""
    pairs = (("frame", frame, draw.frame_digest), ("design", design, draw.design_digest))
    return tuple(
        Difference(what, "", "digest", wanted, digest(content))
        for what, content, wanted in pairs
        if digest(content) != wanted
    )


def _lines(done: Iterable[Repeated], language: Language) -> Iterable[str]:
    for d in done:
        if not d.differences:
            zh = f"{d.folder}：一致，{d.rows}行全部相同。"
            yield zh if language == "zh" else f"{d.folder}: the same, all {d.rows} rows agree."
            continue
        n = len(d.differences)
        zh = f"{d.folder}：不一致，{n}处："
        yield zh if language == "zh" else f"{d.folder}: different in {n} places:"
        for difference in d.differences[:SHOWN]:
            yield f"  {difference.says(language)}"
        if n > SHOWN:
            yield f"  … {n - SHOWN}"
