"""What went wrong, what it means, what to do: a message in three parts for every refusal.

Codes are those of `RefusedError`, of the signing program (`SignerError`), and a few of the
page's own. A code that is not here has the message `server`.
"""

from dataclasses import dataclass, replace
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dauys.identity.numbering import NumberWords
from dauys.identity.phones import PhoneWords
from dauys.web.portal.times import pick

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Message:
    """`title` also stands at the field, where there is one."""

    title: Words
    means: Words
    todo: Words


SERVER: Final = Message(
    _("Something failed on our side."),
    _("This is not your fault. Nothing was changed by this attempt."),
    _("Try again in a minute. If it fails again, call the help line."),
)

_NEW_CODE = _("Ask for a new code.")
CODE: Final = {
    "not_six_digits": Message(
        _("The code has 6 digits."),
        _("What is written is shorter, longer, or has other characters in it."),
        _("Write the 6 digits from the newest message."),
    ),
    "wrong_code": Message(
        _("The code is not right."),
        _("Tries left with this code: %(detail)s."),
        _("Look at the newest message and write its code again."),
    ),
    "too_many_tries": Message(
        _("A wrong code was entered three times."),
        _("This code works no longer. This protects your vote from guessing."),
        _NEW_CODE,
    ),
    "expired": Message(
        _("This code works no longer."),
        _("A code works once, for five minutes."),
        _NEW_CODE,
    ),
    "unknown_request": Message(
        _("This code works no longer."),
        _("A code works once, for five minutes."),
        _NEW_CODE,
    ),
    "too_soon": Message(
        _("It is too early for another code."),
        _("A message may take a minute to arrive. After each code the wait is longer."),
        _("Wait %(detail)s seconds, then ask again."),
    ),
    "too_many_codes": Message(
        _("Too many codes were requested."),
        _("No more codes are sent for now. This protects your vote from guessing."),
        _(
            "Vote with a digital signature, or come back in an hour."
            " The help line can tell you more."
        ),
    ),
    "no_gateway": Message(
        _("No codes are sent just now."),
        _("This is not your fault: the site is not set up to send messages."),
        _("Vote with a digital signature, or call the help line."),
    ),
}

_ASK_DESK = _("Call the help line and ask for another link.")
LINK: Final = {
    "link_unknown": Message(
        _("There is no such link."),
        _("The letters and digits do not fit, or belong to another election."),
        _("Compare them with what the help desk gave you, letter by letter."),
    ),
    "link_used": Message(
        _("This link was used already."), _("It works once, for 20 minutes."), _ASK_DESK
    ),
    "link_expired": Message(
        _("This link is too old."), _("It works for 24 hours after it was given."), _ASK_DESK
    ),
}

_NOT_CHANGED = _("The phone was not changed.")
PHONE: Final = {
    "same_phone": Message(
        _("This number stands on the register already."),
        _NOT_CHANGED,
        _("Nothing needs to be done."),
    ),
    "phone_taken": Message(
        _("Another voter has this number."),
        _("One phone belongs to one voter in this election."),
        _("Write another number, or vote with your digital signature."),
    ),
    "phones_frozen": Message(
        _("Phones cannot be changed any more."),
        _("They are frozen before voting, so that nobody changes one and votes at once."),
        _("Vote with your digital signature."),
    ),
}

ELSEWHERE: Final = {
    "sign_in_unknown": Message(
        _("This sign-in is no longer valid."),
        _("It was begun too long ago, in another browser, or was used already."),
        _("Begin again: press the button to sign in."),
    ),
    "sign_in_cancelled": Message(
        _("You did not sign in."),
        _("Your organisation's page sent you back without a name. Nothing was changed."),
        _("Begin again, or confirm who you are in another way."),
    ),
    "sign_in_invalid": Message(
        _("The answer of your organisation's page does not hold."),
        _("It was not made for this election and this moment, so nobody was identified by it."),
        _("Begin again. If it fails again, call the help line."),
    ),
    "provider_silent": Message(
        _("Your organisation's page does not answer."),
        _("This is not your fault. Nothing was changed."),
        _("Try again in a few minutes, or confirm who you are in another way."),
    ),
    "no_number": Message(
        _("Your account has no number in it."),
        _("Your organisation's page did not say which voter you are."),
        _("Call the help line: your account has to be put right."),
    ),
    "not_registered": Message(
        _("You are not on the register of this election."),
        _("You proved who you are, but nobody with your number stands on the register."),
        _("If you think that this is a mistake, call the organiser."),
    ),
}

