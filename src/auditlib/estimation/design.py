"""Describe how a sample was drawn, once, for every figure estimated from it.

A design is a chain of stages. At each stage units are drawn inside strata,
inside a unit of the stage before: by simple random sampling (the stratum's
population is known), with unequal chances (each unit's probability is known),
or with replacement (neither is known). Row order plays no part.

Source: Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling,
sections 3.7 and 4.3-4.4. Lonely strata: R `survey`, option `survey.lonely.psu`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from auditlib.errors import EstimationError
from auditlib.estimation.columns import Column, Numbers, heading, numbers, require_length
from auditlib.estimation.stages import Stage, code_stage
from auditlib.language import Words

LONELY_RULES = ("fail", "adjust", "average", "certainty", "remove")
OPTIONS = {
    "strata": Words("层", "The strata"),
    "populations": Words("总体单元数", "The populations"),
    "probabilities": Words("入样概率", "The probabilities"),
}
WEIGHT = Words("为不小于0的数", "a number, 0 or more")
CERTAIN = 1e-7  # a stratum of which less than this is unsampled is taken whole


@dataclass(frozen=True, eq=False, slots=True)
class Design:
    """A sample as it was drawn; build it with `Design.from_columns`.

    Parameters
    ----------
    weights
        Weight of every row, 0 or more.
    stages
        The stages, first to last.
    lonely
        What a stratum with one sampled unit adds to the variance: nothing but an
        error (`fail`); the squared distance of its unit from the mean of all units
        (`adjust`); as much as the other strata on average (`average`); nothing
        (`certainty`, `remove`).
    lonely_in_domains
        Whether `adjust` and `average` also treat strata of which several units were
        sampled and one is in the domain; as in R, not where probabilities were given.
    unequal
        Whether probabilities were given at some stage.
    """

    weights: Numbers
    stages: tuple[Stage, ...]
    lonely: str
    lonely_in_domains: bool
    unequal: bool

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.weights)

    @classmethod
    def from_columns(
        cls,
        *,
        units: Sequence[Column | None] = (),
        strata: Sequence[Column | None] = (),
        populations: Sequence[Column | None] = (),
        probabilities: Sequence[Column | None] = (),
        weights: Column | None = None,
        rows: int | None = None,
        nest: bool = False,
        lonely: str = "adjust",
        lonely_in_domains: bool = False,
    ) -> Self:
        """Build a design from columns, first stage first; None where a stage has none.

        Parameters
        ----------
        units
            Identifiers of the units of each stage. None at the last stage, or one
            stage fewer than the other options name: every row is a unit. Below the
            first stage identifiers need only be unique in their stratum and parent.
        strata
            Strata of each stage; below the first they are strata within a unit.
        populations
            Number of units in the population of the row's stratum, or infinity: they
            were drawn by simple random sampling without replacement.
        probabilities
            Inclusion probability of the row's unit given its parent, above 0 and at
            most 1: drawn with unequal chances, variance by Brewer's approximation.
        weights
            Weight of each row. Absent: the product of N/n and 1/π where every stage
            has one of the two, and 1 where none has.
        rows
            Number of rows; needed only where no column is given.
        nest
            Whether the units of the first stage are numbered afresh in every stratum.
        lonely, lonely_in_domains
            See `Design`.

        A stage with neither population nor probability was drawn with replacement;
        the stages below it add nothing to the variance.

        Raises
        ------
        EstimationError
            If a column cannot be used, or columns contradict each other.
        """
        if lonely not in LONELY_RULES:
            raise EstimationError.unknown_word(
                Words("规则", "The rule"), lonely, allowed=LONELY_RULES
            )
        depth = _depth(units, strata=strata, populations=populations, probabilities=probabilities)
        n = _rows([*units, *strata, *populations, *probabilities, weights], rows)

        stages = []
        above, reached = np.zeros(n, dtype=np.intp), np.ones(1)
        for at in range(depth):
            stage, reached = code_stage(
                at + 1,
                above,
                reached,
                unit_column=_at(units, at),
                stratum_column=_at(strata, at),
                parent_column=_at(units, at - 1),
                population=_at(populations, at),
                probability=_at(probabilities, at),
                nest=nest,
            )
            stages.append(stage)
            above = stage.unit
        if len(stages[0].stratum) == 1 and stages[0].open[0] > CERTAIN:
            raise EstimationError.one_unit()
        return cls(
            weights=_weights(weights, reached[above], given=bool(populations or probabilities)),
            stages=tuple(stages),
            lonely=lonely,
            lonely_in_domains=lonely_in_domains,
            unequal=any(column is not None for column in probabilities),
        )


def _at(columns: Sequence[Column | None], stage: int) -> Column | None:
    return columns[stage] if 0 <= stage < len(columns) else None


def _depth(units: Sequence[Column | None], **options: Sequence[Column | None]) -> int:
    """Return the number of stages: as many as units, and one more where rows are units."""
    for name, columns in options.items():
        if len(columns) > len(units) + 1:
            raise EstimationError.too_many_stages(
                OPTIONS[name], wanted=len(units), found=len(columns)
            )
    return max(1, len(units), *(len(columns) for columns in options.values()))


def _rows(columns: Sequence[Column | None], rows: int | None) -> int:
    """Return the number of rows, on which all columns agree."""
    given = [column for column in columns if column is not None]
    n = rows if rows is not None else len(np.asarray(given[0])) if given else 0
    for column in given:
        require_length(
            column, heading(column, Words("设计的一列", "A column of the design")), rows=n
        )
    if n == 0:
        raise EstimationError.empty_domain()
    return n


def _weights(column: Column | None, reached: Numbers, *, given: bool) -> Numbers:
    """Return the weights given, or else one over each row's inclusion probability."""
    if column is None:
        if not given:
            return np.ones(len(reached))
        if not reached.all():
            raise EstimationError.no_weights()
        return 1 / reached
    what, expected = heading(column, Words("权数", "The weight")), WEIGHT
    weights = numbers(column, what, expected=expected)
    if (negative := weights < 0).any():
        row = int(np.argmax(negative))
        raise EstimationError.bad_cell(what, row + 1, float(weights[row]), expected=expected)
    return weights
