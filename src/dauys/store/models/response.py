"""Cases and proposals. What was decided stands on the board; here is what led to it."""

from django.db import models

from dauys.store.models.elections import ElectionRow


class CaseRow(models.Model):
    """A case as its desk writes it (`response/cases.py`), with columns to find it by."""

    election = models.ForeignKey(ElectionRow, models.CASCADE, related_name="cases")
    number = models.PositiveIntegerField()
    contest = models.CharField(max_length=40)
    status = models.CharField(max_length=20)
    record = models.JSONField()

    class Meta:
        """Cases are numbered from 1 inside an election."""

        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="case_once"),
        ]

    def __str__(self) -> str:
        """Its number."""
        return f"case {self.number}"


class ProposalRow(models.Model):
    """A decision put to the commission, with the approvals so far."""

    election = models.ForeignKey(ElectionRow, models.CASCADE, related_name="proposals")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=20)
    record = models.JSONField()

    class Meta:
        """Proposals are numbered from 1 inside an election."""

        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="proposal_once"),
        ]

    def __str__(self) -> str:
        """Its number."""
        return f"proposal {self.number}"
