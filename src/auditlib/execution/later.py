"""Import the house without modules that are slow to import and seldom used.

Where JupyterLab is installed, so is `rfc3987_syntax`, which builds a grammar of IRIs when
jsonschema imports it: a second and a half at every start, for a check that no notebook needs.
seaborn is for one picture of one stage, and brings `scipy.stats`, half a second, for estimates of
densities; roots are looked for where a sample is judged, lists of cases read by a command, Word
files written by later stages, pages when a notebook is done.
Something stands in for each that imports it when one of its functions is first called.
"""

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

SLOW = (
    "rfc3987_syntax",
    "scipy.optimize",
    "seaborn",
    "openpyxl",
    "auditlib.report.documents.writing",
    "auditlib.report.html",
)
USERS = ("jsonschema", "auditlib.pipeline", "auditlib.report.site")
"""What imports them: third parties and the house."""


class Later:
    """Stands in for a module of functions."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):  # asked by the import system, of a module
            raise AttributeError(name)

        def call(*arguments: Any, **named: Any) -> Any:
            return getattr(import_module(self._module), name)(*arguments, **named)

        return call


def put_off(slow: Iterable[str], users: Iterable[str]) -> None:
    """Import the users without the slow modules.

    Not put off is what is there already, or what is of a package that is not installed.
    """
    modules: dict[str, Any] = sys.modules
    there = (name for name in slow if find_spec(name.partition(".")[0]))  # imports nothing
    stand_ins = {name: Later(name) for name in there if name not in modules}
    modules.update(stand_ins)
    try:
        for user in users:
            import_module(user)
    finally:
        for name in stand_ins:
            del modules[name]


def import_seaborn() -> None:
    """Import seaborn; what it needs for estimates of densities is imported with the first."""
    put_off(["scipy.stats"], ["seaborn"])


put_off(SLOW, USERS)
