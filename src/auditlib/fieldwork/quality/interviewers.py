"""Interviewers side by side: work, durations, refusals, findings, likeness, and their effect.

The interviewer effect is the intraclass correlation of one-way analysis of
variance: the share of the variance of an answer that lies between interviewers.
Households are not given to interviewers at random, so it holds villages as well.

Sources: Shrout and Fleiss (1979), Psychological Bulletin 86, 420-428, ICC(1,1) and
its limits by F; Searle, Casella and McCulloch (1992), Variance Components, section
3.6, for groups of different size (approximate); Spiegelhalter (2005), Statistics in
Medicine 24, 1185-1202, for the control limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from auditlib.fieldwork.quality.checks import minutes

Codes = NDArray[np.int64]
"""Answers as numbers, rows by questions."""


@dataclass(frozen=True)
class EnumeratorWork:
    """One interviewer: visits, completed, refused, median minutes, suspicions found.

    `straight` households gave the same answer to every question of recognition, of
    `asked` households. `alike` is the mean share of equal answers of two of the
    interviewer's households, None with fewer than two.
    """

    enumerator: str
    team: str
    visits: int
    completed: int
    refused: int
    median_minutes: float
    suspected: int
    cadres_present: int
    straight: int
    asked: int
    alike: float | None


@dataclass(frozen=True)
class InterviewerEffect:
    """The intraclass correlation of one answer, with its limits at `level`.

    `correlation` may be below 0, where interviewers differ less than chance would have
    it; None where it cannot be computed.
    """

    column: str
    interviewers: int
    answers: int
    correlation: float | None
    low: float | None
    high: float | None
    level: float


def compare_enumerators(
    visits: pd.DataFrame,
    suspected: frozenset[str],
    *,
    recognition: pd.DataFrame | None = None,
    answers: Sequence[str] = (),
    teams: dict[str, str] | None = None,
) -> tuple[EnumeratorWork, ...]:
    """Return the work of every interviewer.

    Parameters
    ----------
    visits
        Table `household_visits` of one phase.
    suspected
        `visit_id` of the visits whose answers break a standard.
    recognition
        Table `recognition` of the same visits.
    answers
        Columns of `visits` whose likeness is compared.
    teams
        Team of every interviewer.
    """
    straight = _straight(recognition)
    codes = answer_codes(visits, answers)
    told = visits[["visit_id", "enumerator", "disposition", "others_present"]]
    told = told.assign(minutes=minutes(visits), place=range(len(visits)))
    found = []
    for enumerator, rows in told.groupby("enumerator", sort=True):
        done = rows[rows["disposition"] == "completed"]
        median = done["minutes"].median()
        own = straight[straight.index.isin(done["visit_id"])]
        found.append(
            EnumeratorWork(
                enumerator=enumerator,
                team=(teams or {}).get(enumerator, ""),
                visits=len(rows),
                completed=len(done),
                refused=int((rows["disposition"] == "refused").sum()),
                median_minutes=0.0 if pd.isna(median) else float(median),
                suspected=int(done["visit_id"].isin(suspected).sum()),
                cadres_present=int(done["others_present"].str.contains("cadre").sum()),
                straight=int(own.sum()),
                asked=len(own),
                alike=agreement(codes[done["place"].to_numpy()]),
            )
        )
    return tuple(found)


def _straight(recognition: pd.DataFrame | None) -> pd.Series:
    """Return whether a household answered every question of recognition alike, by visit."""
    if recognition is None or recognition.empty:
        return pd.Series(dtype=bool)
    asked = [c for c in ("policies", "measures", "results", "exit", "overall") if c in recognition]
    answers = zip(*(recognition[name] for name in asked), strict=True)
    return pd.Series([len(set(given)) == 1 for given in answers], index=recognition["visit_id"])


def answer_codes(rows: pd.DataFrame, columns: Sequence[str]) -> Codes:
    """Return the answers as whole numbers, a line for every row: equal where the answers are."""
    told = (rows[name].astype(object) for name in columns)
    codes = [pd.factorize(column.where(column.notna(), ""))[0] for column in told]
    return np.array(codes, dtype=np.int64).reshape(len(columns), len(rows)).T


def agreement(codes: Codes) -> float | None:
    """Return the mean share of equal answers over all pairs of rows; None with fewer than two.

    Parameters
    ----------
    codes
        Answers as numbers, rows by questions (`answer_codes`).
    """
    n, k = codes.shape
    if n < 2 or not k:
        return None
    width = int(codes.max()) + 1
    apart = codes + width * np.arange(k)  # every question has numbers of its own
    c = np.bincount(apart.ravel(), minlength=k * width).reshape(k, width)
    return float(np.mean((c * (c - 1)).sum(axis=1) / (n * (n - 1))))


def interviewer_effect(
    column: str, values: Sequence[float], interviewers: Sequence[str], *, level: float = 0.95
) -> InterviewerEffect:
    """Return the intraclass correlation of an answer within interviewers.

    Parameters
    ----------
    column
        Name of the answer.
    values, interviewers
        One of each for every completed visit; 0 and 1 for yes-no answers.
    level
        Confidence of the limits, two-sided.
    """
    y = pd.Series(list(values), dtype=float)
    groups = y.groupby(pd.Series(list(interviewers)))
    sizes = groups.size().to_numpy(dtype=float)
    k, n = len(sizes), len(y)
    within = float(((y - groups.transform("mean")) ** 2).sum())
    nothing = InterviewerEffect(column, k, n, None, None, None, level)
    if k < 2 or n <= k or not within > 0:
        return nothing
    between = float((sizes * (groups.mean() - y.mean()) ** 2).sum())
    n_0 = (n - (sizes**2).sum() / n) / (k - 1)
    ratio = (between / (k - 1)) / (within / (n - k))
    tail = (1 - level) / 2
    low = ratio / special.fdtri(k - 1, n - k, 1 - tail)
    high = ratio * special.fdtri(n - k, k - 1, 1 - tail)
    correlation, low, high = ((f - 1) / (f + n_0 - 1) for f in (ratio, low, high))
    return InterviewerEffect(column, k, n, float(correlation), float(low), float(high), level)


def control_limits(
    share: float, sizes: Sequence[int], *, level: float
) -> tuple[list[float], list[float]]:
    """Return between which shares chance alone leaves an interviewer of that many visits.

    Parameters
    ----------
    share
        Share of all interviewers together, from 0 to 1.
    sizes
        Numbers of visits.
    level
        Probability of lying between the limits, 0.998 say.
    """
    tail = (1 - level) / 2
    low, high = [], []
    for n in sizes:
        reached = special.bdtr(np.arange(n + 1), n, share)  # by 0, 1, … n of n
        least, most = np.searchsorted(reached, [tail, 1 - tail])
        low.append(float(least) / n)
        high.append(float(most) / n)
    return low, high
