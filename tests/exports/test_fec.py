"""What a French tax inspector gets: the year's entries in 18 columns, with their letters.

``pytest tests/exports/test_fec.py --write-golden`` writes the golden file anew, and fails.
"""

import dataclasses
import datetime as dt
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline import config, corrections, ledger, steps
from pipeline.domain.errors import UsageError
from pipeline.ledger.export import batches, fec, fec_batch
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify

GOLDEN = Path(__file__).parent / "golden" / "552100554FEC20261231.txt"
BOOKS = {
    "bank-accounts": "no,name,currency,iban,gl_account,last_statement_no,last_statement_balance,"
    "last_statement_date\n"
    "BNP,Banque du Rhône,EUR,FR1420041010050500013M02606,512000,41,5000.00,2026-10-28\n",
    "customers": "no,name,ibans\nC1,Lumière Décor SARL,FR7630006000011234567890189\n"
    "C2,Bistro Saône,FR7610107001011234567890129\nC3,Atelier Lyonnais,\n",
    "ledger-entries": "party_type,party_no,document_type,document_no,posting_date,currency,amount,"
    "discount_date,discount_amount\n"
    "customer,C1,invoice,FA-2026-101,2026-10-01,EUR,1000.00,2026-11-05,20.00\n"
    "customer,C2,invoice,FA-2026-102,2026-10-02,EUR,366.00,,\n"
    "customer,C2,invoice,FA-2026-103,2026-10-02,EUR,54.90,,\n"
    "customer,C3,invoice,FA-2026-104,2026-10-05,EUR,200.00,,\n",
}  # fmt: skip
LINES = (
    ("C980,00", "980 FA-2026-101 remise 20,00", "Lumiere Decor", "FR7630006000011234567890189"),
    ("C420,90", "FA-2026-102 FA-2026-103", "Bistro Saone", "FR7610107001011234567890129"),
    ("C150,00", "FA-2026-104 acompte", "Atelier Lyonnais", "FR7630003035409876543210925"),
    ("D12,50", "Frais de tenue de compte", "", ""),
)
FEED = (
    ":20:R\n:25:FR1420041010050500013M02606\n:28C:42/1\n:60F:C261028EUR5000,00\n"
    + "".join(
        f":61:2610291029{amount}{'NCHG' if amount[0] == 'D' else 'NTRF'}NONREF//R{no}\n"
        f":86:{'808' if amount[0] == 'D' else '166'}?20{text}?31{account}?32{name}\n"
        for no, (amount, text, name, account) in enumerate(LINES, 1)
    )
    + ":62F:C261029EUR6538,40\n-\n"
)
CHART = {
    "receivables": "411000", "discount_granted": "665000", "bank_fees": "627000",
    "opening": "890000", "external": "471100", "clearing": "471000",
}  # fmt: skip
FEC = {"siren": "552 100 554", "accounts": {}}
NORM = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib"
    " PieceRef PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise"
    " Idevise"
)
YEAR = dt.date(2026, 12, 31)


@pytest.fixture
def settings(url: str, tmp_path: Path) -> config.Settings:
    """A French company after its first night."""
    start = config.read(None, url, {})
    own = dataclasses.replace(
        start,
        accounts={**start.accounts, **CHART},
        company={**start.company, "currency": "EUR", "cutover": "2026-10-28"},
        fec=FEC,
    )
    ledger.init(url)
    with ledger.open(url) as book:
        for kind, text in BOOKS.items():
            (tmp_path / f"{kind}.csv").write_text(text, "utf-8")
            load(book, kind, tmp_path / f"{kind}.csv", own, actor="tester")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "rhone.sta").write_text(FEED)
    steps.nightly(own, [tmp_path / "inbox"], "tester")
    return own


