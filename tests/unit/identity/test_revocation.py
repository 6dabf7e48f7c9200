"""Was a certificate revoked? Asked of a stand-in authority over HTTP, on good and bad days."""

import secrets
import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import pytest_socket
from asn1crypto import core, crl, x509

from dauys.core.errors import RefusedError
from dauys.identity.kazakhstan.algorithms import ALGORITHMS
from dauys.identity.kazakhstan.certificates import INDIVIDUAL, profile
from dauys.identity.signature.certificates import FOR_SIGNING
from dauys.identity.signature.desk import SignatureDesk, SignatureRules
from dauys.identity.signature.fetching import Fetch, FetchError, HttpFetch
from dauys.identity.signature.revocation import ListedRevocation, OnlineRevocation
from dauys.identity.signature.revocation_lists import _walk, read_list
from dauys.identity.signature.trust import Revocation, RevocationPolicy, Trust
from dauys.scenario.test_ca import OCSP_SIGNING, Leaf, Profile, TestAuthority
from dauys.scenario.test_keys import KeyKind
from dauys.scenario.test_revocation import AnswerOptions, ListOptions, revocation_list
from tests.unit.identity.authority_site import AuthoritySite, authority_site
from tests.unit.identity.conftest import CREDENTIAL, ELECTION, IIN
from tests.unit.identity.memory import START, MemoryNonceStore, StoppedClock

