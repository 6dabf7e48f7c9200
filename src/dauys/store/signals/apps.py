"""The Django application of the signals' own database."""

from django.apps import AppConfig


class SignalsConfig(AppConfig):
    """Addresses, devices and times of requests."""

    name = "dauys.store.signals"
    label = "signals"
    verbose_name = "Signals"
