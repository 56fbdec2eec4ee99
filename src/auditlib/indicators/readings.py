"""The verdict under every combination of the readings that the plan leaves open.

An indicator depends on a few switches, so the tens of thousands of combinations
come from some dozens of counts: each count is judged once, and the combinations
are put together from the results.

Source: statistics of the project, section 7.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from auditlib.estimation import Design
from auditlib.indicators.assurance import count_wrong_exit
from auditlib.indicators.measure import (
    Evidence,
    Population,
    Switches,
    missed,
    recognition,
    wrong_persons,
)
from auditlib.indicators.rates import Counts, composite_incidence
from auditlib.indicators.verdict import Decision, bound_under, decide_between, kept_between
from auditlib.plan import Plan

WRONG = (
    "open_cases",
    "wrong_unit",
    "stability",
    "missing_evidence",
    "excused_schooling",
    "weights",
)
MISSED = ("open_cases", "missed_members")
RECOGNITION = ("recognition_unit", "recognition_rule", "recognition_silence")
RULES = ("incidence", "equality", "decision")
"""Switches on which each part depends."""

Between = tuple[Fraction, Fraction]
"""The least and the most that a share can be; it twice where it is estimable."""


@dataclass(frozen=True)
class Flip:
    """A single switch that changes the decision when it alone is changed."""

    switch: str
    option: str
    decision: Decision


@dataclass(frozen=True)
class Curve:
    """All values of one indicator with the options that give them, in rising order.

    `values` are shares; `options[i]` gives for `values[i]` the option of each switch. A
    reading under which the figure is not estimable is not among them.
    """

    indicator: str
    switches: tuple[str, ...]
    values: tuple[float, ...]
    options: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Readings:
    """How the decision stands under all readings.

    `agree` of `combinations` decide as the official one; `fragile` if a single
    switch changes it.
    """

    combinations: int
    agree: int
    decisions: Mapping[str, int]
    flips: tuple[Flip, ...]
    fragile: bool
    curves: tuple[Curve, ...]


ORDER = (*WRONG, "missed_members", *RECOGNITION, *RULES)
"""The switches of one combination, in order."""


def compare_readings(
    evidence: Evidence,
    population: Population,
    design: Design | None,
    *,
    plan: Plan,
    limits: Mapping[str, Fraction],
    official: Switches,
) -> Readings:
    """Return the decisions under every combination of the switches that the plan varies.

    Parameters
    ----------
    evidence, population, design
        What the rates are counted and weighted from.
    plan
        Options of every switch, rules and recognising answers.
    limits
        Thresholds that hold in this county.
    official
        The reading that decides.
    """
    decisions, curves = decide_all(
        evidence, population, design, plan=plan, limits=limits, official=official
    )
    return _summed(decisions, official, plan.options(varied=True), curves)


def decide_all(
    evidence: Evidence,
    population: Population,
    design: Design | None,
    *,
    plan: Plan,
    limits: Mapping[str, Fraction],
    official: Switches,
) -> tuple[dict[tuple[str, ...], Decision], tuple[Curve, ...]]:
    """Return the decision of every combination, by its options in `ORDER`, and the curves.

    Parameters are those of `compare_readings`.
    """
    options = plan.options(varied=True)
    wrongs = dict(_wrong_counts(evidence, design, options, official))
    misses = {
        combination: missed(evidence, switches)
        for combination, switches in _combinations(MISSED, options, official)
    }
    approvals = {
        combination: recognition(
            evidence,
            switches,
            objects=plan.recognition.objects,
            recognises=plan.recognition.recognises,
        )
        for combination, switches in _combinations(RECOGNITION, options, official)
    }
    judge = _Judge(plan, limits)
    equalities = options["equality"]
    wrong_kept = judge.under("wrong_exit_rate", wrongs, equalities)
    miss_kept = judge.under("missed_rate", misses, equalities)
    approval_kept = judge.under("recognition_rate", approvals, equalities)
    decisions: dict[tuple[str, ...], Decision] = {}
    incidences: dict[tuple[str, ...], Between] = {}
    for wrong, w in wrongs.items():
        for miss, m in misses.items():
            if wrong[0] != miss[0]:  # open cases are in for both or for neither
                continue
            whole = composite_incidence(
                still_poor=population.still_poor,
                lifted=population.lifted,
                unregistered=population.unregistered,
                population=population.total,
                wrong_exit=w,
                missed=m,
            )
            for incidence in options["incidence"]:
                share = whole.between_raw if incidence == "raw" else whole.between
                incidences[*wrong, miss[1], incidence] = share
                first = judge.keeps("composite_incidence", share, "requirement")
                for equality in equalities:
                    three = (first, wrong_kept[wrong, equality], miss_kept[miss, equality])
                    for approval in approvals:
                        four = (*three, approval_kept[approval, equality])
                        for decision in options["decision"]:
                            key = (*wrong, miss[1], *approval, incidence, equality, decision)
                            decisions[key] = judge.decides(four, decision)
    curves = (
        _curve("composite_incidence", (*WRONG, "missed_members", "incidence"), incidences),
        _curve("wrong_exit_rate", WRONG, {key: c.between for key, c in wrongs.items()}),
        _curve("missed_rate", MISSED, {key: c.between for key, c in misses.items()}),
        _curve("recognition_rate", RECOGNITION, {key: c.between for key, c in approvals.items()}),
    )
    return decisions, curves


def _wrong_counts(
    evidence: Evidence,
    design: Design | None,
    options: Mapping[str, tuple[str, ...]],
    official: Switches,
) -> Iterable[tuple[tuple[str, ...], Counts]]:
    """Yield the counts of every combination; the persons are found once for all weights."""
    for combination, switches in _combinations(WRONG[:-1], options, official):
        wrong = wrong_persons(evidence, switches)
        for weights in options[WRONG[-1]]:
            reading = {**switches, WRONG[-1]: weights}
            yield (*combination, weights), count_wrong_exit(evidence, reading, design, wrong=wrong)


def _combinations(
    names: tuple[str, ...], options: Mapping[str, tuple[str, ...]], official: Switches
) -> Iterable[tuple[tuple[str, ...], dict[str, str]]]:
    """Yield every combination of some switches, beside the whole reading it makes."""
    for combination in product(*(options[name] for name in names)):
        yield combination, {**official, **dict(zip(names, combination, strict=True))}


INDICATORS = ("composite_incidence", "wrong_exit_rate", "missed_rate", "recognition_rate")
"""The indicators that decide together, in order."""

Four = tuple[bool | None, bool | None, bool | None, bool | None]
"""Whether each of the four is kept; None where that is not known."""


class _Judge:
    """Judges shares, and every four judgements together once."""

    def __init__(self, plan: Plan, limits: Mapping[str, Fraction]) -> None:
        self._rules = dict(plan.indicators.items())
        self._limits = limits
        self._decided: dict[tuple[Four, str], Decision] = {}

    def keeps(self, name: str, share: Between, equality: str) -> bool | None:
        """Say whether a share keeps its rule; under 六（五） equality calls for nothing (A17)."""
        return kept_between(share, bound_under(self._rules[name], equality), self._limits[name])

    def under(
        self, name: str, counts: Mapping[tuple[str, ...], Counts], equalities: Iterable[str]
    ) -> dict[tuple[tuple[str, ...], str], bool | None]:
        """Say of every count, under every reading of equality, whether it keeps its rule."""
        return {
            (key, equality): self.keeps(name, count.between, equality)
            for (key, count), equality in product(counts.items(), equalities)
        }

    def decides(self, kept: Four, decision: str) -> Decision:
        """Return what the judgements on the four `INDICATORS` decide together."""
        key = (kept, decision)
        if key not in self._decided:
            rules = (self._rules[name].otherwise for name in INDICATORS)
            self._decided[key] = decide_between(
                zip(rules, kept, strict=True), any_of_four=decision == "any_of_four"
            )
        return self._decided[key]


def _curve(
    indicator: str, switches: tuple[str, ...], shares: Mapping[tuple[str, ...], Between]
) -> Curve:
    """Return the values in rising order, with the options that give them."""
    known = [(least, key) for key, (least, most) in shares.items() if least == most]
    ordered = sorted(known)
    return Curve(
        indicator,
        switches,
        tuple(float(share) for share, _ in ordered),
        tuple(key for _, key in ordered),
    )


def _summed(
    decisions: Mapping[tuple[str, ...], Decision],
    official: Switches,
    options: Mapping[str, tuple[str, ...]],
    curves: tuple[Curve, ...],
) -> Readings:
    taken = {name: official[name] for name in ORDER}
    decided = decisions[tuple(taken.values())]
    single = [
        Flip(name, option, decisions[tuple((taken | {name: option}).values())])
        for name in ORDER
        for option in options[name]
        if option != taken[name]
    ]
    flips = tuple(flip for flip in single if flip.decision is not decided)
    counts = Counter(decisions.values())
    return Readings(
        combinations=len(decisions),
        agree=counts[decided],
        decisions={decision: counts[decision] for decision in sorted(counts)},
        flips=flips,
        fragile=bool(flips),
        curves=curves,
    )
