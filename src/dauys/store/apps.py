"""The Django application that keeps what must not be lost."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Models and repositories of the election's database."""

    name = "dauys.store"
    label = "store"
    verbose_name = "Elections"
