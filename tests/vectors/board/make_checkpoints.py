"""Writes the mutated checkpoints beside it. Run from the repository's top."""

from pathlib import Path

from dauys.board.checkpoint import Checkpoint, sign_checkpoint
from dauys.crypto.signing import SigningKey
from tests.unit.board.elections import LOG
from tests.unit.board.test_checkpoint import HEAD, NOTE

FOLDER = Path(__file__).parent / "checkpoint"
BODY, LINE = NOTE.split("\n\n")
ORIGIN, SIZE, ROOT = BODY.split("\n")
ENCODED = LINE.split(" ")[2].rstrip("\n")


def note(origin: str = ORIGIN, size: str = SIZE, root: str = ROOT, line: str = LINE) -> str:
    return f"{origin}\n{size}\n{root}\n\n{line}"


def signed(body: str) -> str:
    """A note whose body is wrong and whose signature over it is right."""
    import base64

    from dauys.board import checkpoint

    signature = checkpoint._key_id(ORIGIN, LOG.public_hex) + LOG.sign(body.encode())
    return f"{body}\n— {ORIGIN} {base64.b64encode(signature).decode()}\n"


def stranger() -> str:
    return sign_checkpoint(
        Checkpoint(HEAD.origin, HEAD.size, HEAD.root), SigningKey.from_seed(b"s" * 32)
    )


MUTATIONS = {
    "empty": "",
    "size-plus-1": note(size="70001"),
    "size-leading-zero": signed(f"{ORIGIN}\n070000\n{ROOT}\n"),
    "size-plus-sign": signed(f"{ORIGIN}\n+70000\n{ROOT}\n"),
    "size-underscore": signed(f"{ORIGIN}\n70_000\n{ROOT}\n"),
    "size-space": signed(f"{ORIGIN}\n 70000\n{ROOT}\n"),
    "size-arabic-digits": signed(f"{ORIGIN}\n٧٠٠٠٠\n{ROOT}\n"),
    "size-negative": signed(f"{ORIGIN}\n-1\n{ROOT}\n"),
    "size-beyond-53-bits": signed(f"{ORIGIN}\n{2**53}\n{ROOT}\n"),
    "size-empty": signed(f"{ORIGIN}\n\n{ROOT}\n"),
    "root-without-padding": signed(f"{ORIGIN}\n{SIZE}\n{ROOT.rstrip('=')}\n"),
    "root-31-bytes": signed(f"{ORIGIN}\n{SIZE}\n{'A' * 40}AA==\n"),
    "root-not-canonical": signed(f"{ORIGIN}\n{SIZE}\n{ROOT[:-2]}{'J='}\n"),
    "root-url-alphabet": signed(f"{ORIGIN}\n{SIZE}\n{'_' * 43}=\n"),
    "root-changed": note(root="A" * 43 + "="),
    "extension-line": signed(f"{ORIGIN}\n{SIZE}\n{ROOT}\nmore\n"),
    "empty-line-in-body": signed(f"{ORIGIN}\n{SIZE}\n{ROOT}\n\n"),
    "two-lines": signed(f"{ORIGIN}\n{SIZE}\n"),
    "crlf": NOTE.replace("\n", "\r\n"),
    "no-last-line-feed": NOTE[:-1],
    "line-feed-too-many": NOTE + "\n",
    "no-signature": f"{BODY}\n\n",
    "unsigned": f"{BODY}\n",
    "hyphen-for-dash": NOTE.replace("—", "-"),
    "two-spaces": NOTE.replace("— ", "—  "),
    "tail-after-signature": NOTE[:-1] + " x\n",
    "signed-twice": NOTE + LINE,
    "signature-63-bytes": note(line=f"— {ORIGIN} {ENCODED[:-4]}\n"),
    "signature-changed": note(line=f"— {ORIGIN} {ENCODED[:20]}AAAA{ENCODED[24:]}\n"),
    "signature-not-base64": note(line=f"— {ORIGIN} !!!!\n"),
    "signature-of-key-id-only": note(line=f"— {ORIGIN} AAAAAA==\n"),
    "signed-by-a-stranger": stranger(),
    "other-origin": note(origin="vote.example/2021"),
    "name-with-plus": note(line=LINE.replace(ORIGIN, "vote+example")),
    "too-many-signatures": NOTE + "— w.example AAAAAAA=\n" * 64,
}


def main() -> None:
    """Write one file for each mutation."""
    (FOLDER / "refused").mkdir(parents=True, exist_ok=True)
    (FOLDER / "accepted.txt").write_bytes(NOTE.encode())
    for name, text in MUTATIONS.items():
        assert text != NOTE, name
        (FOLDER / "refused" / f"{name}.txt").write_bytes(text.encode())


if __name__ == "__main__":
    main()
