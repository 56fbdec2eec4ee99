"""From counts to a verdict, in whole numbers, by the plan's own thresholds.

A reference indicator that is not kept calls for rectification; the composite
incidence above its limit vetoes. Equality counts as the rule's word says.

Source: plan, 三（一）, 三（二）; 六（五） is read as corrected (A07).
"""

from collections.abc import Mapping
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
    """One indicator against its rule: the share, its limit, and whether the rule is kept."""

    indicator: str
    clause: str
    numerator: Fraction
    denominator: int
    value: Fraction
    must_be: Bound
    limit: Fraction
    kept: bool
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
    equality: str = "requirement",
    weighted: Fraction | None = None,
) -> Judgement:
    """Return the judgement on one indicator.

    Parameters
    ----------
    name, rule
        The indicator and its rule in the plan.
    numerator, denominator
        Persons or households, as the rule's unit says; the denominator is above 0.
    limit
        The threshold that holds in this county.
    equality
        Reading of equality, `requirement` or `action`.
    weighted
        The rate with weights, where that is the reading; it then decides.
    """
    value = Fraction(numerator) / denominator if weighted is None else weighted
    must_be = bound_under(rule, equality)
    return Judgement(
        indicator=name,
        clause=rule.clause,
        numerator=Fraction(numerator),
        denominator=denominator,
        value=value,
        must_be=must_be,
        limit=limit,
        kept=kept(value, must_be, limit),
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
    broken = {j.otherwise for j in judgements.values() if not j.kept}
    if Consequence.VETO in broken or (broken and any_of_four):
        return Decision.NO_EXIT
    return Decision.RECTIFY if broken else Decision.EXIT
