"""Taxes, rates and control totals; the company's currency; the books begin at the cut-over."""

from pathlib import Path

import pytest

from pipeline import cli, config, ledger, steps
from pipeline.domain.errors import LoadError, UsageError
from pipeline.ledger import company as decisions
from tests.ledger.loading import HEADER, balances, entries, file, stored, take

TAXES = (
    "party_type,party_no,document_type,document_no,tax_code,rate,base_amount,tax_amount,"
    "tax_account\n"
)
ENTRIES = (
    f"{HEADER},remaining_amount\n"
    "customer,C1,invoice,R1,2026-10-01,EUR,119.00,100.00\n"
    "customer,C2,invoice,R2,2026-11-05,EUR,50.00,\n"
    "vendor,V1,invoice,R1,2026-10-02,EUR,-238.00,\n"
)


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


BANKS = "no,name,currency,last_statement_balance,last_statement_date\n"


@pytest.mark.parametrize(
    ("banks", "customers", "currency"),
    [
        (("A,CHF", "B,EUR", "C,EUR"), ("CHF", "CHF"), "EUR"),  # most bank accounts
        (("A,CHF", "B,EUR"), ("EUR", "EUR", "CHF"), "EUR"),  # on a tie most parties
        (("B,EUR", "A,CHF"), ("EUR", "CHF"), "CHF"),  # then the first bank account's
    ],
)
def test_the_company_currency_is_decided_at_the_first_load_that_posts_and_then_fixed(
    tmp_path: Path, banks: tuple[str, ...], customers: tuple[str, ...], currency: str
) -> None:
    settings = config.Settings(ledger=f"sqlite:///{tmp_path}/ledger.db")
    ledger.init(settings.ledger)
    rows = [f"{bank[0]},Bank,{bank[2:]},," for bank in banks]
    named = [f"C{n},Kunde,{code}" for n, code in enumerate(customers, 1)]
    take(settings, tmp_path, "customers", "\n".join(["no,name,currency", *named]))
    assert "company_currency" not in take(
        settings, tmp_path, "bank-accounts", BANKS + "\n".join(rows)
    )
    assert stored(settings, "SELECT * FROM meta WHERE key = 'company_currency'") == []
    done = take(settings, tmp_path, "ledger-entries", entries(1))
    assert done["company_currency"].startswith(f"{currency}, the currency of")
    assert "company_currency" not in take(settings, tmp_path, "ledger-entries", entries(2))
    more = "\n".join(f"{n},Bank,USD,1.00,2026-10-31" for n in "XYZ")
    take(settings, tmp_path, "bank-accounts", BANKS + more)
    with ledger.open(settings.ledger) as book:
        assert decisions.currency(book, settings) == currency


