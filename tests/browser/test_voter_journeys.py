"""A telephone 360 px wide: identify, choose, check, cast, receipt, in three languages."""

import base64
import json
import sqlite3
import urllib.request
from collections.abc import Callable
from contextlib import closing
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Request, Route, WebSocketRoute, expect

from tests.languages import ONE_NOW_THE_REST_SLOWLY
from tests.web.portal_site import Site
from tests.web.portal_steps import LANGUAGES, MAX_BYTES, Journey

CASTS = "**/cast"
TEN = 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_voter_votes_by_sms_in_under_ten_taps(
    site: Site, journey: Callable[[str], Journey], language: str
) -> None:
    voter = site.fresh_voter()
    one = journey(language)
    one.identify_by_sms(voter)
    one.choose(1)
    chosen = one.page.locator("[data-chosen]").inner_text()
    tracker = one.cast()
    assert one.taps < TEN
    assert chosen not in one.page.locator("[data-step=receipt]").inner_text()
    assert one.page.evaluate("sessionStorage.length") == 0
    assert receipt_of(site, tracker)["tracker"] == tracker
    weight = one.weight()
    assert sum(weight.values()) < MAX_BYTES, weight
    assert one.strangers == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_voter_votes_by_signature_in_under_ten_taps(
    site: Site, journey: Callable[[str], Journey], language: str
) -> None:
    voter = site.fresh_voter("ulytau")
    one = journey(language)
    one.identify_by_signature(voter)
    one.choose()
    tracker = one.cast()
    assert one.taps < TEN
    assert one.page.evaluate("sessionStorage.length") == 0
    entry = json.loads(str(receipt_of(site, tracker)["entry"]))
    assert entry["permit"]["statement"]["method"] == "eds"
    assert entry["permit"]["statement"]["evidence"]


@pytest.mark.parametrize("language", ONE_NOW_THE_REST_SLOWLY)
def test_every_page_of_the_journey_is_clean(
    site: Site, journey: Callable[[str], Journey], language: str
) -> None:
    voter = site.fresh_voter("ulytau", "company" if language == "kk" else "entrepreneur")
    one = journey(language)
    one.open()
    one.look()
    one.open("identify/")
    one.look()
    one.page.locator("#number").fill("1")
    one.page.locator("button[value=sms]").click()
    one.page.wait_for_selector(".govuk-error-summary:focus")
    one.look()
    one.open("identify/signature/")
    one.page.wait_for_selector("[data-sign=demo]:enabled")
    one.page.locator("details").first.evaluate("details => { details.open = true; }")
    one.look()
    one.open("identify/")
    one.page.locator("#number").fill(voter["number"])
    one.page.locator("button[value=sms]").click()
    one.page.wait_for_selector("#code")
    one.look()
    one.page.locator("#code").fill("12345")
    one.page.locator("form:has(#code) button").click()
    one.page.wait_for_selector(".govuk-error-summary:focus")
    one.look()
    one.page.locator("#code").fill(one.sms_code(voter))
    one.page.locator("form:has(#code) button").click()
    one.page.wait_for_selector("[data-check]:enabled")
    one.look()
    one.tap("[data-check]")
    one.page.wait_for_selector("[data-none]:focus")
    one.look()
    one.choose()
    one.look()
    one.cast()
    one.page.locator("[data-qr]").evaluate("image => image.decode()")
    one.look()
    for path in ("mine/", "report/"):
        one.open(path)
        one.look()
    for path in ("demo/outbox/", "demo/voters/"):
        one.page.goto(f"{site.url}/{language}/{path}")
        one.look()


