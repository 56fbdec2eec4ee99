"""Are the answers of different households the same? The test for coached and invented answers.

Prohibition D08 (七（二）8) forbids to answer for households or to coach them. Two tests:
households with the same answer to every question, incomes included; and how much more alike
the households of one interviewer are than those of different ones in the same village.

Source: Kuriakose and Robbins (2016), Statistical Journal of the IAOS 32, 283-291, for the
likeness of pairs. Their limit of 85 % does not serve where most answers are the same
anyway, so likeness is compared with that of other interviewers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from auditlib.fieldwork.quality.interviewers import agreement, answer_codes


@dataclass(frozen=True)
class Likeness:
    """Mean share of equal answers of two households: of one interviewer, and of two.

    Both within villages; None where no pair exists. `identical` are the visits whose
    every answer stands in another household's too, of `households` compared.
    """

    households: int
    identical: tuple[str, ...]
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
    numbers = [c for c in columns if pd.api.types.is_numeric_dtype(visits[c])]
    told = visits[visits[numbers].notna().all(axis=1)] if numbers else visits
    key = told[list(columns)].astype(str).agg("|".join, axis=1)
    return tuple(sorted(told.loc[key.duplicated(keep=False), "visit_id"]))


def likeness(visits: pd.DataFrame, columns: Sequence[str], *, alike: Sequence[str]) -> Likeness:
    """Return how alike the answers are.

    Parameters
    ----------
    visits
        Completed visits of one phase and kind.
    columns
        Answers for the test of identity.
    alike
        Choices for the likeness of pairs.
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
    return Likeness(
        households=len(visits),
        identical=identical_answers(visits, columns),
        within=_mean(within),
        between=_mean(between),
    )


def _mean(parts: Sequence[tuple[float, int]]) -> float | None:
    pairs = sum(n for _, n in parts)
    return sum(value for value, _ in parts) / pairs if pairs else None
