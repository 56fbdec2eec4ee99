"""The register of draws as a published file, `register.csv`: what a stranger needs to redraw.

The nonce stands in it only once the round is revealed.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from auditlib.errors import SelectionError
from auditlib.sampling.commitment import Draw

REGISTER_COLUMNS = (
    "number",
    "frame_digest",
    "design_digest",
    "nonce_digest",
    "committed",
    "public_number",
    "drawn",
    "witnesses",
    "nonce",
    "reason",
)


def register_rows(register: Iterable[Draw], *, revealed: bool) -> list[dict[str, str]]:
    """Return the register as it is published; nonces only once the round is revealed."""
    return [
        {
            name: str(getattr(draw, name) or "") if name != "nonce" or revealed else ""
            for name in REGISTER_COLUMNS
        }
        for draw in register
    ]


def registered_draws(rows: Iterable[Mapping[str, str]]) -> list[Draw]:
    """Return the entries of a published register.

    Raises
    ------
    SelectionError
        An entry lacks a column, or a day cannot be read.
    """
    try:
        return [
            Draw(
                number=int(row["number"]),
                frame_digest=row["frame_digest"],
                design_digest=row["design_digest"],
                nonce_digest=row["nonce_digest"],
                committed=date.fromisoformat(row["committed"]),
                public_number=row["public_number"],
                drawn=date.fromisoformat(row["drawn"]) if row["drawn"] else None,
                witnesses=row["witnesses"],
                nonce=row["nonce"],
                reason=row["reason"],
            )
            for row in rows
        ]
    except (KeyError, ValueError) as error:
        raise SelectionError.unreadable_register(",".join(REGISTER_COLUMNS)) from error
