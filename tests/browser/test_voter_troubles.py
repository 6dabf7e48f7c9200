"""When something is wrong: a stolen vote, a wrong code, a lost line, an old browser, no time."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.languages import ONE_NOW_THE_REST_SLOWLY
from tests.web.portal_site import Site, serving
from tests.web.portal_steps import Journey, other_tab

STRANGER = "900101300017"
"""A well-formed IIN that is on no register of a test."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture
def thief(
    site: Site, new_context: Callable[..., BrowserContext], axe: Callable[[Page], list[str]]
) -> Callable[[dict[str, Any]], None]:
    """Somebody with another telephone votes by the voter's SMS code."""

    def steal(voter: dict[str, Any]) -> None:
        one = Journey(site, new_context().new_page(), "ru", axe)
        one.identify_by_sms(voter)
        one.choose(2)
        one.cast()

    return steal


@pytest.mark.parametrize("language", ONE_NOW_THE_REST_SLOWLY)
def test_robbed_voter_takes_the_vote_back(
    site: Site,
    journey: Callable[[str], Journey],
    thief: Callable[[dict[str, Any]], None],
    language: str,
) -> None:
    voter = site.fresh_voter()
    thief(voter)
    one = journey(language)
    one.identify_by_signature(voter)
    assert one.page.url.endswith("/already/")
    assert voter["phone"][-2:] in one.page.locator(".p-own").inner_text()
    one.look()
    one.tap(".p-answer--not .govuk-button--warning")
    one.page.wait_for_selector("[data-check]:enabled")
    one.look()
    one.choose()
    one.cast()
    one.open("mine/")
    one.look()
    assert one.page.locator(".p-own").count() == 2
    one.open("report/")
    assert one.page.locator(".d-card").count() == 1, "the commission was told"
    one.look()


@pytest.mark.parametrize("language", ONE_NOW_THE_REST_SLOWLY)
def test_robbed_voter_without_a_signature_reports(
    site: Site,
    journey: Callable[[str], Journey],
    thief: Callable[[dict[str, Any]], None],
    language: str,
) -> None:
    voter = site.fresh_voter("ulytau")
    thief(voter)
    one = journey(language)
    one.page.clock.install()
    one.open()
    _wait_out_the_minute(site, voter)
    one.identify_by_sms(voter)
    assert one.page.url.endswith("/already/")
    one.look()
    one.tap("form[action$='/report/'] button")
    one.page.wait_for_url("**/report/")
    assert one.page.locator(".d-card").count() == 1
    one.look()
    one.open("already/")
    assert one.page.locator("form[action$='/report/']").count() == 0, "once is enough"


def test_sms_voter_goes_on_to_sign_and_takes_the_vote_back(
    site: Site, journey: Callable[[str], Journey], thief: Callable[[dict[str, Any]], None]
) -> None:
    voter = site.fresh_voter()
    thief(voter)
    _wait_out_the_minute(site, voter)
    one = journey("ru")
    one.identify_by_sms(voter)
    one.tap(".p-answer--not .govuk-button--warning")
    one.page.locator("#demo-number").fill(voter["number"])
    one.tap("[data-sign=demo]:enabled")
    one.page.wait_for_url("**/ballot/")
    assert one.page.locator("[data-step=choose] .govuk-inset-text").is_visible()
    one.choose()
    one.cast()


def test_next_voter_at_the_same_screen_takes_nobodys_vote_back(
    site: Site, journey: Callable[[str], Journey], thief: Callable[[dict[str, Any]], None]
) -> None:
    robbed, other = site.fresh_voter(), site.fresh_voter()
    thief(robbed)
    _wait_out_the_minute(site, robbed)
    one = journey("ru")
    one.identify_by_sms(robbed)
    one.tap(".p-answer--not .govuk-button--warning")
    one.page.locator("#demo-number").fill(other["number"])
    one.tap("[data-sign=demo]:enabled")
    one.page.wait_for_selector("[data-check]:enabled")
    assert one.page.locator("[data-step=choose] .govuk-inset-text").count() == 0
    one.choose()
    one.cast()


def test_voter_by_signature_replaces_the_own_sms_vote(
    site: Site, journey: Callable[[str], Journey], thief: Callable[[dict[str, Any]], None]
) -> None:
    voter = site.fresh_voter()
    thief(voter)  # the voter, on another telephone
    one = journey("en")
    one.identify_by_signature(voter)
    one.tap(".p-answer:not(.p-answer--not) form button")
    one.page.wait_for_selector("[data-check]:enabled")
    one.choose()
    one.cast()
    one.open("report/")
    assert one.page.locator(".d-card").count() == 0, "nothing was reported"


