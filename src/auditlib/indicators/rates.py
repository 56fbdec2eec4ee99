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

    `weighted` is the rate with weights, where that is the reading. Where the answers
    tell nothing of the county the rate is not `estimable`; it is then no less than
    `at_least`. 0 of 0 is never estimable, and never 0.
    """

    numerator: int
    denominator: int
    weighted: Fraction | None = None
    estimable: bool = True
    at_least: Fraction = Fraction(0)

    @property
    def share(self) -> Fraction | None:
        """The rate, from 0 to 1, exact unless weighted; None where it is not estimable."""
        if not self.estimable or not self.denominator:
            return None
        if self.weighted is not None:
            return self.weighted
        return Fraction(self.numerator, self.denominator)

    @property
    def between(self) -> tuple[Fraction, Fraction]:
        """The least and the most that the rate can be: itself twice, or up to 1."""
        share = self.share
        return (self.at_least, Fraction(1)) if share is None else (share, share)


@dataclass(frozen=True)
class Incidence:
    """Composite incidence with its three parts, in persons of the county.

    `wrong` and `missed` are expanded from the sample (fractions of a person are
    kept), None where their rate is not estimable; the poor are then between `least`
    and `most`. `raw` adds the persons found instead and is the lower bound.
    """

    still_poor: int
    wrong: Fraction | None
    missed: Fraction | None
    population: int
    found: int
    least: Fraction
    most: Fraction

    @property
    def poor(self) -> Fraction | None:
        """Still poor, wrongly exited and missed together; None if a part is not estimable."""
        if self.wrong is None or self.missed is None:
            return None
        return self.still_poor + self.wrong + self.missed

    @property
    def value(self) -> Fraction | None:
        """The expanded incidence, from 0 to 1; None if a part of it is not estimable."""
        return None if self.poor is None else self.poor / self.population

    @property
    def between(self) -> tuple[Fraction, Fraction]:
        """The least and the most that the incidence can be, from 0 to 1."""
        return self.least / self.population, self.most / self.population

    @property
    def between_raw(self) -> tuple[Fraction, Fraction]:
        """The same of the incidence as found: what was not looked at may be poor."""
        estimable = self.value is not None
        return self.raw, self.raw if estimable else max(self.raw, self.most / self.population)

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
    parts = ((lifted, wrong_exit), (unregistered, missed))
    wrong, miss = (_expanded(persons, counts) for persons, counts in parts)
    return Incidence(
        still_poor=still_poor,
        wrong=wrong,
        missed=miss,
        population=population,
        found=wrong_exit.numerator + missed.numerator,
        least=still_poor + sum((n * c.between[0] for n, c in parts), Fraction(0)),
        most=still_poor + sum((n * c.between[1] for n, c in parts), Fraction(0)),
    )


def _expanded(persons: int, counts: Counts) -> Fraction | None:
    """Return how many of the county's persons a rate stands for; of nobody it is nobody."""
    share = counts.share if persons else Fraction(0)
    return None if share is None else persons * share
