"""How much is tried: a few cases in every run, as many as wanted in a long one.

``LETTRAGE_TEST_EXAMPLES=1000 pytest tests/ledger/test_any_corrections.py`` plays a thousand.
"""

import os


def examples(few: int) -> int:
    """How many cases to try; ``few`` where nobody asks for more."""
    return max(few, int(os.environ.get("LETTRAGE_TEST_EXAMPLES", "0")))