HOURS: Final = {
    "not_open": Message(
        _("Voting has not begun."),
        _("No votes are taken yet."),
        _("Come back when voting opens: the day and hour are on the page of the election."),
    ),
    "closed": Message(
        _("Voting has ended."),
        _("No more votes are taken."),
        _("Results appear on the public board after the count."),
    ),
    "signature_asked": Message(
        _("Voters on your network are asked for a digital signature just now."),
        _(
            "Suspicious votes came through this network, so no codes are sent to it for at most"
            " %(detail)s more minutes. It says nothing about you, and the notice is on the public"
            " board."
        ),
        _("Vote with a digital signature, use another connection, or come back later."),
    ),
    "method_not_allowed": Message(
        _("Voting in this way was stopped by a decision of the election commission."),
        _("Votes are no longer taken by this method. The decision is on the public board."),
        _("Vote with a digital signature."),
    ),
}

STANDING: Final = {
    "already_voted": Message(
        _("A ballot was already cast in your name."),
        _("A second one does not count under the rules of this election."),
        _("Open “My ballots” to see it. If it was not you, say so there."),
    ),
    "stronger_needed": Message(
        _("A digital signature is needed now."),
        _("An earlier ballot in your name was annulled or taken back."),
        _("Vote again with a digital signature."),
    ),
    "nothing_to_reclaim": Message(
        _("This ballot cannot be taken back."),
        _("It is not in your name, or was cast by a method as strong as yours."),
        _("Open “My ballots” to see all ballots in your name."),
    ),
    "unknown_tracker": Message(
        _("There is no such ballot in your name."),
        _("Nothing was reported."),
        _("Open “My ballots” to see all ballots in your name."),
    ),
}

SIGN_AGAIN: Final = _("Sign once more.")
OTHER_KEY: Final = _("Choose another key, or vote by a code if that is offered.")
_STALE = Message(
    _("The signature came too late."),
    _("What you sign is good once, for ten minutes."),
    SIGN_AGAIN,
)
_ODD_FILE = Message(
    _("This is not the signature that is needed."),
    _("It must be a CMS file with the signed text inside, signed by one person."),
    _("Sign the file that this page gave you, with “include the data” switched on."),
)
_NOT_TRUSTED = Message(
    _("This certificate is not accepted."),
    _("It was not issued by an authority that this election trusts, or has been revoked."),
    OTHER_KEY,
)
_WRONG_KIND = Message(
    _("This key is not for signing."),
    _("Its certificate is meant for something else, such as logging in."),
    _("Choose the signing key."),
)
_NEW_KEY = _("Ask whoever gave you the key for a new one. Or use another key.")
_OUT_OF_DATE = Message(
    _("The certificate is out of date."),
    _("A signature made with it does not count."),
    _NEW_KEY,
)

SIGNATURE: Final = {
    "challenge_unknown": _STALE,
    "challenge_used": _STALE,
    "challenge_expired": _STALE,
    "unreadable": _ODD_FILE,
    "not_attached": _ODD_FILE,
    "two_signers": _ODD_FILE,
    "wrong_content": _ODD_FILE,
    "bad_signature": Message(
        _("The signature does not hold."),
        _("The signed file was changed or damaged."),
        SIGN_AGAIN,
    ),
    "weak_hash": Message(
        _("This key is of an old kind."),
        _("It signs with an old hash (SHA-1), which is no longer safe."),
        _NEW_KEY,
    ),
    "unknown_algorithm": Message(
        _("This certificate is not accepted."),
        _("Keys of this kind are not taken in this election."),
        OTHER_KEY,
    ),
    "not_for_signing": _WRONG_KIND,
    "wrong_key": _WRONG_KIND,
    "expired": _OUT_OF_DATE,
    "expired_key": _OUT_OF_DATE,
    "not_yet_valid": _OUT_OF_DATE,
    "untrusted": _NOT_TRUSTED,
    "revoked": _NOT_TRUSTED,
    "revocation_unknown": Message(
        _("The certificate could not be checked just now."),
        _("The authority that issued it does not answer."),
        _("Try again in a few minutes."),
    ),
    "no_number": Message(
        _("There is no number of a voter in the certificate."),
        _("Without it nobody can tell who you are on the register."),
        OTHER_KEY,
    ),
    "not_registered": Message(
        _("You are not on the register of this election."),
        _("The signature holds, but its number is not on the register of voters."),
        _(
            "If you vote for an organisation, sign with its key."
            " If you think you were left out, call the help line."
        ),
    ),
    "cancelled": Message(
        _("Nothing was signed."),
        _("The signing window was closed."),
        _("Press the button again when you are ready."),
    ),
    "refused": Message(
        _("The signature was not made."),
        _("The signing program refused."),
        _("Try again, choose another key, or sign a file instead."),
    ),
    "authorisation": Message(
        _("Do not sign this."),
        _("What the server asked to sign is not an authorisation of your own ballot."),
        _("Close this page and call the help line."),
    ),
}

