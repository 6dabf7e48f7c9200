"""A group makes its key: what honest members get, and who is named when one cheats."""

import itertools
import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from dauys.core.errors import DauysError, MalformedError, VerificationError
from dauys.crypto import pki
from dauys.crypto.binding import bind, check_binding
from dauys.crypto.ceremony import (
    assemble,
    check_certificates,
    check_polynomial,
    check_voutput,
    make_certificate,
    make_polynomial,
    make_voutput,
    open_share,
    place_of,
    read_certificate,
    vinput,
)
from dauys.crypto.ceremony_messages import MemberError, Polynomial, Vinput, Voutput
from dauys.crypto.ed25519 import IDENTITY, G, Q, as_point, random_secret
from dauys.crypto.election import ElectionParameters, new_uuid
from dauys.crypto.pki import MemberKeys, send, sign
from dauys.crypto.question import Question
from dauys.crypto.tally import (
    check_partial_decryption,
    combine,
    decrypt_partially,
    sum_ballots,
)
from dauys.crypto.threshold import parse_any_trustees, weighted_parts
from dauys.crypto.trustees import TrusteePublicKey
from tests.unit.crypto.ceremonies import Played, another_point, forge, play
from tests.vectors.mutations import (
    NOT_ON_CURVE,
    ORDER_8,
    bad_points,
    bad_scalars,
    print_tree,
    with_torsion,
)
from tests.vectors.seeded import ChosenScalars, SeededRandom

PLAYED = play(2, 3)
RANDOM = SeededRandom("test ceremony")


def receive(played: Played, place: int, polynomials: tuple[Polynomial, ...]) -> Voutput:
    """The member at `place` takes step 5 with these polynomials."""
    given = vinput(played.certificates, polynomials, place)
    return make_voutput(played.keys[place - 1], played.certificates, given, RANDOM)


@pytest.mark.parametrize(("threshold", "size"), [(1, 2), (2, 3), (3, 4), (3, 5)])
def test_any_members_open_a_sum_and_one_less_does_not(threshold: int, size: int) -> None:
    played = play(threshold, size)
    trustees = parse_any_trustees(f'[["Pedersen",{played.group.to_json()}]]')
    question = Question(answers=("A", "B"), minimum=1, maximum=1, text="?", blank=False)
    election = ElectionParameters(
        description="",
        name="",
        public_key=played.group.public_key,
        questions=(question,),
        uuid=new_uuid(RANDOM),
    )
    tally = sum_ballots(election, ())
    secret = (played.group.public_key + 3 * G).text()  # r = 1, 3 votes, by the group's own key
    text = tally.to_json().replace(f'"beta":"{IDENTITY.hex()}"', f'"beta":"{secret}"')
    tally = type(tally).parse(text.replace(f'"alpha":"{IDENTITY.hex()}"', f'"alpha":"{G.hex()}"'))
    parts = {}
    for owner, key in enumerate(played.trustees, 1):
        parts[owner] = decrypt_partially(election, tally, key, RANDOM)
        check_partial_decryption(election, tally, key.public, parts[owner])
        proof = bind(election, tally, key, parts[owner], RANDOM)
        check_binding(election, tally, key.public, parts[owner], proof)
    for chosen in itertools.combinations(parts, threshold):
        some = {owner: parts[owner] for owner in chosen}
        assert combine(election, tally, weighted_parts(trustees, some), 5) == ((3, 3),)
    for chosen in itertools.combinations(parts, threshold - 1):
        some = {owner: parts[owner] for owner in chosen}
        with pytest.raises(VerificationError, match="decryption"):
            weighted_parts(trustees, some)
        # Weighed as if they were enough, they give nothing.
        weights = played.group.lagrange(chosen)
        factors = tuple(
            replace(
                parts[owner],
                factors=tuple(tuple(weights[owner] * f for f in r) for r in parts[owner].factors),
            )
            for owner in chosen
        )
        with pytest.raises(VerificationError, match="result"):
            combine(election, tally, factors, 5)


