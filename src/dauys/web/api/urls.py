"""Addresses for machines. `…/cast` is not here: `cast.py` answers it before Django."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from dauys.web.api import messages, mobile, views

app_name = "api"


class ElectionWord(StringConverter):
    """An election's identifier, in base58; of other texts no database is asked."""

    regex = r"[1-9A-HJ-NP-Za-km-z]{14,40}"


register_converter(ElectionWord, "election")

ROOT = "api/v1/elections/<election:election>/"
urlpatterns = [
    path(f"{ROOT}contests/<slug:contest>/election", views.contest_election, name="election"),
    path(f"{ROOT}challenge", views.challenge, name="challenge"),
    path(f"{ROOT}signature", views.signature, name="signature"),
    path(f"{ROOT}mobile", mobile.begin, name="mobile"),
    path(f"{ROOT}mobile/<slug:number>/ask", mobile.ask, name="mobile-ask"),
    path(f"{ROOT}mobile/<slug:number>", mobile.description, name="mobile-description"),
    path(f"{ROOT}mobile/<slug:number>/document", mobile.document, name="mobile-document"),
    path(f"{ROOT}permit", views.permit, name="permit"),
    path(f"{ROOT}receipt", views.receipt, name="receipt"),
    path(f"{ROOT}checkpoint", views.checkpoint, name="checkpoint"),
    path(f"{ROOT}qr", views.qr, name="qr"),
    path("api/v1/messages/<slug:gateway>/report", messages.report, name="report"),
]
