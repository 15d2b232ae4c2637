"""No route answers somebody who may not ask, and no form of another page is taken."""

import base64
import hashlib
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import Request
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from pipeline import ledger, page
from pipeline.ledger import people
from pipeline.page import passwords
from pipeline.page.login import COOKIE, Login
from tests.page.desk import FROM_HERE, Browser, registers
from tests.review.desk import Desk

FILLED = {"number": "1", "by": "reason"}
OPEN_TO_ALL = {"/signin", "/signout", "/static"}


def routes(app: Any) -> list[tuple[str, str]]:
    """Method and address of every route, the parameters filled in."""
    return [
        (method, route.path.format(**FILLED))
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    ]


def test_nobody_unknown_gets_an_answer_from_any_route(app: Any, lite: Desk) -> None:
    stranger = Browser(app, "")
    found = routes(app)
    assert len(found) >= 4
    for method, path in found:
        answer = stranger.client.request(method, path, headers=FROM_HERE, data={"do": "accept"})
        assert answer.status_code == 401, path
        assert "Sommer" not in answer.text, path
    assert {route.path for route in app.routes if not isinstance(route, APIRoute)} == {"/static"}
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert stranger.get(path).status_code == 404


def test_a_viewer_looks_and_changes_nothing(app: Any, lite: Desk) -> None:
    before = registers(lite.settings)
    token = Browser(app).fields("/item/1", "accept")["token"]
    viewer = Browser(app, "vera", "viewer")
    for method, path in routes(app):
        if method == "GET":
            none_held = path == "/held/1"
            assert viewer.get(path).status_code in ((404,) if none_held else (200, 303)), path
            continue
        own = viewer.post(path, {"do": "accept", "rank": "1", "step": "post", "token": token})
        assert own.status_code == 403, path
    assert 'name="do"' not in viewer.get("/item/1").text, "no form for what is not allowed"
    assert registers(lite.settings) == before


@pytest.mark.parametrize("number", ["999999", "0", "-1", "1 OR 1=1", "99999999999999999999"])
def test_an_item_of_another_ledger_is_not_there(app: Any, number: str) -> None:
    anna = Browser(app)
    assert anna.get(f"/item/{number}").status_code == 404
    token = anna.fields("/item/1", "comment")["token"]
    sent = anna.post(f"/item/{number}", {"token": token, "do": "comment", "comment": "x"})
    assert sent.status_code in (404, 422)


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
     {"sec-fetch-site": "none"}, {"content-type": "application/json"}],
)  # fmt: skip
def test_a_form_of_another_page_is_refused(app: Any, lite: Desk, headers: dict[str, str]) -> None:
    anna = Browser(app)
    fields = anna.fields("/item/1", "accept") | {"step": "post"}
    before = registers(lite.settings)
    assert anna.post("/item/1", fields, **headers).status_code == 403
    assert registers(lite.settings) == before


def test_a_form_that_does_not_say_how_long_it_is_is_not_read(app: Any) -> None:
    anna = Browser(app)
    whole = urlencode(anna.fields("/item/1", "comment") | {"comment": "x"}).encode()
    form = {**anna.who, **FROM_HERE, "content-type": "application/x-www-form-urlencoded"}
    assert anna.client.post("/item/1", content=iter([whole]), headers=form).status_code == 403
    assert anna.client.post("/item/1", content=whole, headers=form).status_code == 303


def test_a_form_is_taken_from_the_person_to_whom_it_was_given(app: Any, lite: Desk) -> None:
    fields = Browser(app, "ben", "reviewer").fields("/item/1", "accept") | {"step": "post"}
    before = registers(lite.settings)
    anna = Browser(app)
    assert anna.post("/item/1", fields).status_code == 403
    assert anna.post("/item/1", {**fields, "token": ""}).status_code == 403
    old = {"origin": "http://evil.example", "sec-fetch-site": ""}
    assert anna.post("/item/1", anna.fields("/item/1", "accept"), **old).status_code == 403
    assert registers(lite.settings) == before


def test_every_answer_carries_the_policy_and_no_inline_code(app: Any) -> None:
    anna = Browser(app)
    for path in ("/", "/item/1", "/item/999999", "/nowhere", "/static/page.css"):
        answer = anna.get(path)
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
    for path in ("/", "/item/1", "/groups/payer"):
        text = anna.get(path).text
        assert " style=" not in text
        assert "<script>" not in text
        assert " onclick=" not in text
        assert "http://" not in text.replace("http://testserver", "")
        assert "https://" not in text
        assert anna.get(path).headers["cache-control"] == "no-store"


