"""A load generator: many connections post bodies, each the next one as soon as it is answered.

Written on asyncio streams, since a generator heavier than the server would measure itself.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count


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
    return asyncio.run(_post_all(port, path, bodies, connections, answered))


async def _post_all(
    port: int,
    path: str,
    bodies: Sequence[bytes],
    connections: int,
    answered: Callable[[int], None],
) -> Load:
    waiting = list(range(len(bodies)))[::-1]
    waits = [0.0] * len(bodies)
    answers: list[tuple[int, bytes]] = [(0, b"")] * len(bodies)
    so_far = count(1)

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while waiting:
                number = waiting.pop()
                begun = time.perf_counter()
                answers[number] = await _post(reader, writer, path, bodies[number])
                waits[number] = time.perf_counter() - begun
                answered(next(so_far))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the server is gone; what was not answered has status 0
        finally:
            writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(connections)))
    return Load(time.perf_counter() - begun, tuple(waits), tuple(answers))


async def _post(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, body: bytes
) -> tuple[int, bytes]:
    head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()
    lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    length = next(int(x.split(b":")[1]) for x in lines if x.lower().startswith(b"content-length"))
    return int(lines[0].split()[1]), await reader.readexactly(length)
