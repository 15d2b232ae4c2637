"""Statements as PDF: one typst compiler for all of them; the same data gives the same bytes."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
import typst

from pipeline.statements.compose import BANDS, compose

_TEMPLATE = Path(__file__).parent / "customer_statement.typ"


class Renderer:
    """Renders statements; fonts and template are read once."""

    def __init__(self) -> None:
        # Fonts of the machine are left out: the same bytes everywhere.
        self._compiler = typst.Compiler(str(_TEMPLATE), ignore_system_fonts=True)

    def pdf(self, data: Mapping[str, Any]) -> bytes:
        """The PDF of one statement."""
        text = json.dumps({**data, "band_names": BANDS}, sort_keys=True)
        pdf = self._compiler.compile(format="pdf", sys_inputs={"data": text})
        if not isinstance(pdf, bytes):
            raise TypeError("typst gave no single document")
        return pdf


def file_name(number: str, as_of: dt.date) -> str:
    """The file of a customer's statement; two customers never share one."""
    return f"statement-{quote(number, safe='')}-{as_of}.pdf"


def write_all(
    entries: pl.DataFrame,
    customers: Sequence[Mapping[str, Any]],
    as_of: dt.date,
    out: Path,
    *,
    company: Mapping[str, str],
    head: str,
) -> int:
    """One PDF in ``out`` for each customer with open entries; returns how many.

    ``entries`` as ``ledger.as_of.customer_entries`` gives them. A file appears whole or not.
    """
    out.mkdir(parents=True, exist_ok=True)
    renderer, written = Renderer(), 0
    groups = {key[0]: part for key, part in entries.group_by("party_no", maintain_order=True)}
    for customer in customers:
        own = groups.get(customer["no"])
        if own is None or customer.get("statement_method") == "none":
            continue
        target = out / file_name(customer["no"], as_of)
        part = target.with_suffix(".part")
        part.write_bytes(renderer.pdf(compose(customer, own, as_of, company["name"], head)))
        part.replace(target)
        written += 1
    return written
