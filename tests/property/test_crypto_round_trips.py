"""What is printed is read back, what is encrypted is counted, what is signed holds."""

import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dauys.core.errors import MalformedError, VerificationError
from dauys.core.ids import ElectionId
from dauys.crypto.ballot import CredentialKey, check_ballot, make_ballot, may_choose, parse_ballot
from dauys.crypto.belenios_json import load, quote
from dauys.crypto.ed25519 import G, Point, Q, as_point, hash_to_scalar, parse_scalar
from dauys.crypto.election import ElectionParameters, parse_election
from dauys.crypto.elgamal import encrypt
from dauys.crypto.lists_answer import check_lists_answer, make_lists_answer
from dauys.crypto.proofs import (
    Opening,
    check_disjunction,
    check_knowledge,
    prove_disjunction,
    prove_knowledge,
)
from dauys.crypto.question import AnyQuestion, ListsQuestion, Question
from dauys.crypto.rows import grouped
from dauys.crypto.signing import SigningKey, verify_signature
from dauys.crypto.tally import (
    EncryptedTally,
    PartialDecryption,
    ResultRow,
    check_partial_decryption,
    combine,
    decrypt_partially,
    discrete_log,
    parse_result,
    result_to_json,
    sum_ballots,
)
from dauys.crypto.threshold import parse_any_trustees
from dauys.crypto.trustees import TrusteeKey
from tests.vectors.samples import REFERENDUM
from tests.vectors.seeded import SeededRandom

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SCALARS = st.integers(0, Q - 1)
SECRETS = st.integers(1, Q - 1)
SEEDS = st.integers(0, 2**32).map(lambda seed: SeededRandom(str(seed)))
BALLOT = REFERENDUM.ballot_text(0)
TRUSTEE = TrusteeKey.generate(SeededRandom("property"))


@st.composite
def plain_questions(draw: st.DrawFn) -> Question:
    answers = draw(st.lists(TEXTS, min_size=1, max_size=4).map(tuple))
    maximum = draw(st.integers(0, len(answers)))
    minimum = draw(st.integers(0, maximum))
    return Question(answers, minimum, maximum, draw(TEXTS), draw(st.booleans()))


@st.composite
def lists_questions(draw: st.DrawFn) -> ListsQuestion:
    lists = draw(st.lists(st.lists(TEXTS, min_size=2, max_size=3).map(tuple), max_size=2))
    lists.insert(draw(st.integers(0, len(lists))), draw(st.tuples(TEXTS, TEXTS) | st.tuples(TEXTS)))
    assume(any(names[1:] for names in lists))
    return ListsQuestion(tuple(lists), draw(TEXTS))


@st.composite
def choices_on_lists(draw: st.DrawFn, question: ListsQuestion) -> list[list[int]]:
    chosen = draw(st.sampled_from([i for i, size in enumerate(question.sizes) if size > 1]))
    rows = [[0] * size for size in question.sizes]
    bits = st.lists(st.integers(0, 1), min_size=question.sizes[chosen] - 1)
    candidates = draw(bits.map(lambda found: found[: question.sizes[chosen] - 1]).filter(any))
    rows[chosen] = [1, *candidates]
    return rows


@st.composite
def choices(draw: st.DrawFn, question: AnyQuestion) -> list[int] | list[list[int]]:
    if isinstance(question, ListsQuestion):
        return draw(choices_on_lists(question))
    count = len(question.answers)
    if question.blank and draw(st.booleans()):
        return [1] + [0] * count
    chosen = draw(st.permutations(range(count)))[
        : draw(st.integers(question.minimum, question.maximum))
    ]
    return [0] * question.blank + [int(i in chosen) for i in range(count)]


@st.composite
def elections(draw: st.DrawFn) -> ElectionParameters:
    base58 = sorted(set(string.digits + string.ascii_letters) - set("0OIl"))
    uuid = draw(st.text(base58, min_size=14, max_size=30))
    return ElectionParameters(
        description=draw(TEXTS),
        name=draw(TEXTS),
        public_key=TRUSTEE.public.public_key,
        questions=tuple(
            draw(st.lists(plain_questions() | lists_questions(), min_size=1, max_size=2))
        ),
        uuid=ElectionId(uuid),
        administrator=draw(st.none() | TEXTS),
        credential_authority=draw(st.none() | TEXTS),
    )


@given(TEXTS)
def test_any_text_survives_quoting(text: str) -> None:
    assert load(quote(text), "text") == text


@given(elections())
def test_any_election_prints_back(election: ElectionParameters) -> None:
    assert parse_election(election.to_json()) == election


@settings(max_examples=25)
@given(st.data(), elections(), SEEDS)
def test_any_permitted_choices_make_a_ballot_that_counts(
    data: st.DataObject, election: ElectionParameters, random: SeededRandom
) -> None:
    chosen = [data.draw(choices(question)) for question in election.questions]
    text = make_ballot(election, CredentialKey.generate(random), chosen, random)
    ballot = parse_ballot(text)
    assert ballot.to_json() == text
    check_ballot(ballot, election)
    tally = sum_ballots(election, [ballot], [3])
    part = decrypt_partially(election, tally, TRUSTEE, random)
    assert EncryptedTally.parse(tally.to_json()) == tally
    assert PartialDecryption.parse(part.to_json()) == part
    check_partial_decryption(election, tally, TRUSTEE.public, part)
    result = combine(election, tally, [part], 3)
    assert result == tuple(map(_tripled, chosen))
    assert parse_result(result_to_json(result)) == result