def test_sign_in_by_password_and_out_again(lite: Desk) -> None:
    with ledger.open(lite.settings.ledger) as book:
        kept = passwords.hashed("correct horse battery")
        people.record(book, "anna", "add", "approver", kept, "root")
    login = Login(lite.settings)
    app = page.build(lambda: lite.settings, login.identify, b"secret", login=login)
    browser = TestClient(app, follow_redirects=False)
    assert browser.get("/item/1").status_code == 401
    wrong = {"name": "anna", "password": "wrong horse battery"}
    assert browser.post("/signin", data=wrong, headers=FROM_HERE).status_code == 401
    right = {"name": "anna", "password": "correct horse battery", "next": "/item/1"}
    assert browser.post("/signin", data=right).status_code == 403, "from nowhere"
    done = browser.post("/signin", data=right, headers=FROM_HERE)
    assert (done.status_code, done.headers["location"]) == (303, "/item/1")
    cookie = done.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert browser.get("/item/1").status_code == 200
    for evil in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"):
        to = browser.post("/signin", data={**right, "next": evil}, headers=FROM_HERE)
        assert to.headers["location"] == "/"
    with ledger.open(lite.settings.ledger) as book:
        people.record(book, "anna", "remove", "approver", "", "root")
        assert book.rows("SELECT count(*) FROM page_user WHERE password_hash <> ''") == [(0,)]
    assert browser.get("/item/1").status_code == 401, "who was removed is out at once"
    assert COOKIE in browser.cookies


def test_another_password_ends_the_sessions_of_the_old_one(lite: Desk) -> None:
    login = Login(lite.settings)
    app = page.build(lambda: lite.settings, login.identify, b"secret", login=login)
    browser = TestClient(app, follow_redirects=False)
    with ledger.open(lite.settings.ledger) as book:
        people.record(
            book, "anna", "add", "reviewer", passwords.hashed("correct horse one"), "root"
        )
        said = {"name": "anna", "password": "correct horse one"}
        assert browser.post("/signin", data=said, headers=FROM_HERE).status_code == 303
        assert browser.get("/item/1").status_code == 200
        kept = passwords.hashed("correct horse two")
        people.record(book, "anna", "change", "reviewer", kept, "root")
    assert browser.get("/item/1").status_code == 401


def test_a_password_costs_what_is_asked_of_scrypt() -> None:
    kept = passwords.hashed("correct horse battery")
    salt, key = (base64.b64decode(part) for part in kept.split("$")[1:])
    cost = {"n": 2**15, "r": 8, "p": 3, "maxmem": 2**26}
    assert hashlib.scrypt(b"correct horse battery", salt=salt, **cost) == key
    assert passwords.fits("correct horse battery", kept)
    assert not passwords.fits("correct horse battery", "")


def test_guessing_a_password_is_slowed_down(lite: Desk) -> None:
    with ledger.open(lite.settings.ledger) as book:
        kept = passwords.hashed("correct horse battery")
        people.record(book, "anna", "add", "approver", kept, "root")
    login = Login(lite.settings)
    for _ in range(5):
        with pytest.raises(page.NotSignedInError, match="wrong"):
            login.sign_in("anna", "a guess")
    with pytest.raises(page.NotSignedInError, match="wait"):
        login.sign_in("anna", "correct horse battery")


def test_names_that_were_guessed_long_ago_are_forgotten(
    lite: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = Login(lite.settings)
    monkeypatch.setattr("pipeline.page.login._PAUSE", 0)
    for name in ("x" * 1000, "y" * 1000):
        with pytest.raises(page.NotSignedInError, match="wrong"):
            login.sign_in(name, "a guess")
    assert list(login._failed) == ["y" * 1000]


def test_under_a_larger_app_a_form_is_tied_to_the_browser_too(lite: Desk) -> None:
    def identify(request: Request) -> page.Person:
        return page.Person("anna", page.Role.APPROVER, f"airflow anna {page.visit(request)}")

    app = page.build(lambda: lite.settings, identify, b"a secret of the tests")
    here, there = Browser(app), Browser(app)
    first = here.get("/item/1")
    assert "HttpOnly; SameSite=Strict" in first.headers["set-cookie"]
    assert "set-cookie" not in here.get("/item/1").headers
    fields = here.fields("/item/1", "comment") | {"comment": "x"}
    there.get("/item/1")
    assert there.post("/item/1", fields).status_code == 403
    assert here.post("/item/1", fields).status_code == 303
