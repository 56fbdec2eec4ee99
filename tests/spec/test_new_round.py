"""`auditlib new`: the empty round, what it asks for, and that it runs once it is filled in."""

import csv
import io
import shutil
from pathlib import Path

import pytest
import yaml
from openpyxl import load_workbook

from auditlib import pipeline
from auditlib.cli import main
from auditlib.demo.round import WORKBOOKS
from auditlib.files.blanks import CHOICES
from auditlib.pipeline import _result
from auditlib.tables import TABLES
from tests.conftest import COUNTY, ROOT

GOLDEN = ROOT / "tests" / "golden"


@pytest.fixture
def new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert main(["new", "--out", str(tmp_path), "--county", COUNTY, "--round", "mine"]) == 0
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_check_lists_what_is_empty_with_file_and_line(
    new: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--round", "mine"]) == 2

    said = capsys.readouterr().err
    for key in ("as_of", "income_line.value", "populations.total", "class", "evaluator.tender"):
        assert f"列 {key}：尚未填写" in said
    assert "Traceback" not in said


def test_what_exists_is_left_alone(new: Path) -> None:
    path = new / "params" / "rounds" / "mine.yaml"
    path.write_text("mine", "utf-8")
    key = (new / "secrets" / "mine.key").read_bytes()

    assert main(["new", "--out", str(new), "--county", COUNTY, "--round", "mine"]) == 0

    assert path.read_text("utf-8") == "mine"
    assert (new / "secrets" / "mine.key").read_bytes() == key


@pytest.mark.parametrize("options", [("--county", "22082"), ("--county", COUNTY, "--round", "Ä")])
def test_a_wrong_code_or_name_is_refused_with_a_sentence(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    assert main(["new", "--out", str(tmp_path), *options]) == 2
    assert not list(tmp_path.iterdir())


def test_every_heading_has_a_note_and_every_choice_a_drop_down(new: Path) -> None:
    for file, names in WORKBOOKS.items():
        if file.endswith(".csv"):
            continue
        book = load_workbook(new / "data" / "mine" / COUNTY / file)
        for name in names:
            sheet = book[TABLES[name].zh]
            assert [c.value for c in sheet[1]] == [c.zh for c in TABLES[name].columns]
            assert all(cell.comment for cell in sheet[1])
            listed = {
                str(rule.sqref).split(":")[0][:-1]
                for rule in sheet.data_validations.dataValidation
                if rule.type == "list" and CHOICES in rule.formula1
            }
            wanted = {
                cell.column_letter
                for cell, column in zip(sheet[1], TABLES[name].columns, strict=True)
                if column.kind == "code"
            }
            assert listed == wanted


def test_an_empty_frame_is_asked_for_table_by_table(
    new: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _fill_in_params(new, status="awaiting_fieldwork")

    assert main(["check", "--round", "mine"]) == 2

    said = capsys.readouterr().err
    for name in ("villages", "groups", "registry_households"):
        assert f"工作表 {TABLES[name].zh}：还没有数据行" in said


def test_the_templates_filled_in_run(new: Path) -> None:
    """The golden county's rows, written below the templates' own headings."""
    _fill_in_params(new)
    own = new / "data" / "mine" / COUNTY
    for file in WORKBOOKS:
        source = GOLDEN / "data" / COUNTY / file
        if file.endswith(".csv"):
            shutil.copy(source, own / file)
            continue
        filled, given = load_workbook(own / file), load_workbook(source, read_only=True)
        for sheet in given:
            rows = list(sheet.iter_rows(values_only=True))[1:]  # below the mark
            headings = [cell.value for cell in filled[sheet.title][1]]
            for i, row in enumerate(rows[1:], 2):
                for heading, value in zip(rows[0], row, strict=True):
                    if value is not None:
                        column = headings.index(heading) + 1
                        filled[sheet.title].cell(i, column).value = value
        filled.save(own / file)
    shutil.copy(GOLDEN / "data" / "pseudonym.key", new / "secrets" / "mine.key")

    record = _result(pipeline.open_audit(COUNTY, "mine", root=new), "sampling").record

    assert record.villages == 8


def _fill_in_params(root: Path, **county: object) -> None:
    """Fill in the two files as the golden round has them."""
    for name, kept in (
        ("rounds/mine", ("round", "inputs", "pseudonym_key", "plan")),
        (f"counties/{COUNTY}", ()),
    ):
        path = root / "params" / f"{name}.yaml"
        blank = yaml.safe_load(path.read_text("utf-8"))
        source = GOLDEN / "params" / f"{name.replace('mine', 'golden')}.yaml"
        known = yaml.safe_load(source.read_text("utf-8"))
        values = {**blank, **{k: v for k, v in known.items() if k not in kept}}
        if name.startswith("counties"):
            values.pop("status", None)
            values |= county
        path.write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")


def test_a_csv_template_is_a_heading_that_excel_reads(new: Path) -> None:
    content = (new / "data" / "mine" / COUNTY / "draws.csv").read_bytes()

    assert content.startswith(b"\xef\xbb\xbf")
    assert next(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [
        column.zh for column in TABLES["draws"].columns
    ]
