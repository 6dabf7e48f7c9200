"""Groups of trustees, and the public messages of their key ceremonies."""

from django.db import models

from dauys.store.models.elections import ElectionRow


class TrusteeGroup(models.Model):
    """A group of the draft. `plan` is the ceremony's plan, canonical JSON."""

    election = models.ForeignKey(ElectionRow, models.CASCADE, related_name="trustee_groups")
    number = models.PositiveIntegerField()
    plan = models.TextField()

    class Meta:
        """Groups are numbered from 1, and stand behind the single trustees."""

        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="trustee_group_once"),
        ]

    def __str__(self) -> str:
        """The group's number."""
        return str(self.number)


class CeremonyMessage(models.Model):
    """What a member sent, as Belenios prints it: public, and checked before it was kept."""

    group = models.ForeignKey(TrusteeGroup, models.CASCADE, related_name="messages")
    stage = models.CharField(max_length=12)
    place = models.PositiveIntegerField()
    text = models.TextField()
    received = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Each member sends one message of each stage."""

        constraints = [
            models.UniqueConstraint(
                fields=["group", "stage", "place"], name="ceremony_message_once"
            ),
        ]

    def __str__(self) -> str:
        """Which message it is."""
        return f"{self.stage} {self.place}"
