"""Views of the console: parse, call one service, map its errors, render."""
