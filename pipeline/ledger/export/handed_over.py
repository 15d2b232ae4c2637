"""Postings as pairs of account and contra account, as other bookkeeping programs take them.

A journal entry of a bank line becomes one row for each thing that the line settles, against the
bank, so that each row names its document; discounts and differences follow against the party, a
row a tax code, and their taxes. A document in another currency than the line's is a row against the
position account. Whatever the rows, each account moves by what is posted to it. What they are worth
in the company's currency is told by ``worths``.
"""

import polars as pl

from pipeline.domain import rates
from pipeline.ledger.connection import Ledger
from pipeline.ledger.export.batches import Registers
from pipeline.ledger.reading import Snapshot

_POSTINGS = (
    "SELECT p.journal_entry_no, p.currency, CASE WHEN p.party_no <> '' THEN p.party_type || '/' ||"
    " p.party_no ELSE p.gl_account END, p.amount, CASE WHEN p.bank_account_no <> '' THEN 1 ELSE 0"
    " END FROM posting p JOIN journal_entry j ON j.no = p.journal_entry_no WHERE {journal} AND"
    " {ours} ORDER BY p.journal_entry_no, p.seq"
)
_WORTHS = (
    "SELECT j.no, p.currency, CASE WHEN p.party_no <> '' THEN p.party_type || '/' || p.party_no"
    " ELSE p.gl_account END, p.amount, p.amount_company FROM posting p JOIN journal_entry j ON j.no"
    " = p.journal_entry_no WHERE {journal} AND {ours} AND NOT EXISTS (SELECT 1 FROM valuation v"
    " WHERE v.journal_entry_no = j.no AND v.values_no <> j.no) AND p.amount_company IS NOT NULL"
    " UNION ALL SELECT j.no, p.currency, CASE WHEN p.party_no <> '' THEN p.party_type || '/' ||"
    " p.party_no ELSE p.gl_account END, 0, p.amount_company FROM valuation v JOIN journal_entry k"
    " ON k.no = v.journal_entry_no JOIN journal_entry j ON j.no = v.values_no JOIN posting p ON"
    " p.journal_entry_no = k.no WHERE {journal} AND {ours} AND k.no <> j.no AND k.register_no <="
    " {through}"
)
"""What postings are worth, those too that were valued later in the same batch.

What an earlier batch handed over without a rate has that of the program that took it.
"""
_SETTLED = (
    "SELECT a.journal_entry_no, a.seq, CASE WHEN a.bank_entry_id IS NOT NULL THEN"
    " k.transit_account WHEN a.gl_account <> '' THEN a.gl_account ELSE a.party_type || '/' ||"
    " a.party_no END, CASE WHEN e.currency <> s.currency THEN 0 ELSE a.applied_amount END,"
    " CASE WHEN e.currency <> s.currency THEN a.entry_amount ELSE a.discount_amount +"
    " a.difference_amount END,"
    " coalesce(e.document_no, b.document_no, ''), CASE WHEN a.rule = 'parking' THEN 1 ELSE 0 END"
    " FROM application a JOIN journal_entry j ON j.no = a.journal_entry_no LEFT JOIN entry e ON"
    " e.id = a.entry_id LEFT JOIN statement_line l ON l.line_id = a.line_id LEFT JOIN statement s"
    " ON s.id = l.statement_id LEFT JOIN bank_entry b ON b.id = a.bank_entry_id LEFT JOIN"
    " bank_account k ON k.bank_account_no = b.bank_account_no WHERE {journal} AND {ours} AND"
    " a.role = 'settles' ORDER BY a.journal_entry_no, a.seq"
)
_TAXES = (
    "SELECT t.journal_entry_no, t.seq, t.part, t.tax_code, t.gl_account, t.base_amount,"
    " t.tax_amount FROM application_tax t JOIN journal_entry j ON j.no = t.journal_entry_no WHERE"
    " {journal} AND {ours} ORDER BY t.journal_entry_no, t.seq, t.part, t.tax_code"
)
_HEADS = (
    "SELECT j.no, j.posting_date, j.kind, coalesce(s.bank_account_no, ''), coalesce(s.statement_no,"
    " ''), l.line_no, coalesce(l.bank_reference, ''), coalesce(l.counterparty_name, ''),"
    " coalesce(l.text, '') FROM journal_entry j LEFT JOIN statement_line l ON l.line_id = j.line_id"
    " LEFT JOIN statement s ON s.id = l.statement_id WHERE {journal} AND {ours} ORDER BY j.no"
)
_OURS = (
    "coalesce((SELECT o.kind FROM journal_entry o WHERE o.no = j.reverses_no), j.kind) NOT IN"
    " ('opening', 'external')"
)
"""What a load posted came from the books to which the postings are handed over."""
_TEXTS = ("bank_account_no", "statement_no")
PAIRS = ("no", "seq", "place", "currency", "account", "contra", "amount", "document_no", "tax_code")
"""``amount`` in minor units is what ``account`` is debited and ``contra`` credited; ``seq`` that of
the application, else 0; ``place`` 0 for what a line settles, 1 for the base, 2 for the tax of what
is given up, 3 for all else."""


