"""From the text of a cell to its value, one column at a time.

Every distinct text of a column is understood once. A text that is not
understood is a problem; none is guessed, and empty is neither `NA` nor 0.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any

from auditlib.language import Words
from auditlib.problems import nearest, shown
from auditlib.tables import CodeList, Column, Kind

FORMULA_ERRORS = {
    "#DIV/0!",
    "#N/A",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#REF!",
    "#VALUE!",
    "#GETTING_DATA",
}

HIDDEN = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e"}
TURNING = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters without a shape, and those that turn the direction of writing."""

LOST = ("\ufffd", "锟斤拷", "烫烫烫", "屯屯屯")
"""What stands where text was once read in a wrong encoding."""

_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]+")
_ODD = re.compile(
    f"[\x00-\x1f\x7f-\x9f{''.join(sorted(HIDDEN | TURNING))}]|{'|'.join(LOST)}|{_WIDE.pattern}"
)
"""What calls for a closer look at a text; most have none of it."""

MISSING = {"n/a", "na", "nan", "null", "none", "nil", "-", "--", "—", "——", "/", "\\", "?", "？"}
MISSING |= {"无", "空", "缺失", "不详", "未知", "不知道", "拒答", "待补", "略"}
"""Marks that people set where a value is missing."""

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
            return lambda text: _day(text, date.max if column.ahead else as_of)
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
    ordinary = (text.isascii() and text.isprintable()) or not _ODD.search(text)
    if not ordinary and any(mark in text for mark in LOST):
        return Fault("lost_text", {})
    if kind in (Kind.TEXT, Kind.PRIVATE):
        return None
    if text.startswith("=") and len(text) > 1:
        return Fault("formula_as_text", {})
    for character in "" if ordinary else text:
        if fault := _odd_character(character):
            return fault
    if not ordinary and (wide := "".join(_WIDE.findall(text))):
        return Fault("full_width", {"found": wide if len(wide) < 7 else f"({len(wide)})"})
    if kind is not Kind.CODES and kind is not Kind.CODE and text.casefold() in MISSING:
        return Fault("missing_mark", {"found": text})
    return None


def _odd_character(character: str) -> Fault | None:
    if character.isascii() and character >= " " and character != "\x7f":
        return None
    found = {"found": f"U+{ord(character):04X}"}
    if character in HIDDEN:
        return Fault("hidden_character", found)
    if character in TURNING:
        return Fault("turning_character", found)
    if unicodedata.category(character) == "Cc":
        return Fault("control_character", found)
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


_ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
"""A long number as a spreadsheet rounds it."""


def _identifier(text: str, column: Column) -> str | Fault:
    if "," in text or "，" in text:
        return Fault("comma_in_identifier", {})
    if _ROUNDED.fullmatch(text):
        return Fault("rounded_identifier", {"found": shown(text)})
    if alien := _alien_letter(text):
        return Fault("look_alike", {"found": f"U+{ord(alien):04X}"})
    if column.pattern and not re.fullmatch(column.pattern, text):
        if re.fullmatch(column.pattern, re.sub(r"\s", "", text)):
            return Fault("blank_inside", {})
        return Fault("bad_identifier", {"found": shown(text), "expected": expectation(column, {})})
    return unicodedata.normalize("NFC", text)


def _alien_letter(text: str) -> str:
    """Return a Greek or Cyrillic letter, which looks like a Latin one; empty if there is none."""
    for character in "" if text.isascii() else text:
        if not character.isascii() and unicodedata.name(character, "").startswith(
            ("CYRILLIC", "GREEK")
        ):
            return character
    return ""


_WHOLE = re.compile(r"[+-]?\d+")
_WHOLE_WITH_POINT = re.compile(r"[+-]?\d+\.0+")
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_NUMBER_FAULTS = (
    (r"[+-]?[\d.]+\s*[%％‰]", "percent_text"),
    (r"[+-]?\d{1,3}([,，]\d{3})+(\.\d+)?", "thousands_separator"),
    (r"[+-]?\d+[,，]\d+", "decimal_comma"),
    (r"[+-]?\d+(\s+\d+)+", "blank_in_number"),
    (r"[¥￥$€]\s*[\d.,]+", "unit_in_number"),
    (
        r"[+-]?[\d.]+\s*(元|万元|万|千|亿|人|户|公里|千米|分钟|岁|年|km|min|yuan|RMB)",
        "unit_in_number",
    ),
    (r"[约近超]?[〇零一二两三四五六七八九十百千万亿半]+(元|人|户|岁)?", "number_in_words"),
    (r"[约≈~～<>≤≥＜＞].+|\d+\s*([-~～]|至|到)\s*\d+|.+(左右|以上|以下|多)", "number_range"),
    (r"'[+-]?\d+(\.\d+)?", "apostrophe"),
)
"""Forms that people give to numbers, and the kind of fault; none is read as a number."""


