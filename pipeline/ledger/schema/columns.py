"""Kinds of columns that all tables share, and the metadata that gathers the tables."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    text,
)

metadata = MetaData()
LIMIT = 9_000_000_000_000_000


def key(name: str = "id") -> Column[int]:
    """A surrogate id as the primary key."""
    return Column(name, BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def words(name: str, default: str = "") -> Column[str]:
    """Text, never null."""
    return Column(name, Text, nullable=False, server_default=default)


def day(name: str) -> Column[str]:
    """An ISO 8601 date, or null."""
    return Column(name, Text, CheckConstraint(f"{name} IS NULL OR length({name}) = 10"))


def number(name: str, *, nullable: bool = False) -> Column[int]:
    """A whole number, for money in minor units, within the limit of an amount."""
    check = CheckConstraint(f"{name} BETWEEN -{LIMIT} AND {LIMIT}")
    return Column(name, BigInteger, check, nullable=nullable, server_default=None)


def to(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    """The id of a row of another table."""
    return Column(name, BigInteger, ForeignKey(target), nullable=nullable)


def once(name: str, *columns: str) -> Index:
    """Unique where it is set; without the condition SQLite would look up the many nulls by it."""
    return set_only(name, *columns, unique=True)


def set_only(name: str, *columns: str, unique: bool = False) -> Index:
    """An index of the rows in which the first of ``columns`` is set, where it seldom is."""
    given = text(f"{columns[0]} IS NOT NULL")
    return Index(name, *columns, unique=unique, sqlite_where=given, postgresql_where=given)


def personal(name: str, default: str = "") -> tuple[Column[str], ...]:
    """Text about people: the hash chain holds its salted hash only, so that it can be erased."""
    return words(name, default), words("personal_salt"), words("personal_hash")
