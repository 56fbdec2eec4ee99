"""The notebooks are thin: questions, one call or one display a cell, and nothing stored."""

import ast
import json
from pathlib import Path

import pytest

from auditlib.files.stages import STAGES, numbered

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def _cells(path: Path, kind: str) -> list[dict]:
    return [c for c in json.loads(path.read_text("utf-8"))["cells"] if c["cell_type"] == kind]


def test_there_is_a_notebook_for_every_stage_and_the_consolidated_one() -> None:
    assert [path.stem for path in NOTEBOOKS] == [*map(numbered, STAGES), "consolidated"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_has_at_most_twelve_code_cells_without_logic_or_outputs(path: Path) -> None:
    code = _cells(path, "code")

    assert len(code) <= 12
    for cell in code:
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
        banned = (ast.FunctionDef, ast.Lambda, ast.For, ast.While, ast.Try, ast.ListComp, ast.With)
        tree = ast.parse("".join(cell["source"]))
        assert not [node for node in ast.walk(tree) if isinstance(node, banned)]
        assert "open(" not in "".join(cell["source"]).replace("open_audit(", "").replace(
            "open_round(", ""
        )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_parameters_are_typed_and_commented(path: Path) -> None:
    (cell,) = [c for c in _cells(path, "code") if "parameters" in c["metadata"].get("tags", [])]

    for line in cell["source"]:
        assert ": str = " in line
        assert "  # " in line


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_headings_are_in_chinese_with_the_english_beside(path: Path) -> None:
    headings = [
        line for c in _cells(path, "markdown") for line in c["source"] if line.startswith("#")
    ]

    for heading in headings:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in heading), heading
        assert any(letter.isascii() and letter.isalpha() for letter in heading), heading


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_shows_at_least_one_picture(path: Path) -> None:
    assert any("glue_picture" in "".join(c["source"]) for c in _cells(path, "code"))
