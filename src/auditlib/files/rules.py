"""Rules across rows and tables: references, places, totals. Plain pandas, no repair.

Every rule returns the problems of a table by row, or of the county as a whole.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

import pandas as pd

from auditlib.fieldwork.quality import DERIVED
from auditlib.files.reading import ROW, Reading, quarantine
from auditlib.files.signed import NONE, SignedRuns, changes_since, problems_since
from auditlib.findings.ladder import refuse
from auditlib.findings.record import compare
from auditlib.findings.signed import Changed
from auditlib.language import Words
from auditlib.plan import Ladder
from auditlib.problems import Problem, problem, shown
from auditlib.tables import CODES, TABLES, Table

Readings = Mapping[str, Reading]
Found = dict[int, list[Problem]]


def apply(
    readings: Readings,
    *,
    county: str,
    exit_years: Mapping[str, int],
    ladder: Ladder | None = None,
    signed: SignedRuns = NONE,
) -> dict[str, Reading]:
    """Return the readings with every row set aside that breaks a rule across rows or tables."""
    kept = dict(readings)
    if "cases" in kept:
        changes = changes_since(signed, kept["cases"].accepted)
        kept["cases"] = _with_changes(kept["cases"], signed, changes)
        if "case_record" in kept:
            kept["case_record"] = _with_altered(kept["case_record"], kept["cases"], changes)
    for name in readings:
        rules: list[Callable[[Readings, str], Found]] = [
            partial(_other_county, county=county),
            _references,
        ]
        if name == "registry_households":
            rules += [_members, partial(_exit_years, years=exit_years), _proofs]
        if name == "left_out":
            rules += [_in_frame]
        if name == "household_visits":
            rules += [_times]
        if name == "cases" and ladder:
            rules += [partial(_ladder, ladder=ladder)]
        if name == "duplicates":
            rules += [_new_identifiers]
        if name == "quality_checks":
            rules += [_checks]
        for rule in rules:
            kept[name] = quarantine(kept[name], rule(kept, name))
    return kept


def _other_county(readings: Readings, name: str, *, county: str) -> Found:
    reading = readings[name]
    column = reading.table.county_of
    if not column:
        return {}
    return {
        row: [
            problem(
                "other_county",
                replace(reading.place, row=row, column=reading.table.column(column).zh),
                found=shown(code),
                county=county,
            )
        ]
        for row, code in _pairs(reading.accepted, column)
        if not str(code).startswith(county)
    }


def _references(readings: Readings, name: str) -> Found:
    reading = readings[name]
    found: Found = {}
    for reference in reading.table.references:
        target = readings.get(reference.table)
        if target is None:
            continue
        known = set(target.accepted[target.table.key[0]].tolist())
        column = reading.table.column(reference.column)
        for row, value in _pairs(reading.accepted, reference.column):
            if value in known or value == "":
                continue
            found.setdefault(row, []).append(
                problem(
                    "unknown_reference",
                    replace(reading.place, row=row, column=column.zh),
                    found=shown(value),
                    table=Words(target.table.zh, target.table.name),
                )
            )
    return found


def _members(readings: Readings, name: str) -> Found:
    """Members of a household must be the rows of the table of persons."""
    if "registry_persons" not in readings:
        return {}
    persons = readings["registry_persons"]
    listed = Counter(persons.accepted["household"].tolist())
    households = readings[name].accepted
    members = [int(number) for number in households["members"].tolist()]
    return {
        row: [
            problem(
                "members_differ",
                replace(readings[name].place, row=row, column="人数"),
                found=number,
                listed=listed[household],
            )
        ]
        for (row, household), number in zip(_pairs(households, "household"), members, strict=True)
        if number != listed[household]
    }


def _exit_years(readings: Readings, name: str, *, years: Mapping[str, int]) -> Found:
    households = readings[name].accepted
    year = households["exit_year"]
    within = year.between(years["first"], years["last"]).fillna(False).astype(bool)
    wrong = households[(households["status"] == "lifted") & ~within]
    place = readings[name].place
    return {
        row: [problem("no_exit_year", replace(place, row=row, column="脱贫年度"), **years)]
        for row in wrong[ROW]
    }


def _proofs(readings: Readings, name: str) -> Found:
    households = readings[name].accepted
    wrong = households[(households["excluded"] != "") & (households["proof"] == "")]
    place = readings[name].place
    return {
        row: [problem("no_proof", replace(place, row=row, column="剔除证明"))] for row in wrong[ROW]
    }


def _in_frame(readings: Readings, name: str) -> Found:
    """A unit is in the frame or left out of it, never both."""
    if "villages" not in readings:
        return {}
    units = readings[name].accepted
    both = units[units["unit"].isin(set(readings["villages"].accepted["village"]))]
    place = replace(readings[name].place, column="单位代码")
    return {
        row: [problem("in_frame_and_out", replace(place, row=row), found=shown(code))]
        for row, code in _pairs(both, "unit")
    }


def _times(readings: Readings, name: str) -> Found:
    visits = readings[name].accepted
    both = visits[visits["ended"].notna() & visits["started"].notna()]
    place = readings[name].place
    return {
        int(row): [problem("ends_before_start", replace(place, row=int(row), column="结束时间"))]
        for row, started, ended in zip(both[ROW], both["started"], both["ended"], strict=True)
        if ended < started
    }


def _ladder(readings: Readings, name: str, *, ladder: Ladder) -> Found:
    """Set aside every event of a case that the ladder does not allow."""
    reading = readings[name]
    found: Found = {}
    for told in refusals(reading.accepted, reading, ladder=ladder):
        found.setdefault(told.place.row or 0, []).append(told)
    return found


def refusals(
    events: pd.DataFrame,
    reading: Reading,
    *,
    ladder: Ladder,
    before: pd.DataFrame | None = None,
) -> list[Problem]:
    """Return a problem for every event that the ladder does not allow.

    Parameters
    ----------
    events
        Events with the row of their source.
    reading
        Where they were read.
    ladder
        Which event may follow which.
    before
        Events of the ledger that come before them.
    """
    rows = {
        (case_id, int(number)): int(row)
        for case_id, number, row in zip(
            events["case_id"], events["event_no"], events[ROW], strict=True
        )
    }
    table = TABLES["cases"]
    whole = events if before is None else pd.concat([before, events], ignore_index=True)
    return [
        problem(
            refusal.kind,
            replace(
                reading.place,
                row=rows[refusal.case_id, refusal.event_no],
                column=table.column("event").zh,
            ),
            case=shown(refusal.case_id, known=[refusal.case_id]),
            number=refusal.event_no,
            **{key: _words(table, key, value) for key, value in refusal.words.items()},
        )
        for refusal in refuse(whole, ladder=ladder)
        if (refusal.case_id, refusal.event_no) in rows
    ]


def _words(table: Table, key: str, value: str | int) -> str | int | Words:
    """Return a code of the ledger in both languages, and a column by its heading."""
    if key == "column":
        return Words(table.column(str(value)).zh, str(value))
    for codes in (CODES["case_event"], CODES["role"], CODES["outcome"]):
        if value in codes:
            return codes[str(value)]
    if isinstance(value, str) and ", " in value:
        parts = [_words(table, key, part) for part in value.split(", ")]
        both = [part if isinstance(part, Words) else Words(str(part), str(part)) for part in parts]
        return Words("、".join(w.zh for w in both), ", ".join(w.en for w in both))
    if isinstance(value, str) and value in {c.name for c in table.columns}:
        return Words(table.column(value).zh, value)
    return value


def _with_changes(cases: Reading, signed: SignedRuns, changes: Iterable[Changed]) -> Reading:
    """Return the ledger with a problem for every past event that is not as it was signed."""
    since = problems_since(signed, changes, cases.place)
    return replace(cases, problems=(*cases.problems, *since))


def _with_altered(record: Reading, cases: Reading, changes: Iterable[Changed]) -> Reading:
    """Return the record with a problem for every past event that the ledger no longer holds.

    What differs from the last signed run is told already, with what was changed.
    """
    known = {(change.case_id, change.event_no) for change in changes}
    rows = dict(zip(record.accepted["number"].astype(int), record.accepted[ROW], strict=True))
    told = [
        problem(
            f"past_event_{altered.kind}",
            replace(record.place, row=int(rows[altered.number]), column=""),
            case=shown(altered.case_id, known=[altered.case_id]),
            number=altered.event_no,
            day=altered.recorded.isoformat(),
            file=cases.source.file,
        )
        for altered in compare(record.accepted, cases.accepted)
        if altered.kind == "chain" or (altered.case_id, altered.event_no) not in known
    ]
    return replace(record, problems=(*record.problems, *told))


def _new_identifiers(readings: Readings, name: str) -> Found:
    decided = readings[name].accepted
    wrong = decided[(decided["decision"] == "new_id") & (decided["new_id"] == "")]
    place = replace(readings[name].place, column="新编号")
    return {row: [problem("no_new_identifier", replace(place, row=row))] for row in wrong[ROW]}


def _checks(readings: Readings, name: str) -> Found:
    """A check must name a table and columns that exist."""
    found: Found = {}
    accepted = readings[name].accepted
    for row, line in zip(accepted[ROW], accepted.itertuples(), strict=True):
        here = replace(readings[name].place, row=int(row))
        known = checked_columns(line.table)
        if not known:
            words = Words("表", "a table")
            expected = Words("、".join(CHECKED), ", ".join(CHECKED))
            found[here.row or 0] = [
                problem("unknown_check", replace(here, column="表"), found=words, expected=expected)
            ]
        for column, heading in ((line.column, "列"), (line.when, "条件列")):
            if known and column and column not in known:
                words = Words("列", "a column")
                expected = Words(f"表 {line.table} 的列", f"a column of table {line.table}")
                found.setdefault(here.row or 0, []).append(
                    problem(
                        "unknown_check",
                        replace(here, column=heading),
                        found=words,
                        expected=expected,
                    )
                )
    return found


CHECKED = ("household_visits", "visit_persons", "recognition")
"""Tables that a check of quality may look at."""


def checked_columns(table: str) -> set[str]:
    """Return the columns of a table that a check may name, derived ones included."""
    if table not in CHECKED:
        return set()
    own = {column.name for column in TABLES[table].columns}
    return own | ({*DERIVED} if table == "household_visits" else {"disposition", "enumerator"})


def _pairs(frame: pd.DataFrame, column: str) -> list[tuple[int, object]]:
    return list(zip(frame[ROW].tolist(), frame[column].tolist(), strict=True))
