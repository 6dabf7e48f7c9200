"""An election as the organiser sets it up. Once sealed, the board says what holds."""

from django.db import models


class ElectionRow(models.Model):
    """One election. The texts and rules here are the draft that sealing publishes.

    `sealed` locks the draft; from then on phase, times and rules are read from the board.
    """

    id = models.CharField(primary_key=True, max_length=40)
    slug = models.SlugField(unique=True, max_length=40)
    name_kk = models.CharField(max_length=200)
    name_ru = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    organiser_kk = models.CharField(max_length=200)
    organiser_ru = models.CharField(max_length=200)
    organiser_en = models.CharField(max_length=200)
    help_phone = models.CharField(max_length=40, blank=True)
    zone = models.CharField(max_length=40, default="Asia/Almaty")
    opens = models.DateTimeField(null=True)
    closes = models.DateTimeField(null=True)
    methods = models.JSONField(default=list)
    policy = models.CharField(max_length=10, default="stronger")
    stratum_minimum = models.PositiveIntegerField(default=20)
    quorum = models.PositiveIntegerField(default=2)
    clock_step = models.PositiveIntegerField(default=300)
    one_phone_one_voter = models.BooleanField(default=True)
    phone_freeze_hours = models.PositiveIntegerField(default=24)
    register_salt = models.CharField(max_length=64, blank=True)
    register_sha256 = models.CharField(max_length=64, blank=True)
    sealed = models.BooleanField(default=False)
    rehearsal = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """The short name."""
        return self.slug


class ContestRow(models.Model):
    """A contest of the draft. `uuid` names its Belenios election."""

    election = models.ForeignKey(ElectionRow, models.CASCADE, related_name="contests")
    word = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    name_kk = models.CharField(max_length=200)
    name_ru = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    region = models.CharField(max_length=80)
    uuid = models.CharField(max_length=40, unique=True)

    class Meta:
        """Words name contests inside one election."""

        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["election", "word"], name="contest_once"),
        ]

    def __str__(self) -> str:
        """The contest's word."""
        return self.word


class BallotQuestionRow(models.Model):
    """A question of the draft. `kind` is a `QuestionKind`."""

    contest = models.ForeignKey(ContestRow, models.CASCADE, related_name="questions")
    word = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    text_kk = models.CharField(max_length=200)
    text_ru = models.CharField(max_length=200)
    text_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, default="choice")
    seats = models.PositiveIntegerField(default=1)
    minimum = models.PositiveIntegerField(default=1)
    maximum = models.PositiveIntegerField(default=1)
    blank = models.BooleanField(default=False)

    class Meta:
        """Words name questions inside one contest."""

        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "word"], name="ballot_question_once"),
        ]

    def __str__(self) -> str:
        """The question's word."""
        return self.word


class CandidateListRow(models.Model):
    """A list of candidates of the draft."""

    question = models.ForeignKey(BallotQuestionRow, models.CASCADE, related_name="lists")
    word = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=120)

    class Meta:
        """Words name lists inside one question."""

        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["question", "word"], name="list_once"),
        ]

    def __str__(self) -> str:
        """The list's word."""
        return self.word


class CandidateRow(models.Model):
    """A candidate of the draft; on `group`, a list, where the question has lists."""

    question = models.ForeignKey(BallotQuestionRow, models.CASCADE, related_name="candidates")
    group = models.ForeignKey(
        CandidateListRow, models.CASCADE, null=True, related_name="candidates"
    )
    word = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    occupation_kk = models.CharField(max_length=200)
    occupation_ru = models.CharField(max_length=200)
    occupation_en = models.CharField(max_length=200)
    programme_kk = models.TextField()
    programme_ru = models.TextField()
    programme_en = models.TextField()

    class Meta:
        """Words name candidates inside one question; `position` runs within their list."""

        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["question", "word"], name="candidate_once"),
        ]

    def __str__(self) -> str:
        """The candidate's word."""
        return self.word


class TrusteeSeat(models.Model):
    """A trustee and the public half of their key (Belenios trustee_public_key)."""

    election = models.ForeignKey(ElectionRow, models.CASCADE, related_name="trustees")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    public_key = models.TextField(blank=True)

    class Meta:
        """Trustees are numbered from 1."""

        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="trustee_once"),
        ]

    def __str__(self) -> str:
        """The trustee's name."""
        return self.name


class CommissionSeat(models.Model):
    """An office in the commission, who holds it, and the key that signs approvals."""

    election = models.ForeignKey(ElectionRow, models.CASCADE, related_name="commission")
    word = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    name_kk = models.CharField(max_length=120)
    name_ru = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    key = models.CharField(max_length=64, blank=True)
    holder = models.ForeignKey("store.Staff", models.SET_NULL, null=True, related_name="seats")

    class Meta:
        """Words name seats inside one election."""

        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["election", "word"], name="seat_once"),
        ]

    def __str__(self) -> str:
        """The seat's word."""
        return self.word
