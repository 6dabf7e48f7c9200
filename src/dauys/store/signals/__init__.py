"""Signals: how requests came. Private, in a database of their own, deleted on schedule."""
