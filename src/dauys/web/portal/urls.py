"""Addresses of the voter's pages."""

from django.urls import path

from dauys.web.portal import elsewhere, identify, views

app_name = "portal"
urlpatterns = [
    path("", views.elections, name="elections"),
    path("e/<slug:slug>/", views.landing, name="landing"),
    path("e/<slug:slug>/identify/", identify.identify, name="identify"),
    path("e/<slug:slug>/identify/code/", identify.code, name="code"),
    path("e/<slug:slug>/identify/code/again/", identify.code_again, name="code-again"),
    path("e/<slug:slug>/identify/signature/", identify.signature, name="signature"),
    path("e/<slug:slug>/identify/link/", identify.link, name="link"),
    path("e/<slug:slug>/phone/", views.phone, name="phone"),
    path("e/<slug:slug>/identify/by/<slug:method>/", elsewhere.sign_in, name="sign-in"),
    path("e/<slug:slug>/identify/by/<slug:method>/back/", elsewhere.back, name="back"),
    path("e/<slug:slug>/ballot/", views.ballot, name="ballot"),
    path("e/<slug:slug>/already/", views.already, name="already"),
    path("e/<slug:slug>/report/", views.report, name="report"),
    path("e/<slug:slug>/mine/", views.mine, name="mine"),
    path("e/<slug:slug>/stay/", views.stay, name="stay"),
    path("e/<slug:slug>/done/", views.done, name="done"),
    path("e/<slug:slug>/leave/", views.leave, name="leave"),
]
