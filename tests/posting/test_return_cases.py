"""Which payment a return takes back: a part of it, by name, with its fee, and a second time."""

from pathlib import Path

import pytest

from pipeline import config, ledger, steps
from pipeline.ledger.export import export
from tests.posting.golden_case import given
from tests.posting.test_limits import told, with_policy

ENTRIES = "party_type,party_no,document_type,document_no,posting_date,currency,amount,mandate_id\n"
NORDLICHT = "?31DE05370501980000001101?32Nordlicht Moebel GmbH"


def story(entries: str, *lines: tuple[str, str, str, str]) -> str:
    """Open entries, and bank lines: day, amount as MT940 writes it, type code, text."""
    bank = "".join(
        f":61:26{day}{day}{amount}{code}NONREF//R{place}\n:86:{_GVC[code]}?20{text}\n"
        for place, (day, amount, code, text) in enumerate(lines)
    )
    return f"```csv ledger-entries\n{ENTRIES}{entries}```\n\n```mt940 BANK\n{bank}```\n"


_GVC = {"NTRF": "166", "NDDT": "171", "NRTI": "109", "NCHG": "805"}


def invoice(number: int, amount: str, mandate: str = "") -> str:
    return f"customer,C1,invoice,RE-2026-100{number},2026-10-20,EUR,{amount},{mandate}\n"


def played(text: str, folder: Path) -> config.Settings:
    settings = given(text, f"sqlite:///{folder}/ledger.db", folder)
    steps.nightly(settings, [folder / "inbox"], "tester")
    return settings


def entries(settings: config.Settings) -> list[tuple[str, str, str]]:
    """Kind, amount and what remains of each entry."""
    with ledger.open(settings.ledger) as book:
        rows = export(book, "entries").select("document_type", "amount", "remaining_amount").rows()
    return [(str(kind), str(amount), str(left)) for kind, amount, left in rows]


def test_a_return_that_names_one_document_of_a_sum_opens_only_that_one(tmp_path: Path) -> None:
    settings = played(
        story(
            invoice(1, "100.00") + invoice(2, "200.00"),
            ("1029", "C300,00", "NTRF", f"SVWZ+RE-2026-1001 RE-2026-1002{NORDLICHT}"),
            ("1030", "D100,00", "NRTI", f"SVWZ+RUECKGABE RE-2026-1001{NORDLICHT}"),
        ),
        tmp_path,
    )
    assert told(settings) == [("reconciled", "")] * 2
    found = entries(settings)
    assert [row[2] for row in found if row[0] == "invoice"] == ["100.00", "0.00"]
    assert [row[1:] for row in found if row[0] == "payment_return"] == [("100.00", "0.00")]


def test_a_return_of_a_part_that_names_nothing_is_a_question(tmp_path: Path) -> None:
    settings = played(
        story(
            invoice(1, "100.00") + invoice(2, "200.00"),
            ("1029", "C300,00", "NTRF", f"SVWZ+RE-2026-1001 RE-2026-1002{NORDLICHT}"),
            ("1030", "D100,00", "NRTI", f"SVWZ+RUECKGABE{NORDLICHT}"),
        ),
        tmp_path,
    )
    assert told(settings)[1] == ("proposed", "possible_return")


@pytest.mark.parametrize(("name", "answered"), [("Nordlicht Möbel GmbH", 1), ("Brandt", 0)])
def test_without_an_account_the_name_tells(name: str, answered: int, tmp_path: Path) -> None:
    name = name.replace("ö", "oe")
    settings = played(
        story(
            invoice(1, "100.00"),
            ("1029", "C100,00", "NTRF", f"SVWZ+RE-2026-1001{NORDLICHT}"),
            ("1030", "D100,00", "NRTI", f"SVWZ+RUECKGABE?32{name}"),
        ),
        tmp_path,
    )
    assert told(settings)[1] == (
        ("reconciled", "") if answered else ("proposed", "possible_return")
    )


def test_the_fee_is_charged_to_the_customer_where_the_policy_says_so(tmp_path: Path) -> None:
    text = story(
        invoice(1, "100.00"),
        ("1029", "C100,00", "NTRF", f"SVWZ+RE-2026-1001{NORDLICHT}"),
        ("1030", "D103,00", "NRTI", f"OAMT+100,00SVWZ+RUECKGABE{NORDLICHT}"),
    )
    settings = played(with_policy(text, "[policy]", 'return_fee = "recharge"'), tmp_path)
    assert told(settings) == [("reconciled", "")] * 2
    assert entries(settings) == [
        ("invoice", "100.00", "100.00"), ("payment", "-100.00", "0.00"),
        ("payment_return", "103.00", "3.00"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "who", "line", "fee"),
    [
        ("recharge", NORDLICHT, ("reconciled", ""), ("payment_return", "3.00", "3.00")),
        ("recharge", "", ("unmatched", "unknown_payer"), None),
        ("bank_fees", NORDLICHT, ("reconciled", ""), None),
    ],
)
def test_a_fee_on_a_line_of_its_own_is_charged_as_the_policy_says(
    tmp_path: Path, policy: str, who: str, line: tuple[str, str], fee: tuple[str, str, str] | None
) -> None:
    text = story(
        invoice(1, "100.00"),
        ("1029", "C100,00", "NTRF", f"SVWZ+RE-2026-1001{NORDLICHT}"),
        ("1030", "D100,00", "NRTI", f"SVWZ+RUECKGABE{NORDLICHT}"),
        ("1030", "D3,00", "NCHG", f"SVWZ+ENTGELT RUECKGABE{who}"),
    )
    settings = played(with_policy(text, "[policy]", f'return_fee = "{policy}"'), tmp_path)
    assert told(settings)[2] == line
    found = entries(settings)
    assert found[0] == ("invoice", "100.00", "100.00")
    assert [row for row in found if row[1] == "3.00"] == ([fee] if fee else [])


