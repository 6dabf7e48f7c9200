"""The checkpoint: a C2SP signed note over the log's size and root. docs/protocol.md, section 2."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.signing import parse_public_hex, verify_signature

MAX_CHECKPOINT_BYTES: Final = 65_536
_WHAT: Final = "checkpoint"
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_NAME: Final = re.compile(r"[^\s+]+")
_KEY_ID_BYTES: Final = 4
_ED25519: Final = b"\x01"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: who signs, and key id followed by signature."""

    name: str
    blob: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log of `size` entries whose tree has the 32-byte `root`, as signed by `signatures`."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[NoteSignature, ...]

    def signed_text(self) -> str:
        """The three lines that are signed, each with its line end."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def to_text(self) -> str:
        """The note: what is signed, an empty line, the signature lines."""
        lines = (f"— {s.name} {base64.b64encode(s.blob).decode()}\n" for s in self.signatures)
        return f"{self.signed_text()}\n{''.join(lines)}"


def is_origin(text: str) -> bool:
    """Whether `text` can name a log: no white space, no plus sign. C2SP signed-note."""
    return _NAME.fullmatch(text) is not None and text.isprintable()


def parse_checkpoint(data: bytes) -> Checkpoint:
    """Read what `to_text` prints and nothing else. Raises MalformedError."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise MalformedError(_WHAT, "not UTF-8") from error
    body, separator, signatures = text.partition("\n\n")
    lines = body.split("\n")
    if not separator or len(lines) != 3:
        raise MalformedError(_WHAT, "not three lines, an empty line and signatures")
    origin, size, root = lines
    if not is_origin(origin) or not _SIZE.fullmatch(size):
        raise MalformedError(_WHAT, "origin or size")
    if not signatures.endswith("\n"):
        raise MalformedError(_WHAT, "does not end with a signature line")
    checkpoint = Checkpoint(
        origin,
        int(size),
        _base64(root),
        tuple(map(_signature, signatures[:-1].split("\n"))),
    )
    if len(checkpoint.root) != hashlib.sha256().digest_size:
        raise MalformedError(_WHAT, "root is not a SHA-256")
    if checkpoint.to_text() != text:
        raise MalformedError(_WHAT, "not canonical")
    return checkpoint


def check_signature(checkpoint: Checkpoint, log_key: str) -> None:
    """Raise VerificationError unless the first signature is by `log_key` (hex) under the origin.

    Raises MalformedError if `log_key` is no Ed25519 key.
    """
    own, *further = checkpoint.signatures
    if own.name != checkpoint.origin:
        raise VerificationError("checkpoint signature", "the first is not by the log")
    key_id = _key_id(checkpoint.origin, log_key)
    if own.blob[:_KEY_ID_BYTES] != key_id:
        raise VerificationError("checkpoint signature", "the first is by another key")
    if any(s.name == own.name and s.blob.startswith(key_id) for s in further):
        raise VerificationError("checkpoint signature", "the log signed twice")
    verify_signature(log_key, checkpoint.signed_text().encode(), own.blob[_KEY_ID_BYTES:])


def _key_id(origin: str, log_key: str) -> bytes:
    # SHA-256(origin || 0x0A || 0x01 || public key), first four bytes. C2SP signed-note
    key = parse_public_hex(log_key)
    return hashlib.sha256(origin.encode() + b"\n" + _ED25519 + key).digest()[:_KEY_ID_BYTES]


def _signature(line: str) -> NoteSignature:
    dash, _, rest = line.partition(" ")
    name, _, blob = rest.partition(" ")
    if dash != "—" or not is_origin(name):
        raise MalformedError(_WHAT, "a signature line is not '— name base64'")
    signature = NoteSignature(name, _base64(blob))
    if len(signature.blob) <= _KEY_ID_BYTES:
        raise MalformedError(_WHAT, "a signature without bytes")
    return signature


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise MalformedError(_WHAT, "not base64") from error
