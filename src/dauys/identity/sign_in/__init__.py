"""Signing in elsewhere: an identity provider tells who the voter is (OpenID Connect)."""
