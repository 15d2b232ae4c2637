"""Reads: what the stages need, as frames in the schemas of ``pipeline.domain.frames``."""

from functools import partial
from typing import Any

import polars as pl

from pipeline.domain import frames
from pipeline.ledger.connection import Ledger

UNSETTLED = (
    "NOT EXISTS (SELECT 1 FROM journal_entry j WHERE j.line_id = l.line_id"
    " AND j.reverses_no IS NULL AND j.kind <> 'release'"
    " AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no = j.no))"
)
LIVE = (
    "j.reverses_no IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM journal_entry r WHERE r.reverses_no = j.no)"
)
PARKED = (
    "SELECT j.line_id FROM journal_entry j WHERE j.kind = 'parking' AND " + LIVE + " AND NOT"
    " EXISTS (SELECT 1 FROM journal_entry f WHERE f.line_id = j.line_id AND f.kind = 'release'"
    " AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no = f.no))"
)
"""Lines that stand on the clearing account."""
LEFT = (
    "SELECT l.line_id FROM statement s JOIN statement_line l ON l.statement_id = s.id"
    f" WHERE s.status = 'received' AND l.before_cutover = 0 AND {UNSETTLED}"
)
_OPEN = f"IN ({LEFT} UNION ALL {PARKED})"
_LINE_KEY = (
    "CASE WHEN substr(s.format, 1, 3) = 'ofx' THEN '' ELSE s.statement_no || '/' || s.page || '/'"
    " || coalesce(substr(s.to_date, 1, 4), '') || '/' END || l.identity || '/' || l.occurrence"
)
_LINE_COLUMNS = ", ".join(
    {
        "line_key": _LINE_KEY,
        "bank_account_no": "s.bank_account_no",
        "statement_no": "s.statement_no",
    }.get(name, "s.currency" if name == "currency" else f"l.{name}")
    for name in frames.LINES
)
ENTRY_COLUMNS = ", ".join(
    {
        "entry_id": "id",
        "on_hold": "CASE WHEN on_hold IN ('', '0') THEN 0 ELSE 1 END",
        "source_conflict": "CASE WHEN substr(on_hold, 1, 15) = 'source_conflict' THEN 1 ELSE 0 END",
    }.get(name, name)
    for name in frames.ENTRIES
)
_BANK_ENTRY_COLUMNS = ", ".join(
    {"bank_entry_id": "id"}.get(name, name) for name in frames.BANK_ENTRIES
)


def open_lines(ledger: Ledger) -> pl.DataFrame:
    """Lines that nothing explains yet, parked ones among them, zero ones left out (``LINES``)."""
    return open_lines_of(ledger, *halves(ledger, "statement_line", key="line_id"))


def open_lines_of(ledger: Ledger, *ids: str) -> pl.DataFrame:
    """As ``open_lines``, those whose id is as ``ids`` say: conditions, each read by itself."""
    own = f"{LEFT} AND l.line_id {{ids}} UNION ALL {PARKED} AND j.line_id {{ids}}"
    sql = (
        f"SELECT {_LINE_COLUMNS} FROM statement_line l JOIN statement s ON s.id = l.statement_id"
        f" WHERE l.line_id IN ({own}) AND l.amount <> 0 ORDER BY l.line_id"
    )
    return ledger.side_by_side([sql.format(ids=one) for one in ids], frames.LINES)


def open_entries(ledger: Ledger, first: int = 0) -> pl.DataFrame:
    """Open customer and vendor entries (``frames.ENTRIES``), those from number ``first`` on."""
    return open_entries_of(ledger, *halves(ledger, "entry", first))


def open_entries_of(ledger: Ledger, *ids: str) -> pl.DataFrame:
    """As ``open_entries``, those whose id is as ``ids`` say: conditions, each read by itself."""
    sql = f"SELECT {ENTRY_COLUMNS} FROM entry WHERE remaining_amount <> 0 AND id {{}} ORDER BY id"
    return ledger.side_by_side([sql.format(one) for one in ids], frames.ENTRIES)


def halves(ledger: Ledger, table: str, first: int = 0, key: str = "id") -> tuple[str, str]:
    """Conditions on the ids of a table, from ``first`` on, in two parts to read side by side."""
    sql = f"SELECT coalesce(max({key}), 0) FROM {table}"
    last = ledger.frame(sql, {"last": pl.Int64}).item()
    middle = (int(first) + last) // 2
    return f"BETWEEN {int(first)} AND {middle}", f"> {middle}"


