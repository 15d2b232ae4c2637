"""Lines and open items in the columns that the Splink model compares.

What its users would do first: names without legal forms, document numbers without separators,
digits without leading zeros, accounts as arrays.
"""

import polars as pl

from benchmarks.quality.books import Books

_FORMS = (
    "gmbh", "ag", "kg", "ohg", "ug", "gbr", "eg", "ev", "co", "mbh", "sa", "sarl", "sas", "snc",
    "eurl", "sci", "bv", "nv", "vof", "as", "asa", "ab", "oy", "aps", "ltd", "limited", "plc",
    "llp", "inc", "llc", "corp", "corporation", "company", "e", "k", "s", "a", "b", "v", "und",
    "and", "et", "en", "og", "fils", "sons", "the",
)  # fmt: skip
_FOLDED = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae", "é": "e",
    "è": "e", "ê": "e", "ë": "e", "à": "a", "â": "a", "á": "a", "ç": "c", "î": "i", "ï": "i",
    "ô": "o", "ó": "o", "û": "u", "ù": "u", "ú": "u", "ñ": "n",
}  # fmt: skip
_RARE = 5
_YEAR = r"^(19|20)\d\d$"
_NUMBER = r"[A-Z]{0,6}[-/. ]?\d[\d./-]*\d"
_OWN = ("document_no", "external_document_no", "payment_reference", "your_reference",
        "mandate_id", "check_no", "end_to_end_id", "batch_no")  # fmt: skip


def line_rows(books: Books) -> pl.DataFrame:
    """One row for each line; ``numbers, digits, names, tokens, rare, accounts`` are arrays."""
    who = pl.when(pl.col("name") != "").then(pl.col("name")).otherwise(pl.col("text"))
    text = pl.col("text").str.to_uppercase()
    rows = books.lines.with_columns(
        text.str.extract_all(_NUMBER).list.eval(_bare(pl.element())).alias("written"),
        text.str.extract_all(r"[A-Z]*\d+[A-Z0-9]*").alias("runs"),
        _tokens(who).alias("tokens"),
        pl.concat_list(_tokens(who).list.join(" ")).alias("known"),
        _tokens(pl.col("name") + " " + pl.col("text")).alias("words"),
        text.str.extract_all(r"[A-Z0-9]+").alias("customer"),
        # Where the bank knows no name, the text has it among other words.
        (pl.col("name") != "").alias("named"),
    )
    return _arrays(rows, books).select(
        pl.col("line_ref").alias("unique_id"), pl.lit("").alias("target"),
        "currency", "bank_account_no", "amount", pl.col("amount").alias("less"),
        pl.col("value_date").alias("late"), pl.col("booking_date").alias("posted"), "named",
        "numbers", "digits", "names", "known", "tokens", "words", "rare", "customer",
        pl.when(pl.col("account") != "").then(pl.concat_list("account"))
        .otherwise(pl.lit([], pl.List(pl.String))).alias("accounts"),
        pl.col("booking_date").alias("due"),
    )  # fmt: skip


def item_rows(books: Books, every: pl.DataFrame) -> pl.DataFrame:
    """One row for each open item, in the columns of ``line_rows``."""
    owners = books.parties.select(
        pl.col("party_type").alias("owner_type"), pl.col("party_no").alias("owner_no"), "name",
        "aliases",
    )  # fmt: skip
    accounts = books.accounts.group_by("party_type", "party_no").agg(
        pl.col("account").sort().alias("accounts")
    )
    written = pl.concat_list(_bare(pl.col(name).str.to_uppercase()) for name in _OWN)
    runs = pl.concat_list(
        pl.col(name).str.to_uppercase().str.extract_all(r"\d+") for name in _OWN
    )  # fmt: skip
    name = _tokens(pl.col("name").fill_null(""))
    aliases = (
        pl.col("aliases")
        .fill_null("")
        .str.split(";")
        .list.eval(_tokens(pl.element()).list.join(" "))
    )
    rows = (
        every.join(owners, on=["owner_type", "owner_no"], how="left")
        .join(accounts, left_on=["owner_type", "owner_no"], right_on=["party_type", "party_no"],
              how="left")
        .with_columns(
            written.alias("written"), runs.alias("runs"),
            name.alias("tokens"),
            name.alias("words"),
            pl.concat_list(name.list.join(" "), aliases).alias("known"),
            pl.concat_list(pl.col("owner_no").str.to_uppercase()).alias("customer"),
        )
    )  # fmt: skip
    return _arrays(rows, books).select(
        pl.col("item").cast(pl.String).alias("unique_id"), "target", "currency",
        "bank_account_no", pl.col("remaining").alias("amount"),
        (pl.col("remaining") - pl.col("discount")).alias("less"), "late",
        pl.col("posting_date").alias("posted"), pl.lit(True).alias("named"),
        "numbers", "digits", "names", "known", "tokens", "words", "rare", "customer",
        pl.col("accounts").fill_null([]), pl.col("due_date").alias("due"),
    )  # fmt: skip


def _bare(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all("[^A-Z0-9]", "")


def _tokens(name: pl.Expr) -> pl.Expr:
    """Words in small letters without accents and legal forms, in order, each once."""
    folded = name.str.to_lowercase().str.replace_many(list(_FOLDED), list(_FOLDED.values()))
    words = folded.str.replace_all("[^a-z0-9]+", " ").str.strip_chars().str.split(" ")
    return words.list.set_difference(pl.lit(list(_FORMS))).list.unique().list.sort()


def _arrays(rows: pl.DataFrame, books: Books) -> pl.DataFrame:
    """Numbers as written and as digits, the name as one key, and its words that are rare."""
    common = (
        books.parties.select(_tokens(pl.col("name")).alias("token"))
        .explode("token")
        .group_by("token")
        .len()
        .filter(pl.col("len") > _RARE)["token"]
    )
    element = pl.element()
    long = element.str.len_chars() >= 4
    digits = element.str.replace_all("[^0-9]", "").str.strip_chars_start("0")
    both = pl.concat_list("written", "runs")
    return rows.with_columns(
        both.list.eval(element.filter(element.str.contains("[A-Z].*[0-9]") & long))
        .list.unique().list.sort().alias("numbers"),
        both.list.eval(digits.filter((digits.str.len_chars() >= 4) & ~digits.str.contains(_YEAR)))
        .list.unique().list.sort().alias("digits"),
        pl.col("tokens").list.join(" ").alias("names"),
        pl.col("words").list.eval(
            element.filter((element.str.len_chars() >= 3) & ~element.is_in(common.implode()))
        ).alias("rare"),
    )  # fmt: skip
