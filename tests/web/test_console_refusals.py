"""Whatever the services refuse, the console says it in three parts, in every language."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from dauys.core.errors import MalformedError, RefusedError, VerificationError
from dauys.web.console.words import NOTICES, REFUSED, REGISTER_FILE, refusal

SOURCE = Path(__file__).parents[2] / "src" / "dauys"
# What staff can meet: the stages behind their desks, and the store that keeps drafts.
PLACES = (
    "board/timekeeping.py",
    "conduct/counting.py",
    "conduct/setting_up.py",
    "response",
    "store/accounts.py",
    "store/cases.py",
    "store/drafting.py",
    "store/drafts.py",
    "store/outline.py",
    "store/proposals.py",
    "tally",
    "web/console",
)
NOT_MET = {
    "already_fallen",  # a voter's, who takes a ballot back
    "name_taken",  # the command line's: accounts are made there
    "unknown_tracker",  # voters look trackers up
}


def codes_raised() -> set[str]:
    files = [
        file
        for place in PLACES
        for file in ([SOURCE / place] if place.endswith(".py") else (SOURCE / place).rglob("*.py"))
    ]
    return {
        code
        for file in files
        for code in re.findall(r"RefusedError\(\s*\"(\w+)\"", file.read_text(encoding="utf-8"))
    }


def test_every_code_that_staff_can_meet_has_words() -> None:
    raised = codes_raised() - NOT_MET
    assert len(raised) > 30
    assert sorted(raised - set(REFUSED)) == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("code", sorted(REFUSED))
def test_a_refusal_says_what_happened_what_it_means_and_what_to_do(
    code: str, language: str
) -> None:
    with translation.override(language):
        parts = refusal(RefusedError(code, "detail"))
    assert len(parts) == 3
    assert all(part.strip() and "_" not in part for part in parts)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_unknown_refusal_still_says_something(language: str) -> None:
    with translation.override(language):
        for error in (
            RefusedError("a_new_code"),
            MalformedError("anything", "why"),
            VerificationError("a claim"),
        ):
            assert len(refusal(error)) == 3
        assert "a_new_code" in refusal(RefusedError("a_new_code"))


def test_faults_of_register_files_and_notices_have_words() -> None:
    read = (SOURCE / "identity" / "register" / "table.py").read_text(encoding="utf-8")
    codes = set(re.findall(r"MalformedError\(_WHAT, \"(\w+)\"", read))
    assert codes
    assert codes <= set(REGISTER_FILE)
    read = (SOURCE / "identity" / "register" / "importing.py").read_text(encoding="utf-8")
    shared = {"shared_phone", "shared_email"}
    assert set(re.findall(r"_notices\[\"(\w+)\"\]", read)) | shared == set(NOTICES)
