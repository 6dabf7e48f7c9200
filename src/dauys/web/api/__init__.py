"""Machines: the cast endpoint, permits, receipts."""
