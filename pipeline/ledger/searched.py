"""Words that a person looks for, as the database compares them.

In any case; on SQLite letters beyond A-Z are as they are written.
"""

from pipeline.ledger.connection import Ledger

_ESCAPE = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


def holding(word: str) -> str:
    """The pattern of texts that hold a word, whose own signs stand for themselves."""
    return f"%{word.translate(_ESCAPE)}%"


def among(ledger: Ledger, name: str) -> str:
    """The query of each number (``item_id``) of the JSON array that is the value ``name``."""
    if ledger.sqlite:
        return f"SELECT value AS item_id FROM json_each(:{name})"
    return f"SELECT CAST(json_array_elements_text(CAST(:{name} AS json)) AS BIGINT) AS item_id"


def like(ledger: Ledger, name: str) -> str:
    """The comparison with the pattern that is the value ``name``."""
    # SQLite's LIKE looks past the case by itself.
    return f"{'LIKE' if ledger.sqlite else 'ILIKE'} :{name} ESCAPE '\\'"
