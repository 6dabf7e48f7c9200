"""Forms of the console: what is typed, checked and said back beside the field."""
