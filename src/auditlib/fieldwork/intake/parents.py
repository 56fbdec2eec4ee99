"""Which submission a row belongs to: its identity, and the parent of a repeat's row.

A submission keeps its identity when it is edited on the server: ODK and SurveyCTO by
`KEY`, KoboToolbox by `_id`. A plain workbook has the key of the table instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import PurePosixPath

from auditlib.fieldwork.intake.exports import Recognised
from auditlib.fieldwork.intake.layouts import plain
from auditlib.problems.personal import MACHINE, hide

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
    """A submission: its name, why it is set aside (or empty), and where its main row is.

    A row of a repeat that holds a repeat itself is an owner too: `above` is whose it is.
    """

    record: str
    reason: str
    sheet: int
    row: int
    version: str
    submitted: str
    edits: str
    above: "Owner | None" = None

    @property
    def root(self) -> "Owner":
        """The submission that everything hangs on."""
        return self.above.root if self.above else self


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


def unnamed(record: str, *, key: bytes) -> str:
    """Return the name of a submission with a pseudonym for what could name a person.

    Servers name submissions by machine; in a workbook the key of a table may hold anything.
    """
    kind, _, text = record.partition(" ")
    if MACHINE.fullmatch(text) or (len(text) < 10 and text.isascii()) or hide(text) == text:
        return record
    return f"{kind} {blake2b(text.encode(), key=key, digest_size=6).hexdigest()}"


def refusal(recognised: Recognised, row: Sequence[str]) -> str:
    """Return why the server's own review keeps a submission out; empty if nothing does."""
    if plain(meta_text(recognised, row, "review")).replace("-", "") in REJECTED:
        return "rejected_review"
    if recognised.source == "odk" and plain(meta_text(recognised, row, "encrypted")) in ENCRYPTED:
        return "not_decrypted"
    return ""


def misplaced(recognised: Recognised, row: Sequence[str]) -> str:
    """Return why a row is none of the table: headings or tags again, cells beyond the headings."""
    headings = recognised.sheet.rows[recognised.start]
    if any(map(str.strip, row[len(headings) :])):
        return "cells_beyond_headings"
    first = next((cell for cell in row if cell), "")
    if first.startswith("#") or first == headings[0]:
        filled = [cell.strip() for cell in row if cell.strip()]
        if all(cell.startswith("#") for cell in filled) or list(row) == list(headings):
            return "repeated_heading"  # tags of HXL stand below the headings
    return ""


def names_of(recognised: Recognised, row: Sequence[str]) -> list[Key]:
    """Return every name under which children may call a row their parent."""
    sheet = recognised.sheet
    found: list[Key] = []
    for what in ("key", "id", "uuid", "root_uuid"):
        if text := meta_text(recognised, row, what):
            found.append((what.replace("root_uuid", "uuid"), text.removeprefix("uuid:")))
    if (j := recognised.log) is not None and j < len(row):
        found.append(("log", PurePosixPath(row[j].strip().replace("\\", "/")).name))
    if text := meta_text(recognised, row, "index"):
        found.append(("index", sheet.file, plain(sheet.sheet)[:31], text))
        if not recognised.child:
            found.append(("index", sheet.file, "", text))
    return found


@dataclass(frozen=True)
class Neighbours:
    """What else is in the export: the sheet of every repeat, and the file of the main sheet.

    `repeats` tells by file and name of a sheet under which key its rows are kept; a CSV
    file is a sheet of its own, named after the file. `main` is the file of the main sheet
    if there is just one, for exports saved as several files; `titled` says whether all
    parents that are no repeats bear one title, which then is that of the main sheet.
    """

    repeats: Mapping[tuple[str, str], Key]
    main: str
    titled: bool

    @classmethod
    def of(cls, sheets: Sequence[Recognised]) -> "Neighbours":
        """Return what the sheets of an export are to each other."""
        repeats: dict[tuple[str, str], Key] = {}
        for each in sheets:
            if each.child:
                key = ("index", each.sheet.file, plain(each.sheet.sheet)[:31])
                stem = plain(PurePosixPath(each.sheet.file).stem)
                named = [(each.sheet.file, key[2])] if key[2] else []
                named += [] if key[2] else [("", stem[:31]), ("", stem.rpartition("-")[2][:31])]
                repeats |= dict.fromkeys(named, key)
        mains = {each.sheet.file for each in sheets if not each.child}
        indexed = [each for each in sheets if not each.child and "index" in each.meta]
        titles = {
            plain(meta_text(each, row, "parent_table"))[:31]
            for each in sheets
            if each.child and "parent_table" in each.meta
            for _, row in each.data
        }
        unknown = {t for t in titles if not any(name == t for _, name in repeats)}
        main = mains.pop() if len(mains) == 1 else ""
        return cls(repeats, main, titled=len(unknown) <= 1 and len(indexed) <= 1)


def find_owner(
    recognised: Recognised,
    row: Sequence[str],
    owners: Mapping[Key, Owner],
    *,
    beside: Neighbours,
    last: bool = True,
) -> Owner | None:
    """Return the submission of a repeat's row, or the row of the repeat around it.

    None if the export does not hold it.

    Parameters
    ----------
    recognised, row
        The sheet of the repeat and one of its rows.
    owners
        Submissions, and rows of repeats already found, by their names.
    beside
        The other sheets of the export.
    last
        Whether the submission itself will do where the row of the repeat around it is
        not found (yet).
    """
    key = meta_text(recognised, row, "parent_key").removeprefix("uuid:")
    if key:
        return owners.get(("key", key)) or (
            owners.get(("key", key.split("/")[0])) if last else None
        )
    index = meta_text(recognised, row, "parent_index")
    table = plain(meta_text(recognised, row, "parent_table"))[:31]
    file = recognised.sheet.file
    around = beside.repeats.get((file, table)) or beside.repeats.get(("", table))
    inner = owners.get((*around, index)) if around and index else None
    for what in ("parent_id", "parent_root_uuid", "parent_uuid"):
        text = meta_text(recognised, row, what).removeprefix("uuid:")
        if text:
            outer = owners.get((("id" if what == "parent_id" else "uuid"), text))
            if inner and outer and inner.root is outer:  # the index counts the rows of a sheet,
                return inner  # and lies where they were sorted or filtered since
            return outer if last or not around else None
    if not index or around:
        return inner
    found = owners.get(("index", file, table, index)) or owners.get(
        ("index", beside.main, table, index)
    )
    return found or (owners.get(("index", beside.main, "", index)) if beside.titled else None)


def adopt(
    children: Mapping[int, Recognised], owners: dict[Key, Owner], beside: Neighbours
) -> dict[int, int]:
    """Let the rows of repeats be found by the repeats within them, in whatever order they come.

    Returns
    -------
    dict
        How deep every sheet lies: 1 for a repeat, 2 for a repeat within one.
    """
    waiting = {number: list(enumerate(r.data)) for number, r in children.items()}
    depth = dict.fromkeys(children, 1)
    for _ in children:
        for number, rows in waiting.items():
            left = []
            for i, (place, row) in rows:
                above = find_owner(children[number], row, owners, beside=beside, last=False)
                if above is None:
                    left.append((i, (place, row)))
                    continue
                own = replace(above, sheet=number, row=i, above=above)
                owners.update(dict.fromkeys(names_of(children[number], row), own))
                depth[number] = max(depth[number], depth.get(above.sheet, 0) + 1)
            waiting[number] = left
    return depth
