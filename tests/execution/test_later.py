"""Modules that are put off: there when they are asked for, and only then."""

import json
import subprocess
import sys
from pathlib import Path

from auditlib.execution.later import put_off

GRAMMAR = """
print("built")
def is_valid_syntax(rule, text):
    return (rule, text) == ("iri", "urn:a")
"""
ASKS = """
import sys
import auditlib.execution.later
import jsonschema
assert "rfc3987_syntax" not in sys.modules
print("imported")
checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
print(checker.conforms("urn:a", "iri"), checker.conforms("no", "iri"))
import rfc3987_syntax
print(rfc3987_syntax.__file__ is not None)
"""


def _said(code: str, path: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(path)!r})\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_the_grammar_is_built_when_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "rfc3987_syntax.py").write_text(GRAMMAR, "utf-8")

    assert _said(ASKS, tmp_path) == ["imported", "built", "True", "False", "True"]


def test_a_module_that_is_not_there_is_not_put_off() -> None:
    put_off(["no_such_module"], ["json"])

    assert "no_such_module" not in sys.modules


def test_a_module_that_is_there_stays() -> None:
    put_off(["json"], ["json.decoder"])

    assert sys.modules["json"] is json


HOUSE = """
import sys
import auditlib.execution.later
from auditlib.execution.later import SLOW
print(*(name for name in SLOW if name in sys.modules))
import openpyxl
from auditlib.files import case_list
from auditlib.indicators import assurance
print(case_list.load_workbook is not openpyxl.load_workbook)
print(assurance.brentq(lambda x: x - 2, 0, 5), "scipy.optimize" in sys.modules)
"""


def test_the_house_is_read_without_slow_modules_and_finds_them_when_it_calls_them() -> None:
    assert _said(HOUSE, Path()) == ["True", "2.0", "True"]


DENSITY = """
import sys
from auditlib.execution.later import import_seaborn
import_seaborn()
import matplotlib, seaborn
matplotlib.use("agg")
print("scipy.stats" in sys.modules)
print(len(seaborn.kdeplot([1, 2, 4]).lines), "scipy.stats" in sys.modules)
"""


def test_seaborn_estimates_a_density_all_the_same() -> None:
    assert _said(DENSITY, Path()) == ["False", "1", "True"]