_ANEW = _("Load this page again and make your choice once more.")
CAST: Final = {
    "credential_used": Message(
        _("The vote was not taken."), _("Its key was used before. Nothing was cast now."), _ANEW
    ),
    "other_credential": Message(
        _("Please sign again."),
        _("The signature was given for another page that you opened. Nothing was cast now."),
        _("Go back to the digital signature and sign once more."),
    ),
    "permit_spent": Message(
        _("A ballot was already cast with this permission."),
        _("It is in the box. This second one was not taken."),
        _("Open “My ballots” to see it."),
    ),
    "permit_cancelled": Message(
        _("The vote was not taken."),
        _("You opened the ballot in another window later, and only the latest one works."),
        _("Finish in the other window, or load this page again."),
    ),
    "booth": Message(
        _("The ballot could not be made."),
        _("This page and the published election do not fit together. Nothing was cast."),
        _("Load this page again. If it fails again, call the help line."),
    ),
    "offline": Message(
        _("There is no connection."),
        _("We could not find out whether your ballot arrived. It can count only once."),
        _("When the connection is back, press “Try again”: the same ballot will be sent."),
    ),
    "session_over": Message(
        _("You were signed out to protect your vote."),
        _("Twenty minutes have passed. Nothing was cast."),
        _("Confirm who you are once more."),
    ),
    "receipt": Message(
        _("The receipt does not hold."),
        _("The server's answer does not prove that your ballot is on the public board."),
        _("Write down the tracking code below and call the help line at once."),
    ),
    "server": SERVER,
}

BALLOT: Final = {**HOURS, **STANDING, **CAST}
SIGNING: Final = {
    **HOURS,
    **SIGNATURE,
    "server": SERVER,
    "offline": Message(
        _("There is no connection."),
        _("Nothing was sent."),
        _("Try again when the connection is back."),
    ),
}


_CALL = _("Call the help line.")
UNSIGNED: Final = {
    "too_many_codes": replace(
        CODE["too_many_codes"], todo=_("Come back in an hour. The help line can tell you more.")
    ),
    "no_gateway": replace(CODE["no_gateway"], todo=_CALL),
    "signature_asked": replace(
        HOURS["signature_asked"], todo=_("Use another connection, or come back later.")
    ),
    "method_not_allowed": replace(
        HOURS["method_not_allowed"],
        todo=_("Choose another way to confirm who you are, if there is one."),
    ),
    "phone_taken": replace(PHONE["phone_taken"], todo=_("Write another number.")),
    "phones_frozen": replace(PHONE["phones_frozen"], todo=_CALL),
    "stronger_needed": Message(
        _("A safer method is needed now."),
        _("An earlier ballot in your name was annulled or taken back."),
        _("Vote again by a safer method, if there is one, or call the help line."),
    ),
}
"""What is said instead where nobody votes with a digital signature."""


def of_numbers(words: NumberWords, language: str) -> dict[str, Message]:
    """Messages for what is wrong with a number, in the words of its kind."""
    return {
        code: Message(
            pick(fault.title, language), pick(fault.means, language), pick(fault.todo, language)
        )
        for code, fault in words.faults.items()
    }


def of_phones(words: PhoneWords, language: str) -> dict[str, Message]:
    """Messages for what is no phone, in the words of its rules."""
    titles: dict[str, Words] = {
        "empty": _("Write the phone number."),
        "not_a_number": _("This is not a phone number."),
        **{code: pick(fault, language) for code, fault in words.faults.items()},
    }
    write = pick(words.write, language)
    return {code: Message(title, _NOT_CHANGED, write) for code, title in titles.items()}


def fitting(table: dict[str, Message], *, signature: bool) -> dict[str, Message]:
    """`table` for an election in which voters may sign, or not."""
    return table if signature else {code: UNSIGNED.get(code, table[code]) for code in table}


def message(table: dict[str, Message], code: str, detail: str = "") -> Message:
    """The message for `code`; `detail` is filled in where the words have room for it."""
    found = table.get(code, SERVER)
    words = {"detail": detail}
    return (
        Message(found.title, str(found.means) % words, str(found.todo) % words)
        if (detail)
        else found
    )
