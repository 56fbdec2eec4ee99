"""Forked and stock kernels give the same bytes: every notebook, every page, every file."""

import os
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from auditlib.execution.kernels import can_fork
from auditlib.execution.log import RUN_LOG
from auditlib.execution.rounds import run_round
from tests.conftest import COUNTY, copy_golden

pytestmark = pytest.mark.skipif(not can_fork(), reason="needs os.fork")


def test_every_notebook_has_the_same_bytes_from_forked_and_from_stock_kernels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)
    project = copy_golden(tmp_path / "forked")
    shutil.copytree(project.root, tmp_path / "stock", symlinks=True)
    seen = []
    for kernel in ("forked", "stock"):
        run = run_round(tmp_path / kernel, "golden", kernel=kernel, jobs=2, counties=[COUNTY])
        assert not run.failures
        folder = tmp_path / kernel / "outputs/golden"
        seen.append(
            {
                os.path.relpath(path, folder): sha256(path.read_bytes()).hexdigest()
                for path in sorted(folder.rglob("*"))
                if path.is_file() and path.name != RUN_LOG
            }
        )

    forked, stock = seen
    assert len([name for name in forked if name.endswith(".ipynb")]) == 9
    assert forked == stock
