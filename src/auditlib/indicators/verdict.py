"""From counts to a verdict, in whole numbers, by the plan's own thresholds.

A reference indicator that is not kept calls for rectification; the composite
incidence above its limit vetoes. Equality counts as the rule's word says.

What nobody answered is neither kept nor broken. A figure that is not estimable lies
between its least and its most, and it decides only what both ends decide: otherwise
nothing is decided, and the evidence must be completed.

Source: plan, 三（一）, 三（二）; 六（五） is read as corrected (A07).
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from auditlib.plan import Bound, Consequence, Rule


class Decision(StrEnum):
    """What the figures decide for a county, from best to worst."""

    EXIT = "exit"
    RECTIFY = "rectify"
    UNDECIDED = "undecided"
    NO_EXIT = "no_exit"
    NO_RESULT = "no_result"


@dataclass(frozen=True)
class Judgement:
    """One indicator against its rule: the share, its limit, and whether the rule is kept.

    `value` is None where the figure is not estimable; it then lies between `least` and
    `most`, and `kept` is None unless both say the same.
    """

    indicator: str
    clause: str
    numerator: Fraction
    denominator: int
    value: Fraction | None
    least: Fraction
    most: Fraction
    must_be: Bound
    limit: Fraction
    kept: bool | None
    otherwise: Consequence


def kept(share: Fraction, must_be: Bound, limit: Fraction) -> bool:
    """Say whether a share keeps its bound, in exact arithmetic."""
    match must_be:
        case Bound.BELOW:
            return share < limit
        case Bound.ABOVE:
            return share > limit
        case Bound.AT_MOST:
            return share <= limit
        case Bound.AT_LEAST:
            return share >= limit


def kept_between(
    between: tuple[Fraction, Fraction], must_be: Bound, limit: Fraction
) -> bool | None:
    """Say whether a share within a range keeps its bound; None if that depends on where."""
    ends = {kept(share, must_be, limit) for share in between}
    return ends.pop() if len(ends) == 1 else None


def bound_under(rule: Rule, equality: str) -> Bound:
    """Return the rule's bound under a reading of equality (A17).

    By 三（二） equality is as the rule's word says; by 六（五） (`action`) a reference
    indicator at its limit calls for nothing.
    """
    if equality == "requirement":
        return rule.must_be
    return {Bound.BELOW: Bound.AT_MOST, Bound.ABOVE: Bound.AT_LEAST}.get(rule.must_be, rule.must_be)


def judge(
    name: str,
    rule: Rule,
    *,
    numerator: Fraction | int,
    denominator: int,
    limit: Fraction,
    between: tuple[Fraction, Fraction] | None = None,
    equality: str = "requirement",
) -> Judgement:
    """Return the judgement on one indicator.

    Parameters
    ----------
    name, rule
        The indicator and its rule in the plan.
    numerator, denominator
        Persons or households, as the rule's unit says.
    limit
        The threshold that holds in this county.
    between
        The least and the most that the figure can be; the figure twice where it is
        estimable. None: the numerator over the denominator, which is above 0.
    equality
        Reading of equality, `requirement` or `action`.
    """
    least, most = between or 2 * (Fraction(numerator) / denominator,)
    must_be = bound_under(rule, equality)
    return Judgement(
        indicator=name,
        clause=rule.clause,
        numerator=Fraction(numerator),
        denominator=denominator,
        value=least if least == most else None,
        least=least,
        most=most,
        must_be=must_be,
        limit=limit,
        kept=kept_between((least, most), must_be, limit),
        otherwise=rule.otherwise,
    )


def with_open_cases(verified: Decision, counted: Decision) -> Decision:
    """Return what is decided while cases are open: nothing, if counting them decides otherwise.

    Parameters
    ----------
    verified, counted
        Decisions with verified cases alone, and with open ones counted as if verified.

    Source: plan, 五（二）; reading A09.
    """
    return verified if verified == counted else Decision.UNDECIDED


def decide(judgements: Mapping[str, Judgement], *, any_of_four: bool = False) -> Decision:
    """Return what the judgements decide together.

    Parameters
    ----------
    judgements
        One for every indicator.
    any_of_four
        True for the strict national mode (A04): any indicator not kept vetoes.
    """
    results = [(j.otherwise, j.kept) for j in judgements.values()]
    return decide_between(results, any_of_four=any_of_four)


def decide_between(
    results: Iterable[tuple[Consequence, bool | None]], *, any_of_four: bool
) -> Decision:
    """Return what the best and the worst that can be known decide alike; else undecided.

    Parameters
    ----------
    results
        For every indicator what follows if it is not kept, and whether it is; None where
        that is not known. All that is unknown can be well at once, or ill at once.
    any_of_four
        As of `decide`.
    """
    results = list(results)
    broken = {otherwise for otherwise, kept in results if kept is False}
    unknown = {otherwise for otherwise, kept in results if kept is None}
    best = _decision(broken, any_of_four=any_of_four)
    worst = _decision(broken | unknown, any_of_four=any_of_four)
    return best if best is worst else Decision.UNDECIDED


def _decision(broken: Set[Consequence], *, any_of_four: bool) -> Decision:
    if Consequence.VETO in broken or (broken and any_of_four):
        return Decision.NO_EXIT
    return Decision.RECTIFY if broken else Decision.EXIT
