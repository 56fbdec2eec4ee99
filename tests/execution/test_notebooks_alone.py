"""Every notebook runs alone by plain papermill, with nothing of the round run before it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditlib.files.stages import STAGES, numbered
from tests.conftest import COUNTY, Project, copy_golden

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with inputs and no results."""
    return copy_golden(tmp_path_factory.mktemp("alone"))


@pytest.mark.parametrize("name", [*map(numbered, STAGES), "consolidated"])
def test_a_notebook_runs_alone_with_plain_papermill_and_a_numeric_county(
    bare: Project, name: str
) -> None:
    """papermill makes a whole number of `-p county 990001`; the county is found all the same."""
    out = bare.root / f"{name}.ipynb"
    county = () if name == "consolidated" else ("-p", "county", COUNTY)
    command = [
        str(Path(sys.executable).parent / "papermill"),
        str(ROOT / "notebooks" / f"{name}.ipynb"),
        str(out),
        *county,
        *("-p", "round", "golden", "-p", "outputs", f"alone/{name}"),
    ]

    done = subprocess.run(
        command,
        cwd=bare.root,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "IPYTHONDIR": str(bare.root / "ipython")},
    )

    assert done.returncode == 0, done.stderr[-1000:]
    code = [c for c in json.loads(out.read_text("utf-8"))["cells"] if c["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code)
    assert any("text/html" in o.get("data", {}) for cell in code for o in cell["outputs"])
