"""The auditor: replays an election from published files alone.

Written from docs/protocol.md and from nothing else: no line is shared with the board, the
ballot box or the tally, so that a mistake there is not repeated here. `audit.verify` is
the way in; `checks.CATALOGUE` lists what is checked, by name.
"""
