"""Any group, any quorum of it: one key; and one member less knows nothing of it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.crypto.ed25519 import IDENTITY, G
from tests.unit.crypto.ceremonies import play


@settings(max_examples=12)
@given(data=st.data())
def test_any_quorum_holds_the_key_and_one_less_does_not(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 6))
    threshold = data.draw(st.integers(1, size - 1))
    played = play(threshold, size, f"{data.draw(st.integers(0, 2**32))}")
    group = played.group
    group.check()
    assert group.public_key == sum((p.coefficients[0] for p in played.polynomials), IDENTITY)
    places = data.draw(st.permutations(range(1, size + 1)))
    for taken, holds in ((threshold, True), (size, True), (threshold - 1, False)):
        some = places[:taken]
        weights = group.lagrange(some)
        secret = sum(weights[place] * played.trustees[place - 1].secret for place in some)
        assert (secret * G == group.public_key) is holds
