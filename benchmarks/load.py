"""A load generator: many connections post bodies, each the next one as soon as it is answered.

Written on bare sockets, since a generator heavier than the server would measure itself: a
request is made before the clock starts, and an answer's bytes are kept as they came.
"""

import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from typing import Final

_PIECE: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: seconds in all, seconds and status of each answer, and the bodies."""

    seconds: float
    waits: tuple[float, ...]
    answers: tuple[tuple[int, bytes], ...]
    """In the order of the bodies; status 0 where the connection broke."""

    def percentile(self, part: float) -> float:
        """Seconds within which `part` (0 to 1) of the answers came."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


@dataclass(slots=True)
class _Client:
    """A connection, the number of its request, and what is still to send and to read."""

    connection: socket.socket
    number: int = -1
    begun: float = 0.0
    unsent: memoryview = field(default_factory=lambda: memoryview(b""))
    answer: bytearray = field(default_factory=bytearray)

    def send(self) -> bool:
        """Send what the socket takes; whether all has gone."""
        self.unsent = self.unsent[self.connection.send(self.unsent) :]
        return not self.unsent

    def read(self) -> tuple[int, bytes] | None:
        """Status and body once they are whole. Raises ConnectionError at the end."""
        piece = self.connection.recv(_PIECE)
        if not piece:
            raise ConnectionResetError
        self.answer += piece
        head, gap, body = bytes(self.answer).partition(b"\r\n\r\n")
        if not gap or len(body) < _length(head):
            return None
        self.answer.clear()
        return int(head.split(b" ", 2)[1]), body


def post_all(
    port: int,
    path: str,
    bodies: Sequence[bytes],
    connections: int,
    answered: Callable[[int], None] = lambda _so_far: None,
) -> Load:
    """Post every body once to `path` on 127.0.0.1 over `connections` kept connections.

    `answered` is told after each answer how many there were.
    """
    run = _Run([_request(path, body) for body in bodies], answered)
    begun = time.perf_counter()
    run.through(port, connections)
    return Load(time.perf_counter() - begun, tuple(run.waits), tuple(run.answers))


class _Run:
    """The requests on their way, and what came of them."""

    def __init__(self, requests: Sequence[bytes], answered: Callable[[int], None]) -> None:
        self.waits = [0.0] * len(requests)
        self.answers: list[tuple[int, bytes]] = [(0, b"")] * len(requests)
        self._requests = requests
        self._numbers = iter(range(len(requests)))
        self._answered = answered
        self._so_far = 0
        self._selector = DefaultSelector()

    def through(self, port: int, connections: int) -> None:
        """Send all of them; return when every connection is at its end."""
        with self._selector:
            for _ in range(min(connections, len(self._requests))):
                client = _Client(socket.create_connection(("127.0.0.1", port)))
                client.connection.setblocking(False)
                self._selector.register(client.connection, EVENT_READ, client)
                self._send_next(client)
            while self._selector.get_map():
                for key, events in self._selector.select():
                    try:
                        self._move(key.data, events)
                    except ConnectionError:  # the server is gone: status 0
                        self._hang_up(key.data)

    def _move(self, client: _Client, events: int) -> None:
        if events & EVENT_WRITE and client.send():
            self._selector.modify(client.connection, EVENT_READ, client)
        answer = client.read() if events & EVENT_READ else None
        if answer is not None:
            self.answers[client.number] = answer
            self.waits[client.number] = time.perf_counter() - client.begun
            self._so_far += 1
            self._answered(self._so_far)
            self._send_next(client)

    def _send_next(self, client: _Client) -> None:
        client.number = next(self._numbers, -1)
        if client.number < 0:
            self._hang_up(client)
            return
        client.begun = time.perf_counter()
        client.unsent = memoryview(self._requests[client.number])
        if not client.send():
            self._selector.modify(client.connection, EVENT_READ | EVENT_WRITE, client)

    def _hang_up(self, client: _Client) -> None:
        self._selector.unregister(client.connection)
        client.connection.close()


def _request(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
