"""A member's key file: opened by the command line and by the browser, or not at all."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.signing import SigningKey
from dauys.response.keys import WrongPassphraseError, open_key, public_key_of, seal_key
from tests.unit.tally.small_board import Bytes

PASSPHRASE = "тоғыз жолдың торабы"
BOOTH = Path(__file__).parents[3] / "src/dauys/web/static/booth"


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey.generate(Bytes("member"))


@pytest.fixture(scope="module")
def file(key: SigningKey) -> str:
    return seal_key(key, PASSPHRASE, Bytes("file"))


def changed(file: str, **fields: object) -> str:
    value = json.loads(file) | fields
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def test_the_key_comes_back(key: SigningKey, file: str) -> None:
    assert open_key(file, PASSPHRASE) == key
    assert public_key_of(file) == key.public_hex


def test_the_passphrase_is_typed_in_another_unicode_form(key: SigningKey) -> None:
    file = seal_key(key, "Абай й", Bytes("file"))
    assert open_key(file, "Абай и\N{COMBINING BREVE}") == key


def test_a_wrong_passphrase(file: str) -> None:
    with pytest.raises(WrongPassphraseError):
        open_key(file, PASSPHRASE + " ")


def test_the_header_is_altered(file: str) -> None:
    with pytest.raises(WrongPassphraseError):
        open_key(changed(file, iterations=600_001), PASSPHRASE)
    other = seal_key(SigningKey.generate(Bytes("other")), PASSPHRASE, Bytes("file"))
    with pytest.raises(WrongPassphraseError):
        open_key(changed(file, public=json.loads(other)["public"]), PASSPHRASE)


def test_a_file_sealed_with_the_public_key_of_another(key: SigningKey) -> None:
    other = SigningKey.generate(Bytes("other"))
    crossed = SigningKey(key.seed, other.public_hex)
    with pytest.raises(VerificationError):
        open_key(seal_key(crossed, PASSPHRASE, Bytes("file")), PASSPHRASE)


@pytest.mark.parametrize(
    "fields",
    [
        {"v": 2},
        {"kind": "dauys-trustee-key"},
        {"kdf": "PBKDF2-SHA1"},
        {"iterations": 1000},
        {"iterations": 10_000_001},
        {"iterations": 600_000.0},
        {"salt": "AAAA"},
        {"nonce": "AAAAAAAAAAAAAAA"},
        {"nonce": "AAAAAAAAAAAAAAA\n"},
        {"public": "A" * 42 + "B="},
        {"ciphertext": ""},
        {"owner": "chair"},
    ],
)
def test_a_file_of_another_form(file: str, fields: dict[str, object]) -> None:
    with pytest.raises(MalformedError):
        open_key(changed(file, **fields), PASSPHRASE)


@pytest.mark.parametrize("extra", [" ", "\n", "\N{ZERO WIDTH NO-BREAK SPACE}"])
def test_a_file_with_something_around_it(file: str, extra: str) -> None:
    with pytest.raises(MalformedError):
        open_key(extra + file, PASSPHRASE)
    with pytest.raises(MalformedError):
        open_key(file + extra, PASSPHRASE)


def test_the_browser_opens_our_file_and_we_open_the_browsers(key: SigningKey, file: str) -> None:
    node = shutil.which("node")
    if node is None or not (BOOTH / "signing_key.js").exists():
        pytest.skip("no Node.js to run the browser's module in")
    script = f"""
        import {{ makeSigningKey, openSigningKey }} from "{(BOOTH / "signing_key.js").as_uri()}";
        const [file, passphrase] = process.argv.slice(1);
        const opened = await openSigningKey(file, passphrase);
        const made = await makeSigningKey(passphrase);
        console.log(JSON.stringify({{
          opened: opened.publicKey,
          signature: opened.sign("dauys approval v1\\n", new TextEncoder().encode("e\\nd\\n")),
          made: made.key.publicKey, file: made.file }}));
    """
    run = subprocess.run(
        [node, "--input-type=module", "--eval", script, file, PASSPHRASE],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if "ERR_MODULE_NOT_FOUND" in run.stderr:
        pytest.skip("the browser's libraries are resolved by an import map here")
    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout)
    assert seen["opened"] == key.public_hex
    assert seen["signature"] == key.sign(b"dauys approval v1\ne\nd\n").hex()
    assert open_key(seen["file"], PASSPHRASE).public_hex == seen["made"]
