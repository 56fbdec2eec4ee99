"""For whom every output is: anybody, the one it is addressed to, or the team alone.

Every file that a round writes has its line here; what has none is the team's own, and a
test fails when one appears. The site links to, and `auditlib site --publish` copies,
what is public and nothing else.
"""

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatch

from auditlib.language import Words


class Audience(StrEnum):
    """Who may have a file."""

    PUBLIC = "public"
    ADDRESSEE = "addressee"
    TEAM = "team"


@dataclass(frozen=True)
class Output:
    """A kind of file: its path below the round's outputs, for whom it is, what links call it.

    `lists_units` marks the public files of the draw, which must list the study
    identifiers: nobody could draw again without them, and no answer stands beside them.
    """

    pattern: str
    audience: Audience
    name: Words | None = None
    lists_units: bool = False


_PUBLIC, _TEAM = Audience.PUBLIC, Audience.TEAM

_DRAW = {
    "redraw.html": (Words("重抽网页", "redraw"), True),
    "frame.csv": (Words("抽样框", "frame"), True),
    "design.json": (Words("设计", "design"), False),
    "register.csv": (Words("抽签登记", "register of draws"), False),
    "left_out.csv": (Words("抽样框外单位", "units left out"), False),
    "imported.csv": (Words("省扶贫办名单", "list of the office"), False),
    "sample.csv": (Words("样本", "sample"), True),
    "field_lists.xlsx": (Words("调查名单", "field lists"), True),
}
"""The files of a draw; what lists the units drawn exists only when the draw is revealed."""

OUTPUTS = (
    Output("site/*", _PUBLIC),
    Output("consolidated.docx", _PUBLIC),
    Output("consolidated.xlsx", _PUBLIC),
    Output("public_notice.docx", _PUBLIC),
    *(
        Output(f"*/01_sampling/{file}", _PUBLIC, name, lists_units=units)
        for file, (name, units) in _DRAW.items()
    ),
    *(
        Output(
            f"*/07_rectification/recheck_{file}",
            _PUBLIC,
            Words(f"复核{name.zh}", f"re-check: {name.en}"),
            lists_units=units,
        )
        for file, (name, units) in _DRAW.items()
    ),
    Output(
        "*/06_procedure/implementation_plan.docx",
        _PUBLIC,
        Words("评估实施方案", "implementation plan"),
    ),
    Output("*/08_report/report.docx", _PUBLIC, Words("报告", "report")),
    Output("*/08_report/result_sheet.docx", _PUBLIC, Words("结果", "result sheet")),
    Output("*/08_report/annexes.xlsx", _PUBLIC, Words("附表", "annexes")),
    Output(
        "*/07_rectification/feedback_letter.docx",
        Audience.ADDRESSEE,
        Words("整改反馈函", "feedback letter"),
    ),
    Output("*/02_fieldwork/quarantine.xlsx", _TEAM, Words("隔离行", "quarantine")),
    Output("*/02_fieldwork/quality.xlsx", _TEAM, Words("调查质量", "quality of the field work")),
    Output("*/03_findings/case_list.xlsx", _TEAM, Words("问题清单", "list of cases")),
    Output("team_site/*", _TEAM),
    Output("consolidated.ipynb", _TEAM),
    Output("consolidated.json", _TEAM),
    Output("consolidated.done.json", _TEAM),
    Output("failures.json", _TEAM),
    Output("run-log.jsonl", _TEAM),
    Output("*/??_*.ipynb", _TEAM),
    Output("*/??_*/manifest.json", _TEAM),
    Output("*/??_*/notebook.json", _TEAM),
    *(
        Output(f"*/{stage}.json", _TEAM)
        for stage in (
            "01_sampling/sampling",
            "02_fieldwork/fieldwork",
            "03_findings/findings",
            "04_indicators/indicators",
            "05_checks/checks",
            "06_procedure/procedure",
            "07_rectification/rectification",
            "08_report/report",
        )
    ),
    *(
        Output(f"*/{table}.csv", _TEAM)
        for table in (
            "01_sampling/villages",
            "01_sampling/batches",
            "01_sampling/blind_spots",
            "07_rectification/recheck_villages",
            "07_rectification/recheck_batches",
            "07_rectification/recheck_blind_spots",
            "07_rectification/recheck_response",
            "02_fieldwork/response",
            "02_fieldwork/flags",
            "02_fieldwork/duplicates",
            "02_fieldwork/times",
            "02_fieldwork/purposive",
            "02_fieldwork/variables",
            "03_findings/outcomes",
            "03_findings/shortfalls",
            "03_findings/cases",
            "03_findings/near_line",
        )
    ),
)
"""Every kind of output, the first that fits holds."""


def output_of(path: str) -> Output | None:
    """Return what is declared of a file, by its path below the round's outputs; None if nothing."""
    if path.startswith("pdf/"):  # a paper as PDF is for whom the paper is
        path = path.removeprefix("pdf/").removesuffix(".pdf") + ".docx"
    return next((each for each in OUTPUTS if fnmatch(path, each.pattern)), None)


def linked(*audiences: Audience) -> dict[str, Words]:
    """Return the files of a county that a site for these people links to, with their names."""
    return {
        each.pattern.removeprefix("*/"): each.name
        for each in OUTPUTS
        if each.name and each.audience in audiences
    }
