"""Forms of the set-up: texts, times, rules, contests, candidates, trustees, commission."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dauys.conduct.methods import DESK
from dauys.core.errors import DauysError
from dauys.core.ids import MethodId
from dauys.crypto import belenios_json
from dauys.crypto.trustees import parse_single
from dauys.store.outline import Outline, SeatOutline
from dauys.web.console import saying
from dauys.web.console.forms.base import (
    ZONES,
    ConsoleForm,
    LocalTimeField,
    Words,
    in_zone,
    initial_text,
    local_text,
)
from dauys.wiring import office

# With its ends: a form searches for it, and would take any text that holds one letter.
_WORD = re.compile(r"\A[a-z0-9][a-z0-9-]{0,39}\Z")


def word_field(label: Words, hint: Words) -> forms.RegexField:
    """A short lower-case name that appears in addresses and on the board."""
    field = forms.RegexField(_WORD, label=label, help_text=hint, max_length=40)
    field.widget.attrs["autocapitalize"] = "none"
    return field


class TextsForm(ConsoleForm):
    """Name of the election, who runs it, and where to call."""

    def build(self) -> None:
        """Add the texts."""
        self.add_text("name", _("Name of the election"))
        self.add_text("organiser", _("Who runs it"))
        self.fields["help_phone"] = forms.CharField(
            label=_("Help phone"),
            max_length=40,
            required=False,
            help_text=_("Shown to voters on every page."),
        )

    @staticmethod
    def of(outline: Outline) -> dict[str, Any]:
        """Initial values."""
        return {
            **initial_text("name", outline.name),
            **initial_text("organiser", outline.organiser),
            "help_phone": outline.help_phone,
        }


class NewElectionForm(TextsForm):
    """The texts, and the short name of a new election."""

    slug = word_field(
        _("Short name"), _("Small Latin letters, digits and hyphens; it stands in the address.")
    )


class TimesForm(ConsoleForm):
    """When voting opens and closes."""

    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[(zone, zone) for zone in ZONES],
        help_text=_("All times are shown to people in this zone."),
    )
    opens = LocalTimeField(label=_("Voting opens"))
    closes = LocalTimeField(label=_("Voting closes"))

    def clean(self) -> dict[str, Any]:
        """Make both aware; the closing comes after the opening."""
        data = super().clean() or {}
        for name in {"opens", "closes"} & set(data):
            data[name] = in_zone(data[name], data.get("zone") or "UTC")
        if {"opens", "closes"} <= set(data) and data["opens"] >= data["closes"]:
            self.add_error("closes", _("Voting must close after it opens."))
        return data

    @staticmethod
    def of(outline: Outline) -> dict[str, Any]:
        """Initial values."""
        return {
            "zone": outline.zone,
            "opens": local_text(outline.opens, outline.zone),
            "closes": local_text(outline.closes, outline.zone),
        }


class RulesForm(ConsoleForm):
    """How people vote, which vote counts, and how the commission decides."""

    desk = forms.BooleanField(
        label=_(
            "Two people of the help desk may give a voter whom no code reaches a one-time link"
        ),
        required=False,
        help_text=_("Weaker: it rests on the word of these two. Every other method beats it."),
    )
    policy = forms.ChoiceField(
        label=_("Voting again"),
        widget=forms.RadioSelect,
        choices=[
            ("stronger", _("A vote by a safer method replaces the earlier one")),
            ("last", _("The last vote counts; a weaker method never replaces a safer one")),
            ("once", _("A vote is cast once")),
        ],
        help_text=_("Weaker: if a vote is cast once, a stolen vote cannot be replaced."),
    )
    one_phone = forms.BooleanField(
        label=_("One phone number or e-mail address belongs to one voter"),
        required=False,
        help_text=_("Weaker without it: one phone or mailbox could vote for many."),
    )
    phone_freeze_hours = forms.IntegerField(
        label=_("Phones are frozen this many hours before voting opens"),
        min_value=0,
        max_value=24 * 60,
        help_text=_("Weaker with 0: somebody could change a phone and vote at once."),
    )
    quorum = forms.IntegerField(
        label=_("Signatures that a decision needs"),
        min_value=1,
        max_value=99,
        help_text=_("Weaker with 1: one member would decide alone."),
    )
    stratum_minimum = forms.IntegerField(
        label=_("Fewest ballots in a sum of their own"),
        min_value=1,
        max_value=100_000,
        help_text=_(
            "Sums by way of voting are published only from this many ballots. "
            "Weaker below 10: a sum of few ballots may tell how people voted."
        ),
    )
    clock_step = forms.IntegerField(
        label=_("Coarseness of published times, in seconds"),
        min_value=1,
        max_value=86_400,
        help_text=_("Weaker below 60: exact times help to find out who cast which ballot."),
    )

    def build(self) -> None:
        """Offer the methods of this installation, and those that the draft has already."""
        chosen = self.initial.get("methods", ())
        offered = office().offered
        names = {one.method: saying.say(one.name) for one in office().identity.sign_ins}
        self.offered = (*offered, *(one for one in chosen if one not in offered))
        self.fields["methods"] = forms.MultipleChoiceField(
            label=_("How people prove who they are"),
            widget=forms.CheckboxSelectMultiple,
            choices=[
                (method, names.get(MethodId(method)) or saying.method_name(method))
                for method in self.offered
            ],
            help_text=_(
                "From the weakest to the safest. Weaker with codes: somebody else may read an SMS "
                "or a letter. Votes by a safer method take precedence."
            ),
        )
        self.order_fields(["methods"])

    @staticmethod
    def of(outline: Outline) -> dict[str, Any]:
        """Initial values."""
        return {
            "methods": [one for one in outline.methods if one != DESK],
            "desk": DESK in outline.methods,
            "policy": outline.policy,
            "one_phone": outline.one_phone,
            "phone_freeze_hours": outline.phone_freeze_hours,
            "quorum": outline.quorum,
            "stratum_minimum": outline.stratum_minimum,
            "clock_step": outline.clock_step,
        }

    def rules(self) -> dict[str, Any]:
        """Arguments of `DraftDesk.set_rules`."""
        data = self.cleaned_data
        return {
            "methods": [
                *([DESK] if data["desk"] else []),
                *(one for one in self.offered if one in data["methods"]),
            ],
            "policy": data["policy"],
            "stratum_minimum": data["stratum_minimum"],
            "quorum": data["quorum"],
            "clock_step": data["clock_step"],
            "one_phone_one_voter": data["one_phone"],
            "phone_freeze_hours": data["phone_freeze_hours"],
        }


class TrusteeForm(ConsoleForm):
    """A trustee and the public half of their key."""

    name = forms.CharField(label=_("Who it is"), max_length=120)
    key_file = forms.FileField(
        label=_("Public key file"),
        required=False,
        help_text=_("The trustee makes it by the command “dauys trustee keygen”."),
    )
    key_text = forms.CharField(
        label=_("or paste the public key"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """Read the key from the file or the text, and check its proof."""
        data = super().clean() or {}
        file = data.get("key_file")
        raw = file.read(8192) if file else data.get("key_text", "").encode()
        try:
            text = raw.decode().strip()
            key = parse_single(belenios_json.load(text, "trustee public key"))
            key.check()
        except UnicodeDecodeError:
            self.add_error("key_text", _("This is not the public key of a trustee."))
        except DauysError:
            self.add_error("key_text", _("This is not the public key of a trustee."))
        else:
            data["public_key"] = text
        return data


class SeatForm(ConsoleForm):
    """A seat of the commission and who holds it."""

    def build(self) -> None:
        """Offer the accounts with the role."""
        if not self.initial.get("word"):
            self.fields["word"] = word_field(
                _("Short name"), _("Small Latin letters, for example: chair, secretary.")
            )
        self.add_text("name", _("Name of the seat"), size=120)
        people = self.initial.get("people", ())
        self.fields["holder"] = forms.ChoiceField(
            label=_("Who holds it"),
            required=False,
            choices=[("", _("nobody yet")), *((name, name) for name in people)],
            help_text=_("The holder makes the key on the page “My signing key”."),
        )

    @staticmethod
    def of(seat: SeatOutline | None, people: tuple[str, ...]) -> dict[str, Any]:
        """Initial values."""
        if seat is None:
            return {"people": people}
        return {
            "people": people,
            "word": seat.word,
            **initial_text("name", seat.name),
            "holder": seat.holder,
        }
