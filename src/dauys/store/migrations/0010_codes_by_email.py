from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0009_questions_and_weights"),
    ]

    operations = [
        migrations.AddField(
            "voterrow",
            "email",
            models.CharField(blank=True, max_length=254, default=""),
            preserve_default=False,
        ),
        migrations.AddField("coderow", "channel", models.CharField(default="sms", max_length=20)),
        migrations.AlterField("coderow", "sent_to", models.CharField(blank=True, max_length=254)),
        migrations.AlterField("coderow", "block", models.CharField(blank=True, max_length=254)),
        migrations.AlterField(
            "messagerow", "address", models.CharField(blank=True, max_length=254)
        ),
        migrations.RenameField("permitrow", "phone", "sent_to"),
        migrations.AlterField("permitrow", "sent_to", models.CharField(blank=True, max_length=254)),
        migrations.RenameField("outboxmessage", "phone", "address"),
        migrations.AlterField("outboxmessage", "address", models.CharField(max_length=254)),
        migrations.AlterField("outboxmessage", "text", models.TextField()),
    ]
