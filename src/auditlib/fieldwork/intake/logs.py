"""The tablet's own log of an interview: how long each question took, what was changed, pauses.

ODK and KoboToolbox log events with a start and an end (`audit.csv`), SurveyCTO sums the
time of every field (`text_audit`). Questions shown together share their time. Answers in
a log are compared, and never kept.

Source: ODK XForms specification, client audit logs; SurveyCTO, text audits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from auditlib.fieldwork.intake.layouts import plain
from auditlib.fieldwork.intake.parents import Key, Owner
from auditlib.fieldwork.intake.values import time_of

TABLE = "question_times"
EVENTS = frozenset({"event", "node", "start"})
FIELDS = frozenset({"fieldname", "totalduration(seconds)"})
TIMED = ("question", "groupquestions")
AWAY = 60  # seconds between two events from which on nobody was at the tablet


@dataclass(frozen=True)
class Log:
    """One log file as text; `submission` is whose it is, empty where its rows tell."""

    file: str
    rows: Sequence[Sequence[str]]
    submission: str = ""


@dataclass(frozen=True)
class Times:
    """One question of one submission: seconds, times opened, times changed, minutes away before."""

    submission: str
    question: str
    row: int
    seconds: float
    opened: int
    changed: int
    pause: float


@dataclass(frozen=True)
class LogUse:
    """One log file: its events, and those that tell no time of a question."""

    file: str
    events: int
    unused: int


@dataclass(frozen=True)
class _Event:
    row: int
    kind: str
    node: str
    start: float
    end: float
    changed: bool


def is_log(headings: Iterable[str]) -> bool:
    """Say whether a file with these headings is a log."""
    found = {plain(h) for h in headings}
    return found >= EVENTS or found >= FIELDS


def read_log(log: Log) -> tuple[list[Times], LogUse]:
    """Return the time of every question, and what became of the events."""
    heads = [plain(h) for h in log.rows[0]] if log.rows else []
    rows = [(n, row) for n, row in enumerate(log.rows[1:], 2) if any(map(str.strip, row))]
    if set(heads) >= FIELDS:
        return _summed(log, heads, rows)
    by: dict[str, list[_Event]] = {}
    unused = 0
    for number, row in rows:
        cell = dict(zip(heads, row, strict=False))
        name = cell.get("instanceid", "").strip().removeprefix("uuid:") or log.submission
        event = _event(number, cell)
        if event is None or not name:
            unused += 1
        else:
            by.setdefault(name, []).append(event)
    found = [times for name, events in by.items() for times in _questions(name, events)]
    return found, LogUse(log.file, len(rows), unused)


def _event(number: int, cell: Mapping[str, str]) -> _Event | None:
    start = _moment(cell.get("start", ""))
    if start is None:
        return None
    end = _moment(cell.get("end", ""))
    before, after = cell.get("old-value", "").strip(), cell.get("new-value", "").strip()
    kind = plain(cell.get("event", ""))
    node = cell.get("node", "").strip()
    changed = bool(before) and before != after
    return _Event(number, kind, node, start, max(start if end is None else end, start), changed)


def _moment(text: str) -> float | None:
    """Return seconds of a moment in milliseconds, or written as a time; None if it is neither."""
    bare = text.strip()
    if bare.isascii() and bare.isdecimal() and len(bare) <= 15:
        return int(bare) / 1000
    try:
        return datetime.fromisoformat(time_of(bare)).timestamp() if bare else None
    except (ValueError, OverflowError, OSError):
        return None


def _questions(name: str, events: Sequence[_Event]) -> Iterable[Times]:
    """Yield the questions of one submission; those shown together share their time."""
    together: dict[tuple[float, float], int] = {}
    for event in events:
        if event.kind == "question":
            together[event.start, event.end] = together.get((event.start, event.end), 0) + 1
    found: dict[str, Times] = {}
    last = None
    away = 0.0
    for event in sorted(events, key=lambda e: (e.start, e.row)):
        away = away if last is None else max(away, event.start - last)
        last = event.end if last is None else max(last, event.end)
        if event.kind not in TIMED or not event.node:
            continue
        if event.kind != "question" and (event.start, event.end) in together:
            continue  # its questions tell the same time
        question = PurePosixPath(event.node).name.partition("[")[0]
        old = found.get(question) or Times(name, question, event.row, 0.0, 0, 0, 0.0)
        found[question] = Times(
            name,
            question,
            old.row,
            old.seconds + (event.end - event.start) / together.get((event.start, event.end), 1),
            old.opened + 1,
            old.changed + event.changed,
            max(old.pause, away / 60 if away >= AWAY else 0.0),
        )
        away = 0.0
    return found.values()


def _summed(
    log: Log, heads: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]
) -> tuple[list[Times], LogUse]:
    """Return SurveyCTO's sums: they tell the time of a field, neither changes nor pauses."""
    name = log.submission or PurePosixPath(log.file).name
    found: dict[str, Times] = {}
    unused = 0
    for number, row in rows:
        cell = dict(zip(heads, row, strict=False))
        text = cell.get("totalduration(seconds)", "").strip()
        question = PurePosixPath(cell.get("fieldname", "").strip()).name.partition("[")[0]
        if not question or not text.replace(".", "", 1).isdecimal() or not text.isascii():
            unused += 1
            continue
        old = found.get(question) or Times(name, question, number, 0.0, 0, 0, 0.0)
        sum_ = old.seconds + float(text)
        found[question] = Times(name, question, old.row, sum_, old.opened + 1, 0, 0.0)
    return list(found.values()), LogUse(log.file, len(rows), unused)


def owner_of(name: str, owners: Mapping[Key, Owner]) -> Owner | None:
    """Return the submission that a log belongs to; None if the export does not hold it."""
    bare = name.removeprefix("uuid:")
    return owners.get(("key", bare)) or owners.get(("uuid", bare)) or owners.get(("log", bare))


def figures(times: Times) -> dict[str, str]:
    """Return the columns of the table that the log fills."""
    return {
        "question": times.question,
        "seconds": f"{times.seconds:.1f}",
        "opened": str(times.opened),
        "changed": str(times.changed),
        "pause": f"{times.pause:.1f}",
    }
