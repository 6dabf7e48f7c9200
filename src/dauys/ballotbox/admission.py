"""Admission: everything about a ballot that can be checked without the board's state.

This is the expensive part (milliseconds of proofs) and runs on all cores at once; what
depends on other ballots is left to `box.py`. Ballots on the board are not proved again:
they are public, and anyone can post them as often as they like.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

from dauys.ballotbox.request import CastRequest
from dauys.core.entries import BallotEntry, Manifest, encode_entry
from dauys.core.errors import MalformedError, RefusedError, VerificationError
from dauys.core.ids import ContestId, Serial, Tracker
from dauys.core.permit import Statement
from dauys.core.ports import VerifySignature
from dauys.core.state import BallotRecord, ElectionState
from dauys.crypto.ballot import check_ballot, longest_ballot, parse_ballot, tracker
from dauys.crypto.election import ElectionParameters, parse_election

Glimpse = Callable[[Tracker], BallotRecord | None]
"""The ballot with this tracker if it was put on the board, durable yet or not; never waits."""


def _nothing(_tracker: Tracker) -> None:
    """See no ballots."""


@dataclass(frozen=True, slots=True)
class AdmittedBallot:
    """A ballot whose proofs hold, under a permit that the registrar signed."""

    entry: BallotEntry
    tracker: Tracker

    @property
    def statement(self) -> Statement:
        """What the permit states."""
        return self.entry.permit.statement

    @property
    def serial(self) -> Serial:
        """Number of the permit."""
        return Serial(self.statement.serial)


class Admission:
    """Checks ballots of one election. Holds no state: any number of threads may share it."""

    def __init__(
        self,
        manifest: Manifest,
        elections: Mapping[ContestId, str],
        verify_signature: VerifySignature,
        glimpse: Glimpse = _nothing,
    ) -> None:
        """`elections` are the Belenios elections of the contests, as on the board.

        What `glimpse` shows was admitted before.

        Raises MalformedError if one of them cannot be read.
        """
        self._manifest = manifest
        self._elections = {c: parse_election(text) for c, text in elections.items()}
        self._longest = {c: len(longest_ballot(one)) for c, one in self._elections.items()}
        self._verify_signature = verify_signature
        self._glimpse = glimpse

    @classmethod
    def of(
        cls, state: ElectionState, verify_signature: VerifySignature, glimpse: Glimpse = _nothing
    ) -> Self:
        """Admission to the election on the board; its trustees must stand there."""
        return cls(state.manifest, state.elections, verify_signature, glimpse)

    def check(self, request: CastRequest) -> AdmittedBallot:
        """Check permit and ballot, the cheap claims first.

        Raises RefusedError `bad_permit` (not the registrar's, not of this election) or
        `bad_ballot` (its form, its proofs, or not the permit's), the fault in `detail`.
        """
        try:
            election, longest = self._check_permit(request)
        except VerificationError as error:
            raise RefusedError("bad_permit", str(error)) from error
        try:
            return self._check_ballot(request, election, longest)
        except (MalformedError, VerificationError) as error:
            raise RefusedError("bad_ballot", str(error)) from error

    def _check_permit(self, request: CastRequest) -> tuple[ElectionParameters, int]:
        """The Belenios election that the permit is for, and the length of its ballots."""
        statement, signature = request.permit.statement, request.permit.signature
        if statement.election != self._manifest.election:
            raise VerificationError("permit is for this election")
        message = statement.signed_bytes()
        self._verify_signature(self._manifest.registrar, message, bytes.fromhex(signature))
        if statement.method not in self._manifest.methods:
            raise VerificationError("method is one of the manifest's", statement.method)
        election = self._elections.get(statement.contest)
        if election is None:
            raise VerificationError("contest exists", statement.contest)
        return election, self._longest[statement.contest]

    def _check_ballot(
        self, request: CastRequest, election: ElectionParameters, longest: int
    ) -> AdmittedBallot:
        if len(request.ballot) > longest:  # before time is spent on reading it
            raise MalformedError("ballot", f"longer than {longest} bytes")
        if not request.ballot.isascii():
            raise MalformedError("ballot", "not ASCII")
        admitted = AdmittedBallot(
            BallotEntry(permit=request.permit, ballot=request.ballot), tracker(request.ballot)
        )
        if not self._was_admitted(admitted):
            ballot = parse_ballot(request.ballot)
            if ballot.credential != admitted.statement.credential:
                raise VerificationError("ballot is signed by the permit's credential")
            check_ballot(ballot, election)
        encode_entry(admitted.entry)  # raises when it does not fit on the board
        return admitted

    def _was_admitted(self, ballot: AdmittedBallot) -> bool:
        """Whether these very bytes were, in this contest and under this credential."""
        seen = self._glimpse(ballot.tracker)
        statement = ballot.statement
        return seen is not None and (seen.contest, seen.credential) == (
            statement.contest,
            statement.credential,
        )
