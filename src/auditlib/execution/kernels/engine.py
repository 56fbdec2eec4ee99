"""The papermill engine `forked`, as papermill sees it when it is imported.

papermill imports every engine that is registered while it is imported itself,
and would fail with it. So this module imports nothing, and defers everything
to the moment when a notebook is run.
"""

from typing import Any


class ForkedEngine:
    """Runs a notebook on a forked kernel; `papermill --engine forked` selects it."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **options: Any) -> Any:
        """Run the notebook; see `papermill_engine.WatchedEngine`."""
        from .papermill_engine import WatchedEngine

        return WatchedEngine.execute_notebook(nb, kernel_name, **options)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """Return the name of the notebook's kernel."""
        from papermill.utils import nb_kernel_name

        return str(nb_kernel_name(nb, name))

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """Return the notebook's language."""
        from papermill.utils import nb_language

        return str(nb_language(nb, language))
