"""What somebody may do to an archive: every field, every proof, every file and every header.

The events are chained and named anew after each change of a text, so that nothing but the
change speaks against it; changes of files and headers are made to the bytes.

    python -m tests.vectors.archive_mutations      writes archive_mutations.json anew
"""

import copy
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import methodcaller
from pathlib import Path
from typing import Any, Final

from dauys.crypto.archive_events import Event, print_setup, read_events, sha256
from dauys.crypto.belenios_archive import write_archive
from dauys.crypto.ed25519 import G, Point, Q
from dauys.crypto.old_tar import write_member
from dauys.verify.archive.audit import verify_archive
from dauys.verify.archive.setup import UnsupportedError
from tests.vectors.archives import TIMESTAMP, finished
from tests.vectors.generate import all_mutations
from tests.vectors.mutations import bad_points, bad_scalars, print_tree
from tests.vectors.samples import BLANK, REFERENDUM

FOLDER: Final = Path(__file__).parent
CORPUS: Final = FOLDER / "archive_mutations.json"
BLOCK: Final = 512
ELECTION, TRUSTEES, CREDENTIALS = range(3)
UNSUPPORTED: Final = ("unsupported",)
"""Told instead of checks where an election is one that only Belenios checks."""

Events = tuple[Event, ...]
Edit = Callable[[list[Event]], None]


@dataclass(frozen=True, slots=True)
class ArchiveMutation:
    """A changed archive, named by what was done to it."""

    name: str
    data: bytes


def honest(folder: Path) -> Path:
    """Three voters, one of weight 5, one who votes twice: two trustees, a result."""
    path = folder / "honest.bel"
    write_archive(path, finished(REFERENDUM, 3, weights=(1, 5, 1), revotes=(0,)))
    return path


def mutations(folder: Path) -> Iterator[ArchiveMutation]:
    """All of them, of the honest archive and of a threshold group's."""
    path = honest(folder)
    events = tuple(read_events(path))
    yield from _texts(events)
    yield from _ballots(events)
    yield from _orders(events)
    yield from _files(path.read_bytes())
    group = tuple(read_events(FOLDER / "belenios" / "threshold.bel"))
    yield from _fields("group", group, 0, TRUSTEES)


def failing(path: Path) -> tuple[str, ...]:
    """Names of the checks that do not hold for the archive at `path`."""
    try:
        return verify_archive(path).failed()
    except UnsupportedError:
        return UNSUPPORTED


def archive_bytes(events: Sequence[Event]) -> bytes:
    """An archive of `events` in whatever order, each naming the one before and its data."""
    stream = io.BytesIO()
    write = partial(_write, stream)
    write("BELENIOS", f'{{"version":1,"timestamp":"{TIMESTAMP}"}}')
    parent = ""
    for height, event in enumerate(events):
        for text in event.data:
            write(f"{sha256(text)}.data.json", text)
        link = f',"payload":"{sha256(event.data[-1])}"' if event.data else ""
        before = f'"parent":"{parent}",' if parent else ""
        text = f'{{{before}"height":{height},"type":"{event.kind}"{link}}}'
        write(f"{sha256(text)}.event.json", text)
        parent = sha256(text)
    return stream.getvalue()


def _write(stream: io.BytesIO, name: str, text: str) -> None:
    write_member(stream, name, text.encode(), TIMESTAMP)


def _texts(events: Events) -> Iterator[ArchiveMutation]:
    """Every field of every structure but the ballots'."""
    last = {event.kind: i for i, event in enumerate(events)}
    yield from _fields("election", events, 0, ELECTION)
    yield from _fields("trustees", events, 0, TRUSTEES)
    yield from _fields("credentials", events, 0, CREDENTIALS)
    yield from _fields("tally", events, last["EncryptedTally"], 0)
    yield from _fields("sized", events, last["EncryptedTally"], 1)
    yield from _fields("part", events, last["PartialDecryption"], 0)
    yield from _fields("owned", events, last["PartialDecryption"], 1)
    yield from _fields("result", events, last["Result"], 0)


def _fields(what: str, events: Events, place: int, item: int) -> Iterator[ArchiveMutation]:
    tree = json.loads(events[place].data[item])
    for path, value in _leaves(tree):
        for how, other in _others(value, is_hash=path[-1] in {"payload", "encrypted_tally"}):
            changed = copy.deepcopy(tree)
            _parent(changed, path)[path[-1]] = other
            name = f"{what}/{'-'.join(map(str, path))}-{how}"
            yield with_text(name, events, place, item, print_tree(changed))
    for path, value in _branches(tree):
        for how, edit in _edits(value):
            changed = copy.deepcopy(tree)
            edit(_parent(changed, (*path, None)))
            if print_tree(changed) == print_tree(tree) or (what, how) == ("credentials", "turned"):
                continue  # nothing changed; and the order of the credentials is free
            name = f"{what}/{'-'.join(map(str, path)) or 'whole'}-{how}"
            yield with_text(name, events, place, item, print_tree(changed))
    text = events[place].data[item]
    for how, other in (
        ("space", text + " "),
        ("nothing", ""),
        ("not-json", text[:-1]),
        ("deep", "[" * 50_000),
    ):
        yield with_text(f"{what}/{how}", events, place, item, other)