def open_now(ledger: Ledger) -> pl.DataFrame:
    """What may change of open entries: ``entry_id, remaining_amount, on_hold, source_conflict``."""
    sql = (
        "SELECT id, remaining_amount, on_hold FROM entry WHERE remaining_amount <> 0 AND id {}"
        " ORDER BY id"
    )
    schema = {"entry_id": pl.Int64, "remaining_amount": pl.Int64, "on_hold": pl.String}
    hold = pl.col("on_hold")
    parts = [sql.format(ids) for ids in halves(ledger, "entry")]
    return ledger.side_by_side(parts, schema).with_columns(
        ~hold.is_in(["", "0"]).alias("on_hold"),
        hold.str.starts_with("source_conflict").alias("source_conflict"),
    )


def closed_entries(ledger: Ledger) -> pl.DataFrame:
    """Documents of which nothing remains, to tell people that a named one is closed.

    Of ``frames.ENTRIES`` only what names a document and tells a second payment of it: a ledger has
    a long history.
    """
    names = {
        "entry_id": pl.Int64,
        **dict.fromkeys(
            ("party_type", "party_no", "document_no", "external_document_no", "payment_reference"),
            pl.String,
        ),
        **dict.fromkeys(("amount", "discount_amount"), pl.Int64),
    }
    sql = (
        f"SELECT id, {', '.join(list(names)[1:])} FROM entry WHERE remaining_amount = 0"
        " AND document_type NOT IN ('payment', 'refund', 'payment_return') ORDER BY id"
    )
    return ledger.frame(sql, names)


def own_references(ledger: Ledger) -> pl.DataFrame:
    """What customers and vendors want their documents called (``frames.REFERENCES``).

    Of all entries, open and closed. Most ledgers have few, so they are read by themselves.
    """
    sql = (
        "SELECT id, fields FROM entry WHERE fields <> '{}'"
        " AND replace(fields, 'your_reference', '') <> fields ORDER BY id"
    )
    found = ledger.frame(sql, {"entry_id": pl.Int64, "fields": pl.String})
    own = pl.col("fields").str.json_path_match("$.your_reference").fill_null("")
    found = found.select("entry_id", own.alias("your_reference"))
    return found.filter(pl.col("your_reference") != "")


def proposed_entries(ledger: Ledger) -> pl.DataFrame:
    """The entries that stored proposals of open lines name (``frames.ENTRIES``)."""
    sql = (
        f"SELECT {ENTRY_COLUMNS} FROM entry WHERE id IN (SELECT target_id FROM proposed WHERE"
        f" target = 'entry' AND line_id {_OPEN}) ORDER BY id"
    )
    return ledger.frame(sql, frames.ENTRIES)


def open_bank_entries(ledger: Ledger) -> pl.DataFrame:
    """Bank entries that no line has confirmed, and stopped or voided ones (``BANK_ENTRIES``)."""
    return open_bank_entries_of(ledger, "> 0")


def open_bank_entries_of(ledger: Ledger, ids: str) -> pl.DataFrame:
    """As ``open_bank_entries``, those whose id is as the condition ``ids`` says."""
    sql = (
        f"SELECT {_BANK_ENTRY_COLUMNS} FROM bank_entry WHERE remaining_amount <> 0 AND id {ids}"
        " ORDER BY id"
    )
    return ledger.frame(sql, frames.BANK_ENTRIES)


def cleared_checks(ledger: Ledger) -> pl.DataFrame:
    """Checks that the bank has confirmed: ``BANK_ENTRIES``, status ``cleared``, whole amount."""
    special = {"remaining_amount": "amount", "status": "'cleared'", "bank_entry_id": "id"}
    columns = ", ".join(f"{special.get(name, name)} AS {name}" for name in frames.BANK_ENTRIES)
    sql = (
        f"SELECT {columns} FROM bank_entry WHERE remaining_amount = 0 AND check_no <> ''"
        " AND amount <> 0 ORDER BY id"
    )
    return ledger.frame(sql, frames.BANK_ENTRIES)


