"""Digital signatures (CMS, X.509) of any PKI: who signed which authorisation, provably.

What differs between PKIs is a `profile.Profile`: algorithms, which fields of the subject name
whom, which keys may sign. `identity/kazakhstan/` has that of Kazakhstan.
"""
