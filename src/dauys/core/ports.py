"""What every stage is handed instead of taking it: time, randomness, signature checks."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time. Only `wiring.py` and the CLI know the real one."""

    def now(self) -> datetime:
        """Current time, always with the UTC zone."""
        ...


class RandomSource(Protocol):
    """Unpredictable bytes. The real one is the operating system's."""

    def __call__(self, size: int, /) -> bytes:
        """`size` bytes, uniform and independent of all earlier ones."""
        ...


class VerifySignature(Protocol):
    """Ed25519 verification (RFC 8032); `core` imports no cryptography."""

    def __call__(self, public_hex: str, message: bytes, signature: bytes, /) -> None:
        """Return when `signature` holds. Raises VerificationError otherwise."""
        ...
