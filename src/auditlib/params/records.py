"""A round and a county: what their parameter files say, as frozen records."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from auditlib.language import Language, Words
from auditlib.plan.records import Record


def _code(value: object) -> object:
    """Take a division code written as a number for the text it is."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


CountyCode = Annotated[str, BeforeValidator(_code), Field(pattern=r"^\d{6}$")]


class Sourced(Record):
    """A figure with its date and its source."""

    value: float
    year: int
    source: str = Field(min_length=1)
    demo: bool = False


class Population(Record):
    """Agricultural-hukou persons of the county: all, registered, not registered."""

    total: int = Field(gt=0)
    registered: int = Field(ge=0)
    unregistered: int = Field(ge=0)
    date: date
    source: str = Field(min_length=1)


class Sheet(Record):
    """File and sheet of a table, below the county's folder."""

    file: str
    sheet: str = ""


class Override(Record):
    """Changes to the plan, with the reason that every report prints."""

    reason: str = Field(min_length=1)
    plan: Mapping[str, Any] = {}
    readings: Mapping[str, str] = {}


class Evaluator(Record):
    """The evaluating institution, by tender and contract."""

    name: str
    tender: str
    contract: str
    criteria: Mapping[str, str] = {}


class Inputs(Record):
    """Where the tables stand: the round's folder, and the file of every table."""

    folder: str
    tables: Mapping[str, Sheet]


class Round(Record):
    """One evaluation round; `plan` is the plan's file, seen from the folder of parameters.

    `level` says whose round it is: the county's self-check, the city's review, or the
    province's evaluation, whose results are kept apart. `spot_check_seed` is what
    the State made known to draw its spot check; empty before.
    """

    round: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: Words
    plan: str = "plan.yaml"
    as_of: date
    language: Language
    state: Literal["sealed", "revealed"]
    synthetic: bool
    counties: tuple[CountyCode, ...] = Field(min_length=1)
    evaluator: Evaluator
    income_line: Sourced
    pseudonym_key: str
    level: Literal["county", "municipal", "provincial"] = "provincial"
    spot_check_seed: str = ""
    inputs: Inputs
    overrides: tuple[Override, ...] = ()

    @property
    def ticket_prefix(self) -> str:
        """What begins the stage in every ticket, so that earlier rounds draw others (六（二）)."""
        return "" if self.level == "provincial" else f"{self.level}-"

    @model_validator(mode="after")
    def _each_county_once(self) -> "Round":
        if len(set(self.counties)) != len(self.counties):
            raise ValueError("every county once")
        return self


class County(Record):
    """Facts about a county; never a rule."""

    code: CountyCode
    name: Words
    class_: str = Field(alias="class")
    region: str | None = None
    status: Literal["surveyed", "awaiting_fieldwork"] = "surveyed"
    populations: Population
    first_responsible: tuple[str, ...] = ()
    due: Mapping[str, date] = {}
    inputs: Mapping[str, Sheet] = {}
