"""One at a time, across threads and processes."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction


@contextmanager
def exclusive(name: str, *, durable: bool = False) -> Iterator[None]:
    """Hold the lock `name` for a transaction.

    PostgreSQL locks the name; SQLite has one writer at a time anyway (BEGIN IMMEDIATE).
    """
    with transaction.atomic(durable=durable):
        connection = connections["default"]
        if connection.vendor == "postgresql":
            digest = hashlib.sha256(name.encode()).digest()
            key = int.from_bytes(digest[:8], signed=True)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
        yield
