"""What stays on account pays another document: parts of it, wrong ones, and all of it undone."""

from pathlib import Path

import pytest

from pipeline import corrections, ledger, steps
from pipeline.domain.errors import UsageError
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from tests.posting.golden_case import given

STORY = """
```csv customers
no,name,ibans
C1,Nordlicht Moebel GmbH,DE05370501980000001101
C2,Brandt und Soehne,DE75370501980000001102
```

```csv ledger-entries
party_type,party_no,document_type,document_no,posting_date,currency,amount,on_hold,discount_date,discount_amount
customer,C1,invoice,RE-2026-1001,2026-10-20,EUR,1000.00,,,
customer,C1,invoice,RE-2026-1002,2026-10-20,EUR,80.00,,,
customer,C1,invoice,RE-2026-1003,2026-10-20,CHF,80.00,,,
customer,C1,invoice,RE-2026-1004,2026-10-20,EUR,90.00,disputed,,
customer,C2,invoice,RE-2026-1005,2026-10-20,EUR,80.00,,,
customer,C1,credit_memo,GS-2026-0007,2026-10-21,EUR,-79.96,,,
```

```mt940 BANK
:61:2610291029C1000,00NTRFNONREF//G1
:86:166?20SVWZ+RE-2026-1001?31DE05370501980000001101?32Nordlicht Moebel GmbH
```
"""


def test_parts_wrong_documents_and_all_of_it_undone(tmp_path: Path) -> None:
    settings = given(STORY, f"sqlite:///{tmp_path}/ledger.db", tmp_path)
    steps.nightly(settings, [tmp_path / "inbox"], "tester")
    corrections.unapply(settings, "RE-2026-1001", "anna", "mistake")

    def apply(money: str, document: str, amount: str = "") -> dict[str, object]:
        return corrections.apply(settings, money, document, "anna", "theirs", amount=amount)

    def open_now() -> dict[str, str]:
        with ledger.open(settings.ledger) as book:
            assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
            rows = export(book, "entries").to_dicts()
        return {r["document_no"][:12]: r["remaining_amount"] for r in rows if r["open"] == "true"}

    before = open_now()
    for money, document, amount, said in (
        ("BANK/1/1", "RE-2026-1005", "", "nothing of this number is open with customer C1"),
        ("BANK/1/1", "RE-2026-1003", "", "is in CHF, the money in EUR"),
        ("BANK/1/1", "RE-2026-1004", "", "is on hold"),
        ("BANK/1/1", "GS-2026-0007", "", "both are owed the same way"),
        ("BANK/1/1", "RE-2026-1002", "1000.01", "open is 1000.00 EUR"),
        ("BANK/1/1", "RE-2026-1002", "x", "is no amount"),
        ("RE-2026-0000", "RE-2026-1002", "", "no open entry has this number"),
    ):
        with pytest.raises(UsageError, match=said):
            apply(money, document, amount)
    assert open_now() == before

    assert apply("BANK/1/1", "RE-2026-1002", "30.00")["still_open"] == "50.00 EUR"
    assert apply("BANK/1/1", "RE-2026-1001")["still_open"] == "30.00 EUR"
    corrections.unapply(settings, "RE-2026-1001", "anna", "mistake")
    corrections.unapply(settings, "RE-2026-1002", "anna", "mistake")
    assert open_now() == before

    done = apply("GS-2026-0007", "RE-2026-1002")
    assert done["still_open"] == "0.04 EUR", "a credit memo takes no tolerance"
    corrections.unapply(settings, "GS-2026-0007", "anna", "mistake")
    assert open_now() == before
    assert apply("BANK/1/1", "RE-2026-1001")["still_open"] == "0.00 EUR", "as the night did it"
