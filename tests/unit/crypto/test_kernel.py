"""The kernel says what libsodium says, or nothing; without it elections go on."""

import copy
import ctypes
import dataclasses
import hashlib
import itertools
import json
import logging
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto import checking, kernel, kernel_code, kernel_trial
from dauys.crypto.answer import Answer
from dauys.crypto.ballot import check_ballot, make_ballot, parse_ballot
from dauys.crypto.checking import Checking, UndecidedError
from dauys.crypto.ed25519 import IDENTITY, G, P, Point, Q
from dauys.crypto.election import ElectionParameters, parse_election
from dauys.crypto.fast_arithmetic import FastArithmetic, Layout, Rows, scalar_bytes
from dauys.crypto.proofs import check_disjunction, check_knowledge, prove_knowledge
from dauys.crypto.question import Question
from dauys.crypto.quick_ballot import FastChecks
from dauys.crypto.tally import sum_ballots
from tests.vectors.generate import all_mutations
from tests.vectors.mutations import sign_again
from tests.vectors.samples import (
    BLANK_OR_NONE,
    LIST_SAMPLES,
    LISTS,
    LISTS_OF_TWO,
    MIXED,
    ONE_OF_TEN,
    SAMPLES,
    SEVERAL,
    Sample,
)
from tests.vectors.seeded import ChosenScalars, SeededRandom

FOLDER = Path(__file__).parents[2] / "vectors"
REFUSED_LISTS = json.loads((FOLDER / "refused_lists_ballots.json").read_text())["elections"]
REFUSED = json.loads((FOLDER / "refused_ballots.json").read_text())["elections"] + REFUSED_LISTS
POINTS = json.loads((FOLDER / "points.json").read_text())["points"]

Verdict = tuple[str, str, str]


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> FastChecks:
    """The kernel, in use whatever the environment says."""
    monkeypatch.delenv(checking.SETTING, raising=False)
    checks = FastChecks(FastArithmetic())
    monkeypatch.setattr(checking, "fast", lambda: checks)
    monkeypatch.setattr(checking, "retire", lambda: pytest.fail("the kernel was wrong"))
    return checks


def verdict(text: str, election: ElectionParameters) -> Verdict:
    """What is said of a ballot: all of it."""
    try:
        check_ballot(parse_ballot(text), election)
    except (MalformedError, VerificationError) as error:
        return type(error).__name__, error.what, error.why
    return "accepted", "", ""


def test_kernel_passes_its_trial() -> None:
    kernel_trial.tried()


def test_recorded_answers_of_the_trial_are_those_of_libsodium() -> None:
    _, terms = kernel_trial.terms_of_multiples()
    answers = ",".join((a * base + b * point).hex() for a, base, b, point in terms)
    assert hashlib.sha256(answers.encode()).hexdigest() == kernel_trial.MULTIPLES


def test_trial_notices_one_wrong_digit_of_many_multiples() -> None:
    class Wrong(FastArithmetic):
        def schnorr(self, *arguments: Any) -> str:
            text = super().schnorr(*arguments)
            return text if len(text) < 100 * 65 else text[:-1] + "0123456789abcdef"[text[-1] == "0"]

    with pytest.raises(kernel_trial.TrialError, match="a multiple"):
        kernel_trial._scalars(Wrong())


@pytest.mark.parametrize("sample", [*SAMPLES, *LIST_SAMPLES], ids=lambda sample: sample.name)
def test_honest_ballots_are_read_and_checked_by_the_kernel_alone(
    sample: Sample, fast: FastChecks, monkeypatch: pytest.MonkeyPatch
) -> None:
    for voter in range(len(sample.choices)):
        text = sample.ballot_text(voter)
        reading = fast.read(text)
        assert fast.holds(reading, sample.election)
        with monkeypatch.context() as patch:
            patch.setattr("dauys.crypto.ballot._check_by_reference", pytest.fail)
            ballot = parse_ballot(text)
            check_ballot(ballot, sample.election)
            patch.setattr(checking, "fast", lambda: None)
            assert ballot == parse_ballot(text)
        assert ballot.to_json() == text


