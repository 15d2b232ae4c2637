"""Rows that get past every rule, by the check of ``verify`` that has to find them."""

from dataclasses import dataclass
from typing import Any

SEVEN = 7
KEYS = {
    "posting": "journal_entry_no, seq", "application": "journal_entry_no, seq",
    "application_tax": "journal_entry_no, seq, part, tax_code",
    "application_value": "application_no, seq", "valuation": "values_no",
    "entry_value": "journal_entry_no, amount_company",
    "journal_entry": "no", "register": "no", "register_seal": "register_no", "counter": "name",
    "statement_line": "line_id", "statement_chain": "bank_account_no, ord", "feed_file": "sha256",
    "bank_account": "bank_account_no", "exception_item": "line_id",
    "queue_total": "currency, bank_account_no, reason, assigned_to, opened_on",
    "payment_part": "payment_reference", "payment_part_entry": "payment_reference, entry_id",
    "statement_run": "no", "statement_run_event": "run_no, action",
    "statement_skip": "run_no, customer_no",
    "export_batch": "kind, number", "export_file": "kind, number, name",
}  # fmt: skip


@dataclass(frozen=True)
class Corruption:
    """Up to seven rows of ``table`` where ``where`` holds are changed, deleted or doubled."""

    table: str
    change: str
    where: str = "1 = 1"
    found: int | None = None
    """How many violations; as many as rows where that is not stated."""


def twice(table: str, where: str = "1 = 1", **changed: str) -> Corruption:
    """Rows are there twice, but for the columns that are ``changed``."""
    columns = [column.name for column in ledger_table(table).columns]
    values = ", ".join(changed.get(name, name) for name in columns)
    return Corruption(table, f"INSERT INTO {table} SELECT {values} FROM {table}", where)


def ledger_table(name: str) -> Any:
    from pipeline.ledger.schema import metadata

    return metadata.tables[name]


NEXT = "(SELECT max(no) FROM journal_entry)"
LIVE = "status IN ('received', 'reconciled')"
REVERSAL = "journal_entry_no IN (SELECT no FROM journal_entry WHERE reverses_no IS NOT NULL)"
OF_CLOSED = "line_id IN (SELECT l.line_id FROM statement_line l JOIN closed_statement c ON"
OF_CLOSED += " c.statement_id = l.statement_id WHERE l.amount <> 0)"
UNAPPLIED = "journal_entry_no IN (SELECT no FROM journal_entry WHERE kind = 'unapplication')"
PARKED = "SELECT line_id FROM journal_entry WHERE kind = 'parking'"

