"""Forms of single acts: look-ups, files of trustees, public keys, signatures."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dauys.core.errors import MalformedError
from dauys.crypto.signing import parse_public_hex
from dauys.web.console import saying
from dauys.web.console.forms.base import ConsoleForm
from dauys.wiring import office

MAX_PARTS_BYTES = 8 * 2**20


class LookUpForm(ConsoleForm):
    """A voter's number, and why."""

    number = forms.CharField(
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("What the voter asks"),
        max_length=300,
        help_text=_("Logged with your name and the time."),
    )

    def build(self) -> None:
        """The number as it is called here."""
        words = office().numbering.words
        self.fields["number"].label = saying.say(words.name)
        if words.typing is not None:
            self.fields["number"].widget.attrs["inputmode"] = "numeric"

    def clean_number(self) -> str:
        """The number in its one form."""
        numbering = office().numbering
        try:
            return numbering.parse(str(self.cleaned_data["number"]), strict=False).digits
        except MalformedError as error:
            raise forms.ValidationError(saying.say(numbering.words.not_one)) from error


class PartsForm(ConsoleForm):
    """A trustee's file of partial decryptions."""

    file = forms.FileField(
        label=_("File of the command “dauys trustee decrypt”"),
        help_text=_("The file holds no secret. Each part is checked before it is published."),
    )

    def clean_file(self) -> bytes:
        """At most a few megabytes."""
        file = self.cleaned_data["file"]
        if file.size > MAX_PARTS_BYTES:
            raise forms.ValidationError(_("The file is too large."))
        return bytes(file.read())


class PublicKeyForm(ConsoleForm):
    """A member's public key, as the browser made it."""

    key = forms.CharField(max_length=64)

    def clean_key(self) -> str:
        """64 hex digits that are a point of the curve."""
        try:
            parse_public_hex(self.cleaned_data["key"])
        except MalformedError as error:
            raise forms.ValidationError(_("This is not a public key.")) from error
        return str(self.cleaned_data["key"])


class SignatureForm(ConsoleForm):
    """A member's signature, as the browser made it."""

    signature = forms.CharField(max_length=128)


class AnswerForm(ConsoleForm):
    """What a voter said when asked about a ballot."""

    outcome = forms.ChoiceField(
        label=_("What did the voter say?"),
        widget=forms.RadioSelect,
        choices=[
            ("voted", _("“Yes, that was me.”")),
            ("not_me", _("“No, I did not vote.”")),
            ("unreached", _("Nobody could be reached")),
        ],
    )


class ReasonForm(ConsoleForm):
    """Why something is asked for a voter."""

    reason = forms.CharField(
        label=_("How do you know who is asking, and what happened?"),
        max_length=300,
        help_text=_("The person who decides reads it. It is logged with your name."),
    )


class NewPhoneForm(ReasonForm):
    """Another phone on the register."""

    phone = forms.CharField(label=_("The new number"), max_length=40)
    field_order = ("phone", "reason")

    def clean_phone(self) -> str:
        """A mobile number, in its one form."""
        phones = office().numbering.phones
        try:
            return phones.parse(str(self.cleaned_data["phone"]))
        except MalformedError as error:
            raise forms.ValidationError(saying.say(phones.words.write)) from error


class CostForm(ConsoleForm):
    """What is expected of voters, for the estimate of the cost."""

    share = forms.IntegerField(
        label=_("Voters with a phone who vote by code, percent"), min_value=0, max_value=100
    )
    per_voter = forms.DecimalField(
        label=_("Codes that each of them asks for"),
        min_value=1,
        max_value=10,
        max_digits=4,
        decimal_places=2,
    )
