"""Taxes, rates, control totals, bank entries and the chart: stored, compared, refused by row."""

from pathlib import Path

import pytest

from pipeline import cli, config, ledger
from pipeline.domain.errors import LoadError, UsageError
from tests.ledger import loading
from tests.ledger.loading import ENTRIES, HEADER, file, stored, take

TAXES = (
    "party_type,party_no,document_type,document_no,tax_code,rate,base_amount,tax_amount,"
    "tax_account\n"
)


def test_the_split_of_an_entry_over_its_tax_codes_is_stored_and_replaced(
    company: config.Settings, tmp_path: Path
) -> None:
    take(company, tmp_path, "ledger-entries", ENTRIES)
    vendor = (
        "vendor,V1,invoice,R1,S7,7.0,100.00,7.00,1571\nvendor,V1,invoice,R1,S19,19,110.08,20.92"
    )
    text = f"{TAXES}customer,C1,invoice,R1,U19,19,100.00,19.00,1776\n{vendor},1576\n"
    assert take(company, tmp_path, "entry-taxes", text)["changed"] == 3
    sql = (
        "SELECT e.party_no, t.tax_code, t.rate, t.base_amount, t.tax_amount, t.tax_account"
        " FROM entry_tax t JOIN entry e ON e.id = t.entry_id ORDER BY 1, 2"
    )
    split = [
        ("C1", "U19", "19", 10000, 1900, "1776"),
        ("V1", "S19", "19", -11008, -2092, "1576"),  # the sign of the entry
        ("V1", "S7", "7.0", -10000, -700, "1571"),
    ]
    assert stored(company, sql) == split
    assert take(company, tmp_path, "entry-taxes", text)["changed"] == 0
    again = f"{TAXES}customer,C1,invoice,R1,U7,7,100.00,7.00,1771\n"
    done = take(company, tmp_path, "entry-taxes", again)
    assert "row 2: base_amount: found '107.00', expected" in done["warnings"][0]
    assert stored(company, sql) == [("C1", "U7", "7", 10000, 700, "1771"), *split[1:]]


def test_tax_rows_without_an_entry_or_beyond_its_amount_are_refused_together(
    company: config.Settings, tmp_path: Path
) -> None:
    take(company, tmp_path, "ledger-entries", ENTRIES)
    text = (
        f"{TAXES}customer,C1,invoice,R1,U19,19,100.00,19.01,\n"
        "customer,C1,invoice,R9,U19,19,100.00,19.00,\n"
        "customer,C2,invoice,R2,U19,-19,1.00,many,\n"
    )
    with pytest.raises(LoadError) as refused:
        take(company, tmp_path, "entry-taxes", text)
    said = str(refused.value)
    for expected in (
        "row 2: base_amount: found '119.01', expected base and tax of its entry together at most",
        "row 3: document_no: found 'R9', expected an entry that is loaded",
        "row 4: rate: found '-19', expected a rate from 0",
        "row 4: tax_amount: found 'many', expected a decimal",
    ):
        assert expected in said
    assert stored(company, "SELECT count(*) FROM entry_tax") == [(0,)]


OWN = "date,currency,rate\n2026-11-24,USD,1.0850\n2026-11-24,CHF,0.93\n"
HISTORY = "Date,USD,CHF,CYP,\n2026-11-24,1.0850,0.93,N/A,\n"
DAILY = "Date, USD, CHF, \n24 November 2026, 1.0850, 0.93, \n"
XML = (
    '<?xml version="1.0" encoding="UTF-8"?><gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/'
    'xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><Cube>'
    '<Cube time="2026-11-24"><Cube currency="USD" rate="1.0850"/><Cube currency="CHF" rate="0.93"/>'
    "</Cube></Cube></gesmes:Envelope>"
)


@pytest.mark.parametrize("text", [OWN, HISTORY, DAILY, XML])
def test_rates_are_taken_from_our_columns_and_from_the_files_of_the_ecb(
    company: config.Settings, tmp_path: Path, text: str
) -> None:
    assert take(company, tmp_path, "rates", text)["new"] == 2
    rates = [("2026-11-24", "CHF", "0.93"), ("2026-11-24", "USD", "1.085")]
    assert stored(company, "SELECT date, currency, rate FROM rate ORDER BY 2") == rates
    assert take(company, tmp_path, "rates", OWN) == {"rows": 2, "new": 0, "changed": 0}


