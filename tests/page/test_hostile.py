"""Five hundred payers and texts that mean something to a browser come out as text."""

import csv
import dataclasses
import html
import itertools
import logging
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from pipeline import config, exception_queue, ledger, steps
from pipeline.domain.plain import plain
from pipeline.ledger.export import export, write
from pipeline.ledger.load import load
from tests.page.desk import Browser, app_of, hidden
from tests.statements.mail_sink import Sink, mail_server
from tests.test_hostile_text import FORMULAS, IBAN, MARKUP, SQL

ATTRIBUTES = ['" onmouseover="alert(1)', "' autofocus onfocus='alert(1)", "</td></tr><img src=x>",
              "</title><script>alert(2)</script>", "<!--", "javascript:alert(1)", "&lt;b&gt;",
              "\N{RIGHT-TO-LEFT OVERRIDE}txt.exe"]  # fmt: skip
TEXTS = [" ".join(text.split()) for text in (*ATTRIBUTES, *MARKUP[:-1], *SQL, *FORMULAS)]
PAIRS = list(itertools.product(TEXTS, repeat=2))[::2][:500]
OURS = {"doctype", "html", "head", "meta", "title", "link", "script", "body", "a", "header",
        "span", "nav", "form", "button", "input", "main", "h1", "h2", "h3", "label", "select",
        "option", "div", "b", "table", "thead", "tbody", "tr", "th", "td", "small", "p", "kbd",
        "footer", "dialog", "dl", "dt", "dd", "section", "mark", "ol", "ul", "li", "article",
        "fieldset", "legend", "datalist", "output", "details", "summary", "pre", "time",
        "br", "svg", "rect", "line", "text"}  # fmt: skip


def _statement() -> str:
    lines = "".join(
        f":61:2601050105C1,00NTRFNONREF\n:86:166?00PAY?20No {number} {text}?32{payer}\n"
        for number, (payer, text) in enumerate(PAIRS, 1)
    )
    return (f":20:1\n:25:{IBAN}\n:28C:1\n:60F:C260105EUR100,00\n{lines}"
            ":62F:C260105EUR600,00\n-\n")  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> config.Settings:
    """Books with a line of each of ``PAIRS``, none of which settles anything."""
    settings = config.read(None, f"sqlite:///{tmp_path}/ledger.db")
    ledger.init(settings.ledger)
    accounts = tmp_path / "bank-accounts.csv"
    accounts.write_text(
        "no,name,currency,iban,last_statement_date,last_statement_balance\n"
        f"B,Bank,EUR,{IBAN},2026-01-04,100.00\n"
    )
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.sta").write_text(_statement(), "utf-8")
    with ledger.open(settings.ledger) as book:
        load(book, "bank-accounts", accounts, settings, actor="tester")
    steps.nightly(settings, [inbox], "tester")
    return settings


def _kept(settings: config.Settings) -> list[Any]:
    """Number, payer and text of each item."""
    with ledger.open(settings.ledger) as book:
        kept = book.rows("SELECT x.id, l.counterparty_name, l.text FROM exception_item x JOIN"
                         " statement_line l ON l.line_id = x.line_id ORDER BY x.id")  # fmt: skip
    assert len(kept) == len(PAIRS) == 500
    return list(kept)


