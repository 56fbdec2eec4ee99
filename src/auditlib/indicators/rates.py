"""The counts behind the four indicators, and the composite incidence.

Wrong exit: registered members of completed lifted households of the probability
sample. Missed: unregistered persons of the groups screened in full. Recognition:
completed households of the probability sample. Only verified cases count.

Source: plan, 三（一）, 三（二）1-3; data model, denominators.
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Counts:
    """Numerator and denominator of a rate, in whole persons or households.

    `weighted` is the rate with weights, where that is the reading.
    """

    numerator: int
    denominator: int
    weighted: Fraction | None = None

    @property
    def share(self) -> Fraction:
        """The rate, from 0 to 1, exact unless weighted; 0 of 0 counts as 0."""
        if self.weighted is not None:
            return self.weighted
        return Fraction(self.numerator, self.denominator) if self.denominator else Fraction(0)


@dataclass(frozen=True)
class Incidence:
    """Composite incidence with its three parts, in persons of the county.

    `wrong` and `missed` are expanded from the sample (fractions of a person are
    kept); `raw` adds the persons found instead and is the lower bound.
    """

    still_poor: int
    wrong: Fraction
    missed: Fraction
    population: int
    found: int

    @property
    def poor(self) -> Fraction:
        """Still poor, wrongly exited and missed together."""
        return self.still_poor + self.wrong + self.missed

    @property
    def value(self) -> Fraction:
        """The expanded incidence, from 0 to 1."""
        return self.poor / self.population

    @property
    def raw(self) -> Fraction:
        """The incidence that counts only what was found in the sample."""
        return Fraction(self.still_poor + self.found, self.population)


def composite_incidence(
    *,
    still_poor: int,
    lifted: int,
    unregistered: int,
    population: int,
    wrong_exit: Counts,
    missed: Counts,
) -> Incidence:
    """Return (U + L w/n + R m/s) / A with its parts.

    Parameters
    ----------
    still_poor, lifted, unregistered, population
        U, L, R and A: persons of the county; A is above 0.
    wrong_exit, missed
        w of n sampled lifted persons; m of s screened persons.

    Source: plan, 三（一）; reading A05.
    """
    return Incidence(
        still_poor=still_poor,
        wrong=lifted * wrong_exit.share,
        missed=unregistered * missed.share,
        population=population,
        found=wrong_exit.numerator + missed.numerator,
    )
