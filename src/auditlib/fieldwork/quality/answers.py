"""Are the answers of different households the same? The test for coached and invented answers.

Prohibition D08 (七（二）8) forbids to answer for households or to coach them. Two tests:
households with the same answer to every question, incomes included; and how much more alike
the households of one interviewer are than those of different ones in the same village.

Some households agree in everything by chance, the more so the fewer the questions and the
more common the answers. So the number found is held against the number expected if the
answers to different questions had nothing to do with each other; where they have, chance
gives more, never fewer, so a number within the limit is no sign of anything.

Source: Kuriakose and Robbins (2016), Statistical Journal of the IAOS 32, 283-291, for the
likeness of pairs. Their limit of 85 % does not serve where most answers are the same
anyway, so likeness is compared with that of other interviewers.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from auditlib.fieldwork.quality.interviewers import agreement, answer_codes


@dataclass(frozen=True)
class Likeness:
    """Mean share of equal answers of two households: of one interviewer, and of two.

    Both within villages; None where no pair exists. `identical` are the visits whose
    every answer stands in another household's too, of `households` compared; `expected`
    of them would by chance, and no more than `limit` but rarely. `commonest` of the
    identical have the same income.
    """

    households: int
    identical: tuple[str, ...]
    expected: float
    limit: int
    commonest: int
    within: float | None
    between: float | None


def identical_answers(visits: pd.DataFrame, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the visits to different households with the same answers in every column.

    Parameters
    ----------
    visits
        Completed visits; those without a single number in the columns are left out,
        since choices alone agree by chance.
    columns
        Answers to compare, numbers among them.
    """
    told = _told(visits, columns)
    texts = (told[name].astype(str).tolist() for name in columns)
    keys = ["|".join(row) for row in zip(*texts, strict=True)]
    times = Counter(keys)
    visited = zip(told["visit_id"].tolist(), keys, strict=True)
    return tuple(sorted(visit for visit, key in visited if times[key] > 1))


def expected_identical(visits: pd.DataFrame, columns: Sequence[str]) -> float:
    """Return how many households would share every answer with another by chance.

    Every answer is taken as drawn for itself with the frequency that it has among the
    households; a household with common answers finds its like more often than another.

    Parameters
    ----------
    visits, columns
        As for `identical_answers`.
    """
    told = _told(visits, columns)
    n = len(told)
    if n < 2:
        return 0.0
    match = np.ones(n)
    for name in columns:
        texts = told[name].astype(str).tolist()
        times = Counter(texts)
        match *= np.array([(times[text] - 1) / (n - 1) for text in texts])
    return float((1 - (1 - match) ** (n - 1)).sum())


def _told(visits: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the visits that tell every number among the columns."""
    numbers = [c for c in columns if pd.api.types.is_numeric_dtype(visits[c])]
    return visits[visits[numbers].notna().all(axis=1)] if numbers else visits


def likeness(
    visits: pd.DataFrame, columns: Sequence[str], *, alike: Sequence[str], level: float = 0.998
) -> Likeness:
    """Return how alike the answers are.

    Parameters
    ----------
    visits
        Completed visits of one phase and kind.
    columns
        Answers for the test of identity.
    alike
        Choices for the likeness of pairs.
    level
        Probability with which chance stays within the limit, 0.998 say.
    """
    codes = answer_codes(visits, alike)
    enumerators = visits["enumerator"].to_numpy()
    within, between = [], []
    for _, village in sorted(visits.groupby("village").indices.items()):
        n = len(village)
        every = agreement(codes[village])
        if every is None:
            continue
        whose = enumerators[village]
        groups = [codes[village[whose == name]] for name in sorted(set(whose))]
        own_pairs = sum(len(g) * (len(g) - 1) for g in groups)
        own = sum(len(g) * (len(g) - 1) * (agreement(g) or 0.0) for g in groups)
        other_pairs = n * (n - 1) - own_pairs
        within.append((own, own_pairs))
        between.append((every * n * (n - 1) - own, other_pairs))
    identical = identical_answers(visits, columns)
    expected = expected_identical(visits, columns)
    incomes = visits.loc[visits["visit_id"].isin(identical), "income"]
    return Likeness(
        households=len(visits),
        identical=identical,
        expected=round(expected, 1),
        limit=2 * int(np.ceil(special.pdtrik(level, expected / 2))),  # they come in pairs
        commonest=int(incomes.value_counts().max()) if len(incomes) else 0,
        within=_mean(within),
        between=_mean(between),
    )


def _mean(parts: Sequence[tuple[float, int]]) -> float | None:
    pairs = sum(n for _, n in parts)
    return sum(value for value, _ in parts) / pairs if pairs else None
