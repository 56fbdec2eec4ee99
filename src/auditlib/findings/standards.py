"""The two no-worries and three guarantees, household by household, with the reason.

Every test of `plan.yaml` looks at one answer. The answer keeps the standard,
breaks it, or is missing; a missing answer is evidence missing, never a problem.
A broken test makes a suspicion, and a suspicion is not yet a finding. Where a test
applies only on a condition and the condition was not answered, the test is missing
as well: none is left out in silence.

Source: plan, chapter 三（二）1 and 三（三）1-2.
"""

from collections.abc import Mapping
from enum import StrEnum

import pandas as pd

from auditlib.plan import Check, Standard


class Answer(StrEnum):
    """What an answer says of a test."""

    KEPT = "kept"
    BROKEN = "broken"
    EXCUSED = "excused"
    MISSING = "missing"
    FLAGGED = "flagged"


COLUMNS = ("visit_id", "study_id", "line", "standard", "test", "answer", "given")


def judge(
    visits: pd.DataFrame,
    persons: pd.DataFrame,
    *,
    standards: Mapping[str, Standard],
    income_line: float,
) -> pd.DataFrame:
    """Return what every answer of the visits says of every test that applies to it.

    Parameters
    ----------
    visits
        Completed visits, a row each: table `household_visits`.
    persons
        Members met at these visits: table `visit_persons`; those of other visits are left out.
    standards
        The plan's standards by name.
    income_line
        National poverty line of the year, in yuan per person and year.

    Returns
    -------
    DataFrame
        One row for every visit, member and test that applies: `visit_id`, `study_id`,
        `line` (0 for the household), `standard`, `test`, `answer`, `given` (what was
        answered, as text); in the order of the visits and the plan.
    """
    members = persons.merge(visits[["visit_id", "study_id"]], on="visit_id")
    households = visits.assign(line=0)
    parts = []
    for name, standard in standards.items():
        for test_name, check in standard.tests.items():
            asked = _asked(members if check.who == "member" else households, check)
            given = _given(asked, check)
            parts.append(
                asked[["visit_id", "study_id", "line"]].assign(
                    standard=name,
                    test=test_name,
                    answer=_answers(asked, given, check, income_line),
                    given=["" if pd.isna(value) else str(value) for value in given],
                )
            )
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    place = {visit: i for i, visit in enumerate(visits["visit_id"])}
    order = found["visit_id"].map(place)
    return found.iloc[order.argsort(kind="stable")].reset_index(drop=True)[list(COLUMNS)]


def _asked(rows: pd.DataFrame, check: Check) -> pd.DataFrame:
    """Return the rows to which a test applies, or may apply for all that is known."""
    named = _named(check)
    rows = rows[[name for name in rows if name in named]]  # of some sixty columns
    applies = pd.Series(True, index=rows.index)
    for column, values in check.when.items():
        applies &= rows[column].isin([*values, ""])
    if check.ages:
        within = rows["age"].between(*check.ages).fillna(True).astype(bool)
        applies &= within  # an unknown age may be one of them
    return rows[applies]


def _named(check: Check) -> set[str]:
    """Return the columns that a test looks at, with those that tell whose answer it is."""
    new = check.renewed
    named = {check.answer, check.share_of, check.proved_by, check.proof, *check.when}
    if new:
        named |= {new.answer, new.proved_by, *new.when}
    return {"visit_id", "study_id", "line", "age", *filter(None, named)}


def _given(rows: pd.DataFrame, check: Check) -> pd.Series:
    """Return the answers that count: after a repair the new one, if its document is named."""
    given = rows[check.answer]
    if check.renewed:
        new = check.renewed
        counts = (rows[new.answer] != "") & (rows[new.proved_by] != "")
        for column, values in new.when.items():
            counts &= rows[column].isin(values)
        given = given.where(~counts, rows[new.answer])
    return given


def _answers(rows: pd.DataFrame, given: pd.Series, check: Check, income_line: float) -> pd.Series:
    """Return what the rows' answers say of the test."""
    answers = pd.Series(str(Answer.BROKEN), index=rows.index)
    if check.kept_if:
        missing, kept = given.isin(["", *check.missing_if]), given.isin(check.kept_if)
    elif check.flag_unless:
        missing, expected = given == "", set(check.flag_unless)
        kept = given.map(lambda codes: set(codes.split()) <= expected).astype(bool)
        answers[:] = str(Answer.FLAGGED)
    elif check.above:
        missing, kept = given.isna(), (given > income_line).fillna(False).astype(bool)
    else:
        whole = rows[str(check.share_of)]
        missing = given.isna() | whole.isna()
        share = float(check.at_most or 0)
        kept = (given <= share * whole).fillna(False).astype(bool)
    answers[kept] = str(Answer.KEPT)
    if check.proved_by:
        missing |= kept & (rows[check.proved_by] == "")
    if check.excused:
        proved = rows[check.proof] != "" if check.proof else True
        excused = given.isin(check.excused)
        answers[excused & proved] = str(Answer.EXCUSED)
        answers[excused & ~pd.Series(proved, index=rows.index)] = str(Answer.MISSING)
    for column in check.when:
        missing |= rows[column] == ""
    if check.ages:
        missing |= rows["age"].isna()
    answers[missing] = str(Answer.MISSING)
    return answers


def near_line(visits: pd.DataFrame, *, income_line: float, within: float) -> pd.DataFrame:
    """Return visited households whose income lies above the line by less than a share of it.

    Parameters
    ----------
    visits
        Completed visits with `income` in yuan per person and year.
    income_line
        Poverty line in the same unit.
    within
        Share of the line, from 0 to 1.

    Source: plan, 七（六）, the buffer period.
    """
    income = visits["income"]
    near = ((income > income_line) & (income <= (1 + within) * income_line)).fillna(False)
    columns = ["visit_id", "study_id", "village", "income"]
    return visits.loc[near.astype(bool), columns].sort_values("study_id").reset_index(drop=True)