def parties(ledger: Ledger) -> pl.DataFrame:
    """Customers and vendors with accounts and aliases on file (``frames.PARTIES``)."""
    base = ledger.frame(
        "SELECT id, party_type, party_no, name, name_2, blocked, control_account"
        " FROM party ORDER BY party_type, party_no",
        {
            "id": pl.Int64,
            **dict.fromkeys(("party_type", "party_no", "name", "name_2", "blocked"), pl.String),
            "control_account": pl.String,
        },
    )
    for table, column, target in (
        ("party_iban", "iban", "ibans"),
        ("party_alias", "alias", "aliases"),
    ):
        schema: dict[str, Any] = {"id": pl.Int64, target: pl.String}
        sql = f"SELECT party_id, {column} FROM {table} ORDER BY party_id, {column}"
        values = ledger.frame(sql, schema).group_by("id", maintain_order=True).agg(target)
        base = base.join(values, on="id", how="left", maintain_order="left")
        base = base.with_columns(pl.col(target).fill_null([]))
    base = base.join(_parents(ledger), on="id", how="left", maintain_order="left")
    blocked = ~pl.col("blocked").is_in(["", "0", "false", "no"])
    known = (blocked.alias("blocked"), pl.col("project_parent").fill_null(""))
    return frames.conform(base.with_columns(known), frames.PARTIES)


def _parents(ledger: Ledger) -> pl.DataFrame:
    """Who is above a customer, of the few that name one."""
    sql = (
        "SELECT id, fields FROM party WHERE party_type = 'customer'"
        " AND replace(fields, 'project_parent', '') <> fields ORDER BY id"
    )
    found = ledger.frame(sql, {"id": pl.Int64, "fields": pl.String})
    above = pl.col("fields").str.json_path_match("$.project_parent").alias("project_parent")
    return found.select("id", above)


def bank_accounts(ledger: Ledger) -> pl.DataFrame:
    """Our bank accounts (``frames.BANK_ACCOUNTS``)."""
    names = [name for name in frames.BANK_ACCOUNTS if name != "account_ids"]
    base = ledger.frame(
        f"SELECT {', '.join(names)} FROM bank_account ORDER BY bank_account_no",
        dict.fromkeys(names, pl.String),
    )
    ids = ledger.frame(
        "SELECT bank_account_no, account_id FROM bank_account_id"
        " ORDER BY bank_account_no, account_id",
        {"bank_account_no": pl.String, "account_ids": pl.String},
    ).group_by("bank_account_no", maintain_order=True)
    joined = base.join(
        ids.agg("account_ids"), on="bank_account_no", how="left", maintain_order="left"
    )
    filled = joined.with_columns(pl.col("account_ids").fill_null([]))
    return frames.conform(filled, frames.BANK_ACCOUNTS)


def open_proposals(ledger: Ledger) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Stored proposals of lines that are still open, and their rows."""
    read = []
    for table, schema in (("proposal", frames.PROPOSALS), ("proposed", frames.PROPOSED)):
        order = "line_id, rank" + (", seq" if table == "proposed" else "")
        sql = f"SELECT {', '.join(schema)} FROM {table} WHERE line_id {_OPEN} ORDER BY {order}"
        read.append(partial(ledger.frame, sql, schema))
    proposals, proposed = ledger.together(read)
    return proposals, proposed


def generations(ledger: Ledger) -> pl.DataFrame:
    """How often each line was posted before (and reversed): ``line_id``, ``generation``."""
    sql = (
        "SELECT line_id, count(*) FROM journal_entry WHERE line_id IS NOT NULL"
        " AND reverses_no IS NULL GROUP BY line_id ORDER BY line_id"
    )
    return ledger.frame(sql, {"line_id": pl.Int64, "generation": pl.Int64})


def known_files(ledger: Ledger) -> set[str]:
    """SHA-256 of every file that was taken or refused."""
    return {row[0] for row in ledger.rows("SELECT sha256 FROM feed_file")}


def register_head(ledger: Ledger) -> dict[str, Any]:
    """Number and hash of the last register; 0 and empty for fresh books."""
    rows = ledger.rows(
        "SELECT register_no, hash FROM register_seal ORDER BY register_no DESC LIMIT 1"
    )
    return {"no": rows[0][0], "hash": rows[0][1]} if rows else {"no": 0, "hash": ""}


def files_not_taken(ledger: Ledger) -> set[str]:
    """SHA-256 of files of which a statement is refused or held, and not replaced since."""
    sql = "SELECT DISTINCT sha256 FROM statement WHERE status IN ('held', 'refused')"
    return {row[0] for row in ledger.rows(sql)}
