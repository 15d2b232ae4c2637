"""The general ledger as a plain-text journal: transactions, balance assertions, account names."""

import datetime as dt
import hashlib
import re

import polars as pl

from pipeline.config import Settings
from pipeline.domain.decimals import decimals
from pipeline.domain.errors import UsageError
from pipeline.ledger import company
from pipeline.ledger.connection import Ledger
from pipeline.ledger.export import formats, prices
from pipeline.ledger.export.assertions import assertions

FORMATS = ("beancount", "hledger", "ledger", "csv")
_ROOTS = {
    "asset": "Assets",
    "liability": "Liabilities",
    "equity": "Equity",
    "income": "Income",
    "expense": "Expenses",
}
_SIDES = {
    "receivables": "asset", "transfers": "asset", "withholding_tax": "asset",
    "payables": "liability", "clearing": "liability", "opening": "equity", "external": "equity",
    "discount_received": "income", "interest_income": "income", "fx_gain": "income",
}  # fmt: skip
_POSTINGS = (
    "WITH document AS (SELECT journal_entry_no, min(document_no) AS no FROM entry"
    " GROUP BY journal_entry_no)"
    " SELECT j.posting_date, coalesce(s.bank_account_no, ''), coalesce(s.statement_no, ''),"
    " l.line_no, j.kind, coalesce(d.no, ''), j.no, p.seq, p.gl_account, p.amount, p.currency,"
    " coalesce(l.counterparty_name, ''), coalesce(l.text, ''), p.party_type, p.party_no,"
    " p.bank_account_no, p.amount_company FROM posting p"
    " JOIN journal_entry j ON j.no = p.journal_entry_no"
    " LEFT JOIN statement_line l ON l.line_id = j.line_id"
    " LEFT JOIN statement s ON s.id = l.statement_id"
    " LEFT JOIN document d ON d.journal_entry_no = j.no"
    f" WHERE j.no NOT IN ({prices.LATER}) ORDER BY j.no, p.seq"
)
_TEXT = ("posting_date", "bank_account_no", "statement_no")
_UNSAID = ("bank_account_no", "statement_no", "document_no", "payee", "narration", "party_type",
           "party_no", "owner")  # fmt: skip
"""What a balance that is carried forward does not tell."""
_SCHEMA = {
    **dict.fromkeys(_TEXT, pl.String),
    "line_no": pl.Int64,
    **dict.fromkeys(("kind", "document_no"), pl.String),
    **dict.fromkeys(("no", "seq"), pl.Int64),
    "gl_account": pl.String,
    "amount": pl.Int64,
    **dict.fromkeys(("currency", "payee", "narration"), pl.String),
    **dict.fromkeys(("party_type", "party_no", "owner"), pl.String),
    "amount_company": pl.Int64,
}


def journal(ledger: Ledger, form: str, settings: Settings, *, since: dt.date | None = None) -> str:
    """The general ledger in the format of beancount, hledger, ledger, or as CSV.

    Transactions in the order of their business facts; balances asserted for reconciled statements
    before which no later line is booked. With ``since`` what came before is one transaction. What
    is in another currency than the company's has its value as a total price (``@@``).
    """
    if form not in FORMATS:
        raise UsageError(f"--format {form!r}, expected one of {', '.join(FORMATS)}")
    postings = prices.with_later(ledger, ledger.frame(_POSTINGS, _SCHEMA))
    postings = _sorted(_carried(postings, since))
    names = _names(ledger, settings)
    postings = prices.priced(postings, company.currency(ledger, settings)).with_columns(
        pl.col("gl_account").replace(names).alias("account")
    )
    known = assertions(ledger, since)
    known = known.with_columns(
        pl.col("gl_account").replace(names).alias("account"),
        decimals(known, "closing", "currency").alias("closing"),
    )
    accounts = sorted(set(postings["account"].to_list()))
    return formats.render(form, accounts, postings, known, settings.company["name"])


def _carried(postings: pl.DataFrame, since: dt.date | None) -> pl.DataFrame:
    """``postings`` from ``since`` on, after one that carries the balances of what came before."""
    if since is None:
        return postings
    before = pl.col("posting_date") < since.isoformat()
    balances = (
        postings.filter(before)
        .group_by("gl_account", "currency", pl.col("amount_company").is_null().alias("bare"))
        .agg(pl.col("amount", "amount_company").sum())
        .with_columns(pl.when(~pl.col("bare")).then("amount_company").alias("amount_company"))
        .filter((pl.col("amount") != 0) | (pl.col("amount_company") != 0))
        .sort("gl_account", "currency", "bare")
        .with_columns(
            pl.lit((since - dt.timedelta(days=1)).isoformat()).alias("posting_date"),
            pl.lit("carried_forward").alias("kind"),
            pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("seq"),
            pl.lit(0, dtype=pl.Int64).alias("no"),
            pl.lit(None, dtype=pl.Int64).alias("line_no"),
            *[pl.lit("").alias(name) for name in _UNSAID],
        )
        .select(postings.columns)
    )
    return pl.concat([balances, postings.filter(~before)])


def _sorted(postings: pl.DataFrame) -> pl.DataFrame:
    """Postings by business facts, each transaction together and numbered from 1."""
    number = pl.col("statement_no").str.zfill(20)
    facts = pl.concat_str("gl_account", pl.col("amount").cast(pl.String), separator=" ")
    whole = postings.with_columns(facts.str.join("|").over("no").alias("_content"))
    order = ["posting_date", "bank_account_no", number, "line_no", "kind", "document_no"]
    whole = whole.sort([*order, "_content", "no", "seq"], nulls_last=True)
    first = pl.col("no") != pl.col("no").shift(1).fill_null(-1)
    return whole.with_columns(
        first.alias("first"), first.cast(pl.Int64).cum_sum().alias("transaction")
    ).drop("_content")


def _names(ledger: Ledger, settings: Settings) -> dict[str, str]:
    """Each G/L account's name in the journal: its side, then its number."""
    side = {number: _SIDES.get(key, "expense") for key, number in settings.accounts.items()}
    for row in ledger.rows("SELECT gl_account, transit_account FROM bank_account"):
        side.update(dict.fromkeys(row, "asset"))
    parties = "SELECT DISTINCT control_account, party_type FROM entry ORDER BY 1, 2"
    for account, party_type in ledger.rows(parties):
        side[account] = "asset" if party_type == "customer" else "liability"
    found = {}
    for number, kind in ledger.rows("SELECT no, kind FROM gl_account ORDER BY no"):
        root = _ROOTS.get(kind) or _ROOTS[side.get(number, "expense")]
        found[number] = f"{root}:{_component(number)}"
    return found


def _component(number: str) -> str:
    """A legal account component; a number that had to be changed gets a mark that keeps it one."""
    plain = re.sub(r"[^A-Za-z0-9-]", "-", number).lstrip("-")
    plain = plain[:1].upper() + plain[1:]
    if plain == number:
        return plain
    return f"{plain or 'X'}-{hashlib.sha256(number.encode()).hexdigest()[:6]}"
