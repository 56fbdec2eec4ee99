"""What is to be found in each invented county, so that every branch of the plan is reached.

Tumen's rural hukou population, registered households and registered persons are
published (Yanbian Daily, 2018-05-23); all other figures are invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from auditlib.language import Words


@dataclass(frozen=True)
class Found:
    """Rates that the field work of one phase is to find, as exact shares.

    `wrong` of the sampled lifted persons, `missed` of the screened persons,
    `recognised` of the surveyed households; `open_cases` are left unsettled.
    """

    wrong: Fraction
    missed: Fraction
    recognised: Fraction
    open_cases: int = 0


@dataclass(frozen=True)
class Scenario:
    """One county of the demonstration.

    Attributes
    ----------
    population, registered, households
        Agricultural-hukou persons, registered persons, registered households.
    still_poor
        Share of registered households not lifted.
    poor_villages
        Share of villages that were ever listed as poor.
    first, recheck
        What the field work finds; no re-check where None.
    rectified
        Indicators for which an order is issued.
    prominent
        Document whose absence is a prominent problem; empty for none.
    suspended
        Days for which the evaluation was suspended.
    reopened
        Cases under an order that were closed and opened again.
    terrains
        Kinds of terrain of the villages; hills and mountains, or plain alone, if empty.
    """

    code: str
    name: Words
    class_: str
    region: str | None
    population: int
    registered: int
    households: int
    still_poor: Fraction
    poor_villages: Fraction
    first: Found | None
    recheck: Found | None = None
    rectified: tuple[str, ...] = ()
    prominent: str = ""
    suspended: int = 0
    reopened: int = 0
    late_step: str = ""
    terrains: tuple[str, ...] = ()
    publisher: Mapping[str, str] = field(default_factory=dict)


def _share(text: str) -> Fraction:
    return Fraction(text)


JILIN: dict[str, Scenario] = {
    s.code: s
    for s in (
        Scenario(
            "220821",
            Words("镇赉县", "Zhenlai"),
            "national_key",
            None,
            population=150_000,
            registered=9_400,
            households=6_250,
            still_poor=_share("4/100"),
            poor_villages=_share("45/100"),
            first=Found(_share("9/1000"), _share("4/1000"), _share("968/1000"), open_cases=2),
        ),
        Scenario(
            "222406",
            Words("和龙市", "Helong"),
            "national_key",
            "yanbian",
            population=72_000,
            registered=6_480,
            households=4_300,
            still_poor=_share("4/100"),
            poor_villages=_share("60/100"),
            first=Found(_share("6/1000"), _share("2/100"), _share("955/1000")),
            rectified=("missed_rate",),
            suspended=2,
            reopened=1,
        ),
        Scenario(
            "222405",
            Words("龙井市", "Longjing"),
            "national_key",
            "yanbian",
            population=78_000,
            registered=7_800,
            households=5_200,
            still_poor=_share("5/100"),
            poor_villages=_share("55/100"),
            first=Found(_share("27/1000"), _share("3/1000"), _share("945/1000")),
            recheck=Found(_share("7/1000"), _share("2/1000"), _share("962/1000")),
            rectified=("wrong_exit_rate",),
            late_step="review",
        ),
        Scenario(
            "220623",
            Words("长白朝鲜族自治县", "Changbai"),
            "provincial",
            None,
            population=34_000,
            registered=2_860,
            households=1_900,
            still_poor=_share("3/100"),
            poor_villages=_share("50/100"),
            first=Found(_share("0"), _share("0"), _share("981/1000")),
        ),
        Scenario(
            "220881",
            Words("洮南市", "Taonan"),
            "provincial",
            None,
            population=286_000,
            registered=12_900,
            households=8_600,
            still_poor=_share("5/100"),
            poor_villages=_share("40/100"),
            first=Found(_share("19/1000"), _share("19/1000"), _share("934/1000")),
        ),
        Scenario(
            "222402",
            Words("图们市", "Tumen"),
            "provincial",
            "yanbian",
            population=19_599,
            registered=1_913,
            households=1_293,
            still_poor=_share("6/100"),
            poor_villages=_share("44/100"),
            first=Found(_share("8/1000"), _share("5/1000"), _share("862/1000")),
            recheck=Found(_share("6/1000"), _share("4/1000"), _share("885/1000")),
            rectified=("recognition_rate",),
            prominent="follow_up_plan",
        ),
    )
}
"""The six counties of the Jilin demonstration round by code."""
