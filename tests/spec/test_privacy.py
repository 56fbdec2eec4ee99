"""Personal data: marked names and numbers, planted wherever they could stand, come out nowhere.

R085, A50. Embedded in a longer text a name is not found (docs/privacy.md); alone in a cell it is.
"""

import argparse
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from openpyxl import load_workbook

from auditlib import pipeline
from auditlib.cli import main
from auditlib.cli.check import check_county
from auditlib.demo.round import WORKBOOKS
from auditlib.errors import AuditError
from auditlib.execution.rounds import RoundRun, run_round
from auditlib.files.case_list import LIST, PAST
from auditlib.files.writing import read_csv_text
from auditlib.params import load
from auditlib.problems import InputError, Place, shown
from auditlib.problems.personal import check_digit, has_number, hide, identity_fault, is_name
from auditlib.report.audience import Audience, output_of
from auditlib.report.publishing import leaks, undeclared
from auditlib.tables import TABLES, Column, Kind
from tests.conftest import COUNTY, Project, copy_golden

OPTIONS = argparse.Namespace(round="golden", params="params", outputs="outputs")
NUMBER = "22082119600101123" + check_digit("22082119600101123")
PHOTOGRAPHS = ("王测敏.jpg", f"IMG_{NUMBER}.png")
MARKS = ("王测敏", "欧阳测敏", NUMBER, "13812345678", "138 1234 5678", "0436-7222222", *PHOTOGRAPHS)
TRACES = (*MARKS, "测敏", "196001011", "12345678", "12,345,678", "1234 5678", "7222222")
FRAME = ("villages", "groups", "registry_households", "registry_persons", "draws", "releases")


def free(column: Column) -> bool:
    return column.kind in (Kind.TEXT, Kind.PRIVATE)


def plant(project: Project, tables: Iterable[str], wanted: object) -> int:
    """Plant the marks in every wanted column, a row each as far as rows reach; return how many.

    Where a table has no rows, free text alone would make none: it is left as it is.
    """
    planted = 0
    for file, names in WORKBOOKS.items():
        path = project.data / file
        own = [name for name in names if name in tables]
        if file.endswith(".csv"):
            for name in own:
                planted += _in_csv(path, name, wanted)
        elif own:
            book = load_workbook(path)
            for name in own:
                planted += _in_sheet(book[TABLES[name].zh], name, wanted)
            book.save(path)
    return planted


def _marks(name: str, wanted: object) -> list[tuple[Column, str]]:
    columns = [c for c in TABLES[name].columns if wanted(c)]
    return [(c, MARKS[(i + j) % len(MARKS)]) for j in (0, 2, 3, 6) for i, c in enumerate(columns)]


def _in_sheet(sheet, name: str, wanted: object) -> int:
    headings = [cell.value for cell in sheet[2]]
    last = max(sheet.max_row, 3)
    marks = _marks(name, wanted)
    if sheet.max_row < 3 and wanted is free:
        return 0
    for i, (column, mark) in enumerate(marks):
        if column.zh not in headings:
            headings.append(column.zh)
            sheet.cell(2, len(headings)).value = column.zh
        sheet.cell(3 + i % (last - 2), headings.index(column.zh) + 1).value = mark
    return len(marks)


def _in_csv(path: Path, name: str, wanted: object) -> int:
    lines = [line.split(",") for line in path.read_text("utf-8-sig").splitlines()]
    marks = _marks(name, wanted)
    headings = lines[1]
    if len(lines) < 3 and wanted is free:
        return 0
    for i, (column, mark) in enumerate(marks):
        if column.zh not in headings:
            headings.append(column.zh)
        row = (
            lines[2 + i % max(len(lines) - 2, 1)]
            if len(lines) > 2
            else lines.append([]) or lines[2]
        )
        row += [""] * (len(headings) - len(row))
        row[headings.index(column.zh)] = mark
    for row in lines[1:]:
        row += [""] * (len(headings) - len(row))
    path.write_text("\n".join(",".join(row) for row in lines) + "\n", "utf-8")
    return len(marks)


def traces(text: str) -> list[str]:
    return [mark for mark in TRACES if mark in text]


def traces_below(folder: Path, only: str = "*") -> dict[str, list[str]]:
    """Return every file below a folder that holds a mark, workbooks and documents unpacked."""
    found = {}
    for path in sorted(folder.rglob(only)):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix in (".xlsx", ".docx"):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    content = b"\n".join(archive.read(part) for part in archive.namelist())
            text = content.decode("utf-8", "replace")
            text += re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), text)
            if hits := traces(text + path.name):
                found[str(path.relative_to(folder))] = hits
    return found


