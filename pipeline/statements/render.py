"""Statements as PDF: one typst compiler for all of them; the same data gives the same bytes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl

from pipeline.domain.pdf import Template
from pipeline.statements.compose import compose
from pipeline.statements.form import Form

_TEMPLATE = Path(__file__).parent / "customer_statement.typ"


class Renderer:
    """Renders statements; fonts and template are read once."""

    def __init__(self) -> None:
        self._template = Template(_TEMPLATE)

    def pdf(self, data: Mapping[str, Any]) -> bytes:
        """The PDF of one statement."""
        return self._template.pdf(data)


def file_name(number: str, as_of: dt.date) -> str:
    """The file of a customer's statement; two customers never share one."""
    return f"statement-{quote(number, safe='')}-{as_of}.pdf"


def write_all(
    entries: pl.DataFrame,
    movements: pl.DataFrame,
    customers: Sequence[Mapping[str, Any]],
    as_of: dt.date,
    out: Path,
    form: Form,
    *,
    company: Mapping[str, str],
    head: str,
) -> int:
    """One PDF in ``out`` for each customer who has something to read; returns how many.

    ``entries`` and ``movements`` as ``ledger.as_of`` gives them; open items are shown to who has
    some, the other styles also to whom something moved in the period. A file appears whole or not.
    """
    out.mkdir(parents=True, exist_ok=True)
    renderer, written = Renderer(), 0
    first = form.first_day(as_of)
    owing, moved = _by_customer(entries), _by_customer(movements)
    for customer in customers:
        own = owing.get(customer["no"], entries.clear())
        own_moves = moved.get(customer["no"], movements.clear())
        style = form.style_of(customer.get("statement_style", ""))
        silent = style == "open_item" or own_moves.filter(pl.col("day") >= first).is_empty()
        if (own.is_empty() and silent) or customer.get("statement_method") == "none":
            continue
        target = out / file_name(customer["no"], as_of)
        part = target.with_suffix(".part")
        data = compose(customer, own, own_moves, as_of, form, company["name"], head)
        part.write_bytes(renderer.pdf(data))
        part.replace(target)
        written += 1
    return written


def _by_customer(frame: pl.DataFrame) -> dict[Any, pl.DataFrame]:
    return {key[0]: part for key, part in frame.group_by("party_no", maintain_order=True)}
