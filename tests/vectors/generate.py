"""Write ballots.json, refused_ballots.json, the same of lists, and points.json beside this file.

They bind two implementations: `dauys.crypto` and the voter's browser must print the same
ballots from the same random bytes, and refuse the same ones by the same check.

    python -m tests.vectors.generate
"""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from dauys.core.errors import MalformedError
from dauys.crypto.ballot import CredentialKey, tracker
from dauys.crypto.ed25519 import G, P, Point, Q, parse_scalar
from tests.vectors import mutations as m
from tests.vectors.samples import (
    BLANK,
    LIST_SAMPLES,
    LISTS_OF_TWO,
    REFERENDUM,
    SAMPLES,
    Sample,
)

FOLDER = Path(__file__).parent
Value = dict[str, object]


def ballot_vectors(samples: Iterable[Sample]) -> Value:
    """Elections, credentials, choices, and the one ballot that follows from them."""
    return {
        "about": (
            "random bytes are SHA-256('seed|0'), SHA-256('seed|1'), ... one after another; the"
            " order in which they are drawn is in dauys/crypto/ballot.py"
        ),
        "elections": [
            {
                "name": sample.name,
                "election": sample.election.to_json(),
                "fingerprint": sample.election.fingerprint,
                "ballots": [
                    {
                        "seed": f"{sample.name} ballot {voter}",
                        "credential_secret": str(sample.key(voter).secret),
                        "credential": sample.key(voter).public,
                        "choices": sample.choices[voter],
                        "ballot": sample.ballot_text(voter),
                        "tracker": tracker(sample.ballot_text(voter)),
                    }
                    for voter in range(len(sample.choices))
                ],
            }
            for sample in samples
        ],
    }


def refused_vectors(mutated: Iterable[tuple[Sample, Iterator[m.Mutation]]]) -> Value:
    """Ballots that must be refused, and by which check."""
    return {
        "about": (
            "error is 'malformed' (the text is not read) or 'verification' (a claim does not"
            " hold); what names the structure or the claim, empty where several fit"
        ),
        "elections": [
            {
                "name": sample.name,
                "election": sample.election.to_json(),
                "ballots": [
                    {
                        "name": mutation.name,
                        "ballot": mutation.ballot,
                        "error": mutation.error,
                        "what": mutation.what,
                    }
                    for mutation in _short(found)
                ],
            }
            for sample, found in mutated
        ],
    }


def all_mutations(text: str, key: CredentialKey) -> Iterator[m.Mutation]:
    """Every kind of mutation of one ballot."""
    yield from m.text_mutations(text)
    yield from m.structure_mutations(text)
    yield from m.value_mutations(text)
    yield from m.claim_mutations(text, key)


def lists_mutations() -> Iterator[m.Mutation]:
    """Every kind of mutation of a ballot with lists."""
    text = LISTS_OF_TWO.ballot_text(0)
    yield from m.list_structure_mutations(text, 0)
    yield from m.claim_mutations(text, LISTS_OF_TWO.key(0))


def point_vectors() -> Value:
    """Points and scalars: "accepted", or the reason of the refusal."""
    points = [
        *(scalar_multiple.hex() for scalar_multiple in (G, 2 * G, (Q - 1) * G, 12345 * G)),
        m.IDENTITY,
        m.NEGATIVE_IDENTITY,
        m.IDENTITY_PLUS_P,
        m.Y_IS_P,
        f"{P + 18:064x}",
        f"{2**255 + P:064x}",
        "f" * 64,
        m.ORDER_2,
        f"{P - 1 + 2**255:064x}",
        m.ORDER_4,
        f"{2**255:064x}",
        m.ORDER_8,
        m.with_torsion(G.hex()),
        *(f"{y:064x}" for y in range(2, 19)),
        G.hex().upper(),
        G.hex()[:-1],
        G.hex() + "0",
        "",
        " " + G.hex()[1:],
    ]
    scalars = [
        *("0", "1", "10", str(Q - 1), str(Q), str(Q + 1), str(2**256), "00", "01", "-1", "+1"),
        *(" 1", "1 ", "1_0", "1e3", "1.0", "0x1", "", "٤٢", "9" * 78, "1\n"),
    ]
    return {
        "points": [{"hex": text, "verdict": _verdict(Point.parse, text)} for text in points],
        "scalars": [{"text": text, "verdict": _verdict(parse_scalar, text)} for text in scalars],
    }


def files() -> dict[str, str]:
    """Name and text of each file."""
    vectors = {
        "ballots.json": ballot_vectors(SAMPLES),
        "refused_ballots.json": refused_vectors(
            (
                (REFERENDUM, all_mutations(REFERENDUM.ballot_text(0), REFERENDUM.key(0))),
                (BLANK, m.claim_mutations(BLANK.ballot_text(1), BLANK.key(1))),
            )
        ),
        "lists_ballots.json": ballot_vectors(LIST_SAMPLES),
        "refused_lists_ballots.json": refused_vectors([(LISTS_OF_TWO, lists_mutations())]),
        "points.json": point_vectors(),
    }
    return {
        name: json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        for name, value in vectors.items()
    }


def _short(found: Iterator[m.Mutation]) -> Iterator[m.Mutation]:
    """Leave out what is long and shows nothing in a file."""
    return (mutation for mutation in found if len(mutation.ballot) < 8000)


def _verdict(parse: Callable[[object], object], text: str) -> str:
    try:
        parse(text)
    except MalformedError as error:
        return error.why
    return "accepted"


if __name__ == "__main__":
    for file_name, file_text in files().items():
        (FOLDER / file_name).write_text(file_text)
