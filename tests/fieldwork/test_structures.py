"""Structures of exports as servers and teams really make them, with invented content.

Headings, separators, order of files and keys of repeats follow the servers' own code and
documents: ODK Central and Briefcase (`PARENT_KEY`, files in the order of their names),
KoboToolbox's formpack (`_parent_table_name`, `_submission__id`, `meta/rootUuid`),
SurveyCTO (long and wide). Whatever comes, every row is accounted for.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from auditlib.fieldwork.intake import Taken, mapped_layouts, take
from auditlib.fieldwork.intake.values import day_of, time_of
from auditlib.files.exports import read_exports
from tests.fieldwork import servers
from tests.fieldwork.servers import Submission
from tests.fieldwork.test_forms import FORMS
from tests.fieldwork.test_intake import CODES, HOUSEHOLD, LAYOUTS, VISITS, content, taken

VILLAGE_BY_VILLAGE = mapped_layouts(
    [
        ("village", "village_checks", "village"),
        ("hh_id", "household_visits", "study_id"),
        ("hh_type", "household_visits", "kind"),
        ("age", "visit_persons", "age"),
        ("reg", "visit_persons", "registered"),
    ]
)
"""A form that asks a village once, its households in a repeat, their members in another."""


def own(tmp_path: Path, files: Mapping[str, bytes], source: str = "") -> Taken:
    for name, bytes_ in files.items():
        (tmp_path / name).write_bytes(bytes_)
    paths = [tmp_path / name for name in files]
    return take(read_exports(paths), (*VILLAGE_BY_VILLAGE, *LAYOUTS), CODES, source=source)


def lines(*rows: str) -> bytes:
    return ("\n".join(rows) + "\n").encode()


def members_of_visits(found: Taken) -> list[tuple[str, str]]:
    """Return the household and the age of every member."""
    visits = found.tables["household_visits"]
    homes = dict(zip(visits["visit_id"], visits["study_id"], strict=True))
    members = found.tables["visit_persons"]
    return [(homes[v], a) for v, a in zip(members["visit_id"], members["age"], strict=True)]


def accounted(found: Taken) -> int:
    """Return the rows read, each of which is in a table, by its place."""
    for use in found.sheets:
        held = {
            (f, s, r)
            for table in found.tables.values()
            for f, s, r in zip(table["_file"], table["_sheet"], table["_row"], strict=True)
        }
        assert sum((f, s) == (use.file, use.sheet) for f, s, _ in held) == use.read
    return sum(use.read for use in found.sheets)


ODK_NESTED = {
    "v.csv": lines("SubmissionDate,village,KEY", "2019-03-05T02:11:12.345Z,990001100200,uuid:a"),
    "v-hh.csv": lines(
        "hh_id,hh_type,PARENT_KEY,KEY",
        "H-01,lifted,uuid:a,uuid:a/hh[1]",
        "H-02,lifted,uuid:a,uuid:a/hh[2]",
    ),
    "v-hh-p.csv": lines(
        "age,reg,PARENT_KEY,KEY",
        "40,yes,uuid:a/hh[1],uuid:a/hh[1]/p[1]",
        "9,no,uuid:a/hh[1],uuid:a/hh[1]/p[2]",
        "77,yes,uuid:a/hh[2],uuid:a/hh[2]/p[1]",
    ),
}
NESTED = [("H-01", "40"), ("H-01", "9"), ("H-02", "77")]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_repeat_in_a_repeat_of_odk_finds_its_row_whatever_file_comes_first(
    order: Sequence[int], tmp_path: Path
) -> None:
    """In a zip `v-hh-p.csv` stands before `v-hh.csv`, since `-` comes before `.`."""
    names = [list(ODK_NESTED)[i] for i in order]

    found = own(tmp_path, {name: ODK_NESTED[name] for name in names})

    assert members_of_visits(found) == NESTED
    assert list(found.tables["visit_persons"]["line"]) == ["1", "2", "1"]
    assert sum(use.set_aside for use in found.sheets if use.table == "visit_persons") == 0
    assert accounted(found) == 6


def test_a_member_whose_household_is_missing_hangs_on_the_submission(tmp_path: Path) -> None:
    files = {**ODK_NESTED, "v-hh.csv": lines("hh_id,hh_type,PARENT_KEY,KEY", "H-01,lifted,,")}

    found = own(tmp_path, files)

    assert list(found.tables["household_visits"]["_reason"]) == ["no_parent"]
    assert set(found.tables["visit_persons"]["_record"]) == {"key a"}
    assert accounted(found) == 5


def kobo_nested(*, with_ids: bool) -> dict[str, list[list[str]]]:
    ids = [["_submission__id", "_submission__uuid"], ["71", "a"], ["72", "b"]]
    more: Any = (lambda i: ids[i]) if with_ids else (lambda i: [])
    return {
        "村调查 v2": [
            ["village", "_id", "_uuid", "_submission_time", "_index", "meta/rootUuid"],
            ["990001100200", "71", "a", "2019-03-05T02:11:12", "1", "uuid:a"],
            ["990001100201", "72", "b", "2019-03-05T03:11:12", "2", "uuid:b"],
        ],
        "hh": [
            ["hh_id", "hh_type", "_index", "_parent_table_name", "_parent_index", *more(0)],
            ["H-01", "lifted", "1", "村调查 v2", "1", *more(1)],
            ["H-02", "lifted", "2", "村调查 v2", "2", *more(2)],
        ],
        "p": [
            ["age", "reg", "_parent_table_name", "_parent_index", *more(0)],
            ["40", "yes", "hh", "1", *more(1)],
            ["9", "no", "hh", "1", *more(1)],
            ["77", "yes", "hh", "2", *more(2)],
        ],
    }


@pytest.mark.parametrize("with_ids", [True, False])
@pytest.mark.parametrize("apart", [True, False])
def test_a_repeat_in_a_repeat_of_kobo_finds_its_row(
    with_ids: bool, apart: bool, tmp_path: Path
) -> None:
    """The inner sheet names the outer one and its `_index`, not that of the main sheet."""
    sheets = kobo_nested(with_ids=with_ids)
    files = {"k.xlsx": servers.workbook(sheets)}
    if apart:
        names = ("p.csv", "survey.csv", "hh.csv")
        files = {
            name: servers.text_csv(sheets[s], ";", bom=True)
            for name, s in zip(names, ("p", "村调查 v2", "hh"), strict=True)
        }

    found = own(tmp_path, files)

    assert members_of_visits(found) == NESTED
    assert list(found.tables["visit_persons"]["_record"]) == ["id 71", "id 71", "id 72"]
    assert accounted(found) == 7


def test_inner_rows_of_a_file_under_another_name_are_set_aside_not_given_to_a_stranger(
    tmp_path: Path,
) -> None:
    """Saved as `renamed.csv`, the outer repeat cannot be found: no guess is made."""
    sheets = kobo_nested(with_ids=False)
    names = {"main.csv": "村调查 v2", "renamed.csv": "hh", "inner.csv": "p"}

    found = own(tmp_path, {n: servers.text_csv(sheets[s]) for n, s in names.items()})

    assert set(found.tables["visit_persons"]["_reason"]) == {"no_parent"}
    assert accounted(found) == 7


def test_a_repeat_in_a_repeat_beside_the_main_columns_of_surveycto(tmp_path: Path) -> None:
    """Wide: `hh_id_1`, and `age_1_2` for the second member of the first household."""
    head = "CompletionDate,SubmissionDate,starttime,endtime,village,hh_count"
    head += ",hh_id_1,hh_type_1,p_count_1,age_1_1,reg_1_1,age_1_2,reg_1_2,SET-OF-p_1"
    head += ",hh_id_2,hh_type_2,p_count_2,age_2_1,reg_2_1,SET-OF-p_2,SET-OF-hh"
    moments = ('"Mar 5, 2019 9:30:12 AM",' * 4).rstrip(",")
    row = "990001100200,2,H-01,lifted,2,40,1,9,0,x,H-02,lifted,1,77,1,x,x"
    text = lines(
        f"{head},instanceID,formdef_version,KEY", f"{moments},{row},uuid:a,1901010101,uuid:a"
    )

    found = own(tmp_path, {"s_WIDE.csv": text})

    assert members_of_visits(found) == NESTED
    assert [h.heading for h in found.headings if h.role == "unknown"] == []


def test_the_long_format_of_surveycto_says_the_same(tmp_path: Path) -> None:
    """A file for every repeat, with `PARENT_KEY`, `SET-OF-…` and dates in words."""
    expected = content(taken(tmp_path, servers.odk(HOUSEHOLD, VISITS)))

    for seconds in (True, False):
        found = taken(tmp_path, servers.surveycto_long(HOUSEHOLD, VISITS, seconds=seconds))
        told = content(found)
        if not seconds:
            told["household_visits"] = [
                {**visit, "started": "2019-03-05 09:30:12"} for visit in told["household_visits"]
            ]
        assert told == expected
        assert {use.source for use in found.sheets} == {"surveycto"}
        assert sum(use.set_aside for use in found.sheets) == 0


def test_a_briefcase_export_says_the_same(tmp_path: Path) -> None:
    """Dates in words, `SET-OF-…` in the main file, `PARENT_KEY` before `KEY`."""
    expected = content(taken(tmp_path, servers.odk(HOUSEHOLD, VISITS)))
    files = servers.surveycto_long(HOUSEHOLD, VISITS)
    text = files["household.csv"].decode().replace("formdef_version", "isValidated")
    files["household.csv"] = (
        text.replace("starttime", "started").replace("endtime", "ended").encode()
    )

    found = taken(tmp_path, files)

    assert content(found) == expected
    assert {use.source for use in found.sheets} == {"odk"}


FULL = {name: form for name, form in FORMS.items() if name != "household"}


def some(form: Any) -> Submission:
    """Return a submission that answers every question of a form with what it allows."""

    def one(q: Any, i: int) -> str:
        kind, _, of = q.type.partition(" ")
        if kind.startswith("select_multiple"):
            return " ".join(list(form.choices[of])[:2])
        if kind.startswith("select_one") and of in form.choices:
            return next(iter(form.choices[of]))
        table = {"integer": str(i + 1), "decimal": f"{i}.5", "date": "2019-03-05"}
        table |= {"start": "2019-03-05T09:30:12.000+08:00", "end": "2019-03-05T10:00:00.000+08:00"}
        table |= {"geopoint": "0.5 0.5 0 0"}
        return table.get(kind, f"X{i}")

    answers = {q.name: one(q, i) for i, (_, q) in enumerate(servers.questions(form))}
    repeats = {
        r: [{q.name: one(q, i) for i, (_, q) in enumerate(servers.questions(form, r))}]
        for r in form.repeats
    }
    return Submission("x-1", 1, answers, repeats)


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize(
    "options",
    [{"labels": "zh"}, {"labels": "en"}, {"labels": "zh", "select": "details"}, {"separator": "*"}],
    ids=["zh", "en", "zh_details", "star"],
)
def test_every_form_says_the_same_by_names_and_by_labels(
    name: str, options: Any, tmp_path: Path
) -> None:
    """Labels of a form are told apart, also where items are asked one after the other."""
    form = FORMS[name]
    expected = taken(tmp_path, servers.odk(form, [some(form)]))
    rows = servers.kobo_rows(form, [some(form)], **options)

    found = taken(tmp_path, {"k.xlsx": servers.workbook(rows)})

    assert content(found) == content(expected)
    assert accounted(found) == sum(use.read for use in expected.sheets)


@pytest.mark.parametrize("joint", ["-", "/", ".", ":", "*", "_", "|", " / ", ">"])
def test_groups_are_taken_off_whatever_joins_them(joint: str, tmp_path: Path) -> None:
    expected = content(taken(tmp_path, servers.odk(HOUSEHOLD, VISITS)))
    rows = servers.kobo_rows(HOUSEHOLD, VISITS, separator=joint, select="summary")

    found = taken(tmp_path, {"k.xlsx": servers.workbook(rows)})

    assert content(found) == expected


def test_labels_of_groups_before_labels_of_questions_are_taken_off(tmp_path: Path) -> None:
    expected = content(taken(tmp_path, servers.odk(HOUSEHOLD, VISITS)))
    rows = servers.kobo_rows(HOUSEHOLD, VISITS, labels="zh", select="summary")
    for sheet in rows.values():
        sheet[0] = [h if h.startswith("_") else f"一、农户情况/{h}" for h in sheet[0]]

    assert content(taken(tmp_path, {"k.xlsx": servers.workbook(rows)})) == expected


@pytest.mark.parametrize(
    "marks", [("TRUE", "FALSE"), ("True", "False"), ("1.0", "0.0"), ("是", "否")]
)
def test_marks_of_choices_may_be_written_in_any_way(marks: tuple[str, str], tmp_path: Path) -> None:
    """Spreadsheets and statistics packages write 1 and 0 in their own way."""
    expected = content(taken(tmp_path, servers.odk(HOUSEHOLD, VISITS)))
    rows = servers.kobo_rows(HOUSEHOLD, VISITS, select="details")
    for sheet in rows.values():
        heads = sheet[0]
        for row in sheet[1:]:
            for j, head in enumerate(heads):
                if head.rpartition("/")[0].rpartition("/")[2] in ("policies", "food_source"):
                    row[j] = {"1": marks[0], "0": marks[1]}.get(row[j], row[j])

    assert content(taken(tmp_path, {"k.xlsx": servers.workbook(rows)})) == expected


def test_what_kobo_adds_is_no_answer_and_members_may_have_uuids_only(tmp_path: Path) -> None:
    """`_submission__id` left out, `_submission__uuid` kept; columns of links, tags and notes."""
    rows = servers.kobo_rows(HOUSEHOLD, VISITS)
    main = next(iter(rows.values()))
    main[0] += ["photo_house_URL", "_geolocation", "_attachments", "meta/rootUuid", "_xform_id"]
    for i, row in enumerate(main[1:], 1):
        row += ["https://example.org/a.jpg", "", "", f"uuid:{VISITS[i - 1].uuid}", "7"]
    members = rows["visit_persons"]
    at = members[0].index("_submission__id")
    for row in members:
        del row[at]

    found = taken(tmp_path, {"k.xlsx": servers.workbook(rows)})

    assert list(found.tables["visit_persons"]["_reason"]) == [""] * 5
    assert accounted(found) == 8


@pytest.mark.parametrize("status", ["validation_status_not_approved", "Not Approved"])
def test_what_kobo_did_not_approve_is_set_aside(status: str, tmp_path: Path) -> None:
    rows = servers.kobo_rows(HOUSEHOLD, VISITS)
    main = next(iter(rows.values()))
    j = main[0].index("_validation_status")
    main[1][j], main[2][j], main[3][j] = status, "Approved", "validation_status_on_hold"

    found = taken(tmp_path, {"k.xlsx": servers.workbook(rows)})

    assert list(found.tables["household_visits"]["_reason"]) == ["rejected_review", "", ""]


def test_hxl_tags_titles_and_code_books_are_set_aside_not_taken_for_visits(tmp_path: Path) -> None:
    rows = servers.kobo_rows(HOUSEHOLD, VISITS)
    title = next(iter(rows))
    rows[title].insert(1, ["#date+start" if i < 3 else "" for i in range(len(rows[title][0]))])
    rows["choices"] = [["list_name", "name", "label"], ["yes_no", "yes", "是"]]

    found = taken(tmp_path, {"k.xlsx": servers.workbook(rows)})

    reasons = list(found.tables["household_visits"]["_reason"])
    assert (reasons.count(""), reasons.count("repeated_heading")) == (3, 1)
    assert list(found.tables["unplaced"]["_reason"]) == ["no_table"]


def test_an_export_of_headings_alone_is_read_and_holds_nothing(tmp_path: Path) -> None:
    found = taken(tmp_path, servers.odk(HOUSEHOLD, []))

    assert [use.read for use in found.sheets] == [0, 0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("5-Mar-2019 9:30:12", "2019-03-05 09:30:12"),
        ("05mar2019 09:30:12", "2019-03-05 09:30:12"),
        ("5 Mar 2019, 9:30 PM", "2019-03-05 21:30:00"),
        ("Mar 5, 2019 9:30:12\u202fPM", "2019-03-05 21:30:12"),
        ("5-Mär-2019 9:30:12", "5-Mär-2019 9:30:12"),
    ],
)
def test_times_with_the_month_in_letters(text: str, wanted: str) -> None:
    assert time_of(text) == wanted


def test_days_with_the_month_in_letters() -> None:
    assert (day_of("05mar2019"), day_of("5-Mar-2019")) == ("2019-03-05", "2019-03-05")
