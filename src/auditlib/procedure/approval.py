"""The last step: the State's spot check, approval by the province, the announcement.

Each counts only from the authority that the plan names: the State answers for the spot
check, the provincial government for the exit. An approval after a failed spot check
counts for nothing, and so does an announcement of what was not approved. The State's
result stands by itself; no figure of the province is changed by it.

Source: plan, 一, 六（七）, 六（八）; reading A47.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

SPOT_CHECKS = ("spot_passed", "spot_failed")


@dataclass(frozen=True)
class Approved:
    """How the exit stands with State and provincial government on a day.

    `spot_check` is spot_passed, spot_failed or empty; `decision` approved, refused or
    empty; `void` entries came from another than the authority, or out of order.
    """

    spot_check: str
    spot_checked: date | None
    decision: str
    decided: date | None
    document: str
    announced: date | None
    media: str
    void: tuple[str, ...]


def follow_approval(
    table: pd.DataFrame,
    *,
    authority: Iterable[str],
    spot_check_authority: Iterable[str],
    as_of: date,
) -> Approved:
    """Return spot check, approval and announcement on a day.

    Parameters
    ----------
    table
        Table `approvals`.
    authority
        Roles that may approve, refuse and announce.
    spot_check_authority
        Roles that may say how the spot check came out.
    as_of
        The round's day; later entries are not yet known.
    """
    province, state = tuple(authority), tuple(spot_check_authority)
    known = table[(table["date"] <= as_of).astype(bool)].sort_values(
        ["date", "approval"], kind="stable"
    )
    spot: tuple[str, date | None] = ("", None)
    decision: tuple[str, date | None, str] = ("", None, "")
    announced: tuple[date | None, str] = (None, "")
    void = []
    for _, row in known.iterrows():
        match row["kind"]:
            case kind if row["authority"] not in (state if kind in SPOT_CHECKS else province):
                void.append(row["approval"])
            case "spot_passed" | "spot_failed":
                spot = row["kind"], row["date"]
            case "approved" if spot[0] == "spot_failed":
                void.append(row["approval"])
            case "announced" if decision[0] != "approved":
                void.append(row["approval"])
            case "announced":
                announced = row["date"], row["media"]
            case _:
                decision = row["kind"], row["date"], row["document"]
    return Approved(
        spot_check=spot[0],
        spot_checked=spot[1],
        decision=decision[0],
        decided=decision[1],
        document=decision[2],
        announced=announced[0],
        media=announced[1],
        void=tuple(void),
    )
