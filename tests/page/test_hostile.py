"""Five hundred payers and texts that mean something to a browser come out as text."""

import html
import itertools
import re
from pathlib import Path

from pipeline import config, ledger, steps
from pipeline.domain.plain import plain
from pipeline.ledger.load import load
from tests.page.desk import Browser, app_of
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
        "br"}  # fmt: skip


def _statement() -> str:
    lines = "".join(
        f":61:2601050105C1,00NTRFNONREF\n:86:166?00PAY?20No {number} {text}?32{payer}\n"
        for number, (payer, text) in enumerate(PAIRS, 1)
    )
    return (f":20:1\n:25:{IBAN}\n:28C:1\n:60F:C260105EUR100,00\n{lines}"
            ":62F:C260105EUR600,00\n-\n")  # fmt: skip


def test_hostile_payers_and_texts_are_text_in_list_item_and_groups(tmp_path: Path) -> None:
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
    with ledger.open(settings.ledger) as book:
        kept = book.rows("SELECT x.id, l.counterparty_name, l.text FROM exception_item x JOIN"
                         " statement_line l ON l.line_id = x.line_id ORDER BY x.id")  # fmt: skip
    assert len(kept) == len(PAIRS) == 500
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


def _only_ours(page: str) -> None:
    """Every tag is one of the templates', and none has an attribute that runs something."""
    tags = re.findall(r"<[!/]?([a-zA-Z][\w-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", page)
    assert {name.lower() for name, _ in tags} <= OURS
    assert page.count("<") == len(tags), "each < begins a tag of ours"
    bare = [re.sub(r"\"[^\"]*\"|'[^']*'", "", attributes) for _, attributes in tags]
    assert not [one for one in bare if re.search(r"\son\w+\s*=", one)]
    assert page.count("<script") == 1
