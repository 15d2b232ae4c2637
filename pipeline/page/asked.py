"""From the fields of a form to what the person wants, in the words of the command line."""

from itertools import zip_longest

from starlette.datastructures import FormData

from pipeline import decisions
from pipeline.domain.errors import UsageError


def text(fields: FormData, name: str) -> str:
    """A field without blanks around it; empty where it is missing."""
    value = fields.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def number(fields: FormData, name: str) -> int:
    """A whole number from 1; UsageError for anything else."""
    value = text(fields, name).removeprefix("#")
    if not (value.isascii() and value.isdecimal() and len(value) < 16 and int(value)):
        raise UsageError(f"{name}: found {value!r}, expected the number of an exception")
    return int(value)


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
