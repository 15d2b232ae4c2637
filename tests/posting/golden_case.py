"""A golden file: what books and bank hold, what is done, what must stand in the ledger.

Fenced blocks carry the parts: ``csv KIND`` is loaded, ``toml`` joins the settings,
``company`` names its currency, ``mt940 ACCOUNT`` has the lines of one statement, ``sh`` the
commands, ``late KIND`` a file that they load. Below *Then* stands what the ledger holds.
"""

import csv
import dataclasses
import hashlib
import re
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline import cli, config, ledger
from pipeline.domain import money
from pipeline.ledger.export import export
from tests.prepared import prepared

FOLDER = Path(__file__).parent / "golden"
THEN = "\n## Then\n"
_BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SETTINGS = '[company]\nname = "Hansen Werkzeuge GmbH"\ncurrency = "EUR"\n'
_BANKS = {"BANK": "DE38500400000123456700", "BANK-2": "FR1420041010050500013M02606"}
_BOOKS = {
    "bank-accounts": "no,name,currency,iban,gl_account,last_statement_balance,last_statement_date\n"
    + "".join(f"{no},{no},EUR,{iban},{no},0.00,2026-10-28\n" for no, iban in _BANKS.items()),
    "customers": "no,name,ibans\nC1,Nordlicht Moebel GmbH,DE05370501980000001101\n",
    "vendors": "no,name,ibans\nV1,Papier Union GmbH,DE33200400600123456001\n",
}
Row = dict[str, Any]


def play(story: str, settings: config.Settings, folder: Path) -> None:
    """Run the commands of a story; each of them succeeds."""
    said = "".join(text for kind, _, text in _BLOCK.findall(story) if kind == "sh")
    for command in said.splitlines():
        words = command.removeprefix("lettrage ").replace("inbox", str(folder / "inbox"))
        words = words.replace("later/", f"{folder}/later/")
        _run(settings, folder / "lettrage.toml", *words.split())


def given(story: str, url: str, folder: Path, *, gap: bool = False) -> config.Settings:
    """Settings of a ledger with the books of a story; the bank's files lie in ``inbox``.

    With a ``gap`` the statements do not follow the last known balance: they post and stay open.
    """
    settings, books = _written(story, url, folder, gap=gap)
    _books(books, settings, folder / "lettrage.toml")
    return settings


def played(name: str, url: str, folder: Path) -> config.Settings:
    """As ``given``, and the commands of the golden file of that name have run: once a session."""
    story = (FOLDER / f"{name}.md").read_text("utf-8").partition(THEN)[0]

    def make(place: str) -> None:
        with TemporaryDirectory() as made:
            play(story, given(story, place, Path(made)), Path(made))

    prepared(url, f"played_{name.replace('-', '_')}", make)
    return _written(story, url, folder, gap=False)[0]


def _written(
    story: str, url: str, folder: Path, *, gap: bool
) -> tuple[config.Settings, dict[str, str]]:
    """The files of a story in its folder: its settings, and what is to be loaded."""
    blocks = _BLOCK.findall(story)
    toml = folder / "lettrage.toml"
    company = _SETTINGS.replace("EUR", next((n for k, n, _ in blocks if k == "company"), "EUR"))
    toml.write_text(company + "".join(text for kind, _, text in blocks if kind == "toml"))
    settings = config.read(toml, url)
    books = _BOOKS | {name: text for kind, name, text in blocks if kind == "csv"}
    for kind, name, text in blocks:
        if kind == "late":
            (folder / "later").mkdir(exist_ok=True)
            (folder / "later" / f"{name}.csv").write_text(text, "utf-8")
    inbox = folder / "inbox"
    inbox.mkdir()
    rows = csv.DictReader(books["bank-accounts"].splitlines())
    accounts = {row["no"]: (row["iban"], row["currency"]) for row in rows}
    for kind, account, text in blocks:
        if kind == "mt940":
            (inbox / f"{account}.sta").write_text(
                _statement(*accounts[account], text, 100 if gap else 0), "ascii"
            )
    return settings, books


def _books(books: dict[str, str], settings: config.Settings, toml: Path) -> None:
    """Put the books into a new ledger; what most stories have is loaded once a session."""
    usual = _BOOKS if books | _BOOKS == books else {}

    def begin(place: str) -> None:
        ledger.init(place)
        _load(usual, dataclasses.replace(settings, ledger=place), toml)

    if usual:
        under = hashlib.sha256(toml.read_bytes()).hexdigest()[:16]
        prepared(settings.ledger, f"story_{under}", begin)
    else:
        prepared(settings.ledger, "new", ledger.init)
    _load({kind: books[kind] for kind in books if kind not in usual}, settings, toml)


def _load(books: dict[str, str], settings: config.Settings, toml: Path) -> None:
    for kind, text in books.items():
        file = toml.parent / f"{kind}.csv"
        file.write_text(text, "utf-8")
        _run(settings, toml, "load", kind, str(file))


