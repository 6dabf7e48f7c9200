"""The server's entry: the cast endpoint by itself, everything else through Django."""
