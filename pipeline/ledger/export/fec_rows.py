"""The postings of a fiscal year with what the French file says of each one.

A load posts all documents of a day as one sum; here each document is a row again, since each has
its letter. A payment has the letter of the group that its party's entry closes, and so has what was
posted to apply it later. What got its value later stands with that value, as what it is about.
"""

import datetime as dt

import polars as pl

from pipeline.config import Settings
from pipeline.ledger.connection import Ledger
from pipeline.ledger.export.letters import letters

_POSTINGS = (
    "SELECT j.no, o.no AS of_no, j.register_no, substr(r.recorded_at, 1, 10), j.posting_date,"
    " o.posting_date AS document_date, j.kind,"
    " coalesce(s.bank_account_no, ''), coalesce(b.name, ''), coalesce(s.statement_no, ''),"
    " l.line_no, coalesce(l.counterparty_name, ''), coalesce(l.text, ''), p.seq, p.gl_account,"
    " coalesce(nullif(g.name, ''), p.gl_account), p.amount, p.currency,"
    " CASE WHEN p.amount_company IS NULL AND v.values_no <> v.journal_entry_no THEN 0 ELSE"
    " p.amount_company END,"
    " CASE WHEN o.no = j.no THEN p.amount ELSE (SELECT CASE WHEN count(*) = 1 THEN max(q.amount)"
    " ELSE 0 END FROM posting q WHERE q.journal_entry_no = o.no AND q.gl_account = p.gl_account AND"
    " q.party_type = p.party_type AND q.party_no = p.party_no AND q.currency = p.currency AND"
    " (q.amount < 0) = (p.amount_company < 0)) END,"
    " p.party_type, p.party_no FROM posting p JOIN journal_entry j ON j.no = p.journal_entry_no"
    " LEFT JOIN valuation v ON v.values_no = j.no LEFT JOIN valuation w ON w.journal_entry_no ="
    " j.no JOIN journal_entry o ON o.no = coalesce(w.values_no, j.no)"
    " JOIN register r ON r.no = j.register_no JOIN gl_account g ON g.no = p.gl_account"
    " LEFT JOIN statement_line l ON l.line_id = o.line_id"
    " LEFT JOIN statement s ON s.id = l.statement_id"
    " LEFT JOIN bank_account b ON b.bank_account_no = s.bank_account_no"
    " WHERE j.posting_date BETWEEN '{first}' AND '{last}'"
)
"""``o`` is what a journal entry is about: itself, or what it gives a value later."""
_WHOLE = ("no", "of_no", "register_no", "line_no", "seq", "amount", "amount_company",
          "foreign_amount")  # fmt: skip
_COLUMNS = (
    "no", "of_no", "register_no", "recorded_on", "posting_date", "document_date", "kind",
    "bank_account_no", "bank_name", "statement_no", "line_no", "name", "text", "seq", "gl_account",
    "account_name", "amount", "currency", "amount_company", "foreign_amount", "party_type",
    "party_no",
)  # fmt: skip
_VALUED = "coalesce(v.journal_entry_no, o.no)"
"""The journal entry in which a document has its value: that which brought it, or a later one."""
_DOCUMENTS = (
    "SELECT j.no, e.control_account, e.party_type, e.party_no, e.document_no,"
    " coalesce(e.document_date, e.posting_date), CASE WHEN j.no = o.no THEN e.initial_amount ELSE 0"
    " END, v.amount_company, e.initial_amount, e.id FROM entry e JOIN journal_entry o ON o.no ="
    " e.journal_entry_no LEFT JOIN entry_value v ON v.entry_id = e.id JOIN journal_entry j ON j.no"
    f" = {_VALUED} WHERE o.line_id IS NULL AND"
    " j.posting_date BETWEEN '{first}' AND '{last}' AND e.initial_amount <> 0"
    " UNION ALL SELECT j.no, e.control_account, e.party_type, e.party_no, e.document_no,"
    " o.posting_date, CASE WHEN j.no = o.no THEN -a.entry_amount ELSE 0 END, -v.entry_company,"
    " -a.entry_amount, e.id FROM application a JOIN entry e ON e.id = a.entry_id JOIN journal_entry"
    " o ON o.no = a.journal_entry_no LEFT JOIN application_value v ON v.application_no = o.no AND"
    f" v.seq = a.seq JOIN journal_entry j ON j.no = {_VALUED} WHERE"
    " a.role = 'external' AND j.posting_date BETWEEN '{first}' AND '{last}'"
)
_PAYMENTS = (
    "SELECT e.journal_entry_no, e.party_type, e.party_no, e.id FROM entry e JOIN journal_entry j ON"
    " j.no = e.journal_entry_no WHERE j.line_id IS NOT NULL"
    " UNION ALL SELECT a.journal_entry_no, e.party_type, e.party_no, coalesce((SELECT max(y.id)"
    " FROM entry y JOIN journal_entry p ON p.no = y.journal_entry_no WHERE p.line_id = a.line_id"
    " AND p.no < a.journal_entry_no AND y.party_type = e.party_type AND y.party_no = e.party_no),"
    " e.id) FROM application a JOIN entry e ON e.id = a.entry_id JOIN journal_entry j ON j.no ="
    " a.journal_entry_no LEFT JOIN journal_entry o ON o.no = j.reverses_no WHERE coalesce(o.kind,"
    " j.kind) IN ('application', 'unapplication') ORDER BY 1, 2, 3, 4"
)
"""Whose letter the party's rows have that no document tells: that of the money that was applied."""
_PARTIES = "SELECT party_type, party_no, name FROM party"
_PARTY = ("party_type", "party_no")


