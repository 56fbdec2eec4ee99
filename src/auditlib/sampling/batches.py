"""Batches of the sample for team leaders: which villages, which day, and sealed content.

A team's villages lie together: townships are dealt to teams, the largest first, so that
all visit about the same number of households; a team's batches follow each other by
their day of opening. Sealed files are padded to one length, so that their size does not
tell how many households they hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditlib.errors import SealError
from auditlib.sampling.county import Sample

BLOCK = 1 << 16  # bytes; padded files are a multiple of this
PER_DAY = 25  # households a team visits in a day, where no batch says otherwise


@dataclass(frozen=True)
class Batch:
    """One batch: its team, the day from which it may be opened (ISO), and the pace.

    `per_day` are the households that the team visits in a day.
    """

    batch: str
    team: str
    opens: str
    per_day: int


@dataclass(frozen=True)
class Stop:
    """Households that a team visits in one village on one day of a batch, day 1 first."""

    batch: str
    team: str
    day: int
    village: str
    households: tuple[str, ...]


ALL = Batch("1", "1", "", PER_DAY)
"""Stands where no batches were planned: one team takes all."""


def share_villages(sample: Sample, batches: Sequence[Batch]) -> dict[str, tuple[str, ...]]:
    """Return the villages of every batch, by code: all in which something was drawn.

    Parameters
    ----------
    sample
        The drawn sample.
    batches
        Batches of one phase; each has a team.

    Raises
    ------
    SealError
        There are more batches than such villages.
    """
    if len(batches) > len(sample.places):
        raise SealError.too_few_villages(batches=len(batches), villages=len(sample.places))
    load = {part.village: len(part.drawn) for part in sample.lifted}
    teams: dict[str, list[Batch]] = {}
    for batch in sorted(batches, key=lambda b: (b.opens, b.batch)):
        teams.setdefault(batch.team, []).append(batch)
    shared: dict[str, tuple[str, ...]] = {}
    for team, villages in _by_team(sample, load, {t: len(own) for t, own in teams.items()}).items():
        own = teams[team]
        for i, batch in enumerate(own):
            first, last = (len(villages) * k // len(own) for k in (i, i + 1))
            shared[batch.batch] = tuple(villages[first:last])
    return shared


def _by_team(
    sample: Sample, load: Mapping[str, int], wanted: Mapping[str, int]
) -> dict[str, list[str]]:
    """Deal townships to teams, the largest to the team with least to do, then even out.

    `wanted` is the number of batches, so of villages at least, of every team.
    """
    towns: dict[str, list[str]] = {}
    for place in sample.places:
        towns.setdefault(place.township, []).append(place.code)
    order = sorted(towns, key=lambda t: (-sum(load.get(v, 0) for v in towns[t]), t))
    dealt: dict[str, list[str]] = {team: [] for team in sorted(wanted)}

    def work(team: str) -> tuple[int, int, str]:
        return sum(load.get(v, 0) for v in dealt[team]), len(dealt[team]), team

    for town in order:
        dealt[min(dealt, key=work)] += towns[town]
    while short := [team for team in dealt if len(dealt[team]) < wanted[team]]:
        rich = max(dealt, key=lambda team: (len(dealt[team]) - wanted[team], team))
        dealt[short[0]].append(dealt[rich].pop())
    return dealt


def plan_days(sample: Sample, batches: Sequence[Batch]) -> tuple[Stop, ...]:
    """Return who is visited when: households in ticket order, villages whole where they fit.

    Villages without a lifted household keep a stop of their own, since groups may be
    screened there.
    """
    planned = tuple(batches) or (ALL,)
    shared = share_villages(sample, planned)
    drawn = {part.village: part.drawn for part in sample.lifted}
    stops: list[Stop] = []
    for batch in sorted(planned, key=lambda b: (b.team, b.opens, b.batch)):
        day, done = 1, 0
        for village in shared[batch.batch]:
            left = drawn.get(village, ())
            if done and done + len(left) > batch.per_day:
                day, done = day + 1, 0
            while len(left) > batch.per_day:
                part, left = left[: batch.per_day], left[batch.per_day :]
                stops.append(Stop(batch.batch, batch.team, day, village, part))
                day += 1
            stops.append(Stop(batch.batch, batch.team, day, village, left))
            done += len(left)
    return tuple(stops)


def pad(content: bytes, *, length: int) -> bytes:
    """Return the content behind its own length, filled with zeros up to `length` bytes.

    `padded_length` gives a length for several contents.
    """
    head = len(content).to_bytes(8, "big")
    return (head + content).ljust(length, b"\0")


def padded_length(contents: Sequence[bytes]) -> int:
    """Return one length for all contents: the next multiple of 64 KiB."""
    longest = max(len(content) for content in contents) + 8
    return -(-longest // BLOCK) * BLOCK


def unpad(padded: bytes) -> bytes:
    """Return the content that `pad` filled up.

    Raises
    ------
    ValueError
        The length in front does not fit.
    """
    length = int.from_bytes(padded[:8], "big")
    if length > len(padded) - 8 or any(padded[8 + length :]):
        raise ValueError("not padded content")
    return padded[8 : 8 + length]
