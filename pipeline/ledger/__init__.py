"""The only place that knows a database: schema, rules, reads (frames), writes, verify.

``open`` gives a ledger, ``init`` creates or upgrades it.
"""

from pipeline.ledger.connection import Ledger, init
from pipeline.ledger.connection import open_ledger as open

__all__ = ["Ledger", "init", "open"]
