"""Keep persons out of what is read: names and numbers in the wrong place, identity numbers checked.

A number that could be an identity number or a telephone is refused as an identifier or
a figure; in free text it is hidden, as is a name that stands alone, and the row is kept.
Private columns are looked at here for the last time.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from auditlib.files.cells import Fault
from auditlib.language import Words
from auditlib.problems import Place, Problem, note
from auditlib.problems.personal import (
    MACHINE,
    has_number,
    hide,
    identity_fault,
    is_name,
    names_person_in_file,
)
from auditlib.tables import Column, Kind

_REASONS = {
    "form": Words("位数不对", "not 18 digits"),
    "province": Words("省份代码不存在", "no such province"),
    "day": Words("出生日期不存在", "no such day of birth"),
    "check": Words("校验位不符", "wrong check digit"),
    "old": Words("15位旧号", "old number of 15 digits"),
}


def refuse(text: str, column: Column) -> Fault | None:
    """Return the fault of a cell that holds what names a person where it may not."""
    if column.inner or column.kind not in (Kind.IDENTIFIER, Kind.INTEGER, Kind.NUMBER):
        return None
    if MACHINE.fullmatch(text) or (column.kind is Kind.NUMBER and "." in text):
        return None
    if has_number(text):
        return Fault("personal_number", {"found": len(text)})
    if column.kind is Kind.IDENTIFIER and (is_name(text) or names_person_in_file(text)):
        return Fault("name_as_identifier", {"found": len(text)})
    return None


def without_persons(value: Any, column: Column) -> Any:
    """Return a value of free text with names and numbers hidden; any other as it is."""
    if column.kind is Kind.TEXT and not column.inner and isinstance(value, str):
        return hide(value)
    return value


def notes_on(
    column: Column, texts: Sequence[str], at: Callable[[int], Place], *, county: str
) -> list[Problem]:
    """Return one note on what was hidden in a column of text, or is wrong in identity numbers."""
    if column.kind is Kind.TEXT and not column.inner:
        told = {text for text in set(texts) if text.strip() and hide(text) != text}
        rows = [i for i, text in enumerate(texts) if text in told] if told else []
        return [note("person_hidden", at(rows[0]), count=len(rows))] if rows else []
    if column.form == "identity":
        return _identity_notes(texts, at, county=county)
    return []


def _identity_notes(
    texts: Sequence[str], at: Callable[[int], Place], *, county: str
) -> list[Problem]:
    """Return what is wrong with identity numbers; another county is no fault, old codes exist."""
    faults: Counter[str] = Counter()
    elsewhere: list[int] = []
    first: int | None = None
    given = [(i, text.strip().upper()) for i, text in enumerate(texts) if text.strip()]
    for i, number in given:
        disabled = re.fullmatch(r"(\d{17}[\dX])\d\d", number)  # a disability card's number
        number = disabled[1] if disabled else number
        fault = identity_fault(number)
        if fault:
            faults[fault] += 1
            first = i if first is None else first
        elif county and not number.startswith(county):
            elsewhere.append(i)
    found: list[Problem] = []
    if first is not None:
        reasons = Words(
            "、".join(f"{_REASONS[f].zh} {n} 个" for f, n in sorted(faults.items())),
            ", ".join(f"{n} {_REASONS[f].en}" for f, n in sorted(faults.items())),
        )
        found.append(note("identity_number", at(first), reasons=reasons, total=len(given)))
    if elsewhere:
        counts = {"count": len(elsewhere), "total": len(given)}
        found.append(note("identity_elsewhere", at(elsewhere[0]), county=county, **counts))
    return found
