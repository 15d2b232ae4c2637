"""A morning at the page in a real browser: sign in, clear what waits, undo, by keyboard alone."""

import os
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
from pipeline.page import passwords
from tests.page.desk import holds, registers
from tests.review.desk import Desk

PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
CHROMIUM = next((path for path in PLACES if Path(path).exists()), "")
PASSWORD = "correct horse battery"
pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="no Chromium here: install the package chromium to run the page's tests"
)
SHOTS = os.environ.get("LETTRAGE_SCREENSHOTS", "")
"""A folder to which the main views go as pictures, for the README."""


@pytest.fixture
def served(lite: Desk) -> Iterator[str]:
    """``lettrage serve`` as a program of its own; the address of its page."""
    with ledger.open(lite.settings.ledger) as book:
        kept = passwords.hashed(PASSWORD)
        people.record(book, "anna", "add", "approver", kept, "root")
        people.record(book, "ben", "add", "reviewer", kept, "root")
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
    from playwright.sync_api import sync_playwright

    with sync_playwright() as programs:
        found = programs.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


def signed_in(browser: Any, url: str, name: str = "anna", **options: Any) -> Any:
    context = browser.new_context(
        viewport={"width": 1360, "height": 860}, **{"locale": "en-GB", **options}
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.on("request", lambda asked: _only_here(asked.url, url))
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


def _only_here(asked: str, url: str) -> None:
    assert asked.startswith(url), "no request to any other host"


def _shot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


def _axe(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['html'][:90]}" for one in found for node in one["nodes"]]


def _choose(page: Any, url: str, line: str, lite: Desk) -> None:
    page.goto(f"{url}/item/{lite.id(line)}")


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


def test_ten_different_exceptions_are_cleared(served: str, browser: Any, lite: Desk) -> None:
    page = signed_in(browser, served)
    by_hand: dict[str, dict[str, str]] = {
        "DE-EUR/212/2": {"account": "external"},
        "DE-EUR/212/4": {"account": "bank_fees"},
        "FR-EUR/43/1": {"on_account": "customer/10010"},
        "FR-EUR/43/5": {"account": "bank_fees"},
        "CH-CHF/90/1": {"account": "external"},
        "GB-GBP/2026-10-31/2": {"account": "external"},
        "GB-GBP/2026-10-31/3": {"account": "bank_fees"},
        "DE-EUR/212/6": {"on_account": "customer/10140"},
    }
    for line, fields in by_hand.items():
        _choose(page, served, line, lite)
        for name, value in fields.items():
            page.fill(f"form.apply [name={name}] >> nth=0", value)
        page.click("form.apply button.main")
        page.wait_for_selector("text=Preview of the postings")
        _press(page, "p")
        page.wait_for_selector(".done")
    for line in ("DE-EUR/211/4", "DE-EUR/212/15"):
        _choose(page, served, line, lite)
        _press(page, "a")
        page.wait_for_selector("text=Preview of the postings")
        _press(page, "p")
        page.wait_for_selector(".done")
    open_now = {f"{r['bank_account_no']}/{r['statement_no']}/{r['line_no']}"
                for r in lite.run("list")["exceptions"]}  # fmt: skip
    assert not open_now & {*by_hand, "DE-EUR/211/4", "DE-EUR/212/15"}
    lite.holds()


def test_two_people_at_one_item(served: str, browser: Any, lite: Desk) -> None:
    anna, ben = signed_in(browser, served), signed_in(browser, served, "ben")
    for page in (anna, ben):
        _choose(page, served, "DE-EUR/212/2", lite)
    ben.fill("form.apply [name=account] >> nth=0", "bank_fees")
    ben.fill("form.apply [name=reason]", "as by phone")
    ben.click("form.apply button.main")
    ben.wait_for_selector("text=Preview of the postings")
    anna.fill("form.apply [name=account] >> nth=0", "external")
    anna.click("form.apply button.main")
    anna.wait_for_selector("text=Preview of the postings")
    _press(anna, "p")
    anna.wait_for_selector(".done")
    _press(ben, "p")
    ben.wait_for_selector("[role=alert]")
    assert "settled already: to-account by anna" in ben.inner_text("[role=alert]")
    assert "as by phone" in ben.inner_text("[role=alert]")
    holds(lite.settings)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_accessible(served: str, browser: Any, lite: Desk, scheme: str) -> None:
    page = signed_in(browser, served, color_scheme=scheme)
    item = f"/item/{lite.id('DE-EUR/212/15')}"
    for name, path in (("queue", "/"), ("item", f"{item}?find=10290"), ("groups", "/groups/reason"),
                       ("mappings", "/mappings?kind=text&pattern=Zahlung"), ("posted", "/posted"),
                       ("dashboard", "/dashboard")):  # fmt: skip
        page.goto(served + path)
        assert _axe(page) == [], name
        _shot(page, f"{name}-{scheme}")
    page.goto(served + item)
    _press(page, "a")
    page.wait_for_selector("text=Preview of the postings")
    assert _axe(page) == []
    _shot(page, f"preview-{scheme}")


@pytest.mark.parametrize(("tag", "title"), [("de-DE", "Klärfälle"), ("fr-CH", "Écarts à traiter")])
def test_the_page_speaks_the_language_of_the_browser(
    served: str, browser: Any, tag: str, title: str
) -> None:
    page = signed_in(browser, served, locale=tag)
    assert title in page.inner_text("nav")
    assert page.get_attribute("html", "lang") == tag[:2]
    page.click("footer button[value=en]")
    page.wait_for_selector("nav >> text=Exceptions")
