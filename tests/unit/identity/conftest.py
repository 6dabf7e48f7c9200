"""A test authority, made once (its keys take a while), and a desk that trusts it."""

import os
import secrets
from pathlib import Path

import pytest

from dauys.core.ids import Credential, ElectionId
from dauys.identity.kazakhstan.algorithms import ALGORITHMS
from dauys.identity.kazakhstan.certificates import profile
from dauys.identity.signature.desk import SignatureDesk, SignatureRules
from dauys.identity.signature.profile import Profile
from dauys.identity.signature.trust import Trust
from dauys.scenario.test_ca import TestAuthority
from tests.unit.identity.memory import START, MemoryNonceStore, StoppedClock

ELECTION = ElectionId("AbCdEfGhJkLmNp")
CREDENTIAL = Credential("c" * 64)
IIN = "900101300017"
BIN = "080540010396"


class Signing:
    """A signature desk with everything that it was handed."""

    def __init__(
        self,
        anchors: tuple[bytes, ...],
        rules: SignatureRules | None = None,
        *,
        intermediates: tuple[bytes, ...] = (),
        means: Profile | None = None,
    ) -> None:
        self.nonces = MemoryNonceStore()
        self.clock = StoppedClock()
        self.desk = SignatureDesk(
            Trust(anchors, intermediates, ALGORITHMS),
            means or profile(),
            rules or SignatureRules(),
            self.nonces,
            self.clock,
            secrets.token_bytes,
        )

    def challenge(self) -> bytes:
        return self.desk.challenge(ELECTION, CREDENTIAL)


@pytest.fixture(scope="session")
def authority() -> TestAuthority:
    return TestAuthority.create(START)


@pytest.fixture(scope="session")
def stranger() -> TestAuthority:
    """An authority of the same name that nobody trusts."""
    return TestAuthority.create(START)


@pytest.fixture
def signing(authority: TestAuthority) -> Signing:
    return Signing((authority.root,))


@pytest.fixture(scope="session")
def nca() -> Path:
    """Folder with the public test artefacts of the national CA, which are not ours to copy."""
    folder = os.environ.get("DAUYS_NCA_SAMPLES", "")
    if not folder or not (Path(folder) / "rsa_attached.cms").is_file():
        pytest.skip("no artefacts of the national CA: set DAUYS_NCA_SAMPLES to their folder")
    return Path(folder)