def heads(books: Ledger | Snapshot, wanted: Registers) -> pl.DataFrame:
    """The journal entries of a batch that are our own, with the bank line that each one posts."""
    schema = {
        "no": pl.Int64,
        **dict.fromkeys(("posting_date", "kind", *_TEXTS), pl.String),
        "line_no": pl.Int64,
        **dict.fromkeys(("bank_reference", "name", "text"), pl.String),
    }
    return books.frame(_HEADS.format(journal=wanted.journal, ours=_OURS), schema)


def pairs(books: Ledger | Snapshot, wanted: Registers) -> pl.DataFrame:
    """``PAIRS`` of the registers of a batch.

    ``account`` and ``contra`` are G/L accounts, or ``customer/NO`` and ``vendor/NO``.
    """
    terms = {"journal": wanted.journal, "ours": _OURS}
    postings = books.frame(
        _POSTINGS.format(**terms),
        {"no": pl.Int64, "currency": pl.String, "account": pl.String, "amount": pl.Int64,
         "bank": pl.Int64},
    )  # fmt: skip
    settled = books.frame(
        _SETTLED.format(**terms),
        {"no": pl.Int64, "seq": pl.Int64, "account": pl.String, "applied": pl.Int64,
         "less": pl.Int64, "document_no": pl.String, "parking": pl.Int64},
    )  # fmt: skip
    taxes = books.frame(
        _TAXES.format(**terms),
        {"no": pl.Int64, "seq": pl.Int64, "part": pl.String, "tax_code": pl.String,
         "tax_account": pl.String, "base": pl.Int64, "tax": pl.Int64},
    )  # fmt: skip
    direct = _direct(postings, settled)
    taxed = _taxes(postings, settled, taxes)
    rest = _rest(postings, pl.concat([direct, taxed]), _given_up(settled, taxes))
    order = ["no", "place", "seq", "tax_code", "account", "contra", "amount", "document_no"]
    return pl.concat([direct, taxed, _paired(rest)]).sort(order)


def _direct(postings: pl.DataFrame, settled: pl.DataFrame) -> pl.DataFrame:
    """What a line settles, each against the bank, or against clearing where it is released."""
    bank = postings.filter(pl.col("bank") == 1).select("no", "account", "currency")
    bank = bank.unique("no", keep="first", maintain_order=True)
    currencies = _currencies(postings)
    parked = settled.filter(pl.col("parking") == 1).join(bank, on="no", how="anti")
    parked = parked.join(currencies, on="no").select("no", "account", "currency")
    money = pl.concat([bank, parked.unique("no", keep="first", maintain_order=True)])
    own = settled.join(parked.select("no", "account"), on=["no", "account"], how="anti")
    return (
        own.filter(pl.col("applied") != 0)
        .join(money.rename({"account": "contra"}), on="no")
        .with_columns(
            (-pl.col("applied")).alias("amount"),
            pl.lit(0, dtype=pl.Int64).alias("place"),
            pl.lit("").alias("tax_code"),
        )
        .select(PAIRS)
    )


