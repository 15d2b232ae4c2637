"""Loading the books: parties and accounts upserted, entries inserted once and then compared.

Source: accounting rules, section 7 (cut-over, re-load, snapshot).
"""

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection

from pipeline.config import Settings
from pipeline.domain import frames
from pipeline.domain.errors import LoadError
from pipeline.ledger import bulk, load_files, writes
from pipeline.ledger.connection import Ledger, insert, next_id

Receipt = dict[str, Any]
_LARGEST_CLOSING = 10  # per cent of open entries that a snapshot may close unasked


def load(
    ledger: Ledger,
    kind: str,
    path: Path,
    settings: Settings,
    *,
    snapshot: bool = False,
    allow_closing: bool = False,
    actor: str,
) -> Receipt:
    """Load one file, all of it or nothing; the same file twice changes nothing.

    Raises LoadError with every bad row named, UsageError for what is no readable file.
    """
    accounts = ledger.frame(
        "SELECT bank_account_no, currency FROM bank_account ORDER BY bank_account_no",
        dict.fromkeys(("bank_account_no", "currency"), pl.String),
    )
    bank = accounts if kind == "bank-entries" else None
    table = load_files.read_table(path, kind, bank)
    if kind in ("customers", "vendors"):
        return _parties(ledger, kind[:-1], table)
    if kind == "gl-accounts":
        return _gl_accounts(ledger, table)
    if kind == "bank-accounts":
        return _bank_accounts(ledger, table, settings, actor)
    if kind == "bank-entries":
        return _bank_entries(ledger, table, settings, actor)
    return _entries(ledger, table, settings, actor, snapshot=snapshot, allow=allow_closing)


def _parties(ledger: Ledger, party_type: str, table: pl.DataFrame) -> Receipt:
    table = table.sort("no")
    with ledger.transaction() as connection:
        known = ledger.frame(
            f"SELECT party_no, id FROM party WHERE party_type = '{party_type}'",
            {"no": pl.String, "id": pl.Int64},
        )
        rows = table.join(known, on="no", how="left", maintain_order="left")
        free = next_id(connection, "party") - 1
        fresh = pl.col("id").is_null()
        rows = rows.with_columns(pl.coalesce("id", free + fresh.cum_sum()).alias("id"))
        bulk.upsert_frame(connection, "party", ("id",), _party(rows, party_type))
        bulk.keep_only(connection, "loaded_party", rows.select("id"))
        for name, column in (("iban", "ibans"), ("alias", "aliases")):
            connection.exec_driver_sql(
                f"DELETE FROM party_{name} WHERE party_id IN (SELECT id FROM loaded_party)"
            )
            bulk.insert_frame(connection, f"party_{name}", _listed(rows, name, column))
        connection.exec_driver_sql("DROP TABLE loaded_party")
    return {"rows": table.height, "new": table.join(known, on="no", how="anti").height}


def _party(rows: pl.DataFrame, party_type: str) -> pl.DataFrame:
    own = ("row", "id", "no", "name", "name_2", "ibans", "aliases", "blocked")
    side = "receivables_account" if party_type == "customer" else "payables_account"
    names = sorted(name for name in rows.columns if name not in own)
    fields = [
        json.dumps({name: value for name, value in row.items() if value}, ensure_ascii=False)
        for row in rows.select(names).iter_rows(named=True)
    ]
    return rows.select(
        "id",
        pl.lit(party_type).alias("party_type"),
        pl.col("no").alias("party_no"),
        "name",
        "name_2",
        pl.col("blocked").replace("", "0"),
        pl.col(side).alias("control_account"),
        pl.Series("fields", fields, dtype=pl.String),
    )


def _listed(rows: pl.DataFrame, name: str, column: str) -> pl.DataFrame:
    """One row for each value of a column that holds several (``;``)."""
    value = pl.col(column).str.split(";").alias(name)
    each = rows.select(pl.col("id").alias("party_id"), value).explode(name, empty_as_null=True)
    text = pl.col(name).str.strip_chars()
    if name == "iban":
        text = text.str.replace_all(r"\s+", "").str.to_uppercase()
    return each.with_columns(text).filter(pl.col(name) != "").unique().sort("party_id", name)


