"""Every kind of bad input has its sentence: place, what was found, what was expected, what to do.

Field teams get all problems at once, in Chinese or English, and nothing is lost.
"""

import argparse
import shutil
import zipfile
from collections.abc import Callable

import pytest

from auditlib.cli import main
from auditlib.cli.check import check_county
from auditlib.problems import Problem
from tests.conftest import COUNTY, Project

OPTIONS = argparse.Namespace(round="golden", params="params", outputs="outputs")


def problems(project: Project) -> list[Problem]:
    return [p for p in check_county(project.county, OPTIONS) if p.severity == "error"]


def one(project: Project, kind: str) -> Problem:
    """Return the first problem of a kind; the others are those that follow from it."""
    found = problems(project)
    assert kind in {p.kind for p in found}, [p.says("en") for p in found]
    return next(p for p in found if p.kind == kind)


def test_the_small_project_itself_has_no_problem(project: Project) -> None:
    assert problems(project) == []


def _cells(
    file: str, sheet: str, row: int, heading: str, value: object
) -> Callable[[Project], None]:
    return lambda project: project.edit(file, sheet, row, heading, value)


VISITS = ("fieldwork.xlsx", "入户调查")
HOUSEHOLDS = ("registry.xlsx", "建档立卡户")
VILLAGES = ("frame.xlsx", "行政村名单")

CELLS = {
    "id_turned_into_a_number": (
        _cells(*HOUSEHOLDS, 5, "户编号", 990001000003),
        "number_as_identifier",
        ("registry.xlsx", "第5行", "户编号", "设为文本格式"),
        ("row 5", "leading zeros"),
    ),
    "code_without_its_leading_digits": (
        _cells(*HOUSEHOLDS, 6, "行政村代码", "1101200"),
        "bad_identifier",
        ("12 位数字", "第6行"),
        ("12 digits",),
    ),
    "unknown_code": (
        _cells(*VISITS, 5, "水量", "达标了"),
        "unknown_code",
        ("水量", "最接近的是“达标”", "改用表中的选项"),
        ("nearest: 达标", "one of met"),
    ),
    "negative_number": (
        _cells(*VISITS, 6, "人均一次性收入", -20),
        "too_small",
        ("“-20”", "不小于 0"),
        ("'-20'", "at least 0"),
    ),
    "too_large_a_number": (
        _cells("frame.xlsx", "行政村名单", 4, "基础设施得分", 240),
        "too_large_number",
        ("“240”", "不大于 100"),
        ("at most 100",),
    ),
    "future_date": (
        _cells("cases.xlsx", "问题核实台账", 3, "日期", "2019-12-01"),
        "future_date",
        ("2019-12-01", "晚于本轮基准日 2019-04-20"),
        ("after the round's day",),
    ),
    "two_date_forms": (
        _cells("cases.xlsx", "问题核实台账", 3, "日期", "03/05/2019"),
        "two_date_forms",
        ("可读作两个日期", "年-月-日"),
        ("either of two dates",),
    ),
    "date_as_serial_number": (
        _cells("cases.xlsx", "问题核实台账", 3, "日期", "43529"),
        "date_serial",
        ("日期序号 43529",),
        ("serial number 43529",),
    ),
    "words_instead_of_a_number": (
        _cells(*VISITS, 7, "人均纯收入", "三千元左右"),
        "number_range",
        ("5 个字符的文字", "约数"),
        ("a text of 5 characters", "one definite number"),
    ),
    "half_a_person": (
        _cells(*HOUSEHOLDS, 7, "人数", 1.5),
        "not_integer",
        ("“1.5”", "整数"),
        ("a whole number",),
    ),
    "full_width_digits": (
        _cells(*VISITS, 8, "人均纯收入", "３２００"),
        "full_width",
        ("全角数字 ３２００", "半角"),
        ("full-width digits",),
    ),
    "invisible_character": (
        _cells(*HOUSEHOLDS, 8, "组号", "0\u200b1"),
        "hidden_character",
        ("看不见的字符（U+200B）",),
        ("invisible character (U+200B)",),
    ),
    "comma_in_an_identifier": (
        _cells(*HOUSEHOLDS, 9, "户编号", "S1,2"),
        "comma_in_identifier",
        ("有逗号",),
        ("a comma",),
    ),
    "empty_required_cell": (
        _cells(*VISITS, 9, "访问结果", None),
        "empty_cell",
        ("访问结果", "空白", "补填"),
        ("nothing", "Fill in"),
    ),
    "formula_error": (
        _cells(*VISITS, 10, "人均纯收入", "#DIV/0!"),
        "formula_error",
        ("公式错误 #DIV/0!", "粘贴为数值"),
        ("formula error #DIV/0!",),
    ),
    "household_without_a_village": (
        _cells(*HOUSEHOLDS, 10, "行政村代码", "990001999999"),
        "unknown_reference",
        ("990001999999", "表“行政村名单”中没有"),
        ("not in table villages",),
    ),
    "village_of_another_county": (
        _cells(*VILLAGES, 5, "行政村代码", "220821101201"),
        "other_county",
        ("220821101201", f"不属于本县 {COUNTY}"),
        ("does not belong to county",),
    ),
    "lifted_without_a_year": (
        _cells(*HOUSEHOLDS, 3, "脱贫年度", None),
        "no_exit_year",
        ("没有脱贫年度", "2014至2018"),
        ("without an exit year",),
    ),
    "members_differ_from_the_persons_listed": (
        _cells(*HOUSEHOLDS, 11, "人数", 9),
        "members_differ",
        ("人数 9，但人员表中有",),
        ("9 members, but",),
    ),
    "end_before_start": (
        _cells(*VISITS, 11, "结束时间", "2019-02-28 08:00:00"),
        "ends_before_start",
        ("结束早于开始",),
        ("the end lies before the start",),
    ),
}