def _currencies(postings: pl.DataFrame) -> pl.DataFrame:
    return postings.select("no", "currency").unique("no", keep="first", maintain_order=True)


def _taxes(postings: pl.DataFrame, settled: pl.DataFrame, taxes: pl.DataFrame) -> pl.DataFrame:
    """The tax of what is given up, a row a tax code, against the party."""
    currencies = _currencies(postings)
    return (
        taxes.filter(pl.col("tax") != 0)
        .join(settled.select("no", "seq", "account", "document_no"), on=["no", "seq"])
        .join(currencies, on="no")
        .with_columns(
            pl.col("tax_account").alias("contra"),
            (-pl.col("tax")).alias("amount"),
            pl.lit(2, dtype=pl.Int64).alias("place"),
        )
        .select(PAIRS)
    )


def _given_up(settled: pl.DataFrame, taxes: pl.DataFrame) -> pl.DataFrame:
    """What each application gives up besides taxes: a row a tax code, and the rest of it."""
    by = ["no", "seq"]
    whole = settled.filter(pl.col("less") != 0).select(*by, "account", "less", "document_no")
    bases = whole.drop("less").join(
        taxes.filter(pl.col("base") != 0).select(*by, "tax_code", pl.col("base").alias("less")),
        on=by,
    )
    told = taxes.group_by(by).agg((pl.col("base") + pl.col("tax")).sum().alias("told"))
    rest = whole.join(told, on=by, how="left").with_columns(
        (pl.col("less") - pl.col("told").fill_null(0)).alias("less"), pl.lit("").alias("tax_code")
    )
    return pl.concat([bases, rest.filter(pl.col("less") != 0).select(bases.columns)])


def _rest(postings: pl.DataFrame, direct: pl.DataFrame, given_up: pl.DataFrame) -> pl.DataFrame:
    """What each account moves beyond the direct rows: discounts, differences, all else.

    A party's part is told by document and tax code where these explain it.
    """
    by = ["no", "currency", "account"]
    amount = pl.col("amount")
    moved = pl.concat([
        postings.select(*by, "amount"),
        direct.select(*by, -amount),
        direct.select("no", "currency", pl.col("contra").alias("account"), "amount"),
    ]).group_by(by).agg(amount.sum()).filter(amount != 0)  # fmt: skip
    parts = given_up.join(moved.select(by), on=["no", "account"]).select(
        *by, "seq", (-pl.col("less")).alias("amount"), "document_no", "tax_code"
    )
    explained = (
        parts.group_by(by).agg(amount.sum()).join(moved, on=[*by, "amount"], how="semi").select(by)
    )
    others = moved.join(explained, on=by, how="anti").with_columns(
        pl.lit(0, dtype=pl.Int64).alias("seq"),
        pl.lit("").alias("document_no"),
        pl.lit("").alias("tax_code"),
    )
    own = parts.join(explained, on=by, how="semi")
    return pl.concat([own, others.select(own.columns)])


def _paired(legs: pl.DataFrame) -> pl.DataFrame:
    """Debits and credits of a journal entry side by side, cut where either one ends."""
    party = pl.col("account").str.contains(r"^(customer|vendor)/")
    by = ["no", "currency"]
    ends = {}
    for side, own in (("debit", pl.col("amount") > 0), ("credit", pl.col("amount") < 0)):
        first = party if side == "debit" else ~party  # G/L debits meet credits of parties
        ends[side] = (
            legs.filter(own)
            .with_columns(first.alias("_late"))
            .sort(*by, "_late", "seq", "tax_code", "account", "document_no", "amount")
            .with_columns(pl.col("amount").abs().cum_sum().over(by).alias("end"))
            .select(
                *by, "end", pl.col("account").alias(side),
                *[pl.col(name).alias(f"{name}_{side}") for name in
                  ("seq", "document_no", "tax_code")],
            )
            .sort("end", maintain_order=True)
        )  # fmt: skip
    cuts = pl.concat([frame.select(*by, "end") for frame in ends.values()]).unique().sort("end")
    for frame in ends.values():
        cuts = cuts.join_asof(frame, on="end", by=by, strategy="forward", check_sortedness=False)
    before = pl.col("end").shift(1).fill_null(0).over(by, order_by="end")
    flip = pl.col("credit").str.contains(r"^(customer|vendor)/")  # the party is the account
    amount = pl.col("end") - before
    return cuts.with_columns(amount.alias("amount")).select(
        "no",
        pl.max_horizontal("seq_debit", "seq_credit").alias("seq"),
        pl.when(pl.max_horizontal("seq_debit", "seq_credit") > 0).then(1).otherwise(3)
        .cast(pl.Int64).alias("place"),
        "currency",
        pl.when(flip).then("credit").otherwise("debit").alias("account"),
        pl.when(flip).then("debit").otherwise("credit").alias("contra"),
        pl.when(flip).then(-pl.col("amount")).otherwise("amount").alias("amount"),
        _either("document_no"),
        _either("tax_code"),
    )  # fmt: skip


