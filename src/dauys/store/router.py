"""Keeps the signals in their own database."""

from django.db.models import Model

SIGNALS = "signals"


class SignalsApart:
    """Sends the application `signals` to the database of that name, all else to `default`."""

    def db_for_read(self, model: type[Model], **_hints: object) -> str:
        """Database that holds `model`."""
        return SIGNALS if model._meta.app_label == SIGNALS else "default"  # noqa: SLF001 -- public by convention

    def db_for_write(self, model: type[Model], **_hints: object) -> str:
        """Database that holds `model`."""
        return self.db_for_read(model)

    def allow_relation(self, one: Model, other: Model, **_hints: object) -> bool:
        """Relations stay inside one database."""
        # By class attribute: `type()` of the signed-in person is a lazy proxy of Django's.
        return self.db_for_read(one.__class__) == self.db_for_read(other.__class__)

    def allow_migrate(self, db: str, app_label: str, **_hints: object) -> bool:
        """Tables of an application are made in its database only."""
        return (db == SIGNALS) == (app_label == SIGNALS)
