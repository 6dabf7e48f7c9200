"""What an analyst writes about a cluster."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dauys.response.step_up import LONGEST_HOURS
from dauys.web.console.forms.base import ConsoleForm


class DismissClusterForm(ConsoleForm):
    """Why a cluster is set aside; kept with it."""

    why = forms.CharField(
        label=_("Why it is nothing"),
        min_length=10,
        max_length=300,
        help_text=_("For example: an office of the network, its manager was spoken to."),
    )


class StepUpForm(ConsoleForm):
    """Which network's voters are asked for a signature, for how long, and why."""

    def build(self) -> None:
        """The networks that were seen, the hours, the reason."""
        self.fields["network"] = forms.ChoiceField(
            label=_("Network"), choices=self.initial.get("networks", ())
        )
        self.fields["hours"] = forms.IntegerField(
            label=_("For how many hours"),
            min_value=1,
            max_value=LONGEST_HOURS,
            help_text=_("At most 24. It ends by itself."),
        )
        self.fields["why"] = forms.CharField(
            label=_("Why"),
            min_length=10,
            max_length=300,
            help_text=_("For the second person and the auditor. The public reads a fixed text."),
        )
