"""How a statement says that it may be paid: our bank accounts, and its payment parts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipeline.domain import money
from pipeline.statements import payment_code
from pipeline.statements.compose import rows_of
from pipeline.statements.form import Form
from pipeline.statements.language import Language, language
from pipeline.statements.open_items import document_number
from pipeline.statements.payment_part import PaymentPart, usual
from pipeline.statements.payment_reference import in_groups

Row = dict[str, Any]
_SHOWN = 12
"""Documents that a payment part lists; the others are counted, and stand on the statement."""


def paying(
    customer: Mapping[str, Any],
    entries: pl.DataFrame | Sequence[Row],
    parts: Sequence[PaymentPart],
    bank_accounts: Sequence[Mapping[str, Any]],
    company: Mapping[str, str],
    as_of: dt.date,
    form: Form,
    members: Sequence[Mapping[str, Any]] = (),
) -> Row:
    """``accounts`` in the currencies of ``entries``, ``terms`` and ``payment_parts``, as text.

    ``parts`` are the customer's, over some of its ``entries`` (``ledger.as_of``); or those of the
    ``members`` of its group, each to be paid by itself: a reference stands for one of them.
    """
    owners = {member["no"]: member for member in members or (customer,)}
    words = language(form.of(customer).language, customer.get("country", ""))
    rows = {row["entry_id"]: row for row in rows_of(entries)}
    owing = {row["currency"] for row in rows.values()}
    return {
        "terms": customer.get("payment_terms", ""),
        "accounts": [
            {"name": one["name"], "currency": one["currency"], "account": _account(usual(one))}
            for one in bank_accounts
            if one["currency"] in owing and usual(one)
        ],
        "payment_parts": [
            _part(part, rows, owners[part.party_no], company, as_of, words)
            | ({"member": owners[part.party_no]["name"]} if members else {})
            for part in parts
        ],
    }


def _part(
    part: PaymentPart,
    entries: Mapping[int, Mapping[str, Any]],
    customer: Mapping[str, Any],
    company: Mapping[str, str],
    as_of: dt.date,
    words: Language,
) -> Row:
    message = words.say("payment_message", no=customer["no"], day=words.day(as_of))
    said = ""
    if part.kind == "qr_bill":
        said = payment_code.qr_bill(part, company, customer, message)
    elif part.kind == "epc":
        said = payment_code.epc(part, company["name"])
    addressed = payment_code.is_addressed(customer)
    shown = part.entries[:_SHOWN]
    more = len(part.entries) - len(shown)
    return {
        "kind": part.kind,
        "currency": part.currency,
        "amount": words.amount(part.amount, part.currency),
        "plain_amount": _grouped(part.amount, part.currency),
        "reference": in_groups(part.payment_reference),
        "account": _account(part.account),
        "payee": payment_code.address_lines(company) or [company["name"]],
        "payer": payment_code.address_lines(customer) if addressed else [],
        "message": message,
        "payload": said,
        "covers": [_cover(entries[number], amount, words) for number, amount in shown],
        "more": words.say("more", count=more) if more else "",
    }


def _cover(entry: Mapping[str, Any], amount: int, words: Language) -> Row:
    return {
        "type": words.kind(entry["document_type"]),
        "document": document_number(entry),
        "open": words.amount(amount, entry["currency"]),
    }


def _account(written: str) -> str:
    """An IBAN in groups of four, any other account as it is written."""
    return in_groups(written) if written[:2].isalpha() else written


def _grouped(amount: int, currency: str) -> str:
    """As the payment part of a QR-bill writes it: a blank for thousands, a point."""
    whole, point, digits = money.text(amount, currency).partition(".")
    return f"{int(whole):,}".replace(",", " ") + point + digits
