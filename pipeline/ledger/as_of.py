"""What customers owed as of a date, as the ledger knew it at a register (accounting, section 9).

Open entries and the movements that led to them follow one rule of what counts on which day, so that
the movements of a customer sum up to its open entries.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import polars as pl

from pipeline.ledger import reads
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import Snapshot, listed, quoted

ENTRIES = {
    "entry_id": pl.Int64,
    **dict.fromkeys(("party_no", "document_type", "document_no"), pl.String),
    "instalment": pl.Int64,
    **dict.fromkeys(("posting_date", "due_date", "document_date"), pl.Date),
    "currency": pl.String,
    "amount": pl.Int64,
    "remaining_amount": pl.Int64,
    **dict.fromkeys(("on_hold", "mandate_id", "project"), pl.String),
    **{
        name: kind
        for tier in ("", "_2")
        for name, kind in ((f"discount_date{tier}", pl.Date), (f"discount_amount{tier}", pl.Int64))
    },
}
MOVEMENTS = {
    **dict.fromkeys(("party_no", "project", "currency"), pl.String),
    "day": pl.Date,
    **dict.fromkeys(("kind", "document_no"), pl.String),
    **dict.fromkeys(
        ("instalment", "amount", "entry_id", "no", "seq", "posted_no", "undoes_no"), pl.Int64
    ),
    "paid_currency": pl.String,
    "paid_amount": pl.Int64,
}
_GIVEN_UP = (
    ("'discount'", "a.discount_amount", "settles"),
    ("a.difference_kind", "a.difference_amount", "settles"),
    ("'external'", "a.entry_amount", "external"),
)
"""Kind, amount and role of what closes a document beside payments and other documents."""
_TOLD = (
    "WHEN a.role = 'settles' THEN a.discount_amount + a.difference_amount"
    " WHEN a.role = 'external' THEN a.entry_amount"
)
_UNDONE_BY_RETURN = (
    "CASE WHEN e.document_type = 'payment_return' THEN (SELECT max(coalesce(a.unapplies_no,"
    " p.journal_entry_no)) FROM application a JOIN entry p ON p.id = a.entry_id WHERE"
    " a.journal_entry_no = e.journal_entry_no AND a.entry_id <> e.id) END"
)
"""The journal entry of the payment that an entry ``e`` brings back; null for what is no return."""
_PAID_AMOUNT = (
    "CASE WHEN s.id IS NOT NULL THEN (SELECT CAST(sum(a.applied_amount) AS BIGINT) FROM application"
    " a WHERE a.journal_entry_no = j.no AND a.role = 'settles' AND a.party_type = e.party_type AND"
    " a.party_no = e.party_no) END"
)
"""What a line in the currency of the statement ``s`` brought to the party of an entry ``e``."""
_OTHER_CURRENCY = (
    "LEFT JOIN statement_line l ON l.line_id = j.line_id LEFT JOIN statement s ON s.id ="
    " l.statement_id AND s.currency <> e.currency"
)
_DAY = (
    "day AS (SELECT a.journal_entry_no AS no, max(e.posting_date) AS latest FROM application a"
    " JOIN entry e ON e.id = a.entry_id WHERE e.party_type = 'customer' GROUP BY"
    " a.journal_entry_no)"
)
"""Of a journal entry the latest posting date of the entries that it joins."""


def customer_entries(
    ledger: Ledger | Snapshot, as_of: dt.date, register_no: int, among: Sequence[str] = ()
) -> pl.DataFrame:
    """Entries of customers open as of a date, by registers up to ``register_no``.

    ``amount`` and ``remaining_amount`` are minor units, what the customer owes positive. An
    application counts from the latest posting date of the entries that it joins. ``among`` some
    customers, by number; without, of all. ``paid_otherwise`` as ``_paid_otherwise`` writes it.
    """
    own = _among(among)
    sql = (
        f"WITH {_DAY}, used AS (SELECT a.entry_id AS id, sum(a.entry_amount) AS amount FROM"
        f" application a {_counted(as_of, register_no)} GROUP BY a.entry_id),"
        " known AS (SELECT e.id, e.party_no, e.document_type, e.document_no, e.instalment,"
        " e.posting_date, e.due_date, e.document_date, e.currency, e.amount,"
        " CAST(e.initial_amount - coalesce(u.amount, 0) AS BIGINT) AS remaining, e.on_hold,"
        f" e.mandate_id, {_project(ledger)} AS project, e.discount_date, e.discount_amount,"
        " e.discount_date_2, e.discount_amount_2 FROM entry e"
        " JOIN journal_entry j ON j.no = e.journal_entry_no LEFT JOIN used u ON u.id = e.id"
        f" WHERE e.party_type = 'customer' AND e.posting_date <= '{as_of}'"
        f" AND j.register_no <= {register_no}{own})"
        " SELECT * FROM known WHERE remaining <> 0"
        " ORDER BY party_no, currency, posting_date, document_no, instalment, id"
    )
    found = ledger.frame(sql, ENTRIES)
    touched = (pl.col("remaining_amount") != pl.col("amount")) | (pl.col("amount") < 0)
    ids = found.filter(touched)["entry_id"].to_list()
    paid = _paid_otherwise(ledger, as_of, register_no, ids)
    said = pl.col("entry_id").replace_strict(paid, default="", return_dtype=pl.String)
    return found.with_columns((said if paid else pl.lit("")).alias("paid_otherwise"))


def _paid_otherwise(
    ledger: Ledger | Snapshot, as_of: dt.date, register_no: int, entries: Sequence[int]
) -> dict[int, str]:
    """By entry what money of other currencies settled of it, or what its own payment came as.

    JSON: currency, minor units of it, and what they settled in the entry's; null for a payment.
    """
    if not entries:
        return {}
    among = f"a.entry_id IN ({listed(entries)})"
    line = (
        "JOIN statement_line l ON l.line_id = {row}.line_id JOIN statement s ON s.id ="
        " l.statement_id AND s.currency <> e.currency"
    )
    settled = (
        "SELECT a.entry_id, s.currency, CAST(sum(a.applied_amount) AS BIGINT) AS paid,"
        " CAST(sum(a.entry_amount) AS BIGINT) AS settled FROM application a JOIN entry e ON e.id ="
        f" a.entry_id {line.format(row='a')} {_counted(as_of, register_no)} AND a.role = 'settles'"
        f" AND {among} GROUP BY a.entry_id, s.currency"
    )
    came = (
        f"SELECT e.id, s.currency, {_PAID_AMOUNT}, NULL FROM entry e JOIN journal_entry j ON j.no ="
        f" e.journal_entry_no {line.format(row='j')} WHERE {among.replace('a.entry_id', 'e.id')}"
    )
    found: dict[int, list[Any]] = defaultdict(list)
    sql = f"WITH {_DAY} SELECT * FROM ({settled} UNION ALL {came}) m ORDER BY 1, 2"
    for entry, currency, paid, own in ledger.rows(sql):
        if paid:
            found[entry].append([currency, int(paid), own])
    return {entry: json.dumps(said) for entry, said in found.items()}


def customer_movements(
    ledger: Ledger,
    as_of: dt.date,
    register_no: int,
    among: Sequence[str] = (),
    after_register: int = 0,
    *,
    by_project: bool = False,
) -> pl.DataFrame:
    """What moved the accounts of customers until a date, by registers up to ``register_no``.

    ``after_register`` leaves out what this register and those before it posted.

    A document or payment moves by its amount on its posting date. A discount, a difference and what
    was settled outside move it too, on the day on which the application counts; ``kind`` is the
    document type, ``discount``, the kind of the difference or ``external``; ``reversal`` takes back
    what a payment moved. The amounts of a customer and currency sum up to ``remaining_amount`` of
    its ``customer_entries``. ``by_project``: so do those of each project; ``applied`` takes from
    one and gives to another what a payment of none settles. Otherwise ``project`` is empty.
    ``posted_no`` is the journal entry of a movement, ``undoes_no`` the one that it takes back.
    ``paid_currency`` and ``paid_amount`` (minor units of it, as the bank counts): what money came
    as, where that was another currency; else null.
    """
    known = f"e.party_type = 'customer'{_among(among)}"
    project = _project(ledger) if by_project else "''"
    day = "CASE WHEN j.posting_date > d.latest THEN j.posting_date ELSE d.latest END"
    news = f"j.register_no > {after_register} AND {known}"
    until = f"e.posting_date <= '{as_of}' AND j.register_no <= {register_no}"
    entries = _of_entries(project, f"{until} AND {news}")
    counts = (
        "FROM application a JOIN entry e ON e.id = a.entry_id"
        f" {_counted(as_of, register_no)} AND {news}"
    )
    nowhere = "NULL AS paid_currency, NULL AS paid_amount"
    given_up = [
        f"SELECT e.party_no, {project} AS project, e.currency, {day} AS day, {kind} AS kind,"
        f" e.document_no, e.instalment, -{amount} AS amount, NULL AS entry_id, j.no, a.seq,"
        f" j.no AS posted_no, coalesce(j.reverses_no, a.unapplies_no) AS undoes_no,"
        f" {nowhere} {counts} AND a.role = '{role}'"
        for kind, amount, role in _GIVEN_UP
    ]
    moved = f"sum(a.entry_amount - CASE {_TOLD} ELSE 0 END)"
    kind, each = "'reversal'", ""
    if by_project:
        whole = f"sum({moved}) OVER (PARTITION BY e.party_no, e.currency, j.no)"
        kind, each = f"CASE WHEN {whole} = 0 THEN 'applied' ELSE 'reversal' END", f", {project}"
    reversed_payments = (
        f"SELECT e.party_no, {project} AS project, e.currency, {day} AS day, {kind} AS kind,"
        f" '' AS document_no, 0 AS instalment, CAST(-{moved} AS BIGINT) AS amount, NULL AS"
        f" entry_id, j.no, 0 AS seq, j.no AS posted_no, coalesce(max(j.reverses_no),"
        f" max(a.unapplies_no)) AS undoes_no, {nowhere} {counts} GROUP BY e.party_no, e.currency,"
        f" j.posting_date, d.latest, j.no{each}"
    )
    union = " UNION ALL ".join([entries, *given_up, reversed_payments])
    sql = (
        f"WITH {_DAY} SELECT * FROM ({union}) m WHERE m.amount <> 0 ORDER BY party_no, project,"
        " currency, day, no, entry_id, seq, kind"
    )
    return ledger.frame(sql, MOVEMENTS)


def cash_sales(
    ledger: Ledger,
    as_of: dt.date,
    among: Sequence[str] = (),
    *,
    loads: int | None = None,
    by_project: bool = False,
) -> pl.DataFrame:
    """Two movements (``MOVEMENTS``) of each cash sale until a date, the sale and ``paid_at_once``.

    They come to nothing on one day: no balance and no open entry hangs on them, and they are no
    part of a register. With ``loads``, the number of a load, those that were known after it.
    """
    project = "e.project" if by_project else "''"
    known = "" if loads is None else f" AND e.load_id <= {loads}"
    rest = "NULL AS posted_no, NULL AS undoes_no, NULL AS paid_currency, NULL AS paid_amount"
    both = (("cash_sale", "e.amount"), ("paid_at_once", "-e.amount"))
    sql = " UNION ALL ".join(
        f"SELECT e.party_no, {project} AS project, e.currency, e.posting_date AS day, '{kind}' AS"
        f" kind, e.document_no, e.instalment, {amount} AS amount, NULL AS entry_id, 0 AS no, {seq}"
        f" AS seq, {rest} FROM cash_sale e WHERE e.posting_date <= '{as_of}'{known}{_among(among)}"
        for seq, (kind, amount) in enumerate(both)
    )
    order = "party_no, project, currency, day, document_no, instalment, seq"
    return ledger.frame(f"SELECT * FROM ({sql}) m ORDER BY {order}", MOVEMENTS)


def _of_entries(project: str, condition: str) -> str:
    """Movements that are entries ``e`` themselves, of journal entries ``j``, with a condition."""
    return (
        f"SELECT e.party_no, {project} AS project, e.currency, e.posting_date AS day,"
        " e.document_type AS kind, e.document_no, e.instalment, e.initial_amount AS amount, e.id AS"
        f" entry_id, 0 AS no, 0 AS seq, j.no AS posted_no, {_UNDONE_BY_RETURN} AS undoes_no,"
        f" s.currency AS paid_currency, {_PAID_AMOUNT} AS paid_amount FROM entry e JOIN"
        f" journal_entry j ON j.no = e.journal_entry_no {_OTHER_CURRENCY} WHERE {condition}"
    )


def _counted(as_of: dt.date, register_no: int) -> str:
    """Applications ``a`` that count as of a date, with their journal entry ``j`` and ``day`` d."""
    return (
        "JOIN journal_entry j ON j.no = a.journal_entry_no JOIN day d ON d.no = j.no WHERE"
        f" j.posting_date <= '{as_of}' AND d.latest <= '{as_of}' AND j.register_no <= {register_no}"
    )


def customers(
    ledger: Ledger, among: Sequence[str] = (), *, loads: int | None = None
) -> list[dict[str, Any]]:
    """Number, names, account and the other loaded fields of customers, in number order.

    With ``loads``, the number of a load, as they were known after it.
    """
    rows = ledger.rows(
        "SELECT e.fields, e.party_no, e.name, e.name_2, e.control_account FROM party e WHERE"
        f" e.party_type = 'customer'{_among(among)} ORDER BY e.party_no"
    )
    names = ("no", "name", "name_2", "receivables_account")
    found = [json.loads(row[0]) | dict(zip(names, row[1:], strict=True)) for row in rows]
    return found if loads is None else _as_known(ledger, "customer", found, loads)


def _as_known(
    ledger: Ledger, kind: str, found: list[dict[str, Any]], loads: int
) -> list[dict[str, Any]]:
    """Rows of ``kind`` with the fields that they had after a load, without those of later ones."""
    before: dict[str, dict[str, str]] = defaultdict(dict)
    changes = (
        f"SELECT no, field, old_value FROM master_change WHERE kind = '{kind}' AND load_id >"
        f" {loads} ORDER BY id"
    )
    for number, field, old in ledger.rows(changes):
        name = "receivables_account" if field == "control_account" else field
        before[number].setdefault(name, old)
    new = {number for number, fields in before.items() if "no" in fields}
    return [row | before[row["no"]] for row in found if row["no"] not in new]


def bank_accounts(
    ledger: Ledger, as_of: dt.date, *, loads: int | None = None
) -> list[dict[str, Any]]:
    """Our bank accounts that are not closed by a date (``frames.BANK_ACCOUNTS``), by number.

    With ``loads``, the number of a load, as they were known after it; of the ways in which their
    numbers are written beside the IBAN no history is kept.
    """
    closed = dict(ledger.rows("SELECT bank_account_no, closed_on FROM bank_account"))
    found = [
        row | {"no": row["bank_account_no"], "closed_on": closed[row["bank_account_no"]]}
        for row in reads.bank_accounts(ledger).to_dicts()
    ]
    then = found if loads is None else _as_known(ledger, "bank_account", found, loads)
    return [row for row in then if not row["closed_on"] or row["closed_on"] > str(as_of)]


def _among(numbers: Sequence[str]) -> str:
    """The condition that an ``e`` is of one of these customers; none where there are none."""
    return f" AND e.party_no IN ({', '.join(map(quoted, numbers))})" if numbers else ""


def _project(ledger: Ledger | Snapshot) -> str:
    """The project of an entry ``e``; empty where it has none, or where its texts are erased."""
    said = "json_extract(e.fields, '$.project')"
    if not ledger.sqlite:
        said = "CAST(e.fields AS json) ->> 'project'"
    return f"CASE WHEN e.fields IN ('', '{{}}') THEN '' ELSE coalesce({said}, '') END"
