"""Simulated electorates and attacks, for the demo, benchmarks and tests."""