def rows(ledger: Ledger, settings: Settings, first: dt.date, last: dt.date) -> pl.DataFrame:
    """Each posting dated from ``first`` to ``last``, both included, amounts in minor units."""
    terms = {"first": first, "last": last}
    schema = {name: pl.Int64 if name in _WHOLE else pl.String for name in _COLUMNS}
    postings = ledger.frame(_POSTINGS.format(**terms), schema).with_columns(
        pl.when(pl.col("line_no").is_null())
        .then(pl.concat_str(pl.lit("J"), pl.col("of_no").cast(pl.String)))
        .otherwise(pl.concat_str("statement_no", pl.lit("/"), pl.col("line_no").cast(pl.String)))
        .alias("document_no")
    )
    payments = ledger.frame(
        _PAYMENTS, {"of_no": pl.Int64, **dict.fromkeys(_PARTY, pl.String), "_entry_id": pl.Int64}
    )
    own = postings.join(
        payments.unique(["of_no", *_PARTY], keep="first", maintain_order=True),
        on=["of_no", *_PARTY],
        how="left",
    )  # fmt: skip
    whole = _by_document(own, ledger, terms)
    whole = whole.join(letters(ledger), on="_entry_id", how="left").join(
        ledger.frame(_PARTIES, dict.fromkeys((*_PARTY, "party_name"), pl.String)),
        on=[*_PARTY], how="left",
    )  # fmt: skip
    return whole.with_columns(
        pl.col("letter", "letter_date", "party_name").fill_null(""), *_journal(whole, settings),
        _said().alias("said"),
    )  # fmt: skip


def _by_document(postings: pl.DataFrame, ledger: Ledger, terms: dict[str, dt.date]) -> pl.DataFrame:
    """Sums of a load on a control account as the documents that they are made of."""
    documents = ledger.frame(
        _DOCUMENTS.format(**terms),
        {
            "no": pl.Int64,
            **dict.fromkeys(("gl_account", *_PARTY, "document_no", "document_date"), pl.String),
            **dict.fromkeys(("amount", "amount_company", "foreign_amount", "_entry_id"), pl.Int64),
        },
    )
    by = ["no", "gl_account"]
    worth = pl.col("amount_company")
    totals = [pl.col("amount").sum(), pl.when(~worth.has_nulls()).then(worth.sum())]
    sums = [frame.group_by(by).agg(totals) for frame in (documents, postings)]
    same = [*by, "amount", "amount_company"]
    told = sums[0].join(sums[1], on=same, nulls_equal=True)
    others = postings.join(told, on=by, how="anti")
    said = ["document_no", "document_date", "amount", "amount_company", "foreign_amount", *_PARTY,
            "_entry_id"]  # fmt: skip
    heads = postings.drop(said).unique(by, keep="first", maintain_order=True)
    each = documents.join(told.select(by), on=by, how="semi").join(heads, on=by)
    return pl.concat([others, each.select(others.columns)])


def _journal(whole: pl.DataFrame, settings: Settings) -> tuple[pl.Expr, pl.Expr]:
    """The journal: each bank account's own, the opening of the books, and all other entries."""
    opening = settings.accounts["opening"]
    opened = whole.filter(pl.col("gl_account") == opening)["no"].unique()
    bank = pl.col("bank_account_no") != ""
    is_opening = pl.col("no").is_in(opened.implode())
    code = pl.when(bank).then("bank_account_no").when(is_opening).then(pl.lit("AN"))
    name = pl.when(bank).then("bank_name").when(is_opening).then(pl.lit("A nouveaux"))
    return (
        code.otherwise(pl.lit("OD")).alias("journal"),
        name.otherwise(pl.lit("Operations diverses")).alias("journal_name"),
    )


def _said() -> pl.Expr:
    text = pl.concat_str("name", "text", separator=" ").str.strip_chars()
    return pl.when(text == "").then("kind").otherwise(text)
