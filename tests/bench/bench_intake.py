"""How fast exports are taken in: 100,000 submissions with 300,000 members, read, parsed, checked.

    python tests/bench/bench_intake.py [--submissions 100000] [--members 3]

ODK Central's zip of CSV files, and KoboToolbox's XLSX through calamine, each in a process
of its own, so that the peak of memory is its own. Beside stands the csv module alone on
the same files, with the ratio. Seconds are those of the processor, since the wall clock
of a shared machine measures its other users; the wall clock is given as well. Exit code
1 if a promise is broken: 40 seconds, 2 GiB.
"""

import argparse
import csv
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, process_time

import xlsxwriter

from auditlib.cycles import uncollected
from auditlib.fieldwork.forms import Form, make_forms
from auditlib.fieldwork.intake import (
    layouts_of,
    office_rows,
    reconcile,
    settle,
    table_layouts,
    take,
)
from auditlib.files.exports import read_exports
from auditlib.files.reading import ROW, Source, Understanding, read_table
from auditlib.files.workbooks import Sheet
from auditlib.params.reading import read
from auditlib.plan import Plan
from auditlib.tables import TABLES

ROOT = Path(__file__).parents[2]
PLAN = Plan.model_validate(read(ROOT / "params" / "plan.yaml", "plan.yaml").values)
HOUSEHOLD: Form = make_forms(PLAN, version="2019022801", year=2018)[0]
SECONDS, MEGABYTES = 40, 2048

Rows = Sequence[Sequence[str]]


def answers(i: int, random: Random) -> dict[str, str]:
    """Return the invented answers of one visit; no household answers like this."""
    day, minute = 1 + i % 18, i % 60
    return {
        "started": f"2019-03-{day:02d}T09:{minute:02d}:12.123+08:00",
        "ended": f"2019-03-{day:02d}T10:{minute:02d}:07.000+08:00",
        "visit_id": f"F{i:012d}",
        "phase": "first",
        "form_version": "2019022801",
        "enumerator": f"E{i % 40:03d}",
        "village": f"9900011{i % 90:02d}200",
        "kind": "lifted",
        "study_id": f"H-{i:012x}",
        "disposition": "completed",
        "income": str(3000 + random.randrange(9000)),
        "one_off_income": "0",
        **dict.fromkeys(("income_stable", "staple", "vegetables"), "yes"),
        "protein": random.choice(("daily", "weekly")),
        "food_source": "own bought",
        **dict.fromkeys(("water_quantity", "water_quality", "water_access"), "met"),
        "water_reliability": random.choice(("met", "basic")),
        **dict.fromkeys(("seasonal_clothes", "daily_clothes"), "yes"),
        "clothes_source": "bought",
        **dict.fromkeys(("care_reached", "care_afforded", "moved_in"), "yes"),
        "housing_kind": "relocated",
        "housing_grade": random.choice("AB"),
        "policies": "registration health water residence",
        "others_present": "none",
        "coached": "no",
        **dict.fromkeys(("recognition_policies", "measures", "results", "exit"), "recognise"),
        "overall": random.choice(("recognise", "basically")),
        "persons": "1",
    }


def member(line: int, random: Random) -> dict[str, str]:
    age = random.randrange(90)
    return {
        "line": str(line),
        "age": str(age),
        "registered": "yes",
        "school_status": "in_school" if 6 <= age <= 15 else "",
        **dict.fromkeys(("insured", "serious_illness_insurance"), "yes"),
        "chronic": "no",
    }


def names(form: Form, repeat: str) -> list[str]:
    found, inside = [], ""
    for q in form.questions:
        if q.type == "begin_repeat":
            inside = q.name
        elif q.type == "end_repeat":
            inside = ""
        elif inside == repeat and not q.type.startswith(("begin", "end_", "note", "audit")):
            found.append(q.name)
    return found


def make(submissions: int, members: int) -> tuple[list[list[str]], list[list[str]]]:
    """Return the rows of the main table and of the members, with ODK's own columns."""
    random = Random(7)
    main, child = names(HOUSEHOLD, ""), names(HOUSEHOLD, "visit_persons")
    mains = [["SubmissionDate", *main, "KEY", "ReviewState", "Edits", "FormVersion"]]
    children = [[*child, "KEY", "PARENT_KEY"]]
    for i in range(submissions):
        own, key = answers(i, random), f"uuid:{i:032x}"
        day = f"2019-03-{1 + i % 18:02d}T12:00:00.000Z"
        mains.append([day, *(own.get(n, "") for n in main), key, "", "0", "2019022801"])
        for line in range(1, members + 1):
            m = member(line, random)
            place = f"{key}/visit_persons[{line}]"
            children.append([*(m.get(n, "") for n in child), place, key])
    return mains, children


