"""What a load changes of master data is kept: who, when, which file, and what stood before."""

import hashlib
from pathlib import Path

import pytest

from pipeline import cli, config, ledger
from pipeline.domain.errors import LedgerError
from pipeline.ledger.export import export
from tests.ledger.loading import HEADER, company, take

OLD, NEW = "DE75370501980000001102", "DE42120300000011223344"


@pytest.fixture
def settings(url: str, tmp_path: Path) -> config.Settings:
    """A vendor with an account and an open invoice."""
    found = company(url, tmp_path)
    vendors = f"no,name,ibans,email,payment_terms\nV1,Papier,{OLD},a@papier.example,30 days\n"
    take(found, tmp_path, "vendors", vendors)
    invoice = f"{HEADER}\nvendor,V1,invoice,R7,2026-11-01,EUR,-10.00\n"
    take(found, tmp_path, "ledger-entries", invoice)
    return found


def changes(settings: config.Settings, number: str) -> list[tuple[str, ...]]:
    with ledger.open(settings.ledger) as book:
        found = export(book, "master-changes")
    return found.filter(no=number).select("kind", "field", "old_value", "new_value").rows()


def test_an_account_that_changes_between_two_payments_is_seen_beside_the_invoice(
    settings: config.Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = len(changes(settings, "V1"))
    text = f"no,name,ibans,email,payment_terms\nV1,Papier GmbH,{OLD};{NEW},b@papier.example,\n"
    for _ in range(2):  # the same file again changes nothing
        take(settings, tmp_path, "vendors", text)
    assert changes(settings, "V1")[before:] == [
        ("vendor", "email", "a@papier.example", "b@papier.example"),
        ("vendor", "ibans", OLD, f"{NEW};{OLD}"),
        ("vendor", "name", "Papier", "Papier GmbH"),
        ("vendor", "payment_terms", "30 days", ""),
    ]
    for ref in ("R7", "vendor/V1"):
        assert cli.main(["--ledger", settings.ledger, "trace", ref]) == 0
        said = capsys.readouterr().out
        assert "Changed master data" in said
        assert f"{NEW};{OLD}" in said
        assert "tester" in said
        assert hashlib.sha256(text.encode()).hexdigest()[:12] in said


def test_a_new_party_and_a_new_account_are_kept_with_who_brought_them(
    settings: config.Settings, tmp_path: Path
) -> None:
    assert ("vendor", "no", "", "V2") in changes(settings, "V2")
    take(settings, tmp_path, "gl-accounts", "no,name,kind\n4980,Rent,expense\n")
    take(settings, tmp_path, "gl-accounts", "no,name,kind\n4980,Office,expense\n")
    assert changes(settings, "4980") == [
        ("gl_account", "no", "", "4980"), ("gl_account", "name", "Rent", "Office"),
    ]  # fmt: skip
    iban = "no,name,currency,iban\nB,Bank,EUR,DE16370501980000001000\n"
    take(settings, tmp_path, "bank-accounts", iban)
    assert ("bank_account", "iban", "DE05370501980000001101", "DE16370501980000001000") in changes(
        settings, "B"
    )


def test_what_stood_may_be_erased_and_not_said_otherwise(settings: config.Settings) -> None:
    with ledger.open(settings.ledger) as book:
        with pytest.raises(LedgerError, match="append_only"), book.transaction() as writer:
            writer.exec_driver_sql("UPDATE master_change SET old_value = 'DE1'")
        with book.transaction() as writer:
            writer.exec_driver_sql("UPDATE master_change SET old_value = '', new_value = ''")
    assert {row[2:] for row in changes(settings, "V1")} == {("", "")}