def test_secrets_show_nowhere() -> None:
    shown = repr(PLAYED.keys) + repr(PLAYED.trustees) + repr(PLAYED.voutputs)
    for key, trustee in zip(PLAYED.keys, PLAYED.trustees, strict=True):
        for secret in (key.seed, key.signing, key.decryption, trustee.secret):
            assert str(secret) not in shown


@pytest.mark.parametrize("context", [(0, 2, 3), (4, 2, 3), (1, 0, 3), (1, 3, 3), (1, 4, 3)])
def test_certificate_of_an_impossible_group_is_not_made(context: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="place"):
        make_certificate(PLAYED.keys[0], *context, RANDOM)


def test_certificate_of_another_place_names_whose_turn_it_was() -> None:
    text = PLAYED.certificates[0].to_json()
    with pytest.raises(
        MemberError, match=r"member 2: certificate: .*member 1 of a group of 2 of 3"
    ):
        read_certificate(text, 2, 2, 3)
    with pytest.raises(MemberError, match="member 1: certificate"):
        read_certificate(text, 1, 2, 4)


def test_certificates_in_another_order_are_refused() -> None:
    with pytest.raises(MemberError) as caught:
        check_certificates(PLAYED.certificates[::-1])
    assert caught.value.member == 1
    with pytest.raises(MalformedError, match="none"):
        check_certificates(())


def test_member_who_takes_two_places_is_named() -> None:
    twice = make_certificate(PLAYED.keys[0], 3, 2, 3, RANDOM)
    with pytest.raises(MemberError, match="member 3: certificate: a key is that of member 1"):
        check_certificates((*PLAYED.certificates[:2], twice))


def test_stranger_is_not_in_the_group() -> None:
    stranger = MemberKeys.generate(RANDOM)
    with pytest.raises(VerificationError, match="none of them is of your key"):
        place_of(stranger, PLAYED.certificates)
    with pytest.raises(VerificationError, match="none of them is of your key"):
        make_polynomial(stranger, PLAYED.certificates, RANDOM)


@pytest.mark.parametrize("victim", [1, 2, 3])
@pytest.mark.parametrize("cheat", [1, 2, 3])
def test_wrong_share_is_complained_of_by_its_receiver(cheat: int, victim: int) -> None:
    message = '{"secret":"12345"}'
    to = PLAYED.certificates[victim - 1].encryption
    secrets = list(PLAYED.polynomials[cheat - 1].secrets)
    secrets[victim - 1] = send(PLAYED.keys[cheat - 1], to, message, RANDOM)
    polynomials = list(PLAYED.polynomials)
    polynomials[cheat - 1] = replace(polynomials[cheat - 1], secrets=tuple(secrets))
    for place in (1, 2, 3):
        if place != victim:
            receive(PLAYED, place, tuple(polynomials))
            continue
        with pytest.raises(MemberError, match=f"share for member {victim}") as caught:
            receive(PLAYED, place, tuple(polynomials))
        assert caught.value.member == cheat


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (f'{{"secret":"{Q}"}}', "not below q"),
        (f'{{"secret":"{Q + 5}"}}', "not below q"),
        ('{"secret":"-1"}', "not a plain decimal"),
        ('{"secret":"007"}', "not a plain decimal"),
        ('{"secret": "7"}', "not canonical"),
        ('{"secret":7}', "not a plain decimal"),
        ('{"share":"7"}', "no field secret"),
        ("7", "not an object"),
        ("", "not JSON"),
    ],
)
def test_share_of_another_form_names_its_sender(message: str, why: str) -> None:
    to = PLAYED.certificates[0].encryption
    bad = send(PLAYED.keys[2], to, message, RANDOM)
    third = PLAYED.polynomials[2]
    third = replace(third, secrets=(bad, *third.secrets[1:]))
    with pytest.raises(MemberError, match=why) as caught:
        receive(PLAYED, 1, (*PLAYED.polynomials[:2], third))
    assert caught.value.member == 3


