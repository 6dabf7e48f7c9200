"""The auditor of Belenios archives (`.bel`), whoever made them."""