def write_odk(path: Path, mains: Rows, children: Rows) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in (("household.csv", mains), ("household-visit_persons.csv", children)):
            buffer = io.StringIO()
            csv.writer(buffer).writerows(rows)
            archive.writestr(name, buffer.getvalue())


def write_kobo(path: Path, mains: Rows, children: Rows) -> None:
    """Write the same as KoboToolbox does: numbers as numbers, `_index` and `_parent_index`."""
    index = {row[-4]: str(i) for i, row in enumerate(mains[1:], 1)}
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("household")
        heads = [*mains[0][1:-4], "_id", "_submission_time", "__version__", "_index"]
        _rows(
            sheet,
            [heads, *([*r[1:-4], index[r[-4]], r[0][:19], r[-1], index[r[-4]]] for r in mains[1:])],
        )
        sheet = book.add_worksheet("visit_persons")
        heads = [*children[0][:-2], "_index", "_parent_table_name", "_parent_index"]
        heads.append("_submission__id")
        rows = (
            [*r[:-2], str(i), "household", index[r[-1]], index[r[-1]]]
            for i, r in enumerate(children[1:], 1)
        )
        _rows(sheet, [heads, *rows])


def _rows(sheet: xlsxwriter.worksheet.Worksheet, rows: Rows) -> None:
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            if i and text.isdecimal() and len(text) < 9:
                sheet.write_number(i, j, int(text))
            elif text:
                sheet.write_string(i, j, text)


def take_in(path: Path) -> dict[str, float]:
    """Read, parse and check one export, and return the seconds of every part."""
    wall, began = perf_counter(), process_time()
    sheets = read_exports([path])
    opened = process_time()
    codes = PLAN.codelists()
    taken = take(sheets, (*layouts_of([HOUSEHOLD]), *table_layouts()), codes)
    del sheets
    placed = process_time()
    settled = settle([taken])
    told = process_time()
    understanding = Understanding(codes, date(2019, 4, 20), {})
    accepted: dict[str, list[bool]] = {}
    rows = {}
    for name in settled.rows:
        current = settled.current(name)
        headings, texts = office_rows(TABLES[name], current, codes)
        sheet = {"": Sheet("", [headings, *texts])}
        reading = read_table(TABLES[name], Source(f"{name}.csv"), sheet, understanding)
        good = set(reading.accepted[ROW])
        accepted[name] = [i + 2 in good for i in range(len(current))]
        rows[name] = len(reading.accepted)
    lines = reconcile(settled, accepted)
    done = process_time()
    assert all(line.exported == line.accepted for line in lines), lines
    return {
        **{f"{name}_rows": count for name, count in rows.items()},
        "read_seconds": opened - began,
        "parse_seconds": placed - opened,
        "settle_seconds": told - placed,
        "check_seconds": done - told,
        "seconds": done - began,
        "wall_clock_seconds": perf_counter() - wall,
        "peak_megabytes": getrusage(RUSAGE_SELF).ru_maxrss / 1024,
    }


def csv_alone(path: Path) -> float:
    """Return the seconds in which the csv module alone reads the same files into lists."""
    began = process_time()
    with zipfile.ZipFile(path) as archive:
        kept = [
            list(csv.reader(io.TextIOWrapper(archive.open(name), "utf-8", newline="")))
            for name in archive.namelist()
        ]
    assert kept
    return process_time() - began


def apart(path: Path) -> Mapping[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--take-in", str(path)],
        check=True,
        capture_output=True,
        text=True,
    )
    figures: Mapping[str, float] = json.loads(done.stdout)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=100_000)
    parser.add_argument("--members", type=int, default=3)
    parser.add_argument("--take-in", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.take_in:
        with uncollected():  # as the command does
            print(json.dumps(take_in(chosen.take_in)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        odk, kobo = Path(folder) / "household.csv.zip", Path(folder) / "household.xlsx"
        mains, children = make(chosen.submissions, chosen.members)
        write_odk(odk, mains, children)
        write_kobo(kobo, mains, children)
        del mains, children
        alone = csv_alone(odk)
        figures = {"csv_zip": dict(apart(odk)), "xlsx": dict(apart(kobo))}
    figures["csv_zip"]["csv_module_alone_seconds"] = alone
    figures["csv_zip"]["times_the_csv_module"] = figures["csv_zip"]["seconds"] / alone
    print(json.dumps(figures, indent=2))
    kept = all(f["seconds"] < SECONDS and f["peak_megabytes"] < MEGABYTES for f in figures.values())
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
