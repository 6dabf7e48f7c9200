"""The booth as a page uses it: worker, fall-back, weight, and what leaves the browser."""

import hashlib
import json
from typing import Any

import pytest

from dauys.crypto.ballot import check_ballot, parse_ballot, tracker
from tests.browser.booth.harness.server import STATIC, booth_server
from tests.browser.booth.harness.tab import Booth
from tests.vectors.samples import BLANK, SEVERAL

ORDER: dict[str, Any] = {
    "election": BLANK.election.to_json(),
    "secret": str(BLANK.key(1).secret),
    "choices": BLANK.choices[1],
}


def test_the_worker_encrypts_under_a_strict_policy_and_reports_progress(booth: Booth) -> None:
    key = SEVERAL.key(0)
    made = booth(
        "encryptInWorker",
        election=SEVERAL.election.to_json(),
        secret=str(key.secret),
        choices=SEVERAL.choices[0],
    )["result"]
    ballot = parse_ballot(made["ballot"])
    check_ballot(ballot, SEVERAL.election)
    assert ballot.credential == key.public
    assert made["tracker"] == tracker(made["ballot"])
    assert made["steps"] == [{"done": i, "total": 6} for i in range(1, 7)]


def test_the_workers_refusal_reaches_the_page_with_its_data(booth: Booth) -> None:
    refused = booth.verdict("encryptInWorker", **(ORDER | {"choices": [[1, 1, 1, 1]]}))
    assert refused == ("ChoiceError", 0)
    refused = booth.verdict("encryptInWorker", **(ORDER | {"election": "{}"}))
    assert refused == ("MalformedError", "election")


@pytest.mark.parametrize("how", ["policy", "network"])
def test_the_page_encrypts_by_itself_when_no_worker_comes_up(own_booth: Booth, how: str) -> None:
    if how == "network":
        own_booth.page.route("**/worker.js", lambda route: route.abort())
    own_booth.open("?no-workers" if how == "policy" else "")
    made = own_booth("encryptInWorker", **ORDER)["result"]
    check_ballot(parse_ballot(made["ballot"]), BLANK.election)
    assert [step["done"] for step in made["steps"]] == [1, 2, 3, 4]
    own_booth.problems.clear()  # the refused worker is what this test asked for


def test_nothing_of_the_vote_or_the_secret_is_sent_stored_or_logged(own_booth: Booth) -> None:
    sent: list[str] = []
    said: list[str] = []
    own_booth.page.on("request", lambda request: sent.append(request.url + str(request.post_data)))
    own_booth.page.on("console", lambda message: said.append(message.text))
    own_booth.open()
    assert "result" in own_booth("encryptInWorker", **ORDER)
    assert {request.partition("://127.0.0.1:")[0] for request in sent} == {"http"}
    assert not [request for request in sent if not request.endswith("None")]
    assert not [request for request in sent if ORDER["secret"] in request]
    assert said == []
    kept = own_booth.page.evaluate(
        "indexedDB.databases().then(d => "
        "[d.length, localStorage.length, sessionStorage.length, document.cookie])"
    )
    assert kept == [0, 0, 0, ""]


def test_the_worker_ends_with_its_ballot(own_booth: Booth) -> None:
    own_booth.open()
    assert "result" in own_booth("encryptInWorker", **ORDER)
    own_booth.page.wait_for_timeout(200)
    assert own_booth.page.workers == []


def test_the_ballot_maker_is_under_100_kb_on_the_wire(own_booth: Booth) -> None:
    with booth_server() as site:
        own_booth.page.goto(f"{site.url}/budget.html")
        own_booth.page.wait_for_function("globalThis.made !== undefined")
        made = own_booth.page.evaluate("o => made(o.election, BigInt(o.secret), o.choices)", ORDER)
        assert len(made) == 43
        names = {path.name for path in site.asked}
        assert {"encrypt.js", "worker.js", "ballot.js", "receipt.js"} <= names
        size = site.transferred()
        print(f"ballot maker: {len(names)} files, {size / 1000:.1f} kB compressed")  # noqa: T201  # a figure to watch
        assert size < 100_000


def test_this_browser_is_supported(booth: Booth) -> None:
    assert booth("missingFeatures") == {"result": []}


def test_vendored_files_are_those_of_the_manifest() -> None:
    vendor = STATIC / "vendor"
    listed = json.loads((vendor / "manifest.json").read_text(encoding="utf-8"))["files"]
    present = {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()}
    assert {file["file"] for file in listed} | {"manifest.json"} == present
    for file in listed:
        digest = hashlib.sha256((vendor / file["file"]).read_bytes()).hexdigest()
        assert digest == file["sha256"], file["file"]
    assert {f"{file['file'].split('/')[0]}/LICENSE" for file in listed} <= present
