"""The key ceremony: trustees make a key of which any `threshold` of them hold enough.

Specification 3.0, section 4.6: Pedersen's distributed key generation, through a carrier
who can read nothing. Six steps, each a function of messages and of what its trustee
keeps, a seed (`pki.MemberKeys`):

1. `make_certificate`: each trustee's public keys.
2. `check_certificates`: all certificates are there.
3. `make_polynomial`: each trustee's part, with a sealed share for every member.
4. `vinput`: what the carrier hands to one member, out of all polynomials.
5. `make_voutput`: a member adds their shares up and publishes the key of the sum.
6. `assemble`: the group, as it stands on the board.

Whatever a member sent is checked by everyone who uses it; a fault names the member.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from dauys.core.errors import MalformedError, VerificationError
from dauys.core.ports import RandomSource
from dauys.crypto.belenios_json import array, join, load, members, require_same
from dauys.crypto.ceremony_messages import (
    POLYNOMIAL,
    VINPUT,
    VOUTPUT,
    Fault,
    MemberError,
    Polynomial,
    Vinput,
    Voutput,
)
from dauys.crypto.ed25519 import IDENTITY, G, add_product, parse_scalar, random_secret
from dauys.crypto.group import Element
from dauys.crypto.pki import MemberKeys, Sealed, is_signed, receive, send, sign
from dauys.crypto.proofs import Proof, require
from dauys.crypto.threshold import (
    Certificate,
    Member,
    ThresholdTrustees,
    coefficients_text,
    group_text,
    key_at,
    share_point,
)
from dauys.crypto.trustees import TrusteeKey


def make_certificate(
    keys: MemberKeys, place: int, threshold: int, size: int, random: RandomSource
) -> Certificate:
    """Step 1: the public keys of the member at `place`, signed. Draws w.

    Raises ValueError unless 1 <= threshold < size and 1 <= place <= size.
    """
    if not (1 <= threshold < size and 1 <= place <= size):
        raise ValueError(f"place {place}, {threshold} of {size}")
    draft = Certificate(size, threshold, place, keys.verification, keys.encryption, Proof(0, 0))
    return replace(draft, signature=sign(keys, draft.message(), random))


def read_certificate(text: str, place: int, threshold: int, size: int) -> Certificate:
    """Read and check one certificate. Raises MemberError about the member at `place`."""
    with _blaming(place, "certificate"):
        certificate = Certificate.parse(text)
        context = (certificate.index, certificate.threshold, certificate.size)
        said = "it is for member {} of a group of {} of {}".format(*context)
        if context != (place, threshold, size):
            raise MemberError(place, Fault.PLACE, "certificate", said)
        require(certificate.holds(), "certificate", "its signature does not hold")
    return certificate


def check_certificates(certificates: Sequence[Certificate]) -> None:
    """Step 2: all fit one group, in order, and are of different members.

    Raises MemberError; MalformedError if there are none.
    """
    if not certificates:
        raise MalformedError("certificates", "none")
    threshold, size = certificates[0].threshold, len(certificates)
    seen: dict[Element, int] = {}
    for place, certificate in enumerate(certificates, start=1):
        read_certificate(certificate.to_json(), place, threshold, size)
        for key in (certificate.verification, certificate.encryption):
            if key in seen:
                raise MemberError(
                    place, Fault.TWICE, "certificate", f"a key is that of member {seen[key]}"
                )
        seen |= {certificate.verification: place, certificate.encryption: place}


def place_of(keys: MemberKeys, certificates: Sequence[Certificate]) -> int:
    """Place, from 1, of the member who holds `keys`.

    Raises VerificationError("certificate") if no certificate is theirs.
    """
    own = (keys.verification, keys.encryption)
    for place, certificate in enumerate(certificates, start=1):
        if (certificate.verification, certificate.encryption) == own:
            return place
    raise VerificationError("certificate", "none of them is of your key")


def make_polynomial(
    keys: MemberKeys, certificates: Sequence[Certificate], random: RandomSource
) -> Polynomial:
    """Step 3: draw a polynomial and seal its values for the members.

    Draws the coefficients, then for the polynomial w, r, s, two signatures, and w, r, s for
    each member. Raises as `check_certificates` and `place_of`.
    """
    check_certificates(certificates)
    place_of(keys, certificates)
    secrets = [random_secret(random) for _ in range(certificates[0].threshold)]
    kept = join(f'"{secret}"' for secret in secrets)
    polynomial = send(keys, keys.encryption, f'{{"polynomial":{kept}}}', random)
    coefficients = tuple(secret * G for secret in secrets)
    return Polynomial(
        polynomial=polynomial,
        coefficients=coefficients,
        signature=sign(keys, group_text(certificates, coefficients), random),
        coefficients_signature=sign(keys, coefficients_text(coefficients), random),
        secrets=tuple(
            send(keys, to.encryption, f'{{"secret":"{_value(secrets, place)}"}}', random)
            for place, to in enumerate(certificates, start=1)
        ),
    )


def check_polynomial(
    certificates: Sequence[Certificate], place: int, polynomial: Polynomial
) -> None:
    """What everybody can check of a polynomial. Raises MemberError about `place`."""
    certificate = certificates[place - 1]
    if len(polynomial.secrets) != certificate.size:
        raise MemberError(place, Fault.SIZE, POLYNOMIAL, f"{len(polynomial.secrets)} shares")
    _check_coefficients(
        certificates,
        place,
        polynomial.coefficients,
        polynomial.coefficients_signature,
        polynomial.signature,
    )


def vinput(
    certificates: Sequence[Certificate], polynomials: Sequence[Polynomial], place: int
) -> Vinput:
    """Step 4: what the member at `place` is handed. Raises MemberError."""
    check_certificates(certificates)
    _check_polynomials(certificates, polynomials)
    return Vinput(
        polynomial=polynomials[place - 1].polynomial,
        secrets=tuple(one.secrets[place - 1] for one in polynomials),
        coefficients=tuple(one.coefficients for one in polynomials),
        coefficients_signatures=tuple(one.coefficients_signature for one in polynomials),
        signatures=tuple(one.signature for one in polynomials),
    )


def make_voutput(
    keys: MemberKeys,
    certificates: Sequence[Certificate],
    given: Vinput,
    random: RandomSource,
    name: str | None = None,
) -> Voutput:
    """Step 5: check every share for the member, and publish the key of their sum.

    Draws w of the proof, w of the signature, then w, r, s. Raises MemberError about whoever
    sent a wrong share or signed something else: this is the complaint.
    """
    check_certificates(certificates)
    place = place_of(keys, certificates)
    if len(given.secrets) != len(certificates) or len(given.coefficients) != len(certificates):
        raise MalformedError(VINPUT, "not as many as there are members")
    signatures = zip(
        given.coefficients, given.coefficients_signatures, given.signatures, strict=True
    )
    for sender, row in enumerate(signatures, start=1):
        _check_coefficients(certificates, sender, *row)
    _check_own(keys, place, given)
    secret = 0
    for sender, sealed in enumerate(given.secrets, start=1):
        share = _share(keys, place, certificates[sender - 1], sealed)
        fits = share * G == share_point(given.coefficients[sender - 1], place)
        if not fits:
            why = f"it does not fit what member {sender} published"
            raise MemberError(sender, Fault.SHARE, f"share for member {place}", why)
        secret = add_product(share, secret, 1)
    key = TrusteeKey.from_secret(secret, random, name).public
    signed = replace(key, signature=sign(keys, key.public_key.text(), random))
    message = f'{{"decryption_key":"{secret}"}}'
    return Voutput(send(keys, keys.encryption, message, random), signed)


def check_voutput(
    certificates: Sequence[Certificate],
    polynomials: Sequence[Polynomial],
    place: int,
    voutput: Voutput,
) -> None:
    """Check the key that the member at `place` published. Raises MemberError."""
    with _blaming(place, "key"):
        key = voutput.public_key
        key.check()
        expected = key_at(place, [one.coefficients for one in polynomials])
        if key.public_key != expected:
            raise MemberError(place, Fault.KEY, "key", "it does not fit the polynomials")
        signer = certificates[place - 1].verification
        signed = key.signature is not None and is_signed(
            key.public_key.text(), key.signature, signer
        )
        if not signed:
            raise MemberError(place, Fault.STRANGER, "key", "it is not signed by the member")


def assemble(
    certificates: Sequence[Certificate],
    polynomials: Sequence[Polynomial],
    voutputs: Sequence[Voutput],
) -> ThresholdTrustees:
    """Step 6: the group, for the election's trustees. Raises MemberError.

    VerificationError("group key") if the parts cancel out, which no honest group's do.
    """
    check_certificates(certificates)
    _check_polynomials(certificates, polynomials)
    if len(voutputs) != len(certificates):
        raise MalformedError(VOUTPUT, "not as many as there are members")
    for place, voutput in enumerate(voutputs, start=1):
        check_voutput(certificates, polynomials, place, voutput)
    group = ThresholdTrustees(
        certificates[0].threshold,
        tuple(
            Member(
                certificate=certificate,
                coefficients=polynomial.coefficients,
                coefficients_signature=polynomial.coefficients_signature,
                whole_signature=polynomial.signature,
                key=voutput.public_key,
            )
            for certificate, polynomial, voutput in zip(
                certificates, polynomials, voutputs, strict=True
            )
        ),
    )
    require(group.public_key != IDENTITY, "group key", "the members' parts cancel out")
    return group


def open_share(keys: MemberKeys, voutput: Voutput) -> TrusteeKey:
    """The member's decryption key, out of their own step 5.

    Raises VerificationError or MalformedError if it is not theirs.
    """
    what = "decryption key"
    message = receive(keys, keys.verification, voutput.private_key)
    fields = members(load(message, what), what, ("decryption_key",))
    secret = parse_scalar(fields["decryption_key"])
    require(secret * G == voutput.public_key.public_key, what, "it does not fit the public key")
    return TrusteeKey(secret, voutput.public_key)


def _check_polynomials(
    certificates: Sequence[Certificate], polynomials: Sequence[Polynomial]
) -> None:
    if len(polynomials) != len(certificates):
        raise MalformedError(POLYNOMIAL, "not as many as there are members")
    for place, polynomial in enumerate(polynomials, start=1):
        check_polynomial(certificates, place, polynomial)


def _check_coefficients(
    certificates: Sequence[Certificate],
    place: int,
    coefficients: tuple[Element, ...],
    coefficients_signature: Proof,
    whole_signature: Proof,
) -> None:
    """Raise MemberError unless the member signed these, and for exactly these certificates."""
    certificate = certificates[place - 1]
    signer = certificate.verification
    if len(coefficients) != certificate.threshold:
        why = f"{len(coefficients)} coefficients instead of {certificate.threshold}"
        raise MemberError(place, Fault.SIZE, POLYNOMIAL, why)
    if not is_signed(coefficients_text(coefficients), coefficients_signature, signer):
        why = "it is not signed with the key of the certificate"
        raise MemberError(place, Fault.STRANGER, POLYNOMIAL, why)
    if not is_signed(group_text(certificates, coefficients), whole_signature, signer):
        why = "it was made for other certificates"
        raise MemberError(place, Fault.OTHER_CERTIFICATES, POLYNOMIAL, why)


def _check_own(keys: MemberKeys, place: int, given: Vinput) -> None:
    """Raise MemberError unless the polynomial that comes back is the one that was sent."""
    with _blaming(place, "own polynomial"):
        message = receive(keys, keys.verification, given.polynomial)
        fields = members(load(message, POLYNOMIAL), POLYNOMIAL, ("polynomial",))
        secrets = [parse_scalar(one) for one in array(fields["polynomial"], POLYNOMIAL)]
        points = tuple(secret * G for secret in secrets)
        require(points == given.coefficients[place - 1], POLYNOMIAL, "it is not the one you sent")


def _share(keys: MemberKeys, place: int, sender: Certificate, sealed: Sealed) -> int:
    """What `sender` sealed for the member at `place`, in [0, q)."""
    what = f"share for member {place}"
    with _blaming(sender.index, what, Fault.SHARE):
        message = receive(keys, sender.verification, sealed)
        fields = members(load(message, what), what, ("secret",))
        secret = parse_scalar(fields["secret"])
        require_same(f'{{"secret":"{secret}"}}', message, what)
    return secret


def _value(coefficients: Sequence[int], place: int) -> int:
    """f(place) modulo q, for secret coefficients, the constant first."""
    value = 0
    for coefficient in reversed(coefficients):
        value = add_product(coefficient, value, place)
    return value


@contextmanager
def _blaming(place: int, what: str, fault: Fault = Fault.DAMAGED) -> Iterator[None]:
    """Name the member in whatever is wrong with their message."""
    try:
        yield
    except MemberError:
        raise
    except (MalformedError, VerificationError) as error:
        raise MemberError(place, fault, what, error.why or error.what) from error
