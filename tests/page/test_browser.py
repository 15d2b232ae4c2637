"""``lettrage serve`` in a real browser: sign in, by keyboard alone; each view as axe sees it."""

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import ledger
from pipeline.ledger import people
from pipeline.ledger.load import load
from pipeline.page import passwords
from tests.page import chromium
from tests.page.desk import registers
from tests.review.desk import Desk

PASSWORD = "correct horse battery"
pytestmark = pytest.mark.skipif(
    not chromium.PROGRAM,
    reason="no Chromium here: install the package chromium to run the page's tests",
)


@pytest.fixture
def served(lite: Desk) -> Iterator[str]:
    """``lettrage serve`` as a program of its own; the address of its page."""
    with ledger.open(lite.settings.ledger) as book:
        kept = passwords.hashed(PASSWORD)
        for name in ("anna", "ben"):
            people.record(book, name, "add", "approver", kept, "root")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line = [sys.executable, "-m", "pipeline", "--ledger", lite.settings.ledger, "--config",
            str(lite.more), "serve", "--port", str(port)]  # fmt: skip
    program = subprocess.Popen(line, stderr=subprocess.PIPE)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, program)
        yield url
    finally:
        program.terminate()
        _, said = program.communicate(timeout=30)
    assert b"Traceback" not in said
    assert b"Sommer" not in said, "no name of a person in the log"


def _wait(url: str, program: "subprocess.Popen[bytes]") -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(600):
        assert program.poll() is None
        try:
            opener.open(f"{url}/static/page.css", timeout=5)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the page does not come up")


@pytest.fixture
def browser() -> Iterator[Any]:
    with chromium.browser() as found:
        yield found


def signed_in(browser: Any, url: str, name: str = "anna", **options: Any) -> Any:
    page = chromium.new_page(browser, url, **options)
    page.goto(url)
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("table.queue")
    return page