@pytest.mark.parametrize("name", [name for name, case in CELLS.items() if case[1]])
def test_a_bad_cell_is_told_with_its_place_and_repair(project: Project, name: str) -> None:
    change, kind, zh, en = CELLS[name]
    change(project)

    problem = one(project, str(kind))

    assert problem.place.file.endswith(".xlsx")
    assert problem.place.sheet
    assert problem.place.row
    for words in zh:
        assert words in problem.says("zh")
    for words in en:
        assert words in problem.says("en")


def test_a_formula_error_that_excel_stored_is_found_though_the_reader_drops_it(
    project: Project,
) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(project.data / "rectification.xlsx")) as book:
        orders = book.add_worksheet("整改通知")
        orders.write_row(
            0,
            0,
            ["整改编号", "问题（指标或检查项）", "下达日期", "整改期限", "整改要求", "下达单位"],
        )
        orders.write_row(1, 0, ["ZG01", "missed_rate", "2019-03-22"])
        orders.write_formula(1, 3, "=1/0", None, "#DIV/0!")
        orders.write_row(1, 4, ["整改", "领导小组"])
        actions = book.add_worksheet("整改进展")
        actions.write_row(
            0, 0, ["整改编号", "序号", "日期", "措施", "问题编号", "证据编号", "销号", "认定角色"]
        )

    problem = one(project, "formula_error")

    assert problem.place.row == 2
    assert "#DIV/0!" in problem.says("zh")


def test_a_household_excluded_without_proof_is_set_aside(project: Project) -> None:
    from openpyxl import load_workbook

    book = load_workbook(project.data / "registry.xlsx")
    sheet = book["建档立卡户"]
    sheet.cell(2, sheet.max_column + 1).value = "剔除原因"
    sheet.cell(3, sheet.max_column).value = "自然消亡"
    book.save(project.data / "registry.xlsx")

    assert "已剔除但没有证明" in one(project, "no_proof").says("zh")


def test_a_repeated_key_sets_both_rows_aside(project: Project) -> None:
    project.edit(*HOUSEHOLDS, 12, "户编号", "S990001000001")

    found = [p for p in problems(project) if p.kind == "duplicate_key"]

    assert {p.place.row for p in found} == {3, 12}
    assert "与第 3 行的主键相同" in found[-1].says("zh")


def test_a_missing_file_is_named_once_with_its_tables_left_out(project: Project) -> None:
    (project.data / "cases.xlsx").unlink()

    problem = one(project, "missing_file")

    assert "cases.xlsx：没有这个文件" in problem.says("zh")
    assert len([p for p in problems(project) if p.kind == "missing_file"]) == 1