OCSP, LIST, ROOT_LIST = ("POST", "/ocsp"), ("GET", "/intermediate.crl"), ("GET", "/root.crl")
MINUTE = timedelta(minutes=1)
GOOD, REVOKED, UNKNOWN = Revocation.GOOD, Revocation.REVOKED, Revocation.UNKNOWN


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reach this machine, and no other."""
    monkeypatch.setattr(socket.socket, "connect", socket.socket.connect)  # put back at the end
    pytest_socket.socket_allow_hosts(["127.0.0.1"])


@pytest.fixture(scope="module", params=[KeyKind.RSA, KeyKind.GOST_512])
def serving(request: pytest.FixtureRequest) -> Iterator[AuthoritySite]:
    with authority_site(request.param) as site:
        yield site


@pytest.fixture
def site(serving: AuthoritySite) -> AuthoritySite:
    """The site as on a good day."""
    fresh = AuthoritySite(serving.address)
    for name in ("revoked", "answer_options", "list_options", "broken", "bodies", "slow", "asked"):
        setattr(serving, name, getattr(fresh, name))
    return serving


@pytest.fixture
def leaf(site: AuthoritySite) -> Leaf:
    return site.authority.issue_person(IIN, "СЫНАҚ СЫНАҚОВ")


@pytest.fixture
def source(site: AuthoritySite) -> OnlineRevocation:
    return online(site)


def online(site: AuthoritySite, fetch: Fetch | None = None) -> OnlineRevocation:
    return OnlineRevocation(
        fetch or HttpFetch(timeout=2), frozenset({site.host}), secrets.token_bytes, ALGORITHMS
    )


def status(
    source: OnlineRevocation, site: AuthoritySite, leaf: Leaf, later: timedelta = timedelta(0)
) -> Revocation:
    return source.status(leaf.certificate, site.authority.intermediate, START + later)


# ------------------------------------------------------------------------ good days


def test_the_responder_is_asked_first_and_once(
    site: AuthoritySite, source: OnlineRevocation, leaf: Leaf
) -> None:
    assert status(source, site, leaf) is GOOD
    assert status(source, site, leaf, 4 * MINUTE) is GOOD
    assert site.asked == [OCSP]
    assert status(source, site, leaf, 5 * MINUTE) is GOOD
    assert site.asked == [OCSP, OCSP]


def test_a_revoked_certificate_is_told_by_responder_and_list(
    site: AuthoritySite, leaf: Leaf
) -> None:
    site.revoked = [leaf.certificate]
    assert status(online(site), site, leaf) is REVOKED
    site.broken = {"/ocsp"}
    assert status(online(site), site, leaf) is REVOKED
    assert site.asked == [OCSP, OCSP, LIST]


def test_the_list_is_kept_for_an_hour_and_serves_everybody(
    site: AuthoritySite, source: OnlineRevocation, leaf: Leaf
) -> None:
    site.broken = {"/ocsp"}
    other = site.authority.issue_person(IIN, "БАСҚА АДАМ")
    site.revoked = [other.certificate]
    assert status(source, site, leaf) is GOOD
    assert status(source, site, other, MINUTE / 2) is REVOKED
    assert site.asked == [OCSP, LIST]
    assert status(source, site, leaf, 59 * MINUTE) is GOOD
    assert site.asked == [OCSP, LIST, OCSP]
    assert status(source, site, leaf, 65 * MINUTE) is GOOD
    assert site.asked == [OCSP, LIST, OCSP, OCSP, LIST]


def test_an_old_list_serves_to_its_end_while_there_is_no_new_one(
    site: AuthoritySite, source: OnlineRevocation, leaf: Leaf
) -> None:
    site.broken, site.revoked = {"/ocsp"}, [leaf.certificate]
    assert status(source, site, leaf) is REVOKED
    site.broken = {"/ocsp", "/intermediate.crl"}
    for later in (timedelta(hours=2), timedelta(hours=2, seconds=9), timedelta(hours=23)):
        assert status(source, site, leaf, later) is REVOKED
    assert status(source, site, leaf, timedelta(days=1)) is UNKNOWN


def test_an_intermediate_is_looked_up_in_the_list_of_the_root(
    site: AuthoritySite, source: OnlineRevocation
) -> None:
    authority = site.authority
    assert source.status(authority.intermediate, authority.root, START) is GOOD
    assert site.asked == [ROOT_LIST]
    site.revoked = [authority.intermediate]
    assert online(site).status(authority.intermediate, authority.root, START) is REVOKED


@pytest.mark.parametrize("by_name", [False, True])
def test_a_responder_with_a_certificate_for_it_is_believed(
    site: AuthoritySite, source: OnlineRevocation, leaf: Leaf, by_name: bool
) -> None:
    responder = site.authority.issue_responder()
    site.answer_options = AnswerOptions(responder=responder, by_name=by_name)
    assert status(source, site, leaf) is GOOD
    site.revoked = [leaf.certificate]
    assert status(online(site), site, leaf) is REVOKED
    assert site.asked == [OCSP, OCSP]


@pytest.mark.parametrize(
    "options",
    [
        AnswerOptions(by_name=True),
        AnswerOptions(echo_nonce=False),
        AnswerOptions(lifetime=None),
        AnswerOptions(lifetime=MINUTE),
    ],
    ids=["by name", "no nonce", "no end", "short"],
)
def test_answers_as_responders_make_them_are_believed(
    site: AuthoritySite, source: OnlineRevocation, leaf: Leaf, options: AnswerOptions
) -> None:
    site.answer_options = options
    assert status(source, site, leaf) is GOOD
    assert site.asked == [OCSP]


def test_an_answer_that_ends_soon_is_not_kept_longer(
    site: AuthoritySite, source: OnlineRevocation, leaf: Leaf
) -> None:
    site.answer_options = AnswerOptions(lifetime=MINUTE)
    assert status(source, site, leaf) is GOOD
    site.broken = {"/ocsp", "/intermediate.crl"}
    assert status(source, site, leaf, MINUTE) is UNKNOWN


# ------------------------------------------------------------------------- bad days


def test_nobody_answers(site: AuthoritySite, source: OnlineRevocation, leaf: Leaf) -> None:
    site.broken = {"/ocsp", "/intermediate.crl"}
    assert status(source, site, leaf) is UNKNOWN
    assert site.asked == [OCSP, LIST]


def test_a_place_that_failed_is_left_alone_for_a_minute(
    site: AuthoritySite, source: OnlineRevocation, leaf: Leaf
) -> None:
    site.broken = {"/ocsp", "/intermediate.crl"}
    for _ in range(3):
        assert status(source, site, leaf, MINUTE / 2) is UNKNOWN
    assert site.asked == [OCSP, LIST]
    site.broken = set()
    assert status(source, site, leaf, 2 * MINUTE) is GOOD


def test_a_slow_responder_costs_no_more_than_the_timeout(site: AuthoritySite, leaf: Leaf) -> None:
    site.slow = 0.5
    source = online(site, HttpFetch(timeout=0.1))
    assert status(source, site, leaf) is UNKNOWN


@pytest.mark.parametrize("broken", [False, True])
def test_voters_who_come_together_fetch_a_list_once(
    site: AuthoritySite, source: OnlineRevocation, broken: bool
) -> None:
    site.broken = {"/ocsp", "/intermediate.crl"} if broken else {"/ocsp"}
    site.slow = 0.2
    voters = [site.authority.issue_person(IIN, f"САЙЛАУШЫ {i}") for i in range(4)]
    with ThreadPoolExecutor(len(voters)) as pool:
        told = list(pool.map(lambda voter: status(source, site, voter), voters))
    assert told == [UNKNOWN if broken else GOOD] * len(voters)
    assert site.asked.count(LIST) == 1


def test_only_hosts_that_were_named_are_asked(site: AuthoritySite, leaf: Leaf) -> None:
    source = OnlineRevocation(
        HttpFetch(), frozenset({"ocsp.pki.gov.kz"}), secrets.token_bytes, ALGORITHMS
    )
    assert status(source, site, leaf) is UNKNOWN
    assert site.asked == []


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ldap://127.0.0.1", ""])
def test_a_certificate_that_points_elsewhere_is_not_followed(place: str) -> None:
    authority = TestAuthority.create(START, kind=KeyKind.GOST_256, site=place)
    leaf = authority.issue_person(IIN, "СЫНАҚ СЫНАҚОВ")
    source = OnlineRevocation(
        HttpFetch(), frozenset({"", "127.0.0.1"}), secrets.token_bytes, ALGORITHMS
    )
    assert source.status(leaf.certificate, authority.intermediate, START) is UNKNOWN


def test_bytes_that_are_no_certificate_are_unknown(source: OnlineRevocation) -> None:
    assert source.status(b"rubbish", b"rubbish", START) is UNKNOWN


# ------------------------------------------------------- answers not to be believed


@pytest.fixture
def only_ocsp(site: AuthoritySite) -> AuthoritySite:
    site.broken = {"/intermediate.crl"}
    return site


def test_an_answer_to_another_nonce_is_not_believed(
    only_ocsp: AuthoritySite, source: OnlineRevocation, leaf: Leaf
) -> None:
    only_ocsp.answer_options = AnswerOptions(nonce=b"n" * 16)
    assert status(source, only_ocsp, leaf) is UNKNOWN


def test_an_answer_about_somebody_else_is_not_believed(
    only_ocsp: AuthoritySite, leaf: Leaf
) -> None:
    class Swapped(HttpFetch):
        """Asks about another certificate than it was told to."""

        def post(self, address: str, body: bytes, kind: str, limit: int) -> bytes:
            return super().post(address, body.replace(body[-60:-50], b"\x00" * 10), kind, limit)

    source = online(only_ocsp, Swapped())
    assert status(source, only_ocsp, leaf) is UNKNOWN


def test_yesterdays_answer_is_not_believed(
    only_ocsp: AuthoritySite, source: OnlineRevocation, leaf: Leaf
) -> None:
    assert status(source, only_ocsp, leaf, timedelta(days=1)) is UNKNOWN


def test_tomorrows_answer_is_not_believed(
    only_ocsp: AuthoritySite, source: OnlineRevocation, leaf: Leaf
) -> None:
    assert status(source, only_ocsp, leaf, timedelta(hours=-1)) is UNKNOWN


def test_an_answer_by_a_voters_key_is_not_believed(
    only_ocsp: AuthoritySite, source: OnlineRevocation, leaf: Leaf
) -> None:
    only_ocsp.answer_options = AnswerOptions(responder=leaf)
    assert status(source, only_ocsp, leaf) is UNKNOWN


@pytest.mark.parametrize(
    "issued",
    [
        Profile((FOR_SIGNING, INDIVIDUAL), signing=False),
        Profile((OCSP_SIGNING,), starts=timedelta(days=1)),
        Profile((OCSP_SIGNING,), starts=timedelta(days=-9), valid=timedelta(days=1)),
    ],
    ids=["not for it", "of tomorrow", "run out"],
)
def test_a_responder_without_a_right_to_it_is_not_believed(
    only_ocsp: AuthoritySite, source: OnlineRevocation, leaf: Leaf, issued: Profile
) -> None:
    responder = only_ocsp.authority.issue_responder(issued)
    only_ocsp.answer_options = AnswerOptions(responder=responder)
    assert status(source, only_ocsp, leaf) is UNKNOWN


def test_a_responder_of_another_authority_is_not_believed(
    only_ocsp: AuthoritySite, source: OnlineRevocation, leaf: Leaf
) -> None:
    kind = only_ocsp.authority.root_leaf.key.kind
    responder = TestAuthority.create(START, kind=kind).issue_responder()
    only_ocsp.answer_options = AnswerOptions(responder=responder)
    assert status(source, only_ocsp, leaf) is UNKNOWN


def test_a_responder_that_signs_with_another_key_is_not_believed(
    only_ocsp: AuthoritySite, source: OnlineRevocation, leaf: Leaf
) -> None:
    kind = only_ocsp.authority.root_leaf.key.kind
    other = TestAuthority.create(START, kind=kind, share_key=False)
    honest = only_ocsp.authority.issue_responder()
    thief = Leaf(honest.certificate, other.issue_responder().key)
    only_ocsp.answer_options = AnswerOptions(responder=thief, by_name=True)
    assert status(source, only_ocsp, leaf) is UNKNOWN


@pytest.mark.parametrize("body", [b"", b"\x30\x03\x0a\x01\x06", b"rubbish", b"0" * 70_000])
def test_rubbish_instead_of_an_answer_is_not_believed(
    only_ocsp: AuthoritySite, source: OnlineRevocation, leaf: Leaf, body: bytes
) -> None:
    only_ocsp.bodies["/ocsp"] = body
    assert status(source, only_ocsp, leaf) is UNKNOWN


def test_an_answer_about_another_issuers_certificate_is_unknown(
    site: AuthoritySite, source: OnlineRevocation, leaf: Leaf
) -> None:
    authority = site.authority
    assert source.status(leaf.certificate, authority.root, START) is UNKNOWN


# --------------------------------------------------------- lists not to be believed


@pytest.fixture
def only_list(site: AuthoritySite) -> AuthoritySite:
    site.broken = {"/ocsp"}
    return site


def extension(name: str, value: object, critical: bool = True) -> crl.TBSCertListExtension:
    return crl.TBSCertListExtension({"extn_id": name, "critical": critical, "extn_value": value})


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (ListOptions(lifetime=None), UNKNOWN),
        (ListOptions(lifetime=timedelta(0)), UNKNOWN),
        (ListOptions(extensions=(extension("delta_crl_indicator", core.Integer(1)),)), UNKNOWN),
        (
            ListOptions(
                extensions=(
                    extension(
                        "issuing_distribution_point",
                        crl.IssuingDistributionPoint({"indirect_crl": True}),
                    ),
                )
            ),
            UNKNOWN,
        ),
        (
            ListOptions(
                extensions=(
                    extension(
                        "issuing_distribution_point",
                        crl.IssuingDistributionPoint({"only_contains_ca_certs": True}),
                    ),
                )
            ),
            UNKNOWN,
        ),
        (
            ListOptions(extensions=(extension("1.2.3.4", core.ParsableOctetString(b"\x05\x00")),)),
            UNKNOWN,
        ),
        (
            ListOptions(
                extensions=(
                    extension("1.2.3.4", core.ParsableOctetString(b"\x05\x00"), critical=False),
                )
            ),
            GOOD,
        ),
    ],
    ids=["no end", "ended", "delta", "indirect", "of CAs only", "unknown critical", "unknown"],
)
def test_a_list_counts_only_if_it_is_whole_and_current(
    only_list: AuthoritySite,
    source: OnlineRevocation,
    leaf: Leaf,
    options: ListOptions,
    expected: Revocation,
) -> None:
    only_list.list_options = options
    assert status(source, only_list, leaf) is expected


def test_a_list_of_another_authority_is_not_believed(
    only_list: AuthoritySite, source: OnlineRevocation, leaf: Leaf
) -> None:
    other = TestAuthority.create(START, kind=only_list.authority.root_leaf.key.kind)
    for issuer in (other.intermediate_leaf, only_list.authority.root_leaf, leaf):
        only_list.bodies["/intermediate.crl"] = revocation_list(issuer, START)
        assert status(online(only_list), only_list, leaf) is UNKNOWN


def test_a_list_with_a_line_taken_out_is_not_believed(
    only_list: AuthoritySite, source: OnlineRevocation, leaf: Leaf
) -> None:
    issuer = only_list.authority.intermediate_leaf
    full = revocation_list(issuer, START, [leaf.certificate])
    loaded = crl.CertificateList.load(full)
    loaded["tbs_cert_list"]["revoked_certificates"] = crl.RevokedCertificates([])
    only_list.bodies["/intermediate.crl"] = loaded.dump(force=True)
    assert status(source, only_list, leaf) is UNKNOWN


@pytest.mark.parametrize("body", [b"", b"rubbish", b"\x30\x80", b"0" * 100])
def test_rubbish_instead_of_a_list_is_not_believed(
    only_list: AuthoritySite, source: OnlineRevocation, leaf: Leaf, body: bytes
) -> None:
    only_list.bodies["/intermediate.crl"] = body
    assert status(source, only_list, leaf) is UNKNOWN


# ------------------------------------------------------------------ lists of changes


def changes(
    site: AuthoritySite, revoked: Sequence[bytes], *, number: int = 2, base: int = 1
) -> bytes:
    """A list of changes to the site's list."""
    indicator = crl.TBSCertListExtension(
        {"extn_id": "delta_crl_indicator", "critical": True, "extn_value": core.Integer(base)}
    )
    options = ListOptions(extensions=(indicator,), number=number)
    return revocation_list(site.authority.intermediate_leaf, START, revoked, options)


