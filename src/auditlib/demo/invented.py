"""Counties that do not exist: for tests, for scale, and for a county without field work."""

from fractions import Fraction
from random import Random

from auditlib.demo.frame import Place
from auditlib.demo.scenarios import Found, Scenario
from auditlib.language import Words


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
