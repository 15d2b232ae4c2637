"""Writes a world: books for ``lettrage load``, bank files, and the truth beside them."""

from pathlib import Path

import polars as pl

from benchmarks.worlds import mt940, ofx
from benchmarks.worlds.books import HISTORY, JUDGED, OPENING, Books
from benchmarks.worlds.dialects import DIALECTS
from benchmarks.worlds.setting import Bank
from benchmarks.worlds.story import Entry, Line, Part, Party
from benchmarks.worlds.world import World

LINES = {"line_ref": pl.String, "bank_account_no": pl.String, "booking_date": pl.Date,
         "amount": pl.Int64, "currency": pl.String, "situation": pl.String,
         "decidable": pl.Boolean, "why": pl.String}  # fmt: skip
PARTS = {"line_ref": pl.String, "target": pl.String, "party_type": pl.String,
         "party_no": pl.String, "document_no": pl.String, "applied_amount": pl.Int64,
         "discount_amount": pl.Int64, "difference_amount": pl.Int64,
         "gl_account": pl.String}  # fmt: skip
_BALANCE = 25_000_000  # minor units on each account at the opening


def write_world(world: World, folder: Path) -> None:
    """Everything about a world, in the folders that the package's docstring names."""
    for name in ("books", "history", "feeds"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    _books(world.books, folder / "books")
    setting = world.setting
    (folder / "lettrage.toml").write_text(
        f'[company]\nname = "{setting.company}"\ncurrency = "{setting.currency}"\n'
        f'[policy]\ntolerance = {{ {setting.currency} = "{setting.tolerance}" }}\n', "utf-8",
    )  # fmt: skip
    for place, bank in enumerate(setting.banks):
        own = [line for line in world.lines if line.bank == place]
        _files(bank, setting.currency, own, folder)
    _truth(world, [line for line in world.lines if not line.history], folder)


def _files(bank: Bank, currency: str, lines: list[Line], folder: Path) -> None:
    balance, number = _BALANCE, 100
    for day in (*HISTORY, *JUDGED):
        if not (own := [line for line in lines if line.day == day]):
            continue
        target = folder / ("history" if day in HISTORY else "feeds") / f"{bank.no}-{day}"
        number += 1
        closing = balance + sum(line.amount for line in own)
        if bank.dialect.startswith("ofx"):
            text = ofx.document(
                bank, currency, (day, day), closing, own, xml=bank.dialect == "ofx2"
            )
            suffix = ".ofx"
        else:
            dialect = DIALECTS[bank.dialect]
            rows = mt940.statement(bank, currency, day, number, balance, own, dialect)
            text, suffix = "\r\n".join(rows) + "\r\n", ".sta"
        target.with_name(target.name + suffix).write_bytes(text.encode(bank.encoding, "replace"))
        balance = closing


def _books(books: Books, folder: Path) -> None:
    for side in ("customer", "vendor"):
        parties = [party for party in books.parties if party.side == side]
        _csv([_party(party, books) for party in parties], folder / f"{side}s.csv")
    currency = books.setting.currency
    _csv([{"no": bank.no, "name": bank.name, "currency": currency, "iban": bank.own_iban(),
           "account_id": bank.account_id, "last_statement_no": "100",
           "last_statement_balance": _decimal(_BALANCE), "last_statement_date": str(OPENING)}
          for bank in books.setting.banks], folder / "bank-accounts.csv")  # fmt: skip
    _csv([_entry(entry) for entry in books.entries], folder / "ledger-entries.csv")
    _csv([{"bank_account_no": entry.bank, "entry_no": entry.no, "posting_date": str(entry.posted),
           "amount": _decimal(entry.amount), "entry_type": entry.kind, "document_no": entry.no,
           "check_no": entry.check_no, "description": entry.description,
           "party_type": entry.party.side if entry.party else "",
           "party_no": entry.party.no if entry.party else "", "batch_no": entry.batch,
           "end_to_end_id": entry.end_to_end, "status": entry.status}
          for entry in books.bank_entries], folder / "bank-entries.csv")  # fmt: skip


def _party(party: Party, books: Books) -> dict[str, str]:
    setting = books.setting
    return {
        "no": party.no, "name": party.name, "address": party.street, "postcode": party.postcode,
        "city": party.city, "country": setting.country, "language": setting.language,
        "currency": setting.currency, "ibans": ";".join(party.known_accounts),
        "aliases": ";".join(party.aliases),
    }  # fmt: skip


def _entry(entry: Entry) -> dict[str, str]:
    discount = bool(entry.discount)
    return {
        "party_type": entry.party.side, "party_no": entry.party.no, "document_type": entry.kind,
        "document_no": entry.no, "posting_date": str(entry.posted), "currency": entry.currency,
        "amount": _decimal(entry.amount), "due_date": str(entry.due),
        "external_document_no": entry.external, "payment_reference": entry.reference,
        "discount_date": str(entry.discount_date) if discount else "",
        "discount_amount": _decimal(entry.discount) if discount else "",
        "discount_tolerance_date": str(entry.grace_date) if discount and entry.grace_date else "",
        "on_hold": "true" if entry.on_hold else "", "mandate_id": entry.mandate,
    }  # fmt: skip


def _decimal(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"


def _csv(rows: list[dict[str, str]], file: Path) -> None:
    """In the order of the numbers, which is not the order of the stories."""
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String) if rows else None)
    frame.sort(frame.columns).write_csv(file)


def _truth(world: World, lines: list[Line], folder: Path) -> None:
    banks, currency = world.setting.banks, world.setting.currency
    told = [
        (line.ref, banks[line.bank].no, line.day, line.amount, currency, line.situation,
         line.decidable, line.why)
        for line in lines
    ]  # fmt: skip
    rows = [(line.ref, *_part(part)) for line in lines for part in line.parts]
    pl.DataFrame(told, LINES, orient="row").sort("line_ref").write_parquet(
        folder / "truth_lines.parquet"
    )
    frame = pl.DataFrame(rows, PARTS, orient="row")
    frame.sort(frame.columns).write_parquet(folder / "truth_parts.parquet")


def _part(part: Part) -> tuple[str, str, str, str, int, int, int, str]:
    amounts = (part.applied, part.discount, part.difference)
    if part.entry:
        party = part.entry.party
        return (part.target, party.side, party.no, part.entry.no, *amounts, "")
    if part.bank_entry:
        return (part.target, "bank", part.bank_entry.bank, part.bank_entry.no, *amounts, "")
    if part.party:
        return (part.target, part.party.side, part.party.no, "", *amounts, "")
    return (part.target, "gl", "", "", *amounts, part.account)