def test_a_missing_sheet_lists_those_there_are(project: Project) -> None:
    from openpyxl import load_workbook

    book = load_workbook(project.data / "cases.xlsx")
    book["问题核实台账"].title = "台账"
    book.save(project.data / "cases.xlsx")

    assert "只有工作表 台账；应为工作表 问题核实台账" in one(project, "missing_sheet").says("zh")


def test_a_missing_column_names_the_heading_that_is_most_like_it(project: Project) -> None:
    project.heading(*VISITS, "访问结果", "访问結果")

    problem = one(project, "missing_column")

    assert "标题“访问结果”或“disposition”" in problem.says("zh")
    assert "最接近的是“访问結果”" in problem.says("zh")


def test_a_heading_that_stands_twice_is_refused(project: Project) -> None:
    project.heading(*VISITS, "水质", "水量")

    assert "标题“水量”与“水量”是同一列" in one(project, "duplicate_heading").says("zh")


def test_a_workbook_cut_short_is_refused(project: Project) -> None:
    path = project.data / "cases.xlsx"
    path.write_bytes(path.read_bytes()[:2000])

    assert "工作簿损坏或不完整" in one(project, "truncated_workbook").says("zh")


def test_a_workbook_with_a_password_is_refused(project: Project) -> None:
    encrypted = b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    (project.data / "cases.xlsx").write_bytes(encrypted)

    assert "设有打开密码" in one(project, "protected_workbook").says("zh")


def test_an_old_workbook_is_refused(project: Project) -> None:
    (project.data / "cases.xlsx").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)

    assert "另存为 .xlsx" in one(project, "old_workbook").says("zh")


def test_a_zip_that_is_no_workbook_is_refused(project: Project) -> None:
    with zipfile.ZipFile(project.data / "cases.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")

    assert "其他格式（zip）" in one(project, "other_format").says("zh")


def test_an_empty_file_is_refused(project: Project) -> None:
    (project.data / "registry_persons.csv").write_bytes(b"")

    assert "文件是空的" in one(project, "empty_file").says("zh")


def test_text_in_an_unknown_encoding_is_refused(project: Project) -> None:
    project.csv("registry_persons.csv", lambda text: text.decode("utf-8-sig").encode("utf-16"))

    assert "UTF-8 或 GB18030" in one(project, "wrong_encoding").says("zh")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encodings_of_offices_are_read(project: Project, encoding: str) -> None:
    project.csv("registry_persons.csv", lambda text: text.decode("utf-8-sig").encode(encoding))

    assert problems(project) == []


def test_a_row_with_too_many_cells_is_set_aside(project: Project) -> None:
    def widen(text: bytes) -> bytes:
        lines = text.splitlines()
        return b"\n".join([*lines[:4], lines[4] + b",1,2", *lines[5:]]) + b"\n"

    project.csv("registry_persons.csv", widen)

    assert one(project, "ragged_row").place.row == 5


def test_english_headings_and_codes_serve_as_well(project: Project) -> None:
    project.heading(*VISITS, "访问结果", "disposition")
    project.edit(*VISITS, 5, "水量", "met")

    assert problems(project) == []


