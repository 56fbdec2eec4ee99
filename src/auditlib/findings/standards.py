"""The two no-worries and three guarantees, household by household, with the reason.

Every test of `plan.yaml` looks at one answer. The answer keeps the standard,
breaks it, or is missing; a missing answer is evidence missing, never a problem.
A broken test makes a suspicion, and a suspicion is not yet a finding. Where a test
applies only on a condition and the condition was not answered, the test is missing
as well: none is left out in silence.

Source: plan, chapter 三（二）1 and 三（三）1-2.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import compress, repeat
from typing import Any

import numpy as np
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
    tables = {"member": members, "household": visits.assign(line=0)}
    whose = {
        who: [rows[name].tolist() for name in ("visit_id", "study_id", "line")]
        for who, rows in tables.items()
    }
    found: list[tuple[Any, ...]] = []
    for name, standard in standards.items():
        for test, check in standard.tests.items():
            rows = tables[check.who]
            given = _given(rows, check)
            answers = _answers(rows, given, check, income_line)
            told = zip(*whose[check.who], repeat(name), repeat(test), answers, _text(given))
            found += compress(told, _applies(rows, check))
    place = {visit: i for i, visit in enumerate(visits["visit_id"].tolist())}
    found.sort(key=lambda row: place[row[0]])
    return pd.DataFrame(found, columns=list(COLUMNS))


def _among(values: pd.Series, codes: Iterable[str]) -> Any:
    """Say of every value whether it is one of the codes."""
    return values.isin(list(codes)).to_numpy()


def _applies(rows: pd.DataFrame, check: Check) -> Any:
    """Say of every row whether a test applies, or may apply for all that is known."""
    applies = np.full(len(rows), True)
    for column, values in check.when.items():
        applies &= _among(rows[column], (*values, ""))
    if check.ages:  # an unknown age may be one of them
        applies &= rows["age"].between(*check.ages).fillna(True).to_numpy(bool)
    return applies


def _given(rows: pd.DataFrame, check: Check) -> pd.Series:
    """Return the answers that count: after a repair the new one, if its document is named."""
    given = rows[check.answer]
    if check.renewed:
        new = check.renewed
        counts = ~_among(rows[new.answer], [""]) & ~_among(rows[new.proved_by], [""])
        for column, values in new.when.items():
            counts &= _among(rows[column], values)
        given = given.where(~counts, rows[new.answer])
    return given


def _text(given: pd.Series) -> list[str]:
    """Return the answers as text, blank where there is none."""
    values = zip(given.tolist(), given.isna(), strict=True)
    return ["" if gone else str(value) for value, gone in values]


def _answers(rows: pd.DataFrame, given: pd.Series, check: Check, income_line: float) -> Any:
    """Return what the rows' answers say of the test."""
    answers = np.full(len(rows), str(Answer.BROKEN), dtype=object)
    if check.kept_if:
        missing, kept = _among(given, ["", *check.missing_if]), _among(given, check.kept_if)
    elif check.flag_unless:
        missing, expected = _among(given, [""]), set(check.flag_unless)
        kept = np.array([set(codes.split()) <= expected for codes in given.tolist()], dtype=bool)
        answers[:] = str(Answer.FLAGGED)
    elif check.above:
        missing = given.isna().to_numpy()
        kept = (given > income_line).fillna(False).to_numpy(bool)
    else:
        whole = rows[str(check.share_of)]
        missing = (given.isna() | whole.isna()).to_numpy()
        kept = (given <= float(check.at_most or 0) * whole).fillna(False).to_numpy(bool)
    answers[kept] = str(Answer.KEPT)
    if check.proved_by:
        missing = missing | (kept & _among(rows[check.proved_by], [""]))
    if check.excused:
        excused = _among(given, check.excused)
        answers[excused] = str(Answer.EXCUSED)
        if check.proof:
            answers[excused & _among(rows[check.proof], [""])] = str(Answer.MISSING)
    for column in check.when:
        missing = missing | _among(rows[column], [""])
    if check.ages:
        missing = missing | rows["age"].isna().to_numpy()
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
