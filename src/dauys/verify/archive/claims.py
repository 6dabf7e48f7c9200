"""What is checked of a Belenios archive, by name. Specification of Belenios, version 3.0."""

from functools import partial
from typing import Final

from dauys.verify.checks import Claim

_claim = partial(Claim, document="Belenios specification 3.0")

FORM: Final = "archive-form"
HEADER: Final = "archive-header"
FILE_NAMES: Final = "file-names"
CHAIN: Final = "event-chain"
ORDER: Final = "event-order"
SETUP: Final = "setup-data"
ELECTION: Final = "election-form"
TRUSTEES: Final = "trustee-proofs"
KEY: Final = "election-key"
CREDENTIALS: Final = "credential-list"
BALLOT_FORM: Final = "ballot-form"
BALLOT_ONCE: Final = "ballot-once"
BALLOT_BINDING: Final = "ballot-binding"
BALLOT_CREDENTIAL: Final = "ballot-credential"
BALLOT_SIGNATURE: Final = "ballot-signature"
BALLOT_PROOFS: Final = "ballot-proofs"
TALLY_SIZE: Final = "tally-size"
TALLY_SUMS: Final = "tally-sums"
SHUFFLES: Final = "shuffles-empty"
OWNERS: Final = "decryption-owners"
DECRYPTIONS: Final = "decryption-proofs"
ENOUGH: Final = "decryption-enough"
RESULT: Final = "result-decryption"

CATALOGUE: Final = (
    _claim(FORM, "4.4", "the archive is an old-style tar of whole files, and nothing more"),
    _claim(HEADER, "4.4", "it begins with its header"),
    _claim(FILE_NAMES, "4.4", "every file is named by its hash"),
    _claim(CHAIN, "4.4", "every event names the one before it, its height and its data"),
    _claim(ORDER, "4.4", "events come in the order of an election"),
    _claim(SETUP, "4.10", "the setup names the election, the trustees and the credentials"),
    _claim(ELECTION, "4.9, 4.10", "the election has its one form"),
    _claim(TRUSTEES, "4.5 to 4.7", "every trustee knows the secret of their key"),
    _claim(KEY, "3.1.1", "the election's key is that of the trustees"),
    _claim(CREDENTIALS, "4.8", "every public credential is a key, and stands there once"),
    _claim(BALLOT_FORM, "4.17", "every ballot has the one accepted form"),
    _claim(BALLOT_ONCE, "3.2", "no ballot was copied"),
    _claim(BALLOT_BINDING, "4.17", "every ballot is of this election"),
    _claim(BALLOT_CREDENTIAL, "3.2", "every ballot's credential is on the list"),
    _claim(BALLOT_SIGNATURE, "4.16", "every ballot is signed with its credential"),
    _claim(BALLOT_PROOFS, "4.11 to 4.15", "every ballot is proved to hold a permitted choice"),
    _claim(TALLY_SIZE, "4.18", "the ballots that count, the last of each voter, and their weight"),
    _claim(TALLY_SUMS, "4.18", "the encrypted sums are those of the ballots that count"),
    _claim(SHUFFLES, "4.19", "nothing was shuffled, as nothing was to be"),
    _claim(OWNERS, "4.20", "every partial decryption is of a trustee"),
    _claim(DECRYPTIONS, "4.20", "every partial decryption is proved"),
    _claim(ENOUGH, "4.21", "enough trustees took part"),
    _claim(RESULT, "4.21", "the sums decrypt to the published numbers"),
)

OF_MALFORMED: Final = {
    "tar": FORM,
    "archive": FORM,
    "archive header": HEADER,
    "file name": FILE_NAMES,
    "event": CHAIN,
    "order of events": ORDER,
    "setup": SETUP,
}
"""The check that fails when `archive_events` cannot read on, by the error's `what`."""
