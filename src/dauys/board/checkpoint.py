"""Checkpoints: the log's size and root under its signature.

C2SP tlog-checkpoint in a C2SP signed-note; docs/protocol.md section 2. Signature lines of
others (witnesses) may follow and are left to those who know their keys.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from dauys.board.merkle import HASH_BYTES
from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.signing import SIGNATURE_BYTES, SigningKey, verify_signature

_WHAT: Final = "checkpoint"
_ED25519: Final = b"\x01"  # signature type, C2SP signed-note
_KEY_ID_BYTES: Final = 4
_MAX_SIGNATURES: Final = 64  # C2SP signed-note asks for 16 at least
_MAX_SIZE: Final = 2**53 - 1
_NAME: Final = re.compile(r"[^\s+]+")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: `size` entries under `root` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def to_text(self) -> str:
        """The signed text: three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def is_origin(text: str) -> bool:
    """Whether `text` can name a log: not empty, no spaces, no plus, nothing unseen."""
    return _NAME.fullmatch(text) is not None and text.isprintable()


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> str:
    """The signed note. Raises MalformedError for an origin that cannot name a key."""
    if not is_origin(checkpoint.origin):
        raise MalformedError(_WHAT, "not an origin")
    text = checkpoint.to_text()
    signature = _key_id(checkpoint.origin, key.public_hex) + key.sign(text.encode())
    return f"{text}\n— {checkpoint.origin} {base64.b64encode(signature).decode()}\n"


def read_checkpoint(text: str, origin: str, public_hex: str) -> Checkpoint:
    """Read a signed note of the log `origin` whose key is `public_hex` (Ed25519).

    Raises MalformedError; VerificationError("checkpoint") if it is another log's, or this
    one's signature is not the first, stands twice or does not hold.
    """
    body, lines = _split_note(text)
    checkpoint, signatures = _parse_body(body), [_parse_line(line) for line in lines]
    if checkpoint.origin != origin:
        raise VerificationError(_WHAT, "of another log")
    key_id = _key_id(origin, public_hex)
    signers = [(name, line[:_KEY_ID_BYTES]) for name, line in signatures]
    if signers[0] != (origin, key_id) or signers.count(signers[0]) != 1:
        raise VerificationError(_WHAT, "not signed first and once by the log")
    signature = signatures[0][1][_KEY_ID_BYTES:]
    if len(signature) != SIGNATURE_BYTES:
        raise MalformedError(_WHAT, "signature is not of 64 bytes")
    try:
        verify_signature(public_hex, body.encode(), signature)
    except VerificationError as error:
        raise VerificationError(_WHAT, "signature does not hold") from error
    return checkpoint


def _key_id(origin: str, public_hex: str) -> bytes:
    """First four bytes of SHA-256(name || 0x0A || 0x01 || key). C2SP signed-note."""
    key = bytes.fromhex(public_hex)
    return hashlib.sha256(origin.encode() + b"\n" + _ED25519 + key).digest()[:_KEY_ID_BYTES]


def _split_note(text: str) -> tuple[str, list[str]]:
    """The signed text with its last line feed, and the signature lines without theirs."""
    head, gap, tail = text.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise MalformedError(_WHAT, "not a signed note")
    lines = tail[:-1].split("\n")
    if len(lines) > _MAX_SIGNATURES:
        raise MalformedError(_WHAT, "too many signatures")
    return head + "\n", lines


def _parse_line(line: str) -> tuple[str, bytes]:
    """Name, and key id with signature, of one signature line."""
    match line.split(" "):
        case ["—", name, encoded] if is_origin(name):
            signature = _base64(encoded)
        case _:
            raise MalformedError(_WHAT, "not a signature line")
    if len(signature) <= _KEY_ID_BYTES:
        raise MalformedError(_WHAT, "signature is too short")
    return name, signature


def _parse_body(body: str) -> Checkpoint:
    lines = body.split("\n")
    if len(lines) != 4:
        raise MalformedError(_WHAT, "not three lines")
    origin, size, root, _ = lines
    if not is_origin(origin):
        raise MalformedError(_WHAT, "not an origin")
    if not _SIZE.fullmatch(size) or int(size) > _MAX_SIZE:
        raise MalformedError(_WHAT, "not a size")
    checkpoint = Checkpoint(origin, int(size), _base64(root))
    if len(checkpoint.root) != HASH_BYTES:
        raise MalformedError(_WHAT, "root is not of 32 bytes")
    return checkpoint


def _base64(text: str) -> bytes:
    """Standard base64 with padding, in its one form. RFC 4648 section 4."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise MalformedError(_WHAT, "not base64") from error
    if base64.b64encode(data).decode() != text:
        raise MalformedError(_WHAT, "base64 is not canonical")
    return data
