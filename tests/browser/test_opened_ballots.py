"""A voter opens a ballot instead of casting it: what it holds is seen, and it can never be cast."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from typer.testing import CliRunner

from dauys.cli.main import app
from dauys.crypto.ballot import CredentialKey, Signature, parse_ballot
from dauys.crypto.election import base64_hash
from dauys.crypto.proofs import prove_knowledge, signature_prefix
from dauys.verify.opened import read_opened
from tests.languages import ONE_NOW_THE_REST_SLOWLY
from tests.vectors.seeded import SeededRandom
from tests.web.portal_site import SLUG, Site
from tests.web.portal_steps import Journey

STATIC = Path(__file__).parents[2] / "src" / "dauys" / "web" / "static"


def open_ballot(one: Journey, folder: Path) -> tuple[str, Path]:
    """Open the ballot on the page; the code that stood there before, and the saved file."""
    one.page.wait_for_selector("[data-code]:visible")
    code = one.page.locator("[data-code] [data-code-text]").inner_text()
    one.tap("[data-opening] summary")
    one.tap("[data-open]")
    one.page.wait_for_selector("[data-step=opened] [data-heading]:focus")
    with one.page.expect_download() as download:
        one.tap("[data-opened-save]")
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return code.replace(" ", ""), file


def check(one: Journey, file: Path) -> dict[str, Any]:
    """Give the file to the checking page; what it says."""
    one.page.goto(f"{one.site.url}/{one.language}/b/{SLUG}/opened/")
    one.page.set_input_files("#file", file)
    one.page.wait_for_selector("[data-report]:visible [data-heading]:focus")
    page = one.page
    return {
        "code": "".join(page.locator("[data-opened] [data-code]").inner_text().split()),
        "said": page.locator("[data-said] li").all_text_contents(),
        "failed": page.locator("[data-state=fails]").evaluate_all(
            "all => all.map(x => x.dataset.name)"
        ),
        "verdict": page.locator(".b-verdict p:visible").get_attribute("data-say"),
    }


def by_command(site: Site, file: Path) -> tuple[int, str]:
    """What `dauys verify-opened` says from the published files alone."""
    told = CliRunner().invoke(app, ["verify-opened", str(file), str(site.data / "public" / SLUG)])
    return told.exit_code, told.output


def spoil(page: Page, name: str, old: str, new: str) -> None:
    """Serve the voter's page a booth in which `old` is `new`."""
    text = (STATIC / "booth" / name).read_text(encoding="utf-8")
    assert old in text

    def answer(route: Route) -> None:
        route.fulfill(body=text.replace(old, new), content_type="text/javascript")

    page.context.route(f"**/booth/{name}", answer)


@pytest.mark.parametrize("language", ONE_NOW_THE_REST_SLOWLY)
def test_voter_opens_a_ballot_sees_what_is_in_it_and_then_votes(
    site: Site, journey: Callable[[str], Journey], language: str, tmp_path: Path
) -> None:
    one = journey(language)
    one.identify_by_sms(site.fresh_voter("ulytau"))
    one.choose(1)
    chosen = one.page.locator("[data-chosen] li").all_text_contents()
    one.look()
    code, file = open_ballot(one, tmp_path)
    one.look()
    assert one.page.locator("[data-step=receipt]").is_hidden()
    opened = read_opened(file.read_bytes())
    ballots = site.url + one.page.locator("[data-ballot]").get_attribute("data-api")  # type: ignore[operator]
    one.tap("[data-choose-again]")
    assert one.page.locator("[data-mark]:checked").count() == 0, "the voter chooses anew"
    one.choose(2)
    tracker = one.cast()
    receipt = one.page.context.request.get(f"{ballots}receipt", params={"tracker": tracker}).json()
    cast = json.loads(json.loads(receipt["entry"])["ballot"])
    assert cast["credential"] != json.loads(opened.ballot)["credential"], "a key of its own"
    found = check(one, file)
    assert found == {"code": code, "said": chosen, "failed": [], "verdict": "ok"}
    one.look()
    status, told = by_command(site, file)
    assert status == 0
    assert chosen[0] in told
    assert code in "".join(told.split())