def announcing(address: str) -> ListOptions:
    """A whole list that says where its changes are."""
    names = [x509.GeneralName("uniform_resource_identifier", address)]
    point = {"distribution_point": x509.DistributionPointName("full_name", names)}
    freshest = crl.TBSCertListExtension(
        {"extn_id": "freshest_crl", "extn_value": x509.CRLDistributionPoints([point])}
    )
    return ListOptions(extensions=(freshest,))


def test_changes_are_added_to_the_list(
    only_list: AuthoritySite, source: OnlineRevocation, leaf: Leaf
) -> None:
    other = only_list.authority.issue_person(IIN, "СЫНАҚ СЫНАҚОВ")
    only_list.list_options = announcing(f"{only_list.address}/delta.crl")
    only_list.bodies["/delta.crl"] = changes(only_list, [leaf.certificate])
    assert status(source, only_list, leaf) is REVOKED
    assert status(source, only_list, other) is GOOD


@pytest.mark.parametrize(
    "wrong", ["absent", "rubbish", "of another list", "older", "of a stranger"]
)
def test_changes_that_do_not_fit_change_nothing(
    only_list: AuthoritySite, source: OnlineRevocation, leaf: Leaf, wrong: str
) -> None:
    """The list itself is as good as it was made to be."""
    only_list.list_options = announcing(f"{only_list.address}/delta.crl")
    stranger = AuthoritySite(only_list.address)
    stranger.authority = TestAuthority.create(START, kind=KeyKind.GOST_256)
    only_list.bodies |= {
        "absent": {},
        "rubbish": {"/delta.crl": b"rubbish"},
        "of another list": {"/delta.crl": changes(only_list, [leaf.certificate], base=7, number=8)},
        "older": {"/delta.crl": changes(only_list, [leaf.certificate], number=0, base=0)},
        "of a stranger": {"/delta.crl": changes(stranger, [leaf.certificate])},
    }[wrong]
    assert status(source, only_list, leaf) is GOOD


