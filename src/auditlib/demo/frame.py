"""The invented frame of a county: villages, groups, registered households and persons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import pandas as pd

from auditlib.demo.scenarios import Scenario
from auditlib.files.divisions import divisions
from auditlib.sampling.left_out import Division

CAUSES = (
    "illness",
    "disability",
    "labour",
    "skills",
    "funds",
    "disaster",
    "schooling",
    "motivation",
)


@dataclass(frozen=True)
class Place:
    """A real administrative village and its township."""

    village: str
    village_name: str
    township: str
    township_name: str


def places(county: str) -> tuple[Place, ...]:
    """Return the administrative villages of a county, of the statistics bureau's list of 2018."""
    return tuple(
        Place(each.unit, each.name, each.township, each.township_name)
        for each in divisions(county)
        if each.village
    )


def county_name(county: str) -> str:
    """Return the Chinese name of a county of the statistics bureau's list, empty if it has none."""
    return next((each.county for each in divisions(county)), "")


REASONS = {
    "residents": "居民委员会辖区，没有村民委员会，不是行政村",
    "farm": "国有农牧渔场，没有村民委员会，不是行政村",
    "forest": "林业局、林场单位，没有村民委员会，不是行政村",
    "zone": "开发区的特殊村委会，代码形似村委会，不是行政村",
}


def make_left_out(county: str, where: Sequence[Place]) -> pd.DataFrame:
    """Return the table `left_out`: units of the county that are no administrative village.

    They are the statistics bureau's; of a county that it does not know two are invented. How
    many agricultural-hukou persons live there is not invented, but left open.
    """
    known = [each for each in divisions(county) if not each.village]
    if not known:
        town = where[0]
        named = (town.township, town.township_name, "镇")
        farm = (f"{county}400", "合成农场", "类似乡级单位")
        known = [
            Division("", f"{named[0]}001", "合成社区", "居委会", *named, village=False),
            Division("", f"{farm[0]}500", "合成农场一分场", "类似村委会", *farm, village=False),
        ]
    return pd.DataFrame(
        {
            "unit": each.unit,
            "unit_name": each.name,
            "township_name": each.township_name,
            "kind": kind_of(each),
            "reason": REASONS[kind_of(each)] + "（A35，合成）",
        }
        for each in known
    )


def kind_of(unit: Division) -> str:
    """Return what kind of unit it is that is no administrative village, by codes and names."""
    if unit.kind == "居委会":
        return "residents"
    if unit.kind == "村委会":
        return "zone"
    forest = "林业局" in unit.township_name or "林场" in unit.township_name
    return "forest" if forest else "farm"


