"""Signals become clusters of suspicious ballots, with evidence."""
