"""What the ledger writes for others (interface, section 4): tables and the journal as text.

``export`` reads one kind as a frame, ``write`` writes it, ``journal`` is the general ledger in
the format of a plain-text accounting program. ``originals`` are the banks' files themselves.
``batches`` hand each posting over once, as ``datev`` or ``general_ledger`` writes it. ``fec`` is a
whole fiscal year for the French tax office.
"""

from pipeline.ledger.export.columns import COLUMNS
from pipeline.ledger.export.datev import datev
from pipeline.ledger.export.fec import fec, fec_batch
from pipeline.ledger.export.journal import FORMATS, journal
from pipeline.ledger.export.originals import originals
from pipeline.ledger.export.tables import export
from pipeline.ledger.export.writing import general_ledger, write

__all__ = [
    "COLUMNS",
    "FORMATS",
    "datev",
    "export",
    "fec",
    "fec_batch",
    "general_ledger",
    "journal",
    "originals",
    "write",
]
