"""jsonschema without the grammar of IRIs: there when it is asked for, and only then."""

import subprocess
import sys
from pathlib import Path

GRAMMAR = """
print("built")
def is_valid_syntax(rule, text):
    return (rule, text) == ("iri", "urn:a")
"""
ASKS = """
import sys
import auditlib.execution.schemas
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


def test_without_the_grammar_nothing_is_put_off(tmp_path: Path) -> None:
    code = "import auditlib.execution.schemas, sys; print('jsonschema' in sys.modules)"
    hidden = "import importlib.util as u; u.find_spec = lambda name: None\n"

    assert _said(hidden + code, tmp_path) == ["False"]
