"""From the text of a cell to its value, one column at a time.

Every distinct text of a column is understood once. A text that is not
understood is a problem; none is guessed, and empty is neither `NA` nor 0.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from auditlib.language import Words
from auditlib.problems import nearest, shown
from auditlib.tables import CodeList, Column, Kind

FORMULA_ERRORS = (
    "#DIV/0!",
    "#N/A",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#REF!",
    "#VALUE!",
    "#GETTING_DATA",
)

HIDDEN = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"}

YES = {"yes": ("是", "yes", "y", "true", "1"), "no": ("否", "no", "n", "false", "0")}


@dataclass(frozen=True)
class Fault:
    """A text that is not understood: kind of problem and the words of its sentence."""

    kind: str
    words: Mapping[str, str | int | float | Words]


Parser = Callable[[str], Any]


def parser(column: Column, codelists: Mapping[str, CodeList], as_of: date) -> Parser:
    """Return the function from a trimmed, non-empty text to a value or a `Fault`."""
    match column.kind:
        case Kind.TEXT | Kind.PRIVATE:
            return lambda text: text
        case Kind.IDENTIFIER:
            return lambda text: _identifier(text, column)
        case Kind.INTEGER:
            return lambda text: _number(text, column, whole=True)
        case Kind.NUMBER:
            return lambda text: _number(text, column, whole=False)
        case Kind.DATE:
            return lambda text: _date(text, date.max if column.ahead else as_of)
        case Kind.TIME:
            return lambda text: _time(text, as_of)
        case Kind.CODE:
            labels = _labels(column, codelists)
            return lambda text: _code(text, labels, codelists[column.codes])
        case Kind.CODES:
            labels = _labels(column, codelists)
            return lambda text: _codes(text, labels, codelists[column.codes])


def unusable(text: str, kind: Kind) -> Fault | None:
    """Return the fault that every kind of cell shares, if the text has one."""
    if text in FORMULA_ERRORS:
        return Fault("formula_error", {"found": text})
    if kind in (Kind.TEXT, Kind.PRIVATE):
        return None
    for character in text:
        if character in HIDDEN or (unicodedata.category(character) == "Cc"):
            return Fault("hidden_character", {"found": f"U+{ord(character):04X}"})
    if re.search("[０-９]", text):  # full-width digits
        digits = "".join(re.findall("[０-９]+", text))
        return Fault("full_width", {"found": digits if len(digits) < 7 else f"({len(digits)})"})
    return None


def expectation(column: Column, codelists: Mapping[str, CodeList]) -> Words:
    """Return in words what a cell of the column should hold."""
    match column.kind:
        case Kind.IDENTIFIER:
            digits = re.fullmatch(r"\\d\{(\d+)\}", column.pattern)
            if digits:
                return Words(f"{digits[1]} 位数字", f"{digits[1]} digits")
            return Words("文本编号", "an identifier")
        case Kind.CODE | Kind.CODES:
            return _choices(codelists[column.codes])
        case Kind.INTEGER:
            return Words("整数", "a whole number")
        case Kind.NUMBER:
            return Words("数字", "a number")
        case Kind.DATE | Kind.TIME:
            return Words("日期", "a date")
        case _:
            return Words("文字", "text")


def _choices(codes: CodeList) -> Words:
    some = list(codes.items())[:12]
    more = " …" if len(codes) > len(some) else ""
    return Words(
        "、".join(words.zh for _, words in some) + more, ", ".join(code for code, _ in some) + more
    )


def _labels(column: Column, codelists: Mapping[str, CodeList]) -> dict[str, str]:
    """Return every text under which a code may stand, with the code."""
    if column.codes == "yes_no":
        return {label: code for code, labels in YES.items() for label in labels}
    codes = codelists[column.codes]
    labels = {code.casefold(): code for code in codes}
    labels |= {words.en.casefold(): code for code, words in codes.items()}
    return labels | {words.zh: code for code, words in codes.items()}


def _identifier(text: str, column: Column) -> str | Fault:
    if "," in text or "，" in text:
        return Fault("comma_in_identifier", {})
    if column.pattern and not re.fullmatch(column.pattern, text):
        return Fault("bad_identifier", {"found": shown(text), "expected": expectation(column, {})})
    return unicodedata.normalize("NFC", text)


def _number(text: str, column: Column, *, whole: bool) -> int | float | Fault:
    pattern = r"[+-]?\d+" if whole else r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
    if whole and re.fullmatch(r"[+-]?\d+\.0+", text):
        text = text[: text.index(".")]
    if not re.fullmatch(pattern, text) or len(text) > 24:
        return Fault("not_integer" if whole else "not_number", {"found": shown(text)})
    value = int(text) if whole else float(text)
    if column.minimum is not None and value < column.minimum:
        return Fault("too_small", {"found": shown(text), "limit": f"{column.minimum:g}"})
    if column.maximum is not None and value > column.maximum:
        return Fault("too_large_number", {"found": shown(text), "limit": f"{column.maximum:g}"})
    return value


_DATES = (
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
    r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})",
    r"(?P<y>\d{4})\.(?P<m>\d{1,2})\.(?P<d>\d{1,2})",
    r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日",
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
)


def _date(text: str, as_of: date) -> date | Fault:
    for pattern in _DATES:
        if found := re.fullmatch(pattern, text):
            try:
                value = date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                break
            if value > as_of:
                return Fault("future_date", {"found": text, "limit": as_of.isoformat()})
            return value
    if re.fullmatch(r"[34]\d{4}(\.\d+)?", text):  # serial numbers of 1982 to 2036
        return Fault("date_serial", {"found": text})
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", text):
        return Fault("two_date_forms", {"found": text})
    return Fault("not_date", {"found": shown(text)})


def _time(text: str, as_of: date) -> datetime | Fault:
    found = re.fullmatch(
        r"(.+?)[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?", text
    )
    if not found:
        return Fault("not_date", {"found": shown(text)})
    day = _date(found[1], as_of)
    if isinstance(day, Fault):
        return day
    hour, minute, second = (int(part or 0) for part in found.groups()[1:])
    try:
        return datetime(day.year, day.month, day.day, hour, minute, second)
    except ValueError:
        return Fault("not_date", {"found": shown(text)})


def _code(text: str, labels: Mapping[str, str], codes: CodeList) -> str | Fault:
    found = labels.get(text) or labels.get(text.casefold())
    if found is not None:
        return found
    return Fault(
        "unknown_code",
        {"found": shown(text), "near": nearest(text, labels), "expected": _choices(codes)},
    )


def _codes(text: str, labels: Mapping[str, str], codes: CodeList) -> str | Fault:
    """Return the codes in the order of the list, one blank between."""
    if whole := labels.get(text.casefold()):
        return whole
    values = set()
    for part in re.split(r"[\s,;，；、|]+", text):
        value = _code(part, labels, codes)
        if isinstance(value, Fault):
            return value
        values.add(value)
    return " ".join(code for code in codes if code in values)
