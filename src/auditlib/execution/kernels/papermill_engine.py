"""The papermill engine behind the entry point `forked`.

It decides between a forked and a stock kernel, runs the notebook with the
client of `notebook`, and, if the template process fails before anything has
run, starts again with a stock kernel and says so.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from nbformat import NotebookNode
from papermill.engines import Engine
from papermill.log import logger

from .errors import TemplateError
from .notebook import Limits, Outcome, WatchedClient
from .template import Template, can_fork, native_options

PATIENCE = 60  # seconds for the last outputs of a cell; the watch sees a dead kernel at once


class WatchedEngine(Engine):  # type: ignore[misc]
    """papermill's engine for watched kernels, forked where possible."""

    @classmethod
    def execute_notebook(
        cls, nb: NotebookNode, kernel_name: str, *, outcome: Outcome | None = None, **options: Any
    ) -> NotebookNode:
        """Run the notebook and return it; one that ran well and is not saved, without its cells.

        papermill looks through the cells for errors, and writes all down even if to nowhere.
        """
        done: NotebookNode = super().execute_notebook(nb, kernel_name, outcome=outcome, **options)
        if outcome is None or outcome.saved or any(map(has_error, done.cells)):
            return done
        return NotebookNode(done, cells=[])

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        template: Template | str | None = None,
        stock: bool = False,
        limits: Limits | None = None,
        outcome: Outcome | None = None,
        env: Mapping[str, str] | None = None,
        kernel_cwd: str | None = None,
        start_timeout: int = 60,
        execution_timeout: float | None = None,
        input_path: Any = None,
        **options: Any,
    ) -> NotebookNode:
        """Run the notebook's cells.

        Parameters
        ----------
        nb_man
            papermill's record of the run.
        kernel_name
            Name of the kernel specification.
        template
            A template process or its address; by default one for the whole process.
        stock
            Whether to start a stock kernel instead.
        limits
            What the notebook may use.
        outcome
            Filled in with what happened.
        env
            Environment variables for the kernel, besides those of this process.
        kernel_cwd
            Folder of the kernel; by default the current one.
        start_timeout, execution_timeout
            Seconds for the kernel's start and for a cell, as papermill calls them.
        input_path
            Not used; papermill passes it.
        **options
            Options of nbclient's NotebookClient.
        """
        warns = outcome is None  # else whoever gave it reads the note
        outcome = Outcome() if outcome is None else outcome
        limits = limits or Limits(cell_seconds=execution_timeout)
        options = {"shutdown_kernel": "immediate", "iopub_timeout": PATIENCE, **options}
        source = None
        if stock:
            outcome.note = "A stock kernel was asked for."
        else:
            source, refusal = where_from(kernel_name, template, options)
            outcome.note = str(refusal) if refusal else None

        def client(source: Template | str | None) -> WatchedClient:
            return WatchedClient(
                nb_man,
                template=source,
                limits=limits,
                outcome=outcome,
                env=env or {},
                cwd=kernel_cwd,
                kernel_name=kernel_name,
                startup_timeout=start_timeout,
                log=logger,
                **options,
            )

        try:
            return client(source).execute()
        except TemplateError as error:
            outcome.note = str(error)
            if warns:
                logger.warning(f"{error} A stock kernel is used instead.")
            return client(None).execute()


def has_error(cell: NotebookNode) -> bool:
    """Say whether an output of a cell is an error, or papermill noted one."""
    noted = cell.metadata.get("papermill", {}).get("exception")
    return bool(noted) or any(o.output_type == "error" for o in cell.get("outputs", ()))


def where_from(
    kernel_name: str, template: Template | str | None, options: Mapping[str, Any]
) -> tuple[Template | str | None, TemplateError | None]:
    """Return the template to fork from, or None and why a kernel cannot be forked."""
    refusal = why_not_forked(kernel_name, options)
    if refusal or template:
        return (None if refusal else template), refusal
    try:
        from .provisioner import common_template

        return common_template(), None
    except Exception as error:
        return None, TemplateError.broken(error)


def why_not_forked(kernel_name: str, options: Mapping[str, Any]) -> TemplateError | None:
    """Say why a kernel cannot be forked, or return None if it can."""
    if not can_fork():
        return TemplateError.no_fork()
    if options.get("extra_arguments"):
        return TemplateError.extra_arguments()
    if not is_own_ipykernel(kernel_name):
        return TemplateError.foreign_kernel(kernel_name)
    return None


def is_own_ipykernel(kernel_name: str) -> bool:
    """Say whether a kernel name stands for the ipykernel of this interpreter."""
    specs = KernelSpecManager()
    python, *rest = specs.get_kernel_spec(kernel_name).argv
    own = Path(python).name == python or Path(python).parent == Path(sys.executable).parent
    return own and rest == [
        *native_options(),
        "-m",
        "ipykernel_launcher",
        "-f",
        "{connection_file}",
    ]
