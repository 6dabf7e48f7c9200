"""Voters: identify, choose, cast, look up, take a stolen vote back."""
