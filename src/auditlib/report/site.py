"""The site: a page for every notebook, and one that leads to all of them.

The public site shows what anybody may see, and links to public files alone. The team's
own shows the notebooks as they are, and links to every workbook.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from auditlib.files.stages import STAGES, numbered
from auditlib.language import Language, Words
from auditlib.report.audience import Audience, linked
from auditlib.report.county import STANDPOINTS
from auditlib.report.html import Link, first_picture, notebook_page, site_page, stylesheet
from auditlib.report.publishing import for_the_public
from auditlib.report.record import Standpoint

FAILED = ("运行失败", "run failed", "bad")


@dataclass(frozen=True)
class SiteRound:
    """What the site must know of a round: language, mark, title, and its counties by code.

    The start page lists up to `side_by_side` counties in one table; more by what was concluded.
    """

    name: str
    language: Language
    mark: str
    title: Words
    counties: dict[str, Words]
    side_by_side: int
    team: bool = False

    @property
    def folder(self) -> str:
        """Name of the site's folder."""
        return "team_site" if self.team else "site"

    @property
    def files(self) -> dict[str, Words]:
        """Files of a county that the site links to, where they exist."""
        return linked(*Audience) if self.team else linked(Audience.PUBLIC)


def write_page(
    site: Path, about: SiteRound, notebook: NotebookNode, *, county: str, stage: str
) -> None:
    """Write the page of one executed notebook; `county` is empty for the consolidated report."""
    up = "../" if county else ""
    links = [
        Link(f"{numbered(name)}.html", f"{i:02d} {words[about.language]}", here=name == stage)
        for i, (name, words) in enumerate(STAGES.items(), 1)
    ]
    where = (
        f"{about.counties[county][about.language]} {county}"
        if county
        else about.title[about.language]
    )
    page = notebook_page(
        notebook if about.team else for_the_public(notebook),
        language=about.language,
        where=where,
        mark=about.mark,
        links=links if county else [],
        up=up,
    )
    path = site / county / f"{numbered(stage)}.html" if county else site / "consolidated.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page.encode())


def write_index(folder: Path, about: SiteRound) -> Path:
    """Write style and start page of a round's site, and return the start page.

    Parameters
    ----------
    folder
        `outputs/<round>`, with the counties' folders and the pages already written.
    about
        The round.
    """
    site = folder / about.folder
    (site / "assets").mkdir(parents=True, exist_ok=True)
    (site / "assets" / "audit.css").write_bytes(stylesheet().encode())
    consolidated = folder / "consolidated.ipynb"
    picture, alt = "", ""
    if consolidated.is_file():
        picture, alt = first_picture(for_the_public(nbformat.read(consolidated, as_version=4)))
    zh = about.language == "zh"
    index = site_page(
        language="zh-CN" if zh else "en",
        title=about.title[about.language],
        subtitle="每县一份报告、一份结果；点击进入各阶段笔记本。"
        if zh
        else "One report and one result for every county; the links lead to the notebooks.",
        mark=about.mark,
        consolidated=(site / "consolidated.html").is_file(),
        words=dict(
            zip(
                ("consolidated", "county", "conclusion", "files"),
                ("汇总报告", "县", "结论", "文件")
                if zh
                else ("Consolidated report", "county", "conclusion", "files"),
                strict=True,
            )
        ),
        stages=[words[about.language] for words in STAGES.values()],
        groups=_groups(about, [_row(folder, about, code) for code in about.counties]),
        picture=picture,
        alt=alt,
    )
    path = site / "index.html"
    path.write_bytes(index.encode())
    return path


_FIRST = (Standpoint.UNDECIDED, Standpoint.RECTIFYING)


def _groups(about: SiteRound, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return the rows of the start page; of a large round by conclusion, to be unfolded.

    First come runs that failed and counties without a decision; a short group is open.
    """
    if len(rows) <= about.side_by_side:
        return [{"words": "", "rows": rows}]
    others = [each for each in STANDPOINTS if each not in _FIRST]
    order = [FAILED, *(STANDPOINTS[each] for each in (*_FIRST, *others))]
    found: list[dict[str, object]] = []
    for zh, en, _ in order:
        words = zh if about.language == "zh" else en
        those = [row for row in rows if row["conclusion"] == words]
        if those:
            short = len(those) <= about.side_by_side
            found.append({"words": words, "rows": those, "open": short})
    return found


def _row(folder: Path, about: SiteRound, county: str) -> dict[str, object]:
    report = folder / county / numbered("report") / "report.json"
    standpoint = ""
    if report.is_file():
        values = json.loads(report.read_text("utf-8"))
        standpoint = values.get("standpoint", Standpoint.AWAITING.value)
    zh, en, tone = STANDPOINTS[Standpoint(standpoint)] if standpoint else FAILED
    return {
        "name": f"{about.counties[county][about.language]} {county}",
        "conclusion": zh if about.language == "zh" else en,
        "tone": tone,
        "stages": list(_stage_links(folder / about.folder, county)),
        "files": [
            {"href": f"../{county}/{file}", "text": words[about.language]}
            for file, words in about.files.items()
            if (folder / county / file).is_file()
        ],
    }


def _stage_links(site: Path, county: str) -> Iterable[dict[str, str]]:
    for i, stage in enumerate(STAGES, 1):
        there = (site / county / f"{numbered(stage)}.html").is_file()
        yield {"href": f"{county}/{numbered(stage)}.html" if there else "", "text": f"{i:02d}"}


def build_site(folder: Path, about: SiteRound, counties: Sequence[str] | None = None) -> Path:
    """Write all pages of a round anew from the notebooks that exist, and return the start page."""
    for county in counties or about.counties:
        for stage in STAGES:
            path = folder / county / f"{numbered(stage)}.ipynb"
            if path.is_file():
                notebook = nbformat.read(path, as_version=4)
                write_page(folder / about.folder, about, notebook, county=county, stage=stage)
    path = folder / "consolidated.ipynb"
    if path.is_file():
        notebook = nbformat.read(path, as_version=4)
        write_page(folder / about.folder, about, notebook, county="", stage="report")
    return write_index(folder, about)
