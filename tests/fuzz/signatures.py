"""Feeds spoilt signatures to everything that reads them, guided by what code they reach.

    python -m tests.fuzz.signatures SECONDS [CORPUS]

Atheris (libFuzzer) mutates good messages, certificates, lists and answers of a test authority, RSA
and GOST. Nothing may crash or hang, and nothing but the good ones may pass: each input ends in a
RefusedError or MalformedError, or says exactly what the good one says. The exit status is 0 when
all is well; else libFuzzer tells the input, and leaves it in a file.
"""

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["dauys.identity", "asn1crypto"]):
    from dauys.core.errors import MalformedError, RefusedError
    from dauys.identity.kazakhstan.algorithms import ALGORITHMS
    from dauys.identity.kazakhstan.certificates import profile
    from dauys.identity.kazakhstan.egov_mobile import signed_cms
    from dauys.identity.signature.asn1 import unarmoured
    from dauys.identity.signature.certificates import read_certificate
    from dauys.identity.signature.cms import check_signed_message, read_signed_message
    from dauys.identity.signature.inspection import (
        Circumstances,
        inspect_certificate,
        inspect_message,
    )
    from dauys.identity.signature.ocsp import Question, read_answer
    from dauys.identity.signature.revocation_lists import read_list
    from dauys.identity.signature.trust import Trust

from dauys.scenario.test_ca import TestAuthority
from dauys.scenario.test_keys import KeyKind
from dauys.scenario.test_revocation import answer, revocation_list

NOW = datetime(2026, 8, 5, 4, 0, tzinfo=UTC)
CONTENT = b'{"what":"is signed"}'
HANGS_AFTER_S = 20


class Target:
    """An authority with one of everything; each method takes one kind of bytes."""

    def __init__(self, kind: KeyKind) -> None:
        self.authority = TestAuthority.create(NOW, kind=kind)
        self.trust = Trust((self.authority.root,), (), ALGORITHMS)
        self.leaf = self.authority.issue_person("900101300017", "СЫНАҚ СЫНАҚОВ").certificate
        signer = self.authority.issue_person("900101300017", "СЫНАҚ СЫНАҚОВ")
        self.signer = signer.certificate
        self.cms = self.authority.sign_cms(signer, CONTENT)
        issuer = self.authority.intermediate_leaf
        self.list = revocation_list(issuer, NOW, [self.leaf])
        self.question = Question.about(self.leaf, issuer.certificate, b"n" * 16)
        self.answer = answer(self.question.encode(), issuer, NOW, [self.leaf])
        self.circumstances = Circumstances(self.trust, profile(), (self.list,), NOW)

    def seeds(self) -> tuple[bytes, ...]:
        """Good bytes of each kind, in the order of `READERS`."""
        return (self.cms, self.leaf, self.list, self.answer)

    def message(self, data: bytes) -> None:
        inspected = inspect_message(data, self.circumstances)
        message = read_signed_message(unarmoured(data))
        check_signed_message(message, ALGORITHMS)
        self.trust.chain(message.certificate, message.other_certificates, NOW)
        profile().holder_of(read_certificate(message.certificate))
        require(message.content == CONTENT, "another content")
        require(message.certificate == self.signer, "another signer")
        require(inspected.ok, "the command and the desk disagree")

    def certificate(self, data: bytes) -> None:
        found = inspect_certificate(data, self.circumstances)
        require(not found.ok, "a certificate that was revoked, or is nobody's, passed")

    def revocations(self, data: bytes) -> None:
        listed = read_list(data, self.authority.intermediate, ALGORITHMS)
        require(len(listed.serials) == 1, "another list")

    def responses(self, data: bytes) -> None:
        told = read_answer(data, self.question, self.authority.intermediate, NOW, ALGORITHMS)
        require(told.status == "revoked", "another answer")

    def put_back(self, data: bytes) -> None:
        self.message(signed_cms(data))


READERS = (
    Target.message,
    Target.certificate,
    Target.revocations,
    Target.responses,
    Target.put_back,
)


def require(holds: object, otherwise: str) -> None:
    """Raise for libFuzzer to find."""
    if not holds:
        raise AssertionError(otherwise)


def one_input(targets: tuple[Target, ...]) -> Callable[[bytes], None]:
    """What libFuzzer calls: the first byte says whose bytes of which kind follow."""

    def test(data: bytes) -> None:
        if not data:
            return
        target = targets[data[0] % len(targets)]
        reader = READERS[data[0] // len(targets) % len(READERS)]
        try:
            reader(target, data[1:])
        except (RefusedError, MalformedError):
            return

    return test


def write_seeds(folder: Path, targets: tuple[Target, ...]) -> None:
    """Good bytes to begin with."""
    for place, target in enumerate(targets):
        for kind, seed in enumerate(target.seeds()):
            first = bytes([place + kind * len(targets)])
            (folder / f"seed-{place}-{kind}").write_bytes(first + seed)


def main(seconds: int, corpus: Path) -> None:
    """Fuzz for `seconds`; `corpus` keeps what reached new code."""
    targets = (Target(KeyKind.RSA), Target(KeyKind.GOST_256))
    write_seeds(corpus, targets)
    for target in targets:  # what is good is good, or nothing below means anything
        target.message(target.cms)
        target.revocations(target.list)
        target.responses(target.answer)
    options = [f"-max_total_time={seconds}", f"-timeout={HANGS_AFTER_S}", "-max_len=8192"]
    crashes = Path(tempfile.gettempdir()) / "dauys-fuzz-"
    options.append(f"-artifact_prefix={crashes}")
    atheris.Setup([sys.argv[0], *options, str(corpus)], one_input(targets))
    atheris.Fuzz()


if __name__ == "__main__":
    given = sys.argv[1:]
    if len(given) > 1:
        Path(given[1]).mkdir(parents=True, exist_ok=True)
        main(int(given[0]), Path(given[1]))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            main(int(given[0]), Path(scratch))
