"""Staff accounts: made by an administrator, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Closes the door that allauth leaves open by default."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- its signature
        """Nobody signs up."""
        return False