def _gl_accounts(ledger: Ledger, table: pl.DataFrame) -> Receipt:
    with ledger.transaction() as connection:
        rows = table.sort("no").with_columns(pl.lit("loaded").alias("origin"))
        bulk.upsert_frame(connection, "gl_account", ("no",), rows)
    return {"rows": table.height}


def _bank_accounts(ledger: Ledger, table: pl.DataFrame, settings: Settings, actor: str) -> Receipt:
    known = {row[0] for row in ledger.rows("SELECT bank_account_no FROM bank_account")}
    fresh = [row for row in table.sort("no").to_dicts() if row["no"] not in known]
    with ledger.transaction() as connection:
        for row in table.sort("no").to_dicts():
            _bank_account(connection, row)
    journal = _Journal()
    for row in fresh:
        balance = row["last_statement_balance"]
        if balance:
            gl = row["gl_account"] or f"BANK-{row['no']}"
            day = row["last_statement_date"] or _cutover(ledger, settings)
            opening = settings.accounts["opening"]
            postings = [(gl, balance, row["no"]), (opening, -balance, "")]
            journal.add(f"bank|{row['no']}", day, "opening", row["currency"], postings)
    done = journal.write(ledger, settings, "load bank-accounts", actor)
    return {"rows": table.height, "new": len(fresh), **done}


def _bank_account(connection: Connection, row: dict[str, Any]) -> None:
    gl = row["gl_account"] or f"BANK-{row['no']}"
    dates = ("last_statement_date", "active_from", "closed_on")
    names = (
        "name", "currency", "last_statement_no", "last_statement_balance", "statement_frequency",
        "statement_numbering", "reconcile",
    )  # fmt: skip
    bulk.upsert_frame(
        connection,
        "bank_account",
        ("bank_account_no",),
        _one_row(
            {
                "bank_account_no": row["no"],
                "iban": load_files.account(row["iban"]),
                "gl_account": gl,
                "transit_account": f"{gl}-TRANSIT",
                **{name: row[name] for name in names},
                **{name: row[name] or None for name in dates},
            }
        ),
    )
    for text in load_files.pieces(row["account_id"]):
        mark = "?" if connection.dialect.name == "sqlite" else "%s"
        sql = f"SELECT bank_account_no FROM bank_account_id WHERE account_id = {mark}"
        owner = connection.exec_driver_sql(sql, (text,)).scalar()
        if owner is not None and owner != row["no"]:
            raise LoadError(f"bank account {row['no']}: account_id belongs to {owner} already")
        if owner is None:
            columns = ("account_id", "bank_account_no")
            insert(connection, "bank_account_id", columns, [(text, row["no"])])


def _one_row(values: dict[str, Any]) -> pl.DataFrame:
    kinds = {name: pl.Int64 if name == "last_statement_balance" else pl.String for name in values}
    return pl.DataFrame([values], schema=kinds, orient="row")


def _cutover(ledger: Ledger, settings: Settings) -> str:
    """The date of the opening postings: settings, else last statement, else before all lines."""
    if settings.company["cutover"]:
        return settings.company["cutover"]
    last = ledger.rows("SELECT max(last_statement_date) FROM bank_account")[0][0]
    first = ledger.rows("SELECT min(booking_date) FROM statement_line")[0][0]
    if last or not first:
        return str(last or "1970-01-01")
    return str(dt.date.fromisoformat(first) - dt.timedelta(days=1))


def _counterpart(ledger: Ledger, settings: Settings, kind: str) -> str:
    sql = f"SELECT count(*) FROM register WHERE kind = '{kind}'"
    return settings.accounts["external" if ledger.rows(sql)[0][0] else "opening"]


