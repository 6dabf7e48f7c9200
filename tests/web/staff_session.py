"""`python -m tests.web.staff_session`: prints the session of somebody with every role."""

from dauys.store.startup import start

if __name__ == "__main__":
    start()
    from allauth.mfa.totp.internal.auth import TOTP
    from django.conf import settings
    from django.test import Client

    from dauys.store.models import RoleGrant, Staff
    from dauys.store.models.staff import Role

    person = Staff.objects.create_user("walker")
    RoleGrant.objects.bulk_create(RoleGrant(staff=person, role=role) for role in Role)
    TOTP.activate(person, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(person)
    print(client.cookies[settings.SESSION_COOKIE_NAME].value)  # noqa: T201 -- for who started it
