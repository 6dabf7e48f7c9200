"""Cases, decisions by quorum, and the remedies they order."""
