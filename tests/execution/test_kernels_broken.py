"""A provisioner that is broken or gone harms nobody: papermill imports, stock kernels run."""

import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import importlib.metadata as metadata
import sys
from pathlib import Path

folder = Path(sys.argv[1])
points = metadata.entry_points(group="jupyter_client.kernel_provisioners")
assert "auditlib-broken" in points.names, sorted(points.names)

for name in ("provisioner", "papermill_engine", "template", "zygote", "run"):
    sys.modules[f"auditlib.execution.kernels.{name}"] = None  # to import it fails

import nbformat
import papermill
from nbformat.v4 import new_code_cell, new_notebook

kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
notebook = new_notebook(cells=[new_code_cell("6 * 7")], metadata={"kernelspec": kernel})
nbformat.write(notebook, folder / "in.ipynb")
done = papermill.execute_notebook(
    str(folder / "in.ipynb"), str(folder / "out.ipynb"), progress_bar=False
)
print(done.cells[0].outputs[0]["data"]["text/plain"])
"""

BROKEN = {
    "raises when it is imported": "raise RuntimeError('broken on purpose')\n",
    "is not there any more": None,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_papermill_and_stock_kernels_outlive_a_provisioner_that(tmp_path: Path, content):
    """An entry point that cannot be loaded stays unused; nothing imports it."""
    place = tmp_path / "site"
    about = place / "auditlib_broken-1.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: auditlib-broken\nVersion: 1\n")
    (about / "entry_points.txt").write_text(
        "[jupyter_client.kernel_provisioners]\nauditlib-broken = auditlib_broken:Provisioner\n"
    )
    if content is not None:
        (place / "auditlib_broken.py").write_text(content)

    done = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path)],
        env={"PYTHONPATH": str(place), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip() == "42"