def _number(text: str, column: Column, *, whole: bool) -> int | float | Fault:
    pattern = _WHOLE if whole else _DECIMAL
    if whole and _WHOLE_WITH_POINT.fullmatch(text):
        text = text[: text.index(".")]
    if not text.isascii() or not pattern.fullmatch(text) or len(text) > 24:
        for form, kind in _NUMBER_FAULTS:
            if len(text) <= 24 and re.fullmatch(form, text):
                return Fault(kind, {"found": shown(text)})
        return Fault("not_integer" if whole else "not_number", {"found": shown(text)})
    value = int(text) if whole else float(text)
    if text.startswith("-") and value == 0:
        return Fault("negative_zero", {"found": shown(text)})
    if not isfinite(value):
        return Fault("not_number", {"found": shown(text)})
    if column.minimum is not None and value < column.minimum:
        return Fault("too_small", {"found": shown(text), "limit": f"{column.minimum:g}"})
    if column.maximum is not None and value > column.maximum:
        return Fault("too_large_number", {"found": shown(text), "limit": f"{column.maximum:g}"})
    if whole and abs(value) >= 1 << 53:
        return Fault("too_large_number", {"found": shown(text), "limit": "2^53"})
    return value


_DATE_FORMS = (
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
    r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})",
    r"(?P<y>\d{4})\.(?P<m>\d{1,2})\.(?P<d>\d{1,2})",
    r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日",
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
)
_DATES = tuple(re.compile(form, re.ASCII) for form in _DATE_FORMS)


_DATE_FAULTS = (
    (r"[34]\d{4}(\.\d+)?", "date_serial"),  # serial numbers of 1982 to 2036
    (r"\d{1,2}[/.-]\d{1,2}[/.-](\d{2}|\d{4})", "two_date_forms"),
    (r"\d{4}([-/.年]\d{1,2}月?)?年?", "part_of_date"),
    (r"\d{1,2}月\d{1,2}[日号]?", "part_of_date"),
    (r"(1899|1900)-(12-3[01]|0?1-0?[01])", "zero_date"),
    (r"\d{1,2}:\d{2}(:\d{2})?", "time_alone"),
)
"""Forms that are not read as a date, and the kind of fault."""

_NO_DATE = re.compile("|".join(form for form, _ in _DATE_FAULTS), re.ASCII)
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$")
_DAY_AND_TIME = re.compile(
    r"(.+?)[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII
)


def _date(text: str, as_of: date) -> date | Fault:
    if _NO_DATE.fullmatch(text):
        kind = next(kind for form, kind in _DATE_FAULTS if re.fullmatch(form, text, re.ASCII))
        return Fault(kind, {"found": text})
    for form in _DATES:
        if found := form.fullmatch(text):
            try:
                value = date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                return Fault("impossible_date", {"found": text})
            if value > as_of:
                return Fault("future_date", {"found": text, "limit": as_of.isoformat()})
            return value
    return Fault("not_date", {"found": shown(text)})


def _day(text: str, as_of: date) -> date | Fault:
    """Return the day of a date cell, which spreadsheets may give with midnight."""
    return _date(_MIDNIGHT.sub("", text), as_of)


def _time(text: str, as_of: date) -> datetime | Fault:
    found = _DAY_AND_TIME.fullmatch(text)
    if not found:
        day = _date(text, as_of)
        return day if isinstance(day, Fault) else Fault("no_time_of_day", {"found": text})
    day = _date(found[1], as_of)
    if isinstance(day, Fault):
        return day
    hour, minute, second = (int(part or 0) for part in found.groups()[1:])
    try:
        return datetime(day.year, day.month, day.day, hour, minute, second)
    except ValueError:
        return Fault("impossible_time", {"found": f"{found[2]}:{found[3]}"})


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
