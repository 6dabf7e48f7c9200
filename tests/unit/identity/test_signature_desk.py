"""Signatures by our own authority: what the desk takes, and what it refuses and why."""

import base64
import hashlib
from datetime import datetime, timedelta

import pytest
from msgspec import structs

from dauys.core.errors import MalformedError, RefusedError
from dauys.core.ids import Credential, ElectionId
from dauys.identity.kazakhstan import certificates as national
from dauys.identity.kazakhstan.certificates import Role, profile
from dauys.identity.signature import certificates
from dauys.identity.signature.authorisation import decode, encode
from dauys.identity.signature.desk import SignatureDesk, SignatureRules
from dauys.identity.signature.trust import Revocation, RevocationPolicy
from dauys.scenario.test_ca import Leaf, Profile, TestAuthority
from dauys.scenario.test_keys import KeyKind, digest
from tests.unit.identity.conftest import BIN, CREDENTIAL, ELECTION, IIN, Signing
from tests.unit.identity.memory import START

SIGNS = (certificates.FOR_SIGNING, national.INDIVIDUAL)
NAME = "ӘБДІЛДИНА ЖАНСАЯ"


@pytest.fixture(scope="session", params=[KeyKind.RSA, KeyKind.GOST_512, KeyKind.GOST_256])
def authority(request: pytest.FixtureRequest) -> TestAuthority:
    """Every promise of the desk holds for every kind of key."""
    return TestAuthority.create(START, kind=request.param)


@pytest.fixture(scope="session")
def person(authority: TestAuthority) -> Leaf:
    return authority.issue_person(IIN, NAME, "ЕРЛАНҚЫЗЫ")


@pytest.fixture(scope="session")
def head(authority: TestAuthority) -> Leaf:
    return authority.issue_head(BIN, IIN, NAME, "ТОО «Сынақ»")


def refusal(signing: Signing, cms: bytes, purpose: str = "vote") -> str:
    with pytest.raises(RefusedError) as refused:
        signing.desk.check(cms, purpose)
    return refused.value.code


# ---------------------------------------------------------------------- what is taken


def test_a_person_signs_for_themselves(
    signing: Signing, authority: TestAuthority, person: Leaf
) -> None:
    content = signing.challenge()
    cms = authority.sign_cms(person, content)
    signer = signing.desk.check(cms, "vote")
    assert (signer.holder.number, signer.holder.person, signer.holder.organisation_name) == (
        IIN,
        IIN,
        None,
    )
    assert signer.holder.name == f"{NAME} ЕРЛАНҚЫЗЫ"
    assert signer.holder.role is Role.INDIVIDUAL
    assert signer.authorisation == decode(content)
    assert signer.authorisation.credential == CREDENTIAL
    assert signer.evidence == hashlib.sha256(cms).hexdigest()
    assert signer.cms == cms
    assert signer.algorithm in ("rsa-sha256", "gost-2015-512", "gost-2015-256")


def test_a_head_signs_for_the_organisation(
    signing: Signing, authority: TestAuthority, head: Leaf
) -> None:
    signer = signing.desk.check(authority.sign_cms(head, signing.challenge()))
    assert (signer.holder.number, signer.holder.person, signer.holder.role) == (
        BIN,
        IIN,
        Role.FIRST_HEAD,
    )
    assert signer.holder.organisation_name == "ТОО «Сынақ»"


def test_armoured_and_plain_signatures_are_the_same_evidence(
    signing: Signing, authority: TestAuthority, person: Leaf
) -> None:
    cms = authority.sign_cms(person, signing.challenge())
    armoured = b"-----BEGIN CMS-----\n" + base64.encodebytes(cms) + b"-----END CMS-----\n"
    signer = signing.desk.check(armoured)
    assert signer.cms == cms
    assert signer.evidence == hashlib.sha256(cms).hexdigest()


def test_software_that_leaves_the_chain_out_needs_it_configured(
    signing: Signing, authority: TestAuthority, person: Leaf
) -> None:
    bare = authority.sign_cms(person, signing.challenge(), with_chain=False)
    assert refusal(signing, bare) == "untrusted"
    for anchors, intermediates in (
        ((authority.root,), (authority.intermediate,)),
        ((authority.intermediate,), ()),
    ):
        configured = Signing(anchors, intermediates=intermediates)
        cms = authority.sign_cms(person, configured.challenge(), with_chain=False)
        assert configured.desk.check(cms).holder.number == IIN


