"""The app: everybody unknown is turned away before any route, and every answer is guarded."""

import logging
import secrets
import traceback
from collections.abc import Callable
from pathlib import Path

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.config import Settings
from pipeline.domain.errors import LedgerBusyError, LettrageError
from pipeline.linked import Linked
from pipeline.page import (
    choices,
    conflicts,
    dashboard,
    exceptions,
    held,
    many,
    mappings,
    posted,
    queue,
    security,
    signing,
)
from pipeline.page import links as linking
from pipeline.page.context import Context
from pipeline.page.links import Bucket
from pipeline.page.login import Login
from pipeline.page.people import Identify, MayNotError, NotSignedInError
from pipeline.page.render import message, ready, signin

_ROUTERS = tuple(
    part.router
    for part in (queue, exceptions, held, many, mappings, posted, conflicts, dashboard, choices)
)
_LOG = logging.getLogger("lettrage.page")


def build(
    settings: Callable[[], Settings],
    identify: Identify,
    secret: bytes,
    *,
    login: Login | None = None,
    links: bool = False,
) -> FastAPI:
    """The page over the books of ``settings``, which are read anew for each request.

    ``identify`` says who asks; ``secret`` is what its forms are signed with, the same in all
    processes of a server. ``login`` is where the page signs people in itself; without, it is part
    of a larger one that does. With ``links`` customers read their statements by what mails say.
    """
    context = Context(settings, identify, secret, login)

    def known(request: Request) -> None:
        request.state.person = context.identify(request)
        security.storable(request.query_params.values())

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.context = context
    for router in _ROUTERS:
        app.include_router(router, dependencies=[Depends(known)])
    if login:
        app.include_router(signing.router)
    if links:
        app.state.linked, app.state.bucket = Linked(settings), Bucket()
        app.include_router(linking.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.add_middleware(Failures)
    app.add_middleware(security.Headers, framed=login is None)
    _refusals(app)
    return app


def warm(app: FastAPI) -> None:
    """Make ready for the first request: pages, and what is searched; it may take seconds."""
    context: Context = app.state.context
    ready()
    context.kept.refresh()


def follow(app: FastAPI) -> None:
    """Read what is searched beside the requests from now on, whenever the ledger changed."""
    context: Context = app.state.context
    context.kept.follow()


class Failures:
    """Middleware: what nobody foresaw ends in a page with a number, and in the log without data.

    A traceback would carry what the database said, and with it names and texts.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; answer it where that fails before anything was sent."""
        began = False

        async def answer(sent: Message) -> None:
            nonlocal began
            began = True
            await send(sent)

        try:
            await self._app(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - the last place that can keep data out of a log
            number = secrets.token_hex(4)
            place = traceback.extract_tb(error.__traceback__)[-1]
            _LOG.error("request %s failed: %s in %s, line %s", number, type(error).__name__,
                       place.name, place.lineno)  # fmt: skip
            if not began:
                page = message(Request(scope), "failed", 500, number)
                await page(scope, receive, send)


def _refusals(app: FastAPI) -> None:
    """What a person sees where a request is refused: a sentence, never a traceback."""

    def unknown(request: Request, error: Exception) -> Response:
        return signin(request, status=401)

    def role(request: Request, error: Exception) -> Response:
        return message(request, "may_not", 403)

    def foreign(request: Request, error: Exception) -> Response:
        return message(request, "foreign_form", 403)

    def nothing(request: Request, error: Exception) -> Response:
        return message(request, "not_found", 404)

    def plain(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return nothing(request, error) if status == 404 else message(request, "refused", status)

    def busy(request: Request, error: Exception) -> Response:
        return message(request, "busy", 503)

    def refused(request: Request, error: Exception) -> Response:
        return message(request, "refused", 409, str(error))

    for kind, answer in (
        (NotSignedInError, unknown),
        (MayNotError, role),
        (security.ForeignFormError, foreign),
        (RequestValidationError, nothing),
        (HTTPException, plain),
        (LedgerBusyError, busy),
        (LettrageError, refused),
    ):
        app.add_exception_handler(kind, answer)
