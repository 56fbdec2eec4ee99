"""What a signed run held of the case ledger, and how the ledger differs from it since.

A signed run keeps every event as it was, so that one can say what was changed, and the
digest of the signed run before, so that none can be exchanged. It is sealed under the
round's key: whoever has not the key cannot write it anew.

Sources: Haber and Stornetta (1991), Journal of Cryptology 3, pp. 99-111; RFC 2104.
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import blake2b, sha256
from typing import Any

import pandas as pd

FIRST = "0" * 64
"""What stands before the first signed run."""

KEY = ("case_id", "event_no")


@dataclass(frozen=True)
class SignedRun:
    """One signed run of one county.

    `results` are the digests of every file of its stages, `record` the last link of the
    ledger's record, `events` the ledger; `reason` says why events were entered with a day
    before the signed run before. `seal` is the HMAC-SHA256 of all else.
    """

    version: int
    number: int
    round: str
    county: str
    day: date
    before: str
    reason: str
    record: str
    results: Mapping[str, str]
    events: tuple[Mapping[str, str], ...]
    seal: str = ""

    def text(self) -> str:
        """Return the signed run as its file holds it."""
        return json.dumps(_plain(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @property
    def digest(self) -> str:
        """SHA-256 of its file: 64 hexadecimal digits."""
        return sha256(self.text().encode()).hexdigest()


def _plain(run: SignedRun) -> dict[str, Any]:
    return {**asdict(run), "day": run.day.isoformat()}


def sealed(run: SignedRun, key: bytes) -> SignedRun:
    """Return the signed run with its seal under the round's key."""
    own = blake2b(key, digest_size=32, person=b"signed run").digest()  # not the pseudonyms' key
    message = replace(run, seal="").text().encode()
    return replace(run, seal=hmac.new(own, message, "sha256").hexdigest())


def is_genuine(run: SignedRun, key: bytes) -> bool:
    """Say whether the seal of a signed run is that of its content."""
    return hmac.compare_digest(sealed(run, key).seal, run.seal)


def read_run(text: str) -> SignedRun:
    """Return the signed run of a file.

    Raises
    ------
    ValueError
        The text is no signed run.
    """
    try:
        values = json.loads(text)
        events = tuple(
            {str(name): str(value) for name, value in event.items()} for event in values["events"]
        )
        day = date.fromisoformat(values["day"])
        return SignedRun(**{**values, "day": day, "events": events})
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(str(error)) from error


def plain_events(events: pd.DataFrame) -> tuple[Mapping[str, str], ...]:
    """Return every event of a ledger as text: the columns that are filled, in their order."""
    names = [name for name in events.columns if not name.startswith("_")]
    ordered = events.sort_values(list(KEY), kind="stable")
    return tuple(
        {
            str(name): str(row[name])
            for name in names
            if not pd.isna(row[name]) and str(row[name]) != ""
        }
        for row in ordered.to_dict("records")
    )


@dataclass(frozen=True)
class Changed:
    """An event that is not as the signed run has it.

    Kinds: `altered` (with column, what was signed, and what stands there), `removed`,
    `moved` (the same event under another number, `to`), and `inserted` (new, with a day
    not after that of the signed run).
    """

    case_id: str
    event_no: int
    kind: str
    columns: tuple[tuple[str, str, str], ...] = ()
    to: int = 0


def compare_signed(run: SignedRun, events: pd.DataFrame) -> tuple[Changed, ...]:
    """Return every past event that differs from the signed run, by case and number.

    Parameters
    ----------
    run
        The last signed run.
    events
        Ledger: table `cases`, every event that could be read. The order of its rows
        plays no part: the number of an event is its place.
    """
    signed, held = _by_key(run.events), _by_key(plain_events(events))
    gone = {key: event for key, event in signed.items() if held.get(key) != event}
    new = {key: event for key, event in held.items() if signed.get(key) != event}
    moves = _moves(gone, new)
    found = [Changed(*key, "moved", to=to[1]) for key, to in moves.items()]
    for key in gone.keys() - moves.keys():
        if key in new and key not in moves.values():
            found.append(Changed(*key, "altered", columns=tuple(_columns(gone[key], new.pop(key)))))
        else:
            found.append(Changed(*key, "removed"))
    for key in new.keys() - set(moves.values()):
        if key in signed or new[key]["date"] <= run.day.isoformat():
            found.append(Changed(*key, "inserted"))
    return tuple(sorted(found, key=lambda c: (c.case_id, c.event_no, c.kind)))


Events = Mapping[tuple[str, int], Mapping[str, str]]


def _moves(gone: Events, new: Events) -> dict[tuple[str, int], tuple[str, int]]:
    """Return where events stand now that are the same but for their number."""
    moves: dict[tuple[str, int], tuple[str, int]] = {}
    for key, event in gone.items():
        for to, other in new.items():
            same_case = to[0] == key[0] and to not in moves.values()
            if same_case and _unnumbered(other) == _unnumbered(event):
                moves[key] = to
                break
    return moves


def _by_key(events: Iterable[Mapping[str, str]]) -> dict[tuple[str, int], Mapping[str, str]]:
    return {(event["case_id"], int(event["event_no"])): event for event in events}


def _unnumbered(event: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in event.items() if name != "event_no"}


def _columns(was: Mapping[str, str], now: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    for name in dict.fromkeys((*was, *now)):
        if was.get(name, "") != now.get(name, ""):
            yield name, was.get(name, ""), now.get(name, "")
