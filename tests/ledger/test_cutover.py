"""Where the books begin: the company's currency, the cut-over, and dates in closed periods."""

from pathlib import Path

import pytest

from pipeline import cli, config, ledger
from pipeline.defaults import DEFAULTS
from pipeline.domain.errors import LoadError
from pipeline.ledger import company as decisions
from tests.ledger.loading import (
    ENTRIES,
    HEADER,
    balances,
    entries,
    file,
    mt940,
    night,
    stored,
    take,
)

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


def test_the_balance_of_a_foreign_account_is_worth_the_rate_of_the_day_on_which_it_opens(
    tmp_path: Path,
) -> None:
    settings = config.Settings(
        ledger=f"sqlite:///{tmp_path}/ledger.db",
        company={**DEFAULTS["company"], "currency": "CHF"},
    )
    ledger.init(settings.ledger)
    rates = "date,currency,rate\n2026-10-30,EUR,1.25\n2026-11-30,EUR,2.00\n"
    take(settings, tmp_path, "rates", rates)
    banks = (
        "E,Bank,EUR,1000.00,2026-10-31\nF,Bank,CHF,500.00,2026-10-31\nU,Bank,USD,7.00,2026-10-31"
    )
    take(settings, tmp_path, "bank-accounts", BANKS + banks)
    sql = "SELECT gl_account, amount, currency, amount_company FROM posting ORDER BY currency, 1"
    assert stored(settings, sql) == [
        ("BANK-F", 50000, "CHF", None),
        ("OPENING", -50000, "CHF", None),
        ("BANK-E", 100000, "EUR", 80000),
        ("OPENING", -100000, "EUR", -80000),
        ("BANK-U", 700, "USD", None),
        ("OPENING", -700, "USD", None),
    ]


def test_a_setting_that_contradicts_the_currency_of_posted_books_exits_2(
    company: config.Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toml = tmp_path / "lettrage.toml"
    toml.write_text('[company]\ncurrency = "CHF"\n')
    found = file(tmp_path, "entries", entries(1))
    call = ["--ledger", company.ledger, "--config", str(toml)]
    singly = [["ingest", str(tmp_path)], ["match"], ["post"], ["reconcile"], ["park"]]
    by_hand = [["exceptions", "accept", "1"]]
    whole = [["load", "ledger-entries", str(found)], ["init"], ["nightly", str(tmp_path)]]
    for command in (*whole, *singly, *by_hand):
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
    """Remaining amounts, bank balance and open bank entries stand against the opening account.

    An ERP writes receivables and payables into a file each: each of them opens its side.
    """
    head, *rows = ENTRIES.splitlines()
    for side in ("customer", "vendor"):
        own = [row for row in rows if row.startswith(side)]
        take(company, tmp_path, "ledger-entries", "\n".join([head, *own]))
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
    bank_entries = "bank_account_no,entry_no,posting_date,amount,entry_type\n"
    begun = "B2,1,2026-11-03,-9.00,check\nB,1,2026-11-03,-4.00,check\n"  # of B no line is posted
    before = balances(company)["OPENING"]
    take(company, tmp_path, "bank-entries", bank_entries + begun)
    assert (balances(company)["OPENING"], balances(company)["EXTERNAL"]) == (before + 400, 900)
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


def test_nothing_is_dated_into_a_closed_period(company: config.Settings, tmp_path: Path) -> None:
    """The ERP sends an invoice of November when November is closed here."""
    take(company, tmp_path, "ledger-entries", entries(2))
    with ledger.open(company.ledger) as book, book.transaction() as connection:
        connection.exec_driver_sql(
            "INSERT INTO period_event (closed_through, action, actor, after_register)"
            " SELECT '2026-11-30', 'close', 'tester', value FROM counter WHERE name = 'register'"
        )
    late = (
        f"{HEADER},remaining_amount\ncustomer,C1,invoice,R9,2026-11-20,EUR,7.00,\n"
        "customer,C1,invoice,R1,2026-10-01,EUR,100.00,40\n"
    )
    take(company, tmp_path, "ledger-entries", late, as_of="2026-11-25")
    sql = "SELECT posting_date, kind FROM journal_entry ORDER BY no DESC LIMIT 2"
    assert sorted(stored(company, sql)) == [("2026-12-01", "external"), ("2026-12-01", "opening")]
    own = "SELECT posting_date FROM entry WHERE document_no = 'R9'"
    assert stored(company, own) == [("2026-11-20",)]
