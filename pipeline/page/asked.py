"""From the fields of a form to what the person wants, in the words of the command line."""

from itertools import zip_longest
from typing import Annotated

from fastapi import Path
from starlette.datastructures import FormData

from pipeline import decisions
from pipeline.domain.errors import UsageError

LARGEST = 10**15
"""Beyond any number of the ledger, and within what both databases count."""
_MOST = 200
"""Entries that a form may tick."""
Number = Annotated[int, Path(ge=1, lt=LARGEST)]
"""The number of an item in an address."""


def text(fields: FormData, name: str) -> str:
    """A field without blanks around it; empty where it is missing."""
    value = fields.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def number(fields: FormData, name: str) -> int:
    """A whole number from 1; UsageError for anything else."""
    value = text(fields, name).removeprefix("#")
    if not whole(value):
        raise UsageError(f"{name}: found {value!r}, expected a whole number from 1")
    return whole(value)


def numbers(fields: FormData, name: str) -> list[int]:
    """The whole numbers of a field that stands several times, each once, in order."""
    return sorted({whole(word) for word in fields.getlist(name) if isinstance(word, str)} - {0})


def whole(word: str) -> int:
    """A whole number that the ledger may hold; 0 for anything else."""
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 16 else 0


def ticked(fields: FormData) -> list[int]:
    """The entries that are ticked, by their ids."""
    words = [str(word).removeprefix("entry:") for word in fields.getlist("to")][:_MOST]
    return sorted({whole(word) for word in words} - {0})


def wish(fields: FormData) -> decisions.Wish:
    """How the line is to be explained.

    Ticked documents (``to``) with an amount each (``amount:WORD``, empty: what is open), more of
    them by name (``document``), accounts, a party for what is left, and what is given up.
    """
    ticked = [str(word) for word in fields.getlist("to")]
    documents = [(word, text(fields, f"amount:{word}")) for word in ticked]
    documents += _rows(fields, "document", "document_amount")
    on_account: str | None = text(fields, "on_account") or None
    if on_account is None and fields.get("keep_rest"):
        on_account = ""
    return decisions.Wish(
        documents=tuple(documents),
        accounts=tuple(_rows(fields, "account", "account_amount")),
        on_account=on_account,
        discounts=_given_up(fields, "discount"),
        charges=_given_up(fields, "charges"),
        write_offs=_given_up(fields, "write_off"),
    )


def _rows(fields: FormData, name: str, amount: str) -> list[tuple[str, str]]:
    """Rows of two fields of the same names, without empty ones."""
    pairs = zip_longest(fields.getlist(name), fields.getlist(amount), fillvalue="")
    rows = [(str(word).strip(), str(value).strip()) for word, value in pairs]
    return [row for row in rows if row[0]]


def _given_up(fields: FormData, name: str) -> tuple[tuple[str, str], ...]:
    """``AMOUNT``, where there is one document, or ``DOCUMENT=AMOUNT``."""
    value = text(fields, name)
    if not value:
        return ()
    word, _, amount = value.rpartition("=")
    return ((word.strip(), amount.strip()),)
