"""Digital signatures of the national PKI: who signed which authorisation, provably."""