class _Journal:
    """Journal entries of a load, gathered, then written as one register."""

    def __init__(self) -> None:
        self.entries: list[tuple[Any, ...]] = []
        self.postings: list[tuple[Any, ...]] = []
        self.applications: list[dict[str, Any]] = []

    def add(
        self, identity: str, day: str, kind: str, currency: str, legs: list[tuple[str, int, str]]
    ) -> str:
        """One balanced journal entry; returns its key."""
        key = hashlib.sha256(f"load|{identity}".encode()).hexdigest()
        date = dt.date.fromisoformat(day)
        self.entries.append((key, date, kind, None, "", ""))
        for seq, (gl, amount, bank) in enumerate(legs, 1):
            self.postings.append((key, seq, gl, currency, amount, "", "", bank))
        return key

    def write(
        self,
        ledger: Ledger,
        settings: Settings,
        kind: str,
        actor: str,
        books: dict[str, pl.DataFrame] | None = None,
    ) -> Receipt:
        """Write the register; returns counts."""
        if not self.entries:
            return {}
        applications = pl.DataFrame(self.applications, schema_overrides=frames.APPLICATIONS)
        return writes.write_register(
            ledger,
            pl.DataFrame(self.entries, schema=frames.JOURNAL_ENTRIES, orient="row"),
            pl.DataFrame(self.postings, schema=frames.POSTINGS, orient="row"),
            frames.empty(frames.NEW_ENTRIES),
            frames.conform(applications, frames.APPLICATIONS),
            kind=kind,
            actor=actor,
            policy_hash=settings.policy_hash,
            books=books,
        )


def _grouped(
    journal: _Journal, table: pl.DataFrame, kind: str, counterpart: str, amount: str, bank: bool
) -> pl.DataFrame:
    """Give every row the key of the journal entry of its date, control account and currency."""
    keyed = []
    for (day, control, currency), part in table.sort("identity").group_by(
        ["day", "control", "currency"], maintain_order=True
    ):
        amounts = part[amount].to_list()
        sums = (sum(a for a in amounts if a > 0), sum(a for a in amounts if a < 0))
        owner = part["bank_account_no"][0] if bank else ""
        legs = [(str(control), value, owner) for value in sums if value]
        legs += [(counterpart, -value, "") for value in sums if value]
        content = hashlib.sha256("\n".join(part["identity"]).encode()).hexdigest()
        key = journal.add(f"{kind}|{control}|{content}", str(day), kind, str(currency), legs)
        keyed.append(part.with_columns(pl.lit(key).alias("key")))
    return pl.concat(keyed)


def _bank_entries(ledger: Ledger, table: pl.DataFrame, settings: Settings, actor: str) -> Receipt:
    sql = "SELECT bank_account_no, entry_no FROM bank_entry"
    names = dict.fromkeys(("bank_account_no", "entry_no"), pl.String)
    fresh = table.join(ledger.frame(sql, names), on=list(names), how="anti")
    transit = dict(ledger.rows("SELECT bank_account_no, transit_account FROM bank_account"))
    unknown = sorted(set(fresh["bank_account_no"]) - set(transit))
    if unknown:
        raise LoadError(f"bank account {unknown[0]!r} is not loaded; load bank-accounts first")
    fresh = fresh.filter(pl.col("amount") != 0)
    if fresh.is_empty():
        return {"rows": table.height, "new": 0}
    cutover = _cutover(ledger, settings)
    journal = _Journal()
    keyed = _grouped(
        journal,
        fresh.with_columns(
            pl.max_horizontal("posting_date", pl.lit(cutover)).alias("day"),
            pl.col("bank_account_no").replace_strict(transit).alias("control"),
            pl.concat_str("bank_account_no", "entry_no", separator="|").alias("identity"),
        ),
        "opening",
        _counterpart(ledger, settings, "load bank-entries"),
        "amount",
        bank=True,
    )
    rows = keyed.drop("day", "control", "identity").with_columns(
        pl.col("amount").alias("remaining_amount"),
        pl.col("status").replace("", "open"),
    )
    done = journal.write(ledger, settings, "load bank-entries", actor, {"bank_entry": rows})
    return {"rows": table.height, "new": rows.height, **done}


