"""Pages to look at: ``python -m benchmarks.gallery [--folder DIR] [--docs]``.

A statement in each style and language and one for each option, as PDF and HTML, and sheets of them
as PNG. ``--docs`` also draws the sheets that the README shows. No ledger is needed: what the books
would say is made up in ``gallery_books``.
"""

import argparse
import datetime as dt
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typst

from benchmarks.gallery_books import (
    BANKS,
    COMPANY,
    CUSTOMERS,
    DAY,
    Books,
    books_of,
    group,
    hostile,
    many,
    told_before,
)
from pipeline import statements

_HEAD = "5ec1a9d0" * 8
_ON_SHEET, _WIDE = 8, 4
_LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="420" height="120">'
    b'<rect width="120" height="120" rx="18" fill="#7a1f3d"/>'
    b'<path d="M30 30v60M90 30v60M30 60h60" stroke="#fff" stroke-width="14"/>'
    b'<text x="140" y="80" font-family="Libertinus Serif" font-size="64" fill="#7a1f3d">Hansen'
    b"</text></svg>"
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the gallery: what is asked, of which books; ``more`` is what a run adds."""

    name: str
    form: statements.Form
    books: Books
    per: str = "customer"
    more: Mapping[str, Any] = field(default_factory=dict)
    look: statements.Look | None = None


def pages() -> Iterable[Page]:
    """All of them: styles by language first, then the options, one each."""
    for style in statements.STYLES:
        for tag in CUSTOMERS:
            yield Page(f"{style}-{tag}", statements.Form(style), books_of(tag))
    form, de = statements.Form, books_of("de")
    short = {"short": {"due_dates": False, "lines": "by_kind"}}
    look = statements.Look(
        "#7a1f3d", ("Kaistrasse 12, 20457 Hamburg", "DE 123 456 789"), _logo(), "png"
    )
    yield Page("option-aging-off", form(aged_by="off"), de)
    yield Page("option-aging-posting", form(aged_by="posting"), de)
    yield Page("option-aging-document-bands", form(aged_by="document", bands=(15, 45)), de)
    yield Page("option-many-bands", form(bands=(7, 14, 30, 60, 90, 180)), de)
    yield Page("option-statement-date", form(dated=dt.date(2026, 11, 3)), de)
    yield Page("option-from", form("balance_forward", dt.date(2026, 8, 1)), de)
    yield Page("option-reversed-shown", form("activity"), de)
    yield Page("option-reversed-hidden", form("activity", reversed="hide"), de)
    yield Page("option-by-kind-without-due-dates", form(template="short", templates=short), de)
    yield Page("option-by-kind-account",
               form("balance_forward", template="short", templates=short), de)  # fmt: skip
    yield Page("option-language", form(language="nl"), de)
    yield Page("option-logo-colour-letterhead", form(), de, look=look)
    yield Page("told-late", form("balance_forward"), told_before(de))
    yield Page("told-revision", form(), de, more={"number": 12, "notice": "revision"})
    yield Page("told-otherwise", form(), de, more={"number": 13, "notice": "revision_otherwise"})
    yield Page("per-project", form(per="project"), books_of("en"), "project")
    yield Page("per-parent", form(per="parent"), group(), "parent")
    yield Page("paying-printed", form(), books_of("fr-CA"))
    yield Page("several-currencies", form(), books_of("it"))
    yield Page("several-pages", form("balance_forward"), many(de))
    yield Page("nothing-open", form("activity"), books_of("de", settled=True))
    yield Page("hostile-names", form(), hostile())


def main() -> None:
    """Write the pages and sheets."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--folder", type=Path, default=Path(".bench/gallery"))
    words.add_argument("--docs", action="store_true", help="the sheets of the README too")
    asked = words.parse_args()
    shutil.rmtree(asked.folder, ignore_errors=True)
    asked.folder.mkdir(parents=True)
    names = []
    for page in pages():
        for number, data in enumerate(_letters(page)):
            name = f"{page.name}-{number}" if number else page.name
            renderer = statements.Renderer(page.look, page.books.home)
            (asked.folder / f"{name}.pdf").write_bytes(renderer.pdf(data, str(DAY)))
            (asked.folder / f"{name}.html").write_bytes(renderer.html(data))
            names.append(name)
    for start in range(0, len(names), _ON_SHEET):
        some = names[start : start + _ON_SHEET]
        _sheet(asked.folder, some, asked.folder / f"sheet-{start // _ON_SHEET + 1}.png", 144)
    if asked.docs:
        for style in statements.STYLES:
            own = [name for name in names if name.startswith(style)]
            _sheet(asked.folder, own, Path(f"docs/statements-{style.replace('_', '-')}.png"), 110)
    print(f"{len(names)} pages in {asked.folder}")


def _letters(page: Page) -> Iterable[dict[str, Any]]:
    books = page.books
    accounts = statements.Accounts(
        DAY, _HEAD, books.entries, books.movements, [dict(one) for one in BANKS]
    )
    form, choice = page.form, statements.Choice()
    wanted, _ = statements.chosen(accounts, books.customers, form, choice, books.told)
    members = [member for one in wanted for member in one.members]
    company = COMPANY | {"country": books.home} | books.company
    parts = statements.payment_parts(
        books.entries, members, accounts.bank_accounts, company, {},
        by_project=page.per == "project",
    )  # fmt: skip
    for one in statements.letters(accounts, wanted, parts, form, company, books.told):
        data = dict(one.data)
        if "notice" in page.more:
            key = page.more["notice"]
            data["notice"] = data["words"][key].format(revision=2, number=page.more["number"] - 1)
            data["number"] = page.more["number"]
        yield data


def _logo() -> bytes:
    """A picture as companies have one."""
    made = typst.compile(
        b"#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
        b'#image(bytes("' + _LOGO.replace(b'"', b'\\"') + b'"), format: "svg", width: 6cm)',
        format="png",
        ppi=150,
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single picture")
    return made


def _sheet(folder: Path, names: list[str], target: Path, ppi: float) -> None:
    """The first pages of some statements side by side, each under its name."""
    cells = "".join(
        f'[#box(stroke: 0.4pt + gray, image("{name}.pdf", width: 6.6cm))\\ #text(7pt)[{name}]],'
        for name in names
    )
    source = folder / "sheet.typ"
    source.write_text(
        "#set page(width: auto, height: auto, margin: 3mm)\n"
        f"#grid(columns: {min(_WIDE, len(names))}, gutter: 3mm, {cells})"
    )
    typst.compile(str(source), str(target), format="png", ppi=ppi)
    source.unlink()


if __name__ == "__main__":
    main()
