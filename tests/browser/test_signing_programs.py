"""Voters sign with NCALayer and eGov Mobile, stood in for by programs that speak their protocols.

With DAUYS_PICTURES=FOLDER each state of the page is pictured there, for people to look at.
"""

import base64
import fcntl
import io
import json
import os
import ssl
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import segno
from playwright.sync_api import BrowserContext, Page, expect
from websockets.sync.client import connect

from dauys.identity.kazakhstan.certificates import profile
from dauys.identity.kazakhstan.egov_mobile import qr_text
from dauys.identity.signature.asn1 import unarmoured
from dauys.identity.signature.certificates import read_certificate
from dauys.identity.signature.cms import read_signed_message
from dauys.scenario.demo_signer import SampleSigner, choose, keep
from dauys.scenario.stand_in_egov_mobile import AppError, Shown, StandInEgovMobile
from dauys.scenario.stand_in_ncalayer import (
    BASICS,
    COMMON_UTILS,
    PORT,
    StandInNCALayer,
    beside,
    running,
)
from dauys.scenario.test_ca import Leaf, Profile, TestAuthority
from dauys.scenario.test_keys import KeyKind
from tests.browser.conftest import watch
from tests.web.portal_site import Site, serving
from tests.web.portal_steps import LANGUAGES

DESKTOP = {"viewport": {"width": 1280, "height": 900}, "has_touch": False, "is_mobile": False}
PHONE: dict[str, Any] = {}
IN_TURN = ["ru", *(pytest.param(one, marks=pytest.mark.slow) for one in LANGUAGES if one != "ru")]
PICTURES = os.environ.get("DAUYS_PICTURES", "")
Look = Callable[[Page], list[str]]
NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def gost() -> TestAuthority:
    return TestAuthority.create(datetime.now(UTC) - timedelta(minutes=1), kind=KeyKind.GOST_512)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, gost: TestAuthority) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("portal"), demo=False, trusted=[gost]) as running_site:
        yield running_site


