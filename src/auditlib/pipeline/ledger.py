"""The case ledger: its cases, their deadlines, what happened to its past; the list out and in."""

from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path

import pandas as pd

from auditlib.files.case_list import append_events, new_events
from auditlib.files.inputs import Inputs
from auditlib.files.reading import ROW, Understanding
from auditlib.files.writing import csv_text, write_text
from auditlib.findings.cases import Case, DayCount, Term, settle, states_by_day
from auditlib.findings.ladder import Breach, check_independence, conflicts
from auditlib.findings.record import extend
from auditlib.findings.summary import Recorded
from auditlib.params import Params
from auditlib.pipeline.audit import Audit
from auditlib.plan import Ladder
from auditlib.problems import InputError, Place, problem
from auditlib.procedure.calendar import after_working_days
from auditlib.tables import TABLES


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
    ladder, as_of, signed = params.plan.ladder, params.round.as_of, inputs.signed
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
            signed=signed.number if signed else 0,
            signed_day=signed.day if signed else None,
            signed_digest=signed.digest if signed else "",
        ),
        altered=tuple(
            p.says(params.round.language) for p in inputs.errors if p.kind.startswith("past_")
        ),
    )


LEDGER = ("cases", "case_record", "declarations")
LATE = "past_signed_inserted"
"""An event entered with a day before the last signed run: allowed where a reason is signed."""


def sound_ledger(audit: Audit, *, late_too: bool = False) -> Inputs:
    """Return the ledger and its record if nothing is wrong with either.

    Parameters
    ----------
    audit
        The county.
    late_too
        Events entered late are no hindrance.

    Raises
    ------
    InputError
        With everything wrong in the ledger or its record, altered past events among them.
    """
    inputs = audit.read(*LEDGER)
    own = {TABLES[name].zh for name in LEDGER}
    files = {source.file for source in audit.sources(("cases", "case_record")).values()}
    wrong = [
        p
        for p in inputs.errors
        if (p.place.sheet in own or p.place.file in files or p.kind.startswith("past_"))
        and not (late_too and p.kind == LATE)
    ]
    if wrong:
        raise InputError(wrong)
    return inputs


def take(audit: Audit, file: Path) -> int:
    """Add the events of a filled list to the ledger's file, and return how many.

    Raises
    ------
    InputError
        With everything wrong; nothing is added then.
    """
    if not file.is_file():
        raise InputError([problem("no_such_file", Place(file.name), expected="问题清单.xlsx")])
    inputs = sound_ledger(audit)
    plan, source = audit.params.plan, audit.sources(["cases"])["cases"]
    codes = plan.codelists()
    events = new_events(
        file.read_bytes(),
        file.name,
        ledger=inputs["cases"],
        ladder=plan.ladder,
        understanding=Understanding(codes, audit.params.round.as_of, {}),
    )
    path = audit.root / audit.params.folder() / source.file
    append_events(path, source.sheet, events, codes)
    return len(events)


def put_on_record(audit: Audit, day: date) -> tuple[int, str]:
    """Put every event up to a day on record; return how many were added, and the last link.

    Raises
    ------
    InputError
        The ledger has faults, its past was altered, or the round names no CSV file for it.
    """
    source = audit.sources(["case_record"]).get("case_record")
    where = Place(f"params/rounds/{audit.params.round.round}.yaml", column="inputs.tables")
    if source is None or not source.file.endswith(".csv"):
        raise InputError([problem("record_not_csv", where)])
    table = TABLES["case_record"]
    path = audit.root / audit.params.folder() / source.file
    if not path.is_file():
        write_text(path, ",".join(column.zh for column in table.columns) + "\n")
    inputs = sound_ledger(audit)
    record = inputs["case_record"]
    lines = extend(record, inputs["cases"], recorded=day)
    names = [column.name for column in table.columns]
    added = pd.DataFrame(lines, columns=names)
    whole = path.read_text("utf-8-sig").rstrip("\n")
    rows = csv_text(added).split("\n", 1)[1]
    write_text(path, f"{whole}\n{rows}")
    head = lines[-1]["chain"] if lines else (record["chain"].iloc[-1] if len(record) else "")
    return len(lines), str(head)


def state_at(audit: Audit, day: date) -> pd.DataFrame:
    """Return every case of the ledger as it stood at the end of a day, as text."""
    inputs = audit.read(*LEDGER)
    cases = settle(
        inputs["cases"].drop(columns=ROW),
        as_of=day,
        terms=terms_of(audit.params.plan.ladder),
        calendar=lambda start, days: after_working_days(start, days),
        barred=conflicts(inputs["declarations"]),
    )
    names = [field.name for field in fields(Case)]
    rows = [["" if v is None else str(v) for v in astuple(case)] for case in cases]
    return pd.DataFrame(rows, columns=names)
