"""Repeated rows: set aside until people decide, and what they decided carried out.

A row is known by its key and by a fingerprint, a digest of its cells that leaves names
and numbers of persons out. A changed row has another fingerprint, so that a decision
never meets another row by chance.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from auditlib.language import Words
from auditlib.problems import Place, Problem, note, problem
from auditlib.tables import Kind, Table


@dataclass(frozen=True)
class Decision:
    """What people decided on a repeated row: `keep`, `drop` or `new_id`, and the new identifier."""

    decision: str
    new_id: str
    who: str


@dataclass(frozen=True)
class Duplicate:
    """A row whose key stands on another row as well; `differs` names the columns that differ."""

    table: str
    row_key: str
    fingerprint: str
    row: int
    differs: tuple[str, ...]


Decisions = Mapping[tuple[str, str], Mapping[str, Decision]]
"""What was decided, by table and key, then by fingerprint; empty for every row of the key."""


@dataclass(frozen=True)
class Decided:
    """Rows taken out and kept by decision, by row, and notes on both."""

    dropped: dict[int, Problem]
    kept: set[int]
    notes: list[Problem]
    used: set[tuple[str, str]]


def decide(
    table: Table,
    texts: dict[str, list[str]],
    decisions: Decisions,
    rows: Sequence[int],
    place: Place,
) -> Decided:
    """Carry out what was decided on repeated rows; a new identifier takes the old one's place."""
    decided = Decided({}, set(), [], set())
    if not any(name == table.name for name, _ in decisions):
        return decided
    last = table.key[-1]
    for i, row in enumerate(rows):
        key = _row_key(table, texts, i)
        known = decisions.get((table.name, key), {})
        mark = _fingerprint(table, texts, i) if known else ""
        mark = mark if mark in known else ""
        found = known.get(mark)
        if found is None:
            continue
        decided.used.add((key, mark))
        here = replace(place, row=row, column=table.column(last).zh)
        if found.decision == "drop":
            decided.dropped[row] = note("dropped_by_decision", here, who=found.who)
        elif found.decision == "keep":
            decided.kept.add(row)
        else:
            texts[last][i] = found.new_id
            decided.notes.append(note("new_identifier", here, who=found.who))
    return decided


def _row_key(table: Table, texts: Mapping[str, list[str]], i: int) -> str:
    return "|".join(texts[name][i].strip() for name in table.key)


def _fingerprint(table: Table, texts: Mapping[str, list[str]], i: int) -> str:
    """Return a digest of a row's cells, names and numbers of persons left out."""
    cells_ = [texts[c.name][i].strip() for c in table.columns if c.kind is not Kind.PRIVATE]
    return sha256("\x1f".join(cells_).encode("utf-8", "replace")).hexdigest()[:12]


def repeated_keys(
    table: Table,
    rows: Sequence[int],
    data: Mapping[str, list[Any]],
    texts: Mapping[str, list[str]],
    place: Place,
    faulty: dict[int, list[Problem]],
    *,
    dropped: Collection[int],
    kept: Collection[int],
) -> tuple[Duplicate, ...]:
    """Set aside every row whose key stands on another row as well; people decide which is right.

    `dropped` rows are out already. Of the others one may be `kept` by decision; two
    kept under the same key are no decision.
    """
    keys = list(zip(*(data[name] for name in table.key), strict=True))
    if len(set(keys)) == len(keys):
        return ()
    whole = [all(part not in ("", None) for part in key) for key in keys]
    members: dict[tuple[Any, ...], list[int]] = {}
    for i, key in enumerate(keys):
        if whole[i]:
            members.setdefault(key, []).append(i)
    names = "、".join(table.column(name).zh for name in table.key)
    key_words = Words(names, ", ".join(table.key))
    found = []
    for group in members.values():
        rivals = [i for i in group if rows[i] not in dropped]
        chosen = [i for i in rivals if rows[i] in kept]
        for i in rivals if len(rivals) > 1 else []:
            if chosen == [i]:
                continue
            row = rows[i]
            other = rivals[0] if rivals[0] != i else rivals[-1]
            differs = tuple(n for n, column in texts.items() if column[i] != column[other])
            here = replace(place, row=row, column=table.column(table.key[0]).zh)
            kind = "duplicate_key" if differs else "same_row_twice"
            faulty.setdefault(row, []).append(problem(kind, here, other=rows[other], key=key_words))
            found.append(
                Duplicate(
                    table.name,
                    _row_key(table, texts, i),
                    _fingerprint(table, texts, i),
                    row,
                    tuple(n for n in differs if table.column(n).kind is not Kind.PRIVATE),
                )
            )
    return tuple(found)