@pytest.fixture
def ncalayer() -> Iterator[StandInNCALayer]:
    """The program on its one port, which test processes take in turn."""

    def no_key(_: bytes) -> bytes:
        raise AssertionError("nobody chose a key")

    program = StandInNCALayer(no_key)
    with (Path(tempfile.gettempdir()) / "dauys-ncalayer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with running(program):
            yield program


@pytest.fixture
def open_page(
    new_context: NewContext, site: Site, page_problems: list[str]
) -> Iterator[Callable[..., Page]]:
    """A browser on the signing page; NCALayer's own certificate is trusted in it."""

    def opened(language: str, **options: Any) -> Page:
        page = new_context(ignore_https_errors=True, **options).new_page()
        watch(page, page_problems)
        page.goto(site.page(language, "identify/signature/"))
        expect(page.locator("[data-sign=ncalayer]")).to_be_enabled()
        return page

    yield opened
    # The vendored client looks for another program, which the policy refuses.
    assert [one for one in page_problems if "127.0.0.1:24680" not in one] == []


def person(site: Site, authority: TestAuthority, voter: dict[str, Any]) -> Leaf:
    return authority.issue_person(voter["number"], voter["name"]["ru"])


def vote(page: Page) -> None:
    """From the ballot to the receipt."""
    page.wait_for_url("**/ballot/")
    page.locator(".p-card__target").first.click()
    page.locator("[data-check]:enabled").click()
    page.locator("[data-cast]:visible").click()
    page.wait_for_selector("[data-proof]:not(:empty):visible")


def picture(page: Page, name: str) -> None:
    """The page as it is, at both widths, where somebody wants to look."""
    if not PICTURES:
        return
    before = page.viewport_size
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
    if before:
        page.set_viewport_size(before)


# ------------------------------------------------------------------------------ NCALayer


@pytest.mark.parametrize(
    ("language", "kind", "old"),
    [
        ("ru", KeyKind.RSA, False),
        ("kk", KeyKind.GOST_512, False),
        pytest.param("en", KeyKind.GOST_512, True, marks=pytest.mark.slow),
    ],
    ids=["rsa", "gost", "gost, older program"],
)
def test_a_voter_votes_with_ncalayer(
    site: Site,
    gost: TestAuthority,
    ncalayer: StandInNCALayer,
    open_page: Callable[..., Page],
    language: str,
    kind: KeyKind,
    old: bool,
) -> None:
    authority = site.authority if kind is KeyKind.RSA else gost
    leaf = person(site, authority, site.fresh_voter())
    # The real program leaves the intermediate out; then the installation must have it.
    ncalayer.sign = lambda content: authority.sign_cms(leaf, content)
    ncalayer.old = old
    page = open_page(language, **DESKTOP)
    page.locator("[data-sign=ncalayer]").click()
    vote(page)
    modules = [one["module"] for one in ncalayer.asked if one["module"] in (BASICS, COMMON_UTILS)]
    assert modules == ([BASICS, COMMON_UTILS] if old else [BASICS])


STATES: dict[str, Callable[[StandInNCALayer], None]] = {
    "cancelled": lambda program: setattr(program, "cancels", True),
    "expired_key": lambda program: setattr(program, "says", "Срок действия сертификата истек"),
    "wrong_key": lambda program: setattr(program, "says", "Неверный пароль"),
    "refused": lambda program: setattr(program, "says", "Внутренняя ошибка"),
    "not_running": lambda program: setattr(program, "hangs_up", True),
}


@pytest.mark.parametrize("language", IN_TURN)
def test_each_state_of_ncalayer_is_explained(
    site: Site,
    gost: TestAuthority,
    ncalayer: StandInNCALayer,
    open_page: Callable[..., Page],
    axe: Look,
    language: str,
) -> None:
    """The program's own troubles, then keys that the server refuses; every text is another."""
    page = open_page(language, **DESKTOP)
    told = {}
    for state, arrange in STATES.items():
        ncalayer.says, ncalayer.cancels, ncalayer.hangs_up = "", False, False
        arrange(ncalayer)
        told[state] = press_and_read(page, f"{language}-{state}")
    ncalayer.hangs_up = False
    for state, sign in bad_keys(site, gost).items():
        ncalayer.sign = sign
        told[state] = press_and_read(page, f"{language}-{state}")
    assert len(set(told.values())) == len(told) - 2  # the same words for the program and the server
    assert axe(page) == []
    assert page.locator("[data-problem] :focus, [data-problem]:focus-within").count()


def press_and_read(page: Page, name: str) -> str:
    page.locator("[data-problem]").evaluate("place => place.replaceChildren()")
    page.locator("[data-sign=ncalayer]").click()
    summary = page.locator("[data-problem] > *")
    expect(summary).to_be_visible()
    picture(page, name)
    return summary.inner_text()


def bad_keys(site: Site, gost: TestAuthority) -> dict[str, Callable[[bytes], bytes]]:
    """Signatures that the server refuses, each for another reason."""
    number = site.fresh_voter()["number"]
    signs = ("1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.1")
    ended = Profile(signs, valid=timedelta(seconds=30), starts=timedelta(0))
    stranger = TestAuthority.create(datetime.now(UTC) - timedelta(minutes=1))
    keys = {
        "not_for_signing": (gost, gost.issue_authentication(number, "СЫНАҚ")),
        "expired": (gost, gost.issue_person(number, "СЫНАҚ", issued=ended)),
        "untrusted": (stranger, stranger.issue_person(number, "СЫНАҚ")),
        "not_registered": (gost, gost.issue_person("900101300017", "СЫНАҚ")),
        "wrong_role": (
            gost,
            gost.issue_head("080540010396", number, "СЫНАҚ", "ТОО", role="1.2.398.3.3.4.1.2.5"),
        ),
    }

    def by(authority: TestAuthority, leaf: Leaf) -> Callable[[bytes], bytes]:
        return lambda content: authority.sign_cms(leaf, content)

    found = {state: by(*key) for state, key in keys.items()}
    good = gost.issue_person(number, "СЫНАҚ")
    old, new = bytes.fromhex("2a830e030a0101020302"), bytes.fromhex("2a830e030a0101010203")
    found["old_gost"] = lambda content: gost.sign_cms(good, content).replace(old, new)
    return found


@pytest.mark.parametrize("language", IN_TURN)
def test_no_ncalayer_is_explained_and_so_is_a_refused_permission(
    open_page: Callable[..., Page], language: str
) -> None:
    """Nothing listens; then the browser says that the person had refused access."""
    with (Path(tempfile.gettempdir()) / "dauys-ncalayer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        page = open_page(language, **DESKTOP)
        absent = press_and_read(page, f"{language}-absent")
        page.evaluate("navigator.permissions.query = async () => ({ state: 'denied' })")
        denied = press_and_read(page, f"{language}-not_allowed")
    assert "NCALayer" in absent
    assert absent != denied


def test_the_demonstrations_program_signs_as_whom_its_pages_chose(
    site: Site, gost: TestAuthority, tmp_path: Path
) -> None:
    voter = site.fresh_voter()
    number = voter["number"]
    signer = SampleSigner(number=number, iin=number, name=voter["name"]["ru"], organisation="")
    keep(tmp_path, gost, (signer,))
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    request = {
        "module": BASICS,
        "method": "sign",
        "args": {
            "format": "cms",
            "data": base64.b64encode(b"content").decode(),
            "signingParams": {"decode": True, "encapsulate": True, "digested": False},
        },
    }
    with (Path(tempfile.gettempdir()) / "dauys-ncalayer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with beside(tmp_path) as runs, beside(tmp_path) as again:
            assert (runs, again) == (True, False)
            with connect(f"wss://127.0.0.1:{PORT}", ssl=context) as program:
                assert json.loads(program.recv())["result"]["version"]
                program.send(json.dumps(request))
                assert json.loads(program.recv())["status"] is False
                choose(tmp_path, number)
                program.send(json.dumps(request))
                signed = json.loads(program.recv())["body"]["result"][0]
    message = read_signed_message(unarmoured(signed.encode()))
    assert message.content == b"content"
    assert profile().holder_of(read_certificate(message.certificate)).number == number


# --------------------------------------------------------------------------- eGov Mobile


def link_of(page: Page) -> str:
    """The link of the page that waits; its QR code leads to the same place."""
    page.locator("[data-mobile-begin]").click()
    expect(page.locator("[data-mobile]")).to_be_visible()
    link = str(page.locator("[data-mobile-link]").get_attribute("href"))
    address = parse_qs(urlsplit(link).query)["link"][0]
    picture = io.BytesIO()
    segno.make(qr_text(address), error="m", micro=False).save(
        picture, kind="svg", scale=4, border=4, light="#ffffff", dark="#000000"
    )
    shown = str(page.locator("[data-mobile-qr]").get_attribute("src"))
    assert base64.b64decode(shown.partition(",")[2]) == picture.getvalue()
    return link


@pytest.mark.parametrize(
    ("language", "options"),
    [("ru", DESKTOP), ("kk", PHONE), pytest.param("en", DESKTOP, marks=pytest.mark.slow)],
)
def test_a_voter_votes_with_egov_mobile(
    site: Site,
    gost: TestAuthority,
    open_page: Callable[..., Page],
    axe: Look,
    language: str,
    options: dict[str, Any],
) -> None:
    leaf = person(site, gost, site.fresh_voter())
    app = StandInEgovMobile(lambda content: gost.sign_cms(leaf, content))
    page = open_page(language, **options)
    picture(page, f"{language}-signature")
    link = link_of(page)
    picture(page, f"{language}-waiting")
    assert axe(page) == []
    assert page.locator("[data-mobile-link]").is_visible() == (options is PHONE)
    assert page.locator("[data-mobile-qr]").is_visible() == (options is not PHONE)
    page.reload()
    expect(page.locator("[data-mobile]")).to_be_visible()
    code = page.locator("[data-mobile-code]").inner_text()
    shown: Shown = app.open(link)[0]
    assert code in shown.document
    assert app.scan(link).organisation
    vote(page)
    assert page.evaluate("sessionStorage.length") == 0
    with pytest.raises(AppError) as used:
        app.scan(link)
    assert (used.value.status, bool(used.value.message)) == (410, True)


def test_a_signature_that_is_not_taken_is_told_on_both_devices(
    site: Site, gost: TestAuthority, open_page: Callable[..., Page]
) -> None:
    """The person picks the wrong key, then the right one."""
    number = site.fresh_voter()["number"]
    page = open_page("ru", **DESKTOP)
    link = link_of(page)
    login = gost.issue_authentication(number, "СЫНАҚ")
    with pytest.raises(AppError) as refused:
        StandInEgovMobile(lambda content: gost.sign_cms(login, content)).scan(link)
    assert refused.value.status == 403
    expect(page.locator("[data-problem] > *")).to_be_visible()
    picture(page, "ru-mobile-refused")
    assert page.locator("[data-problem] h2").inner_text() in refused.value.message
    leaf = gost.issue_person(number, "СЫНАҚ")
    StandInEgovMobile(lambda content: gost.sign_cms(leaf, content)).scan(link)
    page.wait_for_url("**/ballot/")


def test_another_challenge_or_token_is_not_taken(
    site: Site, gost: TestAuthority, open_page: Callable[..., Page]
) -> None:
    leaf = person(site, gost, site.fresh_voter())
    one, two = open_page("ru", **DESKTOP), open_page("ru", **DESKTOP)
    first, second = link_of(one), link_of(two)
    app = StandInEgovMobile(lambda content: gost.sign_cms(leaf, content))
    _, where, documents = app.open(first)
    with pytest.raises(AppError) as refused:
        app._ask("GET", where["uri"], token="x" * 64)
    assert refused.value.status == 401
    signed = app.open(second)[2]["documentsToSign"][0]["document"]["file"]["data"]
    swapped = StandInEgovMobile(lambda _: gost.sign_cms(leaf, base64.b64decode(signed)))
    with pytest.raises(AppError) as refused:
        swapped.scan(first)
    assert refused.value.status == 403
    documents["documentsToSign"] = []
    with pytest.raises(AppError) as refused:
        app._ask("PUT", where["uri"], token=where["auth_token"], body=documents)
    assert refused.value.status == 400
