"""Measures the monitor, beside simpler detectors, on worlds whose truth is known."""
