"""What a reviewer decides is remembered, seen, and undone: the nights of one small company.

Each night brings one MT940 statement; a payer whom nobody knows pays the customers' invoices.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli, config, corrections, ledger
from tests.prepared import prepared

BANK = "DE38500400000123456700"
DEFAULTS = ("AR", "AP", "CLEARING", "OPENING", "EXTERNAL")
HOLDING, OTHER = "DE42120300000011223344", "DE75370501980000001102"
BOOKS = {
    "bank-accounts": "no,name,currency,iban,last_statement_balance,last_statement_date\n"
    f"BANK,Hansebank,EUR,{BANK},0.00,2026-10-01\n",
    "customers": "no,name,ibans\nC1,Nordlicht Moebel GmbH,\nC2,Brandt und Soehne,\n"
    "C3,Kessler Elektro GmbH,DE21370501980000001104\n",
    "ledger-entries": "party_type,party_no,document_type,document_no,posting_date,currency,amount\n"
    + "".join(
        f"customer,{party},invoice,RE-{number},2026-09-20,EUR,{amount}.00\n"
        for number, (party, amount) in enumerate(
            (("C1", 100), ("C1", 250), ("C1", 330), ("C2", 170), ("C2", 480), ("C3", 90)), 1001
        )
    ),
    "gl-accounts": "no,name\n4980,Subscriptions\n4210,Rent\nBANK-BANK,Bank\n"
    "BANK-BANK-TRANSIT,Transit\n" + "".join(f"{no},{no}\n" for no in DEFAULTS),
}  # fmt: skip
Line = tuple[int, str, str, str]
"""Whole euros, the payer's account and name, and the text."""


