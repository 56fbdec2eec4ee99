"""What a forked child does to become a kernel like any other.

The stock IPKernelApp is started as its own launcher would start it. What a new
process gets for free is done by hand: a session of its own, fresh random
numbers, and, once the notebook is known, its environment and folder. Then the
kernel runs as always. Nothing of how it works is replaced.
"""

import gc
import json
import os
import random
import socket
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

from ipykernel import ipkernel, kernelapp
from traitlets.config import Config

from . import wire
from .template import INLINE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PORTS = ("shell_port", "stdin_port", "control_port", "iopub_port", "hb_port")


class IPKernelApp(kernelapp.IPKernelApp):
    """The stock kernel, whose command line the template has read for all kernels.

    It keeps the stock name, by which libraries know that they run in a notebook.
    """

    modules: ClassVar[dict[str, SimpleNamespace]] = {}
    """Stand-ins of the template's modules that have nothing but their file."""

    def parse_command_line(self, argv: Any = None) -> None:
        """Take only the connection file, which differs from kernel to kernel."""
        self.argv = list(argv)
        self.update_config(Config(IPKernelApp={"connection_file": argv[1]}))

    def init_kernel(self) -> None:
        """Build the kernel, which asks every module for its file, from the stand-ins.

        To touch a module copies its memory from the template's: thousands of pages for all.
        """
        stock: Any = ipkernel
        stock.sys = SimpleNamespace(**{**vars(sys), "modules": self.modules})
        try:
            super().init_kernel()  # type: ignore[no-untyped-call]
        finally:
            stock.sys = sys


def read_command_line(arguments: "Sequence[str]") -> None:
    """In the template: make the application that every child will start."""
    kernelapp.IPKernelApp.parse_command_line(IPKernelApp.instance(), ["-f", "", *arguments])
    found = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
    near = json.loads(json.dumps(found))  # new text, which lies together in memory
    IPKernelApp.modules = {name: SimpleNamespace(__file__=file) for name, file in near.items()}
    for name in near:  # IPython holds on to every name, and would copy the pages of the old ones
        sys.modules[name] = sys.modules.pop(name)


def become_kernel(
    channel: socket.socket, stem: Path, arguments: "Sequence[str]", born_with: "Mapping[str, str]"
) -> None:
    """Start a kernel, wait for the notebook that it is for, and serve it.

    Parameters
    ----------
    channel
        Line to the template process.
    stem
        Path whose extensions are the kernel's sockets and connection file.
    arguments
        Command line of the kernel, after the connection file.
    born_with
        The template's environment before it imported anything.
    """
    template = os.getppid()
    try:
        detach()
        app = prepare(stem, arguments, template)
        wire.send(channel, {"card": card(app)})
        request = receive(channel)
        adopt(request, app, set_by_imports(born_with), template)
        wire.send(channel, {"started": True})
    except Exception:
        wire.send(channel, {"failed": traceback.format_exc().strip().splitlines()[-1]})
        os._exit(1)
    channel.close()
    app.start()


def detach() -> None:
    """Become a process of one's own, as if newly started."""
    os.setsid()
    gc.enable()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.close(null)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def prepare(stem: Path, arguments: "Sequence[str]", template: int) -> Any:
    """Build the kernel up to the point where it needs to know its notebook."""
    launcher = Path(sys.modules["ipykernel"].__file__ or "").parent.parent / "ipykernel_launcher.py"
    sys.argv = [str(launcher), "-f", f"{stem}.json", *arguments]
    app: Any = IPKernelApp.instance()
    app.parent_handle = template  # so that the kernel ends when the template does
    app.transport, app.ip = "ipc", str(stem)
    for number, port in enumerate(PORTS, start=1):
        setattr(app, port, number)
    app.initialize(sys.argv[1:])
    return app


def card(app: IPKernelApp) -> wire.Message:
    """Tell how to reach the kernel, and what it speaks."""
    info = dict(app.get_connection_info(), key=app.session.key.decode("ascii"))
    return {
        "pid": os.getpid(),
        "file": app.connection_file,
        "info": info,
        "language_info": app.kernel.language_info,
    }


def receive(channel: socket.socket) -> wire.Message:
    """Wait for the notebook's request; without one, end quietly."""
    reader = wire.Reader()
    while not reader.ended:
        for message in reader.read(channel):
            return message
    os._exit(0)


def set_by_imports(born_with: "Mapping[str, str]") -> dict[str, str]:
    """Return the variables that ipykernel and others set for themselves."""
    changed = {name: v for name, v in os.environ.items() if born_with.get(name) != v}
    changed.pop("MPLBACKEND", None)
    return changed


def adopt(
    request: wire.Message, app: IPKernelApp, changed: "Mapping[str, str]", template: int
) -> None:
    """Take on the environment and the folder of the notebook."""
    known = os.environ["MPLBACKEND"]  # what matplotlib found when the template imported it
    env = {**request["env"], **changed, "JPY_PARENT_PID": str(template)}
    env.setdefault("MPLBACKEND", INLINE)
    replace_environment(env)
    if request["cwd"]:
        os.chdir(request["cwd"])
    shell: Any = app.shell
    shell.history_manager.dir_hist[:] = [Path.cwd()]
    if env.get("JPY_SESSION_NAME"):
        shell.user_ns["__session__"] = env["JPY_SESSION_NAME"]
    if "matplotlib" in sys.modules:
        choose_backend(shell, env["MPLBACKEND"], known=known)


def replace_environment(env: "Mapping[str, str]") -> None:
    """Make the process's environment equal to this one."""
    zone = os.environ.get("TZ")
    for name in set(os.environ) - set(env):
        del os.environ[name]
    for name, value in env.items():
        if os.environ.get(name) != value:
            os.environ[name] = value
    if os.environ.get("TZ") != zone:
        time.tzset()


def choose_backend(shell: Any, backend: str, *, known: str) -> None:
    """Give matplotlib, imported before, the backend that it would have found.

    The inline backend ties itself to the shell when it is imported. If the
    template imported it, when there was no shell, this is made good here.
    """
    import matplotlib

    chosen = matplotlib.get_backend(auto_select=False)
    if chosen not in (known, "inline" if known == INLINE else None):
        return  # some module chose for itself
    if backend != known:
        matplotlib.rcParams["backend"] = backend
    if backend == INLINE and "matplotlib_inline.backend_inline" in sys.modules:
        inline: Any = sys.modules["matplotlib_inline.backend_inline"]
        tools: Any = import_module("IPython.core.pylabtools")
        tools.activate_matplotlib(backend)
        inline.configure_inline_support(shell, backend)
