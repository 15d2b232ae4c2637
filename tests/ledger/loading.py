"""A small company for the tests of loads: set up once, then a copy of its file for each test."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

from pipeline import config, ledger, steps
from pipeline.demo import samples
from pipeline.domain import money
from pipeline.ledger.export import export
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify

HEADER = "party_type,party_no,document_type,document_no,posting_date,currency,amount"
PARTIES = {
    "bank-accounts": "no,name,currency,iban,last_statement_date,last_statement_balance\n"
    "B,Bank,EUR,DE05370501980000001101,2026-10-31,500.00\n",
    "customers": "no,name,ibans\nC1,Müller GmbH,DE75370501980000001102\nC2,Zwei AG,\n",
    "vendors": "no,name\nV1,Papier\nV2,Strom\n",
}

ENTRIES = (
    f"{HEADER},remaining_amount\n"
    "customer,C1,invoice,R1,2026-10-01,EUR,119.00,100.00\n"
    "customer,C2,invoice,R2,2026-11-05,EUR,50.00,\n"
    "vendor,V1,invoice,R1,2026-10-02,EUR,-238.00,\n"
)


def file(folder: Path, kind: str, text: str) -> Path:
    found = folder / f"{kind}.csv"
    found.write_bytes(text.encode())
    return found


def take(settings: config.Settings, folder: Path, kind: str, text: str, **more: Any) -> dict:
    """Load a file as ``lettrage load`` does; on PostgreSQL the books are verified here."""
    if isinstance(more.get("as_of"), str):
        more["as_of"] = dt.date.fromisoformat(more["as_of"])
    with ledger.open(settings.ledger) as book:
        try:
            return load(book, kind, file(folder, kind, text), settings, actor="tester", **more)
        finally:
            if not book.sqlite:  # files are verified after each test
                assert [c.invariant for c in verify(book) if c.violations] == []


def company(url: str, folder: Path) -> config.Settings:
    """A ledger with a bank account, two customers and two vendors, without entries."""
    settings = config.Settings(ledger=url)
    ledger.init(url)
    with ledger.open(url) as book:
        for kind, text in PARTIES.items():
            load(book, kind, file(folder, kind, text), settings, actor="tester")
    return settings


def taxes(settings: config.Settings, folder: Path, account: str = "1776") -> None:
    """Load 19 % for all entries of the ledger."""
    with ledger.open(settings.ledger) as book:
        found = export(book, "entries").to_dicts()
        rows = ["party_type,party_no,document_type,document_no,instalment,tax_code,rate,"
                "base_amount,tax_amount,tax_account"]  # fmt: skip
        for row in found:
            amount = money.minor(row["amount"], row["currency"])
            tax = money.text(round(amount * 19 / 119), row["currency"])
            base = money.text(amount - round(amount * 19 / 119), row["currency"])
            key = ",".join(str(row[name]) for name in rows[0].split(",")[:5])
            rows.append(f"{key},U19,19,{base},{tax},{account}")
        load(book, "entry-taxes", file(folder, "entry-taxes", "\n".join(rows) + "\n"), settings,
             actor="tester")  # fmt: skip


_SETTLED = (
    "SELECT e.document_no FROM entry e WHERE e.document_type = 'invoice' AND e.party_type ="
    " 'customer' AND e.remaining_amount = 0 AND NOT EXISTS (SELECT 1 FROM application a WHERE"
    " a.entry_id = e.id AND a.unapplies_no IS NOT NULL) ORDER BY e.document_no LIMIT 2"
)


def otherwise(settings: config.Settings, folder: Path) -> None:
    """The ERP has not booked the payment of one document, and another amount of a second one."""
    text = (samples() / "ledger-entries.csv").read_text("utf-8").splitlines()
    head, *rows = [line.split(",") for line in text]
    found = {row[head.index("document_no")]: row for row in rows}
    behind, other = (found[number] for (number,) in stored(settings, _SETTLED))
    for name, value in {"amount": "1.00", "discount_amount": "", "discount_date": ""}.items():
        other[head.index(name)] = value
    whole = [[*row, row[head.index("amount")]] for row in (behind, other)]
    rows = [[*head, "remaining_amount"], *whole]
    file = folder / "ledger-entries.csv"
    file.write_text("\n".join(map(",".join, rows)) + "\n", "utf-8")
    with ledger.open(settings.ledger) as book:
        done = load(book, "ledger-entries", file, settings, actor="tester")
    assert (done["behind"], len(done["problems"])) == (1, 1)


def rates(settings: config.Settings, folder: Path) -> None:
    """Load rates of three currencies, every five days, before and after the sample nights."""
    day, rows = dt.date(2026, 7, 1), ["date,currency,rate"]
    while day < dt.date(2026, 12, 20):
        places = (day.toordinal() // 5) % 7
        base = {"USD": 1080, "CHF": 950, "GBP": 860}
        rows += [f"{day},{code},{(rate + places) / 1000:.3f}" for code, rate in base.items()]
        day += dt.timedelta(days=5)
    with ledger.open(settings.ledger) as book:
        load(book, "rates", file(folder, "rates", "\n".join(rows) + "\n"), settings,
             actor="tester")  # fmt: skip


def copied(template: Path, folder: Path) -> config.Settings:
    shutil.copyfile(template, folder / "ledger.db")
    return config.Settings(ledger=f"sqlite:///{folder}/ledger.db")


def entries(count: int, amount: str = "100.00", *, first: int = 1) -> str:
    rows = [
        f"customer,C1,invoice,R{n},2026-10-01,EUR,{amount}" for n in range(first, first + count)
    ]
    return "\n".join([HEADER, *rows]) + "\n"


def stored(settings: config.Settings, sql: str) -> list[tuple]:
    with ledger.open(settings.ledger) as book:
        return [tuple(row) for row in book.rows(sql)]


def balances(settings: config.Settings) -> dict[str, int]:
    sql = "SELECT gl_account, sum(amount) FROM posting GROUP BY gl_account ORDER BY gl_account"
    return {account: int(amount) for account, amount in stored(settings, sql)}


def mt940(number: str, day: str, opening: str, closing: str, *lines: str) -> str:
    body = "".join(f":61:{line}NMSCNONREF\n:86:Zahlung\n" for line in lines)
    return (
        f":20:X\n:25:DE05370501980000001101\n:28C:{number}/1\n:60F:C{day}EUR{opening}\n{body}"
        f":62F:C{day}EUR{closing}\n-\n"
    )


def night(settings: config.Settings, folder: Path, *texts: str) -> dict:
    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        (inbox / f"{number}.sta").write_text(text)
    return steps.nightly(settings, [inbox], actor="tester")