def test_voter_by_signature_cannot_vote_a_second_time(
    site: Site, journey: Callable[[str], Journey]
) -> None:
    voter = site.fresh_voter()
    one = journey("ru")
    one.identify_by_signature(voter)
    one.choose()
    one.cast()
    one.open("ballot/")
    assert one.page.url.endswith("/mine/")
    one.identify_by_signature(voter)
    assert one.page.url.endswith("/already/")
    one.open("ballot/")
    assert one.page.url.endswith("/already/")


def test_wrong_code_thrice_ends_the_code(site: Site, journey: Callable[[str], Journey]) -> None:
    voter = site.fresh_voter()
    one = journey("ru")
    one.open("identify/")
    one.page.locator("#number").fill(voter["number"])
    one.page.locator("button[value=sms]").click()
    code = one.sms_code(voter)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for left in ("2", "1", None):
        one.page.locator("#code").fill(wrong)
        one.page.locator("form:has(#code) button").click()
        one.page.wait_for_selector(".govuk-error-summary:focus")
        text = one.page.locator(".govuk-error-summary").inner_text()
        assert left is None or left in text
        one.look()
    one.page.locator("#code").fill(code)
    one.page.locator("form:has(#code) button").click()
    one.page.wait_for_selector(".govuk-error-summary:focus")
    assert "/identify/code/" in one.page.url, "the right code comes too late"


def test_code_is_sent_again_after_a_minute_only(
    site: Site, journey: Callable[[str], Journey]
) -> None:
    one = journey("ru")
    one.page.clock.install()
    one.open("identify/")
    one.page.locator("#number").fill(site.fresh_voter()["number"])
    one.page.locator("button[value=sms]").click()
    button = one.page.locator("[data-wait]")
    assert button.is_disabled()
    one.page.clock.fast_forward(30_000)
    one.page.wait_for_timeout(50)
    assert button.is_disabled()
    one.page.clock.fast_forward(31_000)
    one.page.wait_for_selector("[data-wait]:enabled")
    button.click()  # for the server not a minute has passed
    one.page.wait_for_selector(".govuk-error-summary:focus")
    one.look()


def test_slip_in_the_number_is_told_while_typing(
    site: Site, journey: Callable[[str], Journey]
) -> None:
    one = journey("kk")
    one.open("identify/")
    one.page.locator("#number").press_sequentially(STRANGER[:-1] + "8")
    assert one.page.locator("#number").input_value() == "9001 0130 0018"
    assert one.page.locator("#number-error").is_visible()
    one.look()
    one.page.locator("#number").press("Enter")
    assert one.page.url.endswith("/identify/"), "Enter chooses no method"
    assert one.page.evaluate("document.activeElement.matches('.p-method')")
    one.page.locator("#number").fill("")
    one.page.locator("#number").fill(" 9001-0130 0017 ")  # pasted
    assert one.page.locator("#number").input_value() == "9001 0130 0017"
    assert one.page.locator("#number-error").is_hidden()


def test_second_window_wins_and_the_first_is_told(
    site: Site, journey: Callable[[str], Journey]
) -> None:
    one = journey("ru")
    one.identify_by_sms(site.fresh_voter())
    two = other_tab(one.page.context, one)
    two.open("ballot/")
    two.page.wait_for_selector("[data-check]:enabled")
    one.choose(0)
    two.choose(1)
    two.cast()
    one.tap("[data-cast]")
    one.page.wait_for_selector("[data-problem] .govuk-error-summary:focus")
    one.look()


def test_signature_without_its_window_is_asked_for_again(
    site: Site, journey: Callable[[str], Journey]
) -> None:
    one = journey("ru")
    one.identify_by_signature(site.fresh_voter())
    two = other_tab(one.page.context, one)
    two.open("ballot/")
    two.page.wait_for_selector("[data-step=lost]:visible")
    two.look()


def test_server_that_lies_about_the_receipt_is_caught(
    site: Site, journey: Callable[[str], Journey]
) -> None:
    one = journey("ru")
    one.identify_by_sms(site.fresh_voter())
    one.choose()

    def forge(route: Any) -> None:
        text = route.fetch().text()
        route.fulfill(body=text.replace('"proof":["', '"proof":["' + "0" * 64 + '","', 1))

    one.page.route("**/cast", forge)
    one.tap("[data-cast]")
    one.page.wait_for_selector("[data-problem] .govuk-error-summary:focus")
    assert one.page.locator("[data-step=receipt]").is_hidden()
    assert len(one.page.locator("[data-status]").inner_text()) == 43, "the tracker, to be told"
    one.page.unroute("**/cast")
    one.tap("[data-try-again]")
    one.receipt()


