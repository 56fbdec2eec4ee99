"""The frame: every village, group and registered household that can be drawn.

All identifiers are canonical, every unit is listed once, and everything is
sorted, so that the order of the source plays no part.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeGuard

from auditlib.errors import SelectionError
from auditlib.sampling.draw import canonical, canonical_units

KINDS = ("poor-remote", "poor-other", "nonpoor-remote", "nonpoor-other")
"""The four types of village, poor × remote: the columns of every table of villages."""

Units = Mapping[str, Iterable[str]]


@dataclass(frozen=True, order=True)
class Village:
    """An administrative village; `poor` counts villages that have left the list."""

    code: str
    township: str
    poor: bool
    remote: bool

    @property
    def kind(self) -> str:
        """The village's type, one of `KINDS`."""
        return KINDS[2 * (not self.poor) + (not self.remote)]


@dataclass(frozen=True, order=True)
class Group:
    """A villager group; `unregistered` counts its households outside the registry."""

    unit: str
    village: str
    unregistered: int


@dataclass(frozen=True)
class Frame:
    """What can be drawn in one county; make it with `freeze`.

    Attributes
    ----------
    villages, groups
        Sorted by identifier.
    lifted, still_poor
        Households by village, sorted; villages without any are left out.
    """

    villages: tuple[Village, ...]
    groups: tuple[Group, ...]
    lifted: Mapping[str, tuple[str, ...]]
    still_poor: Mapping[str, tuple[str, ...]]


def freeze(
    villages: Iterable[Village],
    groups: Iterable[Group] = (),
    *,
    lifted: Units | None = None,
    still_poor: Units | None = None,
) -> Frame:
    """Return the frame with canonical identifiers, checked and sorted.

    Parameters
    ----------
    villages, groups
        All of the county.
    lifted, still_poor
        Identifiers of the households in the registry, by village code.

    Raises
    ------
    SelectionError
        No village, an identifier that cannot be used or is listed twice, or a
        unit in a village that is not listed.
    """
    known = tuple(
        Village(canonical(v.code), canonical(v.township), v.poor, v.remote) for v in villages
    )
    if not known:
        raise SelectionError.empty_frame()
    codes = frozenset(canonical_units(v.code for v in known))
    formed = tuple(Group(canonical(g.unit), canonical(g.village), g.unregistered) for g in groups)
    canonical_units(group.unit for group in formed)
    for group in formed:
        _require(group.village, codes, unit=group.unit)
        if group.unregistered < 0:
            raise SelectionError.out_of_range(group.unit, group.unregistered, expected=">= 0")
    homes = _by_village(lifted or {}, codes), _by_village(still_poor or {}, codes)
    canonical_units(unit for part in homes for units in part.values() for unit in units)
    return Frame(tuple(sorted(known)), tuple(sorted(formed)), *homes)


def text_lines(content: bytes, file: str) -> list[str]:
    """Return the lines of a published file, which end with LF.

    Raises
    ------
    SelectionError
        A line is no text in UTF-8.
    """
    try:
        return content.decode().removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SelectionError.unreadable_line(file, line, expected="UTF-8") from error


def village_counts(frame: Frame) -> dict[str, dict[str, int]]:
    """Return the number of villages by township and type, townships sorted."""
    counts: dict[str, dict[str, int]] = {}
    for (township, kind), n in sorted(
        Counter((v.township, v.kind) for v in frame.villages).items()
    ):
        counts.setdefault(township, dict.fromkeys(KINDS, 0))[kind] = n
    return counts


@dataclass(frozen=True)
class Access:
    """How far a village lies and how it is served; None (or NaN) where not known.

    `km` and `minutes` to the county seat; `score` of infrastructure, the higher
    the better.
    """

    km: float | None
    minutes: float | None
    score: float | None


def remote_villages(
    access: Mapping[str, Access], *, far_km: float, long_minutes: float, weak_score: float
) -> frozenset[str]:
    """Return the villages that are remote: far, or long on the way, or weakly served.

    A village is remote if it lies `far_km` or more from the county seat, or
    `long_minutes` or more, or if its infrastructure scores `weak_score` or less.
    The three limits belong in the design, and are digested before the draw.

    Raises
    ------
    SelectionError
        A figure is missing, and the others do not make the village remote.
    """
    remote = set()
    for village, known in access.items():
        signs = [
            _known(known.km) and known.km >= far_km,
            _known(known.minutes) and known.minutes >= long_minutes,
            _known(known.score) and known.score <= weak_score,
        ]
        if any(signs):
            remote.add(village)
        elif not all(map(_known, (known.km, known.minutes, known.score))):
            raise SelectionError.missing_access(village)
    return frozenset(remote)


def _known(figure: float | None) -> TypeGuard[float]:
    return figure is not None and figure == figure


def _by_village(units: Units, codes: frozenset[str]) -> dict[str, tuple[str, ...]]:
    homes: dict[str, tuple[str, ...]] = {}
    for code, listed in zip(canonical_units(units), units.values(), strict=True):
        spelled = tuple(sorted(map(canonical, listed)))
        if spelled:
            _require(code, codes, unit=spelled[0])
            homes[code] = spelled
    return dict(sorted(homes.items()))


def _require(village: str, codes: frozenset[str], *, unit: str) -> None:
    if village not in codes:
        raise SelectionError.unknown_village(unit, village)
