"""Everything that a county's papers are written from: its parameters and the record of every stage."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from auditlib.checks.summary import Checks
from auditlib.fieldwork.summary import Fieldwork
from auditlib.findings.summary import Findings
from auditlib.indicators.summary import Indicators
from auditlib.params import Params, Round
from auditlib.procedure.summary import Procedure
from auditlib.rectification.summary import Rectification
from auditlib.report.documents.blocks import Block, Figure, Grid, OfficeDocument, number_of
from auditlib.report.page import Page
from auditlib.report.record import CountyReport
from auditlib.sampling.summary import Sampling


@dataclass(frozen=True)
class Dossier:
    """The records of one county's stages; its `page` is public, for papers leave the team."""

    page: Page
    params: Params
    sampling: Sampling
    fieldwork: Fieldwork
    findings: Findings
    indicators: Indicators
    checks: Checks
    procedure: Procedure
    rectification: Rectification
    report: CountyReport

    @property
    def deciding(self) -> Indicators:
        """The indicators that decide: the re-check's where there was one."""
        recheck = self.rectification.recheck
        return recheck.found if recheck else self.indicators


def year_of(params: Params) -> int:
    """Return the year whose exits are evaluated: that of the income line."""
    return params.round.income_line.year


def paper(page: Page, round_: Round, title: str, blocks: Iterable[Block]) -> OfficeDocument:
    """Return a paper of the evaluating institution, its tables and figures numbered.

    It is on the page's county, or on the whole round where the page has none.
    """
    names = (page.name[page.language] if page.county else "", round_.title[page.language])
    return OfficeDocument(
        title=title,
        number=number_of(page),
        running=" · ".join(filter(None, names)),
        mark=page.mark,
        author=round_.evaluator.name,
        language=page.language,
        as_of=page.as_of,
        blocks=numbered(page, blocks),
    )


def numbered(page: Page, blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return the blocks with tables and figures numbered in their order."""
    tables = figures = 0
    done: list[Block] = []
    for block in blocks:
        match block:
            case Grid():
                tables += 1
                start = page.says(f"表{tables}　", f"Table {tables}. ")
                table = replace(block.table, caption=start + block.table.caption)
                done.append(replace(block, table=table))
            case Figure():
                figures += 1
                start = page.says(f"图{figures}　", f"Figure {figures}. ")
                done.append(replace(block, caption=start + block.caption))
            case _:
                done.append(block)
    return tuple(done)


def day(page: Page) -> str:
    """Return the round's day in words."""
    d = page.as_of
    return page.says(f"{d.year}年{d.month}月{d.day}日", f"{d.day} {d:%B} {d.year}")


def signing(page: Page, institution: str) -> tuple[str, ...]:
    """Return the lines to be signed and sealed; names, seal and date are left blank."""
    if page.language == "zh":
        return (
            f"{institution}（盖章）",
            "评估队长（签字）：＿＿＿＿＿＿",
            "负责人（签字）：＿＿＿＿＿＿",
            "＿＿＿＿年＿＿月＿＿日",
        )
    return (
        f"{institution} (seal)",
        "Team leader: ______________",
        "Head of the institution: ______________",
        "Date: ______________",
    )