CORRUPTIONS: dict[str, list[Corruption]] = {
    "I1": [
        Corruption("posting", "amount = amount + 1", "seq = 1"),
        Corruption("posting", "DELETE", "seq = 1"),
        Corruption("posting", "currency = 'JPY'", "seq = 1"),
    ],
    "I2": [
        Corruption("application", "DELETE", found=1),
        Corruption("register_seal", "postings = postings + 1"),
        Corruption("register_seal", "journal_entries = journal_entries - 1"),
    ],
    "I2b": [Corruption("register_seal", "DELETE")],
    "I2c": [Corruption("posting", "DELETE", "seq > 1", found=1)],
    "I3": [
        Corruption("posting", "amount = 0"),
        Corruption("posting", "amount = 9000000000000001"),
    ],
    "I3b": [Corruption("posting", "currency = 'ABC'", found=1)],
    "I4": [Corruption("posting", "currency = 'JPY'", "bank_account_no <> ''")],
    "I5": [],
    "I6": [Corruption("posting", "amount = amount * 2", REVERSAL, found=1)],
    "I6b": [
        Corruption("journal_entry", "reason = ''", "reverses_no IS NOT NULL"),
        Corruption("journal_entry", "reverses_no = no + 1", "reverses_no IS NOT NULL", found=1),
    ],
    "I6c": [Corruption("journal_entry", "reverses_no = 1", found=1)],
    "I7": [Corruption("journal_entry", "DELETE", "no > 3", found=1)],
    "I7b": [Corruption("register", "DELETE", "no = 2")],
    "I7c": [Corruption("counter", "value = value + 1"), Corruption("counter", "DELETE")],
    "I8": [Corruption("register", "recorded_at = '2000-01-01'", "no > 1", found=1)],
    "I9": [twice("journal_entry", no=f"no + {NEXT}")],
    "I9b": [
        Corruption("journal_entry", "posting_date = '2026-01-01'"),
        Corruption("journal_entry", "kind = 'other'"),
        Corruption("posting", "gl_account = 'CLEARING'", "gl_account <> 'CLEARING'", found=1),
        Corruption("application", "difference_kind = 'write_off'", found=1),
        Corruption("application", "entry_id = entry_id + 1", "entry_id IS NOT NULL", found=1),
    ],
    "I10": [Corruption("journal_entry", "posting_date = '2025-12-01'",
                       "register_no > (SELECT max(after_register) FROM period_event)")],
    "I10b": [
        Corruption("period_event", "action = 'reopen'", "action = 'close'", found=1),
        Corruption("period_event", "second_actor = actor", "action = 'reopen'"),
        Corruption("period_event", "request_id = 99", "action = 'reopen'"),
        Corruption("request", "actor = 'nobody'", "kind = 'reopen'", found=1),
        Corruption("request", "seen = '0'", "kind = 'reopen'", found=1),
        Corruption("request", "subject = '2024-01-01'", "kind = 'reopen'", found=1),
    ],
    "I11": [
        Corruption("register_seal", "hash = hash || 'x'"),
        Corruption("register", "actor = 'nobody'"),
        Corruption("register", "policy_hash = ''", "policy_hash <> ''"),
        Corruption("application", "confidence = 'low'", "confidence = 'high'", found=1),
        Corruption("entry", "document_no = 'X'", found=1),
        Corruption("entry", "due_date = '2030-01-01'", found=1),
    ],
    "I11b": [
        Corruption("entry", "fields = 'somebody'", "personal_salt = ''"),
        Corruption("bank_entry", "personal_salt = ''", "personal_salt <> ''"),
        Corruption("bank_entry", "description = 'somebody else'", "personal_salt <> ''"),
        Corruption("bank_entry", "personal_hash = 'x'", "personal_salt <> ''"),
    ],
    "I12": [Corruption("posting", "amount = amount + 1", "currency = 'EUR'", found=1)],
    "I12b": [Corruption("posting", "amount_company = 7", "journal_entry_no = 1", found=1)],
    "I12c": [
        Corruption("valuation", "DELETE"),
        Corruption("valuation", "journal_entry_no = values_no", "journal_entry_no <> values_no",
                   found=1),
    ],
    "I12d": [
        Corruption("posting", "amount = 5", "amount = 0 AND journal_entry_no IN (SELECT"
                   " journal_entry_no FROM valuation WHERE values_no <> journal_entry_no)",
                   found=1),
    ],
    "I13b": [
        Corruption("entry_value", "amount_company = amount_company + 1", found=1),
        Corruption("posting", "amount_company = amount_company + 1",
                   "party_no <> '' AND amount_company > 0", found=1),
    ],
    "I13c": [
        Corruption("entry_value", "amount_company = amount_company + 1", "entry_id IN (SELECT"
                   " a.entry_id FROM application a JOIN application_value v ON v.application_no ="
                   " a.journal_entry_no AND v.seq = a.seq)", found=1),
        Corruption("application_value", "entry_company = entry_company - 1", "fx_company <> 0",
                   found=1),
    ],
    "I13d": [
        Corruption("application_value", "fx_company = fx_company + 1", "fx_company <> 0"),
        Corruption("application_value", "applied_company = 1", "applied_company = 0"),
    ],
    "I13e": [
        Corruption("application_value", "fx_company = fx_company + 1, applied_company ="
                   " applied_company - 1", "application_no IN (SELECT journal_entry_no FROM"
                   " application WHERE unapplies_no IS NOT NULL)", found=1),
    ],
    "I13f": [
        Corruption("entry_value", "amount_company = amount_company + 1", found=1),
        Corruption("application_value", "entry_company = entry_company + 1, applied_company ="
                   " applied_company + 1", "fx_company <> 0", found=1),
    ],
    "I13": [
        Corruption("entry", "remaining_amount = 0", "remaining_amount <> 0", found=1),
        Corruption("posting", "amount = amount + 1", "party_no <> ''", found=1),
    ],
    "I14": [
        Corruption("entry", "remaining_amount = remaining_amount - 1", "remaining_amount > 1"),
        Corruption("application", "entry_amount = entry_amount + 1", "entry_id IS NOT NULL",
                   found=1),
    ],
    "I14b": [Corruption("bank_entry", "remaining_amount = amount", "remaining_amount = 0")],
    "I15": [
        Corruption("entry", "remaining_amount = initial_amount * 2", "initial_amount <> 0"),
        Corruption("entry", "amount = 0", "initial_amount <> 0"),
    ],
    "I15b": [Corruption("bank_entry", "remaining_amount = -amount", "amount <> 0")],
    "I16": [Corruption("application", "applied_amount = applied_amount + 1",
                       "role = 'settles' AND line_id IS NOT NULL", found=1)],
    "I16b": [Corruption("posting", "amount = amount + 1", "bank_account_no <> '' AND"
                        " journal_entry_no IN (SELECT no FROM journal_entry WHERE line_id IS NOT"
                        " NULL)")],
    "I17": [twice("journal_entry", "kind = 'payment' AND no NOT IN (SELECT coalesce(reverses_no, 0)"
                  " FROM journal_entry)", no=f"no + {NEXT}", key="key || 'x'")],
    "I17b": [Corruption("journal_entry", "kind = 'release'", "kind = 'payment' AND no NOT IN"
                        " (SELECT coalesce(reverses_no, 0) FROM journal_entry)")],
    "I18": [Corruption("application", "party_no = 'X'", "entry_id IS NOT NULL", found=1)],
    "I18b": [Corruption("entry", "currency = 'JPY'", "initial_amount <> remaining_amount",
                        found=1)],
    "I18c": [Corruption("application", "bank_entry_id = (SELECT max(e.id) FROM bank_entry e WHERE"
                        " e.bank_account_no <> (SELECT b.bank_account_no FROM bank_entry b WHERE"
                        " b.id = bank_entry_id))", "bank_entry_id IS NOT NULL")],
    "I18d": [Corruption("entry", "currency = 'JPY'", "initial_amount <> remaining_amount",
                        found=1)],
    "I19": [
        Corruption("application", "entry_amount = entry_amount + 1", "role = 'settles'"),
        Corruption("application", "discount_amount = discount_amount + 1",
                   "role = 'settles' AND entry_id IS NOT NULL"),
    ],
    "I19b": [Corruption("application", "entry_amount = -entry_amount",
                        "role = 'settles' AND entry_id IS NOT NULL AND unapplies_no IS NULL")],
    "I20": [
        Corruption("application", "entry_amount = entry_amount - 1", "unapplies_no IS NOT NULL"),
        Corruption("application", "unapplies_seq = 99", "unapplies_no IS NOT NULL"),
    ],
    "I20b": [Corruption("application", "unapplies_no = 1, unapplies_seq = 1", found=1)],
    "I20c": [
        Corruption("application", "unapplies_no = NULL, unapplies_seq = NULL",
                   f"unapplies_no IS NOT NULL AND {UNAPPLIED}", found=1),
        Corruption("journal_entry", "line_id = 1", "kind = 'unapplication'"),
    ],
    "I20f": [Corruption("journal_entry", "kind = 'application'", "kind = 'unapplication'")],
    "I20d": [
        Corruption("application", "applied_amount = applied_amount + 1",
                   f"role = 'settles' AND {UNAPPLIED}", found=1),
        Corruption("application", "DELETE", f"rule = 'unapplication' AND {UNAPPLIED}", found=1),
    ],
    "I20e": [
        Corruption("application", "entry_amount = entry_amount + 1",
                   f"role = 'counter' AND {UNAPPLIED}", found=1),
        Corruption("posting", "amount = amount + 1", f"party_no <> '' AND {UNAPPLIED}", found=1),
    ],
    "I22": [
        Corruption("application", "entry_amount = entry_amount * 3", "entry_id IS NOT NULL",
                   found=1),
        Corruption("entry", "initial_amount = 0, remaining_amount = 0",
                   "initial_amount <> remaining_amount"),
    ],
    "I22b": [Corruption("application", "entry_amount = -entry_amount", "bank_entry_id IS NOT NULL",
                        found=1)],
    "I23": [twice("feed_file"), Corruption("feed_file", "sha256 = 'x'", found=1)],
    "I23b": [
        Corruption("feed_file", "original = NULL", "status = 'taken'"),
        Corruption("feed_file", "original = substr(original, 1, length(original) - 9)",
                   "status = 'taken'"),
        Corruption("feed_file", "original = (SELECT f.original FROM feed_file f WHERE f.status ="
                   " 'taken' ORDER BY f.sha256 LIMIT 1)", "status = 'taken'", found=1),
        Corruption("feed_file", "size = size + 1", "status = 'taken'"),
    ],
    "I43": [
        Corruption("export_batch", "postings = postings + 1"),
        Corruption("export_batch", "debits = '{}'"),
        Corruption("export_batch", "through_register = through_register - 1"),
    ],
    "I43b": [
        Corruption("export_file", "size = size + 1"),
        Corruption("export_file", "sha256 = 'x'"),
        Corruption("export_file", "content = substr(content, 1, length(content) - 9)"),
    ],
    "I44": [
        Corruption("payment_part", "amount = amount + 1"),
        Corruption("payment_part", "party_no = 'X'"),
        Corruption("payment_part", "currency = 'JPY'"),
        Corruption("payment_part_entry", "amount = amount + 1", found=1),
        Corruption("payment_part_entry", "DELETE", found=1),
    ],
    "I44b": [
        Corruption("payment_part", "payment_reference = 'RF00' || substr(payment_reference, 5)"),
    ],
    "I24": [twice("statement", id="id + 1000", ordinal="ordinal + 1000")],
    "I24b": [
        Corruption("statement", "fingerprint = 'x'", "format = 'mt940'"),
        Corruption("statement", "opening = opening + 1", "format = 'mt940'"),
    ],
    "I25": [
        Corruption("statement_chain", "opening = opening + 1", "ord > 1"),
        Corruption("statement_chain", "DELETE", "ord = 1", found=1),
    ],
    "I25b": [
        Corruption("statement_chain", "second_actor = actor", "undoes_ord IS NOT NULL"),
        Corruption("statement_chain", "second_actor = 'berta'", "undoes_ord IS NULL"),
        Corruption("statement_chain", "reason = ''", "undoes_ord IS NOT NULL"),
        Corruption("statement_chain", "request_id = 99", "undoes_ord IS NOT NULL"),
        Corruption("statement_chain", "closing = closing + 1", "undoes_ord IS NOT NULL"),
        Corruption("statement_chain", "undoes_ord = 1", "undoes_ord > 1"),
        Corruption("request", "actor = 'nobody'", "kind = 'undo_statement'"),
    ],
    "I25c": [twice("statement_chain", "undoes_ord IS NULL AND ord = 1", ord="ord + 1000")],
    "I26": [
        Corruption("statement", "closing = closing + 1", LIVE),
        Corruption("statement", "net = net + 1"),
        Corruption("statement_line", "DELETE", found=1),
        Corruption("statement_line", "amount = amount + 1", found=1),
    ],
    "I27": [
        Corruption("statement", "status = 'held'", "status = 'reconciled'", found=1),
        Corruption("statement_line", "before_cutover = 1", OF_CLOSED, found=1),
    ],
    "I28": [twice("statement_line", line_id="line_id + 1000")],
    "I28b": [
        Corruption("statement_line", "text = 'other words'", "text <> ''", found=1),
        Corruption("statement_line", "booking_date = '2026-01-01'"),
        Corruption("statement_line", "identity = 'x'"),
    ],
    "I28c": [Corruption("statement_line", "occurrence = occurrence + 1")],
    "I29": [Corruption("statement", "currency = 'JPY'", LIVE)],
    "I30": [Corruption("statement", "status = 'received'", "status = 'reconciled'")],
    "I30b": [Corruption("statement_event", "DELETE", "new_status = 'reconciled'", found=6)],
    "I30c": [Corruption("statement_event", "old_status = 'announced'", "old_status = ''")],
    "I30d": [
        Corruption("statement_refusal", "second_actor = actor"),
        Corruption("statement_refusal", "action = 'restore'"),
        Corruption("statement_refusal", "DELETE"),
        Corruption("request", "actor = 'nobody'", "kind = 'refusal'", found=1),
        Corruption("statement_event", "DELETE", "new_status = 'refused' AND old_status = 'held'"),
    ],
    "I31": [Corruption("posting", "amount = amount + 1", "bank_account_no <> '' AND"
                       " journal_entry_no IN (SELECT no FROM journal_entry WHERE line_id IS NOT"
                       " NULL OR kind = 'opening')", found=1)],
    "I31b": [Corruption("statement_chain", "closing = closing + 1", found=5)],
    "I31c": [Corruption("journal_entry", "line_id = NULL", "line_id IS NOT NULL AND kind IN"
                        " ('payment', 'confirmation', 'gl')"),
             Corruption("posting", "currency = 'XXX'", "amount <> 0 AND bank_account_no <> '' AND"
                        " journal_entry_no IN (SELECT no FROM journal_entry WHERE line_id IS NOT"
                        " NULL)")],
    "I32": [Corruption("journal_entry", "DELETE", f"reverses_no IS NULL AND {OF_CLOSED} AND no"
                       " NOT IN (SELECT coalesce(reverses_no, 0) FROM journal_entry)")],
    "I32b": [Corruption("exception_item", "status = 'resolved'", f"line_id IN ({PARKED})")],
    "I32c": [Corruption("exception_item", "line_id = (SELECT max(line_id) FROM journal_entry WHERE"
                        " kind = 'payment')", found=1)],
    "I32d": [Corruption("exception_item", "currency = 'XXX'"),
             Corruption("exception_item", "bank_account_no = ''")],
    "I32e": [Corruption("queue_total", "items = items + 1"),
             Corruption("queue_total", "money_in = money_in - 1"),
             Corruption("queue_total", "DELETE"),
             Corruption("exception_item", "remaining = remaining + 1", "status = 'open'", found=1)],
    "I33": [Corruption("bank_entry", "remaining_amount = 0", "remaining_amount <> 0", found=1)],
    "I33b": [Corruption("posting", "amount = amount + 1", "gl_account = 'CLEARING'", found=1)],
    "I34": [Corruption("decision", "prepared_by = actor"),
            Corruption("decision", "prepared_by = 'nobody'")],
    "I34b": [Corruption("mapping", "action = 'remove'", "action = 'add'"),
             Corruption("mapping", "prepared_by = 'nobody'", "action = 'approve'"),
             Corruption("mapping", "pattern = 'elsewhere'", "action = 'approve'")],
    "I34c": [Corruption("mapping", "target_no = 'X'", "target_type = 'customer'"),
             Corruption("mapping", "decision_id = 1, actor = 'x'", "action = 'add'")],
    "I34d": [Corruption("request", "reason = ''"), Corruption("request", "actor = ''")],
    "I35": [Corruption("decision", "outcome = 'posted', register_no = 999999")],
    "I36": [Corruption("register", "actor = ''"), Corruption("register", "kind = ''")],
    "I36b": [Corruption("register", "kind = 'decision'")],
    "I37": [Corruption("customer_statement", "content = content || ' '")],
    "I37b": [
        Corruption("customer_statement", "balances = '{\"EUR\": 7}'"),
        Corruption("statement_run", "register_no = 1", "register_no > 1", found=1),
    ],
    "I37c": [
        Corruption("customer_statement", "number = number + 1"),
        Corruption("customer_statement", "revision = revision + 1"),
        twice("customer_statement", id="id + 1000"),
    ],
    "I37d": [
        Corruption("delivery", "DELETE", found=1),
        Corruption("customer_statement", "as_of = '2026-01-31'"),
        Corruption("statement_skip", "customer_no = (SELECT min(customer_no) FROM"
                   " customer_statement)", found=1),
    ],
    "I37e": [
        Corruption("statement_run", "register_hash = 'x'"),
        Corruption("statement_run_event", "DELETE", "action = 'composed'", found=1),
    ],
    "I38": [
        Corruption("delivery", "state = 'suppressed'", "state = 'pending'"),
        Corruption("delivery_event", "DELETE", "new_state = 'failed'", found=1),
    ],
    "I38b": [
        Corruption("delivery_event", "old_state = 'sent'", "old_state = 'pending'"),
        Corruption("delivery_event", "DELETE", "new_state = 'sending'", found=1),
    ],
    "I38c": [
        Corruption("delivery", "tries = tries + 1", "tries > 0"),
        Corruption("delivery", "state = 'sent'", "state IN ('failed', 'suppressed')", found=1),
    ],
    "I38d": [Corruption("statement_run_event", "DELETE", "action = 'approved'")],
    "I39": [
        Corruption("application", "entry_amount = entry_amount + 1",
                   "role = 'settles' AND entry_id IS NOT NULL AND line_id IS NOT NULL", found=1),
        Corruption("posting", "party_no = 'X'", "party_no <> ''", found=1),
    ],
    "I39b": [Corruption("application", "difference_kind = 'rounding'", "difference_amount > 1")],
    "I39c": [Corruption("application", "difference_kind = ''", "difference_amount <> 0")],
    "I39d": [Corruption("application_tax", "base_amount = base_amount + 1", found=1),
             Corruption("application_tax", "part = 'difference'", "part = 'discount'", found=1)],
    "I39e": [
        Corruption("application_tax", "base_amount = base_amount + 1, tax_amount = tax_amount - 1",
                   REVERSAL, found=1),
        Corruption("application_tax", "DELETE", REVERSAL, found=1),
    ],
    "I39f": [
        Corruption("application_tax", "base_amount = base_amount - 1, tax_amount = tax_amount + 1",
                   "tax_amount > 0", found=1),
        Corruption("application_tax", "gl_account = 'CLEARING'", "tax_amount <> 0", found=1),
        Corruption("posting", "gl_account = 'CLEARING'", "gl_account = '1776'", found=1),
    ],
    "I40 posting.gl_account": [Corruption("posting", "gl_account = 'NOWHERE'")],
    "I40 posting.journal_entry_no": [Corruption("posting", "journal_entry_no = 999999")],
    "I40 application.entry_id": [
        Corruption("application", "entry_id = 999999", "entry_id IS NOT NULL")],
    "I40 application.bank_entry_id": [
        Corruption("application", "bank_entry_id = 999999", "bank_entry_id IS NOT NULL")],
    "I40 journal_entry.register_no": [Corruption("journal_entry", "register_no = 999999")],
    "I40 journal_entry.reverses_no": [Corruption("journal_entry", "reverses_no = 999999")],
    "I40 statement_line.statement_id": [Corruption("statement_line", "statement_id = 999999")],
    "I40 statement.sha256": [Corruption("statement", "sha256 = 'x'")],
}  # fmt: skip
ALL = [(name, corruption) for name, found in CORRUPTIONS.items() for corruption in found]


def corrupt(made: Corruption) -> str:
    key = KEYS.get(made.table, "id")
    chosen = f"SELECT {key} FROM {made.table} WHERE {made.where} ORDER BY {key} LIMIT {SEVEN}"
    condition = f"WHERE ({key}) IN ({chosen})"
    if made.change == "DELETE":
        return f"DELETE FROM {made.table} {condition}"
    if made.change.startswith("INSERT"):
        return f"{made.change} {condition}"
    return f"UPDATE {made.table} SET {made.change} {condition}"
