"""Lettering: which entries of a party settle each other, as letters that never move."""

import polars as pl

from pipeline import config, ledger
from pipeline.ledger.export import export


def lettered(settings: config.Settings, party_no: str) -> list[tuple[str, str, str]]:
    """Document type, amount and letter of each entry of a customer, by posting date."""
    with ledger.open(settings.ledger) as book:
        entries = export(book, "entries").filter(pl.col("party_no") == party_no)
    return entries.select("document_type", "amount", "letter").rows()


def test_a_payment_and_its_return_have_a_letter_of_their_own(two_nights: config.Settings) -> None:
    assert lettered(two_nights, "10010") == [
        ("invoice", "1190.00", ""),  # owed again
        ("payment", "-1190.00", "AB"),  # AA was the invoice with its payment: free now
        ("payment_return", "1190.00", "AB"),
    ]
