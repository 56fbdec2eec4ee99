"""What a county must have at hand when the State's spot check comes.

Every document of the plan's lists, whether it is there, and where its evidence lies: a
county drawn by ticket has no time to look for papers.

Source: plan, 六（七）.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from auditlib.plan.procedure import Document


@dataclass(frozen=True)
class Paper:
    """One document: `found` is yes, partly, no or unchecked; `ready` with evidence and in full."""

    document: str
    chapter: str
    clause: str
    found: str
    evidence: str
    ready: bool


def readiness(wanted: Mapping[str, Document], found: pd.DataFrame) -> tuple[Paper, ...]:
    """Return every document of the plan with its evidence, those not ready first.

    Parameters
    ----------
    wanted
        The plan's documents, all chapters.
    found
        Table `documents`.
    """
    rows = {row["document"]: row for _, row in found.iterrows()}
    papers = []
    for name, document in wanted.items():
        row = rows.get(name)
        state = row["found"] if row is not None else "unchecked"
        evidence = row["evidence"] if row is not None else ""
        ready = state == "yes" and bool(evidence)
        papers.append(Paper(name, document.chapter, document.clause, state, evidence, ready))
    return tuple(sorted(papers, key=lambda paper: paper.ready))