def test_a_right_to_sign_is_enough_only_where_the_rules_say_so(
    signing: Signing, authority: TestAuthority
) -> None:
    deputy = authority.issue_head(BIN, IIN, NAME, "ТОО", role=national.RIGHT_TO_SIGN)
    assert refusal(signing, authority.sign_cms(deputy, signing.challenge())) == "wrong_role"
    lenient = Signing(
        (authority.root,),
        means=profile(organisation_roles=frozenset({Role.FIRST_HEAD, Role.RIGHT_TO_SIGN})),
    )
    signer = lenient.desk.check(authority.sign_cms(deputy, lenient.challenge()))
    assert (signer.holder.number, signer.holder.role) == (BIN, Role.RIGHT_TO_SIGN)


def test_the_challenge_is_what_protocol_section_3_says(signing: Signing) -> None:
    content = signing.challenge()
    authorisation = decode(content)
    assert encode(authorisation) == content
    assert (authorisation.v, authorisation.purpose, authorisation.election) == (1, "vote", ELECTION)
    assert authorisation.expires == "2026-08-05T04:10:00Z"
    assert signing.challenge() != content


@pytest.mark.parametrize(
    ("election", "credential", "purpose"),
    [("short", "c" * 64, "vote"), (ELECTION, "C" * 64, "vote"), (ELECTION, "c" * 64, "Vote now")],
)
def test_no_challenge_is_made_of_malformed_parts(
    signing: Signing, election: str, credential: str, purpose: str
) -> None:
    with pytest.raises(MalformedError):
        signing.desk.challenge(ElectionId(election), Credential(credential), purpose=purpose)


# --------------------------------------------------------------- the wrong content


def test_a_replayed_signature_is_refused(
    signing: Signing, authority: TestAuthority, person: Leaf
) -> None:
    cms = authority.sign_cms(person, signing.challenge())
    signing.desk.check(cms)
    assert refusal(signing, cms) == "challenge_used"


def test_a_challenge_signed_twice_counts_once(
    signing: Signing, authority: TestAuthority, person: Leaf, head: Leaf
) -> None:
    content = signing.challenge()
    signing.desk.check(authority.sign_cms(person, content))
    assert refusal(signing, authority.sign_cms(head, content)) == "challenge_used"


def test_a_signature_after_ten_minutes_is_refused(
    signing: Signing, authority: TestAuthority, person: Leaf
) -> None:
    cms = authority.sign_cms(person, signing.challenge())
    signing.clock.advance(minutes=10)
    assert refusal(signing, cms) == "challenge_expired"


def test_a_nonce_of_the_attackers_own_is_refused(
    signing: Signing, authority: TestAuthority, person: Leaf
) -> None:
    own = encode(structs.replace(decode(signing.challenge()), nonce="0" * 32))
    assert refusal(signing, authority.sign_cms(person, own)) == "challenge_unknown"


def test_a_live_nonce_around_another_credential_is_refused(
    signing: Signing, authority: TestAuthority, person: Leaf
) -> None:
    content = signing.challenge().replace(b"c" * 64, b"d" * 64)
    assert refusal(signing, authority.sign_cms(person, content)) == "wrong_content"


def test_a_signed_invoice_is_no_vote(
    signing: Signing, authority: TestAuthority, person: Leaf
) -> None:
    assert refusal(signing, authority.sign_cms(person, b"pay 100 tenge")) == "wrong_content"
    spaced = signing.challenge().replace(b",", b", ")
    assert refusal(signing, authority.sign_cms(person, spaced)) == "wrong_content"


def test_a_signature_for_one_purpose_serves_no_other(
    signing: Signing, authority: TestAuthority, person: Leaf
) -> None:
    content = signing.desk.challenge(ELECTION, CREDENTIAL, purpose="report")
    cms = authority.sign_cms(person, content)
    assert refusal(signing, cms, "vote") == "wrong_content"
    assert signing.desk.check(cms, "report").holder.person == IIN


def test_a_failed_attempt_does_not_use_up_the_voters_challenge(
    signing: Signing, authority: TestAuthority, stranger: TestAuthority, person: Leaf
) -> None:
    content = signing.challenge()
    forged = stranger.sign_cms(stranger.issue_person(IIN, NAME), content)
    assert refusal(signing, forged) == "untrusted"
    assert signing.desk.check(authority.sign_cms(person, content)).holder.person == IIN


# -------------------------------------------------------------- the wrong signature


def test_two_signers_are_one_too_many(
    signing: Signing, authority: TestAuthority, person: Leaf, head: Leaf
) -> None:
    cms = authority.sign_cms(person, signing.challenge(), with_signers=[head])
    assert refusal(signing, cms) == "two_signers"


def test_a_detached_signature_is_refused(
    signing: Signing, authority: TestAuthority, person: Leaf
) -> None:
    cms = authority.sign_cms(person, signing.challenge(), attached=False)
    assert refusal(signing, cms) == "not_attached"