def told(project: Project) -> str:
    problems = check_county(project.county, OPTIONS)
    return "\n".join(f"{p.says('zh')}{p.says('en')}{p.place}" for p in problems)


@dataclass(frozen=True)
class Planted:
    """A round in which every free column of every table holds a mark, run once for all tests."""

    project: Project
    run: RoundRun
    told: str
    out: str

    @property
    def outputs(self) -> Path:
        return self.project.root / "outputs"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    root = tmp_path_factory.mktemp("planted")
    project = copy_golden(root)
    assert plant(project, TABLES, free) > 80
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(root)
        done = run_round(root, "golden", jobs=1)
        main(["--language", "zh", "check", "--round", "golden"])
        main(["check", "--round", "golden", "--json"])
        main(["cases", "list", "--round", "golden", "--county", COUNTY])
        main(["cases", "state", "--round", "golden", "--county", COUNTY])
        main(["site", "--round", "golden", "--team"])
        main(["site", "--round", "golden", "--publish", "public"])
        yield Planted(project, done, told(project), out.getvalue() + err.getvalue())


def test_marks_in_every_column_of_text_and_of_names_reach_no_notebook_page_file_or_log(
    planted: Planted,
) -> None:
    """R085, A50: the whole round is run; the rows are kept, what names a person in them is not."""
    assert not planted.run.failures
    assert (planted.outputs / "golden/site/index.html").is_file()
    assert traces_below(planted.outputs) == {}
    assert traces_below(planted.project.root / "public") == {}
    assert traces_below(planted.project.root, only="问题清单-*.xlsx") == {}
    assert not traces(planted.told + planted.out)
    assert (
        "〔姓名已隐去〕"
        in (planted.outputs / f"golden/{COUNTY}/06_procedure/procedure.json").read_text()
    )


def test_every_output_has_its_audience(planted: Planted) -> None:
    """R085: an output that nobody declared in report/audience.py fails here."""
    folder = planted.outputs / "golden"

    assert undeclared(folder) == []
    (folder / f"{COUNTY}/03_findings/everybody.csv").write_text("study_id\n")
    assert undeclared(folder) == [f"{COUNTY}/03_findings/everybody.csv"]
    (folder / f"{COUNTY}/03_findings/everybody.csv").unlink()


def test_no_public_file_lists_a_household_a_visit_or_a_case(planted: Planted) -> None:
    """R085: pages, papers and workbooks, unpacked; the files of the draw apart."""
    folder = planted.outputs / "golden"
    cases = read_csv_text(folder / f"{COUNTY}/03_findings/cases.csv")

    assert leaks(folder) == {}
    page = folder / f"site/{COUNTY}/03_findings.html"
    kept = page.read_text("utf-8")
    page.write_text(kept + f"<p>{cases['study_id'][0]}</p>", "utf-8")
    assert leaks(folder) == {f"site/{COUNTY}/03_findings.html": 1}
    assert main(["site", "--round", "golden", "--publish", "again"]) == 0  # pages are made anew
    page.write_text(kept, "utf-8")
    report = folder / "consolidated.docx"
    whole = report.read_bytes()
    with zipfile.ZipFile(report, "a") as archive:
        archive.writestr("word/comment.xml", cases["case_id"][0])
    assert main(["site", "--round", "golden", "--publish", "third"]) == 1
    assert not (planted.project.root / "third").exists()
    report.write_bytes(whole)


def test_the_site_links_to_public_files_and_only_they_are_published(planted: Planted) -> None:
    """R085: what a link of the site leads to lies among the public files, and nothing else does."""
    public = planted.project.root / "public"
    copied = {p.relative_to(public).as_posix() for p in public.rglob("*") if p.is_file()}
    index = (public / "site/index.html").read_text("utf-8")
    links = {link for link in re.findall(r'href="([^"#]+)"', index) if link != "assets/audit.css"}

    assert all((public / "site" / link).resolve().is_file() for link in links)
    assert f"../{COUNTY}/08_report/report.docx" in links
    assert not [name for name in copied if output_of(name).audience is not Audience.PUBLIC]
    assert not [
        n for n in copied if n.endswith(".ipynb") or "03_findings/" in n.replace("site/", "")
    ]
    team = (planted.outputs / "golden/team_site/index.html").read_text("utf-8")
    assert f"../{COUNTY}/03_findings/case_list.xlsx" in team
    assert "case_list" not in index
    assert main(["site", "--round", "golden", "--publish", "public"]) == 2  # not over what is there


