"""The record of the stage `findings`, and the outcome of every household."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from auditlib.estimation.disclosure import cells_to_hide
from auditlib.findings.cases import Case, CaseState, DayCount
from auditlib.findings.ladder import Breach
from auditlib.findings.standards import Answer
from auditlib.plan import Standard


@dataclass(frozen=True)
class StandardCount:
    """One standard over the lifted households visited: households by worst answer.

    `flagged` households keep the standard, by a way that the plan does not name.
    """

    standard: str
    households: int
    kept: int
    broken: int
    missing: int
    excused: int
    flagged: int


@dataclass(frozen=True)
class TestCount:
    """One test over the lifted households visited: households or members by answer."""

    standard: str
    test: str
    asked: int
    kept: int
    broken: int
    missing: int
    excused: int
    flagged: int


@dataclass(frozen=True)
class CaseCount:
    """Cases of one kind and item, by state."""

    kind: str
    item: str
    open: int
    verified: int
    dismissed: int


@dataclass(frozen=True)
class FlowStep:
    """Where cases ended on the ladder: those standing at a level, by state.

    `late` took longer at this level than it allows, those still waiting included.
    """

    level: int
    verified: int
    dismissed: int
    open: int
    late: int


@dataclass(frozen=True)
class MissedCount:
    """Missed cases of whole households, or of members within registered households (A14).

    Persons count those of verified and of open cases.
    """

    within: bool
    verified: int
    open: int
    dismissed: int
    persons_verified: int
    persons_open: int


@dataclass(frozen=True)
class Recorded:
    """The ledger on record: events, the last day of recording, and the chain's last link.

    `signed` is the number of the last signed run (0: none), with its day and its digest.
    """

    events: int
    last: date | None
    head: str
    signed: int = 0
    signed_day: date | None = None
    signed_digest: str = ""


@dataclass(frozen=True)
class NearLine:
    """Households just above the line in one village; lowest income in yuan per person and year.

    Villages with too few to be shown apart stand together, without a name and an income.
    """

    village: str
    villages: int
    households: int
    lowest: float | None


@dataclass(frozen=True)
class Findings:
    """Record of the stage: standards, cases, open cases, households near the line.

    `altered` names every past event that is no longer as it was recorded, `refused`
    counts the events that the ladder does not allow, `unregistered_met` the members
    without registration met in registered households.
    """

    version: int
    phase: str
    income_line: float
    standards: tuple[StandardCount, ...]
    suspected_households: int
    verified_households: int
    cases: tuple[CaseCount, ...]
    by_level: Mapping[str, int]
    open_cases: tuple[Case, ...]
    tests: tuple[TestCount, ...]
    flow: tuple[FlowStep, ...]
    by_day: tuple[DayCount, ...]
    missed: tuple[MissedCount, ...]
    unregistered_met: int
    appealed: tuple[str, ...]
    refused: int
    breaches: tuple[Breach, ...]
    recorded: Recorded
    altered: tuple[str, ...]
    near_line: tuple[NearLine, ...]


_WORST_FIRST = (Answer.BROKEN, Answer.MISSING, Answer.EXCUSED, Answer.FLAGGED, Answer.KEPT)


def count_standards(answers: pd.DataFrame, standards: Iterable[str]) -> tuple[StandardCount, ...]:
    """Return every standard with its households, each counted by its worst answer."""
    visits: dict[tuple[str, str], set[str]] = defaultdict(set)
    columns = (answers[name].tolist() for name in ("standard", "answer", "visit_id"))
    for standard, answer, visit in zip(*columns, strict=True):
        visits[standard, answer].add(visit)
    found = []
    for name in standards:
        counted: set[str] = set()
        counts = {}
        for answer in _WORST_FIRST:
            counts[str(answer)] = len(visits[name, answer] - counted)
            counted |= visits[name, answer]
        found.append(StandardCount(name, len(counted), **counts))
    return tuple(found)


def count_tests(answers: pd.DataFrame, standards: Mapping[str, Standard]) -> tuple[TestCount, ...]:
    """Return every test with what its answers say, households or members."""
    columns = (answers[name].tolist() for name in ("standard", "test", "answer"))
    counts = Counter(zip(*columns, strict=True))
    found = []
    for standard, rule in standards.items():
        for test in rule.tests:
            each = [counts[standard, test, str(answer)] for answer in Answer]
            kept, broken, excused, missing, flagged = each
            found.append(
                TestCount(standard, test, sum(each), kept, broken, missing, excused, flagged)
            )
    return tuple(found)


def near_by_village(near: pd.DataFrame, *, fewest: int) -> tuple[NearLine, ...]:
    """Return households near the line by village; small villages stand together at the end.

    So does one more where the small ones together would still be too few.

    Parameters
    ----------
    near
        Result of `standards.near_line`.
    fewest
        A village with fewer households than this is not shown apart.
    """
    groups = {village: rows["income"] for village, rows in near.groupby("village", sort=True)}
    counts = {village: len(each) for village, each in groups.items()}
    together = cells_to_hide(counts, fewest=fewest, totals=[list(counts)])
    large = {village: each for village, each in groups.items() if village not in together}
    small = [len(each) for village, each in groups.items() if village not in large]
    found = [NearLine(v, 1, len(each), float(each.min())) for v, each in large.items()]
    return tuple(found + ([NearLine("", len(small), sum(small), None)] if small else []))


def shortfalls(
    answers: pd.DataFrame, standards: Mapping[str, Standard], *, kind: str
) -> pd.DataFrame:
    """Return every answer that does not keep its test: which item, which answer, which clause.

    Parameters
    ----------
    answers
        Result of `standards.judge`.
    standards
        The plan's standards by name.
    kind
        Kind of the households.
    """
    rows = answers[answers["answer"] != str(Answer.KEPT)]
    columns = ["study_id", "line", "standard", "test", "answer", "given"]
    table = rows[columns].rename(columns={"answer": "says"})
    table.insert(0, "kind", kind)
    table["column"] = [
        standards[s].tests[t].answer
        for s, t in zip(rows["standard"].tolist(), rows["test"].tolist(), strict=True)
    ]
    table["clause"] = [standards[s].clause for s in rows["standard"]]
    return table.reset_index(drop=True)


def count_flow(cases: Iterable[Case]) -> tuple[FlowStep, ...]:
    """Return for every level how the cases stand that got there and no further."""
    listed = tuple(cases)
    counts = Counter((case.level, case.state) for case in listed)
    late = Counter(level for case in listed for level in case.late)
    return tuple(
        FlowStep(
            level,
            verified=counts[level, CaseState.VERIFIED],
            dismissed=counts[level, CaseState.DISMISSED],
            open=counts[level, CaseState.OPEN],
            late=late[level],
        )
        for level in range(4)
    )


def count_missed(
    cases: Iterable[Case], persons: Mapping[str, int], registered: Iterable[str]
) -> tuple[MissedCount, ...]:
    """Return missed cases of whole households and of members, each counted once.

    Parameters
    ----------
    cases
        Cases of the phase; those of kind `missed` count here.
    persons
        Persons of the unregistered households by study identifier.
    registered
        Study identifiers of registered households: what is missed there is a member.
    """
    own = frozenset(registered)
    best: dict[tuple[str, int], CaseState] = {}
    rank = {CaseState.VERIFIED: 0, CaseState.OPEN: 1, CaseState.DISMISSED: 2}
    for case in cases:
        if case.kind == "missed":
            key = (case.study_id, case.line if case.study_id in own else 0)
            best[key] = min(best.get(key, case.state), case.state, key=rank.__getitem__)
    found = []
    for within in (False, True):
        part = {key: state for key, state in best.items() if (key[0] in own) == within}
        states = Counter(part.values())
        people: Counter[CaseState] = Counter()
        for (unit, _), state in part.items():
            people[state] += 1 if within else persons.get(unit, 1)
        found.append(
            MissedCount(
                within,
                verified=states[CaseState.VERIFIED],
                open=states[CaseState.OPEN],
                dismissed=states[CaseState.DISMISSED],
                persons_verified=people[CaseState.VERIFIED],
                persons_open=people[CaseState.OPEN],
            )
        )
    return tuple(found)


def count_cases(cases: Iterable[Case]) -> tuple[CaseCount, ...]:
    """Return cases by kind and item."""
    counts = Counter((case.kind, case.item, case.state) for case in cases)
    return tuple(
        CaseCount(
            kind,
            item,
            counts[kind, item, CaseState.OPEN],
            counts[kind, item, CaseState.VERIFIED],
            counts[kind, item, CaseState.DISMISSED],
        )
        for kind, item in sorted({(kind, item) for kind, item, _ in counts})
    )


def outcomes(
    visits: pd.DataFrame, answers: pd.DataFrame, cases: Iterable[Case], members: Mapping[str, int]
) -> pd.DataFrame:
    """Return the outcome of every completed lifted household of the probability sample.

    Parameters
    ----------
    visits
        Completed visits of kind `lifted`, one a household.
    answers
        Result of `standards.judge` for these visits.
    cases
        Cases of the phase; those of kind `wrong_exit` count here.
    members
        Registered members by study identifier.

    Returns
    -------
    DataFrame
        `study_id`, `village`, `members` (registered persons), `verified` and `open`
        (items with cases in that state, blank between), `lines` and `open_lines`
        (members with a verified case of their own; with an open one and no verified
        one), `missing` and `excused` (1 where any answer is so).
    """
    own: dict[str, list[Case]] = {}
    for case in cases:
        if case.kind == "wrong_exit":
            own.setdefault(case.study_id, []).append(case)
    missing = set(answers.loc[answers["answer"] == str(Answer.MISSING), "study_id"])
    excused = set(answers.loc[answers["answer"] == str(Answer.EXCUSED), "study_id"])
    rows = []
    pairs = zip(visits["study_id"].tolist(), visits["village"].tolist(), strict=True)
    for study_id, village in pairs:
        by_state = {
            state: sorted({c.item for c in own.get(study_id, ()) if c.state == state})
            for state in (CaseState.VERIFIED, CaseState.OPEN)
        }
        lines, waiting = (
            {c.line for c in own.get(study_id, ()) if c.state == state and c.line}
            for state in (CaseState.VERIFIED, CaseState.OPEN)
        )
        rows.append(
            (
                study_id,
                village,
                members.get(study_id, 0),
                " ".join(by_state[CaseState.VERIFIED]),
                " ".join(by_state[CaseState.OPEN]),
                len(lines),
                len(waiting - lines),
                int(study_id in missing),
                int(study_id in excused),
            )
        )
    columns = [
        "study_id",
        "village",
        "members",
        "verified",
        "open",
        "lines",
        "open_lines",
        "missing",
        "excused",
    ]
    return pd.DataFrame(rows, columns=columns).sort_values("study_id").reset_index(drop=True)
