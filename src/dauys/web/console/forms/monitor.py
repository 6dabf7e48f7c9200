"""What an analyst writes about a cluster."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dauys.web.console.forms.base import ConsoleForm


class DismissClusterForm(ConsoleForm):
    """Why a cluster is set aside; kept with it."""

    why = forms.CharField(
        label=_("Why it is nothing"),
        min_length=10,
        max_length=300,
        help_text=_("For example: an office of the network, its manager was spoken to."),
    )
