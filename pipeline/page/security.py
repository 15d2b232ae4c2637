"""What every answer carries, and which requests may change something.

A form is taken from our own page only: the browser says where it comes from, and it holds a token
that is tied to the person's session. No route changes anything on GET.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from starlette.datastructures import FormData, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.page.people import Person

TOKEN = "token"
VISIT = "lettrage_visit"
_FORM = "application/x-www-form-urlencoded"
_LARGEST = 1_000_000
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {frames}"
)
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


class ForeignFormError(Exception):
    """The form does not come from a page that this person was given."""


class Headers:
    """Middleware: the headers of ``_ALWAYS`` and a policy without inline code on every answer."""

    def __init__(self, app: ASGIApp, *, framed: bool) -> None:
        """``framed``: a page of the same origin may show it in a frame, as Airflow does."""
        self._app = app
        self._policy = _POLICY.format(frames="'self'" if framed else "'none'")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add to its answer."""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_ALWAYS)
                headers["content-security-policy"] = self._policy
                headers.setdefault("cache-control", "no-store")
                if fresh := scope.get("state", {}).get(VISIT):
                    headers.append("set-cookie", _cookie(scope, fresh))
            await send(message)

        await self._app(scope, receive, answer)


def visit(request: Request) -> str:
    """What a browser is known by where a larger app signs people in: a cookie of its own.

    A form is tied to it beside the name, so that it ends with the browser and not with the person.
    A browser without one gets it with this answer.
    """
    known = request.cookies.get(VISIT, "")
    if not known:
        known = secrets.token_urlsafe(24)
        setattr(request.state, VISIT, known)
    return known


def _cookie(scope: Scope, value: str) -> str:
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    path = str(scope.get("root_path", "")) or "/"
    return f"{VISIT}={value}; Path={path}; HttpOnly; SameSite=Strict{secure}"


def token(secret: bytes, person: Person) -> str:
    """What a form of this person carries."""
    return hmac.new(secret, person.session.encode(), hashlib.sha256).hexdigest()


async def form(request: Request) -> FormData:
    """The fields of a form of our own page; ForeignFormError for any other."""
    if not from_here(request):
        raise ForeignFormError
    if request.headers.get("content-type", "").partition(";")[0].strip() != _FORM:
        raise ForeignFormError
    length = request.headers.get("content-length", "")
    if "transfer-encoding" in request.headers or not length.isdecimal() or int(length) > _LARGEST:
        raise ForeignFormError  # browsers say how long a form is; nothing else is read
    fields = await request.form(max_fields=20_000)
    storable(word for pair in fields.multi_items() for word in pair)
    return fields


def storable(words: Iterable[object]) -> None:
    """HTTPException where a word holds a character that PostgreSQL keeps in no text."""
    if any("\0" in str(word) for word in words):
        raise HTTPException(400)


def belongs(fields: FormData, secret: bytes, person: Person) -> bool:
    """Was this form given to this person?"""
    given = fields.get(TOKEN)
    return isinstance(given, str) and hmac.compare_digest(
        given.encode(), token(secret, person).encode()
    )


def from_here(request: Request) -> bool:
    """Does the browser say that one of our own pages sends this? One that says nothing is none."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin") or request.headers.get("referer")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")