@pytest.mark.parametrize("language", ONE_NOW_THE_REST_SLOWLY)
def test_on_one_telephone_the_opened_ballot_is_copied_and_pasted(
    site: Site, journey: Callable[[str], Journey], language: str
) -> None:
    one = journey(language)
    one.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    one.identify_by_sms(site.fresh_voter())
    one.choose(1)
    chosen = one.page.locator("[data-chosen] li").all_text_contents()
    one.page.wait_for_selector("[data-code]:visible")
    code = one.page.locator("[data-code] [data-code-text]").inner_text()
    one.tap("[data-opening] summary")
    one.tap("[data-open]")
    one.page.wait_for_selector("[data-step=opened] [data-heading]:focus")
    picture = one.page.locator("[data-step=opened] .p-qr img")
    picture.scroll_into_view_if_needed()
    picture.evaluate("image => image.decode()")
    copy = one.page.locator("[data-opened-copy]")
    copy.click()
    expect(copy).to_have_text(str(copy.get_attribute("data-done")))
    address = one.page.locator("[data-step=opened] [data-address]").inner_text()
    with one.page.expect_popup() as tab:
        one.tap("[data-step=opened] a[target]")
    checking = tab.value
    assert checking.url == address
    checking.click("[data-paste]")
    checking.wait_for_selector("[data-report]:visible [data-heading]:focus")
    assert checking.locator("[data-said] li").all_text_contents() == chosen
    assert checking.locator("[data-opened] [data-code]").inner_text() == code
    assert checking.locator(".b-verdict p:visible").get_attribute("data-say") == "ok"
    assert one.axe(checking) == []


def test_where_the_browser_keeps_the_clipboard_the_voter_pastes_by_hand_or_drops_the_file(
    site: Site, journey: Callable[[str], Journey], tmp_path: Path
) -> None:
    one = journey("en")
    one.identify_by_sms(site.fresh_voter())
    one.choose(1)
    chosen = one.page.locator("[data-chosen] li").all_text_contents()
    _code, file = open_ballot(one, tmp_path)
    page = one.page
    page.goto(f"{site.url}/en/b/{SLUG}/opened/")
    page.evaluate("() => { navigator.clipboard.readText = () => Promise.reject(new Error('no')); }")
    page.click("[data-paste]")
    page.wait_for_selector("#text:focus")
    assert page.locator("[data-no-paste]").is_visible()
    page.fill("#text", f"  {file.read_text()}\n")  # as a messenger hands it over
    page.click("form button")
    page.wait_for_selector("[data-report]:visible [data-heading]:focus")
    assert page.locator("[data-said] li").all_text_contents() == chosen
    page.goto(f"{site.url}/en/b/{SLUG}/opened/")
    page.evaluate(
        """text => {
          const carried = new DataTransfer();
          carried.items.add(new File([text], "opened-ballot.json"));
          document.querySelector("[data-drop]").dispatchEvent(
            new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
        }""",
        file.read_text(),
    )
    page.wait_for_selector("[data-report]:visible [data-heading]:focus")
    assert page.locator("[data-said] li").all_text_contents() == chosen


def test_page_that_encrypts_another_choice_is_caught(
    site: Site, journey: Callable[[str], Journey], tmp_path: Path
) -> None:
    one = journey("en")
    first = "const first = choices.map((v) => v.map((_, i) => (i === 1 ? 1 : 0))); choices = first;"
    spoil(one.page, "ballot.js", "  checkChoices(election, choices);", first)
    one.identify_by_sms(site.fresh_voter())
    one.choose(2)
    chosen = one.page.locator("[data-chosen] li").all_text_contents()
    code, file = open_ballot(one, tmp_path)
    found = check(one, file)
    assert found["said"] != chosen
    assert found["code"] == code
    assert chosen[0] not in by_command(site, file)[1]


