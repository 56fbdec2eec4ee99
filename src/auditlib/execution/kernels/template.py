"""The template process, as its owner sees it.

The owner opens the socket on which kernels are asked for, in a private folder
and with mode 0600, and hands it to the process. Requests may come before the
imports are done; they wait. Any thread may ask, and any process that knows the
address. If the process dies it is started again, some times; a template that
cannot start is reported in one sentence.
"""

import functools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from .errors import TemplateClosedError, TemplateError, TemplateGoneError
from .lease import Lease

# nbclient's own choice: no history file, which kernels side by side would fight for.
ARGUMENTS = ("--HistoryManager.hist_file=:memory:",)
INLINE = "module://matplotlib_inline.backend_inline"  # what a kernel gives matplotlib
LONGEST_ADDRESS = 80  # a Unix socket's path may have 107 bytes; names are added to the folder
NATIVE = "python3"  # the name of an environment's own kernel
REHEARSAL = f"{__package__}.rehearsal:rehearse"
RESTARTS = 3
PATIENCE = 5.0  # seconds that a template may take to end


def can_fork() -> bool:
    """Say whether kernels can be forked here: on Linux and its like, not on macOS."""
    return hasattr(os, "fork") and hasattr(os, "waitid") and sys.platform != "darwin"


@functools.cache
def native_options() -> tuple[str, ...]:
    """Return the interpreter's options in this environment's own kernel specification.

    Jupyter's manager of specifications finds the same file, but takes a tenth of a second
    to be imported, in which the template could be on its way.
    """
    from jupyter_core.paths import jupyter_path

    files = (Path(folder) / NATIVE / "kernel.json" for folder in jupyter_path("kernels"))
    found = next((path for path in files if path.is_file()), None)
    if found is None:  # never installed: the one that ipykernel would install
        from ipykernel.kernelspec import get_kernel_dict

        argv = get_kernel_dict()["argv"]
    else:
        argv = json.loads(found.read_text("utf-8"))["argv"]
    return tuple(argv[1 : argv.index("-m")])


class Template:
    """A process that has imported everything, from which kernels are forked.

    Parameters
    ----------
    modules
        Names of the modules to import once, for all kernels. What a module
        prints or warns of when it is imported is not seen in the notebooks, and
        one that looks for a notebook at that moment finds none; leave such
        modules to the notebooks. A module may not start a thread.
    spares
        Number of kernels to keep ready ahead of need; each serves one notebook.
    env
        Environment variables for the process and all its kernels. Those that
        Python reads when it starts, such as PYTHONHASHSEED, belong here.
    rehearsals
        Functions, as `module:function`, to call once after the imports, so that
        what is slow the first time is done; by default a table is shown and a figure
        drawn. They must leave no trace but caches.
    errands
        Modules to import and functions, as `module:function`, to call when the first kernels
        are at work. A kernel that was forked before has to do without; requests, and the end
        of a notebook, wait for one errand at most. What fails is left to the notebooks; after
        one that starts a thread no more kernels are forked.
    options
        Command line options of the interpreter; by default those of the stock kernel.
    """

    def __init__(
        self,
        modules: Sequence[str] = (),
        *,
        spares: int = 1,
        env: Mapping[str, str] | None = None,
        rehearsals: Sequence[str] = (REHEARSAL,),
        errands: Sequence[str] = (),
        options: Sequence[str] | None = None,
    ) -> None:
        self.modules = tuple(modules)
        self.spares = spares
        self.env = dict(env or {})
        self.rehearsals = tuple(rehearsals)
        self.errands = tuple(errands)
        self.options = native_options() if options is None else tuple(options)
        self._lock = threading.Lock()
        self._process: Process | None = None
        self._starts = 0
        self._worked = False
        self._broken: TemplateError | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> Self:
        """Start the process, if it does not run, without waiting for its imports.

        Where nothing can be forked this does nothing; notebooks get stock kernels.
        """
        with self._lock:
            self._closed, self._broken = False, None
            if can_fork():
                self._running()
        return self

    def close(self) -> None:
        """Stop the process and every kernel, and remove its folder."""
        with self._lock:
            self._closed = True
            if self._process:
                self._process.stop()
            self._process = None

    @property
    def pid(self) -> int | None:
        """Number of the process, or None if there is none."""
        return self._process.popen.pid if self._process else None

    @property
    def address(self) -> str:
        """Path of the socket on which any process of this user can ask for kernels."""
        with self._lock:
            return self._running().address

    def kernel(
        self,
        *,
        cwd: str | None = None,
        env: Mapping[str, str] | None = None,
        extra: Mapping[str, str] | None = None,
        timeout: float = 60.0,
    ) -> Lease:
        """Take a kernel; `env` is by default the caller's own environment.

        Raises
        ------
        TemplateError
            If the process cannot start, or cannot give a kernel in time.
        TemplateClosedError
            If the template has been closed.
        """
        env = dict(os.environ) if env is None else env
        while True:
            with self._lock:
                process = self._running()
            try:
                lease = Lease.ask(
                    process.address, cwd=cwd, env=env, extra=extra or {}, timeout=timeout
                )
                self._worked = True
                return lease
            except TemplateGoneError:
                with self._lock:
                    self._clear_away(process)

    def _running(self) -> "Process":
        if not can_fork():
            raise TemplateError.no_fork()
        if self._closed:
            raise TemplateClosedError.closed()
        if self._broken:
            raise self._broken
        if self._process and self._process.owner != os.getpid():
            return self._process  # we are a forked copy of the owner, and only ask
        if self._process is None or not self._process.alive():
            if self._process:
                self._clear_away(self._process)
            self._process = Process(self)
            self._starts += 1
        return self._process

    def _clear_away(self, process: "Process") -> None:
        """Forget a process that died; after some times, give up and say why."""
        if process is not self._process:
            return
        if process.owner != os.getpid() or not process.ended():
            raise TemplateGoneError.silent()
        last_words = process.last_words()
        self._process = None
        process.stop()
        if not self._worked or self._starts > RESTARTS:
            self._broken = TemplateError.not_started(last_words)
            raise self._broken


