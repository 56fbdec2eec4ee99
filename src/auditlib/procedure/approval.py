"""The last step: approval by the provincial government, and the announcement.

An approval counts only from the authority that the plan names; an announcement
counts only after one.

Source: plan, 六（八）; reading A47.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd


@dataclass(frozen=True)
class Approved:
    """How the exit stands with the provincial government on a day.

    `decision` is approved, refused or empty; `void` entries were made by another
    than the authority, or announce what was not approved.
    """

    decision: str
    decided: date | None
    document: str
    announced: date | None
    media: str
    void: tuple[str, ...]


def follow_approval(table: pd.DataFrame, *, authority: Iterable[str], as_of: date) -> Approved:
    """Return approval and announcement on a day.

    Parameters
    ----------
    table
        Table `approvals`.
    authority
        Roles that may approve, refuse and announce.
    as_of
        The round's day; later entries are not yet known.
    """
    named = tuple(authority)
    known = table[(table["date"] <= as_of).astype(bool)].sort_values(
        ["date", "approval"], kind="stable"
    )
    decision, decided, document, announced, media = "", None, "", None, ""
    void = []
    for _, row in known.iterrows():
        if row["authority"] not in named or (row["kind"] == "announced" and decision != "approved"):
            void.append(row["approval"])
        elif row["kind"] == "announced":
            announced, media = row["date"], row["media"]
        else:
            decision, decided, document = row["kind"], row["date"], row["document"]
    return Approved(decision, decided, document, announced, media, tuple(void))
