"""What every table and picture must know: language, county, plan, and whether data are real."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import wraps
from html import escape
from typing import Any

from auditlib.cycles import uncollected
from auditlib.language import Language, Words
from auditlib.plan import Plan
from auditlib.tables import CodeList

SYNTHETIC = "合成数据，仅供演示 · synthetic data"
"""The mark on every page, sheet and picture made from invented data."""


@dataclass(frozen=True)
class Page:
    """The frame of one county's pages.

    `places` are names of villages and townships by code; `limits` the thresholds
    that hold in this county, by indicator. What is `public` leaves the team: small
    cells are hidden there, and no household is listed.
    """

    language: Language
    synthetic: bool
    round: str
    county: str
    name: Words
    class_name: Words
    as_of: date
    plan: Plan
    codes: Mapping[str, CodeList]
    places: Mapping[str, str]
    limits: Mapping[str, Fraction]
    public: bool = False

    def says(self, zh: str, en: str) -> str:
        """Return the words in the page's language."""
        return zh if self.language == "zh" else en

    def label(self, codelist: str, code: str) -> str:
        """Return the label of a code; the code itself where the list has none."""
        words = self.codes.get(codelist, {}).get(code)
        return words[self.language] if words else code

    def labels(self, codelist: str, codes: str) -> str:
        """Return the labels of several codes."""
        return self.says("、", ", ").join(self.label(codelist, code) for code in codes.split())

    def place(self, code: str) -> str:
        """Return the name of a village or township with its code."""
        name = self.places.get(code.removeprefix("V-"), "")
        return f"{name} {code.removeprefix('V-')}".strip()

    def area(self, code: str) -> str:
        """Return the name of a township, or of the area that the plan sets in its place."""
        kind = self.plan.sampling.townships.area
        return self.place(code) if kind == "township" else self.label(kind, code)

    @property
    def areas(self) -> str:
        """What the areas are that every draw reaches: townships, or kinds of terrain."""
        if self.plan.sampling.townships.area == "terrain":
            return self.says("地形", "terrain")
        return self.says("乡镇", "township")

    @property
    def mark(self) -> str:
        """The mark of synthetic data, empty for real data."""
        return SYNTHETIC if self.synthetic else ""


PUBLIC = "application/vnd.auditlib.public+json"
"""Under this type an output of a notebook holds what the site shows in its place."""


def for_both(team: dict[str, Any], public: Any) -> dict[str, Any]:
    """Return an output as the team sees it, with what anybody may see beside it."""
    if public is None:
        return team
    shown = public._repr_mimebundle_()
    if "image/png" in shown:
        shown["image/png"] = b64encode(shown["image/png"]).decode()
    return {**team, PUBLIC: shown}


@dataclass(frozen=True)
class Sentence:
    """One or more sentences for display; `tone` is `plain`, `good`, `warn` or `bad`.

    `public` is what the site shows instead, None where that is the same.
    """

    lines: tuple[str, ...]
    tone: str = "plain"
    public: Any = field(default=None, repr=False)

    def _repr_html_(self) -> str:
        inner = "".join(f"<p>{escape(line)}</p>" for line in self.lines)
        return f'<div class="say {self.tone}">{inner}</div>'

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return for_both({"text/html": self._repr_html_(), "text/plain": repr(self)}, self.public)

    def __repr__(self) -> str:
        return "\n".join(self.lines)


def say(*lines: str, tone: str = "plain") -> Sentence:
    """Return sentences for display."""
    return Sentence(tuple(line for line in lines if line), tone)


@dataclass(frozen=True)
class Awaiting:
    """What stands in place of a stage's record while the county waits for its field work.

    `reason` is `awaiting_fieldwork`, `sealed`, or `terminated` where there will be no result,
    or `vetoed` where a veto decides without one.
    """

    version: int
    stage: str
    reason: str

    def says(self, page: Page) -> Sentence:
        """Return the sentence that stands in the place of a table or picture."""
        if self.reason == "vetoed":
            return say(
                page.says(
                    "一票否决，当年不予退出；不列指标结果（五（四））。",
                    "Vetoed: no exit this year, and no indicator is shown (五（四）).",
                ),
                tone="bad",
            )
        if self.reason == "terminated":
            return say(
                page.says(
                    "评估已终止，不出结果（七（二））。",
                    "The evaluation was terminated; there is no result (七（二）).",
                ),
                tone="bad",
            )
        if self.reason == "sealed":
            return say(
                page.says(
                    "名单封存中，等待公开密码。", "The sample is sealed; awaiting its reveal."
                )
            )
        return say(page.says("等待实地调查。", "Awaiting field work."))


def waits(view: Callable[[Page, Any], Any]) -> Callable[[Page, Any], Any]:
    """Make a view say that the county awaits its field work, where there is no record yet."""

    @wraps(view)
    @uncollected()
    def shown(page: Page, record: Any) -> Any:
        return record.says(page) if isinstance(record, Awaiting) else view(page, record)

    return shown


def percent(value: Fraction | float | None, *, digits: int = 2) -> str:
    """Return a share as per cent, rounded for display only; – where there is none."""
    if value is None:
        return "–"
    exact = Fraction(value) * 100
    scaled = round(exact * 10**digits)
    return f"{scaled / 10**digits:.{digits}f} %"


def counted(numerator: int | Fraction, denominator: int) -> str:
    """Return numerator / denominator as they stand."""
    whole = numerator.denominator == 1
    top = f"{int(numerator):,}" if whole else f"{float(numerator):,.1f}"
    return f"{top} / {denominator:,}"
