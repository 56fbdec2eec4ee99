"""The template process: import once, then fork a kernel for every request.

It runs one thread and one loop, because only the thread that forks survives in
the child. What has been imported is frozen out of garbage collection, so that
the children share its memory. The loop answers requests on one Unix socket,
keeps some kernels ready, and reaps the dead, so that nothing else has to wait
for them by polling. A kernel lives as long as the connection that asked for
it: when the client goes, its whole process group is killed. When the owner of
the template goes, everything goes.

The process starts as `python -m ...zygote PLAN`, where the plan is JSON.
"""

import gc
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from . import wire

# What every ipykernel imports while it starts and runs its first cells.
KERNEL_MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "faulthandler",
    "pdb",
    "sqlite3",
    "tornado.platform.asyncio",
)

# Variables that take effect only when Python or a library starts.
FIXED = ("PYTHON", "LD_", "OMP_", "OPENBLAS_", "MKL_", "MPLCONFIGDIR", "MATPLOTLIBRC")
STILLBORN = 3  # after so many no spares are made, only what is asked for
ORPHAN_CHECK = 2.0  # seconds between two looks at whether the owner still lives


class Birth(NamedTuple):
    """What a newly forked child needs to become a kernel."""

    number: int
    channel: socket.socket


class Event(NamedTuple):
    """What to do when a channel has something to say."""

    channel: socket.socket
    act: Callable[[], None]


@dataclass
class Client:
    """Someone who asked for a kernel, and the kernel lent to them."""

    channel: socket.socket
    reader: wire.Reader = field(default_factory=wire.Reader)
    request: wire.Message = field(default_factory=dict)
    kernel: "Kernel | None" = None


@dataclass
class Kernel:
    """A forked kernel, as the template sees it."""

    pid: int
    number: int
    channel: socket.socket
    reader: wire.Reader = field(default_factory=wire.Reader)
    card: wire.Message | None = None  # how to reach it, once it is ready
    client: Client | None = None
    started: bool = False
    failure: str = ""