def test_share_sealed_or_signed_by_another_names_its_sender() -> None:
    first, second, third = PLAYED.polynomials
    to = PLAYED.certificates[0].encryption
    by_another = send(PLAYED.keys[1], to, '{"secret":"7"}', RANDOM)
    for bad, why in (
        (third.secrets[1], "not sealed for this trustee"),
        (by_another, "not by its sender"),
        (replace(third.secrets[0], data=third.secrets[0].data[:-2] + "00"), "damaged"),
        (replace(third.secrets[0], data="00"), "damaged"),
    ):
        changed = replace(third, secrets=(bad, *third.secrets[1:]))
        with pytest.raises(MemberError, match=why) as caught:
            receive(PLAYED, 1, (first, second, changed))
        assert caught.value.member == 3


def test_share_passed_on_to_another_reader_is_refused() -> None:
    """The receiver seals for a third member what was signed for the receiver."""
    keys, certificates = PLAYED.keys, PLAYED.certificates
    sealed = PLAYED.polynomials[2].secrets[0]
    mask = sealed.beta - keys[0].decryption * sealed.alpha
    opened = AESCCM(pki._key(mask), tag_length=8).decrypt(
        pki._nonce(sealed.alpha), bytes.fromhex(sealed.data), None
    )
    alpha = 9 * G
    data = AESCCM(pki._key(11 * G), tag_length=8).encrypt(pki._nonce(alpha), opened, None)
    passed_on = pki.Sealed(alpha, 9 * as_point(certificates[1].encryption) + 11 * G, data.hex())
    third = PLAYED.polynomials[2]
    third = replace(third, secrets=(third.secrets[0], passed_on, third.secrets[2]))
    with pytest.raises(MemberError, match="meant for another trustee") as caught:
        receive(PLAYED, 2, (*PLAYED.polynomials[:2], third))
    assert caught.value.member == 3


def test_coefficients_that_fit_no_share_are_complained_of_by_everybody() -> None:
    second = PLAYED.polynomials[1]
    wrong = forge(PLAYED, 2, second, (another_point(), second.coefficients[1]))
    polynomials = (PLAYED.polynomials[0], wrong, PLAYED.polynomials[2])
    check_polynomial(PLAYED.certificates, 2, wrong)
    for place in (1, 3):
        with pytest.raises(MemberError, match="share") as caught:
            receive(PLAYED, place, polynomials)
        assert caught.value.member == 2


@pytest.mark.parametrize("count", [1, 3])
def test_polynomial_of_another_degree_is_refused(count: int) -> None:
    second = PLAYED.polynomials[1]
    points = (*second.coefficients, another_point())[:count]
    wrong = forge(PLAYED, 2, second, points)
    with pytest.raises(MemberError, match=f"{count} coefficients instead of 2") as caught:
        vinput(PLAYED.certificates, (PLAYED.polynomials[0], wrong, PLAYED.polynomials[2]), 1)
    assert caught.value.member == 2


def test_polynomial_of_another_ceremony_is_refused() -> None:
    other = play(2, 3, "another")
    with pytest.raises(MemberError, match="member 2: polynomial: it is not signed with the key"):
        check_polynomial(PLAYED.certificates, 2, other.polynomials[1])
    # The same member, the same keys, but one certificate was exchanged afterwards.
    exchanged = (*PLAYED.certificates[:2], other.certificates[2])
    with pytest.raises(MemberError, match="it was made for other certificates"):
        check_polynomial(exchanged, 2, PLAYED.polynomials[1])


def test_too_few_polynomials_shares_or_outputs_are_refused() -> None:
    short = replace(PLAYED.polynomials[0], secrets=PLAYED.polynomials[0].secrets[:2])
    with pytest.raises(MemberError, match="member 1: polynomial: 2 shares"):
        check_polynomial(PLAYED.certificates, 1, short)
    with pytest.raises(MalformedError, match="not as many"):
        vinput(PLAYED.certificates, PLAYED.polynomials[:2], 1)
    with pytest.raises(MalformedError, match="not as many"):
        assemble(PLAYED.certificates, PLAYED.polynomials, PLAYED.voutputs[:2])
    given = vinput(PLAYED.certificates, PLAYED.polynomials, 1)
    with pytest.raises(MalformedError, match="not as many"):
        make_voutput(
            PLAYED.keys[0], PLAYED.certificates, replace(given, secrets=given.secrets[:2]), RANDOM
        )


