"""Everything behind one balance, for an auditor: the postings, what they rest on, the banks' files.

The same state of the ledger gives the same bytes. Nothing dated after the day is in it.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pipeline.domain.decimals import decimals
from pipeline.domain.errors import UsageError
from pipeline.domain.original import unpacked
from pipeline.ledger import originals
from pipeline.ledger.connection import Ledger
from pipeline.ledger.export.writing import comma_separated
from pipeline.ledger.known import Known, entries, known
from pipeline.ledger.known.past import past
from pipeline.ledger.load.kinds import ENTRY_KEY
from pipeline.ledger.reading import quoted, snapshot
from pipeline.ledger.trace.meanings import Meaning
from pipeline.ledger.trace.sections import trace

_POSTINGS = (
    "SELECT j.no, j.register_no, j.posting_date, j.kind, coalesce(s.bank_account_no || '/' ||"
    " s.statement_no || '/' || l.line_no, ''), p.gl_account, p.amount, p.currency, p.party_type,"
    " p.party_no FROM posting p JOIN journal_entry j ON j.no = p.journal_entry_no LEFT JOIN"
    " statement_line l ON l.line_id = j.line_id LEFT JOIN statement s ON s.id = l.statement_id"
    " WHERE {journal} AND p.gl_account = {account} ORDER BY p.currency, j.posting_date, j.no, p.seq"
)
_DATED = {"lines": "booking_date", "entries": "posting_date", "bank_entries": "posting_date",
          "journal": "posting_date", "exceptions": "opened_on"}  # fmt: skip
_LEFT_OUT = (
    "\nAs the ledger knew it when this register was sealed. What waited for people then, proposals,"
    "\nand the status of bank entries at their source are not kept and left out.\n"
)
_MEANS = {
    "balance.csv": "the balance by currency, and of how many rows it is the sum",
    "postings.csv": "these rows: what is posted to the account",
    "open-entries.csv": "these rows: the entries open on the day, as much as was open then",
    "files.csv": "the bank files behind it, which lie in originals/ under their hash",
    "statements.csv": "the bank statements of these files that have a line behind it",
    "lines.csv": "the bank lines, as the bank wrote them",
    "proposals.csv": "what the machine proposed for the lines, and on what evidence",
    "exceptions.csv": "lines that people were asked about",
    "decisions.csv": "what people decided, who and when",
    "journal.csv": "the whole journal entries, all postings of each",
    "applications.csv": "which payment settles which document, with discount and difference",
    "entries.csv": "documents and payments; what remains and their letter are as last known",
    "payment-parts.csv": "statements' payment parts that asked for the entries, by reference",
    "bank-entries.csv": "what the books showed on bank accounts before the bank confirmed it",
    "conflicts.csv": "what the source of documents says otherwise, since when, and who ended that",
    "master-data.csv": "changed names, accounts and terms of the parties, who and by which file",
    "registers.csv": "which step wrote it, who, when, under which policy; the hash of the chain",
    "batches.csv": "the batches in which it was handed to other programs",
}
Part = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Subject:
    """What the balance is of: a G/L ``account``, or a ``customer`` or ``vendor`` and its number."""

    account: str = ""
    party_type: str = ""
    party_no: str = ""

    @property
    def text(self) -> str:
        """It in words."""
        return f"account {self.account}" if self.account else f"{self.party_type} {self.party_no}"


def audit(
    ledger: Ledger, subject: Subject, as_of: dt.date, at: int | None = None
) -> Iterator[Part]:
    """File names and contents: tables as CSV, the banks' files, at last what the folder holds.

    With ``at`` as the ledger knew it when that register was sealed, without the queue.
    UsageError where the books do not know the account, the party or the register.
    """
    _known(ledger, subject)
    point = known(ledger, as_of, at)
    listed: list[tuple[str, str, int]] = []
    frames = _frames(ledger, subject, point, back=at is not None)
    balances = frames.pop("balance")
    for name, frame in {"balance": balances, **frames}.items():
        if frame.height:
            yield _kept(listed, f"{name.replace('_', '-')}.csv", comma_separated(frame))
    for sha256 in frames["files"].filter(pl.col("status") == "taken")["file_sha256"]:
        packed, _ = originals.kept(ledger, sha256)
        yield _kept(listed, f"originals/{sha256}", b"".join(unpacked(packed)))
    told = _told(subject, point, balances, listed)
    yield "READ-ME.txt", (told if at is None else told + _LEFT_OUT).encode()


def _known(ledger: Ledger, subject: Subject) -> None:
    wanted = (
        f"SELECT 1 FROM gl_account WHERE no = {quoted(subject.account)}"
        if subject.account
        else f"SELECT 1 FROM party WHERE party_type = {quoted(subject.party_type)}"
        f" AND party_no = {quoted(subject.party_no)}"
    )
    if ledger.frame(wanted, {"found": pl.Int64}).is_empty():
        raise UsageError(f"export audit: {subject.text} is not in these books")


def _kept(listed: list[tuple[str, str, int]], name: str, data: bytes) -> Part:
    listed.append((name, hashlib.sha256(data).hexdigest(), len(data)))
    return name, data


def _frames(
    ledger: Ledger, subject: Subject, point: Known, *, back: bool
) -> dict[str, pl.DataFrame]:
    """``balance``, then what it is the sum of, then each section of a trace of that."""
    if subject.account:
        rows = _postings(ledger, subject.account, point)
        name, amount = "postings", "amount"
        seed = (
            f"no IN (SELECT j.no FROM journal_entry j JOIN posting p ON p.journal_entry_no = j.no"
            f" WHERE {point.journal} AND p.gl_account = {quoted(subject.account)})"
        )
        meaning = Meaning("account", subject.text, subject.text, "journal_entry", seed)
    else:
        rows = _open(ledger, subject, point)
        name, amount = "open-entries", "remaining_amount"
        seed = (
            f"party_type = {quoted(subject.party_type)} AND party_no = {quoted(subject.party_no)}"
            f" AND posting_date <= '{point.as_of}'"
        )
        meaning = Meaning("party", subject.text, subject.text, "entry", seed)
    with ledger.turn(), snapshot(ledger.engine) as books:
        found = trace(past(books, point) if back else books, meaning)
    sums = rows.group_by("currency").agg(pl.col(amount).sum().alias("amount"), pl.len())
    shown = sums.sort("currency").rename({"len": "rows"}).select("currency", "amount", "rows")
    return {
        "balance": _written(shown, "amount"),
        name: _written(rows, amount),
        **_until(found, point),
    }


def _written(frame: pl.DataFrame, amount: str) -> pl.DataFrame:
    return frame.with_columns(decimals(frame, amount, "currency").alias(amount))


def _postings(ledger: Ledger, account: str, point: Known) -> pl.DataFrame:
    whole = ("journal_entry", "register", "amount")
    names = ("journal_entry", "register", "posting_date", "kind", "line", "gl_account", "amount",
             "currency", "party_type", "party_no")  # fmt: skip
    sql = _POSTINGS.format(journal=point.journal, account=quoted(account))
    return ledger.frame(sql, {n: pl.Int64 if n in whole else pl.String for n in names})


def _open(ledger: Ledger, subject: Subject, point: Known) -> pl.DataFrame:
    own = (pl.col("party_type") == subject.party_type) & (pl.col("party_no") == subject.party_no)
    found = entries.open_entries(ledger, point).filter(own)
    return found.rename({"remaining": "remaining_amount"}).sort(pl.all())


def _until(found: dict[str, pl.DataFrame], point: Known) -> dict[str, pl.DataFrame]:
    """A trace without what is dated after the day, and without what only that was tied to."""
    day = point.as_of.isoformat()
    kept = {
        name: frame.filter(pl.col(_DATED[name]) <= day) if name in _DATED else frame
        for name, frame in found.items()
    }
    by_journal = kept["journal"].select("journal_entry").unique()
    kept["applications"] = kept["applications"].join(
        by_journal, on="journal_entry", how="semi", maintain_order="left"
    )
    documents = kept["entries"].select(ENTRY_KEY)
    kept["conflicts"] = kept["conflicts"].join(
        documents, on=ENTRY_KEY, how="semi", maintain_order="left"
    )
    lines = kept["lines"].select("line")
    for name in ("proposals", "exceptions", "decisions"):
        kept[name] = kept[name].join(lines, on="line", how="semi", maintain_order="left")
    return kept


def _told(
    subject: Subject, point: Known, balances: pl.DataFrame, listed: list[tuple[str, str, int]]
) -> str:
    parts = [
        f"Behind the balance of {subject.text} as of {point.as_of}",
        f"register {point.register}, hash {point.hash}, policy {point.policy_hash}",
        "Debit is positive; what a customer owes is positive, what we owe is negative.",
        "",
        *(f"balance {row['amount']} {row['currency']}, {row['rows']} rows"
          for row in balances.to_dicts()),
        "" if balances.height else f"nothing is {'posted' if subject.account else 'open'}\n",
        *(f"{name}: {_MEANS[name]}" for name, *_ in listed if name in _MEANS),
        "",
        *(f"{sha256}  {size:>9}  {name}" for name, sha256, size in listed),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"
