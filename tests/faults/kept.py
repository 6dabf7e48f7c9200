"""What the process that founds an election tells the test."""

import msgspec


class Kept(msgspec.Struct, frozen=True):
    """The election, and cast requests that nobody has posted yet."""

    election: str
    origin: str
    log_key: str
    bodies: tuple[str, ...]
    cancelled: str
    """Under a permit in whose place another was issued."""
    twins: tuple[str, str]
    """Two ballots under that other permit."""