def test_rates_that_are_none_and_rates_of_the_ecb_for_books_in_francs_are_refused(
    company: config.Settings, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.raises(LoadError) as refused:
        take(company, tmp_path, "rates", f"{OWN}2026-11-24,JPY,0\n2026-11-24,EUR,1.1\n,NOK,x\n")
    for expected in ("row 4: rate: found '0', expected a rate above 0",
                     "row 5: rate: found '1.1', expected 1", "row 6: date: found ''",
                     "row 6: rate: found 'x'"):  # fmt: skip
        assert expected in str(refused.value)
    francs = config.Settings(
        ledger=f"sqlite:///{tmp_path_factory.mktemp('chf')}/ledger.db",
        company={"name": "", "currency": "CHF", "cutover": ""},
    )
    ledger.init(francs.ledger)
    with pytest.raises(LoadError, match="the company's currency is CHF"):
        take(francs, tmp_path, "rates", XML)
    assert take(francs, tmp_path, "rates", OWN.replace("CHF,0.93", "CHF,1"))["new"] == 2


def test_control_totals_prove_receivables_payables_and_bank_or_name_the_difference(
    company: config.Settings, tmp_path: Path
) -> None:
    take(company, tmp_path, "ledger-entries", ENTRIES)
    bank_entries = "bank_account_no,entry_no,posting_date,amount,entry_type\n"
    take(company, tmp_path, "bank-entries", f"{bank_entries}B,1,2026-10-30,-40.00,check\n")
    head = "account,currency,balance,date\n"
    text = (
        f"{head}AR,EUR,100.00,2026-10-31\nAR,EUR,150.00,2026-11-30\nAP,EUR,-238.00,2026-10-31\n"
        "BANK-B,EUR,460.00,2026-10-31\n4711,EUR,9.00,2026-10-31\n"
    )
    done = take(company, tmp_path, "control-totals", text)
    assert (done["proved"], done["not_compared"], done["problems"]) == (4, 1, [])
    assert stored(company, "SELECT count(*) FROM control_total") == [(5,)]
    wrong = file(tmp_path, "totals", f"{head}AR,EUR,120.00,2026-10-31\n")
    call = ["--ledger", company.ledger, "load", "control-totals", str(wrong)]
    assert cli.main(call) == 1
    done = take(company, tmp_path, "control-totals", wrong.read_text())
    assert done["problems"] == [
        "control-totals.csv: AR EUR 2026-10-31: found 100.00 in the ledger, expected 120.00,"
        " difference -20.00"
    ]
    assert done["not_proved"] == ["AP EUR", "BANK-B EUR"]


def test_a_bank_entry_is_stopped_by_its_source_and_a_changed_amount_is_a_conflict(
    company: config.Settings, tmp_path: Path
) -> None:
    head = "bank_account_no,entry_no,posting_date,amount,entry_type,status\n"
    text = f"{head}B,1,2026-10-30,-40.00,check,\nB,2,2026-10-30,-50.00,check,\n"
    take(company, tmp_path, "bank-entries", text)
    changed = text.replace("check,\n", "check,stopped\n", 1).replace("50.00", "55.00")
    done = take(company, tmp_path, "bank-entries", changed)
    assert done["problems"] == [
        "bank-entries.csv, row 3: bank entry B 2: source_conflict: another amount than when it"
        " was loaded"
    ]
    sql = "SELECT amount, status FROM bank_entry ORDER BY entry_no"
    assert stored(company, sql) == [(-4000, "stopped"), (-5000, "source_conflict")]
    take(company, tmp_path, "bank-entries", text.replace("check,\n", "check,open\n", 1))
    assert stored(company, sql) == [(-4000, "open"), (-5000, "open")]
    with pytest.raises(LoadError) as refused:
        take(company, tmp_path, "bank-entries", f"{head}Z,1,2026-10-30,1.00,wire,\n")
    assert "row 2: bank_account_no: found 'Z'" in str(refused.value)
    assert "row 2: entry_type: found 'wire'" in str(refused.value)


def test_a_chart_that_is_loaded_is_the_chart(company: config.Settings, tmp_path: Path) -> None:
    take(company, tmp_path, "gl-accounts", "no,name,kind\nAR,Debitoren,asset\nOPENING,EB,\n")
    text = f"{HEADER},control_account\ncustomer,C1,invoice,R1,2026-10-01,EUR,1.00,1400\n"
    with pytest.raises(
        LoadError, match="row 2: control_account: found '1400', expected an account"
    ):
        take(company, tmp_path, "ledger-entries", text)
    with pytest.raises(LoadError, match="row 2: kind: found 'cash', expected one of asset"):
        take(company, tmp_path, "gl-accounts", "no,name,kind\n1,Kasse,cash\n")
    take(company, tmp_path, "ledger-entries", text.replace("1400", "AR"))
    with pytest.raises(UsageError, match="XML"):
        take(company, tmp_path, "rates", "<!DOCTYPE x><x/>")


def test_every_kind_is_stored_alike_on_both_databases(url: str, tmp_path: Path) -> None:
    settings = loading.company(url, tmp_path)
    take(settings, tmp_path, "ledger-entries", ENTRIES)
    head = "bank_account_no,entry_no,posting_date,amount,entry_type,status\n"
    take(settings, tmp_path, "bank-entries", f"{head}B,1,2026-10-30,-40.00,check,\n")
    take(settings, tmp_path, "bank-entries", f"{head}B,1,2026-10-30,-40.00,check,stopped\n")
    taxes = f"{TAXES}customer,C1,invoice,R1,U19,19,100.00,19.00,1776\n"
    assert [take(settings, tmp_path, "entry-taxes", taxes)["changed"] for _ in "12"] == [1, 0]
    assert [take(settings, tmp_path, "rates", OWN)["new"] for _ in "12"] == [2, 0]
    totals = "account,currency,balance,date\nBANK-B,EUR,460.00,2026-10-31\n"
    for _ in "12":
        assert take(settings, tmp_path, "control-totals", totals)["proved"] == 1
    part = ENTRIES.replace("119.00,100.00", "119.00,30.00").replace("50.00,", "51.00,")
    done = take(settings, tmp_path, "ledger-entries", part, as_of="2026-11-09")
    assert done["settled"] == ["customer C1 invoice R1: 70.00 EUR"]
    assert len(done["problems"]) == 1
    take(settings, tmp_path, "ledger-entries", part, as_of="2026-11-09")
    sql = "SELECT party_no, remaining_amount, on_hold FROM entry ORDER BY 1"
    assert stored(settings, sql) == [
        ("C1", 3000, ""), ("C2", 5000, "source_conflict"), ("V1", -23800, "")
    ]  # fmt: skip
    assert stored(settings, "SELECT status FROM bank_entry") == [("stopped",)]
    counted = (
        "SELECT (SELECT count(*) FROM {}), (SELECT count(*) FROM {}), (SELECT count(*) FROM {})"
    )
    tables = ("entry_tax", "rate", "control_total")
    assert stored(settings, counted.format(*tables)) == [(1, 2, 1)]