def test_own_polynomial_exchanged_on_the_way_is_noticed() -> None:
    again = make_polynomial(PLAYED.keys[0], PLAYED.certificates, RANDOM)
    mixed = replace(PLAYED.polynomials[0], polynomial=again.polynomial)
    with pytest.raises(MemberError, match="it is not the one you sent"):
        receive(PLAYED, 1, (mixed, *PLAYED.polynomials[1:]))


def test_output_of_a_cheat_names_the_cheat() -> None:
    good = PLAYED.voutputs[1]
    key = good.public_key
    signature = sign(PLAYED.keys[2], key.public_key.text(), RANDOM)
    proof = replace(key.pok, response=(key.pok.response + 1) % Q)
    other = play(2, 3, "another").voutputs[1]
    for bad, why in (
        (replace(good, public_key=replace(key, signature=signature)), "not signed by the member"),
        (replace(good, public_key=replace(key, signature=None)), "not signed by the member"),
        (replace(good, public_key=replace(key, pok=proof)), "proof of knowledge"),
        (PLAYED.voutputs[2], "does not fit the polynomials"),
        (other, "does not fit the polynomials"),
    ):
        with pytest.raises(MemberError, match=why) as caught:
            assemble(
                PLAYED.certificates,
                PLAYED.polynomials,
                (PLAYED.voutputs[0], bad, PLAYED.voutputs[2]),
            )
        assert caught.value.member == 2


def test_share_opens_for_its_owner_only() -> None:
    with pytest.raises(VerificationError, match="not sealed for this trustee"):
        open_share(PLAYED.keys[0], PLAYED.voutputs[1])
    mixed = replace(PLAYED.voutputs[0], public_key=PLAYED.voutputs[1].public_key)
    with pytest.raises(VerificationError, match="does not fit the public key"):
        open_share(PLAYED.keys[0], mixed)


def test_name_of_the_member_stands_in_the_key() -> None:
    given = vinput(PLAYED.certificates, PLAYED.polynomials, 2)
    out = make_voutput(PLAYED.keys[1], PLAYED.certificates, given, RANDOM, "Университет")
    check_voutput(PLAYED.certificates, PLAYED.polynomials, 2, out)
    assert Voutput.parse(out.to_json()).public_key.name == "Университет"
    assert isinstance(out.public_key, TrusteePublicKey)


