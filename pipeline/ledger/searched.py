"""Numbers of items that a search found, as a query takes them."""

from pipeline.ledger.connection import Ledger


def among(ledger: Ledger, name: str) -> str:
    """The query of each number (``item_id``) of the JSON array that is the value ``name``."""
    if ledger.sqlite:
        return f"SELECT value AS item_id FROM json_each(:{name})"
    return f"SELECT CAST(json_array_elements_text(CAST(:{name} AS json)) AS BIGINT) AS item_id"
