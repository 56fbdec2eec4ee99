"""Frame and design as published files: the same content, the same bytes.

The frame is a CSV (UTF-8, LF, sorted, no quotation marks), so that `sha256sum`
gives its digest; the design is JSON with sorted keys and no blanks.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from hashlib import sha256
from typing import Any

from auditlib.errors import SelectionError
from auditlib.sampling.design import SWITCHES, Cell, Design
from auditlib.sampling.expected import MILLION
from auditlib.sampling.frame import KINDS, Frame, Group, Village, freeze, text_lines
from auditlib.sampling.notes import Note
from auditlib.sampling.quotas import Quotas

FRAME = "frame.csv"
FRAME_COLUMNS = ("level", "unit", "village", "township", "poor", "remote", "unregistered")
SHARES = ("poor", "remote", "rare", "reach", "reserves")
FORMAT = 1


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file: 64 hexadecimal digits."""
    return sha256(content).hexdigest()


def frame_bytes(frame: Frame) -> bytes:
    """Return the frame file: a row for every village, group and household."""
    rows = [
        ["village", v.code, "", v.township, str(int(v.poor)), str(int(v.remote)), ""]
        for v in frame.villages
    ]
    rows += [["group", g.unit, g.village, "", "", "", str(g.unregistered)] for g in frame.groups]
    for level, homes in (("lifted", frame.lifted), ("still-poor", frame.still_poor)):
        rows += [[level, unit, v, "", "", "", ""] for v, units in homes.items() for unit in units]
    lines = [",".join(row) for row in (FRAME_COLUMNS, *sorted(rows))]
    return ("\n".join(lines) + "\n").encode()


def frame_rows(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a frame file.

    Raises
    ------
    SelectionError
        A line has another number of cells, or the headings are others.
    """
    heading, *lines = text_lines(content, FRAME)
    if tuple(heading.split(",")) != FRAME_COLUMNS:
        raise SelectionError.unreadable_line(FRAME, 1, expected=",".join(FRAME_COLUMNS))
    rows = []
    for number, line in enumerate(lines, start=2):
        cells = line.split(",")
        if len(cells) != len(FRAME_COLUMNS):
            raise SelectionError.unreadable_line(FRAME, number, expected=",".join(FRAME_COLUMNS))
        rows.append(dict(zip(FRAME_COLUMNS, cells, strict=True)))
    return rows


def read_frame(content: bytes) -> Frame:
    """Return the frame of a frame file.

    Raises
    ------
    SelectionError
        A line cannot be read, or the frame is not sound (`freeze`).
    """
    villages: list[Village] = []
    groups: list[Group] = []
    homes: dict[str, dict[str, list[str]]] = {"lifted": {}, "still-poor": {}}
    for number, row in enumerate(frame_rows(content), start=2):
        match row["level"]:
            case "village" if {row["poor"], row["remote"]} <= {"0", "1"}:
                marks = row["poor"] == "1", row["remote"] == "1"
                villages.append(Village(row["unit"], row["township"], *marks))
            case "group" if row["unregistered"].isdecimal():
                groups.append(Group(row["unit"], row["village"], int(row["unregistered"])))
            case "lifted" | "still-poor" as level:
                homes[level].setdefault(row["village"], []).append(row["unit"])
            case _:
                expected = "level village, group, lifted or still-poor; 0 or 1; a whole number"
                raise SelectionError.unreadable_line(FRAME, number, expected=expected)
    return freeze(villages, groups, lifted=homes["lifted"], still_poor=homes["still-poor"])


def design_json(design: Design) -> dict[str, Any]:
    """Return the design as JSON values; shares as exact fractions, `7/10`."""
    quotas = asdict(design.quotas)
    return {
        "format": FORMAT,
        "phase": design.phase,
        "quotas": quotas | {name: str(quotas[name]) for name in SHARES},
        "cells": [asdict(cell) for cell in design.cells],
        "notes": [{"code": n.code, "values": dict(n.values)} for n in design.notes],
        "rules": dict(design.rules),
    }


def design_bytes(design: Design) -> bytes:
    """Return the design file: JSON with sorted keys, without blanks, UTF-8."""
    text = json.dumps(
        design_json(design), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return text.encode()


def read_design(content: bytes) -> Design:
    """Return the design of a design file.

    Raises
    ------
    SelectionError
        It is not JSON, lacks an entry, holds what cannot stand there, or draws in a way
        that is not known.
    """
    try:
        return _design(json.loads(content))
    except KeyError as missing:
        raise SelectionError.unreadable_design(str(missing.args[0])) from missing
    except (ValueError, TypeError, AttributeError, ZeroDivisionError) as wrong:
        raise SelectionError.unreadable_design("JSON") from wrong


def _design(values: Mapping[str, Any]) -> Design:
    quotas, rules = values["quotas"], values["rules"]
    exact = {name: Fraction(quotas[name]) for name in SHARES}
    cells = tuple(Cell(**cell) for cell in values["cells"])
    told = rules.get("imported", {"source": "", "digest": ""})
    sound = {
        **{
            f"rules.{name}": rules.get(name, options[0]) in options
            for name, options in SWITCHES.items()
        },
        "rules.imported": {"source", "digest"} <= told.keys(),
        **{f"quotas.{name}": share >= 0 for name, share in exact.items()},
        **{
            f"quotas.{name}": isinstance(number, int) and number >= 0
            for name, number in quotas.items()
            if name not in SHARES
        },
        "cells": all(map(_sound, cells)),
        "phase": isinstance(values["phase"], str),
    }
    for name, usable in sound.items():
        if not usable:
            raise SelectionError.unreadable_design(name)
    return Design(
        Quotas(**quotas | exact),
        cells,
        tuple(Note(n["code"], n["values"]) for n in values["notes"]),
        rules,
        values["phase"],
    )


def _sound(cell: Cell) -> bool:
    """Say whether a cell has villages of a known type, each with a chance above 0 and at most 1."""
    return cell.kind in KINDS and 0 < cell.expected <= cell.listed * MILLION
