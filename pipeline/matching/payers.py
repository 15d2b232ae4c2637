"""Who paid: parties by account, by their number in the text, by mandate and by name.

``how`` says by what: account, number, mandate, name (full, truncated by the bank, or damaged and
like one party only), close (alike, but not sure), and what people taught (``mappings.HOW``). A
token counts by how rare it is: a name of one word that others have too is never more than close.
"""

from dataclasses import dataclass

import polars as pl

from pipeline.matching.likeness import ratios
from pipeline.matching.text import folded, legal_forms, name_words, plain

_ALIKE = r"[\p{Cyrillic}\p{Greek}\p{Armenian}\p{Cherokee}]"
PAYER = ["line_id", "party_type", "party_no", "how"]
_SHORTEST_NAME = 4
_SHORTEST_IN_TEXT = 8
_WRAPPED = 26  # banks cut names at 27, 32 or 35 characters
_NARROW = (21, 22)  # British ones at 22, where a blank may be the last
_PREFIX = 15
_LIKE = 85.0


def accounts(lines: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """Parties that have the line's account on file."""
    on_file = parties.explode("ibans", empty_as_null=True).drop_nulls("ibans")
    known = on_file.select("party_type", "party_no", plain(pl.col("ibans")).alias("key"))
    asked = lines.select("line_id", plain(pl.col("counterparty_account")).alias("key"))
    return _payers(asked.filter(pl.col("key") != "").join(known, on="key"), "account")


def numbers(found: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """Parties whose number stands in the text by itself; five digits at least without letters."""
    keys = parties.select("party_type", "party_no", plain(pl.col("party_no")).alias("key"))
    digits = pl.col("key").str.contains(r"^[0-9]+$")
    long = pl.when(digits).then(5).otherwise(4)
    keys = keys.filter(
        (pl.col("key").str.len_chars() >= long) & pl.col("key").str.contains(r"[0-9]")
    )
    words = found.filter(pl.col("span") == 1).select("line_id", pl.col("token").alias("key"))
    return _payers(words.join(keys, on="key"), "number")


def mandates(lines: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """Parties whose open entries carry the mandate under which the line was debited."""
    known = entries.filter(pl.col("mandate_id") != "")
    known = known.select("party_type", "party_no", "mandate_id").unique()
    asked = lines.filter(pl.col("mandate_id") != "").select("line_id", "mandate_id")
    return _payers(asked.join(known, on="mandate_id"), "mandate")


def _payers(found: pl.DataFrame, how: str) -> pl.DataFrame:
    return found.with_columns(pl.lit(how).alias("how")).select(PAYER).unique()


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the books and of the lines, and which of them are equal."""

    on_file: pl.DataFrame
    """``known_names``."""
    asked: pl.DataFrame
    """``asked_names``."""
    equal: pl.DataFrame
    """``by_name`` of both."""


def names(lines: pl.DataFrame, parties: pl.DataFrame) -> Names:
    """All names at once."""
    on_file, asked = known_names(parties), asked_names(lines)
    return Names(on_file, asked, by_name(asked, on_file))


def known_names(parties: pl.DataFrame) -> pl.DataFrame:
    """Names, names with their second line, and aliases of all parties, as keys of comparison."""
    who = ("party_type", "party_no")
    second = parties.filter(pl.col("name_2") != "")
    aliases = parties.explode("aliases", empty_as_null=True).drop_nulls("aliases")
    written = pl.concat(
        [
            parties.select(*who, pl.col("name").alias("written")),
            second.select(*who, (pl.col("name") + " " + pl.col("name_2")).alias("written")),
            aliases.select(*who, pl.col("aliases").alias("written")),
        ]
    )
    return keyed(written).unique(["party_type", "party_no", "words"]).sort(*who, "words")


def asked_names(lines: pl.DataFrame) -> pl.DataFrame:
    """``written, words, key, forms`` of each name that lines give, once."""
    written = lines.select(pl.col("counterparty_name").alias("written")).unique()
    return keyed(written).sort("written")


def keyed(written: pl.DataFrame) -> pl.DataFrame:
    """Keys of names; one that mixes Latin letters with look-alikes of other scripts has none."""
    mixed = pl.col("written").str.contains(r"\p{Latin}") & pl.col("written").str.contains(_ALIKE)
    written = written.filter(~mixed)
    keyed = with_keys(written.with_columns(folded(pl.col("written")).alias("words")))
    return keyed.filter(pl.col("key").str.len_chars() >= _SHORTEST_NAME)


def with_keys(names: pl.DataFrame) -> pl.DataFrame:
    """``names`` with ``key`` and ``forms`` of their folded ``words``."""
    return names.with_columns(
        name_words(pl.col("words")).list.join(" ").alias("key"),
        legal_forms(pl.col("words")).alias("forms"),
    )


def by_name(asked: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """``written, party_type, party_no, how``: equal names, else names that the bank cut."""
    equal = asked.join(known, on="key", suffix="_known")
    shared = pl.col("forms").list.set_intersection("forms_known").list.len() > 0
    silent = (pl.col("forms").list.len() == 0) | (pl.col("forms_known").list.len() == 0)
    same = pl.col("forms").list.sort() == pl.col("forms_known").list.sort()
    alike = pl.when(pl.col("words") == pl.col("words_known")).then(4).when(same & shared).then(3)
    fit = alike.when(shared).then(2).when(silent).then(1).otherwise(0)
    equal = equal.with_columns(fit.alias("fit"))
    equal = equal.filter(pl.col("fit") == pl.col("fit").max().over("written"))
    common = common_words(equal["key"], known)
    weak = (pl.col("fit") == 0) | pl.col("key").is_in(common.implode())
    how = pl.when(weak).then(pl.lit("close")).otherwise(pl.lit("name"))
    # A name as long as banks cut it, and without the form that ends it, may be a longer one too.
    whole = pl.col("forms").list.len() > 0
    told = equal.filter(whole | ~wide()).select("written").unique()
    equal = equal.with_columns(how.alias("how"), _form_set("forms_known").alias("whose"))
    rest = asked.join(told, on="written", how="anti")
    return pl.concat([_of_each(equal), _cut(rest, known)]).unique()


def _form_set(column: str) -> pl.Expr:
    return pl.col(column).list.sort().list.join(" ")


def common_words(keys: pl.Series, known: pl.DataFrame) -> pl.Series:
    """Those of ``keys`` that are one word, which the names of two parties or more contain."""
    single = keys.filter(~keys.str.contains(" ", literal=True)).unique()
    names = known.select("party_type", "party_no", pl.col("key").str.split(" ").alias("word"))
    words = names.explode("word", empty_as_null=True)
    words = words.filter(pl.col("word").is_in(single.implode())).unique()
    return words.group_by("word").len().filter(pl.col("len") > 1)["word"]


def _cut(asked: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Names that begin a known one: as long as banks cut them, cut inside a word, or all of it."""
    compact = pl.col("words").str.replace_all(" ", "")
    cut = asked.select("written", "words", compact.alias("cut"))
    cut = cut.filter(pl.col("cut").str.len_chars() >= _PREFIX)
    whole = known.select(
        "party_type", "party_no", pl.col("words").alias("whole"), compact.alias("compact"),
        pl.concat_str("key", _form_set("forms"), separator="|").alias("whose"),
    )  # fmt: skip
    pairs = cut.with_columns(pl.col("cut").str.head(_PREFIX).alias("start")).join(
        whole.with_columns(pl.col("compact").str.head(_PREFIX).alias("start")), on="start"
    )
    pairs = pairs.filter(pl.col("compact").str.starts_with(pl.col("cut")))
    next_letter = pl.col("whole").str.slice(pl.col("words").str.len_chars(), 1)
    inside = pl.col("whole").str.starts_with(pl.col("words")) & ~next_letter.is_in(["", " "])
    pairs = pairs.filter(wide() | inside | (pl.col("compact") == pl.col("cut")))
    return _of_each(pairs.with_columns(pl.lit("name").alias("how")))


def _of_each(found: pl.DataFrame) -> pl.DataFrame:
    """``found``, and those once more as ``close`` of which a customer and another vendor have some.

    ``whose`` tells one firm from another.
    """
    who = ["written", "party_type", "party_no"]
    each = [pl.col(name).n_unique().over("written") > 1 for name in ("party_type", "whose")]
    close = found.filter(*each).select(*who, pl.lit("close").alias("how"))
    return pl.concat([found.select(*who, "how"), close])


def wide() -> pl.Expr:
    """Is a name as long as banks cut it?"""
    return (pl.col("written").str.len_chars() >= _WRAPPED) | narrow()


def narrow() -> pl.Expr:
    """Is a name as long as British banks cut it?"""
    return pl.col("written").str.len_chars().is_in(_NARROW)


def like_named(pairs: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Which of ``pairs`` (``line_id, party_type, party_no, key``) have names alike, as ``close``.

    ``key`` is that of the name which the line gives.
    """
    both = pairs.join(
        known.select("party_type", "party_no", pl.col("key").alias("known")),
        on=["party_type", "party_no"],
    )
    alike = both.filter(ratios(both["key"], both["known"], least=_LIKE) >= _LIKE)
    return _payers(alike, "close")


def named_in_text(lines: pl.DataFrame, pairs: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """Those of ``pairs`` (``line_id, party_type, party_no``) whose name is in the line's text."""
    who = ["party_type", "party_no"]
    known = parties.join(pairs, on=who, how="semi").select(
        *who, folded(pl.col("name")).str.replace_all(" ", "").alias("known")
    )
    asked = lines.join(pairs, on="line_id", how="semi").select(
        "line_id", folded(pl.col("text")).str.replace_all(" ", "").alias("said")
    )
    both = pairs.join(known, on=who).join(asked, on="line_id")
    long = pl.col("known").str.len_chars() >= _SHORTEST_IN_TEXT
    held = both.filter(long & pl.col("said").str.contains(pl.col("known"), literal=True))
    return held.select("line_id", *who)
