"""Run the cells of one notebook, and write down what truly happened.

papermill's client does the work. Two things are added. While a cell runs, its
kernel is watched: for its end, for the time of the cell and of the notebook,
for its memory. And when the kernel is lost, the cell that was running is
marked as failed, with the reason as its last output, and the cells after it
stay `pending`; papermill by itself would call them all completed.

The kernel may be forked or stock; the watch is the same, only that a stock
kernel must be asked again and again whether it lives.
"""

import asyncio
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, from_dict
from papermill.clientwrap import PapermillNotebookClient

from . import memory
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
from .lease import Lease
from .template import Template, short_folder

STOCK_POLL = 0.1  # seconds between two looks at a stock kernel
MEMORY_POLL = 0.2  # seconds between two looks at the memory
STOP_POLL = 0.2  # seconds between two looks at whether the run was stopped
LAST_OUTPUT = 0.05  # seconds for output that a dead kernel had sent


@dataclass(frozen=True)
class Limits:
    """What a notebook may use: seconds for a cell and in all, bytes of memory.

    `stop`, once it is set, ends the run.
    """

    cell_seconds: float | None = None
    notebook_seconds: float | None = None
    memory: int | None = None
    stop: Event | None = None


@dataclass
class Outcome:
    """What a run leaves besides its notebook; filled in while it goes on.

    Attributes
    ----------
    kernel
        `forked` or `stock`.
    note
        Why a stock kernel was used where a forked one was wanted.
    failure
        Why the notebook did not run to its end, if it did not.
    notebook
        What was executed, with its outputs, as far as it came.
    peak
        Most memory that the kernel held, in bytes, where it is known.
    cpu
        Processor time of a forked kernel, in seconds.
    saved
        Whether papermill saves the notebook; else it need not write it down.
    """

    saved: bool = True
    kernel: str = "stock"
    note: str | None = None
    failure: RunError | None = None
    notebook: NotebookNode | None = None
    peak: int | None = None
    cpu: float | None = None


class Watch:
    """The kernel that is watched, the clocks, and what was found.

    Attributes
    ----------
    lease
        The kernel, if it is a forked one.
    pid
        Its process.
    started, cell_started
        When the first and when the running cell began.
    lost
        Why the kernel was lost, once it is.
    """

    def __init__(self, km: Any) -> None:
        self.provisioner: Any = km.provisioner
        self.lease: Lease | None = getattr(self.provisioner, "lease", None)
        self.pid: int = self.lease.pid if self.lease else self.provisioner.pid
        self.started = self.cell_started = monotonic()
        self.lost: RunError | None = None


