"""The consolidated report: read the scraps of every county, and nothing else of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import scrapbook

from auditlib.files.root import find_root
from auditlib.files.stages import numbered
from auditlib.files.writing import from_json, to_json, write_text
from auditlib.language import Words
from auditlib.params import Round as RoundRecord
from auditlib.params import load_round
from auditlib.params.reading import read
from auditlib.plan import Plan
from auditlib.problems import InputError
from auditlib.report.consolidated import Consolidated, Failure, Line, many, spot_checks
from auditlib.report.documents import docx_bytes
from auditlib.report.documents.consolidated import (
    consolidated_report,
    consolidated_workbook,
    public_notice,
)
from auditlib.report.page import Page
from auditlib.report.record import CountyReport

FAILURES = "failures.json"
"""Written by a run beside the counties' folders: which stage of which county failed, and why."""


@dataclass(frozen=True)
class Round:
    """One round, with the names of its counties by code."""

    plan: Plan
    record: RoundRecord
    names: dict[str, Words]
    switches: Mapping[str, str]
    folder: Path

    @property
    def page(self) -> Page:
        """What tables and pictures must know of the round."""
        return Page(
            language=self.record.language,
            synthetic=self.record.synthetic,
            round=self.record.round,
            county="",
            name=self.record.title,
            class_name=Words("", ""),
            as_of=self.record.as_of,
            plan=self.plan,
            codes=self.plan.codelists(),
            places={},
            limits={},
        )


def open_round(
    round: str = "jilin-2018-demo",
    params: str = "params",
    outputs: str = "outputs",
    *,
    root: Path | None = None,
    only: Sequence[str] = (),
) -> Round:
    """Open a round to consolidate it; see `open_audit` for the parameters.

    A county whose file cannot be read is named by its code: its own run tells why.
    With `only` no other county is named.
    """
    root = root or find_root(Path.cwd(), params)
    plan, record, switches = load_round(root / params, round)
    codes = only or record.counties
    names = {code: _name(root / params / "counties", code) for code in codes}
    return Round(plan, record, names, switches, root / outputs / round)


def _name(folder: Path, code: str) -> Words:
    try:
        name = read(folder / f"{code}.yaml", f"params/counties/{code}.yaml").values["name"]
        return Words(str(name["zh"]), str(name["en"]))
    except (InputError, TypeError, KeyError):
        return Words(code, code)


def consolidate(round: Round) -> tuple[Consolidated, dict[str, str]]:
    """Return the record of the consolidated report and the digests of its papers.

    Both are written beside the counties. Of many counties the digest of the record's own
    file is among them.
    """
    failed = _failures(round.folder)
    lines = tuple(_line(round, code, failed.get(code)) for code in round.record.counties)
    record = Consolidated(
        version=1,
        round=round.record.round,
        lines=lines,
        spot_checks=spot_checks(
            round.page,
            lines,
            taken=round.switches["spot_check_base"],
            seed=round.record.spot_check_seed,
        ),
    )
    text = to_json(record)
    write_text(round.folder / "consolidated.json", text)
    made = papers(round, record)
    for name, content in made.items():
        (round.folder / name).write_bytes(content)
    if many(round.page, record):
        made["consolidated.json"] = text.encode()
    return record, {name: sha256(content).hexdigest() for name, content in made.items()}


def papers(round: Round, record: Consolidated) -> dict[str, bytes]:
    """Return the papers of the round by file name."""
    page, of_round = replace(round.page, public=True), round.record
    return {
        "consolidated.docx": docx_bytes(consolidated_report(page, of_round, record)),
        "consolidated.xlsx": consolidated_workbook(page, record),
        "public_notice.docx": docx_bytes(public_notice(page, of_round, record)),
    }


def _failures(folder: Path) -> dict[str, Failure]:
    path = folder / FAILURES
    if not path.is_file():
        return {}
    found = json.loads(path.read_text("utf-8"))
    return {code: Failure(**values) for code, values in found.items()}


def _line(round: Round, code: str, failure: Failure | None) -> Line:
    notebook = round.folder / code / f"{numbered('report')}.ipynb"
    report, waiting = None, ""
    if failure is None and notebook.is_file():
        scraps = scrapbook.read_notebook(str(notebook)).scraps
        data = scraps["report"].data if "report" in scraps else {}
        waiting = str(data.get("reason", ""))
        if data and not waiting:
            report = from_json(CountyReport, json.dumps(data))
    if failure is None and report is None and not waiting:
        failure = Failure("report", None, "the notebook has not been run")
    return Line(code, round.names[code], report, waiting, failure)
