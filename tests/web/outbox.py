"""Reads the demonstration's outbox as a person would."""

import re

MESSAGE = re.compile(
    r'<span class="d-number">([^<]+)</span>.*?translate="no">([^<]*)</p>', re.DOTALL
)


def code_for(phone: str, outbox: str) -> str:
    """The code in the newest message to `phone`; `outbox` is the page's list (HTML)."""
    text = next(text for to, text in MESSAGE.findall(outbox) if to == phone)
    (code,) = re.findall(r"\b\d{6}\b", text)
    return str(code)
