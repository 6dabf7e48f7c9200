"""Group commit: full queues, callers who hang up, flushes that fail, and shutting down."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from threading import Event

import pytest

from dauys.ballotbox.batching import Batcher, BusyError


class Ledger:
    """A flush that can be held up, and remembers its batches."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate = Event()
        self.gate.set()
        self.working = False

    def flush(self, items: Sequence[int]) -> list[str]:
        assert not self.working, "two batches at a time"
        self.working = True
        try:
            assert self.gate.wait(10)
            self.batches.append(list(items))
            if -1 in items:
                raise OSError("disk full")
            return [f"receipt {item}" for item in items]
        finally:
            self.working = False


def run(body: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await asyncio.wait_for(body(), 20)

    asyncio.run(main())


async def settled(*awaitables: Awaitable[str]) -> list[str | BaseException]:
    return await asyncio.gather(*awaitables, return_exceptions=True)


def test_callers_share_a_transaction_and_each_gets_its_own_answer() -> None:
    async def body() -> None:
        ledger = Ledger()
        async with Batcher(ledger.flush, max_wait=0.02) as batcher:
            answers = await settled(*(batcher.submit(n) for n in range(10)))
        assert answers == [f"receipt {n}" for n in range(10)]
        assert ledger.batches == [list(range(10))]

    run(body)


def test_a_batch_is_never_larger_than_allowed_and_keeps_the_order() -> None:
    async def body() -> None:
        ledger = Ledger()
        async with Batcher(ledger.flush, max_items=4) as batcher:
            await settled(*(batcher.submit(n) for n in range(10)))
        assert all(len(batch) <= 4 for batch in ledger.batches)
        assert [n for batch in ledger.batches for n in batch] == list(range(10))

    run(body)


def test_a_full_queue_refuses_at_once_and_loses_nobody() -> None:
    async def body() -> None:
        ledger = Ledger()
        ledger.gate.clear()
        async with Batcher(ledger.flush, max_items=2, max_wait=0, max_waiting=3) as batcher:
            first = [asyncio.create_task(batcher.submit(n)) for n in range(2)]
            await asyncio.sleep(0.05)  # these two are being flushed
            waiting = [asyncio.create_task(batcher.submit(n)) for n in range(2, 5)]
            await asyncio.sleep(0)
            with pytest.raises(BusyError) as refusal:
                await batcher.submit(5)
            ledger.gate.set()
            answers = await settled(*first, *waiting)
        assert refusal.value.code == "busy"
        assert refusal.value.retry_after >= 1
        assert answers == [f"receipt {n}" for n in range(5)]

    run(body)


def test_a_caller_who_hangs_up_takes_nobody_with_them() -> None:
    async def body() -> None:
        ledger = Ledger()
        ledger.gate.clear()
        async with Batcher(ledger.flush, max_wait=0) as batcher:
            tasks = [asyncio.create_task(batcher.submit(n)) for n in range(3)]
            await asyncio.sleep(0.05)
            tasks[1].cancel()
            await asyncio.sleep(0)
            ledger.gate.set()
            answers = await settled(*tasks)
            assert await batcher.submit(9) == "receipt 9"
        assert answers[0] == "receipt 0"
        assert isinstance(answers[1], asyncio.CancelledError)
        assert answers[2] == "receipt 2"
        assert ledger.batches[0] == [0, 1, 2], "the ballot was posted: it is cast all the same"

    run(body)


def test_a_flush_that_fails_is_told_to_all_its_callers_and_to_no_others() -> None:
    async def body() -> None:
        ledger = Ledger()
        async with Batcher(ledger.flush, max_items=3, max_wait=0.02) as batcher:
            answers = await settled(*(batcher.submit(n) for n in (0, -1, 2, 3, 4, 5)))
        assert [type(answer) for answer in answers[:3]] == [OSError] * 3
        assert answers[3:] == ["receipt 3", "receipt 4", "receipt 5"]

    run(body)


def test_a_flush_with_too_few_answers_fails_rather_than_mixing_them_up() -> None:
    async def body() -> None:
        def flush(items: Sequence[int]) -> list[str]:
            return ["one"]

        async with Batcher(flush, max_wait=0.02) as batcher:
            answers = await settled(batcher.submit(1), batcher.submit(2))
        assert [type(answer) for answer in answers] == [ValueError] * 2

    run(body)


def test_closing_answers_all_who_wait_and_takes_nobody_new() -> None:
    async def body() -> None:
        ledger = Ledger()
        ledger.gate.clear()
        batcher = Batcher(ledger.flush, max_items=2, max_wait=0)
        tasks = [asyncio.create_task(batcher.submit(n)) for n in range(7)]
        await asyncio.sleep(0.05)
        closing = asyncio.create_task(batcher.close())
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await batcher.submit(8)
        ledger.gate.set()
        assert await settled(*tasks) == [f"receipt {n}" for n in range(7)]
        await closing
        await batcher.close()

    run(body)


def test_closing_a_batcher_that_never_worked() -> None:
    async def body() -> None:
        await Batcher(Ledger().flush).close()

    run(body)