def _either(name: str) -> pl.Expr:
    credit, debit = pl.col(f"{name}_credit"), pl.col(f"{name}_debit")
    return pl.when(credit != "").then(credit).otherwise(debit).alias(name)


def worths(
    books: Ledger | Snapshot, wanted: Registers, found: pl.DataFrame, currency: str
) -> pl.DataFrame:
    """``found`` (``PAIRS``) with ``worth``, and rows for what the rates moved.

    ``worth`` is what the row is in the company's ``currency``, by what the contra account was
    moved by; null where it has no rate, or is in that currency. What an account's value moved
    beyond its rows (a realised difference, a cent) follows as rows of that currency.
    """
    sql = _WORTHS.format(journal=wanted.journal, ours=_OURS, through=wanted.through)
    schema = {"no": pl.Int64, "currency": pl.String, "account": pl.String, "whole": pl.Int64,
              "value": pl.Int64}  # fmt: skip
    by = ["no", "currency", "account"]
    moved = books.frame(sql, schema).group_by(by).agg(pl.col("whole", "value").sum())
    amounts = _moved(found).join(moved.drop("whole"), on=by)
    amounts = amounts.filter(pl.col("whole") != 0)
    named = found.join(
        amounts.rename({"account": "contra"}), on=["no", "currency", "contra"], how="left",
        maintain_order="left",
    ).join(
        amounts, on=by, how="left", suffix="_own", maintain_order="left"
    )  # fmt: skip
    value, whole = pl.coalesce("value", "value_own"), pl.coalesce("whole", "whole_own")
    size = rates.share(value.abs(), pl.col("amount"), whole)
    told = named.with_columns((size * pl.col("amount").sign()).alias("worth"))
    known = told.filter(pl.col("worth").is_not_null())
    worth = pl.col("worth")
    left = pl.concat([
        moved.select("no", "account", pl.col("value").alias("amount")),
        known.select("no", "account", (-worth).alias("amount")),
        known.select("no", pl.col("contra").alias("account"), worth.alias("amount")),
    ])  # fmt: skip
    left = left.group_by("no", "account").agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
    legs = left.select(
        "no", pl.lit(currency).alias("currency"), "account", pl.lit(0, pl.Int64).alias("seq"),
        "amount", pl.lit("").alias("document_no"), pl.lit("").alias("tax_code"),
    )  # fmt: skip
    nothing = pl.lit(None, dtype=pl.Int64).alias("worth")
    return pl.concat([
        told.select(*PAIRS, "worth"), _paired(legs).select(*PAIRS, nothing)
    ])  # fmt: skip


def _moved(found: pl.DataFrame) -> pl.DataFrame:
    """``no, currency, account, whole``: by how much the rows move each account."""
    both = pl.concat([
        found.select("no", "currency", "account", "amount"),
        found.select("no", "currency", pl.col("contra").alias("account"), -pl.col("amount")),
    ])  # fmt: skip
    by = ["no", "currency", "account"]
    return both.group_by(by).agg(pl.col("amount").sum().alias("whole"))
