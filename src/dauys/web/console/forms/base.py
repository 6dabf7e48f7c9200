"""Form fields in the site's look, with errors that say what to do."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from dauys.core.errors import DauysError
from dauys.core.forms import Text
from dauys.web.console.words import refusal_text

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words: TypeAlias = "str | _StrPromise"
"""Words, or words to be translated when they are shown."""

LANGUAGES = (("kk", _("in Kazakh")), ("ru", _("in Russian")), ("en", _("in English")))
ZONES = (
    "Asia/Almaty",
    "Asia/Qyzylorda",
    "Asia/Aqtobe",
    "Asia/Aqtau",
    "Asia/Atyrau",
    "Asia/Oral",
    "Asia/Qostanay",
    "UTC",
)
_CLASSES = {
    "text": "govuk-input",
    "number": "govuk-input govuk-input--width-5",
    "password": "govuk-input",
    "datetime-local": "govuk-input govuk-input--width-20",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "checkbox": "govuk-checkboxes__input",
    "radioselect": "govuk-radios__input",
    "checkboxselectmultiple": "govuk-checkboxes__input",
    "file": "govuk-file-upload",
}


class ConsoleForm(forms.Form):
    """A form whose fields have the site's classes and messages."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        """Pass everything on to Django, then dress the fields."""
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.build()
        for field in self.fields.values():
            field.error_messages.setdefault("required", _("Fill this in."))
            field.error_messages["required"] = _("Fill this in.")
            field.error_messages["invalid"] = _("This cannot be read. Check what you typed.")
            widget = field.widget
            kind = getattr(widget, "input_type", None) or type(widget).__name__.lower()
            kind = {"radio": "radioselect"}.get(kind, kind)
            dress = _CLASSES.get(kind, "")
            widget.attrs["class"] = f"{dress} {widget.attrs.get('class', '')}".strip()

    def build(self) -> None:
        """Add fields that depend on something; called once."""

    def add_text(
        self, name: str, label: "Words", *, rows: int = 0, size: int = 200, hint: "Words" = ""
    ) -> None:
        """Add the same words in three languages: fields `name_kk`, `name_ru`, `name_en`."""
        for code, language in LANGUAGES:
            widget: forms.Widget = (
                forms.Textarea({"rows": rows, "lang": code})
                if rows
                else forms.TextInput({"lang": code})
            )
            self.fields[f"{name}_{code}"] = forms.CharField(
                label=f"{label}, {language}",
                max_length=size,
                widget=widget,
                help_text=hint if code == "kk" else "",
            )

    def text(self, name: str) -> Text:
        """What was typed into the three fields."""
        return Text(**{code: self.cleaned_data[f"{name}_{code}"] for code, _language in LANGUAGES})

    def refuse(self, error: DauysError, field: str | None = None) -> None:
        """Show a refusal of the services as an error of the form."""
        self.add_error(field, refusal_text(error))


def initial_text(name: str, text: Text) -> dict[str, str]:
    """Initial values of the three fields."""
    return {f"{name}_{code}": getattr(text, code) for code, _language in LANGUAGES}


class LocalTimeField(forms.CharField):
    """A moment typed as local time; `in_zone` makes it aware."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 -- Django's signature
        """Use the browser's own control."""
        options["widget"] = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**options)
        self.widget.input_type = "datetime-local"

    def clean(self, value: Any) -> Any:  # noqa: ANN401 -- Django's signature
        """Read `2026-08-05T09:00`, with or without seconds."""
        text = super().clean(value)
        try:
            return datetime.strptime(text[:16], "%Y-%m-%dT%H:%M")  # noqa: DTZ007 -- see in_zone
        except ValueError as error:
            raise forms.ValidationError(_("Write the date and the time.")) from error


def in_zone(naive: datetime, zone: str) -> datetime:
    """The moment in UTC at which clocks of `zone` show `naive`."""
    return naive.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local_text(moment: datetime | None, zone: str) -> str:
    """What the control shows for a moment."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if moment else ""
