"""People who run an election, their roles, and what private data they looked at."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Role(models.TextChoices):
    """What a person may see and do. docs/architecture.md, "Roles"."""

    ORGANISER = "organiser", "Organiser"
    HELP_DESK = "help-desk", "Help desk"
    ANALYST = "analyst", "Analyst"
    COMMISSION = "commission", "Commission"
    TRUSTEE = "trustee", "Trustee"
    AUDITOR = "auditor", "Auditor"


class Staff(AbstractUser):
    """A person with a password and a second factor."""

    def has_role(self, *roles: str) -> bool:
        """Whether the person holds at least one of `roles`."""
        return self.is_active and self.grants.filter(role__in=roles).exists()


class RoleGrant(models.Model):
    """A role that a person holds."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        """A role is held once."""

        constraints = [models.UniqueConstraint(fields=["staff", "role"], name="role_once")]

    def __str__(self) -> str:
        """Who holds what."""
        return f"{self.staff}: {self.role}"


class AccessRecord(models.Model):
    """Somebody looked at private data: who, when, what of, and the reason they gave."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="accesses")
    at = models.DateTimeField(auto_now_add=True)
    what = models.CharField(max_length=120)
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        """What was looked at."""
        return self.what