@pytest.mark.parametrize("group", REFUSED, ids=lambda group: group["name"])
def test_refused_ballots_meet_the_same_words_from_both(
    group: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    election = parse_election(group["election"])
    with_kernel = [verdict(case["ballot"], election) for case in group["ballots"]]
    monkeypatch.setattr(checking, "fast", lambda: None)
    assert with_kernel == [verdict(case["ballot"], election) for case in group["ballots"]]
    assert "accepted" not in {kind for kind, _, _ in with_kernel}


@pytest.mark.parametrize("sample", [BLANK_OR_NONE, SEVERAL, MIXED], ids=lambda sample: sample.name)
def test_kernel_takes_no_changed_ballot(sample: Sample, fast: FastChecks) -> None:
    read = 0
    for mutation in all_mutations(sample.ballot_text(1), sample.key(1)):
        try:
            reading = fast.read(mutation.ballot)
        except UndecidedError:
            continue
        assert mutation.error == "verification", mutation.name
        assert not fast.holds(reading, sample.election), mutation.name
        read += 1
    assert read > 20


@pytest.mark.parametrize("group", REFUSED_LISTS, ids=lambda group: group["name"])
def test_kernel_takes_no_changed_answer_on_lists(group: dict[str, Any], fast: FastChecks) -> None:
    election = parse_election(group["election"])
    read = []
    for case in group["ballots"]:
        try:
            reading = fast.read(case["ballot"])
        except UndecidedError:
            continue
        assert not fast.holds(reading, election), case["name"]
        read.append(case["what"])
    assert {"individual proof", "overall proof", "list proof", "nonzero proof"} <= set(read)


def test_answers_on_several_lists_questions_do_not_lend_each_other_proofs(
    fast: FastChecks,
) -> None:
    questions = (
        *LISTS_OF_TWO.election.questions,
        *MIXED.election.questions,
        *LISTS.election.questions,
    )
    election = dataclasses.replace(MIXED.election, questions=questions)
    choices = [*LISTS_OF_TWO.choices[0], *MIXED.choices[1], *LISTS.choices[2]]
    text = make_ballot(election, MIXED.key(0), choices, SeededRandom("several lists"))
    assert fast.holds(fast.read(text), election)
    tree = json.loads(text)
    for proof in ("nonzero_proof", "overall_proof"):
        swapped = copy.deepcopy(tree)
        answers = swapped["answers"]
        answers[0][proof], answers[2][proof] = answers[2][proof], answers[0][proof]
        forged = sign_again(swapped, MIXED.key(0))
        assert not fast.holds(fast.read(forged), election)
        kind, what, _ = verdict(forged, election)
        assert (kind, what) == ("VerificationError", proof.replace("_", " "))


@pytest.mark.parametrize("sample", [LISTS, MIXED], ids=lambda sample: sample.name)
def test_answers_on_lists_are_summed_as_libsodium_sums_them(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    ballots = [parse_ballot(sample.ballot_text(voter)) for voter in (0, 1, 2, 1)]
    assert all(ballot.reading is not None for ballot in ballots)
    weights = [1, 3, 1, 1]
    quick = sum_ballots(sample.election, ballots, weights)
    monkeypatch.setattr(checking, "fast", lambda: None)
    assert quick == sum_ballots(sample.election, ballots, weights)
    assert quick.fits(sample.election)


@pytest.mark.parametrize("case", POINTS, ids=lambda case: case["hex"][:70] or "empty")
def test_points_in_a_ballot_are_taken_as_the_parser_takes_them(
    case: dict[str, Any], fast: FastChecks
) -> None:
    whole = json.loads(ONE_OF_TEN.ballot_text(0))
    whole["answers"][0]["choices"][4]["beta"] = case["hex"]
    text = json.dumps(whole, separators=(",", ":"), ensure_ascii=False)
    if case["verdict"] == "accepted":
        reading = fast.read(text)
        assert reading.answers[0].ciphertexts[4].beta.text() == case["hex"]
        assert not fast.holds(reading, ONE_OF_TEN.election)
    else:
        with pytest.raises(UndecidedError):
            fast.read(text)


def test_voter_whose_nonces_cancel_out_is_served_by_the_kernel(fast: FastChecks) -> None:
    # The sum of the alphas is then the identity, which a choice may never be.
    from tests.vectors.samples import REFERENDUM

    random = ChosenScalars([5, Q - 5], "cancel")
    text = make_ballot(REFERENDUM.election, REFERENDUM.key(0), [[0, 1]], random)
    reading = fast.read(text)
    assert reading.hexes[-2] == IDENTITY.hex()
    assert fast.holds(reading, REFERENDUM.election)


def test_ballot_for_another_key_or_of_another_shape_does_not_hold(fast: FastChecks) -> None:
    reading = fast.read(ONE_OF_TEN.ballot_text(0))
    election = ONE_OF_TEN.election
    (question,) = election.questions
    assert isinstance(question, Question)
    for other in (
        dataclasses.replace(election, name="Another"),
        dataclasses.replace(election, public_key=5 * G),
        dataclasses.replace(election, questions=(dataclasses.replace(question, minimum=0),)),
        dataclasses.replace(election, questions=(question, question)),
        dataclasses.replace(election, questions=LISTS.election.questions),
    ):
        assert not fast.holds(reading, other)
    # The hash alone does not protect: a forged one must meet the proofs.
    forged = dataclasses.replace(election, public_key=5 * G)
    claimed = dataclasses.replace(reading, election_hash=forged.fingerprint)
    assert not fast.holds(claimed, forged)


def test_changed_copy_of_a_read_ballot_is_judged_anew() -> None:
    first, second = (parse_ballot(ONE_OF_TEN.ballot_text(voter)) for voter in (0, 1))
    assert first.reading is not None
    stuffed = dataclasses.replace(first, answers=second.answers)
    assert stuffed.reading is None
    with pytest.raises(VerificationError, match="signature hash"):
        check_ballot(stuffed, ONE_OF_TEN.election)


def test_read_ballot_is_still_itself_in_another_process() -> None:
    ballot = parse_ballot(ONE_OF_TEN.ballot_text(0))
    there = pickle.loads(pickle.dumps(ballot))  # noqa: S301 -- our own bytes
    assert there == ballot
    check_ballot(there, ONE_OF_TEN.election)


def test_proofs_of_trustees_are_checked_over_any_bases(fast: FastChecks) -> None:
    secret, bases = 123456789, (G, 77 * G, IDENTITY)
    powers = [secret * base for base in bases]
    proof = prove_knowledge(secret, "pok|", SeededRandom("bases"), bases)
    terms = [
        (proof.response, base, proof.challenge, power)
        for base, power in zip(bases, powers, strict=True)
    ]
    expected = [(r * base + c * power).hex() for r, base, c, power in terms]
    assert fast.schnorr(terms) == ",".join(expected)
    assert check_knowledge(proof, "pok|", powers, bases)
    assert not check_knowledge(proof, "pok|", [powers[0], 5 * G, IDENTITY], bases)


def test_point_outside_the_group_is_left_to_libsodium(fast: FastChecks) -> None:
    outside = Point(bytes(32))  # of order 4; no parser gives it
    with pytest.raises(UndecidedError):
        fast.schnorr([(1, G, 1, outside)])
    with pytest.raises(UndecidedError):
        fast.schnorr([(1, outside, 1, G)])


@pytest.mark.parametrize(
    ("encodings", "scalars", "layout"),
    [([], [], [0]), ([G.encoding], [], [1]), ([G.encoding], [bytes(32)] * 2, [1])],
)
def test_kernel_is_never_let_past_the_end_of_an_array(
    encodings: Sequence[bytes], scalars: Sequence[bytes], layout: Sequence[int]
) -> None:
    arithmetic = FastArithmetic()
    with pytest.raises(ValueError, match=r"\("):
        arithmetic.multiply(b"".join(encodings), b"".join(scalars), Layout.of(layout))
    with pytest.raises(ValueError, match="1"):
        arithmetic.commit(bytes(160), Rows.of([1, -1]), bytes(64))
    with pytest.raises(ValueError, match="1"):
        arithmetic.commit(bytes(160), Rows.of([0, -1]), bytes(32))
    with pytest.raises(ValueError, match="320"):
        arithmetic.add_up([bytes(480), bytes(320)], 1, 2)
    with pytest.raises(ValueError, match="2"):
        Layout.of([0, 0, 0], [(0, 2)])


def test_kernel_lets_other_threads_run() -> None:
    arithmetic, count = FastArithmetic(), 10_000
    rows, scalars = Rows.of([-1, -1] * count), scalar_bytes(Q - 1) * 2 * count
    spent = []

    def work() -> None:
        begun = time.thread_time()
        arithmetic.commit(b"", rows, scalars)
        spent.append(time.thread_time() - begun)

    working = threading.Thread(target=work)
    begun = time.thread_time()
    working.start()
    while working.is_alive():
        pass
    # Kept from running, this thread would have had next to no time of the processor.
    assert time.thread_time() - begun > spent[0] / 5


def test_threads_do_not_disturb_one_another() -> None:
    cases = [(s.ballot_text(v), s.election) for s in SAMPLES for v in range(len(s.choices))]
    wrong = [(text, other) for (text, _), (_, other) in itertools.pairwise(cases)]
    everything = (cases + wrong) * 3
    expected = [verdict(text, election) for text, election in everything]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda case: verdict(*case), everything)) == expected
    assert expected[0] == ("accepted", "", "")


