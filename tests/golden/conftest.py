"""Run the golden round before nbval compares its notebooks: the consolidated one reads the others."""

import sys
from pathlib import Path

import pytest


def pytest_collection_finish(session: pytest.Session) -> None:
    wanted = any(item.name.startswith("consolidated") for item in session.items) or any(
        "consolidated" in str(item.nodeid) for item in session.items
    )
    if session.config.getoption("nbval", default=False) and wanted:
        sys.path.insert(0, str(Path(__file__).parent))
        import make

        make.run("build/golden")
