"""A ballot of 1 of 10 made in Chromium, as fast as the machine and with a sixth of its processor.

    python -m benchmarks.booth

Milliseconds by the clock, the middle of several fresh pages; they mean something on an idle
machine. Chromium slows the page's own thread down and no worker, so the slow figures are of
encryption on the page itself, which is what an old browser does too. `still` is the longest time
for which the page could not answer a touch while its worker encrypted, the page slowed down.

Peers, in the same run: belenios-tool, which is native code, and as many multiplications as the
ballot has, by the library's own routine in place of tables of multiples.
"""

import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.ballots import PEER, belenios_tool
from benchmarks.rows import Row
from dauys.core.ids import Credential
from dauys.crypto.belenios_archive import ArchiveContents, write_archive
from dauys.crypto.election import ElectionParameters, new_uuid
from dauys.crypto.question import Question
from dauys.crypto.trustees import TrusteeKey, trustees_to_json

WEB = Path(__file__).parents[1] / "src" / "dauys" / "web"
CANDIDATES = 10
CHOSEN = [0] * (CANDIDATES - 1) + [1]
PAGES = 5
SLOW = 6
MULTIPLICATIONS = 2 + 7 * CANDIDATES + 2
"""By fixed points: credential and signature; of each choice two and five; of the sum two."""

ON_PAGE = """async ({ election, choices }) => {
  const { BallotMaker } = await import("/static/booth/ballot_maker.js");
  const begun = performance.now();
  const maker = new BallotMaker(election);
  const tables = performance.now();
  maker.prepare({ credentialSecret: 12345n, choices }, () => {});
  maker.sign();
  return { tables: tables - begun, ballot: performance.now() - tables };
}"""
IN_WORKER = """async ({ election, choices }) => {
  const { Encryption } = await import("/static/booth/encrypt.js");
  const encryption = new Encryption(election);
  await new Promise((resolve) => { setTimeout(resolve, 2000); }); // the voter reads
  let still = 0;
  let last = performance.now();
  const begun = last;
  const timer = setInterval(() => {
    still = Math.max(still, performance.now() - last);
    last = performance.now();
  }, 0);
  await encryption.prepare({ credentialSecret: 12345n, choices });
  await encryption.sign();
  clearInterval(timer);
  return { ballot: performance.now() - begun, still };
}"""
PLAIN = """async ({ times }) => {
  const { Point } = await import("/static/vendor/noble-ed25519-3.2.0/index.js");
  const { n } = Point.CURVE();
  const key = Point.BASE.multiply(n - 5n);
  const begun = performance.now();
  for (let i = 0n; i < times; i += 1n) key.multiply(n - 7n - i);
  return performance.now() - begun;
}"""


def run() -> list[Row]:
    """Measure on pages of their own."""
    trustee = TrusteeKey.generate(os.urandom)
    election = ElectionParameters(
        description="",
        name="Benchmark",
        public_key=trustee.public.public_key,
        questions=(Question(tuple(f"Candidate {i}" for i in range(CANDIDATES)), 1, 1, "Who?"),),
        uuid=new_uuid(os.urandom),
    )
    order = {"election": election.to_json(), "choices": [CHOSEN]}
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with _served() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        quick = _middle(browser, site, ON_PAGE, order, 1)
        slow = _middle(browser, site, ON_PAGE, order, SLOW)
        worker = _middle(browser, site, IN_WORKER, order, SLOW)
        plain = median(
            _measure(browser, site, PLAIN, {"times": MULTIPLICATIONS}, 1) for _ in range(PAGES)
        )
        browser.close()
    peer = _peer_milliseconds(election, trustee)
    name = "ballot of 1 of 10 in Chromium"
    return [
        Row(
            f"{name}, the first of a page",
            quick["ballot"],
            "ms",
            PEER if peer else "",
            None if peer is None else peer / quick["ballot"],
        ),
        Row(
            f"{name}, its tables included",
            quick["tables"] + quick["ballot"],
            "ms",
            "plain multiplications",
            plain / (quick["tables"] + quick["ballot"]),
        ),
        Row("its tables, made while the voter reads", quick["tables"], "ms", "", None),
        Row(f"{name}, 1/{SLOW} of a processor", slow["ballot"], "ms", "", None),
        Row(f"its tables, 1/{SLOW} of a processor", slow["tables"], "ms", "", None),
        Row("page still while its worker encrypts", worker["still"], "ms", "", None),
        *([] if peer is None else [Row(f"the same ballot, by {PEER}", peer, "ms", "", None)]),
    ]


def _middle(browser: Browser, site: str, code: str, order: object, rate: int) -> dict[str, float]:
    """Medians over several fresh pages."""
    found: list[dict[str, float]] = [
        _measure(browser, site, code, order, rate) for _ in range(PAGES)
    ]
    return {name: median(one[name] for one in found) for name in found[0]}


def _measure(browser: Browser, site: str, code: str, argument: object, rate: int) -> Any:  # noqa: ANN401 -- what the page gives back
    """Call `code` on a page of its own that gets one part in `rate` of the processor."""
    context = browser.new_context()
    page = context.new_page()
    page.route(f"{site}/", lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto(f"{site}/")
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
    made = page.evaluate(code, argument)
    context.close()
    return made


class _Files(SimpleHTTPRequestHandler):
    """The static files as they stand in the tree, said nothing of."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in http.server
        """Say nothing."""


@contextmanager
def _served() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(WEB)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _peer_milliseconds(election: ElectionParameters, trustee: TrusteeKey) -> float | None:
    """What belenios-tool takes for one such ballot, less its start; None without it."""
    tool = belenios_tool()
    if tool is None:
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def spend(*arguments: str) -> float:
            begun = perf_counter()
            subprocess.run([tool, *arguments], cwd=folder, check=True, capture_output=True)
            return 1000 * (perf_counter() - begun)

        group = ("--group", "Ed25519", "--uuid", election.uuid)
        spend("setup", "generate-credentials", *group, "--count", "1")
        (secret,) = json.loads(next(folder.glob("*.privcreds")).read_text()).values()
        (public,) = json.loads(next(folder.glob("*.pubcreds")).read_text())
        (folder / "secret").write_text(secret)
        (folder / "choice").write_text(json.dumps([CHOSEN]))
        contents = ArchiveContents(
            timestamp=0,
            election=election.to_json(),
            trustees=trustees_to_json([trustee.public]),
            credentials=(Credential(public.split(",")[0]),),
            ballots=(),
        )
        write_archive(folder / f"{election.uuid}.bel", contents)
        files = ("--privcred", "secret", "--choice", "choice")
        made = median(spend("election", "generate-ballot", *files) for _ in range(PAGES))
        return made - median(spend("--version") for _ in range(PAGES))


if __name__ == "__main__":
    from benchmarks.table import show

    show(run())
