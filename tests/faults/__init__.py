"""Kills, races and planted faults: the real desk in processes of its own, and what it must not lose.

`running` starts and kills it, `writers` write to it and try again as real senders do, `findings` reads the database
for what is missing, doubled or half-written.
"""
