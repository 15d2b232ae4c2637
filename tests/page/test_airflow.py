"""The page inside a real api-server of Airflow: its login, rights, navigation and frame."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import ledger
from pipeline.ledger import people
from tests.page import chromium
from tests.page.airflow_server import Server
from tests.page.desk import hidden, holds, registers
from tests.review.desk import Desk

BY_HAND: dict[str, dict[str, tuple[str, ...]]] = {
    "DE-EUR/212/2": {"document": ("RE-2026-1034", "RE-2026-1035"),
                     "document_amount": ("400", "112"), "account": ("bank_fees",),
                     "account_amount": ("-12",)},
    "DE-EUR/212/4": {"account": ("bank_fees",)},
    "DE-EUR/212/6": {"on_account": ("customer/10140",)},
    "FR-EUR/43/1": {"account": ("external",), "account_amount": ("40",),
                    "on_account": ("customer/10010",)},
    "FR-EUR/43/5": {"account": ("bank_fees", "external"), "account_amount": ("5",)},
    "CH-CHF/90/1": {"account": ("external",), "reason": ("by phone",)},
    "GB-GBP/2026-10-31/2": {"account": ("external",), "once": ("1",)},
    "GB-GBP/2026-10-31/3": {"account": ("bank_fees",), "remember": ("CARD PURCHASE",)},
}  # fmt: skip
"""Split over two documents and a fee, to an account, on account, a part and the rest, ..."""
ACCEPTED = ("DE-EUR/211/4", "DE-EUR/212/18")


@pytest.fixture
def server(lite: Desk, tmp_path: Path) -> Iterator[Server]:
    found = Server(tmp_path, lite.settings.ledger)
    program = found.run()
    yield found
    program.terminate()
    try:
        program.wait(30)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()


def test_a_morning_in_airflow(server: Server, lite: Desk) -> None:
    """One story, since the server takes a minute to come up."""
    _rights_hold(server, lite)
    if chromium.PROGRAM:  # who has none is told by the tests of the browser, which are skipped
        with chromium.browser() as browser:
            anna = _signed_in(browser, server, "anna")
            _clears_ten(anna, lite)
            _is_told_what_a_colleague_did(anna, _signed_in(browser, server, "ben"), lite)
            _works_by_keyboard_alone(_signed_in(browser, server, "ben", by_keyboard=True), lite)
        log = (server.home / "api.log").read_text()
        assert "Glaserei" not in log, "no name of a person in the log"
    holds(lite.settings)
    lite.holds()


def _rights_hold(server: Server, lite: Desk) -> None:
    path = f"/lettrage/item/{lite.id('DE-EUR/212/15')}"
    assert server.ask("", path)[0] == 401
    assert "Richter" not in server.ask("", path)[1]
    code, text = server.ask("vera", path)
    assert code == 200
    assert 'name="do"' not in text, "a viewer decides nothing"
    code, text = server.ask("clerk", path)
    assert code == 200
    form = next(part for part in text.split("<form") if 'value="accept"' in part)
    fields = hidden(form)
    before = registers(lite.settings)
    assert server.ask("vera", path, fields | {"step": "post"})[0] == 403
    assert server.ask("admin", path, fields | {"step": "post"})[0] == 403, "a form of another"
    visit = server.visits.pop("clerk")
    assert server.ask("clerk", path, fields | {"step": "post"})[0] == 403, "of another browser"
    server.visits["clerk"] = visit
    assert registers(lite.settings) == before
    assert server.ask("clerk", path, fields)[0] == 200
    assert server.ask("clerk", path, fields | {"step": "post"})[0] == 303
    assert registers(lite.settings)[-1] == ("decision", "clerk")
    token = fields["token"]
    said = server.ask("clerk", "/lettrage/posted/unapply", {"token": token, "document": "x"})
    assert said[0] == 403, "who may work with Airflow is no approver by that"
    with ledger.open(lite.settings.ledger) as book:
        people.record(book, "clerk", "add", "approver", "", "root")
    said = server.ask("clerk", "/lettrage/posted/unapply", {"token": token, "document": "x"})
    assert said[0] == 409, "the ledger makes an approver"
    assert server.ask("admin", "/lettrage/")[1].count("/lettrage/static/page.css") == 1
    views = json.loads(server.ask("admin", "/api/v2/plugins")[1])
    mounted = [plugin for plugin in views["plugins"] if plugin["name"] == "lettrage"]
    assert mounted[0]["external_views"][0]["href"] == "lettrage/"
    with ledger.open(lite.settings.ledger) as book:
        people.record(book, "clerk", "remove", "approver", "", "root")
    assert server.ask("clerk", path)[0] == 401, "who was removed does not look by Airflow's rights"


def _signed_in(browser: Any, server: Server, name: str, *, by_keyboard: bool = False) -> Any:
    """The frame with the page, after signing in to Airflow and choosing it in the navigation."""
    page = chromium.new_page(browser, server.url)
    page.goto(server.url)
    page.wait_for_selector("[name=username]")
    page.keyboard.press("Tab")
    page.focus("[name=username]")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(server.passwords[name])
    page.keyboard.press("Enter")
    entry = page.get_by_role("link", name="Exceptions", exact=True)
    entry.wait_for()
    if by_keyboard:
        _tab_to(page, "document.activeElement.textContent.trim() === 'Exceptions'")
        page.keyboard.press("Enter")
    else:
        entry.click()
    page.frame_locator("iframe[title=Exceptions]").locator("table.queue").wait_for()
    found = next(frame for frame in page.frames if frame.url.startswith(f"{server.url}/lettrage/"))
    if by_keyboard:
        _tab_to(page, "document.activeElement.tagName === 'IFRAME'")
    return found


def _tab_to(page: Any, there: str) -> None:
    for _ in range(60):
        if page.evaluate(there):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach it: {there}")


def _clears_ten(frame: Any, lite: Desk) -> None:
    chromium.shot(frame.page, "airflow")
    base = frame.url.partition("/lettrage/")[0] + "/lettrage"
    for line, fields in BY_HAND.items():
        frame.goto(f"{base}/item/{lite.id(line)}")
        for name, values in fields.items():
            for place, value in enumerate(values):
                box = f"form.apply [name={name}] >> nth={place}"
                frame.check(box) if name == "once" else frame.fill(box, value)
        frame.click("form.apply button.main")
        _post(frame)
    for line in ACCEPTED:
        frame.goto(f"{base}/item/{lite.id(line)}")
        frame.click("[data-key=a]")
        chromium.shot(frame.page, "airflow-preview")
        _post(frame)
    waits = {f"{r['bank_account_no']}/{r['statement_no']}/{r['line_no']}"
             for r in lite.run("list")["exceptions"]}  # fmt: skip
    assert not waits & {*BY_HAND, *ACCEPTED}


def _post(frame: Any) -> None:
    frame.wait_for_selector("text=Preview of the postings")
    frame.click("[data-key=p]")
    frame.wait_for_selector(".done")


def _is_told_what_a_colleague_did(anna: Any, ben: Any, lite: Desk) -> None:
    base = anna.url.partition("/lettrage/")[0] + "/lettrage"
    for frame, account in ((ben, "bank_fees"), (anna, "external")):
        frame.goto(f"{base}/item/{lite.id('DE-EUR/211/21')}")
        frame.fill("form.apply [name=account] >> nth=0", account)
        frame.fill("form.apply [name=reason]", f"{account} by phone")
        frame.click("form.apply button.main")
        frame.wait_for_selector("text=Preview of the postings")
    _post(anna)
    ben.click("[data-key=p]")
    ben.wait_for_selector("[role=alert]")
    told = ben.inner_text("[role=alert]")
    assert "settled already: to-account by anna" in told
    assert "bank_fees by phone" in told, "what was typed is still there"


def _works_by_keyboard_alone(frame: Any, lite: Desk) -> None:
    def press(key: str, until: str) -> None:
        """A person presses a key again where nothing comes of it: a frame takes keys a bit late."""
        for _ in range(10):
            frame.page.keyboard.press(key)
            with contextlib.suppress(chromium.too_late()):
                frame.wait_for_selector(until, timeout=6_000)
                return
        raise AssertionError(f"{key} does not lead to {until}")

    before = len(registers(lite.settings))
    press("/", "#search:focus")
    frame.page.keyboard.type("Glaserei")
    press("Enter", "tr[data-open]:only-child")
    press("j", "tr.here a:focus")
    press("Enter", "text=Not explained")
    press("a", "text=Preview of the postings")
    press("p", ".done")
    assert registers(lite.settings)[before:] == [("decision", "ben")]
    _tab_in(frame, "a[href$='/posted']")
    press("Enter", "h1 >> text=Posted")
    _tab_in(frame, "tbody [name=id]")
    press("Space", "tbody [name=id]:checked")
    _tab_in(frame, "form.once [name=reason]")
    frame.page.keyboard.type("another customer")
    press("Enter", "text=Taken back by new postings")
    assert registers(lite.settings)[-1][1] == "ben"
    assert lite.id("DE-EUR/212/16"), "it asks again"


def _tab_in(frame: Any, place: str) -> None:
    """Press Tab until the first of ``place`` has the keyboard."""
    frame.wait_for_selector(place)
    for _ in range(60):
        if frame.evaluate(f'document.activeElement === document.querySelector("{place}")'):
            return
        frame.page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {place}")


def test_the_plugin_loads_without_what_must_not_be_used_before_a_fork() -> None:
    code = (
        "import sys; import pipeline.airflow_plugin;"
        "print([m for m in ('polars', 'pipeline.steps') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
