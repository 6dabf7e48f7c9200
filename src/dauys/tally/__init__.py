"""Which ballots count, their sums, the decryption and the result."""
