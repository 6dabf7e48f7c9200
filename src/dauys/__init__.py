"""Dauys: online elections in which one eligible voter gets one vote."""
