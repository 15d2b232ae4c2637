"""Money is conserved: whatever the lines, entries and decisions, nothing is lost or added."""

import dataclasses
import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import example, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from pipeline import config, decisions, ledger, posting, steps
from pipeline.decisions import Wish
from pipeline.domain import frames
from pipeline.domain.errors import DecisionError, UsageError
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from tests.long import examples
from tests.matching.worlds import frame
from tests.posting.books_of_a_week import Line, Week, weeks
from tests.posting.test_golden import state, undo_all

SETTINGS = config.Settings(ledger="")
ACCOUNTS = frame(
    [{"bank_account_no": no, "currency": code, "gl_account": f"G-{no}", "account_ids": [],
      "transit_account": f"G-{no}-TRANSIT"} for no, code in (("B1", "EUR"), ("B2", "CHF"))],
    frames.BANK_ACCOUNTS,
)  # fmt: skip
ENTRIES = frame(
    [{"entry_id": n, "party_type": kind, "party_no": f"{kind[0]}{n % 2}",
      "control_account": "" if n % 3 else "1410"}
     for n, kind in enumerate(["customer", "vendor"] * 3, 1)],
    frames.ENTRIES,
)  # fmt: skip
OWNER = {row["entry_id"]: (row["party_type"], row["party_no"]) for row in ENTRIES.to_dicts()}
CENTS = st.integers(-50_000, 50_000).filter(bool)
Row = dict[str, Any]


@st.composite
def rows(draw: st.DrawFn, amount: int) -> list[Row]:
    """Rows of any kind whose applied amounts sum to the line's amount."""
    found: list[Row] = []
    for number in draw(st.lists(st.sampled_from(list(OWNER)), max_size=3, unique=True)):
        applied, less = draw(CENTS), draw(st.integers(-500, 500))
        rest = draw(st.sampled_from([0, 0, 5, -7]))
        party_type, party_no = OWNER[number]
        found.append(
            {"target": "entry", "target_id": number, "party_type": party_type,
             "party_no": party_no, "applied_amount": applied, "discount_amount": less,
             "difference_amount": rest, "entry_amount": applied + less + rest,
             "difference_kind": draw(st.sampled_from(list(_KINDS))) if rest else ""}
        )  # fmt: skip
    left = amount - sum(row["applied_amount"] for row in found)
    if left or not found:
        # A payment whose documents give it back leaves nothing on account.
        own = sum(row["applied_amount"] for row in found if row["party_no"] == "c1")
        spare = ["on_account"] if own * left >= 0 else []
        kind = draw(st.sampled_from([*spare, "gl", "transfer", "bank_entry"]))
        last: Row = {"target": kind, "target_id": 7 if kind == "bank_entry" else 0}
        last |= {"applied_amount": left, "entry_amount": left if kind == "bank_entry" else 0}
        if kind == "on_account":
            last |= {"party_type": "customer", "party_no": "c1"}
        found.append(last | {"gl_account": "bank_fees" if kind == "gl" else ""})
    return [row for row in found if row["applied_amount"] or row["target"] == "entry"]


_KINDS = ("tolerance", "bank_charge", "write_off")