class Nursery:
    """Forks kernels, lends each to one client, and buries them."""

    def __init__(self, plan: Mapping[str, Any]) -> None:
        self.plan = plan
        self.directory = Path(plan["directory"])
        self.stopping = False
        self.kernels: dict[int, Kernel] = {}
        self.clients: list[Client] = []
        self.queue: list[Client] = []
        self.born = 0
        self.stillborn = 0  # kernels in a row that could not start
        self.spares = int(plan["spares"])
        self.errands = list(plan["errands"])
        self.lent = 0
        self.fault = ""  # why no kernel can be forked any more
        self.listener = socket.socket(fileno=plan["listener"])
        self.owner = socket.socket(fileno=plan["owner"])
        self.waker, self.wakened = socket.socketpair()
        self.waker.setblocking(False)
        self.wakened.setblocking(False)
        self.selector = selectors.DefaultSelector()
        self._watch(self.listener, self._greet)
        self._watch(self.owner, self._hear_owner)
        self._watch(self.wakened, self._reap)
        signal.set_wakeup_fd(self.waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def serve(self) -> Birth | None:
        """Answer until told to stop; in a forked child, return at once with its birth."""
        while not self.stopping:
            while self._wanted() > 0:
                birth = self._fork()
                if birth:
                    return birth
            at_ease = self._at_ease()
            events = self.selector.select(0 if at_ease else ORPHAN_CHECK)
            for key, _ in events:
                if key.data.channel.fileno() >= 0:  # else closed by the event before
                    key.data.act()
            if at_ease and not events:
                self._run_errand()
            if os.getppid() != self.plan["owner_pid"]:
                self.stopping = True
        return None

    def close(self) -> None:
        """Kill and bury every kernel, and remove what they left."""
        for kernel in self.kernels.values():
            kill_group(kernel.pid, signal.SIGKILL)
        for pid in list(self.kernels):
            os.waitpid(pid, 0)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _wanted(self) -> int:
        if self.fault:
            return 0
        unlent = sum(kernel.client is None for kernel in self.kernels.values())
        spares = self.spares if self.stillborn < STILLBORN else 0
        return len(self.queue) + spares - unlent

    def _at_ease(self) -> bool:
        """Say whether there is time for an errand: kernels are at work, and others ready."""
        ready = all(kernel.card for kernel in self.kernels.values())
        at_work = self.lent >= max(self.spares, 1)
        return bool(self.errands) and at_work and ready and not self.queue

    def _run_errand(self) -> None:
        """Import or call what later kernels will need."""
        with suppress(Exception, SystemExit):  # the notebook that needs it will find out, and tell
            do(self.errands.pop(0))
        gc.freeze()
        if fault := other_threads():
            self.fault = fault
            self.errands.clear()

    def _fork(self) -> Birth | None:
        self.born += 1
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            ours.close()
            self._forget()
            return Birth(self.born, theirs)
        theirs.close()
        kernel = self.kernels[pid] = Kernel(pid, self.born, ours)
        self._watch(ours, lambda: self._hear_kernel(kernel))
        return None

    def _forget(self) -> None:
        """In a child: let go of everything that belongs to the template."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        channels = [self.listener, self.owner, self.waker, self.wakened]
        channels += [client.channel for client in self.clients]
        channels += [kernel.channel for kernel in self.kernels.values()]
        for channel in channels:
            channel.close()
        self.selector.close()

    def _watch(self, channel: socket.socket, act: Callable[[], None]) -> None:
        self.selector.register(channel, selectors.EVENT_READ, Event(channel, act))

    def _drop(self, channel: socket.socket) -> None:
        if channel.fileno() >= 0:
            self.selector.unregister(channel)
            channel.close()

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _hear_owner(self) -> None:
        self.stopping = True  # the owner says nothing but goodbye

    def _greet(self) -> None:
        channel, _ = self.listener.accept()
        client = Client(channel)
        self.clients.append(client)
        self._watch(channel, lambda: self._hear_client(client))

    def _hear_client(self, client: Client) -> None:
        for message in client.reader.read(client.channel):
            if "kernel" in message:
                client.request = message["kernel"]
                self._enqueue(client)
            elif client.kernel:
                kill_group(client.kernel.pid, message["signal"])
        if client.reader.ended:
            self._dismiss(client)

    def _enqueue(self, client: Client) -> None:
        env = client.request["env"] | self.plan["env"] | client.request["extra"]
        client.request["env"] = env
        for name in sorted({*env, *os.environ}):
            if name.startswith(FIXED) and env.get(name) != os.environ.get(name):
                fixed = {"name": name, "wanted": env.get(name), "found": os.environ.get(name)}
                tell(client.channel, {"fixed": fixed})
                return
        self.queue.append(client)
        self._lend()

    def _dismiss(self, client: Client) -> None:
        self._drop(client.channel)
        self.clients.remove(client)
        if client in self.queue:
            self.queue.remove(client)
        if client.kernel:
            kill_group(client.kernel.pid, signal.SIGKILL)

    def _lend(self) -> None:
        """Give ready kernels to those who wait, each kernel once; after a fault refuse the rest."""
        for kernel in self.kernels.values():
            if self.queue and kernel.card and kernel.client is None:
                client = self.queue.pop(0)
                kernel.client, client.kernel = client, kernel
                self.lent += 1
                tell(kernel.channel, client.request)
        while self.fault and self.queue:
            tell(self.queue.pop(0).channel, {"refused": self.fault})

    def _hear_kernel(self, kernel: Kernel) -> None:
        for message in kernel.reader.read(kernel.channel):
            if "card" in message:
                kernel.card = message["card"]
                self.stillborn = 0
                self._lend()
            elif "failed" in message:
                kernel.failure = message["failed"]
            elif kernel.client:
                kernel.started = True
                tell(kernel.client.channel, {"card": kernel.card})
        if kernel.reader.ended:
            self._drop(kernel.channel)

    def _reap(self) -> None:
        with suppress(BlockingIOError):
            self.wakened.recv(4096)
        while self.kernels:
            found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if found is None:
                return
            # The group is killed while its leader is unburied, so its number is not reused.
            kill_group(found.si_pid, signal.SIGKILL)
            pid, status, used = os.wait4(found.si_pid, 0)
            kernel = self.kernels.pop(pid, None)
            if kernel:
                code = os.waitstatus_to_exitcode(status)
                self._bury(kernel, code, used.ru_maxrss * 1024, used.ru_utime + used.ru_stime)

    def _bury(self, kernel: Kernel, code: int, peak: int, cpu: float) -> None:
        if kernel.channel.fileno() >= 0:
            kernel.channel.setblocking(False)
            with suppress(BlockingIOError):
                self._hear_kernel(kernel)
        self._drop(kernel.channel)
        for path in self.directory.glob(f"{kernel.number}[-.]*"):
            path.unlink(missing_ok=True)
        client, kernel.client = kernel.client, None
        if client:
            client.kernel = None
        if kernel.started and client:
            tell(client.channel, {"exit": code, "peak": peak, "cpu": cpu})
        elif client and kernel.failure:
            tell(client.channel, {"refused": kernel.failure})
        elif client:
            self.queue.insert(0, client)  # a spare that died unseen: take another
            self._lend()
        elif not kernel.card:
            self.stillborn += 1
            if self.queue and (kernel.failure or self.stillborn >= STILLBORN):
                reason = kernel.failure or f"its process ended with code {code} at its start"
                tell(self.queue.pop(0).channel, {"refused": reason})


def tell(channel: socket.socket, message: wire.Message) -> None:
    """Send a message to one who may have gone; the loop hears that by itself."""
    with suppress(OSError):
        wire.send(channel, message)


def kill_group(pid: int, number: int) -> None:
    """Send a signal to a kernel and everything it started, if any of it is left."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        with suppress(ProcessLookupError):  # it was just forked and leads no group yet
            os.kill(pid, number)
    except PermissionError:
        pass  # only a zombie is left of the group


def warm(modules: Sequence[str], rehearsals: Sequence[str] = ()) -> None:
    """Import and rehearse what the kernels will need, and share its memory with them.

    A rehearsal is named `module:function`. It may load and cache what it
    likes, but must leave no open figure, setting or thread behind.
    """
    if sys.path[0] in ("", os.getcwd()):
        del sys.path[0]  # as ipykernel's own launcher does
    gc.disable()  # every kernel enables it
    for name in (*KERNEL_MODULES, *modules, *rehearsals):
        do(name)
    if fault := other_threads():
        raise RuntimeError(fault)


def do(name: str) -> None:
    """Import `module`, or call `module:function`."""
    home, _, function = name.partition(":")
    module = import_module(home)
    if function:
        getattr(module, function)()


def other_threads() -> str:
    """Say that there are threads, which kernels would not inherit; empty if there are none."""
    others = [thread.name for thread in threading.enumerate()][1:]
    return f"what it imports starts a thread of its own ({others[0]})" if others else ""


def main() -> None:
    """Run the template process, or in a forked child the kernel."""
    plan = json.loads(sys.argv[1])
    born_with = dict(os.environ)
    warm(plan["modules"], plan["rehearsals"])
    from .kernel import become_kernel, read_command_line

    read_command_line(plan["arguments"])
    gc.freeze()  # without collecting first: that takes longer than it ever saves
    nursery = Nursery(plan)
    birth = nursery.serve()
    if birth is None:
        nursery.close()
        sys.stderr.flush()
        os._exit(0)  # to take the interpreter apart takes longer, and the owner waits for it
    directory = nursery.directory
    del nursery
    become_kernel(birth.channel, directory / str(birth.number), plan["arguments"], born_with)


if __name__ == "__main__":
    main()
