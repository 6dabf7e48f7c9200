"""GOST R 34.10-2015: the examples of the standards, software that is not ours, and forgeries."""

import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dauys.core.errors import RefusedError
from dauys.identity.kazakhstan import streebog
from dauys.identity.kazakhstan.gost import GOST_256, GOST_512, Scheme, key_info, verify
from dauys.identity.kazakhstan.gost_curves import (
    CURVE_256,
    CURVE_512,
    INFINITY,
    Curve,
    Multiplier,
    Point,
    add,
    affine,
    base,
    double,
    multiply,
)
from dauys.identity.kazakhstan.streebog import streebog_256, streebog_512
from dauys.scenario.test_keys import GostPair, KeyKind, new_key

MESSAGE = b"message"
SCHEMES = {KeyKind.GOST_512: GOST_512, KeyKind.GOST_256: GOST_256}

# ------------------------------------------------------------------------- Streebog

# RFC 6986 section 10: M1 and M2, written there with byte 0 last.
M1 = b"012345678901234567890123456789012345678901234567890123456789012"
M2 = bytes.fromhex(
    "d1e520e2e5f2f0e82c20d1f2f0e8e1eee6e820e2edf3f6e82c20e2e5fef2fa20"
    "f120eceef0ff20f1f2f0e5ebe0ece820ede020f5f0e0e1f0fbff20efebfaeafb"
    "20c8e3eef0e5e2fb"
)


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (M1, "1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa"),
        (M2, "1e88e62226bfca6f9994f1f2d51569e0daf8475a3b0fe61a5300eee46d961376"),
    ],
    ids=["M1", "M2"],
)
def test_examples_of_rfc_6986(message: bytes, digest: str) -> None:
    assert streebog_512(message).hex().startswith(digest)


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (M1, "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500"),
        (M2, "9dd2fe4e90409e5da87f53976d7405b0c0cac628fc669a741d50063c557e8f50"),
    ],
    ids=["M1", "M2"],
)
def test_examples_of_rfc_6986_of_32_bytes(message: bytes, digest: str) -> None:
    assert streebog_256(message).hex() == digest


@pytest.fixture(scope="module")
def openssl() -> str:
    """OpenSSL with the GOST engine (Debian's libengine-gost-openssl)."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("no openssl")
    digest = subprocess.run(
        [program, "dgst", "-engine", "gost", "-md_gost12_512"],
        input=b"",
        capture_output=True,
        check=False,
    )
    if digest.returncode:
        pytest.skip("no GOST engine for OpenSSL")
    return program


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 127, 128, 200])
def test_openssl_hashes_the_same(openssl: str, size: int) -> None:
    data = random.Random(size).randbytes(size)
    for name, ours in (("md_gost12_512", streebog_512), ("md_gost12_256", streebog_256)):
        command = [openssl, "dgst", "-engine", "gost", f"-{name}", "-binary"]
        found = subprocess.run(command, input=data, capture_output=True, check=True)
        assert ours(data) == found.stdout


@pytest.mark.parametrize(
    ("scheme", "bits", "curve"), [(GOST_512, 512, "A"), (GOST_256, 256, "TCA")], ids=["512", "256"]
)
def test_openssl_signs_what_holds_here(
    openssl: str, tmp_path: Path, scheme: Scheme, bits: int, curve: str
) -> None:
    """The same mathematics in another order of bytes: there s before r, both big-endian."""
    size, key = bits // 8, tmp_path / "key.pem"

    def run(*arguments: str, data: bytes = b"") -> bytes:
        command = [openssl, arguments[0], "-engine", "gost", *arguments[1:]]
        return subprocess.run(command, input=data, capture_output=True, check=True).stdout

    kind = ("-algorithm", f"gost2012_{bits}", "-pkeyopt", f"paramset:{curve}")
    run("genpkey", *kind, "-out", str(key))
    point = run("pkey", "-in", str(key), "-pubout", "-outform", "DER")[-2 * size :]
    x, y = (int.from_bytes(part, "little") for part in (point[:size], point[size:]))
    for place in range(4):
        message = random.Random(place).randbytes(70 * place)
        signature = run("dgst", f"-md_gost12_{bits}", "-sign", str(key), data=message)[::-1]
        verify(scheme, key_info(scheme, x, y), message, signature)
        with pytest.raises(RefusedError):
            verify(scheme, key_info(scheme, x, y), message + b"!", signature)


def test_long_data_is_hashed_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    data = random.Random(20).randbytes(20_001)
    plain = streebog_512(data), streebog_256(data)
    monkeypatch.setattr(streebog, "_LONG", 64)
    monkeypatch.setattr(streebog, "_absorb_plainly", lambda _blocks, _state: 0)
    streebog._compiled.cache_clear()
    assert streebog._compiled() is None, "a compiled function that disagrees was trusted"
    monkeypatch.undo()
    monkeypatch.setattr(streebog, "_LONG", 64)
    streebog._compiled.cache_clear()
    assert streebog._compiled() is not None
    assert (streebog_512(data), streebog_256(data)) == plain


# --------------------------------------------------------------------------- curves


def is_prime(number: int) -> bool:
    """Miller and Rabin's test to 40 random bases."""
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    source = random.Random(number)
    for _ in range(40):
        power = pow(source.randrange(2, number - 1), odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True


@pytest.mark.parametrize("curve", [CURVE_512, CURVE_256], ids=["512", "256"])
def test_parameters_are_sound(curve: Curve) -> None:
    assert curve.p.bit_length() == curve.bits
    assert is_prime(curve.p)
    assert is_prime(curve.q)
    assert curve.holds(curve.x, curve.y)
    assert multiply(curve, (curve.q, base(curve)))[2] == 0
    # Hasse: the order of the curve is within 2 sqrt(p) of p + 1, where only one multiple of q lies.
    order = curve.q * curve.cofactor
    assert (order - curve.p - 1) ** 2 <= 4 * curve.p
    assert (order + curve.q - curve.p - 1) ** 2 > 4 * curve.p
    assert order != curve.p  # anomalous
    assert all(pow(curve.p, k, curve.q) != 1 for k in range(1, 32))  # GOST R 34.10-2012, 5.2


def slow_add(
    curve: Curve, one: tuple[int, int] | None, other: tuple[int, int] | None
) -> tuple[int, int] | None:
    """Affine addition as the textbook has it; None is the point at infinity."""
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2:
        if (y1 + y2) % curve.p == 0:
            return None
        slope = (3 * x1 * x1 + curve.a) * pow(2 * y1, -1, curve.p)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, curve.p)
    x = (slope * slope - x1 - x2) % curve.p
    return x, (slope * (x1 - x) - y1) % curve.p


