"""A small company with a bank account, and the bank that writes its statements."""

import datetime as dt
import zlib
from collections.abc import Sequence
from pathlib import Path

from pipeline import config, ledger, steps
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify
from tests.prepared import prepared

IBAN = "DE38500400000123456700"
OFX_ACCOUNT = "091000019/700123"
HEAD = (
    "no,name,currency,iban,account_id,last_statement_no,last_statement_balance,last_statement_date"
)
FOLLOWS = f"HB,Hansebank,EUR,{IBAN},,9,1000.00,2026-03-01"
NEW = f"HB,Hansebank,EUR,{IBAN},,,,"
CARD = f"CARD,Card,EUR,,{OFX_ACCOUNT},,1000.00,2026-03-01"

Line = tuple[int, str]
"""Amount in cents, text."""


def invoice(number: int) -> Line:
    """A receipt that pays invoice ``number`` in full: 100.00 for each."""
    return 10_000, f"Rechnung RE-2026-{number:04}"


def company(url: str, folder: Path, *accounts: str, head: str = HEAD) -> config.Settings:
    """Fresh books: bank accounts as given (else HB, 1,000.00 on 1 March), 30 open invoices."""
    files = {
        "bank-accounts": [head, *(accounts or (FOLLOWS,))],
        "customers": ["no,name", *(f"{n},Kunde {n} GmbH" for n in range(10, 40))],
        "ledger-entries": [
            "party_type,party_no,document_type,document_no,posting_date,currency,amount",
            *(f"customer,{n + 9},invoice,RE-2026-{n:04},2026-02-01,EUR,100.00"
              for n in range(1, 31)),
        ],
    }  # fmt: skip

    def fill(place: str) -> None:
        folder.mkdir(exist_ok=True)
        ledger.init(place)
        with ledger.open(place) as book:
            for kind, rows in files.items():
                file = folder / f"{kind}.csv"
                file.write_text("\n".join(rows) + "\n", "utf-8")
                load(book, kind, file, config.read(None, place, {}), actor="tester")

    prepared(url, f"company_{zlib.crc32(repr(files).encode())}", fill)
    return config.read(None, url, {})


def mt940(
    number: int, day: dt.date, opening: int, lines: Sequence[Line], *,
    closing: int | None = None, page: str = "1", marks: str = "FF",
) -> str:  # fmt: skip
    """A statement of one day that ties, unless ``closing`` says another balance (cents)."""
    ends = opening + sum(amount for amount, _ in lines) if closing is None else closing
    out = [f":20:HB{number}", f":25:{IBAN}", f":28C:{number}/{page}"]
    out.append(f":60{marks[0]}:{_balance(day - dt.timedelta(days=1), opening)}")
    for amount, text in lines:
        sign, value = "D" if amount < 0 else "C", f"{abs(amount) // 100},{abs(amount) % 100:02}"
        out.append(f":61:{day:%y%m%d}{day:%m%d}{sign}{value}NTRFNONREF")
        out.append(f":86:166?00BUCHUNG?20SVWZ+{text}?32Kunde")
    return "\n".join([*out, f":62{marks[1]}:{_balance(day, ends)}", "-"]) + "\n"


def _balance(day: dt.date, amount: int) -> str:
    return f"{'D' if amount < 0 else 'C'}{day:%y%m%d}EUR{abs(amount) // 100},{abs(amount) % 100:02}"


def ofx(days: tuple[dt.date, dt.date], lines: Sequence[tuple[dt.date, int, str]],
        balance: int | None) -> str:  # fmt: skip
    """An OFX 1 file over ``days``; a line's FITID is its text. ``balance`` as of the last day."""
    rows = "".join(
        f"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{day:%Y%m%d}<TRNAMT>{amount / 100:.2f}<FITID>{text}"
        f"<NAME>Kunde<MEMO>{text}</STMTTRN>"
        for day, amount, text in lines
    )
    ledger_balance = (
        ""
        if balance is None
        else f"<LEDGERBAL><BALAMT>{balance / 100:.2f}<DTASOF>{days[1]:%Y%m%d}</LEDGERBAL>"
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\n"
        "COMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n"
        "<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>091000019"
        "<ACCTID>700123<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST>"
        f"<DTSTART>{days[0]:%Y%m%d}<DTEND>{days[1]:%Y%m%d}{rows}</BANKTRANLIST>{ledger_balance}"
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    )


def night(settings: config.Settings, folder: Path, *texts: str) -> steps.Receipt:
    """One nightly run over files with ``texts``."""
    folder.mkdir(exist_ok=True)
    for text in texts:
        (folder / f"{len(list(folder.iterdir())):04}.sta").write_text(text, "utf-8")
    return steps.nightly(settings, [folder], "tester")


def holds(settings: config.Settings) -> None:
    """Every invariant of the books holds."""
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
