"""Every route, of every role: who may, who may not, and what a number of nobody's leads to.

A route that is not in the table fails the tests: whoever adds one says who may ask it.
"""

from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from pipeline import ledger, page
from pipeline.ledger import people
from pipeline.page import passwords
from pipeline.page.login import Login
from pipeline.page.people import Role
from tests.page.desk import FROM_HERE, Browser, app_of, registers
from tests.review.desk import Desk, desk_of

LEAST = {
    ("GET", "/"): Role.VIEWER,
    ("GET", "/groups/{by}"): Role.VIEWER,
    ("POST", "/filters"): Role.VIEWER,
    ("GET", "/item/{number}"): Role.VIEWER,
    ("POST", "/item/{number}"): Role.REVIEWER,
    ("POST", "/many"): Role.REVIEWER,
    ("GET", "/mappings"): Role.VIEWER,
    ("POST", "/mappings/add"): Role.REVIEWER,
    ("POST", "/mappings/approve"): Role.APPROVER,
    ("POST", "/mappings/remove"): Role.REVIEWER,
    ("GET", "/posted"): Role.VIEWER,
    ("POST", "/posted/undo"): Role.REVIEWER,
    ("POST", "/posted/unapply"): Role.APPROVER,
    ("POST", "/posted/statement"): Role.APPROVER,
    ("GET", "/conflicts"): Role.VIEWER,
    ("POST", "/conflicts/end"): Role.APPROVER,
    ("GET", "/held"): Role.VIEWER,
    ("GET", "/held/{number}"): Role.VIEWER,
    ("POST", "/held/{number}"): Role.APPROVER,
    ("GET", "/dashboard"): Role.VIEWER,
    ("GET", "/language"): Role.VIEWER,
}
"""The least role that each route answers."""
WITHOUT_LOGIN = {("GET", "/signin"), ("POST", "/signin"), ("POST", "/signout"),
                 ("GET", "/s/{token}")}  # fmt: skip
"""What ``lettrage serve`` answers a stranger: the way in and out, and a customer's link."""
NOBODYS = "999999999"


def _routes(app: Any) -> set[tuple[str, str]]:
    return {
        (method, route.path)
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }


def _ask(browser: Browser, method: str, path: str, token: str) -> int:
    path = path.format(number=1, by="reason")
    answer = browser.get(path) if method == "GET" else browser.post(path, {"token": token})
    return int(answer.status_code)


def test_every_route_says_who_may_ask_it(app: Any, lite: Desk) -> None:
    assert _routes(app) == set(LEAST)
    login = Login(lite.settings)
    alone = page.build(lambda: lite.settings, login.identify, b"s", login=login, links=True)
    assert _routes(alone) == {*LEAST, *WITHOUT_LOGIN}


@pytest.mark.parametrize("name", ["", "vera", "ben", "anna"])
def test_a_route_answers_its_role_and_those_above_it(app: Any, lite: Desk, name: str) -> None:
    role = {"": None, "vera": Role.VIEWER, "ben": Role.REVIEWER, "anna": Role.APPROVER}[name]
    browser = Browser(app, name, role.name.lower() if role else "")
    token = _token(browser) if role else ""
    before = registers(lite.settings)
    for (method, path), least in LEAST.items():
        code = _ask(browser, method, path, token)
        if role is None:
            assert code == 401, path
        elif role < least:
            assert code == 403, path
        else:
            assert code not in (401, 403, 500), path
    assert registers(lite.settings) == before, "a form without fields decides nothing"


def _token(browser: Browser) -> str:
    """What the forms of this person carry: each page has one, a viewer's too."""
    text = browser.get("/?reason=ambiguous").text
    return str(text.partition('name="token" value="')[2].partition('"')[0])


def test_without_a_session_the_page_with_its_own_login_answers_nothing_either(lite: Desk) -> None:
    with ledger.open(lite.settings.ledger) as book:
        kept = passwords.hashed("correct horse battery")
        people.record(book, "anna", "add", "approver", kept, "root")
    login = Login(lite.settings)
    app = page.build(lambda: lite.settings, login.identify, b"s", login=login, links=True)
    stranger = TestClient(app, follow_redirects=False)
    for cookie in ("", "lettrage_session=guess", "lettrage_session="):
        for method, path in LEAST:
            asked = path.format(number=1, by="reason")
            answer = stranger.request(method, asked, headers={**FROM_HERE, "cookie": cookie})
            assert answer.status_code == 401, path
            assert "Sommer" not in answer.text, path
    assert stranger.get("/s/guess").status_code == 404


FOREIGN: tuple[tuple[str, dict[str, str], int], ...] = (
    (f"/item/{NOBODYS}", {"do": "comment", "comment": "x"}, 404),
    ("/item/1", {"do": "dismiss", "with": NOBODYS}, 422),
    ("/item/1", {"do": "apply", "to": f"entry:{NOBODYS}", "step": "post"}, 422),
    ("/item/1", {"do": "accept", "rank": NOBODYS, "step": "post"}, 422),
    ("/item/1", {"do": "reject", "rank": NOBODYS}, 422),
    ("/many", {"id": NOBODYS, "step": "post", "account": "bank_fees", "account_amount": ""}, 409),
    ("/mappings/approve", {"mapping": NOBODYS}, 409),
    ("/mappings/remove", {"mapping": NOBODYS}, 409),
    ("/posted/undo", {"id": NOBODYS, "reason": "x"}, 409),
    ("/posted/unapply", {"document": "RE-FOREIGN", "reason": "x"}, 409),
    ("/posted/statement", {"account": "FOREIGN", "statement": "1", "reason": "x"}, 409),
    ("/conflicts/end", {"document": "RE-FOREIGN", "reason": "x"}, 409),
    (f"/held/{NOBODYS}", {"do": "refuse", "reason": "x"}, 404),
)


@pytest.mark.parametrize(("path", "fields", "code"), FOREIGN)
def test_a_number_that_is_nobodys_changes_nothing(
    app: Any, lite: Desk, path: str, fields: dict[str, str], code: int
) -> None:
    anna = Browser(app)
    before = registers(lite.settings)
    answer = anna.post(path, {"token": _token(anna), **fields})
    assert answer.status_code == code, answer.text
    assert registers(lite.settings) == before
    assert lite.run("show", "1")["history"] == []


@pytest.mark.parametrize(
    "path", [f"/item/{NOBODYS}", f"/held/{NOBODYS}", f"/posted?register={NOBODYS}"]
)
def test_a_look_at_what_is_nobodys_shows_nothing(app: Any, path: str) -> None:
    answer = Browser(app).get(path)
    assert answer.status_code == 404 or "Nobody did anything yet" in answer.text


def test_a_form_of_one_company_decides_nothing_in_the_books_of_another(
    lite: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same numbers are there, and the same person; what the form showed is not."""
    other = desk_of(lite.settings.__class__(ledger=f"sqlite:///{tmp_path}/other.db"), capsys,
                    tmp_path)  # fmt: skip
    here, there = Browser(app_of(lite.settings)), Browser(app_of(other.settings))
    path = f"/item/{lite.id('DE-EUR/212/15')}"
    there.post(path, there.fields(path, "comment") | {"comment": "asked"})
    there.post(path, there.fields(path, "reject") | {"rank": "1"})
    before = registers(other.settings)
    sent = there.post(path, here.fields(path, "accept") | {"step": "post"})
    assert sent.status_code in (409, 422)
    assert registers(other.settings) == before
