"""A list of villages that the office already drew, and what follows for inference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from auditlib.errors import SelectionError
from auditlib.sampling.draw import canonical_units
from auditlib.sampling.frame import Frame, Village
from auditlib.sampling.notes import Note, note
from auditlib.sampling.quotas import Quotas, nearest, up


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
