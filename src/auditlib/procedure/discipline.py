"""The discipline ledger: prohibitions broken, suspension, termination, veto.

The evaluator records and proposes. A veto counts only if the authority that the
plan names has decided it; a terminated evaluation has no result.

Source: plan, 七（二）, 五（四）; reading A41.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd


class Standing(StrEnum):
    """Whether the county's evaluation goes on."""

    NORMAL = "normal"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    VETOED = "vetoed"


@dataclass(frozen=True)
class Entry:
    """One line of the ledger; what exactly happened stands in the document it names."""

    entry: str
    day: date
    code: str
    severity: str
    action: str
    authority: str
    document: str


@dataclass(frozen=True)
class Discipline:
    """The ledger summed up: entries by prohibition, and what follows for the county.

    Attributes
    ----------
    standing
        What holds on the day; a veto stands above everything.
    terminated
        Whether the evaluation was ended: no indicator may then be published, vetoed or not.
    days_suspended
        Calendar days, by which the schedule moves.
    without_authority
        Vetoes that count for nothing, entered by someone the plan does not name.
    referrals
        Entries handed to the discipline inspection; `unreferred` vetoes that none follows.
    log
        Every entry known on the day.
    """

    standing: Standing
    entries: int
    by_prohibition: Mapping[str, int]
    prominent: int
    days_suspended: int
    suspended_since: date | None
    veto_proposed: bool
    veto_document: str
    without_authority: tuple[str, ...]
    terminated: bool
    referrals: tuple[Entry, ...]
    unreferred: bool
    log: tuple[Entry, ...]


def review(
    ledger: pd.DataFrame,
    *,
    prohibitions: Iterable[str],
    veto_authority: Iterable[str],
    as_of: date,
) -> Discipline:
    """Return what the ledger says on a day.

    Parameters
    ----------
    ledger
        Table `discipline`; entries after the day are not yet known.
    prohibitions
        Codes D01 to D12, each with a line in the result.
    veto_authority
        Who may decide a veto.
    as_of
        The round's day.
    """
    known = ledger[(ledger["date"] <= as_of).astype(bool)].sort_values(
        ["date", "entry"], kind="stable"
    )
    standing, since, days = Standing.NORMAL, None, 0
    veto_document, refused, ended = "", [], False
    for _, row in known.iterrows():
        match row["action"]:
            case "suspended" if standing is Standing.NORMAL:
                standing, since = Standing.SUSPENDED, row["date"]
            case "resumed" if standing is Standing.SUSPENDED and since is not None:
                days += (row["date"] - since).days
                standing, since = Standing.NORMAL, None
            case "terminated":
                ended = True
                standing = standing if standing is Standing.VETOED else Standing.TERMINATED
            case "vetoed" if row["authority"] in tuple(veto_authority) and row["document"]:
                standing, veto_document = Standing.VETOED, row["document"]
            case "vetoed":
                refused.append(row["entry"])
    if since is not None and not ended:
        days += (as_of - since).days
    codes = known["code"].value_counts()
    log = tuple(_entry(row) for _, row in known.iterrows())
    referrals = tuple(entry for entry in log if entry.action == "referred")
    return Discipline(
        standing=standing,
        entries=len(known),
        by_prohibition={code: int(codes.get(code, 0)) for code in prohibitions},
        prominent=int((known["severity"] == "prominent").sum()),
        days_suspended=days,
        suspended_since=since,
        veto_proposed=bool((known["action"] == "veto_proposed").any()),
        veto_document=veto_document,
        without_authority=tuple(refused),
        terminated=ended,
        referrals=referrals,
        unreferred=standing is Standing.VETOED and not referrals,
        log=log,
    )


def _entry(row: pd.Series) -> Entry:
    return Entry(
        entry=row["entry"],
        day=row["date"],
        code=row["code"],
        severity=row["severity"],
        action=row["action"],
        authority=row["authority"],
        document=row["document"],
    )
