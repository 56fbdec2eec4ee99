"""Marked names and numbers in every field of every kind of export come out nowhere.

R119, R085, A50: what the evaluators take in holds the answers of people; what leaves the
intake holds study identifiers. The tables below `data/` stay with the team.
"""

import argparse
import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from auditlib import pipeline
from auditlib.cli import main
from auditlib.cli.check import check_county
from auditlib.sampling.pseudonym import household_id
from auditlib.tables import TABLES, Kind
from tests.conftest import COUNTY, Project
from tests.fieldwork import servers
from tests.fieldwork.servers import Submission
from tests.fieldwork.test_intake import HOUSEHOLD, VISITS, in_county, village
from tests.spec.test_privacy import MARKS, traces, traces_below

OPTIONS = argparse.Namespace(round="golden", params="params", outputs="outputs")
UNKNOWN = ("户主", "其他（请注明）", "comments", "q99_other", "备用列", "王测敏", "13812345678")


def marked(visits: list[Submission]) -> list[Submission]:
    """Return good visits and, of each of its questions, one visit with a mark in it."""
    found = list(visits)
    names = [q.name for _, q in servers.questions(HOUSEHOLD)]
    members = [q.name for _, q in servers.questions(HOUSEHOLD, "visit_persons")]
    for i, name in enumerate(names):
        mark = MARKS[i % len(MARKS)]
        line = {"line": "1", "age": "40", "registered": "yes", members[i % len(members)]: mark}
        answers = {**visits[0].answers, "visit_id": f"M{i:03d}", name: mark}
        found.append(Submission(f"bbbb-{i:04d}", 100 + i, answers, {"visit_persons": [line]}))
    odd = replace(found[-1], uuid=MARKS[2], number=900, version=MARKS[0], review=MARKS[1])
    return [*found, odd]


def with_unknown(rows: list[list[str]]) -> list[list[str]]:
    """Return a sheet with columns that no form knows, full of marks, before the others."""
    heads = [*UNKNOWN, *rows[0]]
    more = [[MARKS[(i + j) % len(MARKS)] for j in range(len(UNKNOWN))] for i in range(len(rows))]
    return [heads, *([*extra, *row] for extra, row in zip(more, rows[1:], strict=False))]


def widened(content: bytes) -> bytes:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return servers.text_csv(with_unknown(rows))


def odk(visits: list[Submission]) -> dict[str, bytes]:
    files = {name: widened(text) for name, text in servers.odk(HOUSEHOLD, visits).items()}
    whole = servers.zipped({f"王测敏/{name}": text for name, text in files.items()})
    return {"王测敏-13812345678.zip": whole}


def kobo(visits: list[Submission]) -> dict[str, bytes]:
    rows = {k: with_unknown(r) for k, r in servers.kobo_rows(HOUSEHOLD, visits).items()}
    rows["欧阳测敏"] = [["list", "name"], [MARKS[0], MARKS[3]]]
    return {"欧阳测敏.xlsx": servers.workbook(rows)}


def kobo_labels(visits: list[Submission]) -> dict[str, bytes]:
    rows = servers.kobo_rows(HOUSEHOLD, visits, labels="zh", select="details")
    return {"13812345678.xlsx": servers.workbook({k: with_unknown(r) for k, r in rows.items()})}


def surveycto(visits: list[Submission]) -> dict[str, bytes]:
    return {"王测敏_WIDE.csv": widened(servers.surveycto(HOUSEHOLD, timed(visits)))}


def surveycto_long(visits: list[Submission]) -> dict[str, bytes]:
    files = servers.surveycto_long(HOUSEHOLD, timed(visits))
    return {name: widened(text) for name, text in files.items()}


def timed(visits: list[Submission]) -> list[Submission]:
    """Return the visits without marks where the server itself writes a time."""
    good = visits[0].answers
    times = {name: good[name] for name in ("started", "ended")}
    return [replace(visit, answers={**visit.answers, **times}) for visit in visits]


