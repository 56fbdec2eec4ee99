"""The record of the consolidated report: the counties of a round, one line each."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from auditlib.language import Words
from auditlib.procedure.spot_check import draw_spot_check, spot_check_size
from auditlib.report.county import STANDPOINTS
from auditlib.report.page import Page
from auditlib.report.record import CountyReport, Standpoint


@dataclass(frozen=True)
class Failure:
    """A county whose notebooks did not finish: the stage, the cell, and why."""

    stage: str
    cell: int | None
    reason: str


@dataclass(frozen=True)
class Line:
    """One county in the consolidated report; `report` is None if it failed or waits."""

    county: str
    name: Words
    report: CountyReport | None
    waiting: str
    failure: Failure | None


@dataclass(frozen=True)
class SpotCheck:
    """Base of the national spot check, how many counties it takes (A03), and which.

    `drawn` is empty as long as no seed was made known.
    """

    base: str
    counties: tuple[str, ...]
    number: int
    taken: bool
    drawn: tuple[str, ...] = ()


@dataclass(frozen=True)
class Consolidated:
    """Record of the consolidated report."""

    version: int
    round: str
    lines: tuple[Line, ...]
    spot_checks: tuple[SpotCheck, ...]


def spot_checks(
    page: Page, lines: Sequence[Line], *, taken: str, seed: str = ""
) -> tuple[SpotCheck, ...]:
    """Return the spot check on the national base and on all counties; shares round up.

    Counties are drawn by tickets from `seed`, the text made known in public; none without it.
    """
    share = page.plan.spot_check.share
    national = tuple(
        line.county
        for line in lines
        if line.report and page.plan.classes[line.report.class_].spot_check
    )
    bases = {"national": national, "all": tuple(line.county for line in lines)}
    return tuple(
        SpotCheck(
            base,
            counties,
            spot_check_size(len(counties), share=share),
            base == taken,
            draw_spot_check(counties, share=share, seed=seed) if seed else (),
        )
        for base, counties in bases.items()
    )


def standing(page: Page, line: Line) -> tuple[str, str]:
    """Return the words for the list a county belongs to, and their tone."""
    if line.failure:
        return page.says("运行失败", "run failed"), "bad"
    zh, en, tone = STANDPOINTS[standpoint(line)]
    return page.says(zh, en), tone


def standpoint(line: Line) -> Standpoint:
    """Return the list a county belongs to; a terminated evaluation has no result to show."""
    if line.report is not None:
        return line.report.standpoint
    ended = {"terminated": Standpoint.NO_RESULT, "vetoed": Standpoint.NOT_THIS_YEAR}
    return ended.get(line.waiting, Standpoint.AWAITING)


def incidence(line: Line) -> Fraction:
    """Return a county's composite incidence, the least that it can be; 0 without a result."""
    return line.report.judgements["composite_incidence"].least if line.report else Fraction(0)
