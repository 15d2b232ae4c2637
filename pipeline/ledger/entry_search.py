"""Open entries that a person looks for: by number, by party, by amount with a tolerance."""

import contextlib
from collections.abc import Mapping
from typing import Any

from pipeline.domain import money
from pipeline.ledger import searched
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import listed

Row = dict[str, Any]
MOST = 40
_SHOWN = (
    "SELECT e.id, e.party_type, e.party_no, coalesce(p.name, '') AS party_name, e.document_type,"
    " e.document_no, e.instalment, e.external_document_no, e.posting_date, e.due_date, e.currency,"
    " e.amount, e.remaining_amount FROM entry e LEFT JOIN party p ON p.party_type = e.party_type"
    " AND p.party_no = e.party_no WHERE e.id IN ({ids}) AND e.currency = :currency AND"
    " e.remaining_amount <> 0 ORDER BY abs(e.remaining_amount - :amount), e.due_date, e.id"
)
_OPEN = "e.remaining_amount <> 0 AND e.currency = :currency"


def found(ledger: Ledger, words: str, line: Mapping[str, Any]) -> list[Row]:
    """Open entries of the currency of ``line`` that fit each of ``words``, at most ``MOST``.

    A word is part of a document number, the number of a party or part of its name, or an amount;
    ``AMOUNT~TOLERANCE`` finds amounts near it. Those next to the line's amount come first. All
    entries are looked through once; names are looked for among the parties, not at each entry.
    """
    values: Row = {"currency": line["currency"], "amount": line["amount"], "most": MOST}
    parts = [
        _fits(ledger, word, f"w{place}", values) for place, word in enumerate(words.split()[:5])
    ]
    sql = (
        f"SELECT e.id FROM entry e WHERE {' AND '.join([_OPEN, *parts])}"
        " ORDER BY abs(e.remaining_amount - :amount), e.due_date, e.id LIMIT :most"
    )
    return chosen(ledger, [row["id"] for row in ledger.records(sql, **values)], line)


def chosen(ledger: Ledger, ids: list[int], line: Mapping[str, Any]) -> list[Row]:
    """Those of these entries that are open in the currency of ``line``, as ``found`` gives them."""
    sql = _SHOWN.format(ids=listed(ids))
    return ledger.records(sql, currency=line["currency"], amount=line["amount"])


def _fits(ledger: Ledger, word: str, name: str, values: Row) -> str:
    """In any case; on SQLite letters beyond A-Z are as they are written."""
    values[name] = searched.holding(word)
    like = searched.like(ledger, name)
    found = [
        f"e.document_no {like}",
        f"e.external_document_no {like}",
        f"e.party_no {like}",
        f"(e.party_type, e.party_no) IN (SELECT party_type, party_no FROM party WHERE name {like})",
    ]
    amount, near, tolerance = word.partition("~")
    with contextlib.suppress(ValueError):
        value = abs(money.minor(amount, values["currency"]))
        by = abs(money.minor(tolerance, values["currency"])) if near else 0
        values |= {f"{name}_least": value - by, f"{name}_most": value + by}
        found.append(f"abs(e.remaining_amount) BETWEEN :{name}_least AND :{name}_most")
    return f"({' OR '.join(found)})"
