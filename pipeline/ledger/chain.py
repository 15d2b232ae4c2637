"""The hash chain: one link per register, over its rows in canonical form.

Text about people enters as a salted hash, so that it can be erased and the chain still holds.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping

import polars as pl
from sqlalchemy import Text

from pipeline.ledger.bulk import canonical
from pipeline.ledger.schema import metadata

_PART = 50_000
GENESIS = "0" * 64
PERSONAL = {"entry": "fields", "bank_entry": "description"}
_NOT_CHAINED = {
    "entry": ("remaining_amount", "on_hold", "fields", "personal_salt"),
    "bank_entry": ("remaining_amount", "status", "description", "personal_salt"),
}
ORDER = {
    "register": ("no",),
    "journal_entry": ("no",),
    "posting": ("journal_entry_no", "seq"),
    "application": ("journal_entry_no", "seq"),
    "application_tax": ("journal_entry_no", "seq", "part", "tax_code"),
    "entry": ("id",),
    "bank_entry": ("id",),
    "application_value": ("application_no", "seq"),
    "entry_value": ("entry_id", "bank_entry_id"),
    "valuation": ("values_no",),
}
INSERTED = ("register", "journal_entry", "posting", "entry", "bank_entry", "application",
            "application_tax", "application_value", "entry_value", "valuation")  # fmt: skip
"""In this order every row finds what its foreign keys name."""
_LATER = ("application_tax", "application_value", "entry_value", "valuation")
"""Tables that the first registers did not know: only their rows enter the link."""


def columns(table: str) -> list[str]:
    """The columns of a table that the chain covers: those that never change."""
    left_out = _NOT_CHAINED.get(table, ())
    return [c.name for c in metadata.tables[table].columns if c.name not in left_out]


def link(prev_hash: str, parts: Mapping[str, pl.DataFrame]) -> str:
    """SHA-256 over the previous link and all rows of a register."""
    return link_of(prev_hash, {table: [frame] for table, frame in parts.items()})


def link_of(prev_hash: str, parts: Mapping[str, Iterable[pl.DataFrame]]) -> str:
    """As ``link``, of tables that come in several frames, in order: never all rows at once."""
    return link_of_bytes(prev_hash, {table: _bytes(table, own) for table, own in parts.items()})


def _bytes(table: str, frames: Iterable[pl.DataFrame]) -> Iterator[bytes]:
    for frame in frames:
        for part in frame.select(columns(table)).sort(*ORDER[table]).iter_slices(_PART):
            yield canonical(part)


def link_of_bytes(prev_hash: str, parts: Mapping[str, Iterable[bytes]]) -> str:
    """As ``link``, of the rows of each table in canonical form, in any number of pieces."""
    digest = hashlib.sha256(prev_hash.encode())
    for table in ORDER:
        known = table not in _LATER
        if known:
            digest.update(f"\n{table}\n".encode())
        for piece in filter(None, parts.get(table, ())):
            if not known:
                digest.update(f"\n{table}\n".encode())
                known = True
            digest.update(piece)
    return digest.hexdigest()


def complete(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """All columns of a table in its order; those missing get the value that is its default."""
    given = frame.with_columns(
        pl.lit(_default(table, column.name)).cast(kind(table, column.name)).alias(column.name)
        for column in metadata.tables[table].columns
        if column.name not in frame.columns
    )
    chosen = given.select(column.name for column in metadata.tables[table].columns)
    return _salted(table, chosen) if table in PERSONAL else chosen


def kind(table: str, name: str) -> type[pl.DataType]:
    """How a column travels in a frame."""
    text = isinstance(metadata.tables[table].columns[name].type, Text)
    return pl.String if text else pl.Int64


def _default(table: str, name: str) -> object:
    column = metadata.tables[table].columns[name]
    if column.nullable:
        return None
    stated = getattr(column.server_default, "arg", None)
    return 0 if kind(table, name) == pl.Int64 else str(stated or "")


def _salted(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    column = pl.col(PERSONAL[table])
    if frame.filter(~column.is_in(["", "{}"])).is_empty():
        nothing = pl.lit("")
        return frame.with_columns(nothing.alias("personal_salt"), nothing.alias("personal_hash"))
    texts = frame[PERSONAL[table]].to_list()
    salts = [secrets.token_hex(16) if text not in ("", "{}") else "" for text in texts]
    hashes = [salted_hash(salt, text) for salt, text in zip(salts, texts, strict=True)]
    return frame.with_columns(
        pl.Series("personal_salt", salts, dtype=pl.String),
        pl.Series("personal_hash", hashes, dtype=pl.String),
    )


def salted_hash(salt: str, text: str) -> str:
    """The hash that stands for ``text`` in the chain; empty where there is nothing to hide."""
    return hashlib.sha256(f"{salt}|{text}".encode()).hexdigest() if salt else ""
