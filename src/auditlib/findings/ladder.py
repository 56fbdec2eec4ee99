"""The verification ladder: which event may follow which, and who may take it.

A case is opened by the evaluator, put to the two village committees, then to the
county, then to the departments; the next level is asked only where the one before
could not settle it. Evidence may come from either side while a case is open. A
decision needs evidence, and never rests on the evaluated side's word alone. A
verified case may be appealed by the county; the decision stands until the evaluator
opens the case again. What is not allowed is refused, with the reason.

Source: plan, 五（二）; readings A09, A39.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd

from auditlib.plan import Ladder

SETTLED = ("verified", "dismissed")
SAME = ("phase", "study_id", "line", "kind", "item")
"""What every event of a case must repeat from its first one."""


@dataclass(frozen=True)
class Refusal:
    """An event that the ladder does not allow; `words` fill the sentence of its kind."""

    case_id: str
    event_no: int
    kind: str
    words: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Standing:
    """How a case stands between two events."""

    first: Mapping[str, Any]
    number: int
    day: Any
    level: int = 0
    settled: str = ""
    unresolved: bool = False
    independent: bool = False


def refuse(events: pd.DataFrame, *, ladder: Ladder) -> tuple[Refusal, ...]:
    """Return every event that the ladder does not allow.

    After a refused event the later ones of the same case are refused as well: what
    they rest on is missing.

    Parameters
    ----------
    events
        Ledger: table `cases`, a row for every event.
    ladder
        Levels, roles and kinds of evidence of the plan.
    """
    found: list[Refusal] = []
    ordered = events.sort_values(["case_id", "event_no"], kind="stable").to_dict("records")
    for case_id, rows in groupby(ordered, key=itemgetter("case_id")):
        standing: _Standing | None = None
        refused: Refusal | None = None
        for row in rows:
            number = int(row["event_no"])
            if refused:
                words = {"earlier": refused.event_no}
                found.append(Refusal(str(case_id), number, "case_after_refused", words))
                continue
            wrong = _wrong(row, standing, ladder)
            if wrong:
                refused = Refusal(str(case_id), number, *wrong)
                found.append(refused)
            else:
                standing = _next(row, standing, ladder)
    return tuple(found)


Wrong = tuple[str, Mapping[str, str | int]]


def _wrong(row: Mapping[str, Any], standing: _Standing | None, ladder: Ladder) -> Wrong | None:
    """Return why an event is not allowed, None if it is."""
    event, level, number = row["event"], int(row["level"]), int(row["event_no"])
    if standing is None:
        if event != "opened" or number != 1:
            return "case_not_opened", {"event": event}
        return _role(row, ladder.may_open) or _level(level, 0)
    if number != standing.number + 1:
        return "case_gap", {"found": number, "wanted": standing.number + 1}
    if row["date"] < standing.day:
        return "case_earlier", {"found": str(row["date"]), "before": str(standing.day)}
    for name in SAME:
        if _text(row[name]) != _text(standing.first[name]):
            return "case_differs", {"column": name}
    match event:
        case "opened":
            return "case_opened_again", {}
        case "appeal":
            return _appeal(row, standing)
        case "reopened":
            return _reopened(row, standing, ladder)
        case _ if standing.settled:
            return "case_settled", {"event": event, "outcome": standing.settled}
        case "evidence":
            return _level(level, standing.level) or _evidence(row)
        case "decided":
            return _decided(row, standing, ladder)
        case _:
            return _put(row, standing, ladder)


def _role(row: Mapping[str, Any], allowed: Iterable[str]) -> Wrong | None:
    if row["role"] in tuple(allowed):
        return None
    return "case_wrong_role", {
        "event": row["event"], "role": row["role"], "allowed": ", ".join(allowed)
    }  # fmt: skip


def _level(found: int, wanted: int) -> Wrong | None:
    return None if found == wanted else ("case_wrong_level", {"found": found, "wanted": wanted})


def _evidence(row: Mapping[str, Any]) -> Wrong | None:
    """An item of evidence has its kind, its number and the digest of its file."""
    lacking = [n for n in ("evidence_kind", "evidence", "evidence_digest") if not row[n]]
    return ("case_no_evidence", {"lacking": ", ".join(lacking)}) if lacking else None


def _put(row: Mapping[str, Any], standing: _Standing, ladder: Ladder) -> Wrong | None:
    """A level is asked once the one before it could not settle the case."""
    level = next(entry for entry in ladder.levels.values() if entry.event == row["event"])
    if level.level != standing.level + 1 or (standing.level and not standing.unresolved):
        return "case_skips_level", {"event": row["event"], "level": standing.level}
    return _level(int(row["level"]), level.level) or _role(row, (level.role,))


def _decided(row: Mapping[str, Any], standing: _Standing, ladder: Ladder) -> Wrong | None:
    if standing.level == 0:
        return "case_undecidable", {}
    if not row["outcome"]:
        return "case_no_outcome", {}
    here = next(entry for entry in ladder.levels.values() if entry.level == standing.level)
    wrong = _level(int(row["level"]), standing.level) or _role(row, here.decides)
    if wrong or row["outcome"] not in SETTLED:
        return wrong
    given = row["evidence"] or row["evidence_kind"] or row["evidence_digest"]
    if given and (incomplete := _evidence(row)):
        return incomplete
    if not (standing.independent or _independent(row, ladder)):
        return "case_one_sided", {}
    return None


def _appeal(row: Mapping[str, Any], standing: _Standing) -> Wrong | None:
    if standing.settled != "verified":
        return "case_not_settled", {"event": "appeal"}
    return _role(row, ("county",)) or _level(int(row["level"]), standing.level)


def _reopened(row: Mapping[str, Any], standing: _Standing, ladder: Ladder) -> Wrong | None:
    if not standing.settled:
        return "case_not_settled", {"event": "reopened"}
    if int(row["level"]) > standing.level:
        return "case_wrong_level", {"found": int(row["level"]), "wanted": standing.level}
    return _role(row, ladder.may_reopen)


def _independent(row: Mapping[str, Any], ladder: Ladder) -> bool:
    """Say whether the event brings evidence that is more than the evaluated side's word."""
    return (
        bool(row["evidence"])
        and bool(row["evidence_kind"])
        and row["evidence_kind"] not in ladder.hearsay
        and row["role"] not in ladder.evaluated_side
    )


