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


def unheard(
    answers: Iterable[ClassAnswers], *, topics: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the classes of which nobody was heard, and the topics nobody spoke on."""
    answers = tuple(answers)
    classes = tuple(a.respondents for a in answers if not a.interviewed)
    silent = tuple(t for i, t in enumerate(topics) if not any(a.topics[i] for a in answers))
    return classes, silent


@dataclass(frozen=True)
class HouseholdAnswers:
    """Visited households of one kind: how many answered, recognise, and keep silent."""

    kind: str
    answered: int
    recognise: int
    silent: int


def hear_households(
    answers: pd.DataFrame, *, kinds: Iterable[str], recognises: Iterable[str]
) -> tuple[HouseholdAnswers, ...]:
    """Return the overall answers of visited households, each kind by itself.

    Parameters
    ----------
    answers
        Table `recognition` with the `kind` of the visit.
    kinds
        Kinds of household in the order of the result.
    recognises
        Answers that recognise.
    """
    found = []
    for kind in kinds:
        told = answers.loc[answers["kind"] == kind, "overall"]
        found.append(
            HouseholdAnswers(
                kind=kind,
                answered=len(told),
                recognise=int(told.isin(list(recognises)).sum()),
                silent=int((told == "no_answer").sum()),
            )
        )
    return tuple(found)