def test_tables_of_many_elections_do_not_fill_the_memory() -> None:
    arithmetic = FastArithmetic()
    rows = Rows.of([-1, -1])
    for secret in range(2, 40):
        key = secret * G
        text = arithmetic.commit(b"", rows, bytes(32) + b"\x01" + bytes(31), key)
        assert text.decode() == key.hex() + ","
    assert arithmetic._table.cache_info().currsize == 32


def run(program: str, **settings: str) -> str:
    """Output of a Python program in a process of its own."""
    environment = {**os.environ, **settings}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout + done.stderr


CHECK = """
import sys
from dauys.crypto import checking
from dauys.crypto.answer import Answer
from dauys.crypto.ballot import check_ballot, parse_ballot
from tests.vectors.samples import REFERENDUM as sample
ready = checking.prepare()
check_ballot(parse_ballot(sample.ballot_text(0)), sample.election)
print(ready, sys.modules.get("numba") is not None)
"""


def test_setting_keeps_the_kernel_and_numba_out() -> None:
    assert run(CHECK, DAUYS_KERNEL="reference") == "False False\n"


def test_misspelt_setting_keeps_the_kernel_out_and_says_so() -> None:
    output = run(CHECK, DAUYS_KERNEL="Reference")
    assert output.startswith("False False\nDAUYS_KERNEL=Reference: only reference is known")