def test_what_was_only_held_is_let_go_by_changes(only_list: AuthoritySite, leaf: Leaf) -> None:
    """Reason 8, removeFromCRL, of RFC 5280 section 5.3.1."""
    issuer = only_list.authority.intermediate_leaf
    whole = revocation_list(issuer, START, [leaf.certificate])
    freed = crl.CertificateList.load(changes(only_list, [leaf.certificate]))
    unsigned = freed["tbs_cert_list"]
    reason = crl.CRLEntryExtension({"extn_id": "crl_reason", "extn_value": "remove_from_crl"})
    unsigned["revoked_certificates"][0]["crl_entry_extensions"] = crl.CRLEntryExtensions([reason])
    freed["signature"] = issuer.key.sign(unsigned.dump(force=True))
    listed = ListedRevocation((whole, freed.dump(force=True)), ALGORITHMS)
    moment = START + timedelta(minutes=1)
    asked = (leaf.certificate, only_list.authority.intermediate, moment)
    assert listed.status(*asked) is GOOD
    assert ListedRevocation((whole,), ALGORITHMS).status(*asked) is REVOKED


ENTRY = b"\x30\x05\x02\x01\x07\x05\x00"


@pytest.mark.parametrize(
    "entries",
    [
        ENTRY[:-1],  # cut short
        ENTRY + b"\x30",
        b"\x31" + ENTRY[1:],  # a set
        b"\x30\x00",
        b"\x30\x03\x04\x01\x07",  # not a number
        b"\x30\x03\x02\x02\x07",  # a number that reaches out of its entry
        b"\x30\x02\x02\x00",  # a number of no bytes
        b"\x30\x80" + ENTRY[2:] + b"\x00\x00",  # indefinite length
        b"\x30\x84\x00\x00\x00\x05" + ENTRY[2:],
    ],
)
def test_entries_of_another_form_are_not_walked(entries: bytes) -> None:
    assert [one[0] for one in _walk(ENTRY + b"\x30\x81\x04\x02\x02\x01\x00")] == [7, 256]
    with pytest.raises(ValueError, match=r"element|length"):
        list(_walk(ENTRY + entries))


