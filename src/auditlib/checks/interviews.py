"""Interviews by class and topic, and whether the interviewed recognise the exit.

Source: plan, 四（四）, 三（二）3.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class ClassAnswers:
    """People of one class: how many were heard, on which topics, and how many recognise."""

    respondents: str
    interviewed: int
    recognise: int
    silent: int
    topics: tuple[int, ...]


def hear(
    interviews: pd.DataFrame,
    *,
    classes: Iterable[str],
    topics: Iterable[str],
    recognises: Iterable[str],
) -> tuple[ClassAnswers, ...]:
    """Return the answers of every class.

    Parameters
    ----------
    interviews
        Table `interviews`.
    classes, topics
        Codes in the order of the result; `ClassAnswers.topics` counts in the order of `topics`.
    recognises
        Answers that recognise the exit.
    """
    topics = tuple(topics)
    found = []
    for name in classes:
        rows = interviews[interviews["class"] == name]
        told = [set(text.split()) for text in rows["topics"]]
        found.append(
            ClassAnswers(
                respondents=name,
                interviewed=len(rows),
                recognise=int(rows["recognition"].isin(list(recognises)).sum()),
                silent=int((rows["recognition"] == "no_answer").sum()),
                topics=tuple(sum(topic in heard for heard in told) for topic in topics),
            )
        )
    return tuple(found)
