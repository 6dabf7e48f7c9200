"""What the fast reader of ballots must leave to the strict one."""

import pytest

from dauys.core.errors import MalformedError
from dauys.crypto import checking
from dauys.crypto.ballot import parse_ballot
from dauys.crypto.checking import UndecidedError
from dauys.crypto.quick_form import read_form
from tests.vectors.samples import REFERENDUM

BALLOT = REFERENDUM.ballot_text(0)


@pytest.mark.parametrize(
    "letter", [",", ", ", " ", "_", "+", "-", ".", "e", "\u0664", "\u00b2", "x"]
)
@pytest.mark.parametrize("field", ["challenge", "response"])
def test_a_number_with_another_letter_in_it_is_none(field: str, letter: str) -> None:
    place = BALLOT.index(f'"{field}":"') + len(field) + 4 + 30
    assert BALLOT[place - 1 : place + 2].isdigit()
    changed = BALLOT[:place] + letter + BALLOT[place + 1 :]
    with pytest.raises(UndecidedError):
        read_form(changed)
    checking.prepare()
    with pytest.raises(MalformedError):
        parse_ballot(changed)
