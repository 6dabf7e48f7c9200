"""Which arithmetic checks public proofs: the fast kernel once it is proved, else libsodium.

libsodium is the reference: it does everything with a secret, and it has the last word on
every refusal. The kernel is compiled for this machine by numba, loads in the background,
must give libsodium's answers on known cases before its first use, and may then say "this
holds". Until it is ready, without numba, after a failed trial, or with
DAUYS_KERNEL=reference, everything goes to libsodium: slower, the same verdicts.

    python -m dauys.crypto.checking       compile and try it now; set-up does this once
"""

import logging
import os
import sys
import time
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dauys.crypto.quick_ballot import FastChecks

SETTING: Final = "DAUYS_KERNEL"
REFERENCE: Final = "reference"
"""Environment variable, and its value that keeps the kernel out."""

PATIENCE: Final = 8
"""Checks left to libsodium before the kernel is worth the tenth of a second that it loads."""

log = logging.getLogger("dauys.crypto")


class UndecidedError(Exception):
    """The fast way does not say yes. What is wrong, if anything, the reference knows."""


class Checking:
    """Has the kernel, or has not; starts to load it once that pays."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked = 0
        self._loading: Thread | None = None
        self._fast: FastChecks | None = None

    def fast(self) -> "FastChecks | None":
        """The kernel, or None where libsodium must do. Never waits."""
        if self._loading is None:
            self._asked += 1
            if self._asked > PATIENCE:
                with suppress(RuntimeError):  # no thread to be had; the next check asks again
                    self._start()
        return self._fast

    def prepare(self) -> bool:
        """Load the kernel now and wait for it: seconds with a cold cache. False without it.

        For servers before they open, and for whoever has many ballots before them.
        """
        self._start().join()
        return self._fast is not None

    def retire(self) -> None:
        """Use the kernel no more: it denied what libsodium affirms."""
        self._fast = None
        log.error("the fast kernel is wrong: libsodium checks all proofs from now on")

    def _start(self) -> Thread:
        with self._lock:
            if self._loading is None:
                # No daemon: the compiler must not be cut off when the process ends.
                loading = Thread(target=self._load, name="kernel")
                loading.start()
                self._loading = loading
            return self._loading

    def _load(self) -> None:
        if setting := os.environ.get(SETTING):
            if setting != REFERENCE:
                log.warning("%s=%s: only %s is known; taken for it", SETTING, setting, REFERENCE)
            return
        try:
            # Here and not above: numba takes a while, and may be missing.
            from dauys.crypto.kernel_trial import tried  # noqa: PLC0415
            from dauys.crypto.quick_ballot import FastChecks  # noqa: PLC0415

            self._fast = FastChecks(tried())
        except Exception:  # numba missing, broken or wrong: elections go on
            log.warning("no fast kernel: libsodium checks all proofs", exc_info=True)


_checking = Checking()
fast = _checking.fast
prepare = _checking.prepare
retire = _checking.retire


if __name__ == "__main__":
    begun = time.process_time()
    ready = prepare()
    spent = time.process_time() - begun
    sys.stdout.write(f"fast kernel: {'ready' if ready else 'not used'} after {spent:.1f} s\n")