def _press(page: Any, key: str) -> None:
    """Press a key once the page has its script."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)


def test_by_keyboard_alone_the_first_that_can_be_is_accepted_and_taken_back(
    served: str, browser: Any, lite: Desk
) -> None:
    page = signed_in(browser, served)
    before = len(registers(lite.settings))
    _press(page, "/")
    page.keyboard.type("RE-2026-1038")
    _press(page, "Enter")
    page.wait_for_url(re.compile("q=RE-2026-1038"))
    _press(page, "j")
    _press(page, "Enter")
    page.wait_for_selector("text=Not explained")
    _press(page, "a")
    page.wait_for_selector("text=Preview of the postings")
    _press(page, "p")
    page.wait_for_selector(".done")
    assert len(registers(lite.settings)) == before + 1
    assert lite.remaining("RE-2026-1038") == ["0.00"]
    page.goto(f"{served}/posted")
    page.check("tbody [name=id] >> nth=0")
    page.fill("form.once [name=reason] >> nth=0", "another customer")
    _press(page, "Enter")
    page.wait_for_selector("text=Taken back by new postings")
    assert lite.remaining("RE-2026-1038") == ["642.60"]
    lite.holds()


def test_by_keyboard_a_write_off_is_sent_to_a_second_person_who_posts_it(
    served: str, browser: Any, lite: Desk
) -> None:
    anna, ben = signed_in(browser, served), signed_in(browser, served, "ben")
    item = f"{served}/item/{lite.id('DE-EUR/211/4')}"
    before = registers(lite.settings)
    anna.goto(f"{item}?find=RE-2026-1006")
    _press(anna, "s")
    _tab_to(anna, "form.apply [name=to]")
    anna.keyboard.press("Space")
    assert "0.00" in anna.inner_text("[data-left]"), "what is not explained yet"
    _tab_to(anna, "form.apply [name^='amount:']")
    anna.keyboard.type("240")
    assert "10.00" in anna.inner_text("[data-left]")
    _tab_to(anna, "form.apply [name=account]")
    anna.keyboard.type("bank_fees")
    _tab_to(anna, "form.apply [name=write_off]")
    anna.keyboard.type("1.00")
    anna.keyboard.press("Enter")
    anna.wait_for_selector("text=it waits for a second person")
    _press(anna, "p")
    anna.wait_for_selector(".done")
    assert registers(lite.settings) == before, "nothing is posted by one person"
    anna.goto(item)
    _press(anna, "a")
    anna.wait_for_selector("text=Preview of the postings")
    _press(anna, "p")
    anna.wait_for_selector("[role=alert]")
    assert registers(lite.settings) == before, "the first cannot let it through"
    ben.goto(item)
    assert "Prepared by anna" in ben.inner_text("main")
    _press(ben, "a")
    ben.wait_for_selector("text=Preview of the postings")
    _press(ben, "p")
    ben.wait_for_selector(".done")
    assert registers(lite.settings) == [*before, ("decision", "ben")]
    lite.holds()


def _tab_to(page: Any, place: str) -> None:
    for _ in range(60):
        if page.evaluate(f'document.activeElement === document.querySelector("{place}")'):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {place}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_accessible(
    served: str, browser: Any, lite: Desk, tmp_path: Path, scheme: str
) -> None:
    said = tmp_path / "ledger-entries.csv"
    said.write_text("party_type,party_no,document_type,document_no,posting_date,currency,amount\n"
                    "customer,10050,invoice,RE-2026-1006,2026-10-05,EUR,260.00\n")  # fmt: skip
    with ledger.open(lite.settings.ledger) as book:
        load(book, "ledger-entries", said, lite.settings, actor="erp")
    page = signed_in(browser, served, color_scheme=scheme)
    item = f"/item/{lite.id('DE-EUR/212/15')}"
    for name, path in (("queue", "/"), ("item", f"{item}?find=10290"), ("groups", "/groups/reason"),
                       ("mappings", "/mappings?kind=text&pattern=Zahlung"), ("posted", "/posted"),
                       ("dashboard", "/dashboard"), ("conflicts", "/conflicts")):  # fmt: skip
        page.goto(served + path)
        assert chromium.axe(page) == [], name
        chromium.shot(page, f"{name}-{scheme}")
    page.goto(served + item)
    _press(page, "a")
    page.wait_for_selector("text=Preview of the postings")
    assert chromium.axe(page) == []
    chromium.shot(page, f"preview-{scheme}")


VIEWS = ("/", "/groups/payer", "/mappings?kind=text&pattern=Zahlung", "/posted", "/dashboard",
         "/conflicts", "/held")  # fmt: skip


@pytest.mark.parametrize("tag", ["en-GB", "de-DE", "fr-FR"])
def test_no_page_is_wider_than_a_narrow_window(
    served: str, browser: Any, lite: Desk, tag: str
) -> None:
    """320 pixels, as WCAG 2.2 (1.4.10) has it; wide tables scroll by themselves."""
    page = signed_in(browser, served, locale=tag)
    page.set_viewport_size({"width": 320, "height": 640})
    for path in (*VIEWS, f"/item/{lite.id('DE-EUR/212/15')}?find=10290"):
        page.goto(served + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert chromium.axe(page) == [], path


def test_what_a_page_refuses_and_what_many_show_is_accessible_too(
    served: str, browser: Any, lite: Desk
) -> None:
    page = chromium.new_page(browser, served)
    page.goto(served)
    assert chromium.axe(page) == [], "the way in"
    page.fill("[name=name]", "anna")
    page.fill("[name=password]", "a guess of somebody")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert chromium.axe(page) == [], "a wrong password"
    page = signed_in(browser, served)
    page.check("tbody [name=id] >> nth=0")
    page.click("text=Decide the chosen ones together")
    page.wait_for_selector("text=at once")
    assert chromium.axe(page) == [], "many"
    page.goto(f"{served}/item/{lite.id('DE-EUR/212/2')}")
    page.fill("form.apply [name=document] >> nth=0", "RE-2026-1034")
    page.fill("form.apply [name=document_amount] >> nth=0", "400")
    page.click("form.apply button.main")
    page.wait_for_selector("[role=alert]")
    assert chromium.axe(page) == [], "what is left over"
    page.goto(f"{served}/item/999999999")
    assert chromium.axe(page) == [], "nothing there"


@pytest.mark.parametrize(("tag", "title"), [("de-DE", "Klärfälle"), ("fr-CH", "Écarts à traiter")])
def test_the_page_speaks_the_language_of_the_browser(
    served: str, browser: Any, tag: str, title: str
) -> None:
    page = signed_in(browser, served, locale=tag)
    assert title in page.inner_text("nav")
    assert page.get_attribute("html", "lang") == tag[:2]
    page.click("footer button[value=en]")
    page.wait_for_selector("nav >> text=Exceptions")
