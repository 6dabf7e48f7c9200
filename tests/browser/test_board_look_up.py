"""Look a ballot up in a real Chromium: the receipt is checked there, and believed nowhere else."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from dauys.core.replay import tracker_of
from tests.languages import ONE_NOW_THE_REST_SLOWLY
from tests.web.board_site import LANGUAGES, PAGES, BoardSite, finished, serving

COUNTED = {"kk": "Есептелді", "ru": "Учтён", "en": "Counted"}
ANNULLED = {"kk": "Күші жойылған", "ru": "Аннулирован", "en": "Annulled"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[BoardSite]:
    with serving(finished(tmp_path_factory, worker_id)) as running:
        yield running


@pytest.fixture(scope="module")
def trackers(site: BoardSite) -> dict[str, str]:
    """A ballot that counts and one that was annulled, by the log."""
    log = site.entries()
    annulled = next(e["remedy"]["ballots"][0] for e in log if _annuls(e))
    fallen = {index for e in log if _annuls(e) for index in e["remedy"]["ballots"]}
    signed = next(
        index
        for index, e in enumerate(log)
        if e["kind"] == "ballot"
        and e["permit"]["statement"]["method"] == "eds"
        and index not in fallen
    )
    return {name: tracker_of(log[i]["ballot"]) for name, i in (("a", annulled), ("c", signed))}


def _annuls(entry: dict[str, dict[str, str]]) -> bool:
    return str(entry["kind"]) == "decision" and entry["remedy"]["type"] == "annul"


def look_up(page: Page, site: BoardSite, tracker: str, language: str) -> None:
    page.goto(site.page("look-up/", language))
    page.locator("#tracker").fill(" ".join(tracker[i : i + 4] for i in range(0, 43, 4)))
    page.locator(".b-lookup button").click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_counted_ballot_is_found_and_its_receipt_holds(
    page: Page,
    site: BoardSite,
    trackers: dict[str, str],
    language: str,
    axe: Callable[[Page], list[str]],
) -> None:
    look_up(page, site, trackers["c"], language)
    expect(page.locator("#found")).to_have_text(COUNTED[language])
    expect(page.locator("[data-say=ok]")).to_be_visible()
    assert page.locator("[data-name][data-state=holds]").count() == 6
    assert axe(page) == []
    page.reload()  # now the browser remembers a checkpoint
    expect(page.locator("[data-say=ok]")).to_be_visible()


@pytest.mark.parametrize("language", ONE_NOW_THE_REST_SLOWLY)
def test_an_annulled_ballot_leads_to_its_decision(
    page: Page, site: BoardSite, trackers: dict[str, str], language: str
) -> None:
    look_up(page, site, trackers["a"], language)
    expect(page.locator("#found")).to_have_text(ANNULLED[language])
    expect(page.locator("[data-say=ok]")).to_be_visible()
    page.locator(".b-found .govuk-body a").click()
    expect(page.locator("h1")).to_contain_text("№")
    assert "/decisions/" in page.url


@pytest.mark.parametrize("field", ["entry", "proof", "checkpoint", "tracker", "index"])
def test_a_receipt_changed_on_the_way_fails_before_the_reader(
    page: Page, site: BoardSite, trackers: dict[str, str], field: str
) -> None:
    def tamper(route: Route) -> None:
        receipt = json.loads(route.fetch().text())
        match field:
            case "entry":
                receipt["entry"] = receipt["entry"].replace('"method":"eds"', '"method":"sms"')
            case "proof":
                receipt["proof"][0] = "00" * 32
            case "checkpoint":
                head, size, rest = receipt["checkpoint"].split("\n", 2)
                receipt["checkpoint"] = f"{head}\n{int(size) + 100}\n{rest}"
            case "tracker":
                receipt["tracker"] = "A" * 43
            case "index":
                receipt["index"] += 1
        body = json.dumps(receipt, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        route.fulfill(body=body, content_type="application/json")

    page.route("**/receipt?*", tamper)
    look_up(page, site, trackers["c"], "en")
    expect(page.locator("[data-say=failed]")).to_be_visible()
    expect(page.locator("[data-say=ok]")).to_be_hidden()


def test_an_honest_receipt_of_another_ballot_is_not_taken(
    page: Page, site: BoardSite, trackers: dict[str, str]
) -> None:
    def swap(route: Route) -> None:
        url = route.request.url.partition("?")[0]
        route.fulfill(response=route.fetch(url=f"{url}?tracker={quote(trackers['a'], safe='')}"))

    page.route("**/receipt?*", swap)
    look_up(page, site, trackers["c"], "en")
    expect(page.locator("[data-say=failed]")).to_be_visible()
    assert page.locator("[data-name=tracker]").get_attribute("data-state") == "fails"
    assert page.locator("[data-name=inclusion]").get_attribute("data-state") == "holds"


def test_a_board_that_forgot_what_this_browser_saw_is_given_away(
    page: Page, site: BoardSite, trackers: dict[str, str]
) -> None:
    look_up(page, site, trackers["c"], "en")
    expect(page.locator("[data-say=ok]")).to_be_visible()

    # A checkpoint of another size under the log's signature cannot be made here: the browser is
    # given a damaged memory instead, which it must not take for the log's.
    page.evaluate(
        r"key => localStorage.setItem("
        r"key, localStorage.getItem(key).replace(/\n(\d+)\n/, (_, size) => `\n${size - 100}\n`))",
        page.evaluate("Object.keys(localStorage)[0]"),
    )
    page.reload()
    expect(page.locator("[data-say=failed]")).to_be_visible()
    assert page.locator("[data-name=memory]").get_attribute("data-state") == "fails"


def test_a_lost_connection_is_not_called_a_failed_check(
    page: Page, site: BoardSite, trackers: dict[str, str]
) -> None:
    page.route("**/receipt?*", lambda route: route.abort())
    look_up(page, site, trackers["c"], "en")
    expect(page.locator("[data-say=unfinished]")).to_be_visible()
    expect(page.locator("[data-say=failed]")).to_be_hidden()


def test_a_kept_receipt_is_checked_without_being_sent(
    page: Page, site: BoardSite, trackers: dict[str, str]
) -> None:
    look_up(page, site, trackers["c"], "en")
    kept = page.request.get(
        site.url + str(page.locator("[data-check]").get_attribute("data-receipt"))
    )
    page.goto(site.page("look-up/"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    file = FilePayload(name="receipt.json", mimeType="application/json", buffer=kept.body())
    page.locator("[data-file]").set_input_files(file)
    expect(page.locator("[data-say=ok]")).to_be_visible()
    expect(page.locator("[data-own-link]")).to_have_text(trackers["c"])
    assert all(trackers["c"] not in url for url in asked)
    bytes_ = kept.body().replace(b'"proof":["', b'"proof":["0')
    spoiled = FilePayload(name="receipt.json", mimeType="application/json", buffer=bytes_)
    page.locator("[data-file]").set_input_files(spoiled)
    expect(page.locator("[data-say=failed]")).to_be_visible()


def test_focus_moves_to_what_is_wrong(page: Page, site: BoardSite) -> None:
    page.goto(site.page("look-up/?tracker=abc"))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.locator(".govuk-error-summary a").click()
    expect(page.locator("#tracker")).to_be_focused()


@pytest.mark.parametrize("language", ONE_NOW_THE_REST_SLOWLY)
def test_every_page_is_without_barriers_and_fits_a_narrow_screen(
    page: Page, site: BoardSite, language: str, axe: Callable[[Page], list[str]]
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for path in (*PAGES, "decisions/3/", "look-up/?tracker=abc"):
        page.goto(site.page(path, language))
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_pages_are_without_barriers_in_the_dark(
    page: Page, site: BoardSite, axe: Callable[[Page], list[str]]
) -> None:
    page.emulate_media(color_scheme="dark")
    for path in (*PAGES, "decisions/3/"):
        page.goto(site.page(path, "ru"))
        assert axe(page) == [], path