def test_page_that_lies_about_what_it_encrypted_is_caught(
    site: Site, journey: Callable[[str], Journey], tmp_path: Path
) -> None:
    one = journey("en")
    spoil(
        one.page,
        "ballot.js",
        "const vector = /** @type {any} */ (choices[i]);",
        "const vector = choices[i].map((_, j) => (j === 1 ? 1 : 0));",
    )
    one.identify_by_sms(site.fresh_voter())
    one.choose(2)
    _code, file = open_ballot(one, tmp_path)
    found = check(one, file)
    assert found["failed"] == ["encryption"]
    assert found["said"] == []
    assert found["verdict"] == "failed"
    status, told = by_command(site, file)
    assert (status, "NOT RIGHT: encryption" in told) == (1, True)


def test_page_that_makes_another_ballot_when_it_is_watched_is_caught(
    site: Site, journey: Callable[[str], Journey], tmp_path: Path
) -> None:
    one = journey("en")
    spoil(
        one.page,
        "ballot_maker.js",
        "    return this.#take().open();",
        "    const { length } = this.#election.questions[0].answers;"
        "    const watched = [[0, 0, 1, ...Array(length - 3).fill(0)]];"
        "    return prepareBallot(this.#election, 5n, watched, systemRandom).open();",
    )
    one.identify_by_sms(site.fresh_voter())
    one.choose(2)
    chosen = one.page.locator("[data-chosen] li").all_text_contents()
    code, file = open_ballot(one, tmp_path)
    found = check(one, file)
    assert found["said"] == chosen
    assert found["verdict"] == "ok"
    assert found["code"] != code, "the code that was written down is another ballot's"


def test_thief_of_an_opened_ballot_cannot_cast_it(
    site: Site, journey: Callable[[str], Journey], tmp_path: Path
) -> None:
    """Even one who holds the voter's session and so gets a permit for the ballot's key."""
    one = journey("en")
    one.identify_by_signature(site.fresh_voter())
    one.choose(2)
    _code, file = open_ballot(one, tmp_path)
    text = read_opened(file.read_bytes()).ballot
    own = json.loads(text)["credential"]
    api = one.page.locator("[data-ballot]").get_attribute("data-api")
    thief = CredentialKey.generate(SeededRandom("thief"))
    code = base64_hash(text)
    proof = prove_knowledge(thief.secret, signature_prefix(code), SeededRandom("w"))
    forged = f'{text[:-1]},"signature":{Signature(code, proof).to_json()}}}'
    assert parse_ballot(forged).credential == own
    asked = {"credential": own, "reclaims": None}
    said = [
        one.page.evaluate(
            """async ([api, asked, ballot]) => {
              const { post } = await import("/static/portal/ask.js");
              const permit = JSON.parse(await post(`${api}permit`, asked));
              return post(`${api}cast`, { ballot, permit }).catch(({ code }) => code);
            }""",
            [api, asked, ballot],
        )
        for ballot in (text, forged)
    ]
    assert said == ["bad_ballot", "bad_ballot"]
    one.tap("[data-choose-again]")  # the voter's signature names this key: it votes still
    one.choose(1)
    assert len(one.cast()) == 43


def test_ballot_that_was_sent_cannot_be_opened(
    site: Site, journey: Callable[[str], Journey]
) -> None:
    """It may be in the box: what opens it would sell it."""
    one = journey("en")
    one.identify_by_sms(site.fresh_voter())
    one.choose(1)
    one.page.wait_for_selector("[data-opening]:visible")
    one.page.route("**/cast", lambda route: route.fulfill(status=409, body='{"error":"closed"}'))
    one.tap("[data-cast]")
    one.page.wait_for_selector("[data-problem] *:focus")
    assert one.page.locator("[data-opening]").is_hidden()
    one.tap("[data-change]")
    one.choose(2)
    one.page.wait_for_timeout(300)
    assert one.page.locator("[data-opening]").is_hidden(), "the same key may be in the box"
