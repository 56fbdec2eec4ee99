"""Run notebooks on real Jupyter kernels that start in milliseconds.

A template process imports what the notebooks need, once. Every notebook then
gets a new kernel forked from it: the stock ipykernel, with the messages,
isolation and time limits that make a notebook a notebook, but without the
seconds of start and import. Where a process cannot be forked, or when asked,
the stock kernel is started instead, and the result says so.

    with Template(modules=["pandas", "seaborn"], spares=2) as template:
        run = execute("in.ipynb", "out.ipynb", {"county": "220821"}, template=template)

The folder stands alone: it imports nothing of the project around it, and
nothing heavy until a name is used, because papermill loads `engine` whenever
papermill itself is imported.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import (
        CellFailedError,
        CellTimeLimitError,
        KernelDiedError,
        KernelStartError,
        MemoryLimitError,
        NotebookTimeLimitError,
        RunError,
        StoppedError,
        TemplateClosedError,
        TemplateError,
    )
    from .run import Run, execute
    from .template import Template, can_fork

__all__ = [
    "CellFailedError",
    "CellTimeLimitError",
    "KernelDiedError",
    "KernelStartError",
    "MemoryLimitError",
    "NotebookTimeLimitError",
    "Run",
    "RunError",
    "StoppedError",
    "Template",
    "TemplateClosedError",
    "TemplateError",
    "can_fork",
    "execute",
]

_HOMES = {"Run": "run", "execute": "run", "Template": "template", "can_fork": "template"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f".{_HOMES.get(name, 'errors')}", __name__)
    return getattr(home, name)
