"""A permit and an encrypted ballot become an admitted ballot and a receipt."""
