"""The languages that pages speak."""

from typing import Final

import pytest

ONE_NOW_THE_REST_SLOWLY: Final = (
    "kk",
    *(pytest.param(one, marks=pytest.mark.slow) for one in ("ru", "en")),
)
"""Parameters of a long journey: words of all languages are compared elsewhere, and quickly."""