def test_hostile_payers_and_texts_are_text_in_list_item_and_groups(
    settings: config.Settings,
) -> None:
    kept = _kept(settings)
    assert len({payer for _, payer, _ in kept if "<script>" in payer}) == 2
    anna = Browser(app_of(settings))
    place, found, pages = "/", "", 0
    while place:
        shown = anna.get(place).text
        _only_ours(shown)
        found, pages = found + shown, pages + 1
        behind = re.search(r'href="([^"]*)" rel="next"', shown)
        place = "/" + html.unescape(behind[1]) if behind else ""
    assert pages == 10
    words = html.unescape(found)
    for _, payer, text in kept:
        assert plain(payer) in words
        assert plain(text) in words
    _only_ours(anna.get("/groups/payer").text)
    for number, payer, text in kept[:: len(kept) // 20]:
        shown = anna.get(f"/item/{number}").text
        _only_ours(shown)
        assert plain(payer) in html.unescape(shown)
        assert plain(text) in html.unescape(shown)


def test_they_are_text_on_every_other_page_too(settings: config.Settings) -> None:
    """Many at once, what was posted and by which words, what is taught, and what people wrote."""
    kept, anna = _kept(settings), Browser(app_of(settings))
    token = anna.fields(f"/item/{kept[0][0]}", "comment")["token"]
    chosen = {"token": token, "id": [number for number, *_ in kept], "account": "bank_fees",
              "account_amount": "", "reason": TEXTS[0]}  # fmt: skip
    shown = anna.post("/many", chosen).text
    _only_ours(shown)
    form = shown[shown.index('class="once"') :]
    sent = {**chosen, **hidden(form[: form.index("</form>")]), "id": chosen["id"], "step": "post"}
    done = anna.post("/many", sent)
    assert done.status_code == 303, done.text
    posted = anna.get(done.headers["location"]).text
    _only_ours(posted)
    assert all(plain(payer) in html.unescape(posted) for _, payer, _ in kept[-100:])
    for number, text in zip((number for number, *_ in kept), TEXTS, strict=False):
        path = f"/item/{number}"
        for field, do in (("comment", "comment"), ("to_person", "assign")):
            said = anna.post(path, {"token": token, "do": do, field: text})
            assert said.status_code == 303, text
        _only_ours(anna.get(path).text)
        for place in (f"/?q={quote(text)}", f"/?payer={quote(text)}", f"/?who={quote(text)}",
                      f"/mappings?kind=text&pattern={quote(text)}", "/dashboard?reason="
                      + quote(text), f"/item/{number}?find={quote(text)}"):  # fmt: skip
            _only_ours(anna.get(place).text)
        anna.post("/filters", {"token": token, "name": text, "query": f"?q={quote(text)}"})
    _only_ours(anna.get("/").text)


def test_they_are_text_in_csv_and_in_no_mail_and_no_log(
    settings: config.Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    kept = _kept(settings)
    with mail_server(Sink()) as sink:
        told = dataclasses.replace(
            settings,
            queue={**settings.queue, "route": {"B": "anna"}, "escalate_to": "anna",
                   "addresses": {"anna": "anna@hansen.example"}},
            mail={**settings.mail, "host": "127.0.0.1", "port": sink.port, "security": "none",
                  "sender": "ar@hansen.example"},
        )  # fmt: skip
        exception_queue.route(told, "night")
        assert exception_queue.notify(told, "night")["sent"] == 1
        [mail] = sink.messages()
    wanted = {text for text in TEXTS if len(text) > 6}
    said = f"{mail.as_string()}\n{mail.get_content()}"
    assert "500" in said
    assert [text for text in wanted if text in said] == []
    for kind in ("lines", "exceptions"):
        with ledger.open(settings.ledger) as book:
            frame = export(book, kind)
        file = tmp_path / f"{kind}.csv"
        write(frame, "csv", file)
        with file.open(newline="", encoding="utf-8") as rows:
            cells = [cell for row in csv.reader(rows) for cell in row]
        begun = [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell]
        assert [cell for cell in begun if not re.fullmatch(r"-?\d+(\.\d+)?", cell)] == []
        if kind == "lines":
            unquoted = {cell.removeprefix("'") for cell in cells}
            assert {payer for _, payer, _ in kept} - {*cells, *unquoted} == set()
    app = app_of(settings)
    for text in TEXTS:
        Browser(app).get(f"/?q={quote(text)}")
        Browser(app).post("/item/1", {"do": text, "token": text})
    ours = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("httpx"))
    assert [text for text in wanted if text in ours or quote(text) in ours] == []


def _only_ours(page: str) -> None:
    """Every tag is one of the templates', and none has an attribute that runs something."""
    tags = re.findall(r"<[!/]?([a-zA-Z][\w-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", page)
    assert {name.lower() for name, _ in tags} <= OURS
    assert page.count("<") == len(tags), "each < begins a tag of ours"
    bare = [re.sub(r"\"[^\"]*\"|'[^']*'", "", attributes) for _, attributes in tags]
    assert not [one for one in bare if re.search(r"\son\w+\s*=", one)]
    assert page.count("<script") == 1
