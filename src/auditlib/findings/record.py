"""The case ledger on record: a chain of digests that shows whether the past was altered.

Every event put on record has the SHA-256 of its content, and every line the SHA-256
of the line before it with its own. The record stands beside the data and only grows;
the notebook prints its last link, so that a record written anew is seen as well.

Source: Haber and Stornetta (1991), Journal of Cryptology 3, pp. 99-111.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import pandas as pd

FIRST = "0" * 64
"""What stands before the first link."""


@dataclass(frozen=True)
class Altered:
    """A past event that is not as it was recorded.

    Kinds: `altered`, `removed`, and `chain` (the record itself was changed at `number`).
    """

    case_id: str
    event_no: int
    kind: str
    number: int
    recorded: date


def event_digest(event: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an event: every column that is filled, in the order of its name."""
    filled = {
        name: str(value)
        for name, value in event.items()
        if not name.startswith("_") and not pd.isna(value) and str(value) != ""
    }
    return sha256(
        "\n".join(f"{name}={filled[name]}" for name in sorted(filled)).encode()
    ).hexdigest()


def link(before: str, number: int, case_id: str, event_no: int, digest: str) -> str:
    """Return the link of a line of the record: it rests on the one before."""
    return sha256(f"{before},{number},{case_id},{event_no},{digest}".encode()).hexdigest()


def compare(record: pd.DataFrame, events: pd.DataFrame) -> tuple[Altered, ...]:
    """Return every recorded event that the ledger no longer holds as it was.

    Parameters
    ----------
    record
        Table `case_record`.
    events
        Ledger: table `cases`, every event that could be read.
    """
    held = {
        (row["case_id"], int(row["event_no"])): event_digest(row)
        for row in events.to_dict("records")
    }
    found = []
    before = FIRST
    for i, row in enumerate(record.sort_values("number").to_dict("records"), 1):
        key = (row["case_id"], int(row["event_no"]))
        number = int(row["number"])
        kind = ""
        if number != i or row["chain"] != link(before, number, *key, row["event_digest"]):
            kind = "chain"
        elif key not in held:
            kind = "removed"
        elif held[key] != row["event_digest"]:
            kind = "altered"
        if kind:
            found.append(Altered(*key, kind, number, row["recorded"]))
        before = row["chain"]
    return tuple(found)


def extend(
    record: pd.DataFrame, events: pd.DataFrame, *, recorded: date
) -> list[dict[str, str | int]]:
    """Return the lines that put every event not yet recorded on record.

    Events are taken in the order of day, case and number, those up to `recorded`.
    """
    known = {(row.case_id, int(row.event_no)) for row in record.itertuples()}
    before = str(record.sort_values("number")["chain"].iloc[-1]) if len(record) else FIRST
    number = int(record["number"].max()) if len(record) else 0
    lines: list[dict[str, str | int]] = []
    for row in _in_order(events):
        key = (str(row["case_id"]), int(row["event_no"]))
        if key in known or row["date"] > recorded:
            continue
        number += 1
        digest = event_digest(row)
        before = link(before, number, *key, digest)
        lines.append(
            {
                "number": number,
                "recorded": recorded.isoformat(),
                "case_id": key[0],
                "event_no": key[1],
                "event_digest": digest,
                "chain": before,
            }
        )
    return lines


def _in_order(events: pd.DataFrame) -> Iterable[dict[Any, Any]]:
    return events.sort_values(["date", "case_id", "event_no"], kind="stable").to_dict("records")