def written(settings: config.Settings) -> tuple[str, list[dict[str, str]]]:
    """The file's name and its rows, read as the norm says that they must be written."""
    with ledger.open(settings.ledger) as book:
        file, sums = fec(book, settings, "EUR", YEAR)
    lines = file.data.decode("iso-8859-15").split("\r\n")
    assert lines.pop() == ""
    names = lines[0].split("\t")
    assert names == NORM.split()
    rows = [dict(zip(names, line.split("\t"), strict=True)) for line in lines[1:]]
    for row in rows:
        for name in ("JournalCode", "JournalLib", "CompteLib", "PieceRef", "EcritureLib"):
            assert row[name], name
        assert re.fullmatch(r"[0-9]{3}[0-9A-Za-z]*", row["CompteNum"])
        for name in ("EcritureDate", "PieceDate", "ValidDate"):
            assert re.fullmatch(r"20[0-9]{6}", row[name])
        assert bool(row["EcritureLet"]) == bool(row["DateLet"])
        for name in ("Debit", "Credit"):
            assert re.fullmatch(r"[0-9]+,[0-9]{2}", row[name])
        assert "0,00" in (row["Debit"], row["Credit"])
    columns = {side: sum(number(row[side.capitalize()]) for row in rows) for side in sums}
    assert {side: f"{total}" for side, total in columns.items()} == sums
    return file.name, rows


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def amount(row: dict[str, str]) -> Decimal:
    return number(row["Debit"]) - number(row["Credit"])


def test_the_file_of_a_french_company(
    settings: config.Settings, request: pytest.FixtureRequest
) -> None:
    name, rows = written(settings)
    assert name == GOLDEN.name
    text = "\n".join("\t".join({**row, "ValidDate": "<date>"}.values()) for row in rows) + "\n"
    if request.config.getoption("--write-golden"):
        GOLDEN.write_text(text, "utf-8")
        pytest.fail("written anew: read it")
    assert text == GOLDEN.read_text("utf-8")


def test_entries_balance_and_are_numbered_without_a_gap(settings: config.Settings) -> None:
    _, rows = written(settings)
    entries: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for row in rows:
        entries[row["JournalCode"], int(row["EcritureNum"])] += amount(row)
    assert set(entries.values()) == {Decimal(0)}
    for journal in {code for code, _ in entries}:
        numbers = [number for code, number in entries if code == journal]
        assert numbers == list(range(1, len(numbers) + 1))


def test_what_has_a_letter_sums_to_zero(settings: config.Settings) -> None:
    _, rows = written(settings)
    groups: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        if row["EcritureLet"]:
            groups[row["CompAuxNum"], row["EcritureLet"]].append(row)
    assert sorted(groups) == [("C1", "AA"), ("C2", "AA")], "C3 has paid a part only"
    for group in groups.values():
        assert sum(map(amount, group)) == 0
    assert {row["PieceRef"] for row in groups["C2", "AA"]} == {"FA-2026-102", "FA-2026-103", "42/2"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"fec": {**FEC, "siren": "552100555"}}, "[fec] siren: found '552100555'"),
        ({"fec": {**FEC, "accounts": {"411000": "AR"}}}, "[fec.accounts]: no number for 411000"),
    ],
)
def test_what_the_norm_does_not_allow_is_said(
    settings: config.Settings, changed: dict[str, Any], said: str
) -> None:
    with (
        ledger.open(settings.ledger) as book,
        pytest.raises(UsageError, match=re.escape(said)),
    ):
        fec(book, dataclasses.replace(settings, **changed), "EUR", YEAR)


def test_foreign_amounts_need_their_value(two_nights: config.Settings) -> None:
    settings = dataclasses.replace(two_nights, fec=FEC)
    with (
        ledger.open(settings.ledger) as book,
        pytest.raises(UsageError, match=r"without an amount in EUR: .* in CHF"),
    ):
        fec(book, settings, "EUR", YEAR)


def test_a_year_is_handed_over_as_a_batch_and_again_byte_for_byte(
    settings: config.Settings, tmp_path: Path
) -> None:
    """A year that goes on is a second file of the whole year; the first one stays as it was."""

    def hand_over() -> int | None:
        with ledger.open(settings.ledger) as book:
            return batches.new(
                book, "fec 2026-12-31", "anna", fec_batch(book, settings, "EUR", YEAR)
            )

    def again(batch: int) -> bytes:
        with ledger.open(settings.ledger) as book:
            batches.write(book, "fec 2026-12-31", batch, tmp_path / "out")
        return (tmp_path / "out" / GOLDEN.name).read_bytes()

    assert (hand_over(), hand_over()) == (1, None)
    first = again(1)
    corrections.unapply(settings, "FA-2026-104", "anna", "for another invoice")
    assert (hand_over(), again(1)) == (2, first)
    assert len(again(2).splitlines()) == len(first.splitlines()) + 2
    with ledger.open(settings.ledger) as book:
        assert [check.invariant for check in verify(book) if check.violations] == []
