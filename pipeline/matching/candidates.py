"""Which entries and parties are worth looking at for each line: joins on keys, in bulk.

A key is a structured reference, a document number as people write it, an account or a name.
"""

import polars as pl
from rapidfuzz import fuzz, process

_TOKEN = r"[A-Z0-9]+(?:[-./_][A-Z0-9]+)*"
_LEGAL = (
    r"\b(GMBH|AG|KG|OHG|UG|SE|SA|SAS|SARL|SRL|BV|NV|LTD|LIMITED|LLC|INC|CORP|CO|PLC|OY|AB|AS|SPA"
    r"|EK|EV|CIE|FILS|MBH|UND|AND|ET)\b"
)
_CLOSE = 92
_MARGIN = 4


def plain(text: pl.Expr) -> pl.Expr:
    """Upper case letters and digits of ``text``, everything else gone, accents folded."""
    return text.str.normalize("NFKD").str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")


def name_key(text: pl.Expr) -> pl.Expr:
    """The words of a name in order of the alphabet, without legal forms and accents."""
    folded = text.str.normalize("NFKD").str.to_uppercase().str.replace_all("ß", "SS")
    words = folded.str.replace_all(r"\p{M}", "").str.replace_all(r"[^A-Z0-9]+", " ")
    bare = words.str.replace_all(_LEGAL, " ").str.strip_chars().str.replace_all(r" +", " ")
    return bare.str.split(" ").list.sort().list.join(" ")


def documents(lines: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """``line_id, entry_id, exact``: entries that a line names; ``exact`` false for bare digits."""
    tokens = _tokens(lines)
    keys = _entry_keys(entries)
    named = tokens.join(keys, left_on="token", right_on="key").select(
        "line_id", "entry_id", "exact"
    )
    by_reference = (
        lines.filter(pl.col("payment_reference") != "")
        .select("line_id", plain(pl.col("payment_reference")).alias("key"))
        .join(
            entries.filter(pl.col("payment_reference") != "").select(
                "entry_id", plain(pl.col("payment_reference")).alias("key")
            ),
            on="key",
        )
        .select("line_id", "entry_id", pl.lit(True).alias("exact"))
    )
    both = pl.concat([named, by_reference])
    grouped = both.group_by("line_id", "entry_id").agg(pl.col("exact").max())
    return grouped.sort("line_id", "entry_id")


def _tokens(lines: pl.DataFrame) -> pl.DataFrame:
    """Tokens of two characters and more, and neighbours joined, since banks wrap and split."""
    text = pl.concat_str(
        "text", "customer_reference", "end_to_end_id", separator=" "
    ).str.to_uppercase()
    words = lines.select("line_id", text.str.extract_all(_TOKEN).alias("token")).explode(
        "token", empty_as_null=True
    )
    words = words.drop_nulls("token").with_columns(
        pl.col("token").str.replace_all(r"[^A-Z0-9]", "")
    )
    follower = pl.col("token").shift(-1).over("line_id")
    pairs = words.with_columns((pl.col("token") + follower).alias("token")).drop_nulls("token")
    found = pl.concat([words, pairs]).filter(
        (pl.col("token").str.len_chars() >= 4) & pl.col("token").str.contains(r"[0-9]")
    )
    bare = found.with_columns(pl.col("token").str.strip_chars_start("0"))
    return pl.concat([found, bare]).unique().sort("line_id", "token")


def _entry_keys(entries: pl.DataFrame) -> pl.DataFrame:
    parts = []
    for column in ("document_no", "external_document_no"):
        numbers = entries.filter(pl.col(column).str.len_chars() >= 4)
        whole = plain(pl.col(column))
        parts.append(numbers.select("entry_id", whole.alias("key"), pl.lit(True).alias("exact")))
        digits = pl.col(column).str.extract_all(r"[0-9]+").list.last().str.strip_chars_start("0")
        parts.append(
            numbers.select("entry_id", digits.alias("key"), pl.lit(False).alias("exact")).filter(
                pl.col("key").str.len_chars() >= 4
            )
        )
    keys = pl.concat(parts).filter(pl.col("key").str.len_chars() >= 4)
    return keys.group_by("entry_id", "key").agg(pl.col("exact").max())


def accounts(lines: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """``line_id, party_type, party_no``: parties that have the line's account on file."""
    on_file = parties.explode("ibans", empty_as_null=True).drop_nulls("ibans")
    known = on_file.select("party_type", "party_no", plain(pl.col("ibans")).alias("key"))
    return (
        lines.select("line_id", plain(pl.col("counterparty_account")).alias("key"))
        .filter(pl.col("key") != "")
        .join(known, on="key")
        .select("line_id", "party_type", "party_no")
        .unique()
        .sort("line_id", "party_type", "party_no")
    )


def names(lines: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """``line_id, party_type, party_no, close``: equal names, else damaged ones that fit one party.

    ``close`` is true for a damaged name; every party that reaches the best score is given.
    """
    known = (
        pl.concat(
            [
                parties.select("party_type", "party_no", name_key(pl.col("name")).alias("key")),
                parties.explode("aliases", empty_as_null=True)
                .drop_nulls("aliases")
                .select("party_type", "party_no", name_key(pl.col("aliases")).alias("key")),
            ]
        )
        .filter(pl.col("key").str.len_chars() >= 4)
        .unique()
        .sort("key", "party_type", "party_no")
    )
    asked = lines.select("line_id", name_key(pl.col("counterparty_name")).alias("key"))
    asked = asked.filter(pl.col("key").str.len_chars() >= 4)
    equal = asked.join(known, on="key").with_columns(pl.lit(False).alias("close"))
    rest = asked.join(equal.select("line_id").unique(), on="line_id", how="anti")
    pairs = _damaged(rest["key"].unique().sort().to_list(), known["key"].unique().sort().to_list())
    schema = {"key": pl.String, "match": pl.String}
    nearest = pl.DataFrame(pairs, schema=schema, orient="row")
    close = (
        rest.join(nearest, on="key")
        .join(known.rename({"key": "match"}), on="match")
        .with_columns(pl.lit(True).alias("close"))
    )
    columns = ["line_id", "party_type", "party_no", "close"]
    return pl.concat([equal.select(columns), close.select(columns)]).unique().sort(columns)


def _damaged(asked: list[str], known: list[str]) -> list[tuple[str, str]]:
    pairs = []
    for name in asked:
        found = process.extract(name, known, scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=5)
        best = max((score for _, score, _ in found), default=0.0)
        pairs += [(name, match) for match, score, _ in found if score >= best - _MARGIN]
    return pairs
