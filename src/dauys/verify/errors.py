"""What keeps the auditor from auditing."""

from pathlib import Path

from dauys.core.errors import DauysError


class UnreadableError(DauysError):
    """There is nothing to audit here, or the operating system will not let us read it."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why
