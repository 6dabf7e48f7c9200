"""The public: numbers, decisions, look-up, files."""