@pytest.mark.parametrize("missing", ["crl_sign", "same name"])
def test_a_list_by_one_that_may_not_sign_it_is_refused(
    site: AuthoritySite, leaf: Leaf, missing: str
) -> None:
    """A voter's certificate signs no lists, and nobody signs those of another."""
    data = revocation_list(leaf, START)
    issuer = leaf.certificate if missing == "crl_sign" else site.authority.root
    with pytest.raises(RefusedError) as refused:
        read_list(data, issuer, ALGORITHMS)
    assert refused.value.code == "untrusted"


# ------------------------------------------------------------------------- fetching


def test_a_body_over_the_limit_is_refused(site: AuthoritySite) -> None:
    site.bodies["/big"] = b"x" * 200_000
    assert len(HttpFetch().get(f"{site.address}/big", 200_000)) == 200_000
    with pytest.raises(FetchError) as failed:
        HttpFetch().get(f"{site.address}/big", 199_999)
    assert failed.value.address == f"{site.address}/big"


@pytest.mark.parametrize(
    "address", ["file:///etc/hosts", "ftp://127.0.0.1/", "http://127.0.0.1:1/", "no address", ""]
)
def test_nothing_else_is_fetched(address: str) -> None:
    with pytest.raises(FetchError):
        HttpFetch(timeout=0.5).get(address, 100)


