"""Forms of contests, their questions, lists and candidates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dauys.board.draft import QuestionDraft
from dauys.core.contests import Candidate, QuestionKind
from dauys.core.ids import CandidateId
from dauys.store.outline import ContestOutline
from dauys.web.console.forms.base import ConsoleForm, initial_text
from dauys.web.console.forms.draft import word_field

_PROGRAMME_SIZE = 4000


class ContestForm(ConsoleForm):
    """A contest: its name, and who votes in it."""

    def build(self) -> None:
        """Add the texts before the region."""
        self.add_text("name", _("Name of the contest"))
        self.fields["region"] = forms.CharField(
            label=_("Region, as the register writes it"),
            max_length=80,
            help_text=_("Voters with this region vote here."),
        )

    @staticmethod
    def of(contest: ContestOutline) -> dict[str, Any]:
        """Initial values."""
        return {**initial_text("name", contest.name), "region": contest.region}


class RulesOfQuestion(ConsoleForm):
    """How voters answer a question."""

    def build(self) -> None:
        """Add the kind, then the numbers."""
        self.fields["kind"] = forms.ChoiceField(
            label=_("What voters choose from"),
            widget=forms.RadioSelect,
            choices=[
                (
                    QuestionKind.CHOICE.value,
                    _("From candidates: who has most votes is elected"),
                ),
                (
                    QuestionKind.LISTS.value,
                    _("From lists: one list and candidates of it; lists share the seats"),
                ),
            ],
            help_text=_("With lists the three fields below the seats do not apply."),
        )
        self.fields["seats"] = forms.IntegerField(label=_("Seats"), min_value=1, max_value=500)
        self.fields["minimum"] = forms.IntegerField(
            label=_("Fewest choices on a ballot"), min_value=0, max_value=500
        )
        self.fields["maximum"] = forms.IntegerField(
            label=_("Most choices on a ballot"), min_value=1, max_value=500
        )
        self.fields["blank"] = forms.BooleanField(
            label=_("A blank vote is possible"), required=False
        )

    def rules(self) -> dict[str, Any]:
        """Arguments of `DraftDesk.put_question` beside the words."""
        names = ("seats", "minimum", "maximum", "blank")
        values = {name: self.cleaned_data[name] for name in names}
        return {"kind": QuestionKind(self.cleaned_data["kind"]), **values}


class NewContestForm(ContestForm, RulesOfQuestion):
    """A contest and its first question."""

    def build(self) -> None:
        """Add everything at once: most contests ask one question."""
        self.fields["word"] = word_field(
            _("Short name"), _("Small Latin letters, digits and hyphens, for example: karaganda.")
        )
        ContestForm.build(self)
        RulesOfQuestion.build(self)


class QuestionForm(RulesOfQuestion):
    """A question: its words and its rules."""

    def build(self) -> None:
        """Add the words before the rules."""
        self.add_text("text", _("The question, as voters read it"))
        super().build()

    @staticmethod
    def of(question: QuestionDraft) -> dict[str, Any]:
        """Initial values."""
        return {
            **initial_text("text", question.text),
            "kind": question.kind.value,
            "seats": question.seats,
            "minimum": question.minimum,
            "maximum": question.maximum,
            "blank": question.blank,
        }


class ListForm(ConsoleForm):
    """A list of candidates."""

    name = forms.CharField(label=_("Name of the list, as on the nomination"), max_length=120)

    def clean_name(self) -> str:
        """Without needless spaces."""
        return " ".join(self.cleaned_data["name"].split())


class CandidateForm(ConsoleForm):
    """A candidate as voters see them."""

    def build(self) -> None:
        """Name, then the texts."""
        self.fields["name"] = forms.CharField(label=_("Name, as on the nomination"), max_length=120)
        self.add_text("occupation", _("Occupation"))
        self.add_text("programme", _("Programme"), rows=5, size=_PROGRAMME_SIZE)

    @staticmethod
    def of(candidate: Candidate) -> dict[str, Any]:
        """Initial values."""
        return {
            "name": candidate.name,
            **initial_text("occupation", candidate.occupation),
            **initial_text("programme", candidate.programme),
        }

    def candidate(self, word: str) -> Candidate:
        """The candidate under the word `word`."""
        return Candidate(
            id=CandidateId(word),
            name=" ".join(self.cleaned_data["name"].split()),
            occupation=self.text("occupation"),
            programme=self.text("programme"),
        )
