"""From what a route found to HTML: one environment that escapes everything it fills in."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.domain.plain import plain
from pipeline.page import security
from pipeline.page.words import Words, language, languages

_FOLDER = Path(__file__).parent
_TEMPLATES = Environment(
    loader=FileSystemLoader(_FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=lambda value: plain(value) if type(value) is str else value,  # no Markup
)
TABS = ("mappings", "posted", "conflicts", "dashboard")
LANGUAGE = "lettrage_language"


def ready() -> None:
    """Compile what pages are made of, which the first of each would wait for."""
    for name in _TEMPLATES.list_templates():
        _TEMPLATES.get_template(name)
    for code in languages():
        language(code).moment("2026-01-01T00:00:00Z")


def root(request: Request) -> str:
    """What all addresses of this app begin with: empty, or where a larger app has it."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def inside(request: Request, wanted: str) -> str:
    """An address of this app that somebody wanted to go to; any other is its first page."""
    safe = wanted.startswith(f"{root(request)}/") and not wanted.startswith(("//", "/\\"))
    plain_text = wanted.isascii() and wanted.isprintable()
    return wanted if safe and plain_text else f"{root(request)}/"


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A template in the language of the browser, with what every page shows."""
    words = words_of(request)
    person = getattr(request.state, "person", None)
    context = request.app.state.context
    shown = {
        "say": words.say,
        "reason": words.reason,
        "hint": words.hint,
        "held_by": words.held,
        "told": words.told,
        "decimal": words.decimal,
        "moment": words.moment,
        "point": words.point(),
        "register": words.register,
        "day": lambda text: words.day(_date(text)),
        "money": words.amount,
        "lang": words.code,
        "languages": languages(),
        "root": root(request),
        "person": person,
        "own_login": context.login is not None,
        "token": security.token(context.secret, person) if person else "",
        "here": _here(request),
        "tab": "",
        "tabs": TABS,
        **values,
    }
    return HTMLResponse(_TEMPLATES.get_template(template).render(shown), status)


def words_of(request: Request) -> Words:
    """The words of the language that the reader chose, else that of the browser."""
    return language(_tag(request))


def message(request: Request, key: str, status: int, detail: str = "") -> HTMLResponse:
    """A page that says one thing."""
    return page(request, "message.html", status, key=key, detail=detail)


def signin(request: Request, *, status: int = 200, why: str = "") -> HTMLResponse:
    """The page that asks who somebody is; where a larger app does that, one that says so."""
    if request.app.state.context.login is None:
        return message(request, "signed_out", status)
    wanted = request.query_params.get("next", "")
    if request.method == "GET" and not request.url.path.endswith("/signin"):
        wanted = _here(request)
    return page(request, "signin.html", status, why=why, next=wanted)


def _here(request: Request) -> str:
    """The address of the page, without the host."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def candidates(text: str) -> list[dict[str, Any]]:
    """The stored candidates of an item."""
    found: list[dict[str, Any]] = json.loads(text)
    return found


def _tag(request: Request) -> str:
    chosen = request.cookies.get(LANGUAGE, "")
    if chosen in languages():
        return chosen
    for part in request.headers.get("accept-language", "").split(","):
        tag = part.partition(";")[0].strip()
        if tag.partition("-")[0].lower() in languages():
            return tag
    return "en"


def _date(text: str | dt.date | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if isinstance(text, str) and text else text or None
