"""Measures the desk: ratios to bare probes in one run, each beside its limit. `python -m bench NAME…`.

Absolute rates belong to a machine and an hour; a ratio of two things measured in turn (A B A B) belongs to the code.
Loads are bounded and stay on 127.0.0.1. What was found stands in docs/performance.md.
"""
