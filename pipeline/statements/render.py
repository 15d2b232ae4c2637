"""Statements as PDF, HTML, CSV and JSON; the same data gives the same bytes.

The PDF is PDF/A-3a and PDF/UA-1: tagged, to be kept for years, with its figures attached.
"""

import base64
import datetime as dt
import functools
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pipeline.domain import whole_file
from pipeline.domain.pdf import Template
from pipeline.statements import address, figures, payment_code
from pipeline.statements.letters import Composed
from pipeline.statements.look import STANDARDS, Look

if TYPE_CHECKING:
    from jinja2 import Template as Page
    from pypdf import PdfReader

FORMATS = ("pdf", "html", "csv", "json")
_HERE = Path(__file__).parent
_COUNT = re.compile(rb"/Type ?/Pages/Count (\d+)")
_LONGEST = 100
"""Signs of a name in that of a file, of which two must fit: most disks take 255."""


class Renderer:
    """Renders statements in one look; fonts and templates are read once."""

    def __init__(self, look: Look | None = None, home: str = "") -> None:
        """``home``: the country that letters are posted in (ISO 3166-1), where it is known."""
        self._look, self._home = look or Look(), home
        logo = f"logo.{self._look.kind}" if self._look.logo else ""
        self._said = {
            "colour": self._look.colour,
            "letterhead": list(self._look.letterhead),
            "logo": logo,
        }
        self._template = Template(
            _HERE / "customer_statement.typ",
            _HERE / "payment_part.typ",
            fonts=_HERE / "fonts",
            images={logo: self._look.logo} if logo else {},
            standards=STANDARDS,
        )

    @functools.cached_property
    def _html(self) -> "Page":
        from jinja2 import Environment, FileSystemLoader, StrictUndefined  # as pypdf below

        return Environment(
            loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        ).get_template("customer_statement.html")  # fmt: skip

    def pdf(self, data: Mapping[str, Any], day: str) -> bytes:
        """The PDF of one statement as of a ``day`` (ISO 8601)."""
        attached = figures.as_json(data, day).decode() if figures.are_there(data) else ""
        page = {**self._page(data), "look": self._said, "day": day, "attached": attached}
        return self._template.pdf(page)

    def _page(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The data as it is drawn: its address as the post takes it, its codes as SVG."""
        own = {"address": address.lines(data, self._home), "payment_parts": _coded(data)}
        return {**data, **own}

    def start(self) -> None:
        """Have ready what draws; LettrageError where there can be none."""
        self._template.start()

    def warnings(self) -> list[str]:
        """What is to be said of the PDFs so far: how many are not what they should be, and why."""
        count = self._template.unclaimed
        said = (
            f"{count} PDFs are tagged, but neither PDF/A nor PDF/UA: a name, a document or the"
            " letterhead has a sign that no font of ours has"
        )
        return [said] if count else []

    def html(self, data: Mapping[str, Any]) -> bytes:
        """The statement as one page that needs nothing else."""
        page = self._page(data)
        parts = [
            {**part, "code": _inline("svg+xml", _scalable(part["code"]))}
            for part in page["payment_parts"]
        ]
        logo = _inline("jpeg" if self._look.kind == "jpg" else self._look.kind, self._look.logo)
        return self._html.render(s=page, parts=parts, look=self._look, logo=logo).encode()

    def file(self, kind: str, data: Mapping[str, Any], day: str) -> bytes:
        """The statement in one of ``FORMATS``."""
        if kind == "pdf":
            return self.pdf(data, day)
        if kind == "html":
            return self.html(data)
        return figures.as_csv(data, day) if kind == "csv" else figures.as_json(data, day)


def _inline(kind: str, image: bytes) -> str:
    """An image as the address of itself; empty for none."""
    return f"data:image/{kind};base64,{base64.b64encode(image).decode()}" if image else ""


def _scalable(svg: str) -> bytes:
    """An SVG that is as large as its place, not as many pixels as its code has modules."""
    return re.sub(r'<svg width="(\d+)" height="(\d+)"', r'<svg viewBox="0 0 \1 \2"', svg).encode()


def _coded(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The payment parts with their QR codes as SVG."""
    return [
        {**part, "code": payment_code.svg(part["payload"]) if part["payload"] else ""}
        for part in data.get("payment_parts", ())
    ]


def file_name(number: str, unit: str, as_of: dt.date, kind: str = "pdf") -> str:
    """The file of a customer's statement, of one ``Recipient.unit``; no two share one."""
    own = f"+{_named(unit.replace('/', '-', 1))}" if unit else ""
    return f"statement-{_named(number)}{own}-{as_of}.{kind}"


def _named(text: str) -> str:
    """Text as a part of a file's name; of a long one, of which no file may be named, its hash."""
    said = quote(text, safe="")
    if len(said) <= _LONGEST:
        return said
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{re.sub('%.?$', '', said[: _LONGEST - 17])}={digest}"


def write_all(
    letters: Iterable[Composed],
    as_of: dt.date,
    out: Path,
    renderer: Renderer,
    formats: Sequence[str] = FORMATS[:1],
) -> tuple[int, list[str]]:
    """Files in ``out`` for each letter; returns of how many, and warnings of ``Renderer``.

    A file appears whole or not.
    """
    whole_file.folder(out)

    def files() -> Iterator[tuple[Path, bytes]]:
        for letter in letters:
            for kind in formats:
                target = out / file_name(*letter.recipient.key, as_of, kind)
                yield target, renderer.file(kind, letter.data, as_of.isoformat())

    return whole_file.put_all(files()) // len(formats), renderer.warnings()


def content_of(pdf: bytes) -> str:
    """The hash of the content that a PDF says it was made of; empty where it says none."""
    told = _read(pdf).metadata
    return str(told["/Keywords"]) if told and "/Keywords" in told else ""


def pages(pdf: bytes) -> int:
    """How many pages a PDF of ours has, as the root of its pages says.

    To read it as any other PDF takes a third of the time in which it is drawn.
    """
    said = _COUNT.findall(pdf)
    return max(map(int, said)) if said else len(_read(pdf).pages)


def _read(pdf: bytes) -> "PdfReader":
    from pypdf import PdfReader  # takes a fifth of the time in which any command starts

    return PdfReader(BytesIO(pdf))
