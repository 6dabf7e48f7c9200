"""Words for the values of the log: phases, methods, kinds of entries, fates, rules."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dauys.core.entries import RevotePolicy
from dauys.core.state import Phase
from dauys.tally.status import Fate


def phase(value: Phase) -> str:
    """Where the election stands, in one or two words."""
    return {
        Phase.DRAFT: pgettext("board", "Not announced yet"),
        Phase.SEALED: pgettext("board", "Voting has not begun"),
        Phase.OPEN: pgettext("board", "Voting is open"),
        Phase.CLOSED: pgettext("board", "Voting has closed"),
        Phase.TALLIED: pgettext("board", "The result is published"),
        Phase.FINAL: pgettext("board", "The election is over"),
    }[value]


def phase_told(value: Phase) -> str:
    """What that means."""
    return {
        Phase.DRAFT: "",
        Phase.SEALED: _(
            "The rules are fixed and published. Nothing can be changed in them any more."
        ),
        Phase.OPEN: _("Ballots are encrypted. Nobody knows who leads, and this site cannot tell."),
        Phase.CLOSED: _(
            "No more ballots are accepted. The trustees decrypt the sums, never a single ballot."
        ),
        Phase.TALLIED: _("All contests have their result."),
        Phase.FINAL: _("The result is published and the log is complete. Anyone can check it."),
    }[value]


def method(value: str) -> str:
    """How a voter proved who they are."""
    return {
        "email": pgettext("method", "e-mail code"),
        "sms": pgettext("method", "SMS code"),
        "eds": pgettext("method", "digital signature"),
        "desk": pgettext("method", "one-time link of the help desk"),
        "oidc": pgettext("method", "organisation’s account"),
    }.get(value, value)


def methods(values: tuple[str, ...]) -> str:
    """Several methods, as one list."""
    return ", ".join(map(method, values))


def category(value: str) -> str:
    """A category of voters."""
    return {
        "entrepreneur": pgettext("board", "Individual entrepreneurs"),
        "member": pgettext("board", "Members"),
        "company": pgettext("board", "Companies"),
        "association": pgettext("board", "Associations"),
        "self-regulated": pgettext("board", "Self-regulated organisations"),
    }.get(value, value)


def policy(value: RevotePolicy) -> str:
    """Which ballot of one voter counts."""
    return {
        RevotePolicy.ONCE: _("A vote is cast once. A second ballot is not accepted."),
        RevotePolicy.STRONGER: _(
            "A voter may replace a ballot by a safer method. The ballot cast by the safest method counts, and of equal ones the first."
        ),
        RevotePolicy.LAST: _(
            "A voter may vote again. The ballot cast by the safest method counts, and of equal ones the last."
        ),
    }[value]


def kind(value: str) -> str:
    """A kind of entry."""
    return {
        "manifest": pgettext("entry", "Rules of the election"),
        "candidates": pgettext("entry", "Candidates of a contest"),
        "trustees": pgettext("entry", "Trustees and their keys"),
        "booth": pgettext("entry", "Files of the voter’s page"),
        "open": pgettext("entry", "Voting opens"),
        "clock": pgettext("entry", "Time"),
        "ballot": pgettext("entry", "Ballot"),
        "decision": pgettext("entry", "Decision of the commission"),
        "approval": pgettext("entry", "Signature under a decision"),
        "notice": pgettext("entry", "Notice"),
        "close": pgettext("entry", "Voting closes"),
        "tally": pgettext("entry", "Encrypted sums"),
        "decryption": pgettext("entry", "A trustee’s part of the decryption"),
        "result": pgettext("entry", "Result of a contest"),
        "final": pgettext("entry", "End of the log"),
    }.get(value, value)


def fate(value: Fate, *, settled: bool) -> str:
    """What became of a ballot."""
    if value is Fate.COUNTED and not settled:
        return _("On the board; counts as things stand")
    return {
        Fate.COUNTED: pgettext("board", "Counted"),
        Fate.REPLACED: _("Replaced by the voter’s other ballot"),
        Fate.ANNULLED: pgettext("board", "Annulled"),
        Fate.RECLAIMED: _("Taken back by the voter"),
        Fate.SET_ASIDE: pgettext("board", "Set aside"),
    }[value]


def fate_told(value: Fate, *, settled: bool) -> str:
    """What that means for who looks it up."""
    if value is Fate.COUNTED and not settled:
        return _(
            "The ballot will be counted unless it is replaced, taken back or annulled. Nothing needs to be done."
        )
    return {
        Fate.COUNTED: _("The ballot is part of the result."),
        Fate.REPLACED: _(
            "The same voter has another ballot on the board, and that one counts. Every voter counts once."
        ),
        Fate.ANNULLED: _("The election commission annulled the ballot. It does not count."),
        Fate.RECLAIMED: _(
            "The voter, identified by a safer method, said that this ballot was not theirs and voted themselves."
        ),
        Fate.SET_ASIDE: _(
            "Another ballot of the same voter was annulled or taken back. Until the voter votes by a safer method, nothing counts."
        ),
    }[value]


def stratum(name: str, methods_of: tuple[str, ...]) -> str:
    """A sum of ballots: by which methods they came."""
    return pgettext("board", "All ballots") if name == "total" else methods(methods_of)
