"""Addresses of the demonstration; all are 404 without `DAUYS_DEMO=1`."""

from django.urls import path

from dauys.web.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/outbox/", views.outbox, name="outbox"),
    path("demo/outbox/list/", views.outbox_list, name="outbox-list"),
    path("demo/voters/", views.voters, name="voters"),
    path("demo/phone/", views.phone, name="phone"),
    path("demo/sign/", views.sign, name="sign"),
]
