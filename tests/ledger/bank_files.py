"""Bank files made of a few numbers, and what the ledger says of them."""

import zlib
from pathlib import Path

import polars as pl

from pipeline import config, ledger, steps
from pipeline.ledger.export import export
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify
from tests.prepared import prepared

IBAN = "DE16370501980000001000"


BANKS = f"no,name,currency,iban,account_id,active_from\nB,Bank,EUR,{IBAN},37/1,2020-01-01\n"


def fresh(folder: Path, banks: str = BANKS) -> config.Settings:
    """Settings of a SQLite ledger in ``folder`` with these bank accounts and nothing else."""

    def fill(url: str) -> None:
        ledger.init(url)
        accounts(config.read(None, url), folder, banks)

    url = f"sqlite:///{folder}/ledger.db"
    prepared(url, f"banks_{zlib.crc32(banks.encode())}", fill)
    return config.read(None, url)


def accounts(settings: config.Settings, folder: Path, rows: str) -> None:
    file = folder / "banks.csv"
    file.write_text(rows)
    with ledger.open(settings.ledger) as book:
        load(book, "bank-accounts", file, settings, actor="tester")


def mt940(
    number: str,
    day: str,
    opening: int,
    *cents: int,
    account: str = IBAN,
    marks: tuple[str, str] = ("60F", "62F"),
    closing: int | None = None,
    currency: str = "EUR",
) -> str:
    def money(value: int) -> str:
        return f"{abs(value) // 100},{abs(value) % 100:02d}"

    lines = "".join(
        f":61:{day}{day[2:]}{'C' if value >= 0 else 'D'}{money(value)}NTRFNONREF//R{day}{place}\n"
        for place, value in enumerate(cents)
    )
    end = opening + sum(cents) if closing is None else closing
    return (
        f":20:T\n:25:{account}\n" + (f":28C:{number}\n" if number else "")
        + f":{marks[0]}:C{day}{currency}{money(opening)}\n{lines}"
        f":{marks[1]}:C{day}{currency}{money(end)}\n-\n"
    )  # fmt: skip


def ofx(day: str, closing: str, *rows: tuple[str, str, str, str]) -> str:
    listed = "".join(
        f"<STMTTRN>\n<TRNTYPE>CREDIT\n<DTPOSTED>{date}\n<TRNAMT>{amount}\n"
        + (f"<FITID>{fitid}\n" if fitid else "")
        + f"<NAME>{name}\n</STMTTRN>\n"
        for date, amount, fitid, name in rows
    )
    return (
        "OFXHEADER:100\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR\n<BANKACCTFROM>"
        f"<BANKID>37\n<ACCTID>1\n</BANKACCTFROM><BANKTRANLIST>\n{listed}</BANKTRANLIST>"
        f"<LEDGERBAL><BALAMT>{closing}\n<DTASOF>{day}\n</LEDGERBAL></STMTRS></STMTTRNRS>"
        "</BANKMSGSRSV1></OFX>\n"
    )


def night(settings: config.Settings, folder: Path, **files: str) -> dict[str, object]:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    receipt = steps.ingest(settings, [folder], "tester")
    with ledger.open(settings.ledger) as book:
        assert [c.invariant for c in verify(book) if c.violations] == []
    return receipt


def statements(settings: config.Settings) -> list[tuple[str, str, str]]:
    found = exported(settings, "statements")
    return found.select("statement_no", "status", "reason").rows()


def exported(settings: config.Settings, kind: str) -> pl.DataFrame:
    with ledger.open(settings.ledger) as book:
        return export(book, kind)
