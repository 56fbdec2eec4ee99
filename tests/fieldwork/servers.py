"""What the servers export: the same submissions as ODK Central, KoboToolbox and SurveyCTO write them.

The layout of each follows the servers' own code and documents: ODK Central's `form.csv`
with `KEY`, KoboToolbox's XLSX with `_index` and a sheet for every repeat, SurveyCTO's
wide CSV with a number behind the columns of a repeat.
"""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import xlsxwriter

from auditlib.fieldwork.forms import Form, Question

Row = dict[str, str]


@dataclass(frozen=True)
class Submission:
    """One filled-in form: answers by name of question, rows of repeats by name of group."""

    uuid: str
    number: int
    answers: Row
    repeats: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    version: str = "2019022801"
    edits: int = 0
    review: str = ""
    submitted: str = "2019-03-05T02:11:12.345Z"


def questions(form: Form, repeat: str = "") -> list[tuple[str, Question]]:
    """Return path of groups and question, in the order of the form, of one section."""
    found, groups, inside = [], [], ""
    for q in form.questions:
        if q.type.startswith("begin"):
            groups.append(q.name)
            inside = q.name if q.type == "begin_repeat" else inside
        elif q.type.startswith("end_"):
            gone = groups.pop()
            inside = "" if gone == inside else inside
        elif inside == repeat and q.type not in ("note", "audit"):
            path = groups[groups.index(repeat) + 1 :] if repeat else groups
            found.append(("/".join([*path, q.name]), q))
    return found


def choices(form: Form, q: Question) -> list[str]:
    return list(form.choices[q.type.split()[1]]) if q.type.startswith("select_multiple") else []


def text_csv(rows: Sequence[Sequence[str]], delimiter: str = ",", bom: bool = False) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8-sig" if bom else "utf-8")


def odk(
    form: Form, submissions: Sequence[Submission], *, groups: bool = True, split: bool = False
) -> dict[str, bytes]:
    """Return the files of an ODK Central zip, by name."""
    head, tail = ["SubmissionDate"], ["meta-instanceID", "meta-instanceName", "KEY", "SubmitterID"]
    tail += ["SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "Status", "ReviewState"]
    tail += ["DeviceID", "Edits", "FormVersion"]
    columns = _odk_columns(form, "", groups, split)
    main = [[*head, *(c for c, _, _ in columns), *tail]]
    files = {}
    for s in submissions:
        row = [s.submitted, *(_odk_cell(s.answers, q, part) for _, q, part in columns)]
        row += [f"uuid:{s.uuid}", "", f"uuid:{s.uuid}", "17", "App User 3", "2", "2", "", s.review]
        main.append([*row, "collect:abc", str(s.edits), s.version])
    files[f"{form.id}.csv"] = text_csv(main)
    for repeat in form.repeats:
        columns = _odk_columns(form, repeat, groups, split)
        rows = [[*(c for c, _, _ in columns), "KEY", "PARENT_KEY"]]
        for s in submissions:
            for i, line in enumerate(s.repeats.get(repeat, ()), 1):
                cells = [_odk_cell(line, q, part) for _, q, part in columns]
                rows.append([*cells, f"uuid:{s.uuid}/{repeat}[{i}]", f"uuid:{s.uuid}"])
        files[f"{form.id}-{repeat}.csv"] = text_csv(rows)
    return files


def _odk_columns(
    form: Form, repeat: str, groups: bool, split: bool
) -> list[tuple[str, Question, str]]:
    found = []
    for path, q in questions(form, repeat):
        name = path.replace("/", "-") if groups else q.name
        if q.type == "geopoint":
            for part in ("Latitude", "Longitude", "Altitude", "Accuracy"):
                found.append((f"{name}-{part}", q, part))
        else:
            found.append((name, q, ""))
            if split:
                found += [(f"{name}/{code}", q, code) for code in choices(form, q)]
    return found


def _odk_cell(answers: Row, q: Question, part: str) -> str:
    text = answers.get(q.name, "")
    if q.type == "geopoint":
        parts = [*text.split(), "", "", "", ""]
        return parts[("Latitude", "Longitude", "Altitude", "Accuracy").index(part)]
    if part:
        return ("1" if part in text.split() else "0") if text else ""
    return text


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2019, 3, 6, 0, 0, 0)), content)
        archive.writestr("media/1551752413.jpg", b"\xff\xd8\xff")
    return buffer.getvalue()