def test_a_second_return_puts_the_mandate_on_hold(tmp_path: Path) -> None:
    debit = f"MREF+M-1SVWZ+RE-2026-1001{NORDLICHT}"
    back = f"MREF+M-1SVWZ+RUECKLASTSCHRIFT{NORDLICHT}"
    settings = played(
        story(
            invoice(1, "100.00", "M-1"),
            ("1029", "C100,00", "NDDT", debit),
            ("1030", "D100,00", "NRTI", back),
            ("1102", "C100,00", "NDDT", debit),
            ("1103", "D100,00", "NRTI", back),
            ("1104", "C100,00", "NDDT", debit),
        ),
        tmp_path,
    )
    assert told(settings) == [("posted", "")] * 4 + [("proposed", "mandate_on_hold")]


def test_who_pays_again_adds_the_fee_which_has_no_number(tmp_path: Path) -> None:
    text = story(
        invoice(1, "100.00"),
        ("1029", "C100,00", "NTRF", f"SVWZ+RE-2026-1001{NORDLICHT}"),
        ("1030", "D103,00", "NRTI", f"OAMT+100,00SVWZ+RUECKGABE{NORDLICHT}"),
        ("1104", "C103,00", "NTRF", f"SVWZ+RE-2026-1001 und Gebuehr{NORDLICHT}"),
    )
    settings = played(with_policy(text, "[policy]", 'return_fee = "recharge"'), tmp_path)
    assert told(settings) == [("reconciled", "")] * 3
    assert {left for _, _, left in entries(settings)} == {"0.00"}


def test_an_invoice_of_the_amount_of_the_fee_makes_it_a_question(tmp_path: Path) -> None:
    text = story(
        invoice(1, "100.00") + invoice(2, "3.00"),
        ("1029", "C100,00", "NTRF", f"SVWZ+RE-2026-1001{NORDLICHT}"),
        ("1030", "D103,00", "NRTI", f"OAMT+100,00SVWZ+RUECKGABE{NORDLICHT}"),
        ("1104", "C103,00", "NTRF", f"SVWZ+RE-2026-1001 und Rest{NORDLICHT}"),
    )
    settings = played(with_policy(text, "[policy]", 'return_fee = "recharge"'), tmp_path)
    assert told(settings)[2] == ("proposed", "ambiguous")


def test_each_key_tells_which_of_two_payments_comes_back(tmp_path: Path) -> None:
    """Two payments of one customer and amount for each key; the second of them comes back."""
    keys = ("EREF", "MREF", "KREF")
    paid = [(key, n, f"{place}00") for place, key in enumerate(keys, 1)
            for n in (2 * place, 2 * place + 1)]  # fmt: skip
    books = "".join(
        f"customer,C1,invoice,RE-2026-10{n:02},2026-10-20,EUR,{amount}.00,\n"
        for _, n, amount in paid
    )
    lines = [
        ("1029", f"C{amount},00", "NTRF", f"{key}+X-{n}SVWZ+RE-2026-10{n:02}{NORDLICHT}")
        for key, n, amount in paid
    ]
    back = [
        ("1030", f"D{amount},00", "NRTI", f"{key}+X-{n}SVWZ+RUECKGABE{NORDLICHT}")
        for key, n, amount in paid
        if n % 2
    ]
    text = story(books, *lines, *back)
    settings = played(text, tmp_path)
    assert told(settings) == [("reconciled", "")] * 9
    invoices = [row for row in entries(settings) if row[0] == "invoice"]
    assert [left != "0.00" for _, _, left in invoices] == [False, True] * 3


def test_a_fee_in_another_currency_than_the_invoice_is_no_debt_of_the_customer(
    tmp_path: Path,
) -> None:
    """It was added to the dollars that came back: the database refused that, and with it the night.

    The payment that the bank states in dollars arrived in euros, and so does the bank's fee.
    """
    text = (
        "```csv ledger-entries\n"
        "party_type,party_no,document_type,document_no,posting_date,currency,amount,amount_company\n"
        "customer,C1,invoice,RE-2026-1001,2026-10-20,USD,1000.00,950.00\n```\n\n"
        "```mt940 BANK\n"
        ":61:2610291029C930,00NTRFNONREF//G1\n/OCMT/USD1000,00/\n"
        f":86:166?20SVWZ+RE-2026-1001{NORDLICHT}\n"
        ":61:2610301030D933,00NRTINONREF//G2\n"
        f":86:109?20OAMT+930,00SVWZ+RUECKGABE RE-2026-1001{NORDLICHT}\n```\n"
    )
    settings = played(with_policy(text, "[policy]", 'return_fee = "recharge"'), tmp_path)
    assert told(settings) == [("reconciled", "")] * 2
    assert entries(settings) == [
        ("invoice", "1000.00", "1000.00"), ("payment", "-1000.00", "0.00"),
        ("payment_return", "1000.00", "0.00"),
    ]  # fmt: skip
    with ledger.open(settings.ledger) as book:
        fees = export(book, "gl").filter(gl_account="BANK-FEES").select("amount", "currency").rows()
    assert fees == [("3.00", "EUR")]
