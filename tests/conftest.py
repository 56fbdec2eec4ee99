"""Small projects of their own for the tests: parameters, data and notebooks in a new folder."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings
from openpyxl import load_workbook

ROOT = Path(__file__).parents[1]
COUNTY = "990001"

# A slow machine is no failure, and a run is the same every time; `make fuzz` looks further.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


@dataclass(frozen=True)
class Project:
    """A copy of the golden round in a folder of its own, to be changed by a test."""

    root: Path
    round: str = "golden"
    county: str = COUNTY

    @property
    def data(self) -> Path:
        return self.root / "data" / self.county

    def params(self, name: str) -> Path:
        return self.root / "params" / f"{name}.yaml"

    def change(self, name: str, **values: Any) -> None:
        """Set keys of a parameter file; a mapping is laid on the one that is there."""
        path = self.params(name)
        known = yaml.safe_load(path.read_text("utf-8"))
        path.write_text(yaml.safe_dump(_laid(known, values), allow_unicode=True), "utf-8")

    def edit(self, file: str, sheet: str, row: int, heading: str, value: Any) -> None:
        """Set a cell of an input workbook; headings stand in row 2, below the mark."""
        book = load_workbook(self.data / file)
        cells = book[sheet]
        headings = [cell.value for cell in cells[2]]
        cells.cell(row, headings.index(heading) + 1).value = value
        book.save(self.data / file)

    def heading(self, file: str, sheet: str, old: str, new: str | None) -> None:
        """Rename a heading; None deletes the column."""
        book = load_workbook(self.data / file)
        cells = book[sheet]
        column = [cell.value for cell in cells[2]].index(old) + 1
        if new is None:
            cells.delete_cols(column)
        else:
            cells.cell(2, column).value = new
        book.save(self.data / file)

    def csv(self, file: str, change: Any) -> None:
        """Change the text of a CSV input."""
        path = self.data / file
        path.write_bytes(change(path.read_bytes()))


def _laid(below: Any, above: Any) -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{key: _laid(below.get(key), value) for key, value in above.items()}}
    return above


def copy_golden(root: Path, *, spoiled: bool = False) -> Project:
    """Copy the golden round into a folder; its two broken rows are mended unless wanted."""
    golden = ROOT / "tests" / "golden"
    shutil.copytree(golden / "params", root / "params")
    shutil.copytree(golden / "data", root / "data")
    shutil.copy(ROOT / "params" / "plan.yaml", root / "params" / "plan.yaml")
    (root / "notebooks").symlink_to(ROOT / "notebooks")
    project = Project(root)
    project.change(
        "rounds/golden",
        plan="plan.yaml",
        inputs={"folder": "data"},
        pseudonym_key="data/pseudonym.key",
    )
    if not spoiled:
        project.edit("fieldwork.xlsx", "入户调查", 40, "人均纯收入", 5400)
        project.edit("fieldwork.xlsx", "入户调查", 41, "水量", "达标")
    return project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A clean small project, with the working directory in it."""
    monkeypatch.chdir(tmp_path)
    return copy_golden(tmp_path)