def kobo_rows(
    form: Form,
    submissions: Sequence[Submission],
    *,
    labels: str = "",
    select: str = "both",
    uuid: bool = True,
    separator: str = "/",
) -> dict[str, list[list[str]]]:
    """Return the sheets of a KoboToolbox export: `labels` is '' for XML names, or a language."""
    tail = ["_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status"]
    tail += ["_submitted_by", "__version__", "_tags", "_index"]
    sheets: dict[str, list[list[str]]] = {}
    main = [[*_kobo_heads(form, "", labels, select, separator), *tail]]
    index = 0
    children: dict[str, list[list[str]]] = {
        r: [
            [
                *_kobo_heads(form, r, labels, select, separator),
                "_index",
                "_parent_table_name",
                "_parent_index",
                "_submission__id",
                "_submission__uuid",
                "_submission__submission_time",
                "_submission___version__",
            ]
        ]
        for r in form.repeats
    }
    title = form.title.zh[:31]
    for i, s in enumerate(submissions, 1):
        name = s.uuid if uuid else ""
        cells = _kobo_cells(form, "", s.answers, labels, select)
        meta = [str(5000 + s.number), name, s.submitted[:19], s.review, "", "submitted_via_web"]
        main.append([*cells, *meta, "team3", f"v{s.version}", "", str(i)])
        for repeat in form.repeats:
            for line in s.repeats.get(repeat, ()):
                index += 1
                cells = _kobo_cells(form, repeat, line, labels, select)
                meta = [str(index), title, str(i), str(5000 + s.number), name, s.submitted[:19], ""]
                children[repeat].append([*cells, *meta])
    sheets[title] = main
    return {**sheets, **children}


def _kobo_heads(form: Form, repeat: str, labels: str, select: str, sep: str) -> list[str]:
    heads = []
    for path, q in questions(form, repeat):
        name = q.label[labels] if labels and q.label else q.name
        full = name if labels or not sep else sep.join([*path.split("/")[:-1], name])
        many = choices(form, q)
        if q.type == "geopoint":
            heads.append(full)
            heads += [f"_{name}_{p}" for p in ("latitude", "longitude", "altitude", "precision")]
        elif many:
            heads += [full] if select in ("both", "summary") else []
            if select in ("both", "details"):
                of = form.choices[q.type.split()[1]]
                heads += [f"{full}{sep or '/'}{of[c][labels] if labels else c}" for c in many]
        else:
            heads.append(full)
    return heads


def _kobo_cells(form: Form, repeat: str, answers: Row, labels: str, select: str) -> list[str]:
    cells = []
    for _, q in questions(form, repeat):
        text = answers.get(q.name, "")
        many = choices(form, q)
        of = form.choices.get(q.type.split()[-1], {})
        shown = " ".join(of[c][labels] if labels and c in of else c for c in text.split())
        if q.type == "geopoint":
            cells += [text, *([*text.split(), "", "", "", ""][:4])]
        elif many:
            cells += [shown] if select in ("both", "summary") else []
            if select in ("both", "details"):
                cells += [("1" if c in text.split() else "0") if text else "" for c in many]
        elif q.type.startswith("select_one ") and of:
            cells.append(shown)
        else:
            cells.append(text)
    return cells


def workbook(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name[:31])
            for i, row in enumerate(rows):
                for j, text in enumerate(row):
                    if i and text.isdecimal() and len(text) < 10 and text[0] != "0":
                        sheet.write_number(i, j, int(text))
                    elif text:
                        sheet.write_string(i, j, text)
    return buffer.getvalue()