class Company:
    """The books of the company: nights come one by one, a person works at its queue."""

    def __init__(self, url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.url, self.folder, self.capsys = url, folder, capsys
        self.night, self.balance = 1, 0
        prepared(url, "new", ledger.init)
        for kind, text in BOOKS.items():
            (folder / f"{kind}.csv").write_text(text)
            self.run("load", kind, str(folder / f"{kind}.csv"))

    def run(self, *words: str, user: str = "anna", code: int = 0) -> dict[str, Any]:
        found = cli.main(["--ledger", self.url, "--user", user, "--json", *words])
        printed = self.capsys.readouterr()
        assert found == code, printed.err
        whole: dict[str, Any] = json.loads(printed.out)
        return whole

    def comes(self, *lines: Line) -> list[dict[str, Any]]:
        """A night with these lines; returns what waits after it, in the order of the lines."""
        self.night += 1
        day, total = f"2610{self.night:02}", self.balance + sum(line[0] for line in lines)
        text = f":20:S\n:25:{BANK}\n:28C:{self.night}/1\n:60F:{_money(day, self.balance)}"
        for amount, account, name, said in lines:
            text += f":61:{day}{day[2:]}{'C' if amount > 0 else 'D'}{abs(amount)},00NTRFNONREF\n"
            text += f":86:166?20SVWZ+{said}?31{account}?32{name}\n"
        folder = self.folder / f"night-{self.night}"
        folder.mkdir()
        (folder / "hansebank.sta").write_text(f"{text}:62F:{_money(day, total)}-\n")
        self.balance = total
        self.run("nightly", str(folder))
        return self.waiting()

    def waiting(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.run("exceptions", "list")["exceptions"]
        return found

    def open(self) -> set[str]:
        rows = json.loads(self._exported("entries"))
        return {row["document_no"] for row in rows if row["open"] and "RE-" in row["document_no"]}

    def applied(self, document: str) -> list[tuple[str, str]]:
        rows = json.loads(self._exported("applications"))
        return [(r["confidence"], r["rule"]) for r in rows if r["document_no"] == document]

    def _exported(self, kind: str) -> str:
        file = self.folder / f"{kind}.json"
        self.run("export", kind, "--format", "json", "-o", str(file))
        return file.read_text("utf-8")


def _money(day: str, euros: int) -> str:
    return f"{'D' if euros < 0 else 'C'}{day}EUR{abs(euros)},00\n"


@pytest.fixture
def company(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Company:
    return Company(url, tmp_path, capsys)


@pytest.fixture
def small(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Company:
    return Company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, capsys)


def test_a_payer_is_applied_once_by_a_person_and_the_next_night_by_itself(company: Company) -> None:
    [item] = company.comes((100, HOLDING, "Nord Holding", "Zahlung"))
    assert item["reason"] == "unknown_payer"
    done = company.run("exceptions", "apply", str(item["id"]), "--to", "RE-1001")
    assert done["remembered"] == [f"mapping 1: payer account {HOLDING} -> customer C1"]
    assert company.comes((250, HOLDING, "Nord Holding", "Zahlung")) == []
    assert company.applied("RE-1002") == [("high", "party_exact")]
    [row] = company.run("mapping", "list")["mappings"]
    assert (row["exception"], row["actor"], row["state"]) == (item["id"], "anna", "tells the party")


def test_with_two_people_a_mapping_tells_nobody_before_a_second_person_approved_it(
    small: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    toml = small.folder / "two.toml"
    toml.write_text('[policy]\napproval = "two_people"\n')
    monkeypatch.setenv("LETTRAGE_CONFIG", str(toml))
    for who in ("anna", "berta"):
        small.run("policy", "approve", user=who)
    [item] = small.comes((100, HOLDING, "Nord Holding", "Zahlung"))
    small.run("exceptions", "apply", str(item["id"]), "--to", "RE-1001")
    [asked] = small.comes((250, HOLDING, "Nord Holding", "Zahlung"))
    assert asked["reason"] == "unknown_payer"
    [row] = small.run("mapping", "list")["mappings"]
    assert row["state"] == "waits for a second person"
    assert "second person" in small.run("mapping", "approve", "1", code=1)["error"]
    assert small.run("mapping", "approve", "1", user="berta")["state"] == "tells the party"
    assert small.comes() == []
    assert small.applied("RE-1002") == [("high", "party_exact")]


def test_removing_the_mapping_undoes_what_was_learnt(company: Company) -> None:
    [item] = company.comes((100, HOLDING, "Nord Holding", "Zahlung"))
    company.run("exceptions", "apply", str(item["id"]), "--to", "RE-1001")
    company.run("mapping", "remove", "1", "--reason", "paid once only", user="berta")
    [asked] = company.comes((250, HOLDING, "Nord Holding", "Zahlung"))
    assert asked["reason"] == "unknown_payer"
    assert company.run("mapping", "list")["mappings"] == []
    told = company.run("mapping", "list", "--history")["mappings"]
    assert [(row["action"], row["actor"], row["reason"]) for row in told] == [
        ("add", "anna", ""),
        ("remove", "berta", "paid once only"),
    ]


def test_a_payer_of_two_companies_asks(company: Company) -> None:
    lines = [(100, HOLDING, "Nord Holding", "Zahlung"), (170, HOLDING, "Nord Holding", "Zahlung")]
    one, two = company.comes(*lines)
    company.run("exceptions", "apply", str(one["id"]), "--to", "RE-1001")
    done = company.run("exceptions", "apply", str(two["id"]), "--to", "RE-1004")
    assert done["remembered"] == [f"mapping 2: payer account {HOLDING} -> customer C2"]
    [asked] = company.comes((480, HOLDING, "Nord Holding", "Zahlung"))
    assert asked["reason"] == "ambiguous"
    first = asked["candidates"][0]
    assert (first["party_no"], first["confidence"]) == ("C2", "low"), "only its invoice fits"


def test_what_is_remembered_stops_no_document_of_another_customer(small: Company) -> None:
    [item] = small.comes((100, HOLDING, "Nord Holding", "Zahlung"))
    small.run("exceptions", "apply", str(item["id"]), "--to", "RE-1001")
    assert small.comes((170, HOLDING, "Nord Holding", "RE-1004")) == []
    assert small.applied("RE-1004") == [("high", "document_exact")]
    [row] = small.run("mapping", "list")["mappings"]
    assert row["also_paid_for"] == ["customer C2"], "what people see before it goes wrong"


def test_a_reversed_decision_teaches_no_longer(company: Company) -> None:
    open_line = (33, OTHER, "Niemand", "Zahlung")  # else the statement would close
    [item, _] = company.comes((100, HOLDING, "Nord Holding", "Zahlung"), open_line)
    company.run("exceptions", "apply", str(item["id"]), "--to", "RE-1001")
    settings = config.read(None, company.url)
    with ledger.open(company.url) as book:
        [(number,)] = book.rows("SELECT j.no FROM journal_entry j JOIN register r ON r.no ="
                                " j.register_no WHERE r.kind = 'decision'")  # fmt: skip
    corrections.reverse(settings, [str(number)], "anna", "it was for another customer")
    [row] = company.run("mapping", "list")["mappings"]
    assert row["state"] == "ended: its decision was reversed"
    again = company.comes((250, HOLDING, "Nord Holding", "Zahlung"))
    assert [row["reason"] for row in again] == ["reversed", "unknown_payer", "unknown_payer"]


def test_a_payer_known_to_pay_for_another_customer_teaches_nothing(small: Company) -> None:
    [item] = small.comes(
        (170, HOLDING, "Nord Holding", "RE-1004"), (100, HOLDING, "Nord Holding", "Zahlung")
    )
    done = small.run("exceptions", "apply", str(item["id"]), "--to", "RE-1001")
    assert "another party" in done["not_remembered"]
    assert small.run("mapping", "list")["mappings"] == []


def test_a_payer_without_an_account_is_known_by_its_name(small: Company) -> None:
    [item] = small.comes((100, "", "Nord Holding AG", "Zahlung"))
    done = small.run("exceptions", "apply", str(item["id"]), "--to", "RE-1001")
    assert done["remembered"] == ["mapping 1: payer name Nord Holding AG -> customer C1"]
    assert small.comes((250, "", "NORD HOLDING AG", "Zahlung")) == []
    [asked] = small.comes((330, "", "Nord Handel AG", "Zahlung"))
    assert asked["reason"] == "unknown_payer", "a name that is only alike was never decided"


def test_once_teaches_nothing_and_neither_does_money_out(small: Company) -> None:
    [item] = small.comes((100, HOLDING, "Nord Holding", "Zahlung"))
    small.run("exceptions", "apply", str(item["id"]), "--to", "RE-1001", "--once")
    [out] = small.comes((-20, OTHER, "Brandt", "Erstattung"))
    small.run("exceptions", "apply", str(out["id"]), "--on-account", "C2")
    assert small.run("mapping", "list")["mappings"] == []


def test_our_own_name_is_no_payer(small: Company) -> None:
    toml = small.folder / "lettrage.toml"
    toml.write_text('[company]\nname = "Hansen Werkzeuge GmbH"\n')
    [item] = small.comes((100, "", "Hansen Werkzeuge", "Bareinzahlung"))
    words = ("apply", str(item["id"]), "--to", "RE-1001")
    done = small.run("--config", str(toml), "exceptions", *words)
    assert "remembered" not in done


def test_a_text_leads_to_an_account_once_a_second_person_approved_its_limit(
    company: Company,
) -> None:
    [item] = company.comes((-40, OTHER, "Verlag", "Zeitschrift Abo 4711"))
    done = company.run("exceptions", "to-account", str(item["id"]), "4980",
                       "--remember", "Zeitschrift Abo")  # fmt: skip
    assert done["remembered"] == ["mapping 1: text Zeitschrift Abo -> account 4980"]
    [asked] = company.comes((-40, OTHER, "Verlag", "ZEITSCHRIFT, ABO 4712"))
    assert asked["reason"] == "mapping_not_approved"
    company.run("exceptions", "accept", str(asked["id"]))
    company.run("mapping", "approve", "1", user="berta", code=2)  # up to which amount?
    company.run("mapping", "edit", "1", "--limit", "50.00")
    assert "second person" in company.run("mapping", "approve", "1", code=1)["error"]
    company.run("mapping", "approve", "1", user="berta")
    assert company.comes((-45, OTHER, "Verlag", "Zeitschrift Abo 4713")) == []
    [above] = company.comes((-60, OTHER, "Verlag", "Zeitschrift Abo 4714"))
    assert above["reason"] == "needs_approval"
    company.run("exceptions", "accept", str(above["id"]))
    company.run("mapping", "edit", "1", "--limit", "80.00")
    [again] = company.comes((-60, OTHER, "Verlag", "Zeitschrift Abo 4715"))
    assert again["reason"] == "mapping_not_approved", "an edit must be approved anew"


def test_the_longest_text_wins_and_two_of_one_text_ask(small: Company) -> None:
    for words, account in (("Miete", "4980"), ("Miete Halle", "4210")):
        small.run("mapping", "add", "--text", words, "--account", account, "--limit", "900")
    for number in ("1", "2"):
        small.run("mapping", "approve", number, user="berta")
    assert small.comes((-500, OTHER, "Vermieter", "Miete Halle Oktober")) == []
    [parent] = small.comes((-500, OTHER, "Vermieter", "Untermiete"))
    assert parent["reason"] == "unannounced_debit", "a part of a word is no word"
    done = small.run("mapping", "add", "--text", "MIETE  HALLE", "--account", "4980")
    assert done["warnings"] == ["mapping 2 leads elsewhere for the same text: lines of it ask"]
    items = small.comes((-500, OTHER, "Vermieter", "Miete Halle November"))
    assert items[-1]["reason"] == "ambiguous"
    assert [row["rule"] for row in items[-1]["candidates"][:2]] == ["mapping", "mapping"]


def test_a_mapping_to_an_account_waits_where_a_customer_may_have_paid(small: Company) -> None:
    small.run("mapping", "add", "--text", "Zeitschrift", "--account", "4980", "--limit", "900")
    small.run("mapping", "approve", "1", user="berta")
    [item] = small.comes((70, "DE21370501980000001104", "Kessler Elektro GmbH", "Zeitschrift"))
    assert item["reason"] == "ambiguous"


def test_try_shows_what_a_payer_would_hit_and_writes_nothing(small: Company) -> None:
    small.comes((-40, OTHER, "Verlag", "Zeitschrift Abo"), (100, HOLDING, "Nord Holding", "x"))
    found = small.run("mapping", "try", "--text", "zeitschrift")
    assert found["mappings"] == []
    assert [(row["amount"], row["text"]) for row in found["lines"]] == [
        ("-40.00", "Zeitschrift Abo")
    ]
    small.run("mapping", "add", "--payer-name", "NORD HOLDING", "--party", "C1")
    found = small.run("mapping", "try", "--payer-name", "Nord Holding")
    assert found["answer"] == "customer C1: tells the party"
    assert [row["amount"] for row in found["lines"]] == ["100.00"]
    assert len(small.run("mapping", "list", "--history")["mappings"]) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "--text", "Abo", "--account", "4980"), "expected 4 letters or digits"),
        (("add", "--text", "Zeitschrift"), "expected where it leads to"),
        (("add", "--text", "Abos", "--payer-name", "X AG", "--party", "C1"), "expected one of"),
        (("add", "--text", "Abos", "--account", "498"), "no such G/L account"),
        (("add", "--text", "Abos", "--account", "AR"), "control account"),
        (("add", "--payer-name", "Nord AG", "--party", "C9"), "no party has this number"),
        (("add", "--payer-name", "Nord AG", "--party", "C1", "--limit", "5"), "no --limit"),
        (("add", "--text", "Abos", "--account", "4980", "--limit", "5,123"), "more than 2"),
        (("add", "--text", "Abos", "--account", "4980", "--limit", "5 XXQ"), "unknown currency"),
        (("edit", "7", "--limit", "5"), "mapping 7 does not exist"),
        (("try",), "expected --payer-account, --payer-name or --text"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    small: Company, words: tuple[str, ...], said: str
) -> None:
    assert said in small.run("mapping", *words, code=2)["error"]
    assert small.run("mapping", "list", "--history")["mappings"] == []
