"""The only place that knows a database: schema, rules, reads (frames), writes, verify.

``open`` gives a ledger, ``kept`` one for several steps, ``init`` creates or upgrades it.
"""

from pipeline.ledger.connection import Ledger
from pipeline.ledger.opening import init, kept
from pipeline.ledger.opening import open_ledger as open

__all__ = ["Ledger", "init", "kept", "open"]
