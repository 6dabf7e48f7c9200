"""The auditor: replays an election from published files alone."""
