"""What is sure and waits all the same: closed periods, gaps, separate accounts, none set."""

from pathlib import Path

import polars as pl
import pytest

from pipeline import config, decisions, ledger, steps
from pipeline.decisions import Wish
from pipeline.domain.errors import StaleDecisionError
from pipeline.ledger import decisions as queue
from pipeline.ledger.connection import insert
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from tests.posting.golden_case import FOLDER, THEN, given
from tests.posting.test_parking import registers

RECEIPT = (FOLDER / "receipt-in-full.md").read_text("utf-8").partition(THEN)[0]
CHECK = (FOLDER / "check-written.md").read_text("utf-8").partition(THEN)[0]


def told(settings: config.Settings) -> list[tuple[str, str]]:
    """Status and reason of each line; the books hold, and another night writes no register."""
    before = registers(settings)
    night(settings)
    assert registers(settings) == before
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
        return [
            (str(a), str(b)) for a, b in export(book, "lines").select("status", "reason").rows()
        ]


def night(settings: config.Settings) -> None:
    folder = Path(settings.ledger.removeprefix("sqlite:///")).parent
    steps.nightly(settings, [folder / "inbox"], "tester")


def close_through(settings: config.Settings, day: str) -> None:
    with ledger.open(settings.ledger) as book, book.transaction() as connection:
        head = connection.exec_driver_sql("SELECT value FROM counter WHERE name = 'register'")
        columns = ("id", "closed_through", "action", "actor", "second_actor", "reason",
                   "after_register")  # fmt: skip
        row = (1, day, "close", "anna", "", "October", head.scalar())
        insert(connection, "period_event", columns, [row])


def with_policy(story: str, *lines: str) -> str:
    return f"{story}\n```toml\n" + "\n".join(lines) + "\n```\n"


def test_a_closed_period_takes_nothing_until_a_person_posts_it_on_the_first_open_day(
    tmp_path: Path,
) -> None:
    story = with_policy(RECEIPT, "[policy]", 'park = "nightly"')
    settings = given(story, f"sqlite:///{tmp_path}/ledger.db", tmp_path)
    close_through(settings, "2026-10-29")
    night(settings)
    assert told(settings) == [("proposed", "period_closed")]
    with ledger.open(settings.ledger) as book:
        assert book.rows("SELECT count(*) FROM journal_entry WHERE line_id IS NOT NULL")[0][0] == 0
    decisions.accept(settings, 1, "berta", reason="belongs to October, booked in November")
    with ledger.open(settings.ledger) as book:
        row = book.rows(
            "SELECT j.posting_date, l.booking_date, l.value_date FROM journal_entry j"
            " JOIN statement_line l ON l.line_id = j.line_id"
        )[0]
    assert tuple(row) == ("2026-10-30", "2026-10-29", "2026-10-29")
    assert told(settings) == [("reconciled", "")]


def test_behind_a_gap_nothing_posts_when_the_policy_holds(tmp_path: Path) -> None:
    story = with_policy(RECEIPT, "[policy]", 'on_gap = "hold"', 'park = "nightly"')
    settings = given(story, f"sqlite:///{tmp_path}/ledger.db", tmp_path, gap=True)
    night(settings)
    assert told(settings) == [("proposed", "gap")]


def test_an_account_that_is_reconciled_separately_waits_for_the_command(tmp_path: Path) -> None:
    banks = (
        "no,name,currency,iban,gl_account,last_statement_balance,last_statement_date,reconcile\n"
    )
    banks += "BANK,BANK,EUR,DE38500400000123456700,BANK,0.00,2026-10-28,separate\n"
    receipt = ":61:2610291029C70,00NTRFNONREF//G9\n:86:166?20SVWZ+RE-2026-1001\n"
    entries = "party_type,party_no,document_type,document_no,posting_date,currency,amount\n"
    entries += "customer,C1,invoice,RE-2026-1001,2026-10-20,EUR,70.00\n"
    story = CHECK.replace("```mt940 BANK\n", f"```mt940 BANK\n{receipt}")
    story += f"\n```csv bank-accounts\n{banks}```\n\n```csv ledger-entries\n{entries}```\n"
    story = with_policy(story, "[policy]", 'park = "nightly"')
    settings = given(story, f"sqlite:///{tmp_path}/ledger.db", tmp_path)
    night(settings)
    assert told(settings) == [("posted", ""), ("proposed", "to_reconcile")]
    with ledger.open(settings.ledger) as book:
        assert export(book, "bank-entries")["status"].to_list() == ["open"]
    steps.reconcile(settings, actor="anna", separate=True)
    assert told(settings) == [("reconciled", ""), ("reconciled", "")]
    with ledger.open(settings.ledger) as book:
        assert export(book, "bank-entries")["status"].to_list() == ["closed"]


def test_a_limit_that_two_people_use_at_one_moment_holds_for_both(tmp_path: Path) -> None:
    short = ":61:2610291029C990,00NTRFNONREF//G{n}\n:86:166?20SVWZ+RE-2026-100{n}\n"
    bank = "".join(short.format(n=n) for n in (1, 2))
    books = "party_type,party_no,document_type,document_no,posting_date,currency,amount\n"
    books += "".join(f"customer,C1,invoice,RE-2026-100{n},2026-10-20,EUR,1000.00\n" for n in (1, 2))
    story = f"```csv ledger-entries\n{books}```\n\n```mt940 BANK\n{bank}```\n"
    ten = '{ default = "10" }'
    limits = [f"write_off_{name} = {ten}" for name in ("line", "party_month", "night")]
    settings = given(with_policy(story, "[policy]", 'post = "none"', *limits),
                     f"sqlite:///{tmp_path}/ledger.db", tmp_path)  # fmt: skip
    night(settings)
    with ledger.open(settings.ledger) as book:
        seen = {1: queue.item(book, 1)["version"]}
        stale = {"written_off": 1000, "write_offs_seen": queue.write_offs(book)}
    words = [
        Wish(((f"RE-2026-100{n}", ""),), write_offs=((f"RE-2026-100{n}", "10.00"),)) for n in (1, 2)
    ]
    assert "needs_approval" not in decisions.apply(settings, 2, words[1], "anna")
    with (
        ledger.open(settings.ledger) as book,
        pytest.raises(StaleDecisionError, match="another person wrote off"),
        book.transaction() as connection,
    ):
        queue.recording(stale, seen, resolves=True)(connection)
    receipt = decisions.apply(settings, 1, words[0], "berta")
    assert receipt["needs_approval"] == "write_off_party_month"


def test_an_account_that_is_not_set_is_never_guessed(tmp_path: Path) -> None:
    story = (FOLDER / "discount-in-time.md").read_text("utf-8").partition(THEN)[0]
    story = with_policy(story, "[accounts]", 'discount_granted = ""')
    settings = given(story, f"sqlite:///{tmp_path}/ledger.db", tmp_path)
    night(settings)
    assert told(settings) == [("proposed", "account_not_set")]
    with ledger.open(settings.ledger) as book:
        open_amount = export(book, "entries").filter(pl.col("document_type") == "invoice")
    assert open_amount["remaining_amount"].to_list() == ["1000.00"]
