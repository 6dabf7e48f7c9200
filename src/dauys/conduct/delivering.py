"""Sends messages in a thread of its own, so that no page waits for a gateway.

What a request kept is in the database: after a crash it is sent from there.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from dauys.conduct.rounds import Worker
from dauys.identity.messages.courier import AT_ONCE, Courier

LOOK_EVERY_S: Final = 0.3
STUMBLED_S: Final = 5.0
log = logging.getLogger("dauys.messages")


class Delivery(Worker):
    """Runs a courier until it is stopped. Without gateways it only waits."""

    def __init__(self, courier: Callable[[], Courier], after_each: Callable[[], None]) -> None:
        """`courier` opens one; `after_each` ends database work, in the outbox's thread."""
        super().__init__("delivery")
        self._courier = courier
        self._after_each = after_each

    def _run(self) -> None:
        asyncio.run(self._deliver())

    async def _deliver(self) -> None:
        courier = self._courier()
        try:
            while not self._stop.is_set():
                await asyncio.to_thread(self._stop.wait, await self._once(courier))
        finally:
            await courier.close()

    async def _once(self, courier: Courier) -> float:
        """One round; returns how long to pause before the next."""
        try:
            sent = await courier.round()
        except Exception:
            log.exception("messages could not be sent")
            return STUMBLED_S
        finally:
            await courier.call(self._after_each)
        return 0.0 if sent == AT_ONCE else LOOK_EVERY_S