_KEY = ["party_type", "party_no", "document_type", "document_no", "instalment"]
_STORED = (
    "key", *_KEY, "posting_date", "due_date", "document_date", "currency", "amount",
    "external_document_no", "payment_reference", "discount_date", "discount_amount",
    "discount_tolerance_date", "discount_date_2", "discount_amount_2", "on_hold", "mandate_id",
)  # fmt: skip


def _entries(
    ledger: Ledger,
    table: pl.DataFrame,
    settings: Settings,
    actor: str,
    *,
    snapshot: bool,
    allow: bool,
) -> Receipt:
    table = table.with_columns(
        pl.col("instalment").cast(pl.Int64),
        pl.coalesce("remaining_amount", "amount").alias("remaining_amount"),
    )
    _check_amounts(table)
    ours = _ours(ledger)
    _check_parties(ledger, table)
    fresh = table.join(ours, on=_KEY, how="anti").filter(pl.col("remaining_amount") != 0)
    journal = _Journal()
    books: dict[str, pl.DataFrame] = {}
    if fresh.height:
        books["entry"] = _fresh_entries(ledger, journal, fresh, settings)
    compared = table.join(ours, on=_KEY, how="inner", suffix="_ours")
    conflicts, settled = _compare(compared)
    if snapshot:
        gone = ours.join(table, on=_KEY, how="anti").filter(pl.col("remaining") != 0)
        _check_closing(gone, ours, allow=allow)
        settled = pl.concat([settled, gone.with_columns(pl.col("remaining").alias("less"))
                             .select(settled.columns)])  # fmt: skip
    _settle_outside(ledger, journal, settled, settings)
    done = journal.write(ledger, settings, "load ledger-entries", actor, books)
    with ledger.transaction() as connection:
        for start in range(0, len(conflicts), 500):
            part = ", ".join(map(str, conflicts[start : start + 500]))
            sql = f"UPDATE entry SET on_hold = 'source_conflict' WHERE id IN ({part})"
            connection.exec_driver_sql(sql)
    problems = [f"entry {number}: source_conflict" for number in conflicts]
    counts = {"rows": table.height, "new": fresh.height, "settled_outside": settled.height}
    return {**counts, **done, "problems": problems}


def _check_amounts(table: pl.DataFrame) -> None:
    amount, remaining = pl.col("amount"), pl.col("remaining_amount")
    bad = table.filter(
        (remaining.abs() > amount.abs())
        | (remaining * amount.sign() < 0)
        | (pl.col("discount_amount").fill_null(0).abs() > amount.abs())
    )
    if bad.height:
        first = bad["document_no"][0]
        raise LoadError(
            f"{bad.height} rows have a remaining amount or discount beyond the amount, the first"
            f" is document {first!r}; nothing was loaded"
        )


def _check_parties(ledger: Ledger, table: pl.DataFrame) -> None:
    known = ledger.frame(
        "SELECT party_type, party_no FROM party ORDER BY party_type, party_no",
        dict.fromkeys(("party_type", "party_no"), pl.String),
    )
    missing = table.join(known, on=["party_type", "party_no"], how="anti")
    if missing.height:
        row = missing.row(0, named=True)
        raise LoadError(
            f"{missing.height} rows name a party that is not loaded, the first is"
            f" {row['party_type']} {row['party_no']!r}; load customers and vendors first"
        )


def _ours(ledger: Ledger) -> pl.DataFrame:
    sql = (
        "SELECT id, party_type, party_no, document_type, document_no, instalment, currency,"
        " amount, initial_amount, remaining_amount, control_account, posting_date FROM entry"
        " WHERE substr(document_no, 1, 5) <> 'LINE/' ORDER BY id"
    )
    text = ("party_type", "party_no", "document_type", "document_no")
    schema: dict[str, Any] = {"id": pl.Int64, **dict.fromkeys(text, pl.String)}
    schema |= {"instalment": pl.Int64, "currency": pl.String}
    schema |= dict.fromkeys(("amount", "initial", "remaining"), pl.Int64)
    return ledger.frame(sql, schema | {"control_account": pl.String, "posting_date": pl.String})


