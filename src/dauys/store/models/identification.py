"""Voters, and what passes between them and the election before a ballot."""

from django.db import models

from dauys.store.models.elections import ElectionRow


class VoterRow(models.Model):
    """A line of the register, with the pseudonym that the board knows the voter by."""

    election = models.ForeignKey(ElectionRow, models.CASCADE, related_name="voters")
    register_number = models.PositiveIntegerField()
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    category = models.CharField(max_length=40)
    region = models.CharField(max_length=80)
    contest = models.CharField(max_length=40)
    weight = models.PositiveIntegerField(default=1)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254, blank=True)
    precinct = models.CharField(max_length=80, blank=True)
    household = models.CharField(max_length=80, blank=True)
    pseudonym = models.CharField(max_length=32)
    codes_held = models.BooleanField(default=False)
    codes_cleared = models.DateTimeField(null=True)

    class Meta:
        """A number and a pseudonym stand once in an election."""

        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="voter_once"),
            models.UniqueConstraint(fields=["election", "pseudonym"], name="pseudonym_once"),
            models.UniqueConstraint(
                fields=["election", "register_number"], name="register_number_once"
            ),
        ]
        indexes = [models.Index(fields=["election", "contest", "category"], name="voter_counts")]

    def __str__(self) -> str:
        """The register number; never the voter's own."""
        return f"voter {self.register_number}"


class CodeRow(models.Model):
    """A code that was asked for; the code itself is kept as a hash only.

    `sent_to` is empty for a decoy. `block` is a range of phones, or a domain of e-mail.
    """

    request_id = models.CharField(primary_key=True, max_length=64)
    election = models.CharField(max_length=40)
    channel = models.CharField(max_length=20, default="sms")
    number = models.CharField(max_length=40)
    sent_to = models.CharField(max_length=254, blank=True)
    block = models.CharField(max_length=254, blank=True)
    address = models.CharField(max_length=45)
    network = models.CharField(max_length=50, blank=True)
    device = models.CharField(max_length=64, blank=True)
    entered = models.BooleanField(default=False)
    sent_at = models.DateTimeField()
    record = models.JSONField()

    class Meta:
        """Limits look back by each of these."""

        indexes = [
            models.Index(fields=["election", name, "sent_at"], name=f"codes_by_{name}")
            for name in ("number", "sent_to", "block", "address", "network", "device")
        ] + [models.Index(fields=["election", "sent_at"], name="codes_by_time")]

    def __str__(self) -> str:
        """The request's identifier."""
        return self.request_id


class KnownDevice(models.Model):
    """A device (hash of its cookie) on which the voter identified before."""

    election = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    device = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        """Once for each voter and device."""

        constraints = [
            models.UniqueConstraint(fields=["election", "number", "device"], name="device_once")
        ]

    def __str__(self) -> str:
        """Its row."""
        return f"device {self.pk}"


class OutboxMessage(models.Model):
    """A message of the development gateway, shown on a page instead of being sent."""

    address = models.CharField(max_length=254)
    text = models.TextField()
    sent_at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        """Its row; the text holds a code."""
        return f"message {self.pk}"


class NonceRow(models.Model):
    """A challenge to sign, used once."""

    nonce = models.CharField(primary_key=True, max_length=64)
    election = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    expires = models.DateTimeField()
    used = models.BooleanField(default=False)

    def __str__(self) -> str:
        """The nonce."""
        return self.nonce


class EvidenceRow(models.Model):
    """A voter's signature (CMS), encrypted; the permit holds its SHA-256.

    `revocation` is what was known of the certificates when it was checked, or asked again.
    """

    sha256 = models.CharField(primary_key=True, max_length=64)
    election = models.CharField(max_length=40)
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()
    revocation = models.CharField(max_length=16, default="not_asked")
    asked_at = models.DateTimeField(null=True)

    class Meta:
        """Those to be asked about again are looked for every few minutes."""

        indexes = [models.Index(fields=["election", "revocation"], name="evidence_marks")]

    def __str__(self) -> str:
        """The hash."""
        return self.sha256


class RemoteSigningRow(models.Model):
    """A challenge that is signed on another device, while a browser waits.

    `token` admits the device, `waiter` is the SHA-256 of what admits the browser.
    """

    id = models.CharField(primary_key=True, max_length=32)
    election = models.CharField(max_length=40)
    token = models.CharField(max_length=64)
    waiter = models.CharField(max_length=64)
    content = models.BinaryField()
    expires = models.DateTimeField()
    state = models.CharField(max_length=16)
    refusal = models.CharField(max_length=40, blank=True)
    line = models.PositiveIntegerField(null=True)
    credential = models.CharField(max_length=64, blank=True)
    evidence = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Its number."""
        return self.id


class HelpRow(models.Model):
    """What the help desk asked for a voter, and who decided it. `token` is a hash."""

    election = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    deed = models.CharField(max_length=10)
    register_number = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    phone_before = models.CharField(max_length=20, blank=True)
    phone_after = models.CharField(max_length=20, blank=True)
    asked_by = models.IntegerField()
    asked_at = models.DateTimeField()
    decided_by = models.IntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    token = models.CharField(max_length=64, blank=True)
    expires = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        """Requests are numbered inside an election."""

        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="help_once"),
        ]
        indexes = [models.Index(fields=["election", "token"], name="help_by_token")]

    def __str__(self) -> str:
        """Its number."""
        return f"request {self.number}"