def test_content_changed_after_signing_is_refused(
    signing: Signing, authority: TestAuthority, person: Leaf
) -> None:
    signed, live = signing.challenge(), signing.challenge()
    cms = authority.sign_cms(person, signed).replace(signed, live)
    assert refusal(signing, cms) == "bad_signature"


def test_attributes_changed_after_signing_are_refused(
    signing: Signing, authority: TestAuthority, person: Leaf
) -> None:
    signed, live = signing.challenge(), signing.challenge()
    cms = authority.sign_cms(person, signed).replace(signed, live)
    old, new = (digest(person.key.kind, content) for content in (signed, live))
    assert refusal(signing, cms.replace(old, new)) == "bad_signature"


def test_somebody_elses_certificate_beside_my_signature_is_refused(
    authority: TestAuthority,
) -> None:
    own_keys = TestAuthority.create(
        authority.now, kind=authority.root_leaf.key.kind, share_key=False
    )
    signing = Signing((own_keys.root,))
    thief = own_keys.issue_person(IIN, NAME)
    victim = own_keys.issue_head(BIN, IIN, NAME, "ТОО")
    cms = own_keys.sign_cms(Leaf(victim.certificate, thief.key), signing.challenge())
    assert refusal(signing, cms) == "bad_signature"


@pytest.mark.parametrize("cms", [b"", b"0", b"\x30\x80", b"-----BEGIN CMS-----", b"0" * 300_000])
def test_rubbish_is_unreadable(signing: Signing, cms: bytes) -> None:
    assert refusal(signing, cms) == "unreadable"


def test_bytes_after_the_signature_are_refused(
    signing: Signing, authority: TestAuthority, person: Leaf
) -> None:
    cms = authority.sign_cms(person, signing.challenge())
    assert refusal(signing, cms + b"\x00") == "unreadable"


# ------------------------------------------------------------ the wrong certificate


def test_an_authority_of_the_same_name_is_not_trusted(
    signing: Signing, stranger: TestAuthority
) -> None:
    cms = stranger.sign_cms(stranger.issue_person(IIN, NAME), signing.challenge())
    assert refusal(signing, cms) == "untrusted"


def test_a_desk_without_anchors_trusts_nobody(authority: TestAuthority, person: Leaf) -> None:
    signing = Signing(())
    assert refusal(signing, authority.sign_cms(person, signing.challenge())) == "untrusted"


def test_a_voters_certificate_issues_no_certificates(
    signing: Signing, authority: TestAuthority, person: Leaf
) -> None:
    imposter = TestAuthority(authority.now, person, person, None)
    cms = imposter.sign_cms(imposter.issue_head(BIN, IIN, NAME, "ТОО"), signing.challenge())
    assert refusal(signing, cms) == "untrusted"


def test_an_expired_certificate_is_refused(signing: Signing, authority: TestAuthority) -> None:
    past = Profile(SIGNS, valid=timedelta(days=365), starts=timedelta(days=-366))
    cms = authority.sign_cms(authority.issue_person(IIN, NAME, issued=past), signing.challenge())
    assert refusal(signing, cms) == "expired"


def test_a_certificate_of_tomorrow_is_refused(signing: Signing, authority: TestAuthority) -> None:
    future = Profile(SIGNS, starts=timedelta(days=1))
    cms = authority.sign_cms(authority.issue_person(IIN, NAME, issued=future), signing.challenge())
    assert refusal(signing, cms) == "not_yet_valid"


def test_a_key_for_logging_in_does_not_sign(signing: Signing, authority: TestAuthority) -> None:
    login = authority.issue_authentication(IIN, NAME)
    assert refusal(signing, authority.sign_cms(login, signing.challenge())) == "not_for_signing"


@pytest.mark.parametrize(
    "issued",
    [
        Profile(SIGNS, signing=False),
        Profile((national.INDIVIDUAL,)),
        Profile((certificates.FOR_AUTHENTICATION, national.INDIVIDUAL)),
    ],
)
def test_half_a_signing_key_does_not_sign(
    signing: Signing, authority: TestAuthority, issued: Profile
) -> None:
    leaf = authority.issue_person(IIN, NAME, issued=issued)
    assert refusal(signing, authority.sign_cms(leaf, signing.challenge())) == "not_for_signing"


@pytest.mark.parametrize(
    "role", ["1.2.398.3.3.4.1.2.3", "1.2.398.3.3.4.1.2.5", national.INDIVIDUAL]
)
def test_an_employee_does_not_vote_for_the_organisation(
    signing: Signing, authority: TestAuthority, role: str
) -> None:
    employee = authority.issue_head(BIN, IIN, NAME, "ТОО", role=role)
    assert refusal(signing, authority.sign_cms(employee, signing.challenge())) == "wrong_role"


