"""From any document, bank line, posting, statement, file or register to all that is tied to it.

``meanings`` says what a reference may mean, ``trace`` what is tied to one of its meanings.
"""

from pipeline.ledger.trace.meanings import Meaning, meanings
from pipeline.ledger.trace.sections import SECTIONS, trace

__all__ = ["SECTIONS", "Meaning", "meanings", "trace"]
