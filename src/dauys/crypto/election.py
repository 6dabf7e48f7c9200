"""What every voter of an election is given: its questions, key and identifier."""

import base64
import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from dauys.core.errors import MalformedError
from dauys.core.ids import ElectionId
from dauys.core.ports import RandomSource
from dauys.crypto.belenios_json import (
    array,
    join,
    load_exactly,
    members,
    quote,
    require_same,
    string,
)
from dauys.crypto.ed25519 import ED25519
from dauys.crypto.group import Element, Group, group_named
from dauys.crypto.question import AnyQuestion, parse_question

_WHAT: Final = "election"
_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_UUID: Final = re.compile(f"[{_BASE58}]{{14,}}")
_REQUIRED: Final = (
    "version",
    "description",
    "name",
    "group",
    "public_key",
    "questions",
    "uuid",
)


@dataclass(frozen=True, slots=True)
class ElectionParameters:
    """The `election` of specification 3.0, section 4.10."""

    description: str
    name: str
    public_key: Element
    """y, the sum of the trustees' keys."""
    questions: tuple[AnyQuestion, ...]
    uuid: ElectionId
    administrator: str | None = None
    credential_authority: str | None = None

    @property
    def group(self) -> Group:
        """Where all keys and ciphertexts of the election are from."""
        return self.public_key.group

    def to_json(self) -> str:
        """Print the one form that is hashed and published."""
        questions = join(question.to_json() for question in self.questions)
        optional = "".join(
            f',"{name}":{quote(value)}'
            for name, value in (
                ("administrator", self.administrator),
                ("credential_authority", self.credential_authority),
            )
            if value is not None
        )
        return (
            f'{{"version":1,"description":{quote(self.description)},"name":{quote(self.name)},'
            f'"group":"{self.group.name}","public_key":"{self.public_key.text()}",'
            f'"questions":{questions},"uuid":"{self.uuid}"{optional}}}'
        )

    @property
    def fingerprint(self) -> str:
        """φ: base64 without padding of the SHA-256 of the printed election; 43 characters."""
        return base64_hash(self.to_json())


def parse_election(text: str, groups: Collection[str] = (ED25519.name,)) -> ElectionParameters:
    """Read what `to_json` prints and nothing else, if the election is in one of the `groups`.

    Raises MalformedError.
    """
    optional = ("administrator", "credential_authority")
    fields = members(load_exactly(text, _WHAT), _WHAT, _REQUIRED, optional)
    if fields["version"] != 1:
        raise MalformedError(_WHAT, "version is not 1")
    name = string(fields["group"], _WHAT)
    if name not in groups:
        raise MalformedError(_WHAT, f"group is not {' or '.join(groups)}")
    election = ElectionParameters(
        description=string(fields["description"], _WHAT),
        name=string(fields["name"], _WHAT),
        public_key=group_named(name).parse(fields["public_key"]),
        questions=tuple(map(parse_question, array(fields["questions"], _WHAT))),
        uuid=parse_uuid(fields["uuid"]),
        administrator=_optional(fields.get("administrator")),
        credential_authority=_optional(fields.get("credential_authority")),
    )
    require_same(election.to_json(), text, _WHAT)
    return election


def parse_uuid(value: object) -> ElectionId:
    """Read an election identifier: at least 14 base58 characters. Raises MalformedError."""
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise MalformedError("uuid", "not 14 or more base58 characters")
    return ElectionId(value)


def new_uuid(random: RandomSource) -> ElectionId:
    """Draw 22 base58 characters, each from 16 bytes of `random`: 128 bits of identifier."""
    return ElectionId("".join(_BASE58[int.from_bytes(random(16), "big") % 58] for _ in range(22)))


def base64_hash(text: str) -> str:
    """Base64 without padding of the SHA-256 of `text`; 43 characters."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def _optional(value: object) -> str | None:
    return None if value is None else string(value, _WHAT)
