"""Addresses of the log's files (C2SP tlog-tiles), in no language."""

from django.urls import path

from dauys.web.board import machine_views as machine

app_name = "log"
ROOT = "log/<slug:slug>/"
urlpatterns = [
    path(f"{ROOT}checkpoint", machine.checkpoint, name="checkpoint"),
    path(f"{ROOT}tile/<path:rest>", machine.tile, name="tile"),
    path(f"{ROOT}files.zip", machine.archive, name="archive"),
]
