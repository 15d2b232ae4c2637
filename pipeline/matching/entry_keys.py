"""The numbers of entries as keys that words of lines are compared with: whole ones, and digits.

Of very many entries few are named by any line, so that keys are kept of those only.
"""

from dataclasses import dataclass

import polars as pl

_SEPARATORS = ["-", "/", ".", "_", " ", "+", "*", ":", "#", "(", ")", ","]
_SHORTEST = 6  # of numbers of the other side


@dataclass(frozen=True, slots=True)
class EntryKeys:
    """Keys of entries, with ``entry_id, key``."""

    documents: pl.DataFrame
    """The document number of every entry."""
    full: pl.DataFrame
    """Whole numbers and references, of those that lines may name."""
    digits: pl.DataFrame
    """The last group of digits of a number, and all of them where that is longer; likewise."""

    @classmethod
    def none(cls) -> "EntryKeys":
        """Of no entries."""
        nothing = pl.DataFrame(schema={"entry_id": pl.Int64, "key": pl.String})
        return cls(nothing, nothing, nothing)

    def and_those(self, others: "EntryKeys") -> "EntryKeys":
        """With those of further entries."""
        return EntryKeys(
            pl.concat([self.documents, others.documents]),
            pl.concat([self.full, others.full]),
            pl.concat([self.digits, others.digits]),
        )

    def of(self, entries: pl.DataFrame) -> "EntryKeys":
        """Those of ``entries`` only."""
        asked = pl.col("entry_id").is_in(entries["entry_id"].implode())
        return EntryKeys(*(part.filter(asked) for part in (self.documents, self.full, self.digits)))


def keyed(entries: pl.DataFrame, wanted: pl.Series) -> EntryKeys:
    """The keys of ``entries``; ``wanted`` are the ``hashes`` of all words that lines hold."""
    documents = entries.select("entry_id", compact("document_no").alias("key"))
    return EntryKeys(documents, _full(entries, documents, wanted), _digits(entries, wanted))


def hashes(words: pl.Series) -> pl.Series:
    """What ``among`` compares."""
    return words.to_frame("word").select(pl.col("word").hash()).to_series().unique()


def among(key: pl.Expr, words: pl.Series) -> pl.Expr:
    """Is ``key`` one of the words whose ``hashes`` these are? Numbers compare faster than text.

    Another word of the same hash does no harm: what passes is joined with the words themselves.
    """
    return key.hash().is_in(words.implode())


def compact(column: str) -> pl.Expr:
    """A number in upper case without its separators."""
    return pl.col(column).str.replace_many(_SEPARATORS, [""]).str.to_uppercase()


def references(references: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    """``entry_id, key`` of ``references`` (``frames.REFERENCES``) that the lines may name.

    Only what one document alone is called, open or closed: an order or a customer number that
    stands on several tells none of them.
    """
    keys = references.select("entry_id", compact("your_reference").alias("key"))
    own = keys.filter((pl.len().over("key") == 1) & (pl.col("key").str.len_chars() >= _SHORTEST))
    return own.filter(among(pl.col("key"), wanted))


def _full(entries: pl.DataFrame, documents: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    named = documents.filter(among(pl.col("key"), wanted) & (pl.col("key") != ""))
    others = _keys(entries, "external_document_no", compact("external_document_no"), wanted)
    return pl.concat(
        [
            named.filter(~pl.col("key").str.contains(r"^[0-9]{1,5}$")),
            others.filter(pl.col("key").str.len_chars() >= _SHORTEST),
            _keys(entries, "payment_reference", compact("payment_reference"), wanted),
        ]
    )


def _digits(entries: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    parts = []
    for column in ("document_no", "external_document_no"):
        last = pl.col(column).str.extract(r"([0-9]+)[^0-9]*$").str.strip_chars_start("0")
        parts.append(_keys(entries, column, last, wanted))
        every = pl.col(column).str.replace_all(r"[^0-9]+", "").str.strip_chars_start("0")
        parts.append(_keys(entries, column, every, wanted))
    return pl.concat(parts).unique()


def _keys(entries: pl.DataFrame, column: str, key: pl.Expr, wanted: pl.Series) -> pl.DataFrame:
    given = entries.filter(pl.col(column) != "").select("entry_id", key.alias("key"))
    return given.filter(among(pl.col("key"), wanted))
