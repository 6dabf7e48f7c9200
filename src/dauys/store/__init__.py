"""The Django application that keeps everything: models, migrations, repositories."""
