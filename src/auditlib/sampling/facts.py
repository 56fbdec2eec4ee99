"""What is known of villages and households beyond the frame, and how the sample reflects it.

Terrain, exit year, cause and size make no strata: villages are stratified by township,
poor and remote, and twenty households of a village would leave strata of one or two.
The plan asks to consider them (四（一）); so it is shown how the frame and the sample
are made up, and which kinds the sample leaves out.

Blind spots (四（二）: 防止灯下黑) are villages next to the county seat, on the border of
townships, or never inspected before. They have the probabilities of the design like all
others; a team that wants more of them adds purposive cases, which enter no rate.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from auditlib.sampling.county import Sample
from auditlib.sampling.frame import Frame

LARGE = 5  # members; larger households are counted together


@dataclass(frozen=True)
class VillageFacts:
    """A village: terrain, kilometres to the county seat, place, and `yes`/`no` or empty."""

    terrain: str
    km: float | None
    latitude: float | None
    longitude: float | None
    inspected: str
    border: str


@dataclass(frozen=True)
class HouseholdFacts:
    """A registered household: exit year and cause as text, and its members."""

    exit_year: str
    cause: str
    members: int


@dataclass(frozen=True)
class Facts:
    """Villages and households by study identifier."""

    villages: Mapping[str, VillageFacts]
    households: Mapping[str, HouseholdFacts]


@dataclass(frozen=True)
class Share:
    """A kind of village or household: in the frame, expected or weighted, and drawn.

    Attributes
    ----------
    by, value
        What is compared (`terrain`, `exit_year`, `cause`, `size`), and the kind.
    listed
        Number in the frame.
    expected
        Villages that the design expects of this kind; None for households.
    drawn
        Number in the sample; None while it is sealed.
    weighted
        Share in the sample by design weights, from 0 to 1; None while sealed.
    """

    by: str
    value: str
    listed: int
    expected: float | None
    drawn: int | None
    weighted: float | None


@dataclass(frozen=True)
class BlindSpot:
    """A reason why a village may be overlooked: `near_seat`, `border`, `never_inspected`.

    `villages` are all of the frame to which it applies, `known` says of how many the
    reason can be told at all.
    """

    reason: str
    known: int
    villages: tuple[str, ...]
    expected: float
    drawn: int | None


def compare_villages(
    frame: Frame, facts: Facts, chances: Mapping[str, Fraction], sample: Sample | None
) -> tuple[Share, ...]:
    """Return the frame and the sample by terrain.

    Parameters
    ----------
    frame, facts
        All villages.
    chances
        Probability of every village, by code.
    sample
        The sample, None while it is sealed.
    """
    kinds: dict[str, list[str]] = {}
    for village in frame.villages:
        kinds.setdefault(facts.villages[village.code].terrain, []).append(village.code)
    drawn = {v.code: float(1 / v.probability) for v in sample.villages} if sample else {}
    whole = sum(drawn.values())
    return tuple(
        Share(
            "terrain",
            kind,
            len(codes),
            float(sum((chances[c] for c in codes), Fraction(0))),
            sum(c in drawn for c in codes) if sample else None,
            sum(drawn.get(c, 0.0) for c in codes) / whole if sample else None,
        )
        for kind, codes in sorted(kinds.items())
    )


def compare_households(frame: Frame, facts: Facts, sample: Sample | None) -> tuple[Share, ...]:
    """Return the lifted households of frame and sample by exit year, cause and size."""
    listed = [unit for units in frame.lifted.values() for unit in units]
    weights = (
        {u: float(1 / part.probability) for part in sample.lifted for u in part.drawn}
        if sample
        else {}
    )
    whole = sum(weights.values()) or 1.0
    kinds: Mapping[str, Callable[[HouseholdFacts], str]] = {
        "exit_year": lambda h: h.exit_year,
        "cause": lambda h: h.cause,
        "size": lambda h: str(h.members) if h.members < LARGE else f"{LARGE}+",
    }
    shares = []
    for by, kind in kinds.items():
        of = {unit: kind(facts.households[unit]) for unit in listed}
        for value in sorted(set(of.values())):
            own = [unit for unit in listed if of[unit] == value]
            drawn = [unit for unit in own if unit in weights]
            shares.append(
                Share(
                    by,
                    value,
                    len(own),
                    None,
                    len(drawn) if sample else None,
                    sum(weights[u] for u in drawn) / whole if sample else None,
                )
            )
    return tuple(shares)


def blind_spots(
    facts: Facts, chances: Mapping[str, Fraction], *, near_km: float, sample: Sample | None
) -> tuple[BlindSpot, ...]:
    """Return the villages of the frame that are easily overlooked, by reason.

    Parameters
    ----------
    facts, chances
        Of every village, by code.
    near_km
        A village this near to the county seat lies in the dark beneath the lamp.
    sample
        The sample, None while it is sealed.
    """
    drawn = {v.code for v in sample.villages} if sample else set()
    reasons: Mapping[str, Callable[[VillageFacts], bool | None]] = {
        "near_seat": lambda v: None if v.km is None else v.km <= near_km,
        "border": lambda v: v.border == "yes" if v.border else None,
        "never_inspected": lambda v: v.inspected == "no" if v.inspected else None,
    }
    spots = []
    for reason, applies in reasons.items():
        answers = {code: applies(v) for code, v in sorted(facts.villages.items())}
        codes = tuple(code for code, answer in answers.items() if answer)
        spots.append(
            BlindSpot(
                reason,
                sum(answer is not None for answer in answers.values()),
                codes,
                float(sum((chances[c] for c in codes), Fraction(0))),
                len(drawn & set(codes)) if sample else None,
            )
        )
    return tuple(spots)
