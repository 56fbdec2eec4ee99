"""Every way in which a run can fail, each with its sentence.

A failure carries the number of the cell, as its prompt `In [n]` shows it, or
None where no cell was running. The sentence names the cell, what happened and
what can be done.
"""

import signal
from typing import Self


class TemplateError(Exception):
    """The template process cannot give a kernel; a stock kernel still can run."""

    @classmethod
    def no_fork(cls) -> Self:
        """The system cannot fork a process safely."""
        return cls("This system cannot fork a process safely, so kernels cannot be forked.")

    @classmethod
    def not_started(cls, detail: str) -> Self:
        """The template process ended before it could fork anything."""
        return cls(
            f"The template process could not start: {detail or 'it gave no reason'}. "
            "Check that every module named for it can be imported in this environment."
        )

    @classmethod
    def broken(cls, error: BaseException) -> Self:
        """What starts forked kernels cannot be imported, or fails by itself."""
        detail = f"{type(error).__name__}: {error}".strip().partition("\n")[0].rstrip(". :")
        return cls(
            f"Forked kernels do not work here ({detail}). Check that auditlib and jupyter_client "
            "are the versions of the lock."
        )

    @classmethod
    def no_kernel(cls, detail: str) -> Self:
        """The forked process could not become a kernel."""
        return cls(f"The template process could not make a kernel: {detail}.")

    @classmethod
    def too_slow(cls, seconds: float) -> Self:
        """No kernel came within the time allowed."""
        return cls(
            f"The template process gave no kernel within {seconds:g} seconds. "
            "Allow more time, or name fewer modules for it to import."
        )

    @classmethod
    def fixed_variable(cls, name: str, *, wanted: str | None, found: str | None) -> Self:
        """A variable is wanted that only takes effect when Python starts."""
        return cls(
            f"The environment variable {name} is read when Python starts, so a forked kernel "
            f"keeps {found!r} and cannot have {wanted!r}. Give it to the template."
        )

    @classmethod
    def foreign_kernel(cls, name: str) -> Self:
        """The kernel is not the ipykernel of this interpreter."""
        return cls(
            f"The kernel {name!r} is not the ipykernel of this Python, so it cannot be forked."
        )

    @classmethod
    def extra_arguments(cls) -> Self:
        """Arguments for the kernel are wanted that the template does not know."""
        return cls("Extra arguments for the kernel cannot reach a forked kernel.")


class TemplateGoneError(TemplateError):
    """The template process does not answer any more."""

    @classmethod
    def silent(cls) -> Self:
        """Nothing listens, or it stopped before it answered."""
        return cls("The template process does not answer. Start a new one.")


class TemplateClosedError(Exception):
    """A kernel was asked for from a template that its owner has closed."""

    @classmethod
    def closed(cls) -> Self:
        """Build the error."""
        return cls("The template was closed, so it gives no more kernels.")


class RunError(Exception):
    """A notebook did not run to its end.

    Attributes
    ----------
    cell
        Number of the cell that was running, as in its prompt `In [n]`; or None.
    reason
        One sentence that says what happened.
    """

    def __init__(self, reason: str, cell: int | None = None) -> None:
        super().__init__(reason, cell)
        self.reason = reason
        self.cell = cell

    def __str__(self) -> str:
        return self.reason


def place(cell: int | None) -> str:
    """Name the place in the notebook where something happened."""
    return "before the first cell" if cell is None else f"in cell {cell}"


class CellFailedError(RunError):
    """The code of a cell raised an exception; the notebook keeps its traceback."""

    @classmethod
    def raised(cls, cell: int | None, name: str, value: str) -> Self:
        """Build the failure from the exception's name and text."""
        first = value.strip().partition("\n")[0].rstrip(".")
        return cls(f"The code raised {name} {place(cell)}{': ' if first else ''}{first}.", cell)


class KernelStartError(RunError):
    """No kernel answered in time."""

    @classmethod
    def because(cls, detail: str) -> Self:
        """Build the failure from what the start reported."""
        return cls(f"The kernel could not be started: {detail.rstrip('.')}.")


class KernelDiedError(RunError):
    """The kernel's process ended while it was needed.

    Attributes
    ----------
    outside
        Whether something outside the notebook ended it, so that another try can help.
    """

    outside = False

    @classmethod
    def ended(cls, cell: int | None, code: int | None) -> Self:
        """Build the failure from the process's exit code, negative for a signal."""
        failure = cls(f"The kernel died {place(cell)}: {cause(code)}.", cell)
        failure.outside = code is None or code in (-signal.SIGKILL, -signal.SIGTERM)
        return failure


class CellTimeLimitError(RunError):
    """One cell ran longer than a cell may."""

    @classmethod
    def after(cls, cell: int | None, seconds: float) -> Self:
        """Build the failure from the limit."""
        return cls(
            f"The kernel was stopped {place(cell)}, which ran for {seconds:g} seconds, "
            "the longest that a cell may.",
            cell,
        )

    @classmethod
    def silent(cls, cell: int | None) -> Self:
        """The cell ended, but what it published did not all arrive."""
        return cls(f"The kernel did not deliver its outputs in time {place(cell)}.", cell)


class NotebookTimeLimitError(RunError):
    """The whole notebook ran longer than it may."""

    @classmethod
    def after(cls, cell: int | None, seconds: float) -> Self:
        """Build the failure from the limit."""
        return cls(
            f"The kernel was stopped {place(cell)}, because the notebook ran for "
            f"{seconds:g} seconds, the longest that it may.",
            cell,
        )


class MemoryLimitError(RunError):
    """The kernel used more memory than it may."""

    @classmethod
    def above(cls, cell: int | None, *, used: int, limit: int) -> Self:
        """Build the failure from the bytes found and the bytes allowed."""
        return cls(
            f"The kernel was stopped {place(cell)}, because it used "
            f"{used / 2**20:.0f} MiB of memory, and may use {limit / 2**20:.0f} MiB.",
            cell,
        )


class StoppedError(RunError):
    """Whoever asked for the run does not want it any more."""

    @classmethod
    def asked(cls, cell: int | None) -> Self:
        """Build the failure."""
        return cls(f"The kernel was stopped {place(cell)}, because the run was stopped.", cell)


def cause(code: int | None) -> str:
    """Say in words why a process ended."""
    if code is None:
        return "its template process ended first"
    if code >= 0:
        return f"its process ended with exit code {code}, as by os._exit({code})"
    known = {
        "SIGKILL": "it was killed from outside, often because memory ran out",
        "SIGSEGV": "compiled code crashed",
        "SIGBUS": "compiled code crashed, or a disk was full",
        "SIGABRT": "compiled code gave up",
        "SIGTERM": "it was asked to end",
    }
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"{known[name]} ({name})" if name in known else f"it was ended by {name}"
