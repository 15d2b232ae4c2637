"""Statements as PDF: one typst compiler for all of them; the same data gives the same bytes."""

import datetime as dt
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pipeline.domain import whole_file
from pipeline.domain.pdf import Template
from pipeline.statements import payment_code
from pipeline.statements.letters import Composed

if TYPE_CHECKING:
    from pypdf import PdfReader

_HERE = Path(__file__).parent


class Renderer:
    """Renders statements; fonts and template are read once."""

    def __init__(self) -> None:
        self._template = Template(_HERE / "customer_statement.typ", fonts=_HERE / "fonts")

    def pdf(self, data: Mapping[str, Any]) -> bytes:
        """The PDF of one statement."""
        parts = [
            {**part, "code": payment_code.svg(part["payload"]) if part["payload"] else ""}
            for part in data.get("payment_parts", ())
        ]
        return self._template.pdf({**data, "payment_parts": parts})


def file_name(number: str, as_of: dt.date) -> str:
    """The file of a customer's statement; two customers never share one."""
    return f"statement-{quote(number, safe='')}-{as_of}.pdf"


def write_all(letters: Iterable[Composed], as_of: dt.date, out: Path) -> int:
    """One PDF in ``out`` for each letter; returns how many. A file appears whole or not."""
    out.mkdir(parents=True, exist_ok=True)
    renderer = Renderer()
    return whole_file.put_all(
        (out / file_name(letter.customer["no"], as_of), renderer.pdf(letter.data))
        for letter in letters
    )


def content_of(pdf: bytes) -> str:
    """The hash of the content that a PDF says it was made of; empty where it says none."""
    told = _read(pdf).metadata
    return str(told["/Keywords"]) if told and "/Keywords" in told else ""


def pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return len(_read(pdf).pages)


def _read(pdf: bytes) -> "PdfReader":
    from pypdf import PdfReader  # takes a fifth of the time in which any command starts

    return PdfReader(BytesIO(pdf))
