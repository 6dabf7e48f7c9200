"""Messages on their way to voters, and how the gateways fare."""

from django.db import models


class MessageRow(models.Model):
    """A message to one voter. `sealed` holds the text, encrypted, until it is sent."""

    id = models.CharField(primary_key=True, max_length=32)
    election = models.CharField(max_length=40)
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=254, blank=True)
    sealed = models.BinaryField()
    state = models.CharField(max_length=12)
    gateway = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    tried = models.JSONField(default=list)
    rounds = models.PositiveSmallIntegerField(default=0)
    asked = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        """The courier looks for what is due; reports name a gateway's own reference."""

        indexes = [
            models.Index(fields=["state", "due_at"], name="messages_due"),
            models.Index(fields=["gateway", "reference"], name="messages_reported"),
            models.Index(fields=["election", "created_at"], name="messages_by_time"),
        ]

    def __str__(self) -> str:
        """Its id; never an address."""
        return self.id


class GatewayRow(models.Model):
    """How a gateway fares: it rests until `resting_until`, for `reason`."""

    name = models.CharField(primary_key=True, max_length=20)
    resting_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, blank=True)
    faults = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        """Its name."""
        return self.name
