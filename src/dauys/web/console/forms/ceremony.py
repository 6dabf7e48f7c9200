"""Forms of the key ceremony: a new group, and a member's message."""

import os
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dauys.conduct.ceremony import MAX_MESSAGE, make_plan, parse_file_name
from dauys.core.errors import RefusedError
from dauys.web.console.forms.base import ConsoleForm


class GroupForm(ConsoleForm):
    """Who makes a key together, and how many of them will be enough."""

    members = forms.CharField(
        label=_("Members, one on each line"),
        widget=forms.Textarea({"rows": 5}),
        max_length=20 * 122,
        help_text=_("From 3 to 20 people or institutions. The order cannot be changed later."),
    )
    threshold = forms.IntegerField(
        label=_("How many of them are enough to count"),
        min_value=2,
        help_text=_(
            "With 2 of 3, one may be missing, and no one can open anything alone. "
            "At least 2, fewer than all, best more than half."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Make the plan of their ceremony."""
        data = super().clean() or {}
        if "members" in data and "threshold" in data:
            names = tuple(name for name in data["members"].splitlines() if name.strip())
            try:
                data["plan"] = make_plan(data["threshold"], names, os.urandom)
            except RefusedError as error:
                self.refuse(error)
        return data


class MessageForm(ConsoleForm):
    """A member's file of a key ceremony."""

    file = forms.FileField(
        label=_("File of the command “dauys trustee ceremony”"),
        help_text=_("For example polynomial-2.json. It holds no secret, and is checked first."),
    )

    def clean(self) -> dict[str, Any]:
        """Which message it is, by its name, and its text."""
        data = super().clean() or {}
        file = data.get("file")
        if file is None:
            return data
        which = parse_file_name(file.name)
        if which is None:
            words = _(
                "Its name does not say which message it is. Do not rename the file that the "
                "command named. Your key file is for nobody, not even for this page."
            )
            self.add_error("file", words)
        elif file.size > MAX_MESSAGE:
            self.add_error("file", _("The file is too large."))
        else:
            data["stage"], data["place"] = which
            data["text"] = file.read().decode("utf-8-sig", "replace")
        return data
