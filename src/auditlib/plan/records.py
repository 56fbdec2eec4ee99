"""What every part of the plan has: a clause, the plan's words, the readings taken."""

from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from auditlib.language import Words


def _fraction(value: object) -> object:
    """Read `2/100` or a whole number as an exact fraction; leave the rest to fail."""
    if isinstance(value, str):
        try:
            return Fraction(value)
        except (ValueError, ZeroDivisionError):
            return value
    return Fraction(value) if isinstance(value, int) and not isinstance(value, bool) else value


Share = Annotated[Fraction, BeforeValidator(_fraction), Field(ge=0)]
"""An exact fraction, 0 or above, written `2/100`."""


Clause = Annotated[str, Field(min_length=1)]


class Record(BaseModel):
    """A frozen part of the plan; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Provision(Record):
    """What a clause of the plan provides, in the plan's words."""

    clause: Clause
    says: str = ""
    readings: tuple[str, ...] = ()
    external: bool = False


class Named(Provision):
    """A provision with a name of its own."""

    name: Words


class Amount(Provision):
    """A provision that is a share or a number of days."""

    share: Share | None = None
    within: Share | None = None
    tolerance: int = 0


class Range(Provision):
    """A number between two others, with the one aimed at."""

    least: int
    most: int
    target: int