def test_small_cells_are_hidden_on_the_site_and_full_in_the_notebook(planted: Planted) -> None:
    """R085, A50: `*` on the site; the team's notebook and site have the figures."""
    folder = planted.outputs / "golden"
    rows = (
        r"<tr><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td>" + r"<td[^>]*>([^<]*)</td>" * 3 + "</tr>"
    )

    def cases(path: Path) -> list[tuple[str, ...]]:
        table = path.read_text("utf-8").split("疑似问题的核实结果")[1].split("</table>")[0]
        return re.findall(rows, table)

    public = cases(folder / f"site/{COUNTY}/03_findings.html")
    team = cases(folder / f"team_site/{COUNTY}/03_findings.html")
    small = [(i, j) for i, row in enumerate(team) for j in (2, 3, 4) if row[j] in set("1234")]
    assert small
    assert all(public[i][j] == "*" for i, j in small)
    assert not [cell for row in team for cell in row if cell == "*"]
    assert not [cell for row in public for cell in row[2:] if cell in set("1234")]


@pytest.mark.parametrize(
    "tables", [tuple(t for t in TABLES if t not in FRAME), FRAME], ids=["field", "frame"]
)
def test_marks_in_every_wrong_column_reach_no_error_and_no_file(
    project: Project, tables: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    """Identifiers, codes, figures and dates: refused with the place, never with what stood there."""
    assert plant(project, tables, lambda column: True) > 40
    errors = told(project)

    for stage in pipeline.STAGES:
        try:
            getattr(pipeline, stage)(pipeline.open_audit(COUNTY, "golden"))
        except AuditError as error:
            errors += error.says("zh") + error.says("en") + "".join(error._render_traceback_())

    assert errors.count("像证件号码或电话号码") > 10
    assert not traces(errors)
    assert traces_below(project.root / "outputs") == {}
    assert not traces("".join(capfd.readouterr()))


def test_marks_in_the_list_of_cases_that_people_fill_in_reach_no_message_and_no_ledger(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    """The workbook 问题清单 comes back with a mark in every column, one row a mark."""
    place = ("--round", "golden", "--county", COUNTY)
    assert main(["cases", "list", "--out", "list.xlsx", *place]) == 0
    for only_notes in (False, True):
        book = load_workbook("list.xlsx")
        for name in (LIST, PAST):
            headings = [cell.value for cell in book[name][2]]
            for i, heading in enumerate(headings, 1):
                for row, mark in enumerate(MARKS[:6] if only_notes else MARKS, 3):
                    if not only_notes or (heading == "备注" and name == LIST):
                        book[name].cell(row, i).value = mark
        book.save("filled.xlsx")
        code = main(["--language", "zh", "cases", "take", "filled.xlsx", *place])
        assert code == (0 if only_notes else 2)
    out, err = capfd.readouterr()

    assert "问题清单" in err
    assert not traces(out + err)
    assert traces_below(project.data) == {}


def test_marks_in_the_office_s_list_of_villages_are_refused_unrepeated(project: Project) -> None:
    columns = TABLES["imported_villages"].columns
    rows = [[MARKS[(i + j) % len(MARKS)] for i in range(len(columns))] for j in range(len(MARKS))]
    lines = [[c.zh for c in columns], *rows]
    (project.data / "imported.csv").write_text("\n".join(map(",".join, lines)) + "\n", "utf-8")
    project.change(
        "rounds/golden", inputs={"tables": {"imported_villages": {"file": "imported.csv"}}}
    )

    errors = told(project)
    assert "imported.csv" in errors
    assert not traces(errors)


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_a_photograph_s_name_that_names_a_person_is_no_evidence_number(
    project: Project, name: str
) -> None:
    project.edit("cases.xlsx", "问题核实台账", 4, "证据编号", name)

    errors = told(project)
    assert "列 证据编号" in errors
    assert not traces(errors)


def test_marks_in_headings_and_in_names_of_sheets_and_files_are_hidden(project: Project) -> None:
    for mark in MARKS:
        book = load_workbook(project.data / "fieldwork.xlsx")
        sheet = book["入户调查"]
        sheet.cell(2, sheet.max_column + 1).value = mark
        book.save(project.data / "fieldwork.xlsx")
    book = load_workbook(project.data / "cases.xlsx")
    book["问题核实台账"].title = "王测敏13812345678"
    book.save(project.data / "cases.xlsx")

    errors = told(project)
    project.change(
        "rounds/golden", inputs={"tables": {"notices": {"file": f"王测敏-{NUMBER}.xlsx"}}}
    )
    refused = told(project)

    assert errors.count("the column is not read") == len(MARKS)
    assert "only the sheets 〔姓名已隐去〕〔号码已隐去〕" in errors
    assert "an office, a post or a number" in refused
    assert not traces(errors + refused + repr(Place(f"王测敏/{NUMBER}.csv", "欧阳测敏").says("zh")))


def leaves(value: object, path: tuple = ()) -> Iterable[tuple]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from leaves(part, (*path, i))
    else:
        yield path


@pytest.mark.parametrize("name", ["rounds/golden", f"counties/{COUNTY}"])
def test_no_parameter_may_name_a_person_and_no_error_repeats_one(
    project: Project, name: str
) -> None:
    path = project.params(name)
    values = yaml.safe_load(path.read_text("utf-8"))
    values.pop("inputs", None)  # names of files and sheets: the test above
    whole = yaml.safe_load(path.read_text("utf-8"))
    for i, leaf in enumerate(leaves(values)):
        for mark in (MARKS[i % 2], MARKS[2 + i % 3]):
            planted = _copy(whole)
            at = planted
            for key in leaf[:-1]:
                at = at[key]
            at[leaf[-1]] = mark
            path.write_text(yaml.safe_dump(planted, allow_unicode=True), "utf-8")
            with pytest.raises(InputError) as caught:
                load(project.root / "params", "golden", COUNTY)
            assert not traces(
                caught.value.says("zh") + caught.value.says("en") + repr(caught.value.problems)
            ), leaf
    planted = {**whole, "王测敏": {"13812345678": 1}}
    path.write_text(yaml.safe_dump(planted, allow_unicode=True), "utf-8")
    with pytest.raises(InputError) as caught:
        load(project.root / "params", "golden", COUNTY)
    assert not traces(caught.value.says("zh") + caught.value.says("en"))


def _copy(value: object) -> object:
    if isinstance(value, dict):
        return {key: _copy(part) for key, part in value.items()}
    return [_copy(part) for part in value] if isinstance(value, list) else value


def test_the_key_may_not_lie_among_the_results(project: Project) -> None:
    project.change("rounds/golden", pseudonym_key="outputs/golden/pseudonym.key")

    with pytest.raises(InputError, match="folder of results"):
        pipeline.sampling(pipeline.open_audit(COUNTY, "golden"))


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("11010519491231002X", ""),  # the example of GB 11643-1999
        ("440524188001010014", ""),  # the same, born 1880
        ("11010519491231002x", ""),
        ("110105194912310021", "check"),
        ("990105194912310020", "province"),
        ("110105194902300020", "day"),
        ("110105194913310020", "day"),
        ("110105491231002", "old"),
        ("1101051949123100", "form"),
        ("1101051949123100ab", "form"),
    ],
)
def test_identity_numbers_are_checked_as_their_standard_says(number: str, fault: str) -> None:
    """GB 11643-1999, appendix: 11010519491231002X and 440524188001010014."""
    assert identity_fault(number) == fault


