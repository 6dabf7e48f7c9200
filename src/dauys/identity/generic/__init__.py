"""Identity outside any country: membership numbers, e-mail codes, X.509 by configuration.

A union, a university, an association. It shows too that nothing but a package like this
one and the translations has to know where an election is held.
"""
