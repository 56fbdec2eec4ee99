"""A forked kernel, lent to one notebook by the template process.

The lease is one connection to the template. On it the template says how to
reach the kernel and, the moment the kernel ends, how it ended and what it
used. Signals are sent by the template, which is the kernel's parent and so
can never hit a stranger that got the same number. Closing the lease ends the
kernel.
"""

import asyncio
import os
import signal
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

from . import wire
from .errors import TemplateError, TemplateGoneError


@dataclass(frozen=True)
class End:
    """How a kernel ended.

    Attributes
    ----------
    code
        Exit code, negative for a signal; None if the template ended first.
    peak
        Most memory that the kernel's process held at once, in bytes.
    cpu
        Processor time of the kernel and of what it waited for, in seconds.
    """

    code: int | None
    peak: int | None = None
    cpu: float | None = None


class Lease:
    """One kernel, from its handing over to its end."""

    def __init__(self, channel: socket.socket, reader: wire.Reader, card: wire.Message) -> None:
        self.pid: int = card["pid"]
        self.connection_file: str = card["file"]
        self.info: dict[str, Any] = dict(card["info"], key=card["info"]["key"].encode("ascii"))
        self.language_info: dict[str, Any] = card["language_info"]
        self.end: End | None = None
        self._channel = channel
        self._reader = reader
        channel.setblocking(False)

    @classmethod
    def ask(
        cls,
        address: str,
        *,
        cwd: str | None,
        env: Mapping[str, str],
        extra: Mapping[str, str],
        timeout: float,
    ) -> Self:
        """Ask the template process at an address for a kernel.

        Parameters
        ----------
        address
            Path of the template's socket.
        cwd
            Folder of the kernel; None for that of the template.
        env
            Environment of the kernel, to which the template adds its own variables.
        extra
            Variables that come before the template's own.
        timeout
            Longest wait, in seconds.
        """
        request = {"cwd": cwd, "env": dict(env), "extra": dict(extra)}
        reader = wire.Reader()
        channel = socket.socket(socket.AF_UNIX)
        try:
            channel.settimeout(timeout)
            channel.connect(address)
            wire.send(channel, {"kernel": request})
            answer = first(channel, reader)
        except TimeoutError:
            channel.close()
            raise TemplateError.too_slow(timeout) from None
        except OSError as error:
            channel.close()
            raise TemplateGoneError.silent() from error
        except BaseException:
            channel.close()
            raise
        if answer and "card" in answer:
            return cls(channel, reader, answer["card"])
        channel.close()
        if answer is None:
            raise TemplateGoneError.silent()
        if "fixed" in answer:
            raise TemplateError.fixed_variable(**answer["fixed"])
        raise TemplateError.no_kernel(answer["refused"])

    def poll(self) -> int | None:
        """Return None while the kernel runs, else its exit code or 1 if that is unknown."""
        while self.end is None:
            try:
                data = self._channel.recv(65536)
            except BlockingIOError:
                return None
            except ConnectionResetError:
                data = wire.ENDED
            self._hear(data)
        return self._code

    async def wait(self) -> int:
        """Wait, without polling, until the kernel has ended."""
        loop = asyncio.get_running_loop()
        while self.end is None:
            try:
                data = await loop.sock_recv(self._channel, 65536)
            except ConnectionResetError:
                data = wire.ENDED
            self._hear(data)
        return self._code

    def signal(self, number: int) -> None:
        """Send a signal to the kernel and everything that it started."""
        if self.end is None:
            with suppress(BrokenPipeError, ConnectionResetError):
                wire.send(self._channel, {"signal": number})

    def close(self) -> None:
        """End the kernel, if it runs, and the lease."""
        self._channel.close()

    @property
    def _code(self) -> int:
        return 1 if self.end is None or self.end.code is None else self.end.code

    def _hear(self, data: bytes) -> None:
        for message in self._reader.feed(data):
            if "exit" in message:
                self.end = End(message["exit"], message["peak"], message["cpu"])
        if self._reader.ended and self.end is None:
            self.end = End(None)
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)


def first(channel: socket.socket, reader: wire.Reader) -> wire.Message | None:
    """Return the first message on a channel, or None if it ends without one."""
    while not reader.ended:
        for message in reader.read(channel):
            return message
    return None
