"""What people undo and apply: new postings, never edits. The same said twice changes no more."""

from pipeline.corrections import periods, statements
from pipeline.corrections.applying import apply
from pipeline.corrections.reversing import reverse
from pipeline.corrections.unapplying import unapply

__all__ = ["apply", "periods", "reverse", "statements", "unapply"]
