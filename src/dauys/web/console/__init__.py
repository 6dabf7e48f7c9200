"""Staff: set up, watch, decide, each role at its own desk."""
