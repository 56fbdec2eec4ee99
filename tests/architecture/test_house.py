"""The house holds together: layers, locks, sizes, and nothing that belongs to one machine."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from auditlib.cli import main

ROOT = Path(__file__).parents[2]


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.split("\n") if listed.returncode == 0 else []
    return [ROOT / name for name in names if name and (ROOT / name).is_file()] or [
        path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts
    ]


def _pinned(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", text, re.MULTILINE))


def _plain(name: str) -> str:
    return re.split(r"[\s<>=;\[]", name)[0].lower().replace("_", "-")


def test_both_locks_pin_every_dependency_to_the_same_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    run, lab = _pinned("requirements.lock"), _pinned("requirements-lab.lock")

    wanted = {_plain(d) for d in project["dependencies"]}
    for extra in ("dev", "cluster"):
        wanted |= {_plain(d) for d in project["optional-dependencies"][extra]}
    assert wanted <= set(run)
    assert run.items() <= lab.items()
    assert "jupyterlab" in lab
    assert "jupyterlab" not in run


def test_the_users_packages_are_in_the_environment() -> None:
    environment = (ROOT / "environment.yml").read_text("utf-8")

    assert "requirements.lock" in environment
    assert "requirements-lab.lock" in environment
    named = {"jupyterlab", "papermill", "pandas", "matplotlib", "seaborn", "nbval", "scrapbook"}
    assert named <= set(_pinned("requirements-lab.lock"))


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-lab.lock"])
def test_a_lock_has_a_hash_for_everything_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")

    assert "http://" not in text
    assert "https://" not in text
    assert "--index" not in text
    for block in re.split(r"\n(?=[a-z0-9])", text):
        if "==" in block:
            assert "--hash=sha256:" in block


def test_no_file_names_a_path_of_this_machine_or_a_registry() -> None:
    # Written in pieces, so that this file does not name what it forbids.
    hosts = "|".join(("p" + "ypi[.]org", "python" + "hosted[.]", "n" + "pmjs[.]"))
    banned = re.compile(rf"(^|[^A-Za-z0-9_])/(wo{'rk'}|ro{'ot'}|fa{'rm'})/|{hosts}")

    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _tracked()
        if path.suffix not in {".png", ".xlsx", ".otf", ".woff2", ".lock"}
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if banned.search(line)
    ]
    assert found == []


def test_a_module_fits_on_six_screens() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "src").rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > 410
    }
    assert set(long) <= {"src/auditlib/errors.py"}


def test_names_that_say_nothing_are_not_used() -> None:
    banned = {"utils", "helpers", "manager", "models", "core", "data2", "process"}

    assert not [path for path in (ROOT / "src").rglob("*.py") if path.stem in banned]


def test_data_walks_up_the_floors_once() -> None:
    run = subprocess.run(
        ["lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False, env=_path()
    )
    assert run.returncode == 0, run.stdout[-2000:]


def _path() -> dict[str, str]:
    import os
    import sys

    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    from auditlib.cli import COMMANDS

    for name in COMMANDS:
        with pytest.raises(SystemExit) as done:
            main([name, "--help"])
        assert done.value.code == 0
        assert f"auditlib {name}" in " ".join(capsys.readouterr().out.split())


def test_the_shipped_parameter_files_are_those_of_the_demonstration() -> None:
    """The files of the six counties say what `auditlib demo` would write."""
    from auditlib.demo.county import _params
    from auditlib.demo.scenarios import JILIN
    from auditlib.params.reading import read

    for code, scenario in JILIN.items():
        kept = read(ROOT / "params" / "counties" / f"{code}.yaml", code).values
        made = _params(scenario)
        assert {**made, "populations": None} == {**kept, "populations": None}
        assert (
            made["populations"].items()
            >= {k: v for k, v in kept["populations"].items() if k not in {"source", "date"}}.items()
        )
