"""Import jsonschema without building the grammar of IRIs, until someone checks one.

nbformat needs jsonschema. Where JupyterLab is installed, so is `rfc3987_syntax`, which builds a
grammar when jsonschema imports it: a second and a half at every start, for a check that no
notebook needs. A function that builds it when it is first called stands in for it.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

GRAMMAR = "rfc3987_syntax"


def is_valid_syntax(*arguments: Any, **named: Any) -> Any:
    """Answer as the function of that name in `rfc3987_syntax`."""
    return import_module(GRAMMAR).is_valid_syntax(*arguments, **named)


def import_jsonschema() -> None:
    """Import jsonschema where it would build the grammar, and has not done so yet."""
    if GRAMMAR in sys.modules or find_spec(GRAMMAR) is None:
        return
    modules: dict[str, Any] = sys.modules
    modules[GRAMMAR] = SimpleNamespace(is_valid_syntax=is_valid_syntax)
    try:
        import_module("jsonschema")
    finally:
        del modules[GRAMMAR]


import_jsonschema()