def test_identity_numbers_of_the_registry_are_noted_once_and_no_row_is_lost(
    project: Project,
) -> None:
    def add(text: bytes) -> bytes:
        mark, heading, *rows = text.decode("utf-8-sig").splitlines()
        numbers = [
            "11010519491231002X",
            "110105194912310021",
            "22082119600101123" + check_digit("22082119600101123"),
        ]
        more = [f"{row},{numbers[i % 3]}" for i, row in enumerate(rows)]
        return "\n".join([mark, f"{heading},证件号码", *more]).encode()

    before = pipeline.open_audit(COUNTY, "golden").read("registry_persons").counts
    project.csv("registry_persons.csv", add)
    after = pipeline.open_audit(COUNTY, "golden").read("registry_persons")

    kinds = [p.kind for p in after.problems]
    assert after.counts == before
    assert kinds.count("identity_number") == kinds.count("identity_elsewhere") == 1
    assert "identity_number" not in after["registry_persons"]
    assert not after.errors


@pytest.mark.parametrize("text", ["王小明", "欧阳志远", "朴英姬", "于海"])
def test_a_name_alone_is_known_by_its_surname(text: str) -> None:
    assert is_name(text)
    assert hide(f"{text}（村民）") == "〔姓名已隐去〕（村民）"


@pytest.mark.parametrize(
    "text",
    ["金额", "程度", "高家村", "和龙市", "龙井", "方案", "吉林省统计局", "2019-03-05", "220821101201",
     "G-220821101201-01", "H-00ac13812345", "JD000001", "3200.50", "129.1381234567"],
)  # fmt: skip
def test_words_of_the_trade_places_and_figures_are_no_persons(text: str) -> None:
    assert text == "龙井" or not is_name(text)
    assert not has_number(text) or text.startswith(("H-", "129."))


def test_a_found_value_is_never_repeated_with_a_telephone_however_it_is_written() -> None:
    for text in ("138 1234 5678", "138-1234-5678", "+8613812345678", "0436-7222222", "１３８１２３４５６７８",
                 "220821 1960 0101 1234", "220821196001011 23X"):  # fmt: skip
        assert "1234" not in shown(text).zh.replace("2022", "")
        assert "7222" not in shown(text).en