@dataclasses.dataclass
class World:
    """Lines and what is decided of them, some of them parked before."""

    lines: pl.DataFrame
    heads: pl.DataFrame
    rows: pl.DataFrame
    parked: pl.DataFrame

    def journal(self) -> posting.Journal:
        return posting.post(self.lines, self.heads, self.rows, ACCOUNTS, ENTRIES, SETTINGS, None,
                            self.parked)  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> World:
    amounts = draw(st.lists(CENTS, min_size=1, max_size=5))
    day = dt.date(2026, 10, 30)
    lines, heads, own = [], [], []
    for number, amount in enumerate(amounts, 1):
        account = draw(st.sampled_from(["B1", "B2"]))
        lines.append({"line_id": number, "line_key": f"K{number}", "bank_account_no": account,
                      "currency": "EUR" if account == "B1" else "CHF", "amount": amount,
                      "booking_date": day, "value_date": day})  # fmt: skip
        heads.append({"line_id": number, "rank": 1, "confidence": "high", "rule": "any"})
        own += [
            row | {"line_id": number, "rank": 1, "seq": place}
            for place, row in enumerate(draw(rows(amount)), 1)
        ]
    parked = draw(st.lists(st.sampled_from(range(1, len(amounts) + 1)), unique=True))
    return World(
        frame(lines, frames.LINES), frame(heads, frames.PROPOSALS), frame(own, frames.PROPOSED),
        pl.DataFrame({"line_id": parked, "clearing_account": ["CLEARING"] * len(parked)},
                     schema={"line_id": pl.Int64, "clearing_account": pl.String}),
    )  # fmt: skip


def totals(table: pl.DataFrame, by: list[str], amount: str) -> dict[tuple[Any, ...], int]:
    summed = table.group_by(by).agg(pl.col(amount).sum())
    return {tuple(row[:-1]): row[-1] for row in summed.rows() if row[-1]}


@profile(max_examples=60, deadline=None)
@given(worlds())
def test_each_line_is_explained_by_one_balanced_journal_entry(world: World) -> None:
    journal = world.journal()
    keys = journal.journal_entries.select("key", "line_id")
    assert keys["line_id"].to_list() == world.lines["line_id"].to_list()
    assert totals(journal.postings, ["key", "currency"], "amount") == {}
    settles = journal.applications.filter(pl.col("role") == "settles")
    parked = set(world.parked["line_id"])
    bank = totals(journal.postings.join(keys, on="key").filter(pl.col("bank_account_no") != ""),
                  ["line_id"], "amount")  # fmt: skip
    explained = totals(settles, ["line_id"], "applied_amount")
    for number, amount in world.lines.select("line_id", "amount").rows():
        of_bank = 0 if number in parked else amount
        assert bank.get((number,), 0) == of_bank
        assert explained.get((number,), 0) == of_bank, "a release takes off clearing what it gives"
    parts = ("applied_amount", "discount_amount", "difference_amount")
    for row in settles.filter(pl.col("target") == "entry").to_dicts():
        assert row["entry_amount"] == sum(row[part] for part in parts)


@profile(max_examples=60, deadline=None)
@given(worlds())
def test_control_accounts_move_as_what_remains_of_the_entries(world: World) -> None:
    journal = world.journal()
    who = ["party_type", "party_no"]
    booked = totals(journal.postings.filter(pl.col("party_no") != ""), who, "amount")
    made = totals(journal.new_entries, who, "amount")
    taken = totals(journal.applications.filter(pl.col("target").is_in(["entry", "new_entry"])),
                   who, "entry_amount")  # fmt: skip
    for party in {*booked, *made, *taken}:
        assert booked.get(party, 0) == made.get(party, 0) - taken.get(party, 0)


@profile(max_examples=60, deadline=None)
@given(worlds())
def test_a_reversal_takes_everything_back(world: World) -> None:
    journal, created = as_stored(world.journal())
    day = pl.lit(dt.date(2026, 10, 31)).alias("day")
    undone = posting.reverse(
        journal, created, journal.journal_entries.select("key", day), "mistake"
    )
    both = pl.concat([journal.postings, undone.postings])
    assert totals(both, ["gl_account", "currency", "party_no", "bank_account_no"], "amount") == {}
    settled = pl.concat([journal.applications, undone.applications])
    left = totals(settled.filter(pl.col("target").is_in(["entry", "bank_entry"])),
                  ["target", "target_id"], "entry_amount")  # fmt: skip
    made = {("entry", row["entry_id"]): row["amount"] for row in created.to_dicts()}
    assert left == {key: amount for key, amount in made.items() if amount}
    lines = totals(settled.filter(pl.col("role") == "settles"), ["line_id"], "applied_amount")
    assert lines == {}


