"""Which counties of a large round are looked at first, and how their tables fold.

A round of few counties stands side by side in its own order. One of more than the plan's
`consolidated.side_by_side` is counted first, and its counties follow in the order in
which they need a decision or a second look; none is left out.
"""

from collections.abc import Sequence
from dataclasses import replace

from auditlib.files.stages import STAGES, numbered
from auditlib.indicators.assurance import Surety
from auditlib.report.consolidated.record import Consolidated, Line, standpoint
from auditlib.report.page import Page
from auditlib.report.record import Standpoint
from auditlib.report.tables import Shown, table

RANKS = {
    "failed": ("运行失败", "run failed"),
    "undecided": ("未定", "undecided"),
    "fragile": ("拟退出，但改变一项读法即不同", "proposed, but one other reading changes it"),
    "not_final": ("尚不能定稿（有未结问题等）", "not final (open cases and the like)"),
    "rectifying": ("整改复核中", "in rectification"),
    "not_this_year": ("建议当年不予退出", "recommended not to exit this year"),
    "no_result": ("不出结果", "no result"),
    "awaiting": ("等待实地调查", "awaiting field work"),
    "not_secured": ("拟退出，但样本不足以保证", "proposed, but not secured by the sample"),
    "secure": ("拟退出，样本足以保证", "proposed, and secured by the sample"),
}
"""Why a county is looked at, in the order in which it is."""

_DECIDED = {
    Standpoint.UNDECIDED: "undecided",
    Standpoint.RECTIFYING: "rectifying",
    Standpoint.NOT_THIS_YEAR: "not_this_year",
    Standpoint.NO_RESULT: "no_result",
    Standpoint.AWAITING: "awaiting",
}

NAMES = 10  # of counties that a cell of a large round names


def many(page: Page, record: Consolidated) -> bool:
    """Say whether the round has more counties than can stand side by side."""
    return len(record.lines) > page.plan.consolidated.side_by_side


def attention(line: Line) -> str:
    """Return the first of `RANKS` that holds for a county."""
    if line.failure:
        return "failed"
    listed, report = standpoint(line), line.report
    if report is None or listed is Standpoint.UNDECIDED:
        return _DECIDED[listed]
    if listed is Standpoint.PROPOSED and report.flips:
        return "fragile"
    if not report.final:
        return "not_final"
    if listed is Standpoint.PROPOSED:
        secure = all(sure.surety is Surety.SECURE for sure in report.assurance.values())
        return "secure" if secure else "not_secured"
    return _DECIDED[listed]


def by_attention(page: Page, record: Consolidated) -> Consolidated:
    """Return the record with its counties in the order of attention; unchanged where they are few.

    Within a rank, those come first whose result fewer of the readings share, then those
    that break more indicators.
    """
    if not many(page, record):
        return record
    order = list(RANKS)

    def key(line: Line) -> tuple[int, float, int, str]:
        report = line.report
        agree = report.agree / report.combinations if report else 0.0
        kept = sum(j.kept is True for j in report.judgements.values()) if report else 0
        return order.index(attention(line)), agree, kept, line.county

    return replace(record, lines=tuple(sorted(record.lines, key=key)))


def folded(page: Page, record: Consolidated, shown: Shown, lines: Sequence[Line]) -> Shown:
    """Return a table of counties with links to their pages, and folded; unchanged where they are few.

    `lines` are the counties of its rows; the first column names them.
    """
    if not many(page, record):
        return shown
    links = tuple((i, 0, href) for i, line in enumerate(lines) if (href := _page_of(line)))
    return replace(shown, links=links, fold=page.plan.consolidated.side_by_side)


def _page_of(line: Line) -> str:
    """Return the way from the consolidated page to the county's: its report, or what failed."""
    stage = line.failure.stage if line.failure else "report"
    return f"{line.county}/{numbered(stage)}.html" if stage in STAGES else ""


def names(page: Page, record: Consolidated, lines: Sequence[Line]) -> str:
    """Return the names of counties; in a large round only the first, and how many more."""
    told = [line.name[page.language] for line in lines]
    comma = page.says("、", ", ")
    if not many(page, record) or len(told) <= NAMES:
        return comma.join(told)
    more = len(told) - NAMES
    return comma.join(told[:NAMES]) + page.says(f"，另{more}县", f" and {more} more")


def attention_table(page: Page, record: Consolidated) -> Shown:
    """Return how many counties need which attention, in the order of the county table."""
    ordered = by_attention(page, record)
    found: dict[str, list[Line]] = {rank: [] for rank in RANKS}
    for line in ordered.lines:
        found[attention(line)].append(line)
    rows = [
        (page.says(*RANKS[rank]), len(lines), names(page, record, lines))
        for rank, lines in found.items()
        if lines
    ]
    return table(
        page,
        page.says(
            "须先看的县（县表按此排列，同类中读法一致的比例低者在前）",
            "What to look at first (the order of the table of counties; within a kind by the share "
            "of readings that agree)",
        ),
        page.says("情形|县数|县", "kind|counties|names").split("|"),
        rows,
        clause="六（五）、六（六）",
    )