@pytest.mark.parametrize("curve", [CURVE_512, CURVE_256], ids=["512", "256"])
def test_fast_arithmetic_agrees_with_the_textbook(curve: Curve) -> None:
    source = random.Random(2015)
    slow: tuple[int, int] | None = None
    for factor in range(1, 40):
        slow = slow_add(curve, slow, (curve.x, curve.y))
        assert slow == affine(curve, multiply(curve, (factor, base(curve))))
    other = Multiplier(
        curve, *affine(curve, multiply(curve, (source.getrandbits(90), base(curve))))
    )
    for _ in range(5):
        one, two = (source.randrange(curve.q) for _ in range(2))
        apart = slow_add(
            curve,
            affine(curve, multiply(curve, (one, base(curve)))),
            affine(curve, multiply(curve, (two, other))),
        )
        assert apart == affine(curve, multiply(curve, (one, base(curve)), (two, other)))


@pytest.mark.parametrize("curve", [CURVE_512, CURVE_256], ids=["512", "256"])
def test_infinity_and_opposites(curve: Curve) -> None:
    point = (curve.x, curve.y, 1)
    scaled = (curve.x * 49 % curve.p, curve.y * 343 % curve.p, 7)
    opposite = (curve.x, curve.p - curve.y, 1)
    assert add(curve, INFINITY, point) == add(curve, point, INFINITY) == point
    assert double(curve, INFINITY)[2] == 0
    assert add(curve, scaled, opposite)[2] == 0
    assert affine(curve, add(curve, scaled, point)) == affine(curve, double(curve, point))
    with pytest.raises(ValueError, match="not invertible"):
        affine(curve, INFINITY)


# ----------------------------------------------------------------------- signatures


@pytest.fixture(scope="module", params=[KeyKind.GOST_512, KeyKind.GOST_256])
def pair(request: pytest.FixtureRequest) -> GostPair:
    made = new_key(request.param)
    assert isinstance(made, GostPair)
    return made


def refusal(pair: GostPair, info: bytes, message: bytes, signature: bytes) -> RefusedError:
    with pytest.raises(RefusedError) as refused:
        verify(pair.scheme, info, message, signature)
    assert refused.value.code == "bad_signature"
    return refused.value


def test_a_signature_holds_over_its_message_only(pair: GostPair) -> None:
    signature = pair.sign(MESSAGE)
    verify(pair.scheme, pair.key_info, MESSAGE, signature)
    refusal(pair, pair.key_info, b"massage", signature)
    refusal(pair, new_key(pair.kind).key_info, MESSAGE, signature)