class Process:
    """One run of the template process, with its folder and its sockets."""

    def __init__(self, template: Template) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="kernels-", dir=short_folder()))
        self.address = str(self.directory / "ask")
        self.log = (self.directory / "log").open("w+b")
        listener = socket.socket(socket.AF_UNIX)
        ours, theirs = socket.socketpair()
        with listener, theirs:
            listener.bind(self.address)
            os.chmod(self.address, 0o600)
            listener.listen(64)
            plan = {
                "directory": str(self.directory),
                "modules": template.modules,
                "rehearsals": template.rehearsals,
                "errands": template.errands,
                "arguments": ARGUMENTS,
                "spares": template.spares,
                "env": template.env,
                "owner_pid": os.getpid(),
                "listener": listener.fileno(),
                "owner": theirs.fileno(),
            }
            env = {"MPLBACKEND": INLINE, "PYDEVD_DISABLE_FILE_VALIDATION": "1", **os.environ}
            command = [sys.executable, *template.options, "-m", f"{__package__}.zygote"]
            self.popen = subprocess.Popen(
                [*command, json.dumps(plan)],
                env=env | template.env,
                stdin=subprocess.DEVNULL,
                stdout=self.log,
                stderr=self.log,
                pass_fds=(listener.fileno(), theirs.fileno()),
                start_new_session=True,  # so that Ctrl-C reaches its owner only
            )
        self.owner = os.getpid()
        self.stop = weakref.finalize(
            self, end_process, self.owner, self.popen, ours, self.log, self.directory
        )

    def alive(self) -> bool:
        """Say whether the process still runs."""
        return self.popen.poll() is None

    def ended(self) -> bool:
        """Say whether the process has ended, or does so now."""
        with suppress(subprocess.TimeoutExpired):
            self.popen.wait(PATIENCE)
        return not self.alive()

    def last_words(self) -> str:
        """Return the last line that the process wrote."""
        self.log.seek(0)
        lines = self.log.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""


def end_process(
    owner: int,
    popen: subprocess.Popen[bytes],
    line: socket.socket,
    log: IO[bytes],
    directory: Path,
) -> None:
    """Ask a template process to end, see that it does, and remove its folder."""
    line.close()
    log.close()
    if os.getpid() != owner:
        return  # a forked copy of the owner does not own the process
    with suppress(ProcessLookupError):
        popen.terminate()
    try:
        popen.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        popen.kill()
        popen.wait()
    shutil.rmtree(directory, ignore_errors=True)


def short_folder() -> str | None:
    """Return a folder whose path leaves room for a socket's name; None for the usual one."""
    if len(os.fsencode(tempfile.gettempdir())) <= LONGEST_ADDRESS - len("/kernels-12345678"):
        return None
    return "/tmp"
