"""What the board would be with a decision in force: tried on a copy, by the log's own rules."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from dauys.core.entries import Approval, Decision, Manifest, encode_entry
from dauys.core.replay import Replay
from dauys.core.state import ElectionState


def rehearse(state: ElectionState, decision: Decision) -> ElectionState:
    """The state after `decision` and enough approvals; `state` stays as it is.

    Raises VerificationError when the log would refuse the decision.
    """
    replay = Replay(_believe)
    # Only what a decision changes is copied; ballots are many, and shared.
    replay.state = replace(
        state,
        decisions=dict(state.decisions),
        restrictions=list(state.restrictions),
        zeroed=list(state.zeroed),
        annulled=dict(state.annulled),
        restored=dict(state.restored),
    )
    replay.apply(decision)
    for approval in _approvals(state.manifest, decision, state.now):
        replay.apply(approval)
    return replay.state


def _approvals(rules: Manifest, decision: Decision, now: str) -> Iterator[Approval]:
    digest = hashlib.sha256(encode_entry(decision)).hexdigest()
    for member in rules.commission[: rules.quorum]:
        yield Approval(
            at=now, decision=decision.number, digest=digest, member=member.id, signature="0" * 128
        )


def _believe(_public_hex: str, _message: bytes, _signature: bytes, /) -> None:
    """Nothing is signed in a rehearsal."""
