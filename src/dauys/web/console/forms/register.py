"""Forms of the register: the file, and which column holds what."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dauys.identity.register import ColumnMapping
from dauys.web.console import saying
from dauys.web.console.forms.base import ConsoleForm
from dauys.wiring import office

FIELDS = {
    "name": _("Name"),
    "category": _("Category"),
    "region": _("Region"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "precinct": _("Precinct"),
    "household": _("Address"),
    "weight": _("Weight: how many votes"),
}


class UploadForm(ConsoleForm):
    """The register as a file."""

    file = forms.FileField(
        label=_("Register, CSV or XLSX"),
        help_text=_("First line: names of the columns. Nothing is stored until you accept it."),
    )


class MappingForm(ConsoleForm):
    """Which column of the file holds what; bound to a query string or a posted form."""

    def build(self) -> None:
        """One choice for each field."""
        columns: Sequence[str] = self.initial.get("columns", ())
        for field in fields(ColumnMapping):
            self.fields[field.name] = forms.ChoiceField(
                label=FIELDS.get(field.name) or saying.say(office().numbering.words.name),
                required=field.name in {"number", "name"},
                choices=[("", _("no such column")), *((column, column) for column in columns)],
            )

    def mapping(self) -> ColumnMapping:
        """The choice."""
        chosen: dict[str, Any] = {name: value or None for name, value in self.cleaned_data.items()}
        return ColumnMapping(**chosen)


def as_data(mapping: ColumnMapping) -> dict[str, str]:
    """A mapping as a form would have it posted."""
    return {name: value or "" for name, value in asdict(mapping).items()}