def test_a_body_that_takes_too_long_is_given_up(site: AuthoritySite) -> None:
    site.bodies["/big"] = b"x" * 200_000
    with pytest.raises(FetchError) as failed:
        HttpFetch(patience=0).get(f"{site.address}/big", 200_000)
    assert failed.value.why == "too slow"


def test_a_redirect_is_not_followed(site: AuthoritySite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "respond", lambda *_: (302, b""))
    with pytest.raises(FetchError) as failed:
        HttpFetch().get(f"{site.address}/moved", 100)
    assert failed.value.why == "status 302"


# ------------------------------------------------------------------------- the desk


def test_the_desk_asks_for_everyone_in_the_chain(
    site: AuthoritySite, source: OnlineRevocation, leaf: Leaf
) -> None:
    authority = site.authority
    desk = SignatureDesk(
        Trust((authority.root,), (), ALGORITHMS),
        profile(),
        SignatureRules(revocation=RevocationPolicy.REQUIRED),
        MemoryNonceStore(),
        StoppedClock(),
        secrets.token_bytes,
        source,
    )
    signer = desk.check(authority.sign_cms(leaf, desk.challenge(ELECTION, CREDENTIAL)))
    assert (signer.holder.person, signer.revocation) == (IIN, GOOD)
    assert site.asked == [OCSP, ROOT_LIST]