class WatchedClient(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client, with a watch on the kernel and an honest record."""

    def __init__(
        self,
        nb_man: Any,
        *,
        template: Template | str | None,
        limits: Limits,
        outcome: Outcome,
        env: Mapping[str, str],
        cwd: str | None,
        **options: Any,
    ) -> None:
        super().__init__(nb_man, **options)
        self.template = template
        self.limits = limits
        self.outcome = outcome
        self.env = dict(env)
        self.cwd = cwd
        self.watch: Any = None
        self.sockets: str | None = None

    # ------------------------------------------------------------ the kernel

    def create_kernel_manager(self) -> AsyncKernelManager:
        """Make the manager of a forked kernel, or of a stock one without a template."""
        if self.template is None:
            self.km = AsyncKernelManager(kernel_name=self.kernel_name, config=self.config)
            if self.sockets:
                self.km.transport = "ipc"  # of TCP, ipykernel warns that others can listen
                self.km.connection_file = f"{self.sockets}/kernel.json"
            return self.km
        from .channels import ForkedKernelManager  # not above: were they broken, stock
        from .provisioner import ForkedProvisioner  # kernels would be broken with them

        self.km = ForkedKernelManager(kernel_name=self.kernel_name, config=self.config)
        kernel = ForkedProvisioner(kernel_spec=self.km.kernel_spec, parent=self.km)
        kernel.template, kernel.extra_env = self.template, self.env
        kernel.start_timeout = float(self.startup_timeout)
        self.km.provisioner = kernel
        return self.km

    def execute(self, **kwargs: Any) -> NotebookNode:
        """Run all cells; what goes wrong is in the outcome and in the notebook.

        Raises
        ------
        TemplateError
            If no kernel could be forked, for whatever reason; nothing has run then.
        """
        self.reset_execution_trackers()
        self.outcome.notebook = self.nb
        self.outcome.kernel = "forked" if self.template else "stock"
        try:
            with self._private_folder(), self.setup_kernel(**self._start_options(), **kwargs):
                self.watch = Watch(self.km)
                self.papermill_execute_cells()
                self._finish()
            self._account()
        except (TemplateClosedError, TemplateError):
            raise
        except Exception as error:
            if self.watch:
                raise
            if self.template is not None:
                raise TemplateError.broken(error) from error
            if not isinstance(error, RuntimeError | OSError):
                raise
            self._lose(first_code_cell(self.nb), KernelStartError.because(str(error)))
        return self.nb

    @contextmanager
    def _private_folder(self) -> Iterator[None]:
        """Keep a folder for a stock kernel's sockets, where the system has such."""
        if self.template or os.name != "posix":
            yield
            return
        with TemporaryDirectory(prefix="kernel-", dir=short_folder()) as self.sockets:
            yield

    def _start_options(self) -> dict[str, Any]:
        options: dict[str, Any] = {"cwd": self.cwd} if self.cwd else {}
        if self.template is None and self.env:
            options["env"] = {**os.environ, **self.env}
        return options

    def _finish(self) -> None:
        """Note what the kernel speaks and, while a stock kernel lives, what it used."""
        if self.watch.lease:
            self.nb.metadata["language_info"] = self.watch.lease.language_info
        else:
            self.outcome.peak = memory.peak(self.watch.pid)
            if not self.watch.lost:
                reply = self.wait_for_reply(self.kc.kernel_info())
                self.nb.metadata["language_info"] = reply["content"]["language_info"]
        self.set_widgets_metadata()

    def _account(self) -> None:
        """Note what a forked kernel used, now that it has ended."""
        end = self.watch.lease.end if self.watch.lease else None
        if end:
            self.outcome.peak, self.outcome.cpu = end.peak, end.cpu

    # -------------------------------------------------------------- the cells

    def papermill_execute_cells(self) -> None:
        """Run cell after cell until one fails or the kernel is lost."""
        for index, cell in enumerate(self.nb.cells):
            self.nb_man.cell_start(cell, index)
            try:
                if not self._run(index, cell):
                    break
            except BaseException:
                self.nb_man.cell_exception(self.nb.cells[index], cell_index=index)
                raise
            finally:
                self.nb_man.cell_complete(self.nb.cells[index], cell_index=index)

    def _run(self, index: int, cell: NotebookNode) -> bool:
        """Run one cell, and say whether the next may follow."""
        self.watch.cell_started = monotonic()
        try:
            self.execute_cell(cell, index)
        except CellExecutionError as error:
            self.nb_man.cell_exception(self.nb.cells[index], cell_index=index, exception=error)
            number = self.nb.cells[index].execution_count
            self.outcome.failure = CellFailedError.raised(number, error.ename, error.evalue)
        except CellTimeoutError:
            self._lose(index, CellTimeLimitError.silent(self.code_cells_executed))
        except DeadKernelError:
            self._lose(index, self.watch.lost)
        return self.outcome.failure is None

    def _lose(self, index: int | None, failure: RunError) -> None:
        """Record that the kernel was lost at this cell."""
        kind, reason = type(failure).__name__, failure.reason
        record = {"kind": kind, "reason": reason, "cell": failure.cell}
        self.nb.metadata.papermill["failure"] = record
        self.outcome.failure = failure
        if index is not None:
            cell = self.nb.cells[index]
            output = {"ename": kind, "evalue": reason, "traceback": [reason]}
            node: Any = from_dict
            cell.outputs.append(node({"output_type": "error", **output}))
            cell.execution_count = failure.cell
            self.nb_man.cell_exception(cell, cell_index=index)

    # -------------------------------------------------------------- the watch

    async def _async_poll_kernel_alive(self) -> None:
        """Watch the kernel while a cell runs; nbclient starts and cancels this."""
        while self.watch.lost is None:
            code = await self._ended_within(self._next_look())
            self.watch.lost = self._judge(code)
        if code is None:
            await self.watch.provisioner.kill()
        await asyncio.sleep(LAST_OUTPUT)
        self.task_poll_for_reply.cancel()

    async def _ended_within(self, seconds: float | None) -> int | None:
        """Wait for the kernel's end, at most so long; return its exit code, or None."""
        if self.watch.lease:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    return await self.watch.lease.wait()
            return None
        await asyncio.sleep(STOCK_POLL if seconds is None else min(seconds, STOCK_POLL))
        code: int | None = await self.watch.provisioner.poll()
        return code

    def _next_look(self) -> float | None:
        """Return the seconds until some limit must be looked at again."""
        now = monotonic()
        looks = []
        if self.limits.cell_seconds:
            looks.append(self.watch.cell_started + self.limits.cell_seconds - now)
        if self.limits.notebook_seconds:
            looks.append(self.watch.started + self.limits.notebook_seconds - now)
        if self.limits.memory:
            looks.append(MEMORY_POLL)
        if self.limits.stop:
            looks.append(STOP_POLL)
        return max(min(looks), 0.0) if looks else None

    def _judge(self, code: int | None) -> RunError | None:
        """Say whether the kernel is lost, and why."""
        cell = self.code_cells_executed
        limits, now = self.limits, monotonic()
        if code is not None:
            lease = self.watch.lease
            return KernelDiedError.ended(cell, lease.end.code if lease and lease.end else code)
        if limits.stop and limits.stop.is_set():
            return StoppedError.asked(cell)
        if limits.cell_seconds and now >= self.watch.cell_started + limits.cell_seconds:
            return CellTimeLimitError.after(cell, limits.cell_seconds)
        if limits.notebook_seconds and now >= self.watch.started + limits.notebook_seconds:
            return NotebookTimeLimitError.after(cell, limits.notebook_seconds)
        if limits.memory:
            used = memory.used(self.watch.pid, limit=limits.memory)
            if used > limits.memory:
                return MemoryLimitError.above(cell, used=used, limit=limits.memory)
        return None


def first_code_cell(nb: NotebookNode) -> int | None:
    """Return the position of the first cell that would have run, if there is one."""
    return next((i for i, cell in enumerate(nb.cells) if cell.cell_type == "code"), None)
