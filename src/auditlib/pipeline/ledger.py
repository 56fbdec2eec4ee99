"""The case ledger of one phase: its cases, their deadlines, and what happened to its past."""

from dataclasses import dataclass

import pandas as pd

from auditlib.files.inputs import Inputs
from auditlib.findings.cases import Case, DayCount, Term, settle, states_by_day
from auditlib.findings.ladder import Breach, check_independence, conflicts
from auditlib.findings.summary import Recorded
from auditlib.params import Params
from auditlib.plan import Ladder
from auditlib.procedure.calendar import after_working_days


@dataclass(frozen=True)
class FollowedLedger:
    """The ledger as of the round's day, the record it is compared with, and what is wrong."""

    cases: tuple[Case, ...]
    by_day: tuple[DayCount, ...]
    breaches: tuple[Breach, ...]
    refused: int
    recorded: Recorded
    altered: tuple[str, ...]


def terms_of(ladder: Ladder) -> dict[str, Term]:
    """Return level and working days of every event that puts a case to a level."""
    return {entry.event: Term(entry.level, entry.days) for entry in ladder.levels.values()}


def follow_ledger(cases: pd.DataFrame, params: Params, inputs: Inputs) -> FollowedLedger:
    """Return the cases of one phase, as of the round's day.

    Parameters
    ----------
    cases
        Events of the phase that the ladder allows.
    params
        Ladder, deadlines, day of the round, language.
    inputs
        With the tables `case_record` and `declarations`, and all that is wrong.
    """
    ladder, as_of = params.plan.ladder, params.round.as_of
    declared, record = inputs["declarations"], inputs["case_record"]
    barred = conflicts(declared)
    last = record.sort_values("number").tail(1).to_dict("records")
    return FollowedLedger(
        cases=settle(
            cases,
            as_of=as_of,
            terms=terms_of(ladder),
            calendar=lambda day, days: after_working_days(day, days),
            barred=barred,
        ),
        by_day=states_by_day(cases, as_of=as_of, barred=barred),
        breaches=check_independence(cases, declared, ladder=ladder),
        refused=sum(p.kind.startswith("case_") for p in inputs.errors),
        recorded=Recorded(
            events=len(record),
            last=last[0]["recorded"] if last else None,
            head=last[0]["chain"] if last else "",
        ),
        altered=tuple(
            p.says(params.round.language) for p in inputs.errors if p.kind.startswith("past_event_")
        ),
    )