PARAMETERS = {
    "misspelt_key": (
        lambda p: p.change("counties/990001", populatons={"total": 1}),
        ("不认识的键 “populatons”（最接近的是“populations”）", "params/counties/990001.yaml"),
    ),
    "misspelt_rule": (
        lambda p: p.change(
            "rounds/golden", overrides=[{"reason": "x", "plan": {"sampling": {"vilages": {}}}}]
        ),
        ("“vilages”（最接近的是“villages”）",),
    ),
    "misspelt_table": (
        lambda p: p.change("rounds/golden", inputs={"tables": {"vilages": {"file": "a.csv"}}}),
        ("“vilages”（最接近的是“villages”）",),
    ),
    "rule_changed_without_a_reason": (
        lambda p: p.change("rounds/golden", overrides=[{"plan": {}}]),
        ("overrides.0.reason", "没有这个键"),
    ),
    "population_that_does_not_add_up": (
        lambda p: p.change("counties/990001", populations={"total": 9001}),
        ("农业户籍人口 9001 ≠ 建档立卡 630 ＋ 未建档立卡 8370",),
    ),
    "registry_that_does_not_add_up": (
        lambda p: p.change(
            "counties/990001", populations={"registered": 629, "unregistered": 8371}
        ),
        ("建档立卡人口 629，但登记表合计 630",),
    ),
    "code_of_another_county": (
        lambda p: p.change("counties/990001", code="990002"),
        ("“990002”", "应为990001"),
    ),
    "unknown_region": (
        lambda p: p.change("counties/990001", region="yanbain"),
        ("“yanbain”", "yanbian"),
    ),
    "unknown_switch": (
        lambda p: p.change(
            "rounds/golden", overrides=[{"reason": "x", "readings": {"incidense": "raw"}}]
        ),
        ("“incidense”（最接近的是“incidence”）",),
    ),
    "unknown_option": (
        lambda p: p.change(
            "rounds/golden", overrides=[{"reason": "x", "readings": {"incidence": "row"}}]
        ),
        ("expanded, raw",),
    ),
    "date_that_is_none": (
        lambda p: p.change("rounds/golden", as_of="2019-13-40"),
        ("as_of",),
    ),
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_bad_parameter_is_told_with_its_key(project: Project, name: str) -> None:
    change, words = PARAMETERS[name]
    change(project)

    told = "\n".join(p.says("zh") for p in problems(project))

    for word in words:
        assert word in told


@pytest.mark.parametrize("kind", ["population_total", "registry_total"])
def test_totals_that_do_not_agree_have_a_kind_of_their_own(project: Project, kind: str) -> None:
    change = {
        "population_total": PARAMETERS["population_that_does_not_add_up"],
        "registry_total": PARAMETERS["registry_that_does_not_add_up"],
    }[kind][0]
    change(project)

    assert one(project, kind)


def test_an_anchor_bomb_is_refused_before_it_grows(project: Project) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"b{i}: &b{i} [*{'a' if i == 0 else f'b{i - 1}'}, *{'a' if i == 0 else f'b{i - 1}'}]\n"
        for i in range(40)
    )
    project.params("counties/990001").write_text(bomb)

    assert "锚点或引用" in one(project, "yaml_alias").says("zh")


def test_a_key_that_stands_twice_is_refused_with_both_lines(project: Project) -> None:
    path = project.params("counties/990001")
    path.write_text(path.read_text("utf-8") + "class: provincial\n", "utf-8")

    assert "同一个键写了两次，先见于第" in one(project, "yaml_duplicate").says("zh")


def test_a_file_that_is_no_yaml_is_told_with_its_line(project: Project) -> None:
    project.params("counties/990001").write_text("code: '990001'\nname: {zh: x\nclass: y\n")

    assert one(project, "yaml_syntax").place.row


def test_a_county_without_a_file_is_told(project: Project) -> None:
    project.params("counties/990001").unlink()

    assert "没有这个文件" in one(project, "no_such_file").says("zh")


def test_all_problems_are_listed_at_once_and_the_exit_code_is_two(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    CELLS["negative_number"][0](project)
    CELLS["unknown_code"][0](project)
    (project.data / "cases.xlsx").unlink()

    code = main(["--language", "zh", "check", "--round", "golden"])

    told = capsys.readouterr().err
    assert code == 2
    assert "“-20”" in told
    assert "达标" in told
    assert "cases.xlsx：没有这个文件" in told


def test_a_sound_project_passes_the_check(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--round", "golden"]) == 0
    assert "0 problems" in capsys.readouterr().err


def test_a_user_s_mistake_never_ends_in_a_traceback(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(project.root / "params" / "rounds")

    assert main(["check", "--round", "golden"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_free_text_and_names_are_never_repeated(project: Project) -> None:
    project.edit(*VISITS, 7, "人均纯收入", "王小明")
    project.edit(*VISITS, 8, "人均纯收入", "13812345678")
    project.edit(*VISITS, 9, "人均纯收入", "22240519600101001X")

    told = "\n".join(p.says("zh") + p.says("en") for p in problems(project))

    assert "王小明" not in told
    assert "13812345678" not in told
    assert "22240519600101001" not in told
