"""One table of signals, with the columns of docs/monitor.md."""

from django.db import models


class SignalRow(models.Model):
    """How one request of a voter came. `leaf_index` ties a cast to its ballot on the board."""

    signal_id = models.CharField(max_length=40, unique=True)
    election = models.CharField(max_length=40)
    time = models.DateTimeField()
    kind = models.CharField(max_length=20)
    contest = models.CharField(max_length=40)
    register_number = models.PositiveIntegerField()
    method = models.CharField(max_length=40)
    ip = models.CharField(max_length=45, blank=True)
    asn = models.CharField(max_length=80, blank=True)
    ip_class = models.CharField(max_length=10, blank=True)
    ip_region = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=80, blank=True)
    precinct = models.CharField(max_length=80, blank=True)
    household = models.CharField(max_length=80, blank=True)
    device = models.CharField(max_length=64, blank=True)
    ua_family = models.CharField(max_length=40, blank=True)
    tls = models.CharField(max_length=64, blank=True)
    automation = models.BooleanField(null=True)
    phone = models.CharField(max_length=20, blank=True)
    code_latency_s = models.FloatField(null=True)
    code_attempts = models.PositiveSmallIntegerField(null=True)
    dwell_s = models.FloatField(null=True)
    leaf_index = models.BigIntegerField(null=True)

    class Meta:
        """Scans read one election in the order of time."""

        indexes = [
            models.Index(fields=["election", "time"], name="signals_by_time"),
            models.Index(fields=["election", "leaf_index"], name="signals_by_leaf"),
            models.Index(fields=["election", "register_number"], name="signals_by_voter"),
        ]

    def __str__(self) -> str:
        """Its identifier; never an address or a phone."""
        return self.signal_id


class KeepingRow(models.Model):
    """What has become of the signals of an election. docs/privacy.md."""

    election = models.CharField(primary_key=True, max_length=40)
    pseudonymous_since = models.DateTimeField(null=True)
    gone_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """The election."""
        return self.election
