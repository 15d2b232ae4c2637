"""Ledgers with many customers who each owe something and have an address."""

import dataclasses
from pathlib import Path

from pipeline import config, deliveries, ledger, statement_runs
from pipeline.ledger.load import load
from pipeline.statements import Choice, Form
from pipeline.steps import quiet
from tests.ledger.letters import DAY
from tests.prepared import prepared

__all__ = ["DAY", "address", "company", "run_by_mail", "with_server"]


def address(number: int) -> str:
    return f"c{number}@customers.example"


def company(url: str, folder: Path, customers: int) -> config.Settings:
    """Books in which each of so many customers has one open invoice."""
    prepared(url, f"posting_house_{customers}", lambda place: _fill(place, folder, customers))
    return config.read(None, url, {})


def _fill(url: str, folder: Path, customers: int) -> None:
    settings = config.read(None, url, {})
    ledger.init(url)
    people, entries = folder / "customers.csv", folder / "entries.csv"
    rows = [f"C{n:05},Customer {n},{99_999 - n % 89_000},email,{address(n)}"
            for n in range(1, customers + 1)]  # fmt: skip
    head = "no,name,postcode,statement_method,email"
    people.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    head = "party_type,party_no,document_type,document_no,posting_date,currency,amount"
    rows = [f"customer,C{n:05},invoice,RE-{n},2026-10-{1 + n % 28:02},EUR,{n}.50"
            for n in range(1, customers + 1)]  # fmt: skip
    entries.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    with ledger.open(url) as book:
        load(book, "customers", people, settings, actor="tester")
        load(book, "ledger-entries", entries, settings, actor="tester")


def with_server(settings: config.Settings, port: int, **mail: object) -> config.Settings:
    """Settings that send to a server on loopback; what went silent is unknown at once."""
    own = {
        "host": "127.0.0.1", "port": port, "security": "none", "timeout_seconds": 5,
        "sender": "Hansen Werkzeuge <ar@hansen.example>", "unknown_after_minutes": 0,
    }  # fmt: skip
    company_name = {**settings.company, "name": "Hansen Werkzeuge GmbH"}
    return dataclasses.replace(
        settings, mail={**settings.mail, **own, **mail}, company=company_name
    )


def run_by_mail(settings: config.Settings) -> int:
    """A run that is composed and approved; its number."""
    done = statement_runs.compose(settings, DAY, Form(), Choice(), "email", "anna", quiet)
    statement_runs.approve(settings, done["run"], "anna")
    return int(done["run"])


def states(settings: config.Settings, run: int) -> dict[str, int]:
    """How many deliveries are in each state, by method."""
    found: dict[str, int] = {}
    for row in deliveries.listed(settings, run, None):
        key = f"{row[5]} {row[6]}"
        found[key] = found.get(key, 0) + 1
    return found
