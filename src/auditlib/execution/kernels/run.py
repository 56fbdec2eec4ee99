"""Run one notebook with papermill and say how it went.

`execute` is safe to call from several threads at once, because nothing of the
process changes with the notebook: the folder and the environment are given to
the kernel, not to papermill. The notebook is saved once, at the end, and also
when it failed; or it is only returned.

When the last cell has run the kernel is killed, not asked to end, which saves
a tenth of a second. A notebook must therefore close the files that it writes;
one that relies on `atexit` needs the option `shutdown_kernel="graceful"`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import fspath
from pathlib import Path
from threading import Event
from time import perf_counter
from typing import Any

import papermill
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError

from .engine import ForkedEngine
from .errors import CellFailedError, RunError
from .notebook import Limits, Outcome
from .template import Template

ENGINE = "forked"


@dataclass(frozen=True)
class Run:
    """How one notebook went.

    Attributes
    ----------
    ok
        Whether every cell ran to its end.
    reason
        One sentence that says why not; empty if all went well.
    cell
        Number of the cell that failed, as in its prompt `In [n]`, if one did.
    seconds
        Time from the request to the saved notebook.
    peak
        Most memory that the kernel's process held at once, in bytes, where known.
    cpu
        Processor time of a forked kernel with its start, in seconds.
    kernel
        `forked` or `stock`.
    note
        Why the kernel is a stock one, if it is.
    failure
        The failure as an exception, whose class tells its kind; see `errors`.
    notebook
        The executed notebook, as far as it came.
    """

    ok: bool
    reason: str
    cell: int | None
    seconds: float
    peak: int | None
    cpu: float | None
    kernel: str
    note: str | None
    failure: RunError | None
    notebook: NotebookNode = field(repr=False)

    def check(self) -> None:
        """Raise the failure, if there is one."""
        if self.failure:
            raise self.failure


def execute(
    notebook: str | Path,
    output: str | Path | None,
    parameters: Mapping[str, Any] | None = None,
    *,
    template: Template | str | None,
    cwd: str | Path | None = None,
    env: Mapping[str, str] | None = None,
    cell_timeout: float | None = None,
    notebook_timeout: float | None = None,
    memory_limit: int | None = None,
    start_timeout: int = 60,
    stop: Event | None = None,
    **options: Any,
) -> Run:
    """Run a notebook and save it with its outputs.

    Parameters
    ----------
    notebook, output
        Paths, or URLs that papermill knows; without an output nothing is saved.
    parameters
        Values for the cell tagged `parameters`.
    template
        The template to fork from, or its address; None for a stock kernel.
    cwd
        Folder in which the cells run; by default the current one.
    env
        Environment variables for the kernel, besides those of this process.
    cell_timeout, notebook_timeout
        Longest time for one cell, and for all of them, in seconds.
    memory_limit
        Most memory for the kernel with everything it starts, in bytes.
    start_timeout
        Longest time for the kernel to start, in seconds.
    stop
        Ends the run as soon as it is set.
    **options
        Further options of `papermill.execute_notebook`.

    Returns
    -------
    Run
        What happened; a notebook that failed is a result here, not an error.

    Raises
    ------
    OSError
        If the notebook cannot be read or the output not be written.
    """
    started = perf_counter()
    outcome = Outcome(saved=output is not None)
    papermill_engines.register(ENGINE, ForkedEngine)
    quiet = {"progress_bar": False, "autosave_cell_every": 0, "request_save_on_cell_execute": False}
    try:
        papermill.execute_notebook(
            fspath(notebook),
            None if output is None else fspath(output),
            dict(parameters) if parameters else None,
            engine_name=ENGINE,
            start_timeout=start_timeout,
            template=template,
            stock=template is None,
            limits=Limits(cell_timeout, notebook_timeout, memory_limit, stop),
            outcome=outcome,
            env=env,
            kernel_cwd=None if cwd is None else str(Path(cwd).absolute()),
            **{**quiet, **options},
        )
    except PapermillExecutionError as error:
        if outcome.failure is None:  # an error that the cell was allowed to raise
            outcome.failure = CellFailedError.raised(error.exec_count, error.ename, error.evalue)
    failure = outcome.failure
    return Run(
        ok=failure is None,
        reason=failure.reason if failure else "",
        cell=failure.cell if failure else None,
        seconds=perf_counter() - started,
        peak=outcome.peak,
        cpu=outcome.cpu,
        kernel=outcome.kernel,
        note=outcome.note,
        failure=failure,
        notebook=outcome.notebook or NotebookNode(),
    )
