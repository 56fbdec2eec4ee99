"""What an input table is: its columns, headings, types, units, keys and codes.

Tables are described here and read elsewhere. A heading is matched by its
English name, its Chinese heading or another heading in use; never by place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from auditlib.language import Words


class Kind(StrEnum):
    """How the text of a cell is understood."""

    TEXT = "text"
    IDENTIFIER = "identifier"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    CODE = "code"
    CODES = "codes"
    PRIVATE = "private"


CodeList = Mapping[str, Words]


@dataclass(frozen=True)
class Column:
    """One column: `name` in code and files, `zh` as the heading of a form.

    A date may lie after the round's `as_of` only where `ahead` says so.
    """

    name: str
    zh: str
    kind: Kind
    required: bool = True
    codes: str = ""
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    pattern: str = ""
    also: tuple[str, ...] = ()
    ahead: bool = False
    inner: bool = False
    form: str = ""

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading under which the column may stand."""
        return (self.name, self.zh, *self.also)


@dataclass(frozen=True)
class Reference:
    """Every value of `column` must be a key of `table`."""

    column: str
    table: str


@dataclass(frozen=True)
class Table:
    """One input table: a row is `row`, and no two rows share the key."""

    name: str
    zh: str
    row: Words
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    references: tuple[Reference, ...] = field(default=())
    county_of: str = ""  # the column whose value starts with the county's code
    origin: str = "evaluator"  # who collected it: evaluator, document (of the locality), province

    def column(self, name: str) -> Column:
        """Return the column of that name.

        Raises
        ------
        KeyError
            If the table has none of that name.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def text(name: str, zh: str, *also: str, required: bool = False, inner: bool = False) -> Column:
    """Free text; never shown in an error, and without what names a person."""
    return Column(name, zh, Kind.TEXT, required, also=also, inner=inner)


def identifier(
    name: str,
    zh: str,
    *also: str,
    required: bool = True,
    pattern: str = "",
    inner: bool = False,
) -> Column:
    """Text that names a thing: `001` differs from `1`; `pattern` is a regular expression."""
    return Column(name, zh, Kind.IDENTIFIER, required, pattern=pattern, also=also, inner=inner)


def integer(
    name: str,
    zh: str,
    *also: str,
    required: bool = True,
    minimum: int | None = 0,
    maximum: int | None = None,
    unit: str = "",
) -> Column:
    """Whole number between `minimum` and `maximum`, both allowed."""
    return Column(
        name, zh, Kind.INTEGER, required, minimum=minimum, maximum=maximum, unit=unit, also=also
    )


def number(
    name: str,
    zh: str,
    *also: str,
    required: bool = True,
    minimum: float | None = 0,
    maximum: float | None = None,
    unit: str = "",
) -> Column:
    """Decimal number between `minimum` and `maximum`, both allowed."""
    return Column(
        name, zh, Kind.NUMBER, required, minimum=minimum, maximum=maximum, unit=unit, also=also
    )


def date(name: str, zh: str, *also: str, required: bool = True, ahead: bool = False) -> Column:
    """Calendar day, not after the round's `as_of` unless it lies `ahead`, as a deadline may."""
    return Column(name, zh, Kind.DATE, required, also=also, ahead=ahead)


def time(name: str, zh: str, *also: str, required: bool = True) -> Column:
    """Day and time of day, not after the round's `as_of`."""
    return Column(name, zh, Kind.TIME, required, also=also)


def code(name: str, zh: str, codes: str, *also: str, required: bool = True) -> Column:
    """One code of the list named `codes`; its Chinese or English label serves as well."""
    return Column(name, zh, Kind.CODE, required, codes=codes, also=also)


def several(name: str, zh: str, codes: str, *also: str, required: bool = False) -> Column:
    """Any number of codes of one list, separated by blanks, commas or semicolons."""
    return Column(name, zh, Kind.CODES, required, codes=codes, also=also)


def yes_no(name: str, zh: str, *also: str, required: bool = True) -> Column:
    """`yes` or `no`; 是, 否, 1, 0, true and false are understood."""
    return Column(name, zh, Kind.CODE, required, codes="yes_no", also=also)


def private(name: str, zh: str, *also: str, form: str = "") -> Column:
    """Name, identity number or telephone: read to be checked, then left behind."""
    return Column(name, zh, Kind.PRIVATE, required=False, also=also, form=form)
