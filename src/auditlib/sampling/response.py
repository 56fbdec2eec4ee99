"""What became of the drawn households: replacements, response and final weights.

A replacement comes from the reserve list, in its order, and only for a household
whose disposition calls for one. Replacing does not cure refusals that depend on
the answer; so response is shown by village.

Source: Särndal, Swensson & Wretman (1992), section 15.6 (response groups: here
the villages); AAPOR Standard Definitions for dispositions.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from auditlib.sampling.notes import Note, note

COMPLETED = ("completed",)


@dataclass(frozen=True)
class Visit:
    """A household that was opened; `replaces` names the household it stands in for."""

    unit: str
    disposition: str
    replaces: str | None = None


def replacement_faults(
    drawn: Sequence[str],
    reserves: Sequence[str],
    visits: Sequence[Visit],
    *,
    replaceable: Collection[str],
) -> tuple[Note, ...]:
    """Return every departure from the rules of replacement, in the order of the visits.

    Parameters
    ----------
    drawn, reserves
        Households of one village in ticket order.
    visits
        Households opened there.
    replaceable
        Dispositions that call for a replacement.
    """
    found: dict[str, str] = {}
    for visit in visits:
        found.setdefault(visit.unit, visit.disposition)
    seen: set[str] = set()
    replaced: set[str] = set()
    faults = []
    for visit in visits:
        if visit.unit in seen:
            faults.append(note("visited_twice", unit=visit.unit))
        elif visit.unit in drawn:
            if visit.replaces:
                faults.append(note("drawn_replaces", unit=visit.unit))
        elif visit.unit in reserves:
            earlier = reserves[: reserves.index(visit.unit)]
            skipped = [unit for unit in earlier if unit not in found]
            if skipped:
                faults.append(note("skipped", unit=visit.unit, earlier=skipped[0]))
            faults += _wrongly_replaces(visit, found, replaced, replaceable)
        else:
            faults.append(note("not_on_list", unit=visit.unit))
        seen.add(visit.unit)
    return tuple(faults)


def _wrongly_replaces(
    visit: Visit, found: Mapping[str, str], replaced: set[str], replaceable: Collection[str]
) -> list[Note]:
    """Check whom a reserve replaces, and remember it."""
    gone = visit.replaces
    if not gone:
        return [note("replaces_nobody", unit=visit.unit)]
    if gone in replaced:
        return [note("replaced_twice", unit=visit.unit, replaced=gone)]
    replaced.add(gone)
    disposition = found.get(gone, "-")
    if disposition in replaceable and gone != visit.unit:
        return []
    return [note("replaces_kept", unit=visit.unit, replaced=gone, disposition=disposition)]


@dataclass(frozen=True)
class Response:
    """Response of one drawn village.

    Attributes
    ----------
    listed
        Households in the frame, M_v.
    opened, eligible, responded
        Tickets opened, a_v; eligible among them, e_v; responded, r_v.
    probability
        Of the village, π_v.
    """

    village: str
    listed: int
    opened: int
    eligible: int
    responded: int
    probability: Fraction

    @property
    def weight(self) -> Fraction | None:
        """Weight of each responding household, (M/a)(e/r)/π; None without response."""
        if not self.responded:
            return None
        opened = Fraction(self.listed, self.opened)
        return opened * Fraction(self.eligible, self.responded) / self.probability

    @property
    def rate(self) -> Fraction | None:
        """Share of the eligible households that responded; None if none was eligible."""
        return Fraction(self.responded, self.eligible) if self.eligible else None


def village_response(
    village: str,
    dispositions: Mapping[str, str],
    *,
    listed: int,
    on_list: Collection[str],
    probability: Fraction,
    ineligible: Collection[str],
) -> Response:
    """Count the response of one village.

    Parameters
    ----------
    village
        Code of the village.
    dispositions
        Disposition of every household opened; those not on the list are left out.
    listed
        Households of the village in the frame, M_v.
    on_list
        Households drawn and reserves.
    probability
        Of the village, in (0, 1].
    ineligible
        Dispositions of households that no longer belong to the population.
    """
    codes = [code for unit, code in dispositions.items() if unit in on_list]
    eligible = [code for code in codes if code not in ineligible]
    responded = [code for code in eligible if code in COMPLETED]
    return Response(village, listed, len(codes), len(eligible), len(responded), probability)


def response_notes(responses: Sequence[Response]) -> tuple[Note, ...]:
    """Name the villages that are missing from the estimate."""
    return tuple(
        note("no_response", village=response.village)
        for response in responses
        if response.eligible and not response.responded
    )
