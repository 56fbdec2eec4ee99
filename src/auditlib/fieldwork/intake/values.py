"""The text of an answer as the tables write it: codes for labels, one form of date.

Nothing is guessed. What is not understood stays as it is, and the reader of the tables
sets the row aside with its reason.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone

from auditlib.fieldwork.forms.korean import KOREAN
from auditlib.problems.personal import hide
from auditlib.tables import CodeList, Column, Kind

BEIJING = timezone(timedelta(hours=8))
"""All of the country keeps one time; an export with an offset is brought to it."""

YES = {
    "yes": ("yes", "y", "true", "1", "ok", "是", "有", "예"),
    "no": ("no", "n", "false", "0", "否", "无", "没有", "아니오"),
}

ENGLISH = "janfebmaraprmayjunjulaugsepoctnovdec"
MONTHS = {ENGLISH[3 * i : 3 * i + 3]: i + 1 for i in range(12)}

Normaliser = Callable[[str], str]


def labels_of(column: Column, codelists: Mapping[str, CodeList]) -> dict[str, str]:
    """Return every text under which a code of the column may stand, with the code."""
    if column.codes == "yes_no":
        return {text.casefold(): code for code, texts in YES.items() for text in texts}
    codes = codelists[column.codes]
    korean = KOREAN.get(column.codes, {})
    found = {text.casefold(): code for code, text in korean.items()}
    found |= {words.en.casefold(): code for code, words in codes.items()}
    found |= {words.zh.casefold(): code for code, words in codes.items()}
    return found | {code.casefold(): code for code in codes}


def normaliser(
    column: Column, codelists: Mapping[str, CodeList], *, source: str, months_first: bool
) -> Normaliser:
    """Return the function from the text of an answer to the text of the table.

    Parameters
    ----------
    column
        The column to be filled.
    codelists
        Codes of every list.
    source
        `odk`, `kobo`, `surveycto` or `excel`.
    months_first
        Whether dates such as 1/5/2019 stand with the month first in this column.
    """

    def understood(text: str) -> str:
        trimmed = text.strip()
        if source == "kobo" and trimmed.casefold() == "n/a":
            return ""
        return inner(trimmed) if trimmed else ""

    inner: Normaliser = str
    match column.kind:
        case Kind.CODE:
            labels = labels_of(column, codelists)
            inner = lambda text: labels.get(text.casefold(), text)  # noqa: E731
        case Kind.CODES:
            labels = labels_of(column, codelists)
            order = list(codelists[column.codes])
            inner = lambda text: several(text, labels, order)  # noqa: E731
        case Kind.DATE:
            inner = lambda text: day_of(text, months_first=months_first)  # noqa: E731
        case Kind.TEXT if not column.inner:
            inner = hide
        case Kind.TIME:
            inner = lambda text: time_of(text, months_first=months_first)  # noqa: E731
        case _:
            pass
    return understood


def several(text: str, labels: Mapping[str, str], order: Iterable[str]) -> str:
    """Return the codes of several choices in the order of the list, one blank between.

    Choices may stand as codes or labels, with blanks, commas or semicolons between;
    labels may hold blanks themselves, so the longest that fits is taken.
    """
    rest = text.casefold()
    found = set()
    longest = sorted(labels, key=len, reverse=True)
    while rest := rest.lstrip(" \t\n,;，；、|"):
        label = next((x for x in longest if rest.startswith(x) and _ends(rest, len(x))), None)
        if label is None:
            return text
        found.add(labels[label])
        rest = rest[len(label) :]
    return " ".join(code for code in order if code in found)


def _ends(text: str, at: int) -> bool:
    return at >= len(text) or text[at] in " \t\n,;，；、|"


_CLOCK = r"(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
_WORDS = re.compile(
    rf"(?P<mon>[A-Za-z]{{3}})[a-z]*\.?\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})(?:,?\s+{_CLOCK})?"
)
_DAY_FIRST = re.compile(
    rf"(?P<d>\d{{1,2}})[- ]?(?P<mon>[A-Za-z]{{3}})[a-z]*\.?[- ]?(?P<y>\d{{4}})(?:,?[ T]+{_CLOCK})?"
)
_SLASHES = re.compile(rf"(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})/(?P<y>\d{{4}})(?:,?\s+{_CLOCK})?")
_CHINESE = re.compile(
    r"(?P<y>\d{4})[年/-](?P<m>\d{1,2})[月/-](?P<d>\d{1,2})日?\s+(?P<part>上午|下午)"
    r"(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2}))?"
)
_OFFSET = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:?\d{2}|[+-]\d{2})"
)


def months_first(texts: Iterable[str]) -> bool:
    """Say whether every date with slashes can stand with the month first, and some do."""
    dates = [found for text in texts if (found := _SLASHES.fullmatch(text.strip()))]
    return bool(dates) and all(int(found["m"]) <= 12 for found in dates)


def time_of(text: str, *, months_first: bool = False) -> str:
    """Return a day and time as `2019-03-05 09:30:12`; one with an offset in Beijing time."""
    if found := _OFFSET.fullmatch(text):
        offset = found[3].replace("Z", "+00:00")
        offset = offset if len(offset) > 3 else f"{offset}:00"
        try:
            moment = datetime.fromisoformat(f"{found[1]}T{found[2]}{offset}")
        except ValueError:
            return text
        return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    return _written(text, clock=True, months_first=months_first)


def day_of(text: str, *, months_first: bool = False) -> str:
    """Return a day as `2019-03-05`; a time behind it is left out."""
    if found := re.fullmatch(r"(\d{4}-\d{2}-\d{2})[T ]00:00(:00(\.0+)?)?Z?", text):
        return found[1]
    return _written(text, clock=False, months_first=months_first)


def _written(text: str, *, clock: bool, months_first: bool) -> str:
    found = _WORDS.fullmatch(text) or _DAY_FIRST.fullmatch(text) or _CHINESE.fullmatch(text)
    if found is None and months_first:
        found = _SLASHES.fullmatch(text)
    if found is None:
        return text
    parts = found.groupdict()
    month = MONTHS.get((parts.get("mon") or "").casefold()) or int(parts.get("m") or 0)
    hour = int(parts.get("h") or 0)
    half = (parts.get("half") or parts.get("part") or "").casefold()
    if half.startswith(("p", "下")) and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    try:
        moment = datetime(
            int(parts["y"]), month, int(parts["d"]), hour, int(parts.get("mi") or 0),
            int(parts.get("s") or 0),
        )  # fmt: skip
    except ValueError:
        return text
    if clock and parts.get("h") is None:
        return text
    return moment.strftime("%Y-%m-%d %H:%M:%S" if clock else "%Y-%m-%d")


def point(text: str) -> tuple[str, str]:
    """Return latitude and longitude of a position in one cell."""
    parts = text.replace(",", " ").split()
    return (parts[0], parts[1]) if len(parts) >= 2 else (text, "")