def _fresh_entries(
    ledger: Ledger, journal: _Journal, fresh: pl.DataFrame, settings: Settings
) -> pl.DataFrame:
    side = {
        "customer": settings.accounts["receivables"],
        "vendor": settings.accounts["payables"],
    }
    wrong = sorted(set(fresh["party_type"]) - set(side))
    if wrong:
        raise LoadError(f"party_type {wrong[0]!r}, expected customer or vendor")
    cutover = pl.lit(_cutover(ledger, settings))
    control = pl.col("party_type").replace_strict(side)
    keyed = _grouped(
        journal,
        fresh.with_columns(
            pl.max_horizontal("posting_date", cutover).alias("day"),
            pl.when(pl.col("control_account") == "").then(control).otherwise("control_account")
            .alias("control"),
            pl.concat_str(_KEY, separator="|").alias("identity"),
        ),
        "opening",
        _counterpart(ledger, settings, "load ledger-entries"),
        "remaining_amount",
        bank=False,
    )  # fmt: skip
    empty_dates = [name for name in _STORED if name.endswith("_date") or "_date_" in name]
    sign = pl.col("amount").sign()
    return keyed.select(
        *_STORED,
        "remaining_amount",
        pl.col("remaining_amount").alias("initial_amount"),
        pl.col("control").alias("control_account"),
    ).with_columns(
        *[pl.when(pl.col(name) == "").then(None).otherwise(name).alias(name)
          for name in empty_dates],
        pl.col("discount_amount").fill_null(0).abs() * sign,
        pl.col("discount_amount_2").fill_null(0).abs() * sign,
    )  # fmt: skip


def _compare(compared: pl.DataFrame) -> tuple[list[int], pl.DataFrame]:
    """Ids in conflict, and entries that the source settled outside, by how much."""
    source, remaining = pl.col("remaining_amount"), pl.col("remaining")
    changed = (pl.col("amount") != pl.col("amount_ours")) | (
        pl.col("currency") != pl.col("currency_ours")
    )
    behind = (source == remaining) | (source == pl.col("initial"))
    smaller = (source.abs() < remaining.abs()) & ~behind & ~changed
    conflict = compared.filter(changed | (~behind & ~smaller))
    settled = compared.filter(smaller).select(
        "id", *_KEY, pl.col("currency"), (remaining - source).alias("less"),
        pl.col("control_account_ours").alias("control_account"), "posting_date",
    )  # fmt: skip
    return sorted(conflict["id"].to_list()), settled


def _check_closing(gone: pl.DataFrame, ours: pl.DataFrame, *, allow: bool) -> None:
    still = ours.filter(pl.col("remaining") != 0)
    if allow or still.is_empty():
        return
    share = max(
        100 * gone.height / still.height,
        100 * int(gone["remaining"].abs().sum()) / int(still["remaining"].abs().sum()),
    )
    if share > _LARGEST_CLOSING:
        listed = ", ".join(gone["document_no"].head(20))
        raise LoadError(
            f"the snapshot would close {gone.height} of {still.height} open entries, more than"
            f" {_LARGEST_CLOSING} per cent; use --allow-closing if that is right: {listed}"
        )


def _settle_outside(
    ledger: Ledger, journal: _Journal, settled: pl.DataFrame, settings: Settings
) -> None:
    count = "SELECT count(*) FROM application WHERE role = 'external' AND entry_id = "
    for row in settled.sort("id").to_dicts():
        times = ledger.rows(f"{count}{row['id']}")[0][0]
        legs = [
            (settings.accounts["external"], row["less"], ""),
            (row["control_account"], -row["less"], ""),
        ]
        day = max(str(row["posting_date"]), _cutover(ledger, settings))
        named = "|".join(str(row[name]) for name in _KEY)
        identity = f"external|{named}|{times}"
        key = journal.add(identity, day, "external", row["currency"], legs)
        journal.applications.append(
            {
                "key": key,
                "seq": 1,
                "role": "external",
                "line_id": None,
                "target": "entry",
                "target_id": row["id"],
                "party_type": row["party_type"],
                "party_no": row["party_no"],
                "entry_amount": row["less"],
                "rule": "external",
            }
        )
