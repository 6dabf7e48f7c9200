"""Different bytes, different types: identifiers that must not be mixed up.

All are plain text or numbers at run time; the type checker keeps them apart.
"""

from typing import NewType

ElectionId = NewType("ElectionId", str)
"""Base58 text of 14 or more characters, unique to one election."""

ContestId = NewType("ContestId", str)
"""Short lower-case word naming a contest inside its election, `[a-z0-9-]{1,40}`."""

QuestionId = NewType("QuestionId", str)
"""Short lower-case word naming a question inside its contest, `[a-z0-9-]{1,40}`."""

ListId = NewType("ListId", str)
"""Short lower-case word naming a list of candidates inside its contest, `[a-z0-9-]{1,40}`."""

CandidateId = NewType("CandidateId", str)
"""Short lower-case word naming a candidate inside its contest, `[a-z0-9-]{1,40}`."""

Pseudonym = NewType("Pseudonym", str)
"""32 hex digits, random; only the registrar can map it back to a voter."""

Credential = NewType("Credential", str)
"""64 hex digits: the public key that the voter's browser made for one ballot."""

Tracker = NewType("Tracker", str)
"""43 base64 characters: SHA-256 of the whole ballot; the voter's receipt."""

Serial = NewType("Serial", int)
"""Number of a permit, from 1, without gaps over the whole election."""

LeafIndex = NewType("LeafIndex", int)
"""Place of an entry in the board's log, from 0."""

CaseId = NewType("CaseId", int)
"""Number of a case, from 1."""

DecisionNumber = NewType("DecisionNumber", int)
"""Number of a decision, from 1; withdrawn proposals leave gaps."""

RegisterNumber = NewType("RegisterNumber", int)
"""Line number of a voter in the register as imported, from 1."""

MethodId = NewType("MethodId", str)
"""Identification method: "sms" or "eds" in Kazakhstan; the manifest orders them by strength."""
