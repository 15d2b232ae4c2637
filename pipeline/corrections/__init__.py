"""What people undo: always new postings, never edits. The same said twice changes nothing more."""

from pipeline.corrections import periods, statements
from pipeline.corrections.reversing import reverse
from pipeline.corrections.unapplying import unapply

__all__ = ["periods", "reverse", "statements", "unapply"]
