"""Reasons that are offered to whoever proposes a decision."""