def test_no_line_at_all_keeps_the_ballot_to_try_again(
    site: Site, journey: Callable[[str], Journey]
) -> None:
    one = journey("ru")
    one.page.clock.install()
    one.identify_by_sms(site.fresh_voter())
    one.choose()
    one.page.route("**/cast", lambda route: route.abort())
    one.tap("[data-cast]")
    for _ in range(6):
        one.page.wait_for_timeout(200)
        one.page.clock.fast_forward(10_000)
    one.page.wait_for_selector("[data-try-again]:visible")
    one.look()
    one.page.unroute("**/cast")
    one.tap("[data-try-again]")
    one.receipt()


def test_session_warns_extends_and_ends(site: Site, journey: Callable[[str], Journey]) -> None:
    one = journey("ru")
    one.page.clock.install()
    one.identify_by_sms(site.fresh_voter())
    one.page.wait_for_selector("[data-check]:enabled")
    one.page.clock.fast_forward(18 * 60_000 + 5_000)
    one.page.wait_for_selector("[data-session-dialog][open]")
    one.look()
    one.tap("[data-session-stay]")
    one.page.wait_for_selector("[data-session-dialog]:not([open])", state="attached")
    one.page.clock.fast_forward(21 * 60_000)
    one.page.wait_for_url("**/identify/?ended")


def test_signing_out_forgets_the_voter(site: Site, journey: Callable[[str], Journey]) -> None:
    one = journey("ru")
    one.identify_by_sms(site.fresh_voter())
    one.tap(".p-session button")
    one.page.wait_for_url(lambda url: url.endswith("/e/chamber/"))
    one.open("ballot/")
    assert "/identify/" in one.page.url


def test_person_not_on_the_register_is_told_only_after_signing(
    site: Site, journey: Callable[[str], Journey]
) -> None:
    one = journey("ru")
    one.open("identify/signature/")
    with one.page.expect_download() as download:
        one.page.locator("details").first.evaluate("details => { details.open = true; }")
        one.page.locator("[data-sign=file]:enabled").click()
    content = download.value.path().read_bytes()
    leaf = site.authority.issue_person(STRANGER, "ЧУЖОЙ ЧЕЛОВЕК")
    one.page.locator("#cms").set_input_files(
        {
            "name": "vote.cms",
            "mimeType": "application/octet-stream",
            "buffer": site.authority.sign_cms(leaf, content),
        }
    )
    one.page.locator("[data-send-file]").click()
    one.page.wait_for_selector("[data-problem] .govuk-error-summary:focus")
    one.look()


def test_server_that_swaps_the_ballot_key_gets_no_signature(
    site: Site, journey: Callable[[str], Journey]
) -> None:
    one = journey("ru")
    signed: list[str] = []
    one.page.on("request", lambda r: signed.append(r.url) if r.url.endswith("/sign/") else None)

    def swap(route: Any) -> None:
        body = '{"credential":"' + "58" + "66" * 31 + '"}'
        route.continue_(post_data=body)

    one.page.route("**/challenge", swap)
    one.open("identify/signature/")
    one.page.locator("#demo-number").fill(site.fresh_voter()["number"])
    one.tap("[data-sign=demo]:enabled")
    one.page.wait_for_selector("[data-problem] .govuk-error-summary:focus")
    assert signed == []
    one.look()


def test_page_without_javascript_explains_itself(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(site.page("en", "identify/"))
    assert "JavaScript" in page.locator("noscript").inner_text()


def test_old_browser_is_told(site: Site, journey: Callable[[str], Journey]) -> None:
    one = journey("ru")
    one.page.add_init_script("delete globalThis.BigInt")
    one.open("identify/signature/")
    one.page.wait_for_selector("#too-old:visible")
    one.look()


def _wait_out_the_minute(site: Site, voter: dict[str, Any]) -> None:
    """Move the voter's earlier codes a minute back, as if the robbery were older."""
    site.age_codes(voter["number"])


def test_a_file_of_the_page_that_does_not_arrive(
    site: Site, journey: Callable[[str], Journey], page_problems: list[str]
) -> None:
    one = journey("ru")
    one.page.route("**/portal/voting.js", lambda route: route.abort())
    one.identify_by_sms(site.fresh_voter())
    expect(one.page.locator("[data-loading]")).to_be_visible(timeout=15_000)
    one.page.unroute("**/portal/voting.js")
    one.page.reload()
    one.choose(1)
    assert one.page.locator("[data-loading]").count() == 0
    assert one.cast()
    page_problems.clear()
