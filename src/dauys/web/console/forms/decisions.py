"""Forms of cases and decisions: one for each remedy, with the reason in three languages."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dauys.core.forms import Text, format_instant
from dauys.core.ids import CandidateId, ContestId, LeafIndex, MethodId
from dauys.core.remedies import Annul, Dismiss, Extend, Remedy, Restore, Restrict, Retune, Zero
from dauys.core.state import ElectionState
from dauys.response.cases import Case
from dauys.web.console import saying
from dauys.web.console.forms.base import ConsoleForm, LocalTimeField, in_zone, initial_text
from dauys.wiring import office

KINDS = {
    "annul": _("Annul the ballots of the case"),
    "extend": _("Extend voting"),
    "restrict": _("Restrict the ways to vote"),
    "zero": _("Set a candidate's votes by one method to zero"),
    "restore": _("Restore annulled ballots"),
    "dismiss": _("Dismiss the case"),
    "retune": _("Change the monitor's policy"),
}
_NUMBERS = re.compile(r"[0-9]{1,9}([\s,]+[0-9]{1,9})*")
_REASON_SIZE = 4000


class RemedyForm(ConsoleForm):
    """What all remedies share. `state` and `case` tell what may be chosen."""

    kind = ""

    def __init__(self, *args: Any, state: ElectionState, case: Case | None, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        """Keep what the choices depend on."""
        self.state = state
        self.case = case
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        """The remedy's own fields, then the reason."""
        self.build_remedy()
        self.add_text(
            "reason",
            _("Reason, for the public"),
            rows=4,
            size=_REASON_SIZE,
            hint=_("It will stand on the board. No names, phones or addresses."),
        )

    def build_remedy(self) -> None:
        """Add the remedy's own fields."""

    def remedy(self) -> Remedy:
        """The remedy that was chosen."""
        raise NotImplementedError

    def _zone(self) -> str:
        return self.state.manifest.zone


class BallotsForm(RemedyForm):
    """Ballots by their places on the board."""

    def build_remedy(self) -> None:
        """Offer the ballots of the case."""
        known = " ".join(map(str, self.case.ballots)) if self.case else ""
        self.fields["ballots"] = forms.CharField(
            label=_("Entries of the ballots"),
            widget=forms.Textarea({"rows": 4}),
            initial=known,
            max_length=100_000,
            help_text=_("Numbers of entries on the board, with spaces between."),
        )

    def clean_ballots(self) -> tuple[LeafIndex, ...]:
        """Read the numbers."""
        text = str(self.cleaned_data["ballots"]).strip()
        if not _NUMBERS.fullmatch(text):
            raise forms.ValidationError(_("Write numbers with spaces between."))
        return tuple(sorted({LeafIndex(int(part)) for part in re.split(r"[\s,]+", text)}))


class AnnulForm(BallotsForm):
    """Annul ballots."""

    kind = "annul"

    def remedy(self) -> Remedy:
        """Those ballots do not count."""
        return Annul(ballots=self.cleaned_data["ballots"])


class RestoreForm(BallotsForm):
    """Restore ballots."""

    kind = "restore"

    def remedy(self) -> Remedy:
        """Those ballots count again."""
        return Restore(ballots=self.cleaned_data["ballots"])


class ExtendForm(RemedyForm):
    """Extend voting."""

    kind = "extend"

    def build_remedy(self) -> None:
        """The new closing time, in the election's zone."""
        self.fields["closes"] = LocalTimeField(
            label=_("New closing time"),
            help_text=saying.when(self.state.closes, self._zone()),
        )

    def remedy(self) -> Remedy:
        """Voting closes later."""
        closes = in_zone(self.cleaned_data["closes"], self._zone())
        return Extend(closes=format_instant(closes))


