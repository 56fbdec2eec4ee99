"""The signed runs of a county: one file each beside the data, chained, and never altered here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from auditlib.findings.signed import (
    FIRST,
    Changed,
    SignedRun,
    compare_signed,
    is_genuine,
    read_run,
)
from auditlib.language import Language, Words
from auditlib.problems import Place, Problem, problem, shown
from auditlib.tables import CODES, TABLES, Kind

FOLDER = "signed"


@dataclass(frozen=True)
class SignedRuns:
    """The last signed run, how many there are, and what is wrong with them."""

    last: SignedRun | None
    problems: tuple[Problem, ...] = ()


NONE = SignedRuns(None)


def name_of(number: int) -> str:
    """Return the path of a signed run below the county's folder of inputs."""
    return f"{FOLDER}/run-{number:04d}.json"


def signed_files(folder: Path) -> list[Path]:
    """Return the files of the signed runs, the first first."""
    return sorted((folder / FOLDER).glob("run-*.json"))


def read_signed(folder: Path, *, key: bytes, county: str) -> SignedRuns:
    """Return the last signed run of a county.

    Parameters
    ----------
    folder
        The county's folder of inputs.
    key
        The round's key, under which the runs are sealed.
    county
        Whose runs they must be.
    """
    last: SignedRun | None = None
    before = FIRST
    problems: list[Problem] = []
    for number, path in enumerate(signed_files(folder), 1):
        run, wrong = _read(path, number, before, key=key, county=county)
        if wrong:
            problems.append(_broken(number, wrong))
        if run is not None:
            last, before = run, run.digest
    return SignedRuns(last, tuple(problems))


def _read(
    path: Path, number: int, before: str, *, key: bytes, county: str
) -> tuple[SignedRun | None, Words | None]:
    try:
        run = read_run(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None, Words("不是签署记录", "it is no signed run")
    if run.county != county or run.number != number or path.name != Path(name_of(number)).name:
        return run, Words("县代码或次序不符", "it is another county's, or out of order")
    if not is_genuine(run, key):
        return run, Words("内容与签章不符，签署后被改动", "its seal does not fit: it was altered")
    if run.before != before:
        return run, Words("与上一次签署不衔接", "it does not follow the one before")
    return run, None


def _broken(number: int, what: Words) -> Problem:
    name = Path(name_of(number)).name
    return problem("past_signed_broken", Place(name_of(number)), name=Words(name, name), what=what)


def changes_since(runs: SignedRuns, events: pd.DataFrame) -> tuple[Changed, ...]:
    """Return every past event of a ledger that is not as the last signed run has it."""
    return compare_signed(runs.last, events) if runs.last else ()


def problems_since(
    runs: SignedRuns, changes: Iterable[Changed], place: Place
) -> tuple[Problem, ...]:
    """Return what is wrong with the signed runs, and a problem for every change since.

    Parameters
    ----------
    runs
        Result of `read_signed`.
    changes
        Result of `changes_since`.
    place
        Where the ledger stands.
    """
    last = runs.last
    told = [_told(change, last, place) for change in changes] if last else []
    return (*runs.problems, *told)


def _told(change: Changed, run: SignedRun, place: Place) -> Problem:
    return problem(
        f"past_signed_{change.kind}",
        place,
        case=shown(change.case_id, known=[change.case_id]),
        number=change.event_no,
        run=run.number,
        day=run.day.isoformat(),
        to=change.to,
        what=_what(change.columns),
    )


def _what(columns: Iterable[tuple[str, str, str]]) -> Words:
    """Return which columns were changed, from what to what; of text only that it was."""
    parts = [_part(*column) for column in columns]
    return Words("；".join(p.zh for p in parts), "; ".join(p.en for p in parts))


def _part(name: str, was: str, now: str) -> Words:
    column = TABLES["cases"].column(name)
    codes: Mapping[str, Words] = CODES.get(column.codes, {}) if column.codes else {}
    if column.kind not in (Kind.CODE, Kind.CODES, Kind.DATE, Kind.INTEGER):
        return Words(column.zh, name)

    def words(value: str, language: Language) -> str:
        if not value:
            return "空白" if language == "zh" else "empty"
        each = [codes[code][language] if code in codes else code for code in value.split()]
        return ("、" if language == "zh" else ", ").join(each)

    return Words(
        f"{column.zh}由“{words(was, 'zh')}”改为“{words(now, 'zh')}”",
        f"{name} from '{words(was, 'en')}' to '{words(now, 'en')}'",
    )
