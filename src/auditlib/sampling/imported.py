"""A list of villages that the office already drew, and what follows for inference.

The list is committed to like a design: its digest, hidden by the nonce, stands in the
design before the seed, and is opened with the nonce. Households and groups of the
listed villages are drawn by tickets as always. Where the office states no
probabilities, the villages count as they stand (probability 1): rates and intervals
then hold for the villages visited, and for no other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from auditlib.errors import SelectionError
from auditlib.sampling.design import Design, Json
from auditlib.sampling.draw import canonical_units, draw, ticket
from auditlib.sampling.frame import Frame, Village, text_lines
from auditlib.sampling.notes import Note, note
from auditlib.sampling.quotas import Quotas, nearest, up
from auditlib.sampling.villages import DrawnVillage

IMPORTED = "imported.csv"
HEADING = "village,listed,probability"

INFERENCE = ("probability_unknown", "probability_given")
"""Notes that say what follows for inference; every report on such a list prints them."""


@dataclass(frozen=True)
class OfficeList:
    """What the office handed over: who drew, which villages, and probabilities if stated.

    `probabilities` are exact text (`1/5`, `0.2`) by village code; they may cover
    villages that are not on the list, and must if intervals are to hold for the county.
    """

    source: str
    villages: tuple[str, ...]
    probabilities: Mapping[str, str]

    def content(self) -> bytes:
        """Return the list as it is published after the reveal: CSV, sorted, LF."""
        listed = frozenset(self.villages)
        rows = [
            f"{code},{int(code in listed)},{self.probabilities.get(code, '')}"
            for code in sorted(listed | self.probabilities.keys())
        ]
        return ("\n".join([HEADING, *rows]) + "\n").encode()

    def commitment(self, nonce: str) -> dict[str, Json]:
        """Return what the design says of the list before the seed: no village can be told."""
        return {
            "source": self.source,
            "villages": len(self.villages),
            "digest": list_digest(self.content(), nonce),
        }


def list_digest(content: bytes, nonce: str) -> str:
    """Return the SHA-256 of nonce, comma and list, as `cat` and `sha256sum` would give it."""
    return sha256(f"{nonce},".encode() + content).hexdigest()


def _usable(chances: str) -> bool:
    """Say whether a cell is empty or a number above 0 and at most 1."""
    try:
        return not chances or 0 < Fraction(chances) <= 1
    except (ValueError, ZeroDivisionError):
        return False


def read_office_list(content: bytes, source: str) -> OfficeList:
    """Return the list of a published file.

    Raises
    ------
    SelectionError
        A line cannot be read.
    """
    heading, *lines = text_lines(content, IMPORTED)
    villages, chances = [], {}
    for number, line in enumerate(lines, start=2):
        cells = line.split(",")
        if heading != HEADING or len(cells) != 3 or not _usable(cells[2]):
            raise SelectionError.unreadable_line(IMPORTED, number, expected=HEADING)
        if cells[1] == "1":
            villages.append(cells[0])
        if cells[2]:
            chances[cells[0]] = cells[2]
    return OfficeList(source, tuple(villages), chances)


@dataclass(frozen=True)
class ImportedVillage:
    """A village on the list; `probability` is None where the office gave none."""

    village: Village
    probability: Fraction | None


@dataclass(frozen=True)
class ImportedList:
    """The office's list, in its order, and what the reader must be told.

    `design_based` says whether estimates for the county may carry an interval.
    """

    villages: tuple[ImportedVillage, ...]
    source: str
    design_based: bool
    notes: tuple[Note, ...]


def import_list(
    codes: Sequence[str],
    frame: Frame,
    quotas: Quotas,
    *,
    source: str,
    probabilities: Mapping[str, Fraction] | None = None,
) -> ImportedList:
    """Return the office's list, checked against the frame and the quotas.

    Parameters
    ----------
    codes
        Villages on the list.
    frame, quotas
        Of the county.
    source
        Who drew the list.
    probabilities
        Of each village of the frame, if the office gives them; in (0, 1].

    Raises
    ------
    SelectionError
        A village is unknown or listed twice, or a probability is impossible.
    """
    known = {village.code: village for village in frame.villages}
    listed = canonical_units(codes)
    for code in listed:
        if code not in known:
            raise SelectionError.unknown_village(source, code)
    given = probabilities or {}
    for code, chances in given.items():
        if not 0 < chances <= 1:
            raise SelectionError.not_a_probability(code, chances)
    complete = all(code in given for code in listed)
    chosen = tuple(
        ImportedVillage(known[code], given[code] if complete else None) for code in listed
    )
    notes = [note("probability_given" if complete else "probability_unknown", source=source)]
    unknown = len([code for code in known if code not in listed and code not in given])
    if complete and unknown:
        notes.append(note("never_drawn", left=unknown))
    villages = [entry.village for entry in chosen]
    notes += _missed(villages, frame, quotas)
    return ImportedList(chosen, source, complete and not unknown, tuple(notes))


def listed_villages(
    office: OfficeList, frame: Frame, design: Design, seed: str
) -> tuple[tuple[DrawnVillage, ...], ImportedList]:
    """Return the listed villages in ticket order, as the later stages take them.

    Raises
    ------
    SelectionError
        As `import_list`; or a list without a village.
    """
    given = {code: Fraction(text) for code, text in office.probabilities.items()}
    imported = import_list(
        office.villages, frame, design.quotas, source=office.source, probabilities=given
    )
    if not imported.villages:
        raise SelectionError.empty_frame()
    stage = f"{design.phase}village"
    entries = {entry.village.code: entry for entry in imported.villages}
    order = draw(entries, len(entries), stage=stage, stratum=office.source, seed=seed)
    drawn = tuple(
        DrawnVillage(
            entries[code].village,
            ticket(seed, stage, code),
            entries[code].probability or Fraction(1),
        )
        for code in order
    )
    return drawn, imported


def _missed(villages: Sequence[Village], frame: Frame, quotas: Quotas) -> list[Note]:
    """Return a note for every quota that the list misses."""
    n = len(villages)
    notes = []
    if n < min(quotas.fewest, len(frame.villages)):
        notes.append(note("too_few_villages", got=n, wanted=quotas.fewest))
    gone = sorted({v.township for v in frame.villages} - {v.township for v in villages})
    if gone:
        notes.append(note("townships_missing", missing=len(gone), names=", ".join(gone)))
    poor = sum(village.poor for village in villages)
    if poor != nearest(quotas.poor * n):
        notes.append(note("poor", wanted=nearest(quotas.poor * n), got=poor))
    remote = sum(village.remote for village in villages)
    if remote < up(quotas.remote * n):
        notes.append(note("remote", wanted=up(quotas.remote * n), got=remote))
    return notes
