"""Which submission a row belongs to: its identity, and the parent of a repeat's row.

A submission keeps its identity when it is edited on the server: ODK and SurveyCTO by
`KEY`, KoboToolbox by `_id`. A plain workbook has the key of the table instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditlib.fieldwork.intake.exports import Recognised
from auditlib.fieldwork.intake.layouts import plain

IDENTITY = {
    "odk": ("key",),
    "surveycto": ("key",),
    "kobo": ("id", "root_uuid", "uuid", "key"),
    "excel": (),
}
"""Server columns that name a submission, the most lasting first."""

REJECTED = ("rejected", "notapproved", "validation_status_not_approved")
ENCRYPTED = ("notdecrypted", "missingencryptedformdata")

Key = tuple[str, ...]


@dataclass(frozen=True)
class Owner:
    """A submission: its name, why it is set aside (or empty), and where its main row is."""

    record: str
    reason: str
    sheet: int
    row: int
    version: str
    submitted: str
    edits: str


def meta_text(recognised: Recognised, row: Sequence[str], what: str) -> str:
    """Return a server column of a row, trimmed; empty if the sheet has none."""
    j = recognised.meta.get(what)
    return row[j].strip() if j is not None and j < len(row) else ""


def identity(recognised: Recognised, row: Sequence[str]) -> str:
    """Return the name of the submission that a main row is; empty if the server gave none."""
    for what in IDENTITY[recognised.source]:
        text = meta_text(recognised, row, what)
        if text:
            return f"{what} {text.removeprefix('uuid:')}"
    return ""


def refusal(recognised: Recognised, row: Sequence[str]) -> str:
    """Return why the server's own review keeps a submission out; empty if nothing does."""
    if plain(meta_text(recognised, row, "review")).replace("-", "") in REJECTED:
        return "rejected_review"
    if recognised.source == "odk" and plain(meta_text(recognised, row, "encrypted")) in ENCRYPTED:
        return "not_decrypted"
    return ""


def names_of(recognised: Recognised, row: Sequence[str]) -> list[Key]:
    """Return every name under which children may call a row their parent."""
    sheet = recognised.sheet
    found: list[Key] = []
    for what in ("key", "id", "uuid", "root_uuid"):
        if text := meta_text(recognised, row, what):
            found.append((what.replace("root_uuid", "uuid"), text.removeprefix("uuid:")))
    if text := meta_text(recognised, row, "index"):
        found.append(("index", sheet.file, plain(sheet.sheet)[:31], text))
        if not recognised.child:
            found.append(("index", sheet.file, "", text))
    return found


def find_owner(
    recognised: Recognised, row: Sequence[str], owners: Mapping[Key, Owner], *, single: str
) -> Owner | None:
    """Return the submission of a repeat's row; None if the export does not hold it.

    Parameters
    ----------
    recognised, row
        The sheet of the repeat and one of its rows.
    owners
        Submissions, and rows of repeats already found, by their names.
    single
        The file of the main sheet if there is just one, for exports saved as several files.
    """
    key = meta_text(recognised, row, "parent_key").removeprefix("uuid:")
    if key:
        return owners.get(("key", key))
    for what in ("parent_id", "parent_root_uuid", "parent_uuid"):
        text = meta_text(recognised, row, what).removeprefix("uuid:")
        if text:
            return owners.get((("id" if what == "parent_id" else "uuid"), text))
    index = meta_text(recognised, row, "parent_index")
    if not index:
        return None
    table = plain(meta_text(recognised, row, "parent_table"))[:31]
    file = recognised.sheet.file
    return (
        owners.get(("index", file, table, index))
        or owners.get(("index", single, table, index))
        or owners.get(("index", single, "", index))
    )
