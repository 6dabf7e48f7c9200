"""Keeps an uploaded register between two pages: under a name nobody can guess, for a day."""

import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dauys.core.ids import ElectionId

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32}")
_SUFFIXES: Final = (".csv", ".xlsx", ".xls", ".ods")
MAX_AGE_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Uploads:
    """Files of one election under `folder`, readable by the server only."""

    folder: Path
    election: ElectionId

    def keep(self, data: bytes, filename: str) -> str:
        """Keep a file and return its token. Files left behind for a day are deleted."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in self.folder.iterdir():
            if time.time() - old.stat().st_mtime > MAX_AGE_S:
                old.unlink(missing_ok=True)
        token = secrets.token_urlsafe(24)
        suffix = Path(filename).suffix.lower()
        file = self._path(token, suffix if suffix in _SUFFIXES else ".csv")
        file.touch(mode=0o600, exist_ok=False)
        file.write_bytes(data)
        return token

    def read(self, token: str) -> tuple[bytes, str]:
        """The file and a name for it. Raises LookupError when it is not there any more."""
        file = self._find(token)
        return file.read_bytes(), file.name

    def forget(self, token: str) -> None:
        """Delete the file. Raises LookupError when it is not there any more."""
        self._find(token).unlink(missing_ok=True)

    def _find(self, token: str) -> Path:
        if not _TOKEN.fullmatch(token):
            raise LookupError("upload")
        for suffix in _SUFFIXES:
            file = self._path(token, suffix)
            if file.exists():
                return file
        raise LookupError("upload")

    def _path(self, token: str, suffix: str) -> Path:
        return self.folder / f"{self.election}-{token}{suffix}"
