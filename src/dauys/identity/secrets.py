"""Secrets that an operator's file names and does not hold."""

from collections.abc import Mapping
from pathlib import Path

from dauys.core.errors import MalformedError


def read_secret(
    what: str, file: str, variable: str, environment: Mapping[str, str], folder: Path
) -> str:
    """The secret in `file` (under `folder`, if relative) or in an environment variable.

    Empty where neither is named. Raises MalformedError(`what`, …), which names the place only.
    """
    if file and variable:
        raise MalformedError(what, "a file and a variable for one secret")
    if not file and not variable:
        return ""
    if variable:
        secret = environment.get(variable, "").strip()
    else:
        try:
            secret = (folder / file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise MalformedError(what, f"{file} cannot be read") from error
    if not secret:
        raise MalformedError(what, f"{file or variable} is empty")
    return secret