def excel(visits: list[Submission]) -> dict[str, bytes]:
    """Return a workbook with the headings of the tables and a mark in every column."""
    book = Workbook()
    book.remove(book.active)
    for name in ("household_visits", "visit_persons", "recognition", "interviews"):
        columns = [c for c in TABLES[name].columns if c.kind is not Kind.PRIVATE]
        sheet = book.create_sheet(TABLES[name].zh)
        sheet.append([*(c.zh for c in columns), *UNKNOWN])
        for i in range(len(columns)):
            row = ["" for _ in columns]
            row[i] = MARKS[i % len(MARKS)]
            own = [MARKS[(i + 2) % len(MARKS)] if c.kind is Kind.TEXT else t
                   for c, t in zip(columns, row, strict=True)]  # fmt: skip
            sheet.append([*own, *MARKS, MARKS[0]])
    buffer = io.BytesIO()
    book.save(buffer)
    return {"王测敏.xlsx": buffer.getvalue()}


KINDS: dict[str, Callable[[list[Submission]], dict[str, bytes]]] = {
    "odk": odk,
    "kobo": kobo,
    "kobo_labels": kobo_labels,
    "surveycto": surveycto,
    "surveycto_long": surveycto_long,
    "excel": excel,
}


def written(project: Project, files: dict[str, bytes]) -> list[str]:
    paths = [project.root / name for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_bytes(content)
    return [str(path) for path in paths]


@pytest.mark.parametrize("kind", KINDS)
def test_marks_in_every_field_of_an_export_reach_no_sheet_message_or_result(
    kind: str, project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    paths = written(project, KINDS[kind](marked(in_county(project, VISITS))))
    command = ["intake", "--round", project.round, "--county", project.county]

    codes = [main([*command, *paths]), main(["--language", "zh", *command, *paths, "--json"])]
    told = "".join(f"{p.says('zh')}{p.says('en')}" for p in check_county(COUNTY, OPTIONS))
    pipeline.fieldwork(pipeline.open_audit(COUNTY, "golden"))

    out, err = capfd.readouterr()
    assert codes == [1, 1], err
    assert not traces(out + err + told)
    assert traces_below(project.root / "outputs") == {}
    report = traces_below(project.data / "intake")
    assert "reconciliation.xlsx" not in report
    assert [name for name in report if name.endswith("export.json")] == []
    book = load_workbook(project.data / "intake" / "reconciliation.xlsx")
    *rows, last, _ = book["对账 reconciliation"].iter_rows(min_row=3, values_only=True)
    assert all(row[2] == (row[3] or 0) + (row[4] or 0) + (row[5] or 0) for row in [*rows, last])


def test_free_text_is_hidden_before_it_is_kept(project: Project) -> None:
    """A note is written with what names a person hidden; the export itself keeps its words."""
    visits = in_county(project, VISITS[:1])
    visits[0] = replace(visits[0], answers={**visits[0].answers, "note": "问 王测敏，13812345678"})
    paths = written(project, {"one.zip": servers.zipped(servers.odk(HOUSEHOLD, visits))})

    assert main(["intake", "--round", project.round, "--county", project.county, *paths]) == 0

    below = traces_below(project.data)
    assert below == {}


def test_a_registry_number_becomes_the_study_identifier_with_the_rounds_key(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    """A form of one's own may ask for 户编号; only the keyed pseudonym is written."""
    number = "S220821000007"
    head = "KEY,hh,type,v,res,by,at"
    row = f"uuid:1,{number},lifted,{village(project)},completed,E011,2019-03-05T09:00:00+08:00"
    table = [("hh", "household"), ("type", "kind"), ("v", "village"), ("res", "disposition")]
    table += [("by", "enumerator"), ("at", "started")]
    mapping = "\n".join(f"{a},household_visits,{b}" for a, b in table)
    files = {
        "own.csv": f"{head}\n{row}\n".encode(),
        "map.csv": f"heading,table,column\n{mapping}\n".encode(),
    }
    own, by = written(project, files)
    command = ["intake", "--round", project.round, "--county", project.county, "--map", by, own]

    main(command)

    kept: Any = (project.data / "intake" / "002" / "household_visits.csv").read_text("utf-8")
    key = pipeline.open_audit(COUNTY, "golden").key
    assert household_id(number, key=key) in kept
    assert number not in kept + "".join(capfd.readouterr())
    assert not [p for p in Path(project.data / "intake").rglob("*.csv") if number in p.read_text()]
