"""What the console says when something is refused: what happened, what it means, what to do."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dauys.core.errors import DauysError, MalformedError, RefusedError, VerificationError
from dauys.tally.decrypting import WrongPartError
from dauys.web.console import ceremony_words

REFUSED: dict[str, tuple[str, str, str]] = {
    **ceremony_words.REFUSED,
    "has_phone": (
        _("Codes reach this voter."),
        _("A one-time link is for voters whom no code reaches."),
        _("If the phone or mailbox is not the voter's any more, stop their codes first."),
    ),
    "asked_already": (
        _("This was asked for already."),
        _("The request waits for a second person."),
        _("Ask a colleague of the help desk to decide it."),
    ),
    "same_phone": (
        _("This number stands on the register already."),
        _("Nothing was changed."),
        _("Compare the number with the caller."),
    ),
    "phone_taken": (
        _("Another voter has this number."),
        _("One phone belongs to one voter in this election."),
        _("Ask for another number."),
    ),
    "phones_frozen": (
        _("Phones cannot be changed any more."),
        _("They are frozen before voting, so that nobody changes one and votes at once."),
        _("The voter can use a digital signature, or a one-time link where the rules have it."),
    ),
    "decided": (
        _("This request is decided already."),
        _("Nothing was changed now."),
        _("Go back to the list."),
    ),
    "same_person": (
        _("You asked for this yourself."),
        _("It takes two people."),
        _("Let a colleague of the help desk decide."),
    ),
    "unknown_request": (
        _("There is no such request."),
        _("Nothing was changed."),
        _("Go back to the list."),
    ),
    "link_unknown": (
        _("There is no such link."),
        _("Nothing was changed."),
        _("Go back to the list."),
    ),
    "link_used": (
        _("This link was used already."),
        _("It works once."),
        _("Ask for another one."),
    ),
    "link_expired": (
        _("This link is too old."),
        _("It works for 24 hours."),
        _("Ask for another one."),
    ),
    "sealed": (
        _("The election is sealed."),
        _("Its rules stand on the public board and cannot be changed."),
        _("If something is wrong, set up a new election."),
    ),
    "slug_taken": (
        _("This address is taken."),
        _("Another election already uses this short name."),
        _("Choose another short name."),
    ),
    "same_policy": (
        _("The monitor looks by this policy already."),
        _("Nothing would change."),
        _("Choose another policy."),
    ),
    "unknown_policy": (
        _("The monitor's policy is not in this installation."),
        _("The board names it by its fingerprint, and without it the monitor cannot look."),
        _("The operator puts its file into the folder “monitor” of the data."),
    ),
    "no_answer": (
        _("No answer was chosen."),
        _("Nothing was written down."),
        _("Choose what the voter said."),
    ),
    "no_network": (
        _("No network was chosen."),
        _("Nothing was changed."),
        _("Choose the network in the list."),
    ),
    "bad_hours": (
        _("The number of hours does not fit."),
        _("A network's voters are asked for at most a day at a time."),
        _("Write a number from 1 to 24."),
    ),
    "no_signature": (
        _("This election takes no signatures now."),
        _("Voters of the network would be left without any way to vote."),
        _("Leave it; bring the group before the commission instead."),
    ),
    "unknown_step_up": (
        _("There is no such request."),
        _("Nothing was changed."),
        _("Go back to the list."),
    ),
    "second_person": (
        _("You asked for it yourself."),
        _("A second person has to agree."),
        _("Ask another analyst, or a member of the commission."),
    ),
    "already_confirmed": (
        _("It was confirmed already."),
        _("Nothing was changed."),
        _("Look at the list."),
    ),
    "not_in_force": (
        _("It is not in force."),
        _("It has ended, or was never confirmed."),
        _("Nothing needs to be done."),
    ),
    "no_reason": (
        _("The reason is missing."),
        _("Others must be able to understand it later."),
        _("Write the reason."),
    ),
    "unknown_cluster": (
        _("There is no such group."),
        _("The monitor has not proposed it."),
        _("Go back to the queue and choose again."),
    ),
    "unknown_alert": (
        _("There is no such alert."),
        _("Nothing was changed."),
        _("Go back to the list."),
    ),
    "unknown_question": (
        _("There is no such question."),
        _("Nothing was changed."),
        _("Go back to the list."),
    ),
    "has_case": (
        _("This group is before the commission."),
        _("Only a decision of the commission ends its case."),
        _("Open the case, and propose to dismiss it."),
    ),
    "not_watched": (
        _("There is nothing to look at now."),
        _("The monitor looks from the opening of voting until the count begins."),
        _("Nothing needs to be done."),
    ),
    "scan_failed": (
        _("The monitor could not look."),
        _("Nothing was changed. Meanwhile nobody would see new stuffing."),
        _("Tell whoever looks after the server; the log says more."),
    ),
    "unknown_contest": (
        _("There is no such contest."),
        _("It may have been removed meanwhile."),
        _("Go back to the list and choose again."),
    ),
    "unknown_list": (
        _("There is no such list of candidates."),
        _("It may have been removed meanwhile, or the question has no lists."),
        _("Go back to the contest and choose again."),
    ),
    "not_of_lists": (
        _("This question has no lists."),
        _("Its voters choose from candidates."),
        _("Change the question first, if it should have lists."),
    ),
    "kind_has_candidates": (
        _("Candidates stand in this question already."),
        _("They would fit nowhere after the change."),
        _("Remove them first, then change what voters choose from."),
    ),
    "unknown_candidate": (
        _("There is no such candidate."),
        _("They may have been removed meanwhile."),
        _("Go back to the list and choose again."),
    ),
    "unknown_account": (
        _("There is no such account."),
        _("It may have been removed meanwhile."),
        _("Choose another person."),
    ),
    "no_seat": (
        _("You hold no seat in this commission."),
        _("Only holders of a seat can sign."),
        _("Ask the organiser to name you as the holder of a seat."),
    ),
    "not_open": (
        _("Voting is not open."),
        _("This can be done only after voting has opened."),
        _("Wait for the opening, or open voting."),
    ),
    "not_sealed": (
        _("The election is not sealed."),
        _("Voting opens only under published rules."),
        _("Finish the set-up and seal it first."),
    ),
    "already_open": (_("Voting is already open."), _("Nothing was changed."), _("Go on.")),
    "too_early": (
        _("It is too early."),
        _("The time in the published rules has not come yet."),
        _("Wait until then, and try again."),
    ),
    "closed": (
        _("Voting has closed."),
        _("The closing time is over."),
        _("If people must be able to vote, the commission can extend voting."),
    ),
    "permits_missing": (
        _("Permits are missing."),
        _("A ballot carries a permit that the database does not know."),
        _("Do not go on. Restore the database and tell the auditor."),
    ),
    "not_closed": (
        _("Voting has not closed."),
        _("Sums are made only from a closed ballot box."),
        _("Close voting first."),
    ),
    "already_decrypted": (
        _("The part of this trustee is on the board already."),
        _("Nothing was changed, and nothing is missing."),
        _("Hand in the part of another trustee, if one is still awaited."),
    ),
    "not_tallied": (
        _("The encrypted sums are not published yet."),
        _("There is nothing to decrypt or to announce."),
        _("Publish the sums first."),
    ),
    "decryptions_missing": (
        _("Parts of trustees are missing."),
        _("The result needs every single trustee, and enough members of each group."),
        _("Ask the trustees to hand in the parts listed below."),
    ),
    "already_tallied": (
        _("The sums are already published."),
        _("Nothing was changed."),
        _("Go on."),
    ),
    "tallied": (
        _("The sums are already published."),
        _("Voting cannot go on after the tally has begun."),
        _("Go on to the next step."),
    ),
    "number_taken": (
        _("Another decision has this number on the board."),
        _("This one was not published."),
        _("Do not sign again. Tell the administrator."),
    ),
    "tally_began": (
        _("The tally has begun."),
        _("Decisions about ballots are no longer possible."),
        _("Write down what you found for the protocol."),
    ),
    "unknown_case": (
        _("There is no such case."),
        _("The number is wrong."),
        _("Go back to the list of cases."),
    ),
    "case_closed": (
        _("The case is closed."),
        _("A decision has settled it."),
        _("Open a new case if there is something new."),
    ),
    "no_case": (
        _("The case is not named."),
        _("Only a case can be dismissed."),
        _("Start from the page of the case."),
    ),
    "unknown_proposal": (
        _("There is no such proposal."),
        _("The number is wrong."),
        _("Go back to the list of decisions."),
    ),
    "withdrawn": (
        _("The proposal was withdrawn."),
        _("It can no longer be signed."),
        _("Propose again if it is still needed."),
    ),
    "not_the_proposer": (
        _("You did not make this proposal."),
        _("Only the person who proposed can withdraw it."),
        _("Ask that person."),
    ),
    "quorum_reached": (
        _("The quorum has signed."),
        _("The decision stands on the board and cannot be withdrawn."),
        _("To undo it, propose another decision."),
    ),
    "not_a_member": (
        _("This seat is not in the commission."),
        _("The published rules name other seats."),
        _("Check the seat with the organiser."),
    ),
    "already_approved": (
        _("You have signed already."),
        _("A signature counts once."),
        _("Nothing more is needed from you."),
    ),
    "bad_signature": (
        _("The signature does not fit."),
        _("It was made with another key or under another text. It was not kept."),
        _("Check that you chose the key file of this election, and sign again."),
    ),
    "empty_reason": (
        _("The reason is missing in one language."),
        _("The public reads the reason in three languages."),
        _("Write it in Kazakh, Russian and English."),
    ),
    "too_many_ballots": (
        _("There are too many ballots for one decision."),
        _("One entry of the board is limited in size."),
        _("Propose several decisions, each for a part of the ballots."),
    ),
    "reason_too_long": (
        _("The reason is too long."),
        _("One entry of the board is limited in size."),
        _("Make the reason shorter."),
    ),
    "malformed": (
        _("The decision has a wrong form."),
        _("The board would not accept it."),
        _("Check each field."),
    ),
    "log_refuses": (
        _("The board would refuse this decision."),
        _("It goes against the published rules."),
        _("Choose another measure."),
    ),
    "already_annulled": (
        _("All these ballots are annulled already."),
        _("The decision would change nothing."),
        _("Look at the earlier decision."),
    ),
    "nothing_to_restore": (
        _("None of these ballots is annulled."),
        _("The decision would change nothing."),
        _("Check the case."),
    ),
    "in_the_past": (
        _("This time has passed."),
        _("Voting cannot be extended into the past."),
        _("Choose a later time."),
    ),
    "not_later": (
        _("This is not later than the present closing time."),
        _("Voting can only be made longer."),
        _("Choose a later time."),
    ),
    "unknown_method": (
        _("There is no such way to vote."),
        _("The published rules name others."),
        _("Choose one from the list."),
    ),
    "method_named_twice": (
        _("A way to vote is named twice."),
        _("The list is not clear."),
        _("Choose again."),
    ),
    "no_method_left": (
        _("No way to vote would be left."),
        _("Nobody could vote any more."),
        _("Leave at least one."),
    ),
    "nothing_restricted": (
        _("Every way to vote would stay open."),
        _("The decision would change nothing."),
        _("Leave out at least one."),
    ),
    "no_ballots": (
        _("No ballots are named."),
        _("The decision would change nothing."),
        _("Name the ballots."),
    ),
    "not_ascending": (
        _("The ballots are not in order."),
        _("The board lists them in ascending order, each once."),
        _("Check the numbers."),
    ),
    "unknown_ballot": (
        _("There is no ballot with this number."),
        _("The number must be that of a ballot on the board."),
        _("Check the numbers."),
    ),
    "already_zeroed": (
        _("These votes are set to zero already."),
        _("The decision would change nothing."),
        _("Look at the earlier decision."),
    ),
    "not_a_trustee": (
        _("The key is not of this election."),
        _("Another trustee's key, or another election."),
        _("Check the key file."),
    ),
    "no_result": (
        _("There is no result yet."),
        _("The trustees have not decrypted the sums."),
        _("Wait for the announcement."),
    ),
    "upload_gone": (
        _("The file is not there any more."),
        _("Uploaded registers are deleted after use and after one day."),
        _("Upload the register again."),
    ),
    "register_has_problems": (
        _("The register has rows with mistakes."),
        _("Those voters would be left out."),
        _("Mend the file and upload it again, or confirm that they are left out."),
    ),
}
"""By code of RefusedError; tests check that the codes of the stages are here."""

REGISTER_FILE = {
    "empty": _("The file is empty."),
    "too_large": _("The file is too large: at most 64 MB."),
    "bad_encoding": _("The letters cannot be read. Save the file as CSV UTF-8 or as XLSX."),
    "unclosed_quote": _("A quote in the file is not closed."),
    "unreadable": _("The file cannot be opened. Save it again as XLSX or CSV."),
    "no_header": _("The first line must hold the names of the columns."),
    "number_missing": _("Choose the column with the voter’s number."),
    "name_missing": _("Choose the column with the name."),
    "unknown_column": _("The file has no such column."),
    "column_twice": _("One column is chosen for two things."),
}

NOTICES = {
    "no_phone": _("Voters without a phone: no code by SMS reaches them."),
    "no_email": _("Voters without an e-mail address: no code by e-mail reaches them."),
    "shared_phone": _("Voters whose phone is another voter's too."),
    "shared_email": _("Voters whose e-mail address is another voter's too."),
    "zeros_restored": _("Numbers to which leading zeros were restored."),
    "empty_row": _("Empty rows, left out."),
}


def refusal(error: DauysError) -> tuple[str, ...]:
    """What happened, what it means, what to do; for any error the services raise on purpose."""
    match error:
        case RefusedError(code=code) if code in REFUSED:
            return tuple(map(gettext, REFUSED[code]))
        case RefusedError(code=code):
            return (
                gettext("This was refused."),
                code,
                gettext("Tell the administrator this word."),
            )
        case MalformedError(what="register file" | "column mapping", why=why) if (
            why in REGISTER_FILE
        ):
            return (gettext(REGISTER_FILE[why]),)
        case WrongPartError(trustee=number):
            return (
                gettext("Not taken: the part of trustee %(number)s does not hold.")
                % {"number": number},
                gettext("It is damaged, made with another key, or of another sum."),
                gettext("Ask this trustee to decrypt the published files again."),
            )
        case MalformedError() | VerificationError():
            return (
                gettext("The file or the value was not accepted."),
                gettext("It is damaged, or made for something else. Nothing was kept."),
                gettext("Check that you chose the right file, and try again."),
            )
        case _:
            return (gettext("This was refused."), str(error))


def refusal_text(error: DauysError) -> str:
    """The same on lines of their own."""
    return "\n".join(refusal(error))