def _run(settings: config.Settings, toml: Path, *words: str) -> None:
    options = ["--ledger", settings.ledger, "--config", str(toml), "--user", "anna"]
    assert cli.main([*options, *words]) == 0, words


def _statement(iban: str, currency: str, lines: str, opening: int) -> str:
    """An MT940 statement that opens at so many cents and closes on them and its lines."""
    signed = [
        (-1 if sign == "D" else 1) * int(amount.replace(",", ""))
        for sign, amount in re.findall(r"^:61:\d{10}([CD])(\d+,\d\d)", lines, re.MULTILINE)
    ]
    day = re.findall(r"^:61:(\d{6})", lines, re.MULTILINE)[-1]
    total = opening + sum(signed)
    closing = f"{'D' if total < 0 else 'C'}{day}{currency}{abs(total) // 100},{abs(total) % 100:02}"
    head = f":20:G1\n:25:{iban}\n:28C:1/1\n"
    first = f":60F:C261028{currency}{opening // 100},{opening % 100:02}\n"
    return f"{head}{first}{lines}:62F:{closing}\n-\n"


def told(settings: config.Settings) -> str:
    """Journal, applications, what remains and what waits, as text that an accountant reads."""
    with ledger.open(settings.ledger) as book:
        code = settings.company["currency"]
        found = {kind: export(book, kind, company_currency=code).to_dicts() for kind in
                 ("gl", "applications", "entries", "bank-entries", "lines")}  # fmt: skip
    parts = {
        "Journal": _journal(found["gl"]),
        "Applications": _applications(found["applications"]),
        "Open": _open(found["entries"], found["bank-entries"]),
        "Lines": _lines(found["lines"]),
    }
    return "".join(f"\n{name}\n\n```\n{text}```\n" for name, text in parts.items())


def _journal(rows: list[Row]) -> str:
    """Amounts, and beside them what they are worth where some are in another currency."""
    out = []
    foreign = any(row["amount"] != row["amount_company"] for row in rows)
    for (day, kind, account, line), group in groupby(rows, _of_journal):
        out.append(f"{day} {kind}" + (f" {account}/{line}" if line else ""))
        for row in group:
            debit = not row["amount"].startswith("-")
            amount = row["amount"].removeprefix("-")
            party = f"  {row['party_no']}" if row["party_no"] else ""
            columns = f"{amount:>12}{'':12}" if debit else f"{'':12}{amount:>12}"
            if foreign:
                columns += f"  {row['currency']}{row['amount_company'] or '-':>12}"
                columns += "  no rate" * (row["rate_missing"] == "true")
            out.append(f"  {row['gl_account']:<20}{columns}{party}".rstrip())
    return "\n".join(out) + "\n"


def _of_journal(row: Row) -> tuple[Any, ...]:
    of_line = (row["bank_account_no"], row["line_no"]) if row["line_no"] else ("", None)
    return row["posting_date"], row["kind"], *of_line


def _applications(rows: list[Row]) -> str:
    names = ("applied_amount", "discount_amount", "difference_amount", "entry_amount")
    heads = ("applied", "discount", "difference", "of the entry")
    if any(row["fx_amount_company"] for row in rows):
        names, heads = (*names, "fx_amount_company"), (*heads, "fx")
    out = [f"{'line':<10}{'settles':<24}" + "".join(f"{head:>13}" for head in heads)]
    for row in rows:
        kind_of = row["document_type"] or row["party_type"]
        what = row["gl_account"] or f"{kind_of} {row['document_no']}"
        what = what if row["document_no"] or row["gl_account"] else f"on account {row['party_no']}"
        place = f"{row['bank_account_no']}/{row['line_no']}"
        amounts = "".join(f"{row[name] or '':>13}" for name in names)
        kind = f"  {row['difference_kind']}" if row["difference_kind"] else ""
        undone = "  reversed" if row["status"] == "reversed" else ""
        out.append(f"{place:<10}{what:<24}{amounts}{kind}{undone}".rstrip())
    return "\n".join(out) + "\n"


def _open(entries: list[Row], bank_entries: list[Row]) -> str:
    out = []
    for row in entries:
        number = row["document_no"]
        number = "of the line" if number.startswith("LINE/") else number
        what = f"{row['party_no']} {row['document_type']} {number}"
        out.append(f"{what:<32}{row['amount']:>12} remains {row['remaining_amount']:>10}")
    for row in bank_entries:
        what = f"{row['bank_account_no']} {row['entry_type']} {row['entry_no']}"
        out.append(f"{what:<32}{row['amount']:>12} {row['status']}")
    return "\n".join(out) + "\n"


def _lines(rows: list[Row]) -> str:
    out = []
    for row in rows:
        place = f"{row['bank_account_no']}/{row['line_no']}"
        reason = f" {row['reason']}" if row["reason"] else ""
        left = row["unapplied_amount"]
        out.append(f"{place:<10}{row['amount']:>12} {row['status']}, unapplied {left}{reason}")
    return "\n".join(out) + "\n"


def minor(text: str) -> int:
    """Minor units of an exported amount in euros."""
    return money.minor(text, "EUR")
