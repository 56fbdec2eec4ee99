"""Chapters three (checks) and five to seven: documents, steps, discipline, deadlines."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from auditlib.language import Words
from auditlib.plan.records import Clause, Named, Provision, Record, Share


class Interviews(Provision):
    """Classes of interviewees and topics of the interviews."""

    classes: Mapping[str, Words]
    topics: Mapping[str, Words]


class Document(Named):
    """A document that must exist, with the parts it must have."""

    chapter: str
    step: str = ""
    sections: tuple[str, ...] = ()


class LeaderVisits(Provision):
    """Which leaders must have visited which share of the poor villages."""

    leaders: tuple[str, ...]
    share: Share


class VillageItem(Named):
    """An item looked at in every village."""

    kind: Literal["infrastructure", "services", "appearance"]


class Service(Named):
    """A county indicator beside the national average."""

    unit: str
    average: float
    year: int
    source: str
    close_within: Share | None = None


class VillageRule(Provision):
    """Findings that count as met."""

    met: tuple[str, ...]


class ServicesRule(Provision):
    """How near the national average is close."""

    close_within: Share


class Measure(Named):
    """Shares that fail from which on a problem is serious, and prominent.

    With fewer than `least` units that fail it is minor: one of one proves little.
    """

    serious: Share
    prominent: Share
    least: int


class Severity(Provision):
    """Written criteria of a minor, a serious and a prominent problem."""

    levels: Mapping[str, Words]
    measures: Mapping[str, Measure]


class Approval(Provision):
    """Who approves, whose spot check it is, and how the order to a refused county is called."""

    authority: tuple[str, ...]
    spot_check_authority: tuple[str, ...]
    refused: str


class Level(Record):
    """A level of verification: who leads it and how many working days it may take.

    `answers` is the role asked at this level, `decides` the roles that may decide there.
    """

    level: int
    name: Words
    role: str
    event: str
    answers: str
    decides: tuple[str, ...]
    days: int
    external: bool = False


class Ladder(Provision):
    """The levels of verification, who may do what, and who is evaluated.

    `may_disclose` are the things that the evaluated side may be told of a case;
    `hearsay` the kinds of evidence on which alone nothing is decided.
    """

    levels: Mapping[str, Level]
    may_open: tuple[str, ...]
    may_reopen: tuple[str, ...]
    may_disclose: tuple[str, ...]
    hearsay: tuple[str, ...]
    may_decide: tuple[str, ...]
    evaluated_side: tuple[str, ...]


class Discipline(Provision):
    """Suspension, termination and the one-vote veto."""

    veto_clause: Clause
    veto_says: str
    veto_authority: tuple[str, ...]


class Expenses(Provision):
    """Who may pay."""

    payer: tuple[str, ...]


class Burden(Provision):
    """What may be asked of the locality."""

    allowed: tuple[str, ...]


class Training(Provision):
    """Score that an interviewer must reach."""

    pass_mark: float


class Due(Record):
    """A deadline in its early and its late reading, the day itself included."""

    early: date
    late: date


class Step(Named):
    """A step of the procedure: who, until when, after which, with which documents."""

    number: int
    actor: str
    opens: date | None = None
    fieldwork: date | None = None
    due: Due
    after: tuple[str, ...]
    documents: tuple[str, ...]


class Notice(Provision):
    """Working days of the public notice."""

    working_days: int
    count_first_day: bool


class SpotCheck(Provision):
    """Share of counties that the State draws."""

    share: Share


class ConsolidatedReport(Provision):
    """The most counties that tables and pictures show side by side."""

    side_by_side: int = Field(ge=1)


class Rectification(Provision):
    """Latest day of rectification on the indicator route."""

    latest: date
