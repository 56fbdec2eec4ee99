"""Eleven policy lines: sites seen, households covered, and what households answered.

Source: plan, 三（三）4.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class PolicyCheck:
    """One policy line over the sites checked.

    `eligible` and `covered` are households at these sites; `received` of `answered`
    visited households say that they have it. Of the visited households for which papers
    record the policy as granted (`recorded`), `not_received` say that they do not have
    it: each is a finding.
    """

    line: str
    sites: int
    sites_seen: int
    eligible: int
    covered: int
    received: int
    answered: int
    problems: int
    prominent: int
    without_evidence: int
    recorded: int
    not_received: tuple[str, ...]


def check_policies(
    lines: Iterable[str], checks: pd.DataFrame, visits: pd.DataFrame, records: pd.DataFrame
) -> tuple[PolicyCheck, ...]:
    """Return every policy line with its sites and with the households' own answers.

    Parameters
    ----------
    lines
        Codes of the policy lines.
    checks
        Table `policy_lines`.
    visits
        Completed visits to registered households, with `policies` as codes.
    records
        Table `policy_records`: policies that papers record as granted, by household.
    """
    told = [set(text.split()) for text in visits["policies"]]
    answers = dict(zip(visits["study_id"], told, strict=True))
    found = []
    for line in lines:
        rows = checks[checks["line"] == line]
        granted = [u for u in records.loc[records["line"] == line, "study_id"] if u in answers]
        found.append(
            PolicyCheck(
                line=line,
                sites=len(rows),
                sites_seen=int((rows["site_seen"] == "yes").sum()),
                eligible=int(rows["eligible"].sum()),
                covered=int(rows["covered"].sum()),
                received=sum(line in policies for policies in told),
                answered=len(told),
                problems=int((rows["problem"] != "").sum()),
                prominent=int((rows["problem"] == "prominent").sum()),
                without_evidence=int((rows["evidence"] == "").sum()),
                recorded=len(granted),
                not_received=tuple(sorted(u for u in granted if line not in answers[u])),
            )
        )
    return tuple(found)
