"""The page over the books of the sample company, asked as a browser asks."""

import html
import re
from typing import Any

from fastapi import Request
from starlette.testclient import TestClient

from pipeline import config, ledger, page
from pipeline.ledger.verify import verify

FROM_HERE = {"sec-fetch-site": "same-origin"}


def identify(request: Request) -> page.Person:
    """Who the test says asks: ``anna/approver``."""
    name, _, role = request.headers.get("x-person", "").partition("/")
    if not role:
        raise page.NotSignedInError
    return page.Person(name, page.Role[role.upper()], f"session of {name}")


class Browser:
    """A person at the page."""

    def __init__(self, app: Any, name: str = "anna", role: str = "approver") -> None:
        self.client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
        self.who = {"x-person": f"{name}/{role}"} if name else {}

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=self.who)

    def fields(self, path: str, do: str) -> dict[str, str]:
        """The hidden fields of the first form of a page that does this."""
        forms = re.findall(r"<form method=\"post\".*?</form>", self.get(path).text, re.DOTALL)
        found = next(form for form in forms if f'name="do" value="{do}"' in form)
        return hidden(found)

    def post(self, path: str, fields: dict[str, Any], **headers: str) -> Any:
        sent = {**self.who, **FROM_HERE, **headers}
        return self.client.post(path, data=fields, headers=sent)


def hidden(form: str) -> dict[str, str]:
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def app_of(settings: config.Settings) -> Any:
    return page.build(lambda: settings, identify, b"a secret of the tests")


def registers(settings: config.Settings) -> list[Any]:
    with ledger.open(settings.ledger) as book:
        found: list[Any] = book.rows("SELECT kind, actor FROM register ORDER BY no")
    return found


def holds(settings: config.Settings) -> None:
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
