"""The board's entries as they were written, and the permits behind the ballots."""

from django.db import models

from dauys.store.models.elections import ElectionRow


class LogHead(models.Model):
    """The newest checkpoint of an election's log. Its row is the lock of all writers."""

    election = models.OneToOneField(ElectionRow, models.CASCADE, primary_key=True)
    size = models.BigIntegerField(default=0)
    checkpoint = models.TextField(blank=True)

    def __str__(self) -> str:
        """The election's name."""
        return f"log of {self.pk}"


class LogEntry(models.Model):
    """One entry of the board, byte for byte. Rows are added, never changed."""

    election = models.ForeignKey(ElectionRow, models.CASCADE, related_name="entries")
    index = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        """A place in the log is taken once."""

        constraints = [
            models.UniqueConstraint(fields=["election", "index"], name="entry_once"),
        ]

    def __str__(self) -> str:
        """Its place."""
        return f"entry {self.index}"


class PermitRow(models.Model):
    """A permit that was issued. `leaf_index` is set once its ballot is on the board."""

    election = models.ForeignKey(ElectionRow, models.CASCADE, related_name="permits")
    serial = models.BigIntegerField()
    contest = models.CharField(max_length=40)
    pseudonym = models.CharField(max_length=32)
    credential = models.CharField(max_length=64)
    method = models.CharField(max_length=40)
    permit = models.TextField()
    issued_at = models.DateTimeField()
    cancelled = models.BooleanField(default=False)
    leaf_index = models.BigIntegerField(null=True)
    cast_at = models.DateTimeField(null=True)
    sent_to = models.CharField(max_length=254, blank=True)

    class Meta:
        """Serials have no gaps; a credential has one permit."""

        constraints = [
            models.UniqueConstraint(fields=["election", "serial"], name="serial_once"),
            models.UniqueConstraint(fields=["election", "credential"], name="credential_once"),
        ]
        indexes = [
            models.Index(fields=["election", "contest", "pseudonym"], name="permits_of_voter"),
        ]

    def __str__(self) -> str:
        """Its serial."""
        return f"permit {self.serial}"
