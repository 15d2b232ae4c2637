"""The syntax of each plain-text accounting program, free text made harmless.

Sources: the beancount language syntax, the hledger and ledger-cli journal formats.
"""

import io
from collections.abc import Sequence

import polars as pl

from pipeline.domain import money
from pipeline.domain.spreadsheet import guarded_columns

_OPENED = "1970-01-01"  # the same for ever, so that no later posting changes an open directive
_CONTROL = r"[\x00-\x1f\x7f\x{2028}\x{2029}\x{85}]+"


def render(
    form: str,
    accounts: Sequence[str],
    postings: pl.DataFrame,
    assertions: pl.DataFrame,
    title: str,
) -> str:
    """A journal from postings in order (``first`` marks the first one of a transaction).

    ``amount`` and ``closing`` are decimal text. Assertions stand after the day that they close.
    """
    if form == "csv":
        return _csv(postings)
    if form == "beancount":
        return _beancount(accounts, postings, assertions, title)
    return _hledger(accounts, postings, assertions, _declared(form, postings))


def _plain(name: str) -> pl.Expr:
    """Free text on one line, single blanks."""
    flat = pl.col(name).str.replace_all(_CONTROL, " ").str.replace_all(r"\s+", " ")
    return flat.str.strip_chars()


def _blocks(postings: pl.DataFrame, head: pl.Expr, posting: pl.Expr) -> pl.DataFrame:
    """One text for each transaction, with ``day`` and ``place`` to sort it among assertions."""
    lines = postings.with_columns(head.alias("_head"), posting.alias("_posting"))
    return lines.group_by("transaction", maintain_order=True).agg(
        pl.col("posting_date").first().alias("day"),
        pl.lit(0).alias("place"),
        pl.concat_str(pl.col("_head").first(), pl.col("_posting").str.join("")).alias("text"),
    ).select("day", "place", "text")  # fmt: skip


def _joined(header: list[str], blocks: pl.DataFrame, assertions: pl.DataFrame) -> str:
    both = pl.concat([blocks, assertions.select("day", pl.lit(1).alias("place"), "text")])
    body = both.sort("day", "place", maintain_order=True)["text"].to_list()
    return "\n".join([*header, *body])


def _beancount(
    accounts: Sequence[str], postings: pl.DataFrame, assertions: pl.DataFrame, title: str
) -> str:
    def quoted(name: str) -> pl.Expr:
        safe = _plain(name).str.replace_all("\\", "\\\\", literal=True)
        return safe.str.replace_all('"', '\\"', literal=True)

    def meta(key: str, value: pl.Expr) -> pl.Expr:
        text = pl.concat_str(pl.lit(f"  {key}: "), value, pl.lit("\n"))
        return pl.when(value.is_in(["", '""']) | value.is_null()).then(pl.lit("")).otherwise(text)

    def string(name: str) -> pl.Expr:
        return pl.concat_str(pl.lit('"'), quoted(name), pl.lit('"'))

    narration = pl.when(pl.col("narration") == "").then("kind").otherwise(quoted("narration"))
    head = pl.concat_str(
        "posting_date", pl.lit(' * "'), quoted("payee"), pl.lit('" "'), narration, pl.lit('"\n'),
        meta("kind", string("kind")),
        meta("bank-account", string("bank_account_no")),
        meta("statement", string("statement_no")),
        meta("line", pl.col("line_no").cast(pl.String).fill_null("")),
        meta("document", string("document_no")),
    )  # fmt: skip
    posting = pl.format("  {}  {} {}{}\n", "account", "amount", "currency", "price")
    after = pl.col("to_date").str.to_date("%Y-%m-%d").dt.offset_by("1d").cast(pl.String)
    checks = assertions.select(
        pl.col("to_date").alias("day"),
        pl.format("{} balance {}  {} ~ 0 {}\n", after, "account", "closing", "currency")
        .alias("text"),
    )  # fmt: skip
    name = title.replace("\\", "").replace('"', "'")
    header = [f'option "title" "{name}"'] if name else []
    header += [f"{_OPENED} open {account}" for account in accounts] + [""]
    return _joined(header, _blocks(postings, head, posting), checks)


def _declared(form: str, postings: pl.DataFrame) -> list[str]:
    """Currencies, and for ledger the tag: the strict modes of both ask for a declaration."""
    said = postings["price"].str.extract(r"([A-Z]{3})$").drop_nulls()
    currencies = pl.concat([postings["currency"], said]).unique().sort().to_list()
    if form == "ledger":
        return [*(f"commodity {code}" for code in currencies), "tag kind"]
    shown = {code: money.text(1000 * 10 ** money.exponent(code), code) for code in currencies}
    marked = {code: text if "." in text else f"{text}." for code, text in shown.items()}
    return [f"commodity {text} {code}" for code, text in marked.items()]


def _hledger(
    accounts: Sequence[str],
    postings: pl.DataFrame,
    assertions: pl.DataFrame,
    declared: Sequence[str],
) -> str:
    def safe(name: str) -> pl.Expr:
        return _plain(name).str.replace_all(r"[;|\[\]()]", ",")

    line = pl.concat_str("bank_account_no", "statement_no", pl.col("line_no").cast(pl.String),
                         separator="/", ignore_nulls=True)  # fmt: skip
    code = pl.when(pl.col("bank_account_no") == "").then(safe("document_no")).otherwise(line)
    named = pl.when(pl.col("payee") == "").then("kind").otherwise(safe("payee"))
    text = pl.when(pl.col("narration") == "").then(pl.lit("")).otherwise(
        pl.concat_str(pl.lit(" | "), safe("narration"))
    )  # fmt: skip
    head = pl.concat_str(
        "posting_date", pl.lit(" * ("), code.str.replace_all(r"[;()]", ","), pl.lit(") "),
        named, text, pl.lit("\n    ; kind: "), "kind", pl.lit("\n"),
    )  # fmt: skip
    posting = pl.format("    {}  {} {}{}\n", "account", "amount", "currency", "price")
    checks = assertions.select(
        pl.col("to_date").alias("day"),
        pl.format("{} * statement closes\n    {}  0 {} = {} {}\n", "to_date", "account",
                  "currency", "closing", "currency").alias("text"),
    )  # fmt: skip
    header = [*(f"account {account}" for account in accounts), *declared, ""]
    return _joined(header, _blocks(postings, head, posting), checks)


def _csv(postings: pl.DataFrame) -> str:
    columns = (
        "transaction", "posting_date", "kind", "payee", "narration", "bank_account_no",
        "statement_no", "line_no", "document_no", "account", "amount", "currency", "price",
    )  # fmt: skip
    text = ("payee", "narration", "bank_account_no", "statement_no", "document_no")
    out = io.BytesIO()
    postings.with_columns(guarded_columns(text)).select(columns).write_csv(out)
    return out.getvalue().decode()
