"""Protocols that gateways everywhere speak, and what those over HTTP have in common."""
