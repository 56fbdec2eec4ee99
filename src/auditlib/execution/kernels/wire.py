"""Messages between the template process, its kernels and those who ask for them.

A message is one line of JSON on a Unix socket. JSON carries any environment
variable, undecodable bytes included, because lone surrogates are escaped.
"""

import json
import socket
from typing import Any

Message = dict[str, Any]

ENDED = b""


def send(channel: socket.socket, message: Message) -> None:
    """Send one message; the channel must be blocking or the message short."""
    channel.sendall(json.dumps(message).encode("ascii") + b"\n")


class Reader:
    """Cut what arrives on one channel into messages.

    Attributes
    ----------
    ended
        Whether the other side has closed the channel.
    """

    def __init__(self) -> None:
        self.ended = False
        self._rest = b""

    def feed(self, data: bytes) -> list[Message]:
        """Return the messages completed by this piece; an empty piece is the end."""
        if data == ENDED:
            self.ended = True
            return []
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def read(self, channel: socket.socket) -> list[Message]:
        """Return the messages that one read of the channel completes."""
        try:
            return self.feed(channel.recv(65536))
        except ConnectionResetError:
            return self.feed(ENDED)
