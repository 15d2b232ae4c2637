"""Speed and memory as ratios in one run: ``python -m benchmarks`` (``make bench``).

``world`` makes a company of any size from a seed, ``bank_files`` writes what its banks send,
``measure`` runs the command line on it as a user would and reads time and memory of each process.
"""
