"""Addresses of the public board, below a language."""

from django.urls import path

from dauys.web.board import machine_views as machine
from dauys.web.board import views

app_name = "board"
ROOT = "b/<slug:slug>/"
urlpatterns = [
    path(ROOT, views.home, name="home"),
    path(f"{ROOT}look-up/", views.tracker, name="look-up"),
    path(f"{ROOT}turnout/", views.turnout, name="turnout"),
    path(f"{ROOT}results/", views.results, name="results"),
    path(f"{ROOT}decisions/", views.decisions, name="decisions"),
    path(f"{ROOT}decisions/<int:number>/", views.decision, name="decision"),
    path(f"{ROOT}decisions.atom", machine.feed, name="feed"),
    path(f"{ROOT}taken-back/", views.reclaims, name="reclaims"),
    path(f"{ROOT}watch/", views.watch, name="watch"),
    path(f"{ROOT}candidates/", views.candidates, name="candidates"),
    path(f"{ROOT}rules/", views.rules, name="rules"),
    path(f"{ROOT}booth/", views.booth, name="booth"),
    path(f"{ROOT}check/", views.check, name="check"),
    path(f"{ROOT}opened/", views.opened, name="opened"),
    path(f"{ROOT}entries/", views.entries, name="entries"),
    path(f"{ROOT}entries/<int:index>/", views.entry, name="entry"),
    path(f"{ROOT}entries/<int:index>.json", machine.raw, name="raw"),
    path(f"{ROOT}summary.json", machine.summary, name="summary"),
    path(f"{ROOT}consistency.json", machine.consistency, name="consistency"),
]
