"""Makes docs/pictures/overview.png from a running demonstration: `make demo`, then this.

    .venv/bin/python tools/pictures.py [http://127.0.0.1:8000] [var/demo]

A voter votes on a phone; the analyst opens a case; the public board stands beside them.
"""

import base64
import json
import os
import shutil
import sys
from pathlib import Path

import django
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

OUT = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "overview.png"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1000, "height": 1000}


def main(site: str, data: Path) -> None:
    """Take the three pictures and put them on one sheet."""
    guide = json.loads((data / "demo.json").read_text())
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        pictures = [
            receipt(browser, site, guide),
            case(browser, site, guide),
            board(browser, site, guide),
        ]
        sheet(browser, pictures)
        browser.close()


def receipt(browser: Browser, site: str, guide: dict[str, object]) -> bytes:
    """A voter's receipt on a phone; the newest sample voter who has not voted."""
    page = browser.new_page(viewport=PHONE)
    voter = guide["voters"][int(os.environ.get("VOTER", "0"))]  # type: ignore[index]  # read from JSON
    page.goto(f"{site}/en/e/{guide['slug']}/identify/")
    page.get_by_role("textbox").first.fill(voter["number"])
    page.locator("button[name=method][value=sms]").click()
    inbox = browser.new_page()
    inbox.goto(f"{site}/en/demo/outbox/")
    code = inbox.locator("main").inner_text()
    page.locator("input[autocomplete=one-time-code]").fill(first_code(code))
    page.get_by_role("button", name="Continue").click()
    page.locator("main label").first.click()
    page.locator("[data-check]").click()
    page.locator("[data-cast]").click()
    page.get_by_text("Your vote is in the box").first.wait_for()
    page.wait_for_timeout(1500)
    return page.screenshot()


def first_code(text: str) -> str:
    """The newest code of the outbox."""
    words = text.replace(".", " ").replace(":", " ").split()
    return next(word for word in words if len(word) == 6 and word.isdigit())


def case(browser: Browser, site: str, guide: dict[str, object]) -> bytes:
    """A case as the analyst sees it."""
    page = browser.new_page(viewport=DESK)
    sign_in(page, site, guide, "analyst")
    page.goto(f"{site}/en/console/{guide['slug']}/cases/1/")
    return page.screenshot()


def sign_in(page: Page, site: str, guide: dict[str, object], name: str) -> None:
    """Password, then the second factor."""
    from dauys.web.console.accounts import totp_now  # noqa: PLC0415 -- after Django's set-up

    account = next(a for a in guide["accounts"] if a["username"] == name)  # type: ignore[attr-defined]  # JSON
    page.goto(f"{site}/en/staff/login/")
    page.fill("input[name=login]", account["username"])
    page.fill("input[name=password]", account["password"])
    page.click("main button[type=submit]")
    page.fill("input[name=code]", totp_now(account["totp_secret"]))
    page.click("main button[type=submit]")
    page.wait_for_url("**/console/**")


def board(browser: Browser, site: str, guide: dict[str, object]) -> bytes:
    """The public board."""
    page = browser.new_page(viewport=DESK)
    page.goto(f"{site}/en/b/{guide['slug']}/")
    return page.screenshot()


def sheet(browser: Browser, pictures: list[bytes]) -> None:
    """The pictures side by side."""
    images = "".join(
        f'<img src="data:image/png;base64,{base64.b64encode(png).decode()}">' for png in pictures
    )
    page = browser.new_page(viewport={"width": 1600, "height": 640})
    page.set_content(
        "<style>body{margin:0;padding:20px;width:max-content;background:#dfe8ea;display:flex;gap:20px}"
        "img{height:600px;border-radius:8px;box-shadow:0 2px 10px #0004}</style>" + images
    )
    page.wait_for_timeout(300)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    page.locator("body").screenshot(path=OUT)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dauys.web.settings")
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "var/demo")
    os.environ.setdefault("DAUYS_DATA", str(folder))
    django.setup()
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000", folder)
