"""What changes between match and post, or while ``post`` works, stops no other line.

A check is voided, a payment of a run is confirmed by another line, an invoice is put on hold,
another is paid elsewhere, a customer is blocked, a receipt is reversed: each line concerned is
matched again and waits with its reason; the others post.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline import booking, config, corrections, ledger, posting, review, steps
from pipeline.ledger import reads, writes
from pipeline.ledger.export import export
from pipeline.ledger.load import load
from pipeline.ledger.open_items import OpenEntries, Parties
from tests.posting.golden_case import given

ENTRIES = "party_type,party_no,document_type,document_no,posting_date,currency,amount"
ENTRIES += ",remaining_amount,on_hold\n"
INVOICE = "customer,{party},invoice,RE-2026-{no},2026-10-20,EUR,{amount}.00,{open}.00,{hold}\n"
OPEN = ((1, "C1", 100), (2, "C1", 110), (3, "C1", 120), (4, "C2", 130))
CUSTOMERS = "no,name,ibans,blocked\nC1,Nordlicht Moebel GmbH,DE05370501980000001101,\n"
CUSTOMERS += "C2,Brandt und Soehne,DE75370501980000001102,{blocked}\n"
CHECKS = "bank_account_no,entry_no,posting_date,amount,entry_type,document_no,check_no,status\n"
CHECKS += "BANK,1,2026-10-27,-200.00,check,,1045,{status}\n"
CHECKS += "BANK,2,2026-10-27,-300.00,payment,ZL-3001,,\n"


def invoices(**changed: str) -> str:
    """The open invoices as their source tells them; ``RE1="open,hold"`` changes one."""
    rows = ENTRIES
    for no, party, amount in OPEN:
        still, hold = changed.get(f"RE{no}", f"{amount},").split(",")
        rows += INVOICE.format(party=party, no=no, amount=amount, open=still, hold=hold)
    return rows


def story() -> str:
    lines = ":61:2610291029D200,00NCHK1045NONREF//G1\n:86:101?20SVWZ+SCHECK 1045\n"
    lines += ":61:2610291029D300,00NTRFNONREF//G2\n:86:116?20SVWZ+ZL-3001\n"
    lines += ":61:2610291029D300,00NTRFNONREF//G3\n:86:116?20SVWZ+Barauszahlung\n"
    for no, _, amount in OPEN:
        lines += f":61:2610291029C{amount},00NTRFNONREF//R{no}\n:86:166?20SVWZ+RE-2026-{no}\n"
    books = {"customers": CUSTOMERS.format(blocked=""), "ledger-entries": invoices(),
             "bank-entries": CHECKS.format(status="")}  # fmt: skip
    parts = [f"```csv {kind}\n{text}```\n" for kind, text in books.items()]
    return "\n".join([*parts, f"```mt940 BANK\n{lines}```\n"])


def meanwhile(settings: config.Settings, folder: Path) -> None:
    """What others do: three loads, and another process that confirms the payment ZL-3001."""
    changes = {
        "bank-entries": CHECKS.format(status="voided"),
        "ledger-entries": invoices(RE1="100,legal", RE2="0,"),
        "customers": CUSTOMERS.format(blocked="1"),
    }
    with ledger.open(settings.ledger) as book:
        for kind, text in changes.items():
            file = folder / f"{kind}-later.csv"
            file.write_text(text)
            load(book, kind, file, settings, actor="berta")
        (number,) = book.rows("SELECT id FROM bank_entry WHERE entry_no = '2'")[0]
        row = {"target": "bank_entry", "target_id": number, "party_type": "bank",
               "party_no": "BANK", "applied_amount": -30000, "entry_amount": -30000}  # fmt: skip
        explain(book, settings, 3, row)


def explain(book: ledger.Ledger, settings: config.Settings, line_no: int, row: Any) -> None:
    """Another process posts a line as this row says, by the functions of the night."""
    line = reads.open_lines(book).filter(pl.col("line_no") == line_no)
    head, rows = review.proposal(line["line_id"][0], [row], "manual", "manual")
    journal = posting.post(line, head, rows, reads.bank_accounts(book), reads.open_entries(book),
                           settings, reads.generations(book))  # fmt: skip
    booking.write(book, journal, settings, kind="nightly", actor="berta")


def lines(settings: config.Settings) -> list[tuple[Any, ...]]:
    with ledger.open(settings.ledger) as book:
        return export(book, "lines").select("line_no", "status", "reason").rows()


def when_it_writes(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """``happens`` once, after ``post`` has read and before it writes its first register."""
    real, waiting = writes.write_register, [happens]

    def write(*arguments: Any, **named: Any) -> Any:
        if waiting:
            waiting.pop()()
        return real(*arguments, **named)

    monkeypatch.setattr(writes, "write_register", write)


@pytest.mark.parametrize("when", ["between match and post", "while it posts"])
def test_what_changed_waits_with_its_reason_and_the_rest_posts(
    url: str, tmp_path: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = given(story(), url, tmp_path, gap=True)
    steps.ingest(settings, [tmp_path / "inbox"], "tester")
    steps.match(settings, "tester")
    if when == "while it posts":
        when_it_writes(monkeypatch, lambda: meanwhile(settings, tmp_path))
    else:
        meanwhile(settings, tmp_path)
    receipt = steps.post(settings, "tester")
    assert (receipt["posted_lines"], receipt["stale_lines"]) == (1, 5)
    assert steps.settle(settings, "tester")["posted_lines"] == 0
    assert lines(settings) == [
        (1, "proposed", "check_irregular"),
        (2, "unmatched", "unannounced_debit"),
        (3, "posted", ""),
        (4, "proposed", "on_hold"),
        (5, "unmatched", "document_closed"),
        (6, "posted", ""),
        (7, "proposed", "party_blocked"),
    ]


def test_two_processes_that_post_the_same_lines_post_them_once(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = given(story(), url, tmp_path, gap=True)
    steps.ingest(settings, [tmp_path / "inbox"], "tester")
    steps.match(settings, "tester")
    other: list[int] = []
    when_it_writes(monkeypatch, lambda: other.append(steps.post(settings, "o")["posted_lines"]))
    receipt = steps.post(settings, "tester")
    assert (other, receipt["posted_lines"], receipt["stale_lines"]) == ([6], 0, 6)
    assert [status for _, status, _ in lines(settings)].count("posted") == 6


def test_entries_that_a_run_reads_again_are_as_they_stand(url: str, tmp_path: Path) -> None:
    settings = given(story(), url, tmp_path, gap=True)
    steps.ingest(settings, [tmp_path / "inbox"], "tester")
    kept = OpenEntries()
    with ledger.open(settings.ledger) as book:
        before = kept.read(book)
        meanwhile(settings, tmp_path)  # held, paid elsewhere
        steps.match(settings, "tester")
        assert steps.post(settings, "tester")["posted_lines"] == 1  # an invoice is closed
        four = tmp_path / "four.csv"
        four.write_text(ENTRIES + INVOICE.format(party="C1", no=9, amount=50, open=50, hold=""))
        load(book, "ledger-entries", four, settings, actor="berta")
        after = kept.read(book)
        assert_frame_equal(after, reads.open_entries(book))
        ((number,),) = book.rows("SELECT max(no) FROM journal_entry WHERE line_id IS NOT NULL")
        late = OpenEntries()
        late.read(book)
        corrections.reverse(settings, [str(number)], "berta", "the wrong customer")
        for run in (kept, late):  # one knew the invoice that is open again, one did not
            assert_frame_equal(run.read(book), reads.open_entries(book))
    assert [frame["document_no"].to_list() for frame in (before, after)] == [
        ["RE-2026-1", "RE-2026-2", "RE-2026-3", "RE-2026-4"],
        ["RE-2026-1", "RE-2026-4", "RE-2026-9"],
    ]
    assert after["on_hold"].to_list() == [True, False, False]


def test_parties_that_a_run_has_read_are_as_the_last_load_left_them(
    url: str, tmp_path: Path
) -> None:
    settings = given(story(), url, tmp_path, gap=True)
    kept, moved = Parties(), tmp_path / "moved.csv"
    with ledger.open(settings.ledger) as book:
        before = kept.read(book)
        assert kept.read(book) is before, "no load came"
        moved.write_text("no,name,ibans\nC1,Another Name GmbH,DE02100100100006820101\n")
        load(book, "customers", moved, settings, actor="berta")
        after = kept.read(book)
        assert_frame_equal(after, reads.parties(book))
    assert not after.equals(before)


@pytest.mark.parametrize("when", ["between match and post", "while it posts"])
def test_a_return_of_what_a_person_reversed_meanwhile_asks(
    url: str, tmp_path: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = ":61:2610291029C120,00NTRFNONREF//R3\n:86:166?20SVWZ+RE-2026-3?31"
    receipt += "DE05370501980000001101?32Nordlicht Moebel GmbH\n"
    back = receipt.replace("C120", "D120").replace("NTRF", "NRTI").replace("RE-2026-3", "RUECK")
    told = story().partition("```mt940")[0]
    settings = given(f"{told}```mt940 BANK\n{receipt}{back}```\n", url, tmp_path, gap=True)
    steps.ingest(settings, [tmp_path / "inbox"], "tester")
    steps.match(settings, "tester")
    steps.post(settings, "tester")
    steps.match(settings, "tester")
    with ledger.open(settings.ledger) as book:
        sql = "SELECT no FROM journal_entry WHERE line_id IS NOT NULL"
        ((number,),) = book.rows(sql)
        assert book.rows("SELECT count(*) FROM proposal WHERE rule = 'return'") == [(1,)]

    def happens() -> None:
        corrections.reverse(settings, [str(number)], "berta", "the wrong customer")

    if when == "while it posts":
        when_it_writes(monkeypatch, happens)
    else:
        happens()
    done = steps.post(settings, "tester")
    assert done["stale_lines"] == (when == "while it posts"), "else it is matched again already"
    assert done["posted_lines"] == 0, "neither the receipt that a person reversed nor its return"
    assert lines(settings)[1][1] == "proposed"
