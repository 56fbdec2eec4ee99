"""Chapter three, one and two: the indicators, and the standards of a household."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import model_validator

from auditlib.language import Words
from auditlib.plan.records import Named, Provision, Record, Share


class Bound(StrEnum):
    """How a share must lie to its threshold; equality counts as the word says."""

    BELOW = "below"
    ABOVE = "above"
    AT_MOST = "at most"
    AT_LEAST = "at least"


class Consequence(StrEnum):
    """What follows when an indicator is not kept."""

    VETO = "veto"
    RECTIFY = "rectify"


class Rule(Named):
    """An indicator: its bound, its threshold, what follows otherwise."""

    formula: Words
    must_be: Bound
    threshold: Share
    threshold_in: Mapping[str, Share] = {}
    otherwise: Consequence
    unit: Literal["persons", "households"]


class Indicators(Record):
    """The main indicator and the three reference indicators."""

    composite_incidence: Rule
    wrong_exit_rate: Rule
    missed_rate: Rule
    recognition_rate: Rule

    def items(self) -> tuple[tuple[str, Rule], ...]:
        """Return name and rule of every indicator, the main one first."""
        return tuple((name, getattr(self, name)) for name in type(self).model_fields)


class Renewal(Record):
    """An answer that takes the place of an earlier one `when` the house was repaired.

    It counts only with the document named by `proved_by`; without it, or without an
    answer, the earlier answer stands.
    """

    when: Mapping[str, tuple[str, ...]]
    answer: str
    proved_by: str


class Check(Record):
    """One test of a standard: which answer, and what keeps it.

    Exactly one of `kept_if` (codes), `above` (a figure of the round), `at_most`
    (share of another answer) and `flag_unless` decides. A missing answer is evidence
    missing, never a problem; so are the answers of `missing_if`, and a kept answer
    whose document (`proved_by`) is not named. `flag_unless` breaks nothing: an answer
    with any other code is flagged for the evaluator.
    """

    name: Words
    answer: str
    who: Literal["household", "member"] = "household"
    when: Mapping[str, tuple[str, ...]] = {}
    ages: tuple[int, int] | None = None
    kept_if: tuple[str, ...] = ()
    missing_if: tuple[str, ...] = ()
    proved_by: str | None = None
    renewed: Renewal | None = None
    flag_unless: tuple[str, ...] = ()
    above: Literal["income_line"] | None = None
    share_of: str | None = None
    at_most: Share | None = None
    excused: tuple[str, ...] = ()
    proof: str | None = None
    external: bool = False

    @model_validator(mode="after")
    def _one_comparison(self) -> "Check":
        given = (self.kept_if, self.above, self.at_most is not None, self.flag_unless)
        if sum(map(bool, given)) != 1:
            raise ValueError("exactly one of kept_if, above, at_most and flag_unless")
        return self


class Standard(Named):
    """One of the two no-worries and three guarantees, or income.

    `of_members` marks what concerns single members: under the person rule (A10) only
    they count.
    """

    tests: Mapping[str, Check]
    of_members: bool = False
    amounts: Mapping[str, int] = {}
    sources: tuple[str, ...] = ()
    source: str = ""


class Registry(Provision):
    """Which registry statuses count as lifted and as still poor."""

    lifted: tuple[str, ...]
    still_poor: tuple[str, ...]
    exit_years: Mapping[str, int]


class Recognition(Provision):
    """Objects of recognition, the answers that recognise, the kinds of household that count."""

    objects: tuple[str, ...]
    recognises: tuple[str, ...]
    kinds: tuple[str, ...]
