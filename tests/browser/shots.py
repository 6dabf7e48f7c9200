"""Pictures of pages, where somebody wants to look at them."""

import os
from pathlib import Path

from playwright.sync_api import Page

SHOTS = os.environ.get("DAUYS_SHOTS")
"""The folder for them; none are kept if it is not set."""


def shot(page: Page, name: str) -> None:
    """Keep the page as a telephone and as a computer shows it."""
    if SHOTS:
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 360, "height": 740})