def with_text(name: str, events: Events, place: int, item: int, text: str) -> ArchiveMutation:
    """The archive with another text at a place; what names it by its hash follows."""
    old = events[place].data
    data = [*old[:item], text, *old[item + 1 :]]
    if place == 0 and item < len(data) - 1:
        data[-1] = print_setup(*map(sha256, data[:-1]))
    elif item < len(data) - 1:
        data[-1] = data[-1].replace(sha256(old[item]), sha256(text))
    changed = list(events)
    changed[place] = replace(events[place], data=tuple(data))
    return ArchiveMutation(name, archive_bytes(changed))


def _leaves(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from _leaves(value, (*path, key))
    else:
        yield path, tree


def _branches(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(tree, dict | list):
        yield path, tree
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from _branches(value, (*path, key))


def _parent(tree: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        tree = tree[key]
    return tree


def _others(value: Any, *, is_hash: bool) -> Iterator[tuple[str, object]]:
    """What may stand in the place of a value."""
    yield "null", None
    if is_hash:
        yield "another-hash", sha256(value)
        return
    if isinstance(value, bool | int):
        yield "plus-1", value + 1
        yield "text", f"{value}"
        return
    if len(value) == 64 and set(value) <= set("0123456789abcdef"):
        yield from bad_points(value).items()
        yield "another-point", (Point(bytes.fromhex(value)[::-1]) + G).hex()
    elif len(value) > 60 and value.isdecimal():
        yield from bad_scalars(value).items()
        yield "plus-1", str((int(value) + 1) % Q)
    else:
        yield "longer", value + "x"
        yield "number", 5


def _edits(value: Any) -> Iterator[tuple[str, Callable[[Any], object]]]:
    if isinstance(value, dict):
        for name in value:
            yield f"without-{name}", methodcaller("pop", name)
        yield "extra", lambda tree: tree.update(extra=1)
        yield "reordered", lambda tree: tree.update({next(iter(tree)): tree.pop(next(iter(tree)))})
        return
    yield "repeated", lambda tree: tree.append(copy.deepcopy(tree[-1]) if tree else 0)
    if value:
        yield "shortened", list.pop
    if len(value) > 1 and value[0] != value[-1]:
        yield "turned", list.reverse


def _ballots(events: Events) -> Iterator[ArchiveMutation]:
    """Every changed ballot, in the place of one that counts; and ballots moved about."""
    places = [i for i, event in enumerate(events) if event.kind == "Ballot"]
    text = events[places[1]].data[0]
    for mutation in all_mutations(text, REFERENDUM.key(1)):
        if len(mutation.ballot) < 2**20:
            name = f"ballot/{mutation.name}"
            yield with_text(name, events, places[1], 0, mutation.ballot)
    first, second, third, again = (events[i] for i in places)
    others = (events[: places[0]], events[places[-1] + 1 :])
    for name, cast in (
        ("left-out", (first, third, again)),
        ("revote-left-out", (first, second, third)),
        ("copied", (first, second, second, third, again)),
        ("revote-first", (again, second, third, first)),
        ("of-another-election", (first, replace(second, data=(_foreign(),)), third, again)),
        ("of-a-stranger", (first, second, third, again, replace(first, data=(_stranger(),)))),
    ):
        yield ArchiveMutation(f"ballots/{name}", archive_bytes((*others[0], *cast, *others[1])))


def _foreign() -> str:
    """An honest ballot of another election."""
    return next(iter(finished(BLANK, 1).ballots))


def _stranger() -> str:
    """An honest ballot of somebody who is not on the list."""
    *_, last = finished(REFERENDUM, 4).ballots
    return last


def _orders(events: Events) -> Iterator[ArchiveMutation]:
    """Events left out, repeated and moved."""
    for i, event in enumerate(events):
        rest = events[:i] + events[i + 1 :]
        if event.kind != "Ballot" and i < len(events) - 1:
            yield ArchiveMutation(f"events/{i}-{event.kind}-left-out", archive_bytes(rest))
        if event.kind in {"Setup", "EndBallots", "EncryptedTally", "Result"}:
            twice = (*events[: i + 1], event, *events[i + 1 :])
            yield ArchiveMutation(f"events/{i}-{event.kind}-twice", archive_bytes(twice))
        if i + 1 < len(events) and event.kind != events[i + 1].kind:
            swapped = (*events[:i], events[i + 1], event, *events[i + 2 :])
            yield ArchiveMutation(f"events/{i}-{event.kind}-later", archive_bytes(swapped))
    parts = [i for i, event in enumerate(events) if event.kind == "PartialDecryption"]
    owner = events[parts[1]].data[1]
    for name, number in (("the-other", 1), ("nobody", 3), ("zero", 0)):
        text = owner.replace('"owner":2', f'"owner":{number}')
        yield with_text(f"events/part-of-{name}", events, parts[1], 1, text)


def _files(data: bytes) -> Iterator[ArchiveMutation]:
    """Bytes of the tar itself: cut, lengthened, and with another header."""
    members = _split(data)
    for size in (0, 1, BLOCK - 1, BLOCK, 3 * BLOCK, len(data) // 2, len(data) - BLOCK, -1):
        yield ArchiveMutation(f"file/cut-at-{size}", data[:size])
    for name, tail in (("zeros", bytes(BLOCK)), ("a-byte", b"x"), ("itself", data)):
        yield ArchiveMutation(f"file/then-{name}", data + tail)
    for name, at, text in (
        ("mode", 100, b"0000755\0"),
        ("owner", 108, b"0001000\0"),
        ("time", 136, b"00000000001\0"),
        ("link", 156, b"2"),
        ("magic", 257, b"ustar\x0000"),
        ("size-huge", 124, b"77777777777\0"),
        ("size-of-a-gigabyte", 124, b"10000000000\0"),
        ("size-less", 124, b"00000000001\0"),
        ("size-negative", 124, b"-0000000001\0"),
        ("name", 0, b"0"),
        ("name-outside", 0, b"../../"),
    ):
        for number in (0, 1, 4, 6):
            header = members[number][:BLOCK]
            changed = _summed(header[:at] + text + header[at + len(text) :])
            whole = [*members[:number], changed + members[number][BLOCK:], *members[number + 1 :]]
            yield ArchiveMutation(f"file/{number}-{name}", b"".join(whole))
    for number in (1, 6, 7, len(members) - 2):
        rest = [*members[:number], *members[number + 1 :]]
        yield ArchiveMutation(f"file/{number}-left-out", b"".join(rest))
        twice = [*members[: number + 1], *members[number:]]
        yield ArchiveMutation(f"file/{number}-twice", b"".join(twice))
    for name, old, new in (
        ("parent", b'"parent":"', b'"parent":"0'),
        ("height", b'"height":3', b'"height":4'),
        ("type", b'"type":"Ballot"', b'"type":"Paper"'),
        ("payload", b'"payload":"', b'"payload":"0'),
    ):
        yield ArchiveMutation(f"event/{name}-named-anew", _renamed(members, old, new))
        yield ArchiveMutation(f"event/{name}", data.replace(old, new[: len(old)][::-1], 1))


def _renamed(members: list[bytes], old: bytes, new: bytes) -> bytes:
    """One event changed, and named by its hash again."""
    stream = io.BytesIO()
    changed = False
    for member in members:
        name = member[:100].rstrip(b"\0").decode()
        body = member[BLOCK : BLOCK + int(member[124:135], 8)]
        if not changed and name.endswith("event.json") and old in body and b"parent" in body:
            text = body.replace(old, new, 1)[: len(body)].decode()
            write_member(stream, f"{sha256(text)}.event.json", text.encode(), TIMESTAMP)
            changed = True
        else:
            stream.write(member)
    return stream.getvalue()


def _summed(header: bytes) -> bytes:
    """A header with its sum put right."""
    blank = header[:148] + b" " * 8 + header[156:]
    return blank[:148] + b"%06o\0 " % sum(blank) + blank[156:]


def _split(data: bytes) -> list[bytes]:
    """Members with their headers."""
    found = []
    while data:
        size = int(data[124:135], 8)
        end = BLOCK + size + -size % BLOCK
        found.append(data[:end])
        data = data[end:]
    return found


def corpus(folder: Path) -> dict[str, str]:
    """By name: part of the hash of the changed archive, and the checks that fail."""
    found: dict[str, str] = {}
    path = folder / "changed.bel"
    for mutation in mutations(folder):
        path.write_bytes(mutation.data)
        digest = sha256(mutation.data.hex())[:8]
        found[mutation.name] = f"{digest} {' '.join(failing(path))}"
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        CORPUS.write_text(json.dumps(corpus(Path(name)), indent=1) + "\n")