def test_a_head_without_a_bin_votes_for_nobody(signing: Signing, authority: TestAuthority) -> None:
    odd = Profile((certificates.FOR_SIGNING, national.LEGAL_ENTITY, national.FIRST_HEAD))
    leaf = authority.issue_person(IIN, NAME, issued=odd)
    assert refusal(signing, authority.sign_cms(leaf, signing.challenge())) == "wrong_role"


@pytest.mark.parametrize(
    "iin", ["", "90010130001", "900101300018", "123456789011", "IIN900101300017"]
)
def test_a_certificate_without_a_true_number_is_refused(
    signing: Signing, authority: TestAuthority, iin: str
) -> None:
    leaf = authority.issue_person(iin, NAME)
    assert refusal(signing, authority.sign_cms(leaf, signing.challenge())) == "no_number"


# -------------------------------------------------------------------- revocation


class Memory:
    """A revocation source that always says the same."""

    def __init__(self, answer: Revocation) -> None:
        self.answer = answer
        self.asked: list[tuple[bytes, bytes]] = []

    def status(
        self, certificate: bytes, issuer: bytes, moment: datetime, signed: datetime | None = None
    ) -> Revocation:
        self.asked.append((certificate, issuer))
        return self.answer


@pytest.mark.parametrize(
    ("answer", "policy", "expected"),
    [
        (Revocation.GOOD, RevocationPolicy.REQUIRED, None),
        (Revocation.REVOKED, RevocationPolicy.REQUIRED, "revoked"),
        (Revocation.UNKNOWN, RevocationPolicy.REQUIRED, "revocation_unknown"),
        (Revocation.REVOKED, RevocationPolicy.IF_KNOWN, "revoked"),
        (Revocation.UNKNOWN, RevocationPolicy.IF_KNOWN, None),
        (Revocation.REVOKED, RevocationPolicy.NOT_ASKED, None),
    ],
)
def test_what_a_revocation_source_says_is_heeded_by_policy(
    authority: TestAuthority,
    person: Leaf,
    answer: Revocation,
    policy: RevocationPolicy,
    expected: str | None,
) -> None:
    source = Memory(answer)
    signing = Signing((authority.root,), SignatureRules(revocation=policy))
    signing.desk._revocation = source
    cms = authority.sign_cms(person, signing.challenge())
    if expected is None:
        signer = signing.desk.check(cms)
        asked = policy is not RevocationPolicy.NOT_ASKED
        assert signer.revocation is (answer if asked else Revocation.NOT_ASKED)
    else:
        assert refusal(signing, cms) == expected
    chain = [(person.certificate, authority.intermediate), (authority.intermediate, authority.root)]
    if policy is RevocationPolicy.NOT_ASKED:
        assert source.asked == []
    elif answer is Revocation.REVOKED:
        assert source.asked == chain[:1]
    else:
        assert source.asked == chain


@pytest.mark.parametrize(
    ("of_authority", "expected"),
    [(Revocation.REVOKED, "revoked"), (Revocation.UNKNOWN, "revocation_unknown")],
)
def test_an_authority_that_was_revoked_issues_nobody(
    authority: TestAuthority, person: Leaf, of_authority: Revocation, expected: str
) -> None:
    class Source:
        def status(
            self,
            certificate: bytes,
            issuer: bytes,
            moment: datetime,
            signed: datetime | None = None,
        ) -> Revocation:
            return of_authority if certificate == authority.intermediate else Revocation.GOOD

    rules = SignatureRules(revocation=RevocationPolicy.REQUIRED)
    signing = Signing((authority.root,), rules)
    signing.desk._revocation = Source()
    assert refusal(signing, authority.sign_cms(person, signing.challenge())) == expected


def test_a_signature_that_passes_unasked_is_marked(authority: TestAuthority, person: Leaf) -> None:
    signing = Signing((authority.root,), SignatureRules(revocation=RevocationPolicy.IF_KNOWN))
    signer = signing.desk.check(authority.sign_cms(person, signing.challenge()))
    assert signer.revocation is Revocation.UNKNOWN


def test_a_policy_that_needs_a_source_refuses_without_one(
    authority: TestAuthority, person: Leaf
) -> None:
    signing = Signing((authority.root,), SignatureRules(revocation=RevocationPolicy.REQUIRED))
    cms = authority.sign_cms(person, signing.challenge())
    assert refusal(signing, cms) == "revocation_unknown"


def test_an_anchor_that_is_no_certificate_stops_the_desk_at_the_start(signing: Signing) -> None:
    with pytest.raises(RefusedError) as refused:
        Signing((b"not a certificate",))
    assert refused.value.code == "unreadable"
    assert isinstance(signing.desk, SignatureDesk)