def _next(row: Mapping[str, Any], standing: _Standing | None, ladder: Ladder) -> _Standing:
    """Return how the case stands after an event that is allowed."""
    before = standing or _Standing(row, 0, row["date"])
    event, outcome = row["event"], row["outcome"]
    put = any(entry.event == event for entry in ladder.levels.values())
    settled, unresolved = before.settled, before.unresolved and not put
    if event == "decided":
        settled, unresolved = (outcome, False) if outcome in SETTLED else ("", True)
    elif event == "reopened":
        settled, unresolved = "", False
    return _Standing(
        before.first,
        int(row["event_no"]),
        row["date"],
        level=int(row["level"]),
        settled=settled,
        unresolved=unresolved,
        independent=before.independent or _independent(row, ladder),
    )


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


@dataclass(frozen=True)
class Breach:
    """Something of an event that is against independence or minimum disclosure.

    Kinds: `not_recorded` (put to someone, and what was disclosed is not on record),
    `other_recipient`, `too_much` (more than this case was disclosed), `unnamed`,
    `undeclared` and `conflict` (the decider has no number, no declaration of
    independence, or declared a conflict).
    """

    case_id: str
    event_no: int
    kind: str


def check_independence(
    events: pd.DataFrame, declarations: pd.DataFrame, *, ladder: Ladder
) -> tuple[Breach, ...]:
    """Return every departure from minimum disclosure and from independent decisions.

    Parameters
    ----------
    events
        Ledger: table `cases`.
    declarations
        Table `declarations`: a person's declaration of independence, with its day.
    ladder
        Levels, and what may be disclosed.

    Source: plan, 五（二）, independence and impartiality; reading A39.
    """
    asked = {entry.event: entry.answers for entry in ladder.levels.values()}
    days = dict(zip(declarations["enumerator"], declarations["date"], strict=True))
    conflicted = conflicts(declarations)
    found: list[Breach] = []
    for row in events.sort_values(["case_id", "event_no"]).to_dict("records"):
        kinds = []
        told = str(row["disclosed"]).split()
        if row["event"] in asked:
            if not row["disclosed_to"] or not told:
                kinds.append("not_recorded")
            elif row["disclosed_to"] != asked[row["event"]]:
                kinds.append("other_recipient")
        if set(told) - set(ladder.may_disclose):
            kinds.append("too_much")
        if row["event"] == "decided" and row["role"] != "department":
            if not row["by"]:
                kinds.append("unnamed")
            elif row["by"] in conflicted:
                kinds.append("conflict")
            elif row["by"] not in days or days[row["by"]] > row["date"]:
                kinds.append("undeclared")
        found += [Breach(row["case_id"], int(row["event_no"]), kind) for kind in kinds]
    return tuple(found)


def conflicts(declarations: pd.DataFrame) -> frozenset[str]:
    """Return the people who declared a conflict of interest: their decisions settle nothing."""
    return frozenset(declarations.loc[declarations["conflict"] == "yes", "enumerator"])