def _leaves(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [leaf for key, one in value.items() for leaf in _leaves(one, (*path, key))]
    if isinstance(value, list):
        return [leaf for place, one in enumerate(value) for leaf in _leaves(one, (*path, place))]
    return [path]


def _changed(text: str, path: tuple[str | int, ...], new: object) -> str:
    """`text` with another leaf; a leaf that is itself JSON text is written as such."""
    tree = json.loads(text)
    inner = tree
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = new
    return print_tree(tree)


def test_every_field_of_what_the_carrier_hands_over_is_checked() -> None:
    text = vinput(PLAYED.certificates, PLAYED.polynomials, 2).to_json()
    for path in _leaves(json.loads(text)):
        for new in _other_values(str(_at(json.loads(text), path))):
            with pytest.raises(DauysError):
                _use("vinput", _changed(text, path, new))


@pytest.mark.parametrize("kind", ["certificate", "polynomial", "voutput"])
def test_every_field_changed_is_refused_and_its_member_named(kind: str) -> None:
    """A carrier changes one field of one message: whoever uses it says whose it was."""
    texts = {
        "certificate": PLAYED.certificates[1].to_json(),
        "polynomial": PLAYED.polynomials[1].to_json(),
        "voutput": PLAYED.voutputs[1].to_json(),
    }
    text = texts[kind]
    for path in _leaves(json.loads(text)):
        leaf = str(_at(json.loads(text), path))
        for new in _other_values(leaf):
            with pytest.raises(DauysError) as caught:
                _use(kind, _changed(text, path, new))
            named = caught.value.member if isinstance(caught.value, MemberError) else 2
            assert named == 2, (path, new)


def _use(kind: str, text: str) -> None:
    """Everything that anybody does with the second member's message of this kind."""
    first, second, third = PLAYED.polynomials
    if kind == "certificate":
        read_certificate(text, 2, 2, 3)
    elif kind == "polynomial":
        changed = Polynomial.parse(text)
        for place in (1, 2, 3):
            receive(PLAYED, place, (first, changed, third))
    elif kind == "vinput":
        make_voutput(PLAYED.keys[1], PLAYED.certificates, Vinput.parse(text), RANDOM)
    else:
        changed_output = Voutput.parse(text)
        assemble(
            PLAYED.certificates,
            PLAYED.polynomials,
            (PLAYED.voutputs[0], changed_output, PLAYED.voutputs[2]),
        )
        open_share(PLAYED.keys[1], changed_output)
    del second


def _other_values(leaf: str) -> list[object]:
    if leaf.startswith("{"):
        inner = json.loads(leaf)
        changed: list[object] = [leaf + " ", leaf[:-1], "{}", 7]
        for path in _leaves(inner):
            good = str(_at(inner, path))
            changed += [_changed(leaf, path, new) for new in _other_values(good)]
        return changed
    if len(leaf) == 64 and not leaf.isdecimal():
        points = [*bad_points(leaf).values(), another_point().hex(), with_torsion(leaf)]
        return [*points, NOT_ON_CURVE, ORDER_8, IDENTITY.hex(), leaf.upper()]
    if leaf.isdecimal() and len(leaf) > 20:
        return [*bad_scalars(leaf).values(), str((int(leaf) + 1) % Q)]
    if leaf.isdecimal():
        return [int(leaf) + 1, 0, -1, leaf]
    if leaf == "Ed25519":
        return ["ED25519", "", 1]
    return [leaf[:-1], leaf[2:], leaf.upper(), "zz" + leaf[2:], leaf + "00"]


def _at(tree: object, path: tuple[str | int, ...]) -> object:
    for step in path:
        tree = tree[step]  # type: ignore[index]
    return tree


def test_messages_print_as_they_were_read() -> None:
    for place, polynomial in enumerate(PLAYED.polynomials, 1):
        assert Polynomial.parse(polynomial.to_json()) == polynomial
        given = vinput(PLAYED.certificates, PLAYED.polynomials, place)
        assert Vinput.parse(given.to_json()) == given
        voutput = PLAYED.voutputs[place - 1]
        assert Voutput.parse(voutput.to_json()) == voutput
        certificate = PLAYED.certificates[place - 1]
        assert read_certificate(certificate.to_json(), place, 2, 3) == certificate


def test_member_who_speaks_last_cannot_cancel_the_key_of_the_others() -> None:
    """The others told their coefficients; the last one takes the negative of their sum."""
    keys, random = PLAYED.keys, SeededRandom("others")
    secrets = [[random_secret(random) for _ in range(2)] for _ in range(2)]
    rogue = [Q - (secrets[0][0] + secrets[1][0]) % Q, 5]
    polynomials = tuple(
        make_polynomial(key, PLAYED.certificates, ChosenScalars(chosen, f"{place}"))
        for place, (key, chosen) in enumerate(zip(keys, [*secrets, rogue], strict=True), 1)
    )
    outputs = tuple(receive(PLAYED, place, polynomials) for place in (1, 2, 3))
    with pytest.raises(VerificationError, match="group key: the members' parts cancel out"):
        assemble(PLAYED.certificates, polynomials, outputs)
    members = tuple(
        replace(
            member,
            coefficients=polynomial.coefficients,
            coefficients_signature=polynomial.coefficients_signature,
            whole_signature=polynomial.signature,
            key=output.public_key,
        )
        for member, polynomial, output in zip(
            PLAYED.group.members, polynomials, outputs, strict=True
        )
    )
    text = replace(PLAYED.group, members=members).to_json()
    with pytest.raises(VerificationError, match="group key"):
        parse_any_trustees(f'[["Pedersen",{text}]]')
