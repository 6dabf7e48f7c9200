"""The Django application of all pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, static files and translations."""

    name = "dauys.web"
    label = "web"
