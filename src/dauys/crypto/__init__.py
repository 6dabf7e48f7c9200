"""The ballots, trustees and tally of the Belenios protocol, version 1 (specification 3.0).

Nothing here knows a voter, a database or the time: pure functions on parsed values.
libsodium (PyNaCl) does every operation with a secret.
"""
