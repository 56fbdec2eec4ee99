"""Write the golden round anew: its inputs, and its executed notebooks for review.

`python tests/golden/make.py` is `make golden`; the difference is read before it is committed.
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook

from auditlib.cli.demo import write_round
from auditlib.demo.invented import invented_county
from auditlib.demo.round import round_params
from auditlib.execution.rounds import run_round
from auditlib.files.writing import SheetOut, write_workbook
from auditlib.params import load_round
from auditlib.report.page import SYNTHETIC

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PARAMS = "tests/golden/params"
COUNTY = "990001"

OVERRIDE = {
    "reason": "黄金样本是虚构小县，样本量按比例缩小 (an invented small county with a small sample)",
    "plan": {
        "sampling": {
            "villages": {"target": 8, "minimum": 6, "maximum": 10},
            "households": {"small_total": 100},
            "lifted": {"at_least": 60, "per_village_least": 4},
            "unregistered": {"at_least": 40},
            "groups": {"least": 3, "most": 5, "target": 4},
            "still_poor": {"least": 3, "most": 6, "target": 4},
        }
    },
}


def write_inputs(out: Path) -> None:
    """Write parameter files and data of the golden round below a folder."""
    scenario, places = invented_county(
        1, villages=20, townships=4, households=420, population=9_000
    )
    values = round_params([COUNTY], round="golden", income_line=2995, folder="tests/golden/data")
    values |= {"plan": "../../../params/plan.yaml", "overrides": [OVERRIDE]}
    values["title"] = {"zh": "黄金样本（合成）", "en": "Golden round (synthetic)"}
    rounds = out / PARAMS / "rounds"
    shutil.rmtree(out / PARAMS, ignore_errors=True)
    rounds.mkdir(parents=True)
    write_round(out, _plan(values), [(scenario, places)], values, seed="golden", params=PARAMS)


def _plan(values: dict[str, object]) -> object:
    """Return the plan with the golden round's overrides."""
    import yaml

    with TemporaryDirectory() as scratch:
        rounds = Path(scratch) / "params" / "rounds"
        rounds.mkdir(parents=True)
        plan = str(ROOT / "params" / "plan.yaml")
        text = yaml.safe_dump({**values, "plan": plan}, allow_unicode=True)
        (rounds / "golden.yaml").write_text(text, "utf-8")
        return load_round(Path(scratch) / "params", "golden")[0]


def spoil(out: Path) -> None:
    """Break two rows of the field work, so that the golden round shows a quarantine."""
    path = out / "tests/golden/data" / COUNTY / "fieldwork.xlsx"
    book = load_workbook(path)
    visits = book["入户调查"]
    headings = [cell.value for cell in visits[2]]
    visits.cell(40, headings.index("人均纯收入") + 1).value = "三千"
    visits.cell(41, headings.index("水量") + 1).value = "达标标"
    # Written as the demonstration writes it: openpyxl would put the hour into the file.
    sheets = [_sheet(sheet.title, *sheet.iter_rows(min_row=2, values_only=True)) for sheet in book]
    write_workbook(path, sheets, mark=SYNTHETIC, title=str(book.properties.title))


def _sheet(name: str, headings: tuple[object, ...], *rows: tuple[object, ...]) -> SheetOut:
    return SheetOut(name, [str(heading) for heading in headings], rows)


def run(outputs: str) -> Path:
    """Run the golden round and return the folder of its results."""
    run_round(ROOT, "golden", params=PARAMS, outputs=outputs, jobs=1)
    return ROOT / outputs / "golden"


def main() -> int:
    """Write inputs and executed notebooks."""
    write_inputs(ROOT)
    spoil(ROOT)
    shutil.rmtree(ROOT / "truth" / "golden", ignore_errors=True)
    results = run("build/golden")
    kept = HERE / "notebooks"
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir()
    for notebook in sorted((results / COUNTY).glob("*.ipynb")):
        shutil.copy(notebook, kept / notebook.name)
    shutil.copy(results / "consolidated.ipynb", kept / "consolidated.ipynb")
    return 0


if __name__ == "__main__":
    sys.exit(main())
