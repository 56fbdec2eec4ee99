"""From settled cases and answers to the counts of the four indicators, under any reading.

Each indicator depends on a few switches only, so that all readings of a county
come from a handful of counts.

A rate is estimable from answers of two villages or more: one village shows nothing of
how villages differ. Screening only raises a suspicion, which a visit makes a finding:
where no household that is not registered was visited, what was found is the least.

Source: plan, 三（一）, 三（二）, 四（二）; readings A05, A09-A16, A21, A22.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from auditlib.indicators.rates import Counts

Switches = Mapping[str, str]


@dataclass(frozen=True)
class Population:
    """Persons of the county: still poor, lifted, not registered, all (U, L, R, A)."""

    still_poor: int
    lifted: int
    unregistered: int
    total: int


@dataclass(frozen=True)
class Evidence:
    """What the indicators are counted from; all tables belong to one phase.

    Attributes
    ----------
    lifted
        Outcome of every completed lifted household (`findings.outcomes`), with its
        `weight`, the village's `kind`, `probability` and `listed` households, what it
        was drawn `within` (its village, or `county` under a direct draw, A25: then
        `probability` is 1 and `listed` the county's households), and
        `township`, `exit_year`, `cause`.
    missed
        Missed cases: `study_id`, `unit`, `persons`, `state`, `within` (1 for an
        unregistered member of a registered household).
    screened
        Groups screened in full: `unit`, `village`, `population`, `within` (those of
        the population who live in registered households).
    households
        Households met in these groups: `study_id`, `unit`, `village`, `persons`.
    recognition
        Answers of completed households of the probability sample: `kind`, `village`,
        the objects, `overall`, `persons`.
    interviews
        Answers of the interviewed: `recognition`.
    of_members
        Standards that concern single members; under the person rule only they count.
    visited
        Completed visits to unregistered households.
    """

    lifted: pd.DataFrame
    missed: pd.DataFrame
    screened: pd.DataFrame
    households: pd.DataFrame
    recognition: pd.DataFrame
    interviews: pd.DataFrame
    of_members: frozenset[str]
    visited: int


def wrong_exit(evidence: Evidence, switches: Switches) -> Counts:
    """Return wrongly exited persons of sampled lifted persons.

    Switches: `open_cases`, `wrong_unit`, `stability`, `excused_schooling`,
    `missing_evidence`.
    """
    households = evidence.lifted
    wrong = int(wrong_persons(evidence, switches).sum())
    members = int(households["members"].sum())
    return Counts(wrong, members, estimable=several_villages(households))


FEWEST_VILLAGES = 2
"""First-stage units without which nothing can be said of the differences between them.

Source: Cochran (1977), Sampling Techniques, 3rd ed., section 10.3.
"""


def several_villages(rows: pd.DataFrame) -> bool:
    """Say whether the answers of a table tell of the county, and not of one village alone."""
    return int(rows["village"].nunique()) >= FEWEST_VILLAGES


def screened_and_visited(evidence: Evidence) -> bool:
    """Say whether the missed rate is estimable."""
    met = evidence.households
    return bool(evidence.visited and met["persons"].sum() and several_villages(met))


def recognising(answers: pd.DataFrame, *, recognises: Iterable[str]) -> pd.Series:
    """Return 1 where the overall answer recognises, else 0."""
    return answers["overall"].isin(list(recognises)).astype(int)


def wrong_persons(evidence: Evidence, switches: Switches) -> pd.Series:
    """Return the wrongly exited persons of every completed lifted household."""
    households = evidence.lifted
    pairs = list(zip(households["verified"].tolist(), households["open"].tolist(), strict=True))
    known = {pair: _items(*pair, switches) for pair in set(pairs)}
    items = [known[pair] for pair in pairs]
    members = households["members"].to_numpy(int)
    persons = np.where(np.array(items, dtype=bool), members, 0)
    if switches["wrong_unit"] == "person":
        lines = households["lines"].to_numpy(int)
        if switches["open_cases"] == "in":
            lines = lines + households["open_lines"].to_numpy(int)
        single = np.array([bool(found) and found <= evidence.of_members for found in items], bool)
        persons = np.where(single, np.minimum(np.maximum(lines, 1), members), persons)
    if switches["missing_evidence"] == "problem":
        persons = np.where(households["missing"].to_numpy() == 1, members, persons)
    if switches["excused_schooling"] == "counted":
        persons = np.where(households["excused"].to_numpy() == 1, members, persons)
    return pd.Series(persons, index=households.index)


def _items(verified: str, open_: str, switches: Switches) -> frozenset[str]:
    items = set(verified.split())
    if switches["open_cases"] == "in":
        items |= set(open_.split())
    if switches["stability"] == "ignored":
        items.discard("stability")
    return frozenset(items)


def missed(evidence: Evidence, switches: Switches) -> Counts:
    """Return missed persons of screened unregistered persons.

    Switches: `open_cases`, `missed_members`.
    """
    cases = missed_cases(evidence, switches)
    base = int(evidence.screened["population"].sum())
    if switches["missed_members"] == "whole_households":
        base -= int(evidence.screened["within"].sum())
    found = int(cases["persons"].sum())
    if screened_and_visited(evidence):
        return Counts(found, base)
    return Counts(found, base, estimable=False, at_least=Fraction(found, base or 1))


def missed_cases(evidence: Evidence, switches: Switches) -> pd.DataFrame:
    """Return the missed cases that count, those of groups screened in full."""
    cases = evidence.missed
    states = ["verified", "open"] if switches["open_cases"] == "in" else ["verified"]
    counted = cases["state"].isin(states) & cases["unit"].isin(evidence.screened["unit"])
    if switches["missed_members"] == "whole_households":
        counted &= cases["within"] == 0
    return cases[counted]


def missed_households(evidence: Evidence, switches: Switches) -> Counts:
    """Return households with a missed person of the households screened.

    A registered household with a missed member counts in both.
    """
    cases = missed_cases(evidence, switches)
    within = cases.loc[cases["within"] == 1, "study_id"].nunique()
    return Counts(
        int(cases["study_id"].nunique()),
        len(evidence.households) + within,
        estimable=screened_and_visited(evidence),
    )


def recognition(
    evidence: Evidence,
    switches: Switches,
    *,
    objects: Iterable[str],
    recognises: Iterable[str],
) -> Counts:
    """Return recognising households (or persons) of those surveyed.

    Switches: `recognition_unit`, `recognition_rule`, `recognition_silence`.
    """
    yes, asked = tuple(recognises), tuple(objects)
    rows = evidence.recognition
    if switches["recognition_unit"] == "lifted":
        rows = rows[rows["kind"] == "lifted"]
    overall, items = rows["overall"].to_numpy(object), rows[[*asked]].to_numpy(object)
    said, nothing = np.isin(items, yes).sum(axis=1), (items == "no_answer").all(axis=1)
    match switches["recognition_rule"]:
        case "all_items":
            recognised, silent = said == len(asked), nothing
        case "majority":
            recognised, silent = 2 * said > len(asked), nothing
        case _:
            recognised, silent = np.isin(overall, yes), overall == "no_answer"
    keep = ~silent if switches["recognition_silence"] == "out" else np.full(len(rows), True)
    estimable = several_villages(rows[["village"]][keep])
    if switches["recognition_unit"] != "persons":
        return Counts(int((recognised & keep).sum()), int(keep.sum()), estimable=estimable)
    answers = evidence.interviews["recognition"]
    heard = answers[answers != "no_answer"] if switches["recognition_silence"] == "out" else answers
    persons = rows["persons"].fillna(1).to_numpy(int)
    return Counts(
        int(persons[recognised & keep].sum()) + int(heard.isin(yes).sum()),
        int(persons[keep].sum()) + len(heard),
        estimable=estimable,
    )