def test_numba_is_wanted_once_on_a_machine_and_never_again(tmp_path: Path) -> None:
    kept = {kernel_code.FOLDER: str(tmp_path / "new")}
    without = "import sys; sys.modules['numba'] = None" + CHECK
    output = run(without, **kept)
    assert output.startswith("False False\nno fast kernel: libsodium checks all proofs\n")
    code = kernel_code._read(next(kernel_code._folders()) / kernel_code._file_name())
    assert code is not None
    assert kernel_code._write(tmp_path / "new" / kernel_code._file_name(), code)
    assert run(without, **kept) == "True False\n"


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: b"", bytes.upper])
def test_damaged_code_is_never_loaded(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "kernel.o"
    assert kernel_code._write(path, {"products": ("symbol", b"code")})
    assert kernel_code._read(path) == {"products": ("symbol", b"code")}
    path.write_bytes(damage(path.read_bytes()))
    assert kernel_code._read(path) is None


def test_code_that_cannot_be_kept_is_used_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not kernel_code._write(tmp_path / "file" / "kernel.o", {})


def test_numba_is_not_imported_before_it_pays() -> None:
    program = CHECK.replace("checking.prepare()", "checking.fast()")
    assert run(program) == "None False\n"


def loading(kernels: Checking) -> bool:
    return kernels._loading is not None


def test_kernel_loads_behind_the_back_of_the_first_ballots() -> None:
    kernels = Checking()
    assert [kernels.fast() for _ in range(checking.PATIENCE)] == [None] * checking.PATIENCE
    assert not loading(kernels)
    kernels.fast()
    assert loading(kernels)
    assert kernels.prepare()
    assert kernels.fast() is not None


def test_ballots_are_checked_when_no_thread_can_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    kernels = Checking()
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        asked = [kernels.fast() for _ in range(2 * checking.PATIENCE)]
        assert set(asked) == {None}
    kernels.fast()
    assert kernels.prepare()


FUNCTIONS = ("products", "commitments", "accumulate", "encode", "tabulate")


@pytest.mark.parametrize("broken", FUNCTIONS)
def test_kernel_that_fails_its_trial_is_not_used(
    broken: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    code = kernel_code.load()
    right = getattr(code, broken)

    def wrong(*arguments: Any) -> int:
        """Answer right, then spoil a bit of every result."""
        answer: int = right(*arguments)
        for memory in arguments:
            if isinstance(memory, ctypes.Array):
                view = memoryview(memory).cast("B")
                for i in range(0, len(view), max(1, len(view) // 7)):
                    view[i] ^= 1
        return answer

    setattr(code, broken, wrong)
    monkeypatch.setattr("dauys.crypto.fast_arithmetic.load", lambda: code)
    kernels = Checking()
    assert not kernels.prepare()
    assert kernels.fast() is None
    assert "no fast kernel" in caplog.text


def test_kernel_that_takes_any_point_is_not_used(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    code = kernel_code.load()
    right = code.products
    code.products = lambda *arguments: right(*arguments) or 1
    monkeypatch.setattr("dauys.crypto.fast_arithmetic.load", lambda: code)
    assert not Checking().prepare()
    assert "TrialError: took y = p for a point" in caplog.text


def test_kernel_that_denies_what_libsodium_affirms_is_retired(
    fast: FastChecks, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kernels = Checking()
    kernels._fast = fast
    monkeypatch.setattr(checking, "retire", kernels.retire)
    ballot = parse_ballot(ONE_OF_TEN.ballot_text(0))
    monkeypatch.setattr(FastChecks, "holds", lambda *_: False)
    with caplog.at_level(logging.ERROR):
        check_ballot(ballot, ONE_OF_TEN.election)
    assert kernels.fast() is None
    assert "the fast kernel is wrong" in caplog.text


def test_single_proof_that_the_kernel_denies_is_libsodiums_to_judge(
    fast: FastChecks, monkeypatch: pytest.MonkeyPatch
) -> None:
    retired = []
    monkeypatch.setattr(checking, "retire", lambda: retired.append(1))
    monkeypatch.setattr(fast, "schnorr", lambda *_: "nonsense")
    answer = ONE_OF_TEN.ballots()[0].answers[0]
    assert isinstance(answer, Answer)
    context = f"{ONE_OF_TEN.election.fingerprint}|{ONE_OF_TEN.key(0).public}"
    choice = answer.choices[0]
    prefix = f"prove|{context}|{choice.alpha.text()},{choice.beta.text()}|"
    statements = [choice.minus(bit) for bit in (0, 1)]
    key = ONE_OF_TEN.election.public_key
    assert check_disjunction(key, prefix, statements, answer.individual_proofs[0])
    assert retired == [1]
    assert not check_disjunction(key, "other|", statements, answer.individual_proofs[0])
    assert retired == [1]


def test_constants_are_those_of_the_curve() -> None:
    assert kernel.Q == Q
    assert kernel.P == P
    assert kernel.D * 121666 % P == P - 121665
    assert sum(limb << 51 * i for i, limb in enumerate(kernel._BIAS)) == 4 * P
