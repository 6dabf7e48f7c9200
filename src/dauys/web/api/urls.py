"""Addresses for machines. `…/cast` is not here: `cast.py` answers it before Django."""

from django.urls import path

from dauys.web.api import messages, mobile, views

app_name = "api"
ROOT = "api/v1/elections/<str:election>/"
urlpatterns = [
    path(f"{ROOT}contests/<slug:contest>/election", views.contest_election, name="election"),
    path(f"{ROOT}challenge", views.challenge, name="challenge"),
    path(f"{ROOT}signature", views.signature, name="signature"),
    path(f"{ROOT}mobile", mobile.begin, name="mobile"),
    path(f"{ROOT}mobile/<str:number>/ask", mobile.ask, name="mobile-ask"),
    path(f"{ROOT}mobile/<str:number>", mobile.description, name="mobile-description"),
    path(f"{ROOT}mobile/<str:number>/document", mobile.document, name="mobile-document"),
    path(f"{ROOT}permit", views.permit, name="permit"),
    path(f"{ROOT}receipt", views.receipt, name="receipt"),
    path(f"{ROOT}checkpoint", views.checkpoint, name="checkpoint"),
    path(f"{ROOT}qr", views.qr, name="qr"),
    path("api/v1/messages/<slug:gateway>/report", messages.report, name="report"),
]