def test_voter_marks_up_to_three_and_no_more(site: Site, journey: Callable[[str], Journey]) -> None:
    one = journey("ru")
    one.identify_by_sms(site.fresh_voter("ulytau"))
    expect(one.page.locator("[data-check]")).to_be_enabled()  # the page's scripts are there
    cards = one.page.locator(".p-card__target")
    for place in range(3):
        cards.nth(place).tap()
    expect(one.page.locator("[data-count]")).to_contain_text("3")
    assert one.page.locator("[data-mark]").nth(3).is_disabled()
    cards.last.tap()
    assert one.page.locator("[data-mark]:checked").count() == 1, "blank stands alone"
    cards.nth(0).tap()
    assert one.page.locator("[data-mark]:checked").get_attribute("value") == "0"
    for box in one.page.locator(".p-card__target").all():
        size = box.bounding_box()
        assert size is not None
        assert size["height"] >= 44


def test_blank_vote_is_taken(site: Site, journey: Callable[[str], Journey]) -> None:
    one = journey("ru")
    one.identify_by_sms(site.fresh_voter("ulytau"))
    one.tap(".p-card--blank .p-card__target")
    one.tap("[data-check]:enabled")
    assert receipt_of(site, one.cast())["v"] == 1


def test_voter_changes_the_choice_before_casting(
    site: Site, journey: Callable[[str], Journey]
) -> None:
    one = journey("en")
    one.identify_by_sms(site.fresh_voter())
    one.choose(0)
    first = one.page.locator("[data-chosen]").inner_text()
    one.tap("[data-change]")
    one.choose(2)
    assert one.page.locator("[data-chosen]").inner_text() != first
    one.cast()


def test_answer_lost_on_the_way_and_the_vote_counts_once(
    site: Site, journey: Callable[[str], Journey]
) -> None:
    one = journey("ru")
    one.identify_by_sms(site.fresh_voter())
    one.choose()
    bodies: list[str | None] = []

    def lose_the_first(route: Route, request: Request) -> None:
        bodies.append(request.post_data)
        if len(bodies) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    one.page.route(CASTS, lose_the_first)
    tracker = one.cast()
    assert len(bodies) == 2
    assert bodies[0] == bodies[1], "the very same request"
    one.open("mine/")
    assert one.page.locator(".p-own").count() == 1
    shown = "".join(one.page.locator(".p-tracker span").all_text_contents())
    assert shown == tracker
    before = looks(site)
    one.open("mine/")
    assert looks(site) == before, "once since they came"
    assert before[-1][1] == "sms"


def looks(site: Site) -> list[tuple[int, str]]:
    """What was noted of voters who looked at their ballots."""
    with closing(sqlite3.connect(site.data / "signals.sqlite3", timeout=20)) as signals:
        return signals.execute(
            "SELECT register_number, method FROM signals_signalrow"
            " WHERE kind = 'checked' AND leaf_index IS NULL ORDER BY id"
        ).fetchall()


def test_pressing_twice_casts_once(site: Site, journey: Callable[[str], Journey]) -> None:
    one = journey("ru")
    one.identify_by_sms(site.fresh_voter())
    one.choose()
    sent: list[str] = []
    one.page.on("request", lambda r: sent.append(r.url) if r.url.endswith("/cast") else None)
    one.page.evaluate(
        "() => { const b = document.querySelector('[data-cast]'); b.click(); b.click(); }"
    )
    one.receipt()
    assert len(sent) == 1


def test_keyboard_alone_is_enough(site: Site, journey: Callable[[str], Journey]) -> None:
    voter = site.fresh_voter()
    one = journey("ru")
    one.open()
    tab_to(one.page, ".p-big", "Enter")
    one.page.wait_for_selector("#number")
    tab_to(one.page, "#number")
    one.page.keyboard.type(voter["number"])
    tab_to(one.page, "button[value=sms]", "Enter")
    one.page.wait_for_selector("#code:focus")
    one.page.keyboard.type(one.sms_code(voter))
    one.page.keyboard.press("Enter")
    one.page.wait_for_selector("[data-check]:enabled")
    tab_to(one.page, "[data-mark]", "Space")
    tab_to(one.page, "[data-check]", "Enter")
    one.page.wait_for_selector("[data-step=review] [data-heading]:focus")
    tab_to(one.page, "[data-cast]", "Enter")
    one.receipt()
    assert one.page.evaluate("document.activeElement.matches('[data-step=receipt] [data-heading]')")


