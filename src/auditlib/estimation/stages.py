"""Code the stages of a sample: which rows make a unit, which units a stratum.

Source: Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling,
sections 4.3-4.4.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from auditlib.errors import EstimationError
from auditlib.estimation.columns import (
    Codes,
    Column,
    Numbers,
    codes,
    heading,
    numbers,
    paired,
    sums,
)
from auditlib.language import Words

UNITS = Words("为单元个数", "a number of units")
PROBABILITY = Words("为大于0且不超过1的概率", "a probability above 0 and at most 1")


@dataclass(frozen=True, eq=False, slots=True)
class Stage:
    """One stage of a design, as codes from 0.

    Parameters
    ----------
    unit
        Of every row, its unit; units differ wherever their stratum or parent does.
    stratum
        Of every unit, its stratum; strata differ wherever their parent does.
    parent
        Of every stratum, the unit of the stage before that it lies in.
    sampled
        Of every stratum, the number of its units in the sample.
    open
        Of every unit, the part of its population that was not sampled, 1 - n/N or
        1 - π, from 0 (certain) to 1 (with replacement).
    open_sum
        Of every stratum, the sum of `open` over its units.
    carried
        Of every stratum, the product of n/N or π over the units it lies in.
    name
        What to call a stratum in a sentence.
    """

    unit: Codes
    stratum: Codes
    parent: Codes
    sampled: Codes
    open: Numbers
    open_sum: Numbers
    carried: Numbers
    name: Callable[[int], Words]


def code_stage(
    number: int,
    above: Codes,
    carried: Numbers,
    *,
    unit_column: Column | None,
    stratum_column: Column | None,
    parent_column: Column | None,
    population: Column | None,
    probability: Column | None,
    nest: bool,
) -> tuple[Stage, Numbers]:
    """Return the stage, and of each of its units the product of n/N or π down to it.

    Parameters
    ----------
    number
        Which stage, from 1.
    above
        Of every row, its unit at the stage before.
    carried
        Of every unit of the stage before, the product of n/N or π down to it.
    unit_column, stratum_column, parent_column, population, probability, nest
        See `Design.from_columns`.
    """
    stratum_of_row = above
    if stratum_column is not None:
        what = heading(stratum_column, _of_stage(Words("层", "The stratum"), number))
        stratum_of_row = paired(above, codes(stratum_column, what)[0])
    unit = _units(number, stratum_of_row, unit_column, nest=nest)
    stratum = stratum_of_row[_a_row_each(unit)]
    row = _a_row_each(stratum_of_row)
    parent, n = above[row], np.bincount(stratum)
    fraction, unsampled = np.zeros(len(stratum)), np.ones(len(stratum))

    def name(h: int) -> Words:
        return _name(number, int(row[h]), parent=parent_column, own=stratum_column)

    if population is not None and probability is not None:
        raise EstimationError.both_given(number)
    if population is not None:
        N = _populations(number, population, stratum_of_row, row, n, name)
        fraction = (n / N)[stratum]
        unsampled = np.divide(N - n, N, out=np.ones(len(N)), where=np.isfinite(N))[stratum]
    if probability is not None:
        fraction = _probabilities(number, probability, unit)
        unsampled = 1 - fraction
    stage = Stage(
        unit=unit,
        stratum=stratum,
        parent=parent,
        sampled=n,
        open=unsampled,
        open_sum=sums(stratum, unsampled, size=len(n)),
        carried=carried[parent],
        name=name,
    )
    return stage, stage.carried[stratum] * fraction


def _name(number: int, row: int, *, parent: Column | None, own: Column | None) -> Words:
    """Return what to call the stratum of a row in a sentence."""
    zh, en = [f"第{number}阶段"], [f"stage {number}"]
    for column, name in ((parent, Words("单元", "unit")), (own, Words("层", "stratum"))):
        if column is not None:
            label = str(np.asarray(column)[row])
            zh, en = [*zh, f"{name.zh}“{label}”"], [*en, f"{name.en} {label!r}"]
    return Words("".join(zh), ", ".join(en))


def _of_stage(what: Words, number: int) -> Words:
    return Words(f"第{number}阶段{what.zh}", f"{what.en} of stage {number}")


def _units(number: int, stratum: Codes, column: Column | None, *, nest: bool) -> Codes:
    """Code the units inside their strata; without a column every row is one."""
    if column is None:
        return np.arange(len(stratum), dtype=np.intp)
    listed, names = codes(column, heading(column, _of_stage(Words("单元", "The unit"), number)))
    unit = paired(stratum, listed)
    if number == 1 and not nest and unit.max() + 1 > len(names):
        strata_of_unit = np.bincount(listed[_a_row_each(unit)])
        raise EstimationError.unit_in_two_strata(names[int(np.argmax(strata_of_unit))])
    return unit


def _a_row_each(coded: Codes) -> Codes:
    """Return for every code a row that has it, the first."""
    row = np.empty(int(coded.max()) + 1, dtype=np.intp)
    row[coded[::-1]] = np.arange(len(coded) - 1, -1, -1)
    return row


def _populations(
    number: int,
    column: Column,
    stratum_of_row: Codes,
    row: Codes,
    n: Codes,
    name: Callable[[int], Words],
) -> Numbers:
    """Return the population of every stratum: one number, no smaller than its sample."""
    what = heading(column, _of_stage(Words("总体单元数", "The population"), number))
    values = numbers(column, what, expected=UNITS, infinite=True)
    N = values[row]
    if (differs := values != N[stratum_of_row]).any():
        h = int(stratum_of_row[np.argmax(differs)])
        own = values[stratum_of_row == h]
        raise EstimationError.varies(what, name(h), low=own.min(), high=own.max())
    if (small := n > N).any():
        h = int(np.argmax(small))
        raise EstimationError.population_too_small(
            what, name(h), sampled=int(n[h]), listed=float(N[h])
        )
    return N


def _probabilities(number: int, column: Column, unit: Codes) -> Numbers:
    """Return the inclusion probability of every unit: one number, in (0, 1]."""
    what = heading(column, _of_stage(Words("入样概率", "The probability"), number))
    values = numbers(column, what, expected=PROBABILITY)
    if (bad := (values <= 0) | (values > 1)).any():
        row = int(np.argmax(bad))
        raise EstimationError.bad_cell(what, row + 1, float(values[row]), expected=PROBABILITY)
    pi = values[_a_row_each(unit)]
    if (differs := values != pi[unit]).any():
        own = values[unit == unit[np.argmax(differs)]]
        raise EstimationError.varies(
            what, _of_stage(Words("同一单元", "a unit"), number), low=own.min(), high=own.max()
        )
    return pi
