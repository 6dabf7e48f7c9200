"""The life of an election as commands."""

import atexit
import gc

# Python looks for garbage after every 700 new objects, and several times more when it ends; what
# imports and parsers make is none. Here, before anything large is imported.
gc.set_threshold(50_000, 20, 20)
atexit.register(gc.freeze)
