"""Who paid, where the bank states neither name nor account and the text holds one of them.

A whole name of the books must stand there, word by word, with enough in it to be told from words
of the language: three words, its legal form, or a long and rare word. Of a name inside a longer
one the longer counts; two parties are a tie. An IBAN on file counts like the party's number.
"""

import polars as pl

from pipeline.matching.text import bare_words, folded, legal_forms, plain

FOUND = ["line_id", "party_type", "party_no", "how"]
_WHO = ["party_type", "party_no"]
_LONG, _RARE_WORD = 12, 6
_MOST_SHARE = 50
_IBAN_START = 8
_IBAN = rf"[A-Z]{{2}}[0-9]{{2}}[A-Z0-9]{{{_IBAN_START - 4}}}"


def silent(lines: pl.DataFrame) -> pl.DataFrame:
    """The ``lines`` of which the bank states neither name nor account, but a text."""
    stated = (pl.col("counterparty_name") != "") | (pl.col("counterparty_account") != "")
    return lines.filter(~stated & (pl.col("text") != ""))


def named(lines: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """``FOUND``: parties whose whole name (``payers.known_names``) the text of a line holds."""
    texts = lines.select("line_id", folded(pl.col("text")).alias("words"))
    texts = texts.with_columns(_said(), legal_forms(pl.col("words")).alias("forms"))
    words = texts.select("line_id", pl.col("said").alias("word"))
    words = words.explode("word", empty_as_null=True).drop_nulls("word").unique()
    names = _keyed(known, words.select("word").unique())
    pairs = words.join(names, on="word").join(texts, on="line_id", suffix="_text")
    held = pairs.filter(_within(_phrase("said"), _phrase("said_text")) & _tells())
    found = held.select("line_id", *_WHO, _phrase("said").alias("phrase")).unique()
    return _longest(found).select("line_id", *_WHO, pl.lit("name").alias("how")).unique()


def _said() -> pl.Expr:
    return bare_words(pl.col("words")).alias("said")


def _keyed(known: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Names of ``wanted`` words only, two and more, with their rarest ``word`` and its ``share``.

    ``share`` counts the names in the books that have the word.
    """
    names = known.filter(pl.col("key").str.contains(" ")).with_row_index("name")
    told = names.select("name", pl.col("key").str.split(" ").alias("word"))
    told = told.explode("word", empty_as_null=True).unique()
    every = told.group_by("name").len("words_of_name")
    told = told.join(wanted, on="word", how="semi").with_columns(
        pl.len().over("word").alias("share")
    )
    all_there = told.join(every, on="name").filter(pl.len().over("name") == pl.col("words_of_name"))
    rarest = all_there.sort("name", "share", "word").unique("name", keep="first")
    rare = rarest.filter(pl.col("share") <= _MOST_SHARE).select("name", "word", "share")
    return rare.join(names, on="name").select(*_WHO, "word", "share", "forms", _said())


def _phrase(column: str) -> pl.Expr:
    return pl.concat_str(pl.lit(" "), pl.col(column).list.join(" "), pl.lit(" "))


def _within(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return whole.str.contains(part, literal=True)


def _tells() -> pl.Expr:
    """Does the name hold enough, and its legal form not contradict those of the text?"""
    forms, around = pl.col("forms"), pl.col("forms_text")
    form = forms.list.set_intersection(around).list.len() > 0
    against = ~form & (forms.list.len() > 0) & (around.list.len() > 0)
    letters = pl.col("said").list.join("").str.len_chars()
    rare = (pl.col("share") == 1) & (pl.col("word").str.len_chars() >= _RARE_WORD)
    enough = form | (pl.col("said").list.len() > 2) | (rare & (letters >= _LONG))
    return enough & ~against


def _longest(found: pl.DataFrame) -> pl.DataFrame:
    """Without names that are part of a longer one in the same line."""
    both = found.join(found.select("line_id", pl.col("phrase").alias("longer")), on="line_id")
    part = both.filter(
        (pl.col("phrase") != pl.col("longer")) & _within(pl.col("phrase"), pl.col("longer"))
    )
    return found.join(part, on=["line_id", "phrase"], how="anti")


def accounts(lines: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """``FOUND``: parties whose IBAN on file stands in the text of a line, blanks or not."""
    texts = lines.select("line_id", plain(pl.col("text")).alias("text"))
    starts = texts.with_columns(pl.col("text").str.extract_all(_IBAN).alias("start"))
    starts = starts.explode("start", empty_as_null=True).drop_nulls("start")
    on_file = parties.explode("ibans", empty_as_null=True).drop_nulls("ibans")
    on_file = on_file.select(*_WHO, plain(pl.col("ibans")).alias("iban"))
    on_file = on_file.with_columns(pl.col("iban").str.head(_IBAN_START).alias("start"))
    pairs = starts.join(on_file.filter(pl.col("iban").str.len_chars() > _IBAN_START), on="start")
    held = pairs.filter(pl.col("text").str.contains(pl.col("iban"), literal=True))
    return held.select("line_id", *_WHO, pl.lit("number").alias("how")).unique()
