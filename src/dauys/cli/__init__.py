"""The life of an election as commands."""