def _tripled(chosen: list[int] | list[list[int]]) -> ResultRow:
    rows = [tuple(3 * bit for bit in row) for row in chosen if isinstance(row, list)]
    return tuple(rows) or tuple(3 * bit for bit in chosen if isinstance(bit, int))


@settings(max_examples=25)
@given(st.data(), lists_questions(), SEEDS)
def test_no_other_choices_on_lists_make_a_ballot(
    data: st.DataObject, question: ListsQuestion, random: SeededRandom
) -> None:
    bits = data.draw(st.lists(st.integers(0, 1), min_size=question.width, max_size=question.width))
    rows = [list(row) for row in grouped(bits, question.sizes)]
    chosen = [row for row in rows if row[0]]
    permitted = (
        len(chosen) == 1 and any(chosen[0][1:]) and sum(map(sum, rows)) == sum(map(sum, chosen))
    )
    assert may_choose(question, rows) == permitted
    assert not may_choose(question, bits)
    # A voter whose own program does not care proves nothing by it.
    answer = make_lists_answer(question, as_point(TRUSTEE.public.public_key), "S0", rows, random)
    try:
        check_lists_answer(question, TRUSTEE.public.public_key, "S0", answer, "")
    except VerificationError:
        assert not permitted
    else:
        assert permitted


@given(SCALARS, SCALARS)
def test_points_add_like_their_logarithms(left: int, right: int) -> None:
    total = left * G + right * G
    assert total == (left + right) * G
    assert total - right * G == left * G
    assert Point.parse(total.hex(), allow_identity=True) == total
    assert parse_scalar(str(left)) == left


@given(st.binary(max_size=40) | st.text(max_size=70))
def test_what_is_read_as_a_point_prints_back(data: bytes | str) -> None:
    text = data if isinstance(data, str) else data.hex()
    try:
        point = Point.parse(text)
    except MalformedError:
        return
    assert point.hex() == text


@given(st.integers(0, 2**256 - 1))
def test_any_number_is_a_point_of_the_group_or_refused(number: int) -> None:
    text = f"{number:064x}"
    try:
        point = Point.parse(text)
    except MalformedError:
        return
    assert point.hex() == text
    assert Q * point == point - point
    assert (Q - 1) * point + point == point - point


@given(st.text(max_size=80) | st.integers().map(str))
def test_what_is_read_as_a_scalar_prints_back(text: str) -> None:
    try:
        scalar = parse_scalar(text)
    except MalformedError:
        return
    assert str(scalar) == text


@given(st.text() | st.recursive(st.text(), lambda t: st.tuples(t, t).map("".join)))
def test_no_text_breaks_a_parser_otherwise_than_by_its_error(text: str) -> None:
    for parse in (parse_ballot, parse_election, parse_any_trustees):
        with pytest.raises(MalformedError):
            parse(text)


@settings(max_examples=50)
@given(st.integers(0, len(BALLOT) - 1), st.characters(codec="utf-8"))
def test_any_changed_letter_of_a_ballot_is_refused(place: int, letter: str) -> None:
    changed = BALLOT[:place] + letter + BALLOT[place + 1 :]
    if changed == BALLOT:
        return
    with pytest.raises((MalformedError, VerificationError)):
        check_ballot(parse_ballot(changed), REFERENDUM.election)


@settings(max_examples=30)
@given(SECRETS, SECRETS, st.integers(0, 5), st.integers(0, 5), SEEDS)
def test_interval_is_proved_exactly_when_it_holds(
    secret: int, r: int, number: int, width: int, random: SeededRandom
) -> None:
    key = secret * G
    ciphertext = encrypt(key, number, r)
    statements = [ciphertext.minus(bound) for bound in range(width + 1)]
    openings = [Opening(r, number - bound) for bound in range(width + 1)]
    proofs = prove_disjunction(key, "prove|", openings, min(number, width), random)
    assert check_disjunction(key, "prove|", statements, proofs) == (number <= width)
    assert not check_disjunction(key, "other|", statements, proofs)


@settings(max_examples=30)
@given(SECRETS, SECRETS, SEEDS)
def test_knowledge_of_another_exponent_is_not_proved(
    secret: int, other: int, random: SeededRandom
) -> None:
    bases = (G, hash_to_scalar("base", []) * G)
    proof = prove_knowledge(secret, "pok|", random, bases)
    assert check_knowledge(proof, "pok|", [secret * base for base in bases], bases)
    mixed = [secret * bases[0], other * bases[1]]
    assert check_knowledge(proof, "pok|", mixed, bases) == (secret == other)


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_logarithm_is_found_exactly_within_the_bound(number: int, bound: int) -> None:
    if number <= bound:
        assert discrete_log(number * G, bound) == number
    else:
        with pytest.raises(VerificationError):
            discrete_log(number * G, bound)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=50), st.binary(max_size=50))
def test_signature_holds_for_its_message_alone(seed: bytes, message: bytes, other: bytes) -> None:
    key = SigningKey.from_seed(seed)
    signature = key.sign(message)
    verify_signature(key.public_hex, message, signature)
    if other != message:
        with pytest.raises(VerificationError):
            verify_signature(key.public_hex, other, signature)
