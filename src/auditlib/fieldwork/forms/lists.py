"""Lists that go with the forms: villages, groups, drawn households, interviewers.

Households stand by study identifier only, in the order of the draw, reserves apart;
no list has a name of a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from auditlib.sampling.county import Sample

LISTS: Mapping[str, tuple[str, ...]] = {
    "villages": ("name", "label"),
    "groups": ("name", "label", "village", "group"),
    "households": ("name", "label", "village", "kind", "group", "members", "rank", "reserve"),
    "enumerators": ("name", "label", "team"),
}
"""Every list by the name of its file, with its headings; a form asks for what it needs."""

Rows = list[tuple[str, ...]]


@dataclass(frozen=True)
class Home:
    """What a list may say of a registered household: where it is and how many they are."""

    village: str
    group: str
    members: int


def make_lists(
    villages: pd.DataFrame,
    enumerators: pd.DataFrame,
    *,
    sample: Sample,
    homes: Mapping[str, Home],
) -> dict[str, Rows]:
    """Return the rows of every list, under the headings of `LISTS`.

    Parameters
    ----------
    villages, enumerators
        Tables of those names.
    sample
        The drawn sample of a phase.
    homes
        Registered households by study identifier.
    """
    drawn = {village.code.removeprefix("V-") for village in sample.places}
    kept = villages[villages["village"].isin(drawn)]
    labels = zip(kept["village"], kept["village_name"], kept["township_name"], strict=True)
    people = zip(enumerators["enumerator"], enumerators["team"], strict=True)
    return {
        "villages": [(code, f"{name}（{township}）") for code, name, township in labels],
        "groups": _groups(sample),
        "households": _households(sample, homes),
        "enumerators": [(number, number, team) for number, team in people],
    }


def _groups(sample: Sample) -> Rows:
    """Return the groups to be screened; the number of a group ends its identifier."""
    rows: Rows = []
    for unit, village in sorted((g.group.unit, g.group.village) for g in sample.groups):
        code = village.removeprefix("V-")
        number = unit.removeprefix(f"G-{code}-")
        rows.append((unit, f"{number}组 group {number}", code, number))
    return rows


def _households(sample: Sample, homes: Mapping[str, Home]) -> Rows:
    rows: Rows = []

    def add(unit: str, kind: str, rank: int, reserve: str) -> None:
        home = homes[unit]
        label = f"{unit} · {home.group}组 · {home.members}人"
        about = (home.village, kind, home.group, str(home.members), str(rank), reserve)
        rows.append((unit, label, *about))

    ranks = sample.ranks
    for part in sorted(sample.lifted, key=lambda part: part.village):
        for unit in part.drawn:
            add(unit, "lifted", ranks[unit], "no")
        for unit in part.reserves:
            add(unit, "lifted", ranks[unit], "yes")
    for rank, unit in enumerate(sample.still_poor.drawn, 1):
        add(unit, "still_poor", rank, "no")
    for rank, unit in enumerate(sample.still_poor.reserves, 1):
        add(unit, "still_poor", rank, "yes")
    return rows
