"""Many callers, one durable transaction for a batch of them (group commit).

Callers wait in asyncio; one thread of its own flushes batch after batch. While one batch
is being flushed the next one gathers.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, Generic, Self, TypeVar

from dauys.core.errors import RefusedError

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_RETRY_AFTER: Final = 1  # a full queue of 1,024 is written in about a second


class BusyError(RefusedError):
    """Nothing was done; the same request may succeed after `retry_after` seconds."""

    def __init__(self, detail: str) -> None:
        """The code is `busy`."""
        super().__init__("busy", detail)
        self.retry_after = _RETRY_AFTER


class Batcher(Generic[Item, Answer]):
    """Gathers items into batches. Belongs to one event loop."""

    def __init__(
        self,
        flush: Callable[[Sequence[Item]], Sequence[Answer]],
        max_items: int = 64,
        max_wait: float = 0.005,
        max_waiting: int = 1024,
    ) -> None:
        """`flush` answers a batch, item for item; it is never called twice at a time.

        A batch is flushed when it has `max_items`, or `max_wait` seconds after its first;
        beyond `max_waiting` items in the queue callers are refused.
        """
        self._flush = flush
        self._max_items = max_items
        self._max_wait = max_wait
        self._queue: asyncio.Queue[tuple[Item, asyncio.Future[Answer]]]
        self._queue = asyncio.Queue(max_waiting)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ballot-box")
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    async def submit(self, item: Item) -> Answer:
        """The answer to `item`, once its batch was flushed.

        Raises BusyError when too many wait or the batcher is closed, or what `flush`
        raised for the whole batch. Who stops waiting does not stop the item: a voter
        who hangs up and casts again gets the receipt of the ballot already there.
        """
        if self._closed:
            raise BusyError("closing")
        loop = asyncio.get_running_loop()
        if self._task is None:
            self._task = loop.create_task(self._run(), name="batcher")
        future: asyncio.Future[Answer] = loop.create_future()
        try:
            self._queue.put_nowait((item, future))
        except asyncio.QueueFull as error:
            raise BusyError("too many are waiting") from error
        return await future

    async def close(self) -> None:
        """Take nothing more, answer all who wait, and end the thread."""
        self._closed = True
        if self._task is not None:
            await self._queue.join()
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._thread.shutdown()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _run(self) -> None:
        while True:
            batch = [await self._queue.get()]
            if self._queue.qsize() < self._max_items - 1 and not self._closed:
                await asyncio.sleep(self._max_wait)
            while len(batch) < self._max_items and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            await self._answer(batch)
            for _ in batch:
                self._queue.task_done()

    async def _answer(self, batch: Sequence[tuple[Item, asyncio.Future[Answer]]]) -> None:
        loop = asyncio.get_running_loop()
        waiting = [future for _, future in batch]
        try:
            items = [item for item, _ in batch]
            answers = await loop.run_in_executor(self._thread, self._flush, items)
            answered = list(zip(waiting, answers, strict=True))
        except asyncio.CancelledError:
            for future in waiting:
                future.cancel()
            raise
        except Exception as error:  # noqa: BLE001 -- whatever it was, every caller is told
            for future in waiting:
                if not future.done():
                    future.set_exception(error)
        else:
            for future, answer in answered:
                if not future.done():
                    future.set_result(answer)
