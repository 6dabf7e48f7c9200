"""What the console shows: values ready for templates, built from services and the board."""
