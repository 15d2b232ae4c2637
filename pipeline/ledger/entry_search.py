"""Open entries that a person looks for: by number, by party, by amount with a tolerance."""

import contextlib
from collections.abc import Mapping
from typing import Any

from pipeline.domain import money
from pipeline.ledger import searched
from pipeline.ledger.connection import Ledger

Row = dict[str, Any]
MOST = 40


def found(ledger: Ledger, words: str, line: Mapping[str, Any]) -> list[Row]:
    """Open entries of the currency of ``line`` that fit each of ``words``, at most ``MOST``.

    A word is part of a document number, the number of a party or part of its name, or an amount;
    ``AMOUNT~TOLERANCE`` finds amounts near it. Those next to the line's amount come first.
    """
    values: Row = {"currency": line["currency"], "amount": line["amount"], "most": MOST}
    parts = [
        _fits(ledger, word, f"w{place}", values) for place, word in enumerate(words.split()[:5])
    ]
    where = " AND ".join(["e.remaining_amount <> 0", "e.currency = :currency", *parts])
    sql = (
        "SELECT e.id, e.party_type, e.party_no, coalesce(p.name, '') AS party_name,"
        " e.document_type, e.document_no, e.instalment, e.external_document_no, e.posting_date,"
        " e.due_date, e.currency, e.amount, e.remaining_amount FROM entry e LEFT JOIN party p ON"
        f" p.party_type = e.party_type AND p.party_no = e.party_no WHERE {where}"
        " ORDER BY abs(e.remaining_amount - :amount), e.due_date, e.id LIMIT :most"
    )
    return ledger.records(sql, **values)


def _fits(ledger: Ledger, word: str, name: str, values: Row) -> str:
    """In any case; on SQLite letters beyond A-Z are as they are written."""
    values[name] = searched.holding(word)
    like = searched.like(ledger, name)
    found = [f"e.document_no {like}", f"e.external_document_no {like}",
             f"e.party_no {like}", f"p.name {like}"]  # fmt: skip
    amount, near, tolerance = word.partition("~")
    with contextlib.suppress(ValueError):
        value = abs(money.minor(amount, values["currency"]))
        by = abs(money.minor(tolerance, values["currency"])) if near else 0
        values |= {f"{name}_least": value - by, f"{name}_most": value + by}
        found.append(f"abs(e.remaining_amount) BETWEEN :{name}_least AND :{name}_most")
    return f"({' OR '.join(found)})"
