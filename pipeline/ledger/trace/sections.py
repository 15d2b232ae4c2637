"""What a trace shows, kind by kind, from the bank's file to the register."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.domain.decimals import decimals
from pipeline.ledger.export.letters import letters
from pipeline.ledger.reading import Snapshot
from pipeline.ledger.trace.meanings import Meaning
from pipeline.ledger.trace.tied import tied

_PLACE = "coalesce(s.bank_account_no, '') || '/' || s.statement_no"
_LINE = f"coalesce({_PLACE} || '/' || l.line_no, '') AS line"
_OF_LINE = (
    " LEFT JOIN statement_line l ON l.line_id = {line} LEFT JOIN statement s ON s.id ="
    " l.statement_id"
)
_DOCUMENT = (
    "CASE WHEN b.id IS NOT NULL THEN 'bank' ELSE {row}.party_type END AS party_type, CASE WHEN b.id"
    " IS NOT NULL THEN b.bank_account_no ELSE {row}.party_no END AS party_no,"
    " coalesce(e.document_type, '') AS document_type, coalesce(e.document_no, b.entry_no, '') AS"
    " document_no"
)


@dataclass(frozen=True, slots=True)
class Section:
    """One kind: its query after the ``WITH`` of ``tied``; its columns, amounts and numbers."""

    sql: str
    columns: tuple[str, ...]
    money: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


SECTIONS: dict[str, Section] = {
    "files": Section(
        "SELECT f.sha256, f.name, f.size, f.status, f.reason, f.actor FROM feed_file f WHERE"
        " f.sha256 IN (SELECT id FROM t_file) ORDER BY f.name, f.sha256",
        ("file_sha256", "file_name", "size", "status", "reason", "actor"),
        numbers=("size",),
    ),
    "statements": Section(
        f"SELECT {_PLACE}, s.from_date, s.to_date, s.opening, s.closing, s.currency, s.status,"
        " s.reason, coalesce(c.actor, ''), s.sha256 FROM statement s LEFT JOIN closed_statement c"
        " ON c.statement_id = s.id WHERE s.id IN (SELECT id FROM t_statement)"
        " ORDER BY s.bank_account_no, s.to_date, s.statement_no, s.id",
        ("statement", "from_date", "to_date", "opening", "closing", "currency", "status", "reason",
         "reconciled_by", "file_sha256"),
        money=("opening", "closing"),
    ),
    "lines": Section(
        f"SELECT {_LINE}, l.bank_reference, l.booking_date, l.value_date, l.amount, s.currency,"
        " l.counterparty_name, l.counterparty_account, l.text, l.end_to_end_id FROM statement_line"
        " l JOIN statement s ON s.id = l.statement_id WHERE l.line_id IN (SELECT id FROM t_line)"
        " ORDER BY l.booking_date, s.bank_account_no, s.to_date, s.statement_no, l.line_no",
        ("line", "bank_reference", "booking_date", "value_date", "amount", "currency",
         "counterparty_name", "counterparty_account", "text", "end_to_end_id"),
        money=("amount",),
    ),
    "proposals": Section(
        f"SELECT {_LINE}, p.rank, p.confidence, p.rule, p.probability, p.reason, p.party_type,"
        f" p.party_no, p.explanation FROM proposal p{_OF_LINE.format(line='p.line_id')} WHERE"
        " p.line_id IN (SELECT id FROM t_line) AND p.confidence <> 'none' ORDER BY l.booking_date,"
        " 1, p.rank",
        ("line", "rank", "confidence", "rule", "probability", "reason", "party_type", "party_no",
         "explanation"),
        numbers=("rank",),
    ),
    "exceptions": Section(
        f"SELECT x.id, {_LINE}, x.reason, x.status, x.opened_on, x.assigned_to FROM exception_item"
        f" x{_OF_LINE.format(line='x.line_id')} WHERE x.line_id IN (SELECT id FROM t_line)"
        " ORDER BY x.id",
        ("id", "line", "reason", "status", "opened_on", "assigned_to"),
        numbers=("id",),
    ),
    "decisions": Section(
        f"SELECT {_LINE}, d.action, d.actor, d.prepared_by, d.reason, d.outcome, d.register_no,"
        f" d.recorded_at FROM decision d{_OF_LINE.format(line='d.line_id')} WHERE d.line_id IN"
        " (SELECT id FROM t_line) ORDER BY d.id",
        ("line", "action", "actor", "prepared_by", "reason", "outcome", "register", "recorded_at"),
        numbers=("register",),
    ),
    "journal": Section(
        f"SELECT j.no, j.register_no, j.posting_date, j.kind, {_LINE}, j.reverses_no, j.reason,"
        " p.gl_account, p.amount, p.currency, p.amount_company, CASE WHEN p.amount_company IS NULL"
        " THEN '' ELSE (SELECT m.value FROM meta m WHERE m.key = 'company_currency') END,"
        " p.party_type, p.party_no FROM journal_entry j JOIN"
        f" posting p ON p.journal_entry_no = j.no{_OF_LINE.format(line='j.line_id')} WHERE j.no IN"
        " (SELECT id FROM t_journal) ORDER BY j.no, p.seq",
        ("journal_entry", "register", "posting_date", "kind", "line", "reverses", "reason",
         "gl_account", "amount", "currency", "amount_company", "company_currency", "party_type",
         "party_no"),
        money=("amount", "amount_company"),
        numbers=("journal_entry", "register", "reverses"),
    ),
    "applications": Section(
        f"SELECT a.journal_entry_no, {_LINE}, {_DOCUMENT.format(row='a')}, a.gl_account, a.role,"
        " a.applied_amount, a.entry_amount, a.discount_amount, a.difference_amount,"
        " a.difference_kind, coalesce(e.currency, b.currency, s.currency), CASE WHEN e.currency <>"
        " s.currency THEN s.currency ELSE '' END, a.confidence, a.rule,"
        " a.unapplies_no, coalesce(u.journal_entry_no, r.no) FROM application a JOIN journal_entry"
        " j ON j.no = a.journal_entry_no LEFT JOIN entry e ON e.id = a.entry_id LEFT JOIN"
        f" bank_entry b ON b.id = a.bank_entry_id{_OF_LINE.format(line='a.line_id')} LEFT JOIN"
        " application u ON u.unapplies_no = a.journal_entry_no AND u.unapplies_seq = a.seq LEFT"
        " JOIN journal_entry r ON r.reverses_no = j.no WHERE a.journal_entry_no IN (SELECT id FROM"
        " t_journal) ORDER BY a.journal_entry_no, a.seq",
        ("journal_entry", "line", "party_type", "party_no", "document_type", "document_no",
         "gl_account", "role", "applied_amount", "entry_amount", "discount_amount",
         "difference_amount", "difference_kind", "currency", "applied_currency", "confidence",
         "rule", "undoes", "undone_by"),
        money=("applied_amount", "entry_amount", "discount_amount", "difference_amount"),
        numbers=("journal_entry", "undoes", "undone_by"),
    ),
    "entries": Section(
        "SELECT e.id, e.party_type, e.party_no, e.document_type, e.document_no, e.instalment,"
        " e.posting_date, e.due_date, e.amount, e.remaining_amount, e.currency,"
        " e.journal_entry_no, j.register_no FROM entry e JOIN journal_entry j ON j.no ="
        " e.journal_entry_no WHERE e.id IN (SELECT id FROM t_entry) ORDER BY e.party_type,"
        " e.party_no, e.posting_date, e.document_type, e.document_no, e.instalment",
        ("_entry_id", "party_type", "party_no", "document_type", "document_no", "instalment",
         "posting_date", "due_date", "amount", "remaining_amount", "currency", "journal_entry",
         "register"),
        money=("amount", "remaining_amount"),
        numbers=("_entry_id", "instalment", "journal_entry", "register"),
    ),
    "payment_parts": Section(
        "SELECT p.payment_reference, p.party_no, e.document_type, e.document_no, e.instalment,"
        " r.amount, p.currency, p.actor, p.recorded_at FROM payment_part p JOIN payment_part_entry"
        " r ON r.payment_reference = p.payment_reference JOIN entry e ON e.id = r.entry_id WHERE"
        " r.entry_id IN (SELECT id FROM t_entry) ORDER BY p.recorded_at, p.payment_reference,"
        " e.document_type, e.document_no, e.instalment",
        ("payment_reference", "party_no", "document_type", "document_no", "instalment", "amount",
         "currency", "actor", "recorded_at"),
        money=("amount",),
        numbers=("instalment",),
    ),
    "bank_entries": Section(
        "SELECT b.bank_account_no, b.entry_no, b.entry_type, b.document_no, b.check_no,"
        " b.posting_date, b.amount, b.remaining_amount, b.currency, b.status, b.journal_entry_no,"
        " j.register_no FROM bank_entry b JOIN journal_entry j ON j.no = b.journal_entry_no WHERE"
        " b.id IN (SELECT id FROM t_bank_entry) ORDER BY b.bank_account_no, b.entry_no",
        ("bank_account_no", "entry_no", "entry_type", "document_no", "check_no", "posting_date",
         "amount", "remaining_amount", "currency", "status", "journal_entry", "register"),
        money=("amount", "remaining_amount"),
        numbers=("journal_entry", "register"),
    ),
    "conflicts": Section(
        "SELECT e.party_type, e.party_no, e.document_type, e.document_no, e.instalment, c.action,"
        " c.said, c.actor, c.second_actor, c.reason, c.recorded_at FROM source_conflict c JOIN"
        " entry e ON e.id = c.entry_id WHERE c.entry_id IN (SELECT id FROM t_entry) ORDER BY c.id",
        ("party_type", "party_no", "document_type", "document_no", "instalment", "action",
         "source_says", "actor", "second_actor", "reason", "recorded_at"),
        numbers=("instalment",),
    ),
    "master_data": Section(
        "SELECT m.kind, m.no, m.field, m.old_value, m.new_value, f.actor, f.recorded_at,"
        " f.file_name, f.sha256 FROM master_change m JOIN load_file f ON f.id = m.load_id WHERE"
        " m.field <> 'no' AND EXISTS (SELECT 1 FROM entry e WHERE e.id IN (SELECT id FROM t_entry)"
        " AND e.party_type = m.kind AND e.party_no = m.no) ORDER BY m.id",
        ("kind", "no", "field", "old_value", "new_value", "actor", "recorded_at", "file_name",
         "file_sha256"),
    ),
    "registers": Section(
        "SELECT r.no, r.kind, r.reason, r.actor, r.recorded_at, r.run_id, r.policy_hash, s.hash"
        " FROM register r JOIN register_seal s ON s.register_no = r.no WHERE r.no IN (SELECT id"
        " FROM t_register) ORDER BY r.no",
        ("register", "kind", "reason", "actor", "recorded_at", "run_id", "policy_hash", "hash"),
        numbers=("register",),
    ),
    "batches": Section(
        "SELECT b.kind, b.number, b.after_register + 1, b.through_register, b.actor, b.recorded_at"
        " FROM export_batch b WHERE EXISTS (SELECT 1 FROM t_register t WHERE t.id >"
        " b.after_register AND t.id <= b.through_register) ORDER BY b.kind, b.number",
        ("kind", "batch", "first_register", "last_register", "actor", "recorded_at"),
        numbers=("batch", "first_register", "last_register"),
    ),
}  # fmt: skip
"""In the order in which money goes: what the bank sent, what was made of it, what it settled."""


def trace(books: Snapshot, meaning: Meaning) -> dict[str, pl.DataFrame]:
    """Each kind of ``SECTIONS`` as a frame: all that is tied to ``meaning``, amounts as text.

    Debit is positive; entries have the letter of the group that they close, and its date.
    """
    begin = tied(meaning.seed, meaning.where)
    found = {name: _section(books, begin, section) for name, section in SECTIONS.items()}
    found["entries"] = _lettered(books, begin, found["entries"])
    return found


def _section(books: Snapshot, begin: str, section: Section) -> pl.DataFrame:
    whole = {*section.money, *section.numbers}
    schema: dict[str, Any] = {
        name: pl.Int64 if name in whole else pl.String for name in section.columns
    }
    frame = books.frame(f"{begin} {section.sql}", schema)
    amounts = [_amounts(frame, name).alias(name) for name in section.money]
    return frame.with_columns(amounts).with_columns(pl.col(pl.String).fill_null(""))


def _amounts(frame: pl.DataFrame, name: str) -> pl.Expr:
    """Amounts as text; ``applied_currency`` is set where it is another one than the entry's."""
    if name.endswith("_company"):
        return decimals(frame, name, "company_currency")
    own = decimals(frame, name, "currency")
    if name != "applied_amount":
        return own
    of_line = decimals(frame, name, "applied_currency")
    return pl.when(pl.col("applied_currency") == "").then(own).otherwise(of_line)


def _lettered(books: Snapshot, begin: str, entries: pl.DataFrame) -> pl.DataFrame:
    found = letters(books, parties_of=f"{begin} SELECT id FROM t_entry")
    both = entries.join(found, on="_entry_id", how="left", maintain_order="left")
    return both.drop("_entry_id").with_columns(pl.col("letter", "letter_date").fill_null(""))
