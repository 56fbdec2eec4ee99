"""The tablets' logs: found in every kind of export, timed, matched, and never quoted.

R009, R128. Events as ODK Collect writes them (XForms specification, client audit logs);
KoboToolbox keeps one file a submission, SurveyCTO sums the time of a field.
"""

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from auditlib.cli import main
from auditlib.fieldwork.intake import Log, Taken, take
from auditlib.fieldwork.intake.logs import read_log
from auditlib.fieldwork.quality import time_questions, time_visits
from auditlib.files.exports import read_exports
from auditlib.files.logs import read_logs
from tests.conftest import Project
from tests.fieldwork import servers
from tests.fieldwork.test_intake import CODES, HOUSEHOLD, LAYOUTS, VISITS, export, in_county

HEAD = "event,node,start,end,latitude,longitude,accuracy,old-value,new-value"
MS = 1_551_749_412_000
EVENTS = (
    (f"form start,,{MS},", ""),
    (f"question,/data/cover/income,{MS},{MS + 30_000}", ",,,,,5400"),
    (f"question,/data/food/staple,{MS + 30_000},{MS + 31_000}", ",,,,,yes"),
    (f"form exit,,{MS + 31_000},", ""),
    (f"form resume,,{MS + 1_831_000},", ""),
    (f"question,/data/cover/income,{MS + 1_831_000},{MS + 1_841_000}", ",,,,5400,王测敏"),
    (f"group questions,/data/w,{MS + 1_841_000},{MS + 1_851_000}", ""),
    (f"question,/data/w/water_quality,{MS + 1_841_000},{MS + 1_851_000}", ",,,,,met"),
    (f"question,/data/w/water_access,{MS + 1_841_000},{MS + 1_851_000}", ",,,,,met"),
    (f"question,/data/visit_persons[2]/age,{MS + 1_851_000},{MS + 1_856_000}", ",,,,,40"),
    ("form finalize,,not a moment,", ""),
)


def log(before: str = "") -> str:
    first = "instance ID," if before else ""
    rows = [f"{before},{a}{b}" if before else f"{a}{b}" for a, b in EVENTS]
    return "\n".join([first + HEAD, *rows]) + "\n"


def rows_of(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.strip().split("\n")]


def test_questions_are_timed_shared_screens_divided_and_pauses_told() -> None:
    """Two questions on one screen share ten seconds; the answers are compared, not kept."""
    times, use = read_log(Log("a.csv", rows_of(log("uuid:x"))))

    told = {t.question: (t.seconds, t.opened, t.changed, t.pause) for t in times}
    assert told == {
        "income": (40.0, 2, 1, 30.0),
        "staple": (1.0, 1, 0, 0.0),
        "water_quality": (5.0, 1, 0, 0.0),
        "water_access": (5.0, 1, 0, 0.0),
        "age": (5.0, 1, 0, 0.0),
    }
    assert (use.events, use.unused) == (11, 1)
    assert "王测敏" not in repr(times)


def taken(paths: list[Path]) -> Taken:
    return take(read_exports(paths), LAYOUTS, CODES, logs=read_logs(paths))


def central(tmp_path: Path) -> list[Path]:
    files = servers.odk(HOUSEHOLD, VISITS)
    files["household - audit.csv"] = log("aaaa-0001").encode()
    (tmp_path / "h.zip").write_bytes(servers.zipped(files))
    return [tmp_path / "h.zip"]


def kobo(tmp_path: Path) -> list[Path]:
    """The workbook, and the zip of media with a folder for every submission."""
    uuid = "0f1e2d3c-0000-4000-8000-123456789abc"
    rows = servers.kobo_rows(HOUSEHOLD, VISITS)
    main_ = next(iter(rows.values()))
    main_[1][main_[0].index("_uuid")] = uuid
    (tmp_path / "h.xlsx").write_bytes(servers.workbook(rows))
    media = {f"team3/attachments/abc/{uuid}/audit.csv": log().encode()}
    (tmp_path / "media.zip").write_bytes(servers.zipped(media))
    return [tmp_path / "h.xlsx", tmp_path / "media.zip"]


def surveycto(tmp_path: Path) -> list[Path]:
    rows = list(csv.reader(io.StringIO(servers.surveycto(HOUSEHOLD, VISITS).decode(), newline="")))
    named = [f"media\\TA_{i}.csv" for i in range(len(VISITS))]
    body = servers.text_csv(
        [[a, *row] for a, row in zip(["text_audit", *named], rows, strict=True)]
    )
    own = "Field name,Total duration (seconds),First appeared (seconds into survey)\n"
    own += "cover/income,40,3\nfood[1]/staple,1,44\nnote,,5\n"
    (tmp_path / "h_WIDE.csv").write_bytes(body)
    (tmp_path / "TA_0.csv").write_text(own)
    return [tmp_path / "h_WIDE.csv", tmp_path / "TA_0.csv"]


@pytest.mark.parametrize("kind", [central, kobo, surveycto])
def test_logs_are_found_and_belong_to_their_visit(kind: Any, tmp_path: Path) -> None:
    found = taken(kind(tmp_path))

    table = found.tables["question_times"]
    income = table[table["question"] == "income"].iloc[0]
    assert (income["visit_id"], income["seconds"]) == ("F000000000001", "40.0")
    assert set(table["_reason"]) == {""}
    assert len(found.logs) == 1
    assert "王测敏" not in table.to_csv()


def test_a_log_without_its_submission_is_set_aside(tmp_path: Path) -> None:
    files = servers.odk(HOUSEHOLD, VISITS)
    files["household - audit.csv"] = log("nobody").encode()
    (tmp_path / "h.zip").write_bytes(servers.zipped(files))

    found = taken([tmp_path / "h.zip"])

    assert set(found.tables["question_times"]["_reason"]) == {"no_parent"}


TIMES = pd.DataFrame(
    [("v0", "income", 40.0, 2, 1, 30.0), ("v0", "staple", 1.0, 1, 0, 0.0),
     ("v1", "income", 90.0, 1, 0, None)],
    columns=["visit_id", "question", "seconds", "opened", "changed", "pause"],
)  # fmt: skip


def test_visits_are_timed_by_their_logs_and_stay_empty_without_one() -> None:
    visits = pd.DataFrame({"visit_id": ["v0", "v1", "v2"]})

    told = time_visits(visits, TIMES, fast=2).set_index("visit_id")

    assert list(told.loc["v0"]) == pytest.approx([0.68, 1, 30.0, 1])
    assert list(told.loc["v1"]) == pytest.approx([1.5, 0, 1.5, 0])
    assert told.loc["v2"].isna().all()
    assert list(time_questions(TIMES)["question"]) == ["income", "staple"]
    assert list(time_questions(TIMES)["median"]) == [65.0, 1.0]
    assert time_questions(TIMES.iloc[:0]).empty


def test_intake_says_whether_there_was_a_log(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without one the checks of time say that they had nothing to look at."""
    visits = in_county(project, VISITS)
    command = ["intake", "--round", project.round, "--county", project.county]
    files = servers.odk(HOUSEHOLD, visits)
    files["household - audit.csv"] = log("aaaa-0001").encode()
    with_log = project.root / "with.zip"
    with_log.write_bytes(servers.zipped(files))

    assert main([*command, export(project, "one.zip", visits)]) == 0
    assert "导出中没有平板日志" in capsys.readouterr().out
    assert main([*command, str(with_log)]) == 0

    out = capsys.readouterr().out
    assert "平板日志 1 个，事件 11 条，其中 1 条不涉及用时。" in out
    assert "question_times" in out
