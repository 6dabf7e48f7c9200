"""The public append-only log, and the archives made from it."""