def test_voter_signs_a_file_elsewhere(site: Site, journey: Callable[[str], Journey]) -> None:
    voter = site.fresh_voter()
    one = journey("ru")
    one.open("identify/signature/")
    one.page.locator("details").first.evaluate("details => { details.open = true; }")
    with one.page.expect_download() as download:
        one.page.locator("[data-sign=file]:enabled").click()
    content = download.value.path().read_bytes()
    one.page.locator("#cms").set_input_files(
        {
            "name": "vote.cms",
            "mimeType": "application/octet-stream",
            "buffer": site.sign(voter["number"], content),
        }
    )
    one.page.locator("[data-send-file]").click()
    one.page.wait_for_selector("[data-check]:enabled")
    one.choose()
    one.cast()


def test_voter_signs_with_ncalayer(
    site: Site, journey: Callable[[str], Journey], page_problems: list[str]
) -> None:
    voter = site.fresh_voter()
    one = journey("kk")
    one.page.route_web_socket(
        "wss://127.0.0.1:13579", lambda socket: ncalayer(socket, site, voter["number"])
    )
    one.open("identify/signature/")
    one.page.locator("[data-sign=ncalayer]:enabled").click()
    one.page.wait_for_selector("[data-check]:enabled")
    one.choose()
    one.cast()
    # The client also looks for another program, which the policy refuses.
    assert all("127.0.0.1:24680" in problem for problem in page_problems)
    page_problems.clear()


def test_next_voter_on_the_same_telephone_starts_anew(
    site: Site, journey: Callable[[str], Journey]
) -> None:
    one = journey("ru")
    one.identify_by_sms(site.fresh_voter())
    one.choose()
    first = one.cast()
    one.identify_by_sms(site.fresh_voter())
    one.choose()
    assert one.cast() != first


def test_language_switch_stays_on_the_page(site: Site, journey: Callable[[str], Journey]) -> None:
    one = journey("ru")
    one.open("identify/")
    one.page.locator(".d-languages a[hreflang=kk]").click()
    assert one.page.url == site.page("kk", "identify/")
    one.page.goto(f"{site.url}/kk/nowhere/")
    Journey(site, one.page, "kk", one.axe).look()


def ncalayer(socket: WebSocketRoute, site: Site, number: str) -> None:
    """Stand in for the program on the voter's computer."""

    def answer(text: str | bytes) -> None:
        request = json.loads(text)
        if request["module"] != "kz.gov.pki.knca.basics":
            socket.send(json.dumps({"status": False, "code": "500", "message": "?"}))
            return
        cms = site.sign(number, base64.b64decode(request["args"]["data"]))
        pem = f"-----BEGIN CMS-----\n{base64.encodebytes(cms).decode()}-----END CMS-----\n"
        socket.send(json.dumps({"status": True, "body": {"result": [pem]}}))

    socket.on_message(answer)
    socket.send(json.dumps({"result": {"version": "1.4"}}))


def receipt_of(site: Site, tracker: str) -> dict[str, object]:
    """The board's own receipt for a tracker."""
    address = f"{site.url}/api/v1/elections/{site.election}/receipt?tracker={quote(tracker)}"
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 -- our own server
        found: dict[str, object] = json.load(answer)
        return found


def tab_to(page: Page, selector: str, press: str | None = None) -> None:
    """Press Tab until the focus is on `selector`; it must be seen there."""
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_IS_SEEN), page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            if press:
                page.keyboard.press(press)
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


FOCUS_IS_SEEN = """() => {
  const place = document.activeElement.closest('label') || document.activeElement;
  if (place === document.body) return true;
  const { left, top, width, height } = place.getBoundingClientRect();
  const middle = Math.max(top, 0) + Math.min(height, innerHeight) / 2;
  const seen = document.elementFromPoint(left + width / 2, middle);
  return Boolean(seen) && (place.contains(seen) || seen.contains(place));
}"""
