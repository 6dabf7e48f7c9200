"""The demonstration: text messages on a page, sample voters, a signer. Never in production."""
