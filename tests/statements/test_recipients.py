"""One statement for a customer, for each of its projects, or for a group with its parent."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline import config, deliveries, ledger, statement_previews, statement_runs, steps
from pipeline.ledger import as_of, reads
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from pipeline.statements import Choice, Form, families, file_name
from pipeline.steps import quiet
from tests.ledger import loading
from tests.statements.tying import days_of

DAY, NEXT = dt.date(2026, 10, 31), dt.date(2026, 11, 30)
BANK, HOLDING = "DE38500400000123456700", "DE89370400440532013000"
BOOKS = {
    "bank-accounts": "no,name,currency,iban,last_statement_balance,last_statement_date\n"
    f"B,Hansebank,EUR,{BANK},0,2026-09-30\n",
    "customers": "no,name,postcode,city,country,language,project_parent,ibans\n"
    f"H,Nordlicht Holding AG,20095,Hamburg,DE,de,,{HOLDING}\n"
    "A,Nordlicht Bau GmbH,28195,Bremen,DE,en,H,\nB,Nordlicht Holz GmbH,24103,Kiel,DE,en,A,\n"
    "C,Sommer KG,10115,Berlin,DE,en,,\n",
    "ledger-entries": "party_type,party_no,document_type,document_no,posting_date,due_date,"
    "currency,amount,project\n"
    "customer,A,invoice,RE-26001,2026-10-02,2026-10-12,EUR,100.00,\n"
    "customer,B,invoice,RE-26002,2026-10-05,2026-11-04,EUR,250.00,\n"
    "customer,B,credit_memo,GS-26002,2026-10-06,,EUR,-50.00,\n"
    "customer,C,invoice,RE-26003,2026-10-01,2026-10-15,EUR,300.00,Bridge\n"
    "customer,C,invoice,RE-26004,2026-10-02,2026-11-15,EUR,400.00,Tower\n"
    "customer,C,invoice,RE-26005,2026-10-03,2026-11-15,EUR,50.00,\n",
}


@pytest.fixture
def books(url: str, tmp_path: Path) -> config.Settings:
    settings = config.Settings(ledger=url)
    ledger.init(url)
    for kind, text in BOOKS.items():
        loading.take(settings, tmp_path, kind, text)
    return settings


def paid(settings: config.Settings, folder: Path, day: str, opening: str, amount: str, closing: str,
         text: str, account: str = "") -> None:  # fmt: skip
    """A night with one receipt."""
    inbox = folder / f"night-{day}"
    inbox.mkdir()
    (inbox / "bank.sta").write_text(
        f":20:T\n:25:{BANK}\n:60F:C{day}EUR{opening}\n:61:{day}{day[2:]}C{amount}NTRFNONREF//R{day}\n"
        f":86:166?00CREDIT?20{text}?31{account}\n:62F:C{day}EUR{closing}\n-\n"
    )
    steps.nightly(settings, [inbox], "tester")


def told(settings: config.Settings, day: dt.date, form: Form, folder: Path) -> dict[str, Any]:
    number = statement_runs.compose(settings, day, form, Choice(), "print", "anna", quiet)["run"]
    statement_runs.approve(settings, number, "anna")
    deliveries.deliver(settings, number, folder, "anna", quiet)
    return deliveries.report(settings, number)


def kept(settings: config.Settings, customer: str) -> list[tuple[int, str, dict[str, Any]]]:
    with ledger.open(settings.ledger) as book:
        rows = book.rows(
            "SELECT number, unit, content FROM customer_statement WHERE customer_no ="
            f" '{customer}' ORDER BY number"
        )
        assert [c.invariant for c in verify(book) if c.violations] == []
    return [(row[0], row[1], json.loads(row[2])) for row in rows]


def test_a_parent_is_told_of_its_group_and_pays_for_each_of_it(
    books: config.Settings, tmp_path: Path
) -> None:
    form = Form("balance_forward", per="parent")
    report = told(books, DAY, form, tmp_path / "out")
    assert (report["statements"], report["skipped"]) == (2, {"told_with_parent": 2})
    assert (tmp_path / "out" / f"statement-H+group-{DAY}.pdf").exists()
    ((number, unit, data),) = kept(books, "H")
    assert (number, unit, data["language"], data["address"][0]) == (
        1, "group", "de", "Nordlicht Holding AG",
    )  # fmt: skip
    said = [(section["member"]["no"], section["balance"]) for section in data["currencies"]]
    assert said == [("A", "100,00"), ("B", "200,00")]
    assert data["totals"][0]["balance"] == "300,00"
    parts = [(part["member"], part["amount"], part["reference"]) for part in data["payment_parts"]]
    assert [part[:2] for part in parts] == [
        ("Nordlicht Bau GmbH", "100,00"), ("Nordlicht Holz GmbH", "200,00"),
    ]  # fmt: skip
    paid(books, tmp_path, "261103", "0,00", "200,00", "200,00", parts[1][2], HOLDING)
    with ledger.open(books.ledger) as book:
        exceptions = export(book, "exceptions").filter(pl.col("status") == "open")
        assert exceptions["reason"].to_list() == []
        late = f"{loading.HEADER}\ncustomer,A,invoice,RE-26009,2026-10-30,EUR,7.00\n"
    loading.take(books, tmp_path, "ledger-entries", late)
    assert told(books, NEXT, form, tmp_path / "next")["statements"] == 2
    number, _, data = kept(books, "H")[-1]
    first, second = data["currencies"]
    assert (number, [row["balance"] for row in first["late"]]) == (
        2,
        ["100,00", "107,00", "107,00"],
    )
    assert first["account"][0]["balance"] == "107,00", "it is what the next one begins with"
    assert (second["member"]["no"], second["balance"], "late" in second) == ("B", "0,00", False)
    form = Form("activity", per="parent")
    run = statement_runs.compose(books, NEXT, form, Choice(), "print", "anna", quiet)["run"]
    statement_runs.approve(books, run, "anna")
    late = f"{loading.HEADER}\ncustomer,B,invoice,RE-10,2026-11-29,EUR,9.00\n"
    loading.take(books, tmp_path, "ledger-entries", late)
    done = deliveries.deliver(books, run, tmp_path / "next", "anna", quiet)
    assert (done["withheld"], done["printed"]) == (1, 1), "a member's books are the group's"
    listed = [row[-1] for row in deliveries.listed(books, run, "suppressed")]
    assert listed == ["group"]


def test_each_project_has_its_account_and_what_is_of_none_another(
    books: config.Settings, tmp_path: Path
) -> None:
    paid(books, tmp_path, "261020", "0,00", "300,00", "300,00", "RE-26003 Sommer KG")
    form = Form("balance_forward", per="project", language="en-GB")
    assert told(books, DAY, form, tmp_path / "out")["statements"] == 5
    names = {file.name for file in (tmp_path / "out").iterdir()}
    assert {f"statement-C+project-{p}-{DAY}.pdf" for p in ("", "Bridge", "Tower")} <= names
    accounts = {
        unit: (number, data["project"], [
            (row.get("type"), row["balance"]) for row in data["currencies"][0]["account"]
        ][1:-1], [part["amount"] for part in data["payment_parts"]])
        for number, unit, data in kept(books, "C")
    }  # fmt: skip
    assert accounts == {
        "project/": (1, "without project", [
            ("Invoice", "50.00"), ("Payment", "\N{MINUS SIGN}250.00"), ("Payment applied", "50.00"),
        ], ["50.00"]),
        "project/Bridge": (2, "Bridge", [("Invoice", "300.00"), ("Payment applied", "0.00")], []),
        "project/Tower": (3, "Tower", [("Invoice", "400.00")], ["400.00"]),
    }  # fmt: skip
    late = f"{loading.HEADER},project\ncustomer,C,invoice,RE-26009,2026-10-30,EUR,7.00,Tower\n"
    loading.take(books, tmp_path, "ledger-entries", late)
    told(books, NEXT, form, tmp_path / "next")
    late = {unit: [row["balance"] for row in data["currencies"][0].get("late", ())]
            for number, unit, data in kept(books, "C") if number > 3}  # fmt: skip
    assert late == {"project/": [], "project/Tower": ["400.00", "407.00", "407.00"]}
    with ledger.open(books.ledger) as book:
        head, by = reads.register_head(book)["no"], ["party_no", "project", "currency"]
        for day in days_of(book):
            moved = as_of.customer_movements(book, day, head, by_project=True)
            owed = as_of.customer_entries(book, day, head)
            both = pl.concat([
                moved.select(*by, "amount"), owed.select(*by, amount=-pl.col("remaining_amount")),
            ])  # fmt: skip
            sums = both.group_by(by).agg(pl.col("amount").sum())
            assert sums.filter(pl.col("amount") != 0).rows() == [], day


def test_a_project_is_chosen_and_told_what_waits_without_one(
    books: config.Settings, tmp_path: Path
) -> None:
    """Money that names no project may be meant for any: each letter says so, none deducts it."""
    head = f"{loading.HEADER},project\n"
    waits = "customer,C,payment,ZA-1,2026-10-20,EUR,-70.00,\n"
    loading.take(books, tmp_path, "ledger-entries", head + waits)

    def names(folder: str, per: str) -> set[str]:
        form = Form(per=per, language="en-GB")
        choice = Choice(projects=("Bridge",))
        statement_previews.write(
            books, DAY, tmp_path / folder, form, choice, formats=("json", "html")
        )
        return {path.stem for path in (tmp_path / folder).iterdir()}

    assert names("customers", "customer") == {f"statement-C-{DAY}"}, "who has entries of it"
    (name,) = names("projects", "project")
    (said,) = json.loads((tmp_path / "projects" / f"{name}.json").read_text())["currencies"]
    assert (said["balance"], said["unapplied_of_no_project"]) == ("300.00", "-70.00")
    html = (tmp_path / "projects" / f"{name}.html").read_text()
    assert "Payments and credits of 70.00 EUR that name no project are not applied yet." in html


def test_a_project_with_a_long_name_has_a_file_that_every_disk_takes() -> None:
    long = ["\N{GREEK SMALL LETTER OMEGA}" * 60 + end for end in "12"]
    names = [file_name("C" * 200, f"project/{project}", DAY) for project in (*long, "A/B", "A-B")]
    assert len(set(names)) == 4
    assert max(map(len, names)) < 255 - len(".part")


def test_who_is_above_itself_or_below_nobody_is_a_group_of_one() -> None:
    people = [{"no": no, "project_parent": above} for no, above in (
        ("1", ""), ("2", "1"), ("3", "2"), ("4", "5"), ("5", "4"), ("6", "4"), ("7", "lost"),
    )]  # fmt: skip
    assert families(people, "parent") == [("1", "2", "3"), ("4",), ("5",), ("6",), ("7",)]
    assert families(people, "customer") == [(str(n),) for n in range(1, 8)]


def test_what_comes_late_is_told_however_the_customer_was_told_before(
    books: config.Settings, tmp_path: Path
) -> None:
    """By itself in October, by its projects in November, by itself again in December."""
    accounts = []
    for day, per, late in (
        (DAY, "customer", ""),
        (NEXT, "project", "customer,C,invoice,RE-L1,2026-10-30,EUR,7.00,Tower\n"),
        (dt.date(2026, 12, 31), "customer", "customer,C,invoice,RE-L2,2026-11-29,EUR,9.00,\n"),
    ):
        if late:
            text = f"{loading.HEADER},project\n{late}"
            loading.take(books, tmp_path, "ledger-entries", text)
        before = len(kept(books, "C"))
        told(books, day, Form("balance_forward", per=per, language="en-GB"), tmp_path / str(day))
        accounts.append({
            unit: [(row.get("text"), row["balance"]) for row in section.get("late", ())]
            + [section["account"][0]["balance"]]
            for _, unit, data in kept(books, "C")[before:]
            for section in data["currencies"]
        })  # fmt: skip
    then = "Balance on 31 Oct 2026 as stated then", "Balance on 31 Oct 2026 as of today"
    assert accounts[0] == {"": ["0.00"]}
    assert accounts[1] == {
        "project/": ["50.00"], "project/Bridge": ["300.00"],
        "project/Tower": [(then[0], "400.00"), (None, "407.00"), (then[1], "407.00"), "407.00"],
    }  # fmt: skip
    told_then, came, now, begins = accounts[2][""]
    assert told_then == ("Balance on 30 Nov 2026 as stated then", "757.00")
    assert came[1] == now[1] == begins == "766.00", "closing and what came late is the opening"


@pytest.mark.parametrize("first", ["parent", "customer"])
def test_a_group_is_told_what_came_late_after_its_members_were_and_the_other_way_round(
    books: config.Settings, tmp_path: Path, first: str
) -> None:
    told(books, DAY, Form("balance_forward", per=first, language="en-GB"), tmp_path / "out")
    late = f"{loading.HEADER}\ncustomer,A,invoice,RE-26009,2026-10-30,EUR,7.00\n"
    loading.take(books, tmp_path, "ledger-entries", late)
    second = "customer" if first == "parent" else "parent"
    told(books, NEXT, Form("balance_forward", per=second, language="en-GB"), tmp_path / "next")
    data = kept(books, "A" if second == "customer" else "H")[-1][2]
    said = [(row.get("text"), row["balance"]) for row in data["currencies"][0]["late"]]
    assert said == [
        ("Balance on 31 Oct 2026 as stated then", "100.00"), (None, "107.00"),
        ("Balance on 31 Oct 2026 as of today", "107.00"),
    ]  # fmt: skip
