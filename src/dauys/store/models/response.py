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


class AlertRow(models.Model):
    """An alert as its desk writes it (`response/alerts.py`), with columns to find it by."""

    election = models.ForeignKey(ElectionRow, models.CASCADE, related_name="alerts")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=80)
    seen = models.BooleanField(default=False)
    record = models.JSONField()

    class Meta:
        """Alerts are numbered from 1 inside an election; the newest comes first."""

        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="alert_once"),
        ]

    def __str__(self) -> str:
        """Its number."""
        return f"alert {self.number}"


class ScanRow(models.Model):
    """One look of the monitor at the signals: when, with what, what came of it.

    `ended` and `failure` are empty while it goes on; `failure` names what went wrong.
    `report` holds no address and no phone.
    """

    election = models.ForeignKey(ElectionRow, models.CASCADE, related_name="scans")
    started = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    failure = models.CharField(max_length=80, blank=True)
    report = models.JSONField(default=dict)

    class Meta:
        """The newest comes first."""

        ordering = ["-started", "-id"]
        indexes = [models.Index(fields=["election", "started"], name="scans_by_time")]

    def __str__(self) -> str:
        """When."""
        return f"scan {self.started:%Y-%m-%d %H:%M:%S}"


class QueueRow(models.Model):
    """A cluster in the queue as its desk writes it (`response/queue.py`)."""

    election = models.ForeignKey(ElectionRow, models.CASCADE, related_name="clusters")
    cluster = models.CharField(max_length=40)
    score = models.FloatField()
    record = models.JSONField()

    class Meta:
        """A cluster stands once in an election's queue, the highest score first."""

        ordering = ["-score", "cluster"]
        constraints = [
            models.UniqueConstraint(fields=["election", "cluster"], name="cluster_once"),
        ]

    def __str__(self) -> str:
        """The monitor's name for it."""
        return self.cluster


class QuestionRow(models.Model):
    """A voter to be asked about a ballot (`response/verification.py`)."""

    election = models.ForeignKey(ElectionRow, models.CASCADE, related_name="questions")
    number = models.PositiveIntegerField()
    cluster = models.CharField(max_length=40)
    record = models.JSONField()

    class Meta:
        """Questions are numbered from 1 inside an election."""

        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="question_once"),
        ]

    def __str__(self) -> str:
        """Its number."""
        return f"question {self.number}"


class StepUpRow(models.Model):
    """A step-up as its desk writes it (`response/step_up.py`); `ends` once it is confirmed."""

    election = models.ForeignKey(ElectionRow, models.CASCADE, related_name="step_ups")
    number = models.PositiveIntegerField()
    ends = models.DateTimeField(null=True)
    record = models.JSONField()

    class Meta:
        """Step-ups are numbered from 1 inside an election; the newest comes first."""

        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="step_up_once"),
        ]
        indexes = [models.Index(fields=["election", "ends"], name="step_ups_by_end")]

    def __str__(self) -> str:
        """Its number."""
        return f"step-up {self.number}"
