"""Counties that do not exist: for tests, for scale, and for a county without field work."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from random import Random

from auditlib.demo.frame import Place, places
from auditlib.demo.scenarios import JILIN, Found, Scenario
from auditlib.language import Words

MOST = 9999
"""Counties that a round can have: their codes are 99 and four digits."""


def invented_county(
    number: int,
    *,
    villages: int,
    townships: int,
    households: int,
    population: int,
    surveyed: bool = True,
) -> tuple[Scenario, list[Place]]:
    """Return an invented county and its invented villages; codes begin with 99.

    Parameters
    ----------
    number
        From 1 to 9999; the county's code is 990000 and the number.
    villages, townships
        Administrative villages, spread evenly over the townships.
    households
        Registered households, of about one and a half persons.
    population
        Agricultural-hukou persons.
    surveyed
        False for a county that awaits its field work.
    """
    random = Random(number)
    code = f"99{number:04d}"
    wrong = Fraction(random.choice((0, 0, 6, 9, 15, 24)), 1000)
    missed = Fraction(random.choice((0, 2, 5, 12)), 1000)
    found = Found(wrong, missed, Fraction(random.randint(905, 985), 1000))
    scenario = Scenario(
        code=code,
        name=Words(f"合成县{number:04d}", f"Synthetic county {number:04d}"),
        class_="provincial",
        region=None,
        population=population,
        registered=round(households * 1.5),
        households=households,
        still_poor=Fraction(4, 100),
        poor_villages=Fraction(1, 2),
        first=found if surveyed else None,
        rectified=("wrong_exit_rate",) if surveyed and wrong >= Fraction(2, 100) else (),
    )
    places = []
    for i in range(villages):
        town = i % townships + 1
        places.append(
            Place(
                village=f"{code}{100 + town}{200 + i // townships}",
                village_name=f"合成村{i + 1:03d}",
                township=f"{code}{100 + town}",
                township_name=f"合成乡{town:02d}",
            )
        )
    return scenario, sorted(places, key=lambda place: place.village)


def demo_counties(number: int) -> Iterator[tuple[Scenario, Sequence[Place] | None]]:
    """Yield the first counties of the demonstration: the six of Jilin, then invented ones.

    Villages are None where they are the statistics bureau's.
    """
    yield from islice(((scenario, None) for scenario in JILIN.values()), number)
    for i in range(len(JILIN) + 1, number + 1):
        yield further_county(i)


def demo_codes(number: int) -> list[str]:
    """Return the codes of `demo_counties`."""
    return [*list(JILIN)[:number], *(_code(i) for i in range(len(JILIN) + 1, number + 1))]


def further_county(number: int) -> tuple[Scenario, list[Place]]:
    """Return an invented county like one of the six of Jilin, and its invented villages.

    The six take turns. Population, registered persons and households are 0.9 to 1.1 times
    theirs; a rate for which the model must mend is at least the model's, others are at most
    it; what a re-check finds varies freely, so that some pass and some fail.

    Parameters
    ----------
    number
        From 7 to 9999; the county's code is 990000 and the number.
    """
    model = list(JILIN.values())[(number - 1) % len(JILIN)]
    code = _code(number)
    random = Random(code)
    size = Fraction(random.randint(900, 1100), 1000)
    scenario = replace(
        model,
        code=code,
        name=Words(f"演示县{number:04d}", f"Demo County {number:04d}"),
        population=round(model.population * size),
        registered=round(model.registered * size),
        households=round(model.households * size),
        first=_first(model, random),
        recheck=_again(model.recheck, random),
    )
    return scenario, _places(model.code, code)


def _code(number: int) -> str:
    """Return a county's code; no division of the country begins with 99 (GB/T 2260)."""
    return f"99{number:04d}"


def _first(model: Scenario, random: Random) -> Found | None:
    if model.first is None:
        return None
    wrong, missed = (
        _times(share, random, *((100, 140) if name in model.rectified else (60, 100)))
        for name, share in (
            ("wrong_exit_rate", model.first.wrong),
            ("missed_rate", model.first.missed),
        )
    )
    below = "recognition_rate" in model.rectified
    recognised = model.first.recognised + Fraction(random.randint(-25, 0 if below else 15), 1000)
    return Found(wrong, missed, recognised, random.choice((0, 0, 1, 2, 3)))


def _again(found: Found | None, random: Random) -> Found | None:
    if found is None:
        return None
    wrong, missed = (_times(share, random, 50, 350) for share in (found.wrong, found.missed))
    return replace(
        found,
        wrong=wrong,
        missed=missed,
        recognised=found.recognised + Fraction(random.randint(-15, 30), 1000),
    )


def _times(share: Fraction, random: Random, least: int, most: int) -> Fraction:
    """Return a share times a chance factor, given in per cent, in thousandths."""
    return Fraction(round(share * 1000 * Fraction(random.randint(least, most), 100)), 1000)


def _places(model: str, code: str) -> list[Place]:
    """Return invented villages, as many in every township as the model county has."""
    towns: dict[str, int] = {}
    found = []
    for i, real in enumerate(places(model), 1):
        town = 101 + len(towns) if real.township not in towns else towns[real.township]
        towns[real.township] = town
        found.append(
            Place(
                village=f"{code}{town}{200 + i}",
                village_name=f"演示村{i:03d}",
                township=f"{code}{town}",
                township_name=f"演示乡{town - 100:02d}",
            )
        )
    return found
