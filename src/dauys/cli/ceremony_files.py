"""The messages of a ceremony as files: a folder, or the ZIP from the console."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dauys.cli.installation import MISUSED, stop

if TYPE_CHECKING:
    from dauys.conduct.ceremony import Plan, Stage

NOT_CHANGED: Final = "Nothing was written."


@dataclass(slots=True)
class Box:
    """The folder, or the ZIP, in which messages lie; new ones go into a folder."""

    plan: "Plan"
    texts: "dict[tuple[Stage, int], str]"
    out: Path

    @classmethod
    def at(cls, path: Path) -> "Box":
        """Read everything. Ends the command when there is no plan, or two of one message."""
        from dauys.conduct.ceremony import MAX_MESSAGE, PLAN, parse_file_name, read_plan

        files: dict[str, str] = {}
        for name, data in _files(path):
            if len(data) > MAX_MESSAGE:
                stop(f"{name} is too long for a message. {NOT_CHANGED}")
            files[name] = data.decode(
                "utf-8-sig", "replace"
            ).strip()  # as mail and editors leave it
        if PLAN not in files:
            stop(f"There is no {PLAN} in {path}: this is not the folder of a ceremony.", MISUSED)
        texts: dict[tuple[Stage, int], str] = {}
        names: dict[tuple[Stage, int], str] = {}
        for name in sorted(files):
            which = parse_file_name(name)
            if which is None:
                continue
            if texts.get(which, files[name]) != files[name]:
                stop(
                    f"{names[which]} and {name} differ, and only one can be right. Ask the "
                    f"member to send it again, and delete the other. {NOT_CHANGED}"
                )
            texts[which], names[which] = files[name], name
        out = path if path.is_dir() else path.parent
        return cls(read_plan(files[PLAN]), texts, out)

    def put(self, stage: "Stage", place: int, text: str) -> Path:
        """Write a message; the same one again is left alone."""
        from dauys.conduct.ceremony import file_name

        file = self.out / file_name(stage, place)
        self.texts[stage, place] = text
        if not file.exists() or file.read_text().strip() != text:
            write_message(file, text)
        return file


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every JSON file; ends the command if the path cannot be read."""
    if path.is_dir():
        for file in sorted(path.glob("*.json")):
            yield file.name, file.read_bytes()
        return
    try:
        with zipfile.ZipFile(path) as archive:
            for one in archive.infolist():
                if one.filename.endswith(".json") and one.file_size <= 2**21:
                    yield Path(one.filename).name, archive.read(one)
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError):  # RuntimeError: it is locked
        found = "is neither a folder nor the ZIP of a ceremony" if path.exists() else "is not there"
        stop(f"{path.absolute()} {found}. {NOT_CHANGED}", MISUSED)


def read_key(file: Path) -> str:
    """The text of a key file; ends the command if it cannot be read.

    Editors and mail add a mark before it and ends of lines behind it: that is no other key.
    """
    try:
        return file.read_text("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError):
        found = "cannot be read" if file.exists() else "is not there"
        stop(f"Your key file {file.absolute()} {found}. {NOT_CHANGED}", MISUSED)


def write_message(file: Path, text: str) -> None:
    """Write a public file, whole or not at all; ends the command if that cannot be done."""
    try:
        partial = file.with_name(f".{file.name}.partial")
        partial.write_text(text + "\n")
        partial.replace(file)
    except OSError as error:
        stop(f"{file} cannot be written: {error.strerror}.", MISUSED)
