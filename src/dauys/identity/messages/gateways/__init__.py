"""One module for each gateway's protocol. `settings.py` names them; nothing else does."""