def surveycto(form: Form, submissions: Sequence[Submission], *, seconds: bool = True) -> bytes:
    """Return SurveyCTO's wide CSV; `seconds` chooses between its two forms of a time."""

    moment = partial(_moment, seconds=seconds)
    most = {
        r: max((len(s.repeats.get(r, ())) for s in submissions), default=0) for r in form.repeats
    }
    heads = ["CompletionDate", "SubmissionDate", "starttime", "endtime", "deviceid", "username"]
    columns = _odk_columns(form, "", False, True)
    columns = [(c.replace("/", "_"), q, p) for c, q, p in columns if q.name not in TIMES]
    heads += [c for c, _, _ in columns]
    for repeat, number in most.items():
        heads.append(f"{repeat}_count")
        for line in range(1, number + 1):
            heads += [f"{q.name}_{line}" for _, q in questions(form, repeat)]
        heads.append(f"SET-OF-{repeat}")
    rows = [[*heads, "instanceID", "formdef_version", "KEY"]]
    for s in submissions:
        started, ended = s.answers.get("started", ""), s.answers.get("ended", "")
        row = [moment(s.submitted, 8), moment(s.submitted, 8), moment(started), moment(ended)]
        row += ["352099", "collector", *(_odk_cell(s.answers, q, p) for _, q, p in columns)]
        for repeat, number in most.items():
            lines = list(s.repeats.get(repeat, ()))
            row.append(str(len(lines)))
            for line in [*lines, *[{}] * (number - len(lines))]:
                row += [line.get(q.name, "") for _, q in questions(form, repeat)]
            row.append(f"uuid:{s.uuid}/{repeat}")
        rows.append([*row, f"uuid:{s.uuid}", s.version, f"uuid:{s.uuid}"])
    return text_csv(rows)


def _moment(text: str, hours: int = 0, *, seconds: bool = True) -> str:
    if not text:
        return ""
    at = datetime.fromisoformat(text[:19]) + timedelta(hours=hours)
    if seconds:
        clock = at.strftime("%I:%M:%S %p").lstrip("0")
        return f"{at:%b} {at.day}, {at.year} {clock}"
    return f"{at.month}/{at.day}/{at.year} {at.strftime('%I:%M %p').lstrip('0')}"


def surveycto_long(
    form: Form, submissions: Sequence[Submission], *, seconds: bool = True
) -> dict[str, bytes]:
    """Return the files of SurveyCTO's long format: one for the form, one for every repeat."""
    moment = partial(_moment, seconds=seconds)
    columns = [(c, q, p) for c, q, p in _odk_columns(form, "", False, False) if q.name not in TIMES]
    heads = ["SubmissionDate", "starttime", "endtime", *(c for c, _, _ in columns)]
    sets = [f"SET-OF-{r}" for r in form.repeats]
    main = [[*heads, *sets, "instanceID", "formdef_version", "KEY"]]
    for s in submissions:
        row = [moment(s.submitted, 8), moment(s.answers["started"]), moment(s.answers["ended"])]
        row += [_odk_cell(s.answers, q, p) for _, q, p in columns]
        key = f"uuid:{s.uuid}"
        main.append([*row, *(f"{key}/{r}" for r in form.repeats), key, s.version, key])
    files = {f"{form.id}.csv": text_csv(main)}
    for r in form.repeats:
        columns = _odk_columns(form, r, False, False)
        rows = [[*(c for c, _, _ in columns), "PARENT_KEY", "KEY", f"SET-OF-{r}"]]
        for s in submissions:
            for i, line in enumerate(s.repeats.get(r, ()), 1):
                cells = [_odk_cell(line, q, p) for _, q, p in columns]
                key = f"uuid:{s.uuid}"
                rows.append([*cells, key, f"{key}/{r}[{i}]", f"{key}/{r}"])
        files[f"{form.id}-{r}.csv"] = text_csv(rows)
    return files


TIMES = ("started", "ended", "start", "end")