class RestrictForm(RemedyForm):
    """Restrict the ways to vote."""

    kind = "restrict"

    def build_remedy(self) -> None:
        """Methods that stay, and since when."""
        methods = self.state.manifest.methods
        self.fields["methods"] = forms.MultipleChoiceField(
            label=_("Ways to vote that stay"),
            choices=[(method, saying.method_name(method)) for method in methods],
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["since"] = LocalTimeField(label=_("From when"))

    def remedy(self) -> Remedy:
        """Only these methods from then on."""
        since = in_zone(self.cleaned_data["since"], self._zone())
        methods = tuple(
            method
            for method in self.state.manifest.methods
            if method in self.cleaned_data["methods"]
        )
        return Restrict(methods=methods, since=format_instant(since))


class ZeroForm(RemedyForm):
    """Set a candidate's votes by one method to zero."""

    kind = "zero"

    def build_remedy(self) -> None:
        """Candidates of the case's contest, or of all."""
        all_contests = [contest.id for contest in self.state.manifest.contests]
        contests = [self.case.contest] if self.case else all_contests
        self.fields["candidate"] = forms.ChoiceField(
            label=_("Candidate"), choices=_candidates(self.state, contests)
        )
        self.fields["method"] = forms.ChoiceField(
            label=_("Votes cast by"),
            choices=[(m, saying.method_name(m)) for m in self.state.manifest.methods],
        )

    def remedy(self) -> Remedy:
        """The candidate's votes by the method do not count."""
        contest, _slash, candidate = self.cleaned_data["candidate"].partition("/")
        return Zero(
            contest=ContestId(contest),
            candidate=CandidateId(candidate),
            method=MethodId(self.cleaned_data["method"]),
        )


class RetuneForm(RemedyForm):
    """Let the monitor look by another policy, which lies in the installation already."""

    kind = "retune"

    def build_remedy(self) -> None:
        """Offer the policies that are there; a calibrated one is put there by the operator."""
        self.fields["policy"] = forms.ChoiceField(
            label=_("Policy"),
            choices=[
                (sha256, sha256) for sha256 in office().policies if sha256 != self.state.monitor
            ],
            help_text=_("Files that the operator put into the folder “monitor”, by fingerprint."),
        )

    def remedy(self) -> Remedy:
        """That policy, from now on."""
        return Retune(policy=self.cleaned_data["policy"])


class DismissForm(RemedyForm):
    """Dismiss the case."""

    kind = "dismiss"

    def remedy(self) -> Remedy:
        """Nothing changes."""
        return Dismiss()


FORMS: dict[str, type[RemedyForm]] = {
    form.kind: form
    for form in (
        AnnulForm,
        ExtendForm,
        RestrictForm,
        ZeroForm,
        RestoreForm,
        DismissForm,
        RetuneForm,
    )
}


class NewCaseForm(ConsoleForm):
    """A case opened by hand."""

    def build(self) -> None:
        """The contest, the words, the ballots."""
        self.fields["contest"] = forms.ChoiceField(
            label=_("Contest (district)"), choices=self.initial.get("contests", ())
        )
        self.add_text("title", _("Title"))
        self.add_text("evidence", _("What was found"), rows=3, size=_REASON_SIZE)
        self.fields["ballots"] = forms.CharField(
            label=_("Entries of the ballots"),
            widget=forms.Textarea({"rows": 3}),
            max_length=100_000,
            help_text=_("Numbers of entries on the board, with spaces between."),
        )

    clean_ballots = BallotsForm.clean_ballots


class ReasonForm(ConsoleForm):
    """Why somebody wants to see private data; it is logged."""

    reason = forms.CharField(
        label=_("Why you need to see them"),
        min_length=10,
        max_length=300,
        help_text=_("Your name, the time and this reason are logged; the auditor reads them."),
    )


def reason_initial(reason: Text) -> dict[str, str]:
    """Initial values of the reason."""
    return initial_text("reason", reason)


def _candidates(
    state: ElectionState, contests: Sequence[ContestId]
) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (
            saying.say(state.contest(contest).name),
            [
                (f"{contest}/{one.id}", one.name)
                for paper in state.papers(contest)
                for one in paper.people
            ],
        )
        for contest in contests
    ]
