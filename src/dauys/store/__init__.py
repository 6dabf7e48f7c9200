"""Keeps everything in a database: models, migrations, repositories."""