def as_stored(journal: posting.Journal) -> tuple[posting.Journal, pl.DataFrame]:
    """The journal as the ledger gives it back: payment entries have numbers."""
    names = ["key", "party_type", "party_no"]
    numbered = journal.new_entries.with_row_index("entry_id", 1000).cast({"entry_id": pl.Int64})
    joined = journal.applications.join(numbered.select(*names, "entry_id"), on=names, how="left",
                                       maintain_order="left")  # fmt: skip
    new = pl.col("target") == "new_entry"
    applications = joined.with_columns(
        pl.when(new).then("entry_id").otherwise("target_id").alias("target_id"),
        pl.when(new).then(pl.lit("entry")).otherwise("target").alias("target"),
    ).drop("entry_id")
    used = applications.filter(pl.col("role") == "counter").group_by(
        pl.col("target_id").alias("entry_id")
    ).agg(pl.col("entry_amount").sum().alias("used"))  # fmt: skip
    created = numbered.join(used, on="entry_id", how="left").with_columns(
        (pl.col("amount") - pl.col("used").fill_null(0)).alias("remaining_amount"),
        pl.lit(None, dtype=pl.Int64).alias("remaining_company"),  # in the company's currency
    )
    return dataclasses.replace(journal, applications=applications), created


# A decision leaves a parked line without doubt: it keeps its item until the next night posts it.
PARKED = Week(
    (("C1", 10000, 0),) * 4,
    (
        Line("BANK", 2, 10000, "C1", 0, "payment"),
        Line("BANK-2", 0, 10000, "C1", 0, "payment"),
        Line("BANK", 1, 10000, "C1", 2, "payment"),
        Line("BANK", 1, 10000, "C1", 0, "payment"),
        Line("BANK", 1, 10000, "C2", 0, "payment"),
        Line("BANK", 1, 10000, "C1", 2, "payment"),
    ),
    "month_end",
    "on_account",
)


@profile(max_examples=examples(4), deadline=None, derandomize=True)
@example(PARKED, ["C1"])
@given(weeks(), st.lists(st.sampled_from(["fee", "C1", "C2", "accept"]), max_size=4))
def test_a_week_of_any_lines_and_decisions_can_be_taken_back(week: Week, said: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = week.loaded(f"sqlite:///{name}/ledger.db", folder)
        before = state(settings)
        steps.nightly(settings, [week.inbox(folder / "inbox", [0, 1, 2], gap=100)], "tester")
        for word in said:
            decide(settings, word)
        conserved(settings)
        undo_all(settings)
        assert state(settings) == before
        conserved(settings)


def decide(settings: config.Settings, word: str) -> None:
    """A person decides the first open item in some way that the rules may refuse."""
    with ledger.open(settings.ledger) as book:
        items = export(book, "exceptions")["id"].to_list()
    if not items:
        return
    try:
        if word == "accept":
            decisions.accept(settings, items[0], "anna")
        elif word == "fee":
            wish = Wish(accounts=(("bank_fees", ""),))
            decisions.apply(settings, items[0], wish, "anna", action="to-account")
        else:
            decisions.apply(settings, items[0], Wish(on_account=word), "anna")
    except (UsageError, DecisionError):
        return


def conserved(settings: config.Settings) -> None:
    """The books hold; clearing is the sum of what is parked; each line adds up."""
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
        lines = export(book, "lines")
        clearing = book.rows("SELECT sum(amount) FROM posting WHERE gl_account = 'CLEARING'")
    cents = pl.col("amount", "applied_amount", "unapplied_amount").str.replace(
        ".", "", literal=True
    ).cast(pl.Int64)  # fmt: skip
    lines = lines.with_columns(cents)
    assert lines.filter(
        pl.col("amount") != pl.col("applied_amount") + pl.col("unapplied_amount")
    ).is_empty()
    parked = lines.filter(pl.col("status") == "parked")["amount"].sum()
    assert int(clearing[0][0] or 0) == -parked