def share_out(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """Return whole numbers of at least `least` in proportion to weights that add up to `total`."""
    free = total - least * len(weights)
    whole = sum(weights)
    exact = [free * w / whole for w in weights]
    parts = [int(x) for x in exact]
    order = sorted(range(len(weights)), key=lambda i: parts[i] - exact[i])
    for i in order[: free - sum(parts)]:
        parts[i] += 1
    return [part + least for part in parts]


def make_villages(scenario: Scenario, where: Sequence[Place], random: Random) -> pd.DataFrame:
    """Return the table `villages`."""
    poor = set(random.sample(range(len(where)), round(len(where) * scenario.poor_villages)))
    flat = scenario.class_ == "national_key" and scenario.region is None
    terrains = scenario.terrains or (("plain",) if flat else ("hill", "mountain"))
    outside = scenario.population - scenario.registered
    people = share_out(outside, [random.lognormvariate(0, 0.45) for _ in where], least=60)
    rows = []
    for i, place in enumerate(where):
        km = round(random.uniform(3, 75), 1)
        rows.append(
            {
                "village": place.village,
                "village_name": place.village_name,
                "township": place.township,
                "township_name": place.township_name,
                "ever_poor": "yes" if i in poor else "no",
                "distance_km": km,
                "minutes": round(km * random.uniform(0.9, 1.5)),
                "infrastructure_score": random.randint(38, 92),
                "terrain": random.choice(terrains) if len(terrains) > 1 else terrains[0],
                "population": 0,
                "unregistered_persons": people[i],
                "inspected": "no" if int(place.village[6:]) % 3 == 0 else "yes",
                "border": "yes" if int(place.village[6:]) % 5 == 0 else "no",
            }
        )
    return pd.DataFrame(rows)


def make_registry(
    scenario: Scenario, villages: pd.DataFrame, groups: pd.DataFrame, random: Random
) -> pd.DataFrame:
    """Return the table `registry_households`; persons add up to the scenario's."""
    weights = [
        random.lognormvariate(0, 0.35) * (2.2 if poor == "yes" else 1.0)
        for poor in villages["ever_poor"]
    ]
    counts = share_out(scenario.households, weights, least=6)
    of_village = {v: list(rows["group"]) for v, rows in groups.groupby("village")}
    sizes = _sizes(scenario.households, scenario.registered, random)
    poor = set(
        random.sample(range(scenario.households), round(scenario.households * scenario.still_poor))
    )
    rows: list[dict[str, Any]] = []
    for village, count in zip(villages["village"], counts, strict=True):
        for _ in range(count):
            i = len(rows)
            lifted = i not in poor
            rows.append(
                {
                    "household": f"S{scenario.code}{i + 1:06d}",
                    "village": village,
                    "group": random.choice(of_village[village]),
                    "status": "lifted" if lifted else random.choice(("not_lifted", "returned")),
                    "exit_year": random.choices((2014, 2015, 2016, 2017, 2018), (1, 1, 2, 4, 5))[0]
                    if lifted
                    else None,
                    "attribute": random.choices(
                        ("ordinary", "low_allowance", "extreme"), (60, 32, 8)
                    )[0],
                    "cause": random.choices(CAUSES, (40, 18, 14, 8, 8, 5, 3, 4))[0],
                    "members": sizes[i],
                }
            )
    return pd.DataFrame(rows)


def _sizes(households: int, persons: int, random: Random) -> list[int]:
    """Return the members of every household: mostly one or two, as published for Tumen."""
    sizes = random.choices((1, 2, 3, 4, 5), (62, 28, 6, 3, 1), k=households)
    while sum(sizes) != persons:
        i = random.randrange(households)
        if sum(sizes) < persons and sizes[i] < 5:
            sizes[i] += 1
        elif sum(sizes) > persons and sizes[i] > 1:
            sizes[i] -= 1
    return sizes


def make_groups(villages: pd.DataFrame, random: Random) -> pd.DataFrame:
    """Return the table `groups`, whose unregistered persons add up to the village's."""
    rows = []
    for village, persons in zip(villages["village"], villages["unregistered_persons"], strict=True):
        number = min(max(2, round(persons / random.uniform(150, 300))), 9)
        parts = share_out(persons, [random.uniform(0.7, 1.3) for _ in range(number)], least=20)
        for i, part in enumerate(parts, 1):
            rows.append(
                {
                    "village": village,
                    "group": f"{i:02d}",
                    "unregistered_households": max(8, round(part / random.uniform(2.6, 3.2))),
                    "unregistered_persons": part,
                }
            )
    return pd.DataFrame(rows)


def make_persons(registry: pd.DataFrame, random: Random) -> pd.DataFrame:
    """Return the table `registry_persons`: most members are old, some are children."""
    rows: list[dict[str, Any]] = []
    for household, members in zip(registry["household"], registry["members"], strict=True):
        for line in range(1, members + 1):
            age = random.randint(45, 86) if line <= 2 else random.randint(4, 40)
            birth = date(2018, 12, 31) - timedelta(days=age * 365 + random.randint(5, 360))
            rows.append(
                {
                    "person": f"{household}{line:02d}",
                    "household": household,
                    "name": f"合成人员{len(rows) + 1:06d}",
                    "relation": ("head", "spouse", "child", "grandchild", "other")[
                        min(line, 5) - 1
                    ],
                    "birth": birth.isoformat(),
                    "schooling": random.choice(("none", "primary", "junior")),
                    "health": random.choices(
                        ("healthy", "chronic", "serious", "disabled"), (50, 32, 8, 10)
                    )[0],
                    "labour": random.choice(("ordinary", "weak", "lost", "none")),
                }
            )
    return pd.DataFrame(rows)