def test_a_setting_that_contradicts_the_currency_of_posted_books_exits_2(
    company: config.Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toml = tmp_path / "lettrage.toml"
    toml.write_text('[company]\ncurrency = "CHF"\n')
    found = file(tmp_path, "entries", entries(1))
    call = ["--ledger", company.ledger, "--config", str(toml)]
    for command in (["load", "ledger-entries", str(found)], ["init"], ["nightly", str(tmp_path)]):
        assert cli.main([*call, *command]) == 2
        assert "[company] currency: found 'CHF', expected 'EUR'" in capsys.readouterr().err
    assert cli.main(["--ledger", company.ledger, "init", "--currency", "CHF"]) == 2
    assert stored(company, "SELECT count(*) FROM entry") == [(0,)]
    take(company, tmp_path, "ledger-entries", entries(1))


def test_init_states_the_currency_of_books_that_are_still_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = config.Settings(ledger=f"sqlite:///{tmp_path}/ledger.db")
    call = ["--ledger", settings.ledger, "init", "--currency"]
    assert cli.main([*call, "EURO"]) == 2
    assert cli.main([*call, "EUR"]) == 0
    assert cli.main([*call, "CHF"]) == 0  # nothing is posted yet
    assert "CHF" in capsys.readouterr().out
    take(settings, tmp_path, "bank-accounts", f"{BANKS}A,Bank,EUR,1.00,2026-10-31\n")
    with ledger.open(settings.ledger) as book:
        assert decisions.currency(book, settings) == "CHF"


def test_the_books_begin_with_what_remains_and_what_the_bank_last_said(
    company: config.Settings, tmp_path: Path
) -> None:
    """Remaining amounts, bank balance and open bank entries stand against the opening account."""
    take(company, tmp_path, "ledger-entries", ENTRIES)
    bank_entries = "bank_account_no,entry_no,posting_date,amount,entry_type\n"
    take(company, tmp_path, "bank-entries", f"{bank_entries}B,1,2026-10-30,-40.00,check\n")
    assert balances(company) == {
        "AP": -23800, "AR": 15000, "BANK-B": 50000, "BANK-B-TRANSIT": -4000, "OPENING": -37200
    }  # fmt: skip
    entry = stored(company, "SELECT amount, initial_amount FROM entry WHERE party_no = 'C1'")
    assert entry == [(11900, 10000)]
    dates = "SELECT DISTINCT posting_date FROM journal_entry ORDER BY 1"
    assert stored(company, dates) == [("2026-10-31",), ("2026-11-05",)]  # R2 on its own date
    later = f"{HEADER}\ncustomer,C2,invoice,R3,2026-11-06,EUR,70.00\n"
    take(company, tmp_path, "ledger-entries", later)
    take(company, tmp_path, "bank-entries", f"{bank_entries}B,2,2026-11-06,5.00,deposit\n")
    assert balances(company)["EXTERNAL"] == -7500
    assert balances(company)["OPENING"] == -37200


def test_lines_until_the_last_statement_are_before_the_cut_over_even_if_the_source_moves_on(
    company: config.Settings, tmp_path: Path
) -> None:
    """The ERP goes on importing statements and sends its own newer balance each night."""
    first = mt940("10", "261102", "500,00", "507,00", "261030C5,00", "2611021102C7,00")
    first = first.replace(":60F:C261102EUR500,00", ":60F:C261030EUR495,00")
    night(company, tmp_path, first)
    sql = "SELECT amount, before_cutover FROM statement_line ORDER BY line_id"
    assert stored(company, sql) == [(500, 1), (700, 0)]
    text = "no,name,currency,last_statement_date,last_statement_balance\n"
    done = take(company, tmp_path, "bank-accounts", f"{text}B,Bank,EUR,2026-11-03,999.00\n")
    assert len(done["warnings"]) == 2
    assert "last_statement_date: found '2026-11-03', expected what the books began with" in (
        "\n".join(done["warnings"])
    )
    night(company, tmp_path, first, mt940("11", "261103", "507,00", "510,00", "2611031103C3,00"))
    assert stored(company, sql)[-1] == (300, 0)
    assert balances(company)["OPENING"] == -50000
    with pytest.raises(LoadError, match="since the account is in use"):
        take(company, tmp_path, "bank-accounts", "no,name,currency\nB,Bank,CHF\n")


def test_without_a_last_balance_the_first_opening_is_taken_and_said(
    company: config.Settings, tmp_path: Path
) -> None:
    text = "no,name,currency,iban\nB2,Bank,EUR,DE75370501980000001102\n"
    take(company, tmp_path, "bank-accounts", text)
    first = mt940("1", "261102", "80,00", "68,00", "2611021102D12,00")
    first = first.replace("DE05370501980000001101", "DE75370501980000001102")
    first = first.replace("NMSC", "NCHG").replace("Zahlung", "Kontogebühr")
    done = night(company, tmp_path, first)
    assert "B2: opening balance 80.00 EUR is taken from its first statement" in str(done)
    take(company, tmp_path, "ledger-entries", entries(1))
    assert balances(company)["OPENING"] == -50000 - 10000 - (
        8000 if "BANK-B2" in balances(company) else 0
    )
    later = f"{BANKS}B2,Bank,EUR,1.00,2026-10-31\n"
    assert "expected what the books began with" in str(
        take(company, tmp_path, "bank-accounts", later)["warnings"]
    )


def test_the_cut_over_of_the_settings_dates_the_opening_and_stays(
    tmp_path: Path, company: config.Settings
) -> None:
    set_to = config.Settings(
        ledger=f"sqlite:///{tmp_path}/other.db",
        company={"name": "", "currency": "", "cutover": "2026-10-15"},
    )
    ledger.init(set_to.ledger)
    take(set_to, tmp_path, "customers", "no,name\nC1,Eins\n")
    take(set_to, tmp_path, "ledger-entries", entries(1))
    assert stored(set_to, "SELECT posting_date FROM journal_entry") == [("2026-10-15",)]
    text = "no,name,currency,last_statement_date,last_statement_balance\n"
    take(company, tmp_path, "bank-accounts", f"{text}N,Neu,EUR,2027-03-01,1.00\n")
    take(company, tmp_path, "ledger-entries", entries(1))  # the new account moves no cut-over
    sql = "SELECT j.posting_date FROM journal_entry j JOIN entry e ON e.journal_entry_no = j.no"
    assert stored(company, sql) == [("2026-10-31",)]


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
