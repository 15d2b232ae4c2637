"""Precision, recall and straight-through rate per bank line: ``python -m benchmarks.quality``.

``lettrage`` runs the command line on a generated world as a user would; ``names``,
``business_central`` and ``splink_peer`` answer for the same lines and the same books; ``judge``
holds all of them against the truth by one rule: all entries and amounts of a line, or wrong.
"""