def test_any_bit_of_a_signature_counts(pair: GostPair) -> None:
    signature = pair.sign(MESSAGE)
    for place in random.Random(1).sample(range(8 * len(signature)), 16):
        changed = bytearray(signature)
        changed[place // 8] ^= 1 << place % 8
        refusal(pair, pair.key_info, MESSAGE, bytes(changed))


@pytest.mark.parametrize(
    ("r", "s"), [("0", "s"), ("r", "0"), ("q", "s"), ("r", "q"), ("r+q", "s"), ("r", "q-s")]
)
def test_numbers_out_of_range_are_refused(pair: GostPair, r: str, s: str) -> None:
    size, q = pair.scheme.curve.bits // 8, pair.scheme.curve.q
    signature = pair.sign(MESSAGE)
    good = {"0": 0, "q": q, "r": int.from_bytes(signature[:size], "little")}
    good["s"] = int.from_bytes(signature[size:], "little")
    good |= {"r+q": min(good["r"] + q, 2 ** (8 * size) - 1), "q-s": q - good["s"]}
    forged = b"".join(good[name].to_bytes(size, "little") for name in (r, s))
    refusal(pair, pair.key_info, MESSAGE, forged)


def test_other_byte_orders_are_refused(pair: GostPair) -> None:
    size = pair.scheme.curve.bits // 8
    signature = pair.sign(MESSAGE)
    refusal(pair, pair.key_info, MESSAGE, signature[::-1])  # RFC 9215: s then r, big-endian
    refusal(pair, pair.key_info, MESSAGE, signature[size:] + signature[:size])


@pytest.mark.parametrize("length", [0, 1, 63, 127, 129, 256])
def test_signatures_of_another_length_are_refused(pair: GostPair, length: int) -> None:
    refusal(pair, pair.key_info, MESSAGE, (pair.sign(MESSAGE) * 4)[:length])


@pytest.mark.parametrize(
    "change",
    [
        lambda info: b"",
        lambda info: info[:-1],
        lambda info: info + b"\x00",
        lambda info: info[:-1] + bytes([info[-1] ^ 1]),  # off the curve
        lambda info: info.replace(b"\x2a\x83\x0e", b"\x2a\x85\x03"),  # Russia's identifiers
        lambda info: info[:2] + b"\x31" + info[3:],
    ],
    ids=["nothing", "short", "long", "off the curve", "other identifiers", "other form"],
)
def test_keys_of_another_form_are_refused(pair: GostPair, change: object) -> None:
    assert callable(change)
    refusal(pair, change(pair.key_info), MESSAGE, pair.sign(MESSAGE))


def test_coordinates_are_below_p(pair: GostPair) -> None:
    curve = pair.scheme.curve
    for x, y in ((curve.x, curve.y), (0, 0)):
        size = curve.bits // 8
        beyond = x + curve.p if x + curve.p < 2**curve.bits else curve.p
        info = (
            pair.scheme.key_info_head + beyond.to_bytes(size, "little") + y.to_bytes(size, "little")
        )
        assert "curve" in refusal(pair, info, MESSAGE, pair.sign(MESSAGE)).detail


def test_a_key_outside_the_group_is_refused() -> None:
    curve, pair = CURVE_256, GostPair(KeyKind.GOST_256, 5)
    small = next(point for point in cofactor_points(curve) if point[2])
    for point in (small, add(curve, (curve.x, curve.y, 1), small)):
        info = key_info(GOST_256, *affine(curve, point))
        assert "order" in refusal(pair, info, MESSAGE, pair.sign(MESSAGE)).detail


def cofactor_points(curve: Curve) -> Iterator[Point]:
    """q times points of the curve: infinity, or of an order that divides the cofactor."""
    for x in range(100):
        square = (x**3 + curve.a * x + curve.b) % curve.p
        y = pow(square, (curve.p + 1) // 4, curve.p)  # a root if there is one: p is 3 mod 4
        if y * y % curve.p == square:
            yield multiply(curve, (curve.q, Multiplier(curve, x, y)))


# --------------------------------------------------------------- somebody else's keys


@pytest.mark.parametrize(
    ("algorithm", "parameters", "scheme"),
    [("gost2012_512", "A", GOST_512), ("gost2012_256", "TCA", GOST_256)],
)
def test_signatures_by_openssl_hold_once_their_bytes_are_turned(
    openssl: str, tmp_path: Path, algorithm: str, parameters: str, scheme: Scheme
) -> None:
    def run(*arguments: str, data: bytes = b"") -> bytes:
        command = [openssl, *arguments]
        return subprocess.run(command, input=data, capture_output=True, check=True).stdout

    key, signed = tmp_path / "key.pem", tmp_path / "message"
    signed.write_bytes(MESSAGE)
    option = f"paramset:{parameters}"
    key.write_bytes(run("genpkey", "-engine", "gost", "-algorithm", algorithm, "-pkeyopt", option))
    public = run("pkey", "-engine", "gost", "-in", str(key), "-pubout", "-outform", "DER")
    digest = f"-md_{algorithm.replace('2012', '12')}"
    signature = run("dgst", "-engine", "gost", digest, "-sign", str(key), str(signed))
    size = scheme.curve.bits // 4
    # The point is written as in Kazakhstan; the signature is s then r, big-endian (RFC 9215).
    verify(scheme, scheme.key_info_head + public[-size:], MESSAGE, signature[::-1])
    with pytest.raises(RefusedError):
        verify(scheme, scheme.key_info_head + public[-size:], b"massage", signature[::-1])
