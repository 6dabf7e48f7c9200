"""Several questions a contest, lists of candidates, and weights of voters.

What a contest asked becomes its one question, under the contest's name.
"""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LANGUAGES = ("kk", "ru", "en")


def one_question_each(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    # The tables as they were: the models have moved on.
    contests: Any = apps.get_model("store", "ContestRow").objects.all()
    questions = apps.get_model("store", "BallotQuestionRow").objects
    candidates: Any = apps.get_model("store", "CandidateRow").objects
    for contest in contests:
        question = questions.create(
            contest=contest,
            word="q1",
            position=0,
            seats=contest.seats,
            minimum=contest.minimum,
            maximum=contest.maximum,
            blank=contest.blank,
            **{f"text_{code}": getattr(contest, f"name_{code}") for code in LANGUAGES},
        )
        candidates.filter(contest=contest).update(question=question)


ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("store", "0008_help_desk")]

    operations = [
        migrations.AddField("voterrow", "weight", models.PositiveIntegerField(default=1)),
        migrations.CreateModel(
            name="BallotQuestionRow",
            fields=[
                ("id", ID),
                ("word", models.CharField(max_length=40)),
                ("position", models.PositiveIntegerField()),
                ("text_kk", models.CharField(max_length=200)),
                ("text_ru", models.CharField(max_length=200)),
                ("text_en", models.CharField(max_length=200)),
                ("kind", models.CharField(default="choice", max_length=10)),
                ("seats", models.PositiveIntegerField(default=1)),
                ("minimum", models.PositiveIntegerField(default=1)),
                ("maximum", models.PositiveIntegerField(default=1)),
                ("blank", models.BooleanField(default=False)),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE,
                        related_name="questions",
                        to="store.contestrow",
                    ),
                ),
            ],
            options={"ordering": ["position"]},
        ),
        migrations.AddConstraint(
            "ballotquestionrow",
            models.UniqueConstraint(fields=("contest", "word"), name="ballot_question_once"),
        ),
        migrations.CreateModel(
            name="CandidateListRow",
            fields=[
                ("id", ID),
                ("word", models.CharField(max_length=40)),
                ("position", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=120)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE,
                        related_name="lists",
                        to="store.ballotquestionrow",
                    ),
                ),
            ],
            options={"ordering": ["position"]},
        ),
        migrations.AddConstraint(
            "candidatelistrow",
            models.UniqueConstraint(fields=("question", "word"), name="list_once"),
        ),
        migrations.AddField(
            "candidaterow",
            "group",
            models.ForeignKey(
                null=True,
                on_delete=models.deletion.CASCADE,
                related_name="candidates",
                to="store.candidatelistrow",
            ),
        ),
        migrations.AddField(
            "candidaterow",
            "question",
            models.ForeignKey(
                null=True,
                on_delete=models.deletion.CASCADE,
                related_name="candidates",
                to="store.ballotquestionrow",
            ),
        ),
        migrations.RunPython(one_question_each),
        migrations.RemoveConstraint("candidaterow", "candidate_once"),
        migrations.RemoveField("candidaterow", "contest"),
        migrations.AlterField(
            "candidaterow",
            "question",
            models.ForeignKey(
                on_delete=models.deletion.CASCADE,
                related_name="candidates",
                to="store.ballotquestionrow",
            ),
        ),
        migrations.AddConstraint(
            "candidaterow",
            models.UniqueConstraint(fields=("question", "word"), name="candidate_once"),
        ),
        migrations.RemoveField("contestrow", "seats"),
        migrations.RemoveField("contestrow", "minimum"),
        migrations.RemoveField("contestrow", "maximum"),
        migrations.RemoveField("contestrow", "blank"),
    ]
