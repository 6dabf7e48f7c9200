"""Types that every stage shares: identifiers, errors, canonical records, board entries."""
