"""A round begins soon: nothing heavy is read before the kernels are on their way."""

import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from auditlib.execution import rounds
from auditlib.execution.places import Place
from auditlib.report.charts import Picture, drawn_once

HEAVY = "auditlib.pipeline"


@pytest.mark.parametrize(
    "module", ["auditlib.cli", "auditlib.cli.run", "auditlib.execution.template"]
)
def test_a_command_is_read_without_the_stages(module: str) -> None:
    code = f"import sys, {module}; sys.exit({HEAVY!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_largest_county_is_begun_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = SimpleNamespace(record=SimpleNamespace(inputs=SimpleNamespace(folder="data")))
    monkeypatch.setattr(Place, "open_round", lambda self: record)
    for county, size in (("1", 10), ("2", 30), ("3", 20)):
        (tmp_path / "data" / county).mkdir(parents=True)
        (tmp_path / "data" / county / "a.xlsx").write_bytes(bytes(size))
    place = Place(tmp_path, "params", "outputs", "round")
    assert rounds._largest_first(place, ["1", "2", "3", "4"]) == ["2", "3", "1", "4"]


@dataclass(frozen=True)
class Frame:
    """What `drawn_once` looks at of a page."""

    county: str
    public: bool = False


def test_a_picture_is_drawn_once_for_notebook_and_paper() -> None:
    drawn: list[tuple[str, str]] = []

    @drawn_once
    def view(page: Any, record: Any) -> Picture:
        drawn.append((page.county, record[0]))
        return Picture(b"", f"{page.county} {record[0]}")

    first, second, page = ["first"], ["second"], Frame("220821")
    view(page, first)  # type: ignore[arg-type]
    assert view(replace(page, public=True), first).alt == "220821 first"  # type: ignore[arg-type]
    assert view(page, second).alt == "220821 second"  # type: ignore[arg-type]
    assert view(Frame("220623"), second).alt == "220623 second"  # type: ignore[arg-type]
    assert drawn == [("220821", "first"), ("220821", "second"), ("220623", "second")]
