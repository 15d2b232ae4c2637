"""Reports: what the ledger knew -> figures that tie, with every difference named, as plain text.

Pure: each report is composed from frames of ``ledger.known`` and rendered apart from that.
"""
