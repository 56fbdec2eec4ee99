"""The golden round: the same inputs give the same notebooks, byte for byte, pictures included."""

import base64
import hashlib
import json
from pathlib import Path

import pytest

from auditlib.execution.rounds import run_round

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
NAMES = sorted(path.name for path in (HERE / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def results() -> Path:
    run = run_round(
        ROOT, "golden", params="tests/golden/params", outputs="build/test", jobs=1, force=True
    )
    assert not run.failures
    return ROOT / "build" / "test" / "golden"


def _made(results: Path, name: str) -> Path:
    return results / name if name == "consolidated.ipynb" else results / "990001" / name


def test_the_golden_round_has_all_nine_notebooks() -> None:
    assert len(NAMES) == 9


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_notebook_is_made_again_byte_for_byte(results: Path, name: str) -> None:
    kept = (HERE / "notebooks" / name).read_bytes().replace(b"build/golden", b"build/test")

    assert _made(results, name).read_bytes() == kept


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_of_the_golden_round_has_its_digest(results: Path, name: str) -> None:
    assert _pictures(_made(results, name)) == _pictures(HERE / "notebooks" / name)
    assert _pictures(_made(results, name)) or name == "07_rectification.ipynb"  # no re-check there


def _pictures(path: Path) -> list[str]:
    outputs = [
        output.get("data", {}).get("image/png")
        for cell in json.loads(path.read_text("utf-8"))["cells"]
        for output in cell.get("outputs", [])
    ]
    return [hashlib.sha256(base64.b64decode(png)).hexdigest() for png in outputs if png]


def test_the_golden_round_shows_rows_set_aside(results: Path) -> None:
    tables = json.loads((results / "990001" / "02_fieldwork" / "fieldwork.json").read_text())[
        "tables"
    ]

    assert sum(table["quarantined"] for table in tables) > 0
    assert all(t["read"] == t["accepted"] + t["quarantined"] for t in tables)
